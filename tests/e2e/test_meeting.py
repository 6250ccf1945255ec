"""The main story: the chair turns a page and every tablet turns."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.house import House
from tests.e2e.people import TABLET, Desk, Member
from tests.e2e.story import gather, hold

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_meeting_turns_its_pages(sample: House) -> None:
    await hold(sample, await gather(sample))


async def test_all_in_one_browser_are_different_people(sample: House) -> None:
    browser = await sample.device()
    cast = await gather(sample, browser)
    await hold(sample, cast)
    seats = {person.page.url.split("/s/")[1] for person in cast.everybody}
    cookies = {cookie.get("name", "") for cookie in await browser.cookies()}
    assert cookies == {f"seat_{seat.strip('/')}" for seat in seats}
    assert len(cookies) == 7


async def test_opening_a_link_changes_nothing_until_the_tap(house: House) -> None:
    desk = await house.person(Desk, TABLET)
    await desk.comes_in(house.links["secretary"])
    curious = await house.person(Member, TABLET)
    await curious.opens(house.links["members"][0])
    await curious.sees("Có phải đồng chí là người này?", "Đoàn Thị Thục Anh")
    assert await curious.page.context.cookies() == []
    person = await desk.looks_at("Đoàn Thị Thục Anh")
    await desk.sees("Chưa có máy nào.")
    await curious.taps("Đúng, là tôi")
    await curious.sees("Hội nghị chưa khai mạc")
    await desk.sees_no("Chưa có máy nào.")
    await expect(desk.button("Thu hồi", within=person)).to_be_visible()
