"""A paper to be collected: everybody sees a copy of their own, and at the closing nobody does."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.async_api import Browser, expect

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from tests.e2e.papers import PLAN
from tests.e2e.people import Person
from tests.e2e.test_papers_change import Office, come_in, gathered, office, open_early

__all__ = ["office"]  # the fixture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ON_SCREEN: Final = """async () => {
  const image = document.querySelector("[data-painted=true] img[alt]");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL();
}"""


async def pixels(person: Person) -> str:
    return str(await person.page.evaluate(ON_SCREEN))


async def test_everybody_sees_a_copy_of_their_own_until_the_closing(
    browser: Browser, office: Office
) -> None:
    async with gathered(browser, office) as house:
        cast = await come_in(house)
        await open_early(cast.chair)
        await cast.chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
        await cast.desk.turns_to("Trình chiếu")
        for person in cast.everybody:
            await person.is_on(PLAN, 1)
        plain = await pixels(cast.follower)

        for person in cast.everybody:
            person.forgive(r"404")  # what was asked for when a right ended

        # Marked while it is on show: what is painted is painted anew, each with its own name.
        await office.asks(p.MarkToCollect("plan", collect=True, addresses=("personal",)))
        for person in cast.everybody:
            await person.is_on(PLAN, 1)
            await expect(person.stage).to_have_attribute("data-painted", "true")
        await cast.chair.sees("Bản riêng của từng máy: 5/5")
        await cast.follower.sees_in_papers("thu hồi sau họp")
        await cast.chair.does("Trang sau")
        for person in cast.everybody:
            await person.is_on(PLAN, 2)
        wide = [cast.chair, cast.desk, cast.follower]
        seen = [await pixels(person) for person in wide]
        assert len({plain, *seen}) == 4

        await office.hall.act("c1", c.CloseMeeting())
        for person in (cast.follower, cast.reader, cast.desk):
            await person.sees_no_page()
        held = await cast.follower.page.evaluate("location.pathname.split('/')[2]")
        status = await cast.follower.page.evaluate(
            "path => fetch(path).then(({ status }) => status)", f"/p/{held}/personal/1?w=1600"
        )
        assert status == 404
