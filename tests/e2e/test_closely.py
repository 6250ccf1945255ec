"""Looking closely: sharp at any zoom, kept over turns; margins cut off; pages turned."""

from __future__ import annotations

import pytest

from tests.e2e.house import House
from tests.e2e.papers import PLAN
from tests.e2e.people import PHONE, TABLET_LYING, Chair, Member, Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FINEST = """() => {
    const stage = document.querySelector("[role=region]").getBoundingClientRect();
    const middle = { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 };
    const images = [...document.querySelectorAll("[role=region] :is(img, canvas)")];
    const drawn = images.filter((image) => {
        const { left, right, top, bottom } = image.getBoundingClientRect();
        return left <= middle.x && middle.x <= right && top <= middle.y && middle.y <= bottom;
    }).map((image) => (image.naturalWidth ?? image.width) / image.getBoundingClientRect().width);
    return Math.max(...drawn) / devicePixelRatio;
}"""
"""Pixels of the finest image in the middle of the stage, for one of the screen."""

STANDS = """how => {
    const page = document.querySelector("[data-painted=true] img")?.getBoundingClientRect();
    return page && (page.height > page.width ? "upright" : "lying") === how;
}"""

SHARP = 0.95
"""An image may be stretched by a twentieth."""


async def is_sharp(person: Person) -> None:
    await person.page.wait_for_selector("[data-painted=true][data-sharp=true]")
    finest = float(await person.page.evaluate(FINEST))
    assert finest >= SHARP, finest


async def stands(person: Person, how: str) -> None:
    """The painted page comes to stand so: "upright" or "lying"."""
    await person.page.wait_for_function(STANDS, arg=how)


async def test_a_page_is_sharp_at_any_zoom_and_over_turns(house: House) -> None:
    chair = await house.person(Chair, TABLET_LYING)
    await chair.comes_in(house.links["chair"])
    member = await house.person(Member, TABLET_LYING, device_scale_factor=2)
    await member.comes_in(house.links["members"][0])
    await chair.opens_the_meeting()
    await chair.goes_on()
    await chair.does("Trình chiếu kế hoạch mẫu")
    await member.is_on(PLAN, 1)
    await is_sharp(member)
    whole = await member.width_of_page()

    for _ in range(4):
        await member.taps("Phóng to")
        await is_sharp(member)
    close = await member.width_of_page()
    await chair.does("Trang sau")
    await member.is_on(PLAN, 2)
    await is_sharp(member)

    assert close == await member.width_of_page()
    assert close > 5 * whole
    assert await member.page.locator(".sharp canvas").count() > 1


async def test_margins_are_cut_on_a_phone_and_pages_turn_for_oneself_or_for_everybody(
    house: House,
) -> None:
    chair = await house.person(Chair, TABLET_LYING)
    await chair.comes_in(house.links["chair"])
    member = await house.person(Member, PHONE)
    await member.comes_in(house.links["members"][0])
    await chair.opens_the_meeting()
    await chair.goes_on()
    await chair.does("Trình chiếu kế hoạch mẫu")
    await member.is_on(PLAN, 1)
    await member.sees_page_as_wide_as(PHONE[0] + 1, 10 * PHONE[0])
    await member.taps("Cắt lề")
    await member.sees_page_as_wide_as(100, PHONE[0])

    await member.taps("Xoay trang")
    await stands(member, "lying")
    await stands(chair, "upright")

    await member.taps("Xoay trang", "Xoay trang", "Xoay trang")
    await stands(member, "upright")
    await chair.taps("Xoay trang", "Xoay cho mọi người")
    await stands(member, "lying")
    await stands(chair, "lying")
