"""Devices nobody knows: they scan the room's screen, choose a name and wait for the desk."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import expect

from tests.e2e.house import House
from tests.e2e.people import PHONE, TABLET_LYING, WALL, Desk, Member, Person, Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IN_ZALO = (
    "Mozilla/5.0 (Linux; Android 13; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 Zalo android/24110 ZaloTheme/light"
)


async def test_an_unknown_device_is_let_in_and_checked_in(house: House) -> None:
    screen, desk = await screen_and_desk(house)
    stranger = await scans(house, screen)
    number = await chooses(stranger, "Cao Xuân Ân")
    waiting = desk.waiting("Cao Xuân Ân")
    await expect(waiting).to_contain_text(number)
    await expect(waiting).to_contain_text("Điện thoại")
    await expect(waiting).not_to_contain_text("chưa quét mã")
    await desk.button("Mời vào", within=waiting).click()
    await stranger.sees("Hội nghị chưa khai mạc", "Đã điểm danh lúc")
    await stranger.sees_in_papers("Cao Xuân Ân", "1/25 có mặt")
    await expect(desk.row("Cao Xuân Ân")).to_contain_text("Có mặt")
    await screen.sees("Có mặt 1/25", "Thành viên biểu quyết 1/15")


async def test_a_browser_that_keeps_no_cookies_until_then_comes_in_too(house: House) -> None:
    screen, desk = await screen_and_desk(house)
    stranger = await scans(house, screen)
    await stranger.page.context.clear_cookies()
    await chooses(stranger, "Điểu K'Rênh")
    waiting = desk.waiting("Điểu K'Rênh")
    await expect(waiting).to_be_visible()
    await expect(waiting).not_to_contain_text("chưa quét mã")
    await stranger.page.context.clear_cookies()
    await desk.button("Mời vào", within=waiting).click()
    await stranger.sees("Hội nghị chưa khai mạc", "Đã điểm danh lúc")


async def test_the_desk_sends_away_whoever_took_a_wrong_name(house: House) -> None:
    screen, desk = await screen_and_desk(house)
    stranger = await scans(house, screen)
    await chooses(stranger, "Cao Xuân Ân")
    waiting = desk.waiting("Cao Xuân Ân")
    await desk.button("Không phải", within=waiting).click()
    await expect(waiting).to_have_count(0)
    await stranger.sees("Thư ký chưa xác nhận đúng người cho tên này.")
    await expect(desk.row("Cao Xuân Ân")).to_contain_text("Chưa điểm danh")
    await stranger.page.get_by_role("link", name="Chọn tên khác").click()
    await chooses(stranger, "Vũ Đình Ẩn")
    await desk.button("Mời vào", within=desk.waiting("Vũ Đình Ẩn")).click()
    await stranger.sees("Hội nghị chưa khai mạc")
    await stranger.sees_in_papers("Vũ Đình Ẩn")


async def test_all_without_conflict_are_let_in_at_once(house: House) -> None:
    screen, desk = await screen_and_desk(house)
    seated = await house.person(Member, PHONE)
    await seated.comes_in(house.links["members"][0])
    clear = {name: await scans(house, screen) for name in ("Cao Xuân Ân", "Vũ Đình Ẩn")}
    for name, stranger in clear.items():
        await chooses(stranger, name)
    double = await scans(house, screen)
    await chooses(double, "Đoàn Thị Thục Anh")
    await expect(desk.waiting("Đoàn Thị Thục Anh")).to_contain_text("đã có máy")
    await desk.taps("Mời tất cả (2)")
    for stranger in clear.values():
        await stranger.sees("Hội nghị chưa khai mạc", "Đã điểm danh lúc")
    await double.sees("Mời đồng chí vào chỗ, thư ký đang xác nhận")
    await expect(desk.waiting("Đoàn Thị Thục Anh")).to_be_visible()
    await screen.sees("Có mặt 2/25")


async def test_a_known_device_that_scans_checks_in_with_one_tap(house: House) -> None:
    screen, _ = await screen_and_desk(house)
    member = await house.person(Member, PHONE)
    await member.comes_in(house.links["members"][0])
    await member.opens(await reads_code(screen))
    await member.taps("Điểm danh")
    await member.sees("Đã điểm danh lúc")
    await screen.sees("Có mặt 1/25")


async def screen_and_desk(house: House) -> tuple[Screen, Desk]:
    screen = await (await house.person(Screen, WALL)).comes_in(house.links["room"])
    desk = await (await house.person(Desk, TABLET_LYING)).comes_in(house.links["secretary"])
    return screen, desk


async def scans(house: House, screen: Screen) -> Member:
    """Somebody whose messenger's own browser opens what the camera read."""
    stranger = await house.person(Member, PHONE, user_agent=IN_ZALO)
    await stranger.opens(await reads_code(screen))
    await stranger.sees("Chọn tên của đồng chí")
    return stranger


async def reads_code(screen: Screen) -> str:
    """The link in the QR code, read from a picture of the screen."""
    await screen.digits()
    picture = Image.open(io.BytesIO(await screen.page.screenshot()))
    texts = [str(code.text) for code in zxingcpp.read_barcodes(picture)]
    [way_in] = [text for text in texts if text.startswith("http")]
    return way_in


async def chooses(person: Person, name: str) -> str:
    """Tap one's name in the list; returns the two-digit number that is shown then."""
    await person.page.get_by_role("button", name=re.compile(f"^{name}")).click()
    await person.sees("Mời đồng chí vào chỗ, thư ký đang xác nhận")
    return await person.page.get_by_text(re.compile(r"^\d\d$")).inner_text()
