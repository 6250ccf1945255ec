"""Old browsers: the version without script, and the plate that leads there."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.house import House
from tests.e2e.papers import PLAN
from tests.e2e.people import PHONE, TABLET, TABLET_LYING, WALL, Chair, Desk, Member, Person, Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_without_script_the_page_is_read_and_attendance_taken(house: House) -> None:
    screen = await (await house.person(Screen, WALL)).comes_in(house.links["room"])
    desk = await (await house.person(Desk, TABLET_LYING)).comes_in(house.links["secretary"])
    chair = await (await house.person(Chair, TABLET_LYING)).comes_in(house.links["chair"])
    old = await house.person(Member, PHONE, java_script_enabled=False)
    await old.opens(house.links["members"][0])
    await old.taps("Đúng, là tôi")
    await old.page.wait_for_url("**/plain")
    await old.sees("Hội nghị chưa khai mạc")

    await old.page.get_by_role("link", name="Điểm danh").click()
    await old.page.get_by_label("Bốn số trên màn hình phòng họp").fill(await screen.digits())
    await old.taps("Điểm danh")
    await old.sees("Đã điểm danh lúc", "Có mặt 1/25")
    await desk.sees("1/25")
    await screen.sees("Có mặt 1/25")

    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
    await chair.is_on(PLAN, 1)
    await old.page.reload()
    await sees_plain_page(old, "Trang 1 / 3")
    await chair.does("Trang sau")
    await chair.is_on(PLAN, 2)
    await old.page.reload()
    await sees_plain_page(old, "Trang 2 / 3")


async def test_the_plain_version_refreshes_itself(house: House) -> None:
    chair = await (await house.person(Chair, TABLET_LYING)).comes_in(house.links["chair"])
    old = await house.person(Member, TABLET, java_script_enabled=False)
    await old.opens(house.links["members"][0])
    await old.taps("Đúng, là tôi")
    await old.page.wait_for_url("**/plain")
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
    await sees_plain_page(old, "Trang 1 / 3")


async def test_a_browser_that_cannot_start_the_app_is_shown_the_way(house: House) -> None:
    stuck = await house.person(Member, TABLET)
    stuck.forgive(r"net::ERR_FAILED")
    await stuck.page.route("**/*.js", lambda route: route.abort())
    await stuck.comes_in(house.links["members"][0])
    await stuck.sees("Máy này dùng trình duyệt cũ")
    await stuck.page.get_by_role("link", name="Mở bản đơn giản").click()
    await stuck.page.wait_for_url("**/plain")
    await stuck.sees("Hội nghị chưa khai mạc", "Trang tự cập nhật mỗi 5 giây.")


async def sees_plain_page(person: Person, caption: str) -> None:
    """The picture of the page is there, of a size one can read."""
    figure = person.page.locator("figure").filter(has_text=caption)
    await expect(figure).to_be_visible()
    box = await figure.get_by_role("img", name=caption).bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert box["height"] > box["width"]
