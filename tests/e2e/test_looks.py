"""What holds on every screen at every size: nothing to miss with a finger, nothing off the side."""

from __future__ import annotations

import pytest

from tests.e2e.house import House
from tests.e2e.looking import Looking
from tests.e2e.papers import PLAN
from tests.e2e.people import TABLET, TABLET_LYING, WALL, Chair, Desk, Member, Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_everything_can_be_tapped_and_has_a_name(house: House) -> None:
    looking = Looking()
    screen = await house.person(Screen, WALL)
    await screen.opens(house.url)
    await looking.at(screen, "welcome")
    await screen.opens(f"{house.url}/names")
    await looking.at(screen, "names")
    await screen.opens(house.links["members"][0])
    await looking.at(screen, "card")
    await screen.comes_in(house.links["room"])
    await screen.digits()
    await looking.at(screen, "room before")

    member = await (await house.person(Member, TABLET)).comes_in(house.links["members"][0])
    await member.sees("Hội nghị chưa khai mạc")
    await looking.at(member, "table before")
    await member.taps("Điểm danh")
    await looking.at(member, "table, checking in")
    await member.taps("Để sau")
    await member.taps("Tài liệu")
    await looking.at(member, "table, papers")
    await member.taps("Dùng thêm máy khác")
    await member.sees("Gõ sáu số")
    await looking.at(member, "table, another device")
    await member.taps("Đóng")

    chair = await (await house.person(Chair, TABLET_LYING)).comes_in(house.links["chair"])
    await looking.at(chair, "chair before")
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu", "Trang sau")
    await chair.is_on(PLAN, 2)
    await chair.sees("Mời tất cả về trang này")
    await looking.at(chair, "chair")
    await chair.taps("Thêm…")
    await looking.at(chair, "chair, more")
    await chair.taps("Khai mạc nhầm")
    await chair.sees("Lý do")
    await looking.at(chair, "chair, opened wrongly")
    await chair.taps("Để sau", "Chương trình")
    await looking.at(chair, "chair, agenda")
    await chair.taps("Đóng")
    await chair.opens_pages()
    await looking.at(chair, "chair, pages")

    await member.is_on(PLAN, 2)
    await looking.at(member, "table following")
    await member.taps("Trang sau")
    await member.is_on(PLAN, 3)
    await looking.at(member, "table alone")
    await member.opens_pages()
    await looking.at(member, "table, pages")
    await screen.is_on(PLAN, 2)
    await looking.at(screen, "room")

    desk = await (await house.person(Desk, TABLET_LYING)).comes_in(house.links["secretary"])
    await desk.sees("Cao Xuân Ân")
    await looking.at(desk, "desk, roll")
    await desk.looks_at("Đoàn Thị Thục Anh")
    await looking.at(desk, "desk, person")
    await desk.taps("Xem thẻ")
    await looking.at(desk, "desk, card")
    await desk.reads_card()
    await desk.taps("Đóng", "Thêm người")
    await looking.at(desk, "desk, adding a member")
    await desk.taps("Khách mời")
    await looking.at(desk, "desk, adding a guest")
    await desk.taps("Đóng")
    await desk.turns_to("Trình chiếu")
    await desk.is_on(PLAN, 2)
    await looking.at(desk, "desk, presenting")
    await desk.turns_to("Tài liệu")
    await desk.sees("Sẵn sàng")
    await looking.at(desk, "desk, papers")
    await desk.button("Thu hồi").first.click()
    await desk.sees("Lý do")
    await looking.at(desk, "desk, withdrawing")
    await desk.page.get_by_label("Lý do").fill("phát nhầm")
    await desk.button("Thu hồi", within=desk.page.get_by_role("dialog")).click()
    await desk.sees("phát nhầm")
    await looking.at(desk, "desk, withdrawn")
    await member.sees("Tài liệu đã thu hồi")
    await looking.at(member, "table, withdrawn")
    await chair.taps("Đóng")
    await chair.goes_on()
    await chair.does("Trình chiếu danh sách mẫu", "Trang sau")
    await chair.closes_the_meeting()
    await chair.sees("Mã khi bế mạc")
    await looking.at(chair, "chair, closed")
    await desk.sees("Mã khi bế mạc")
    await looking.at(desk, "desk, closed")
    assert looking.faults == {}


EVERY_WIDTH = {f"{width} wide": (width, 800) for width in range(340, 1331, 30)}


async def test_the_bar_of_a_table_fits_every_width(house: House) -> None:
    looking = Looking(EVERY_WIDTH)
    screen = await (await house.person(Screen, WALL)).comes_in(house.links["room"])
    member = await (await house.person(Member, TABLET)).comes_in(house.links["members"][0])
    chair = await (await house.person(Chair, TABLET_LYING)).comes_in(house.links["chair"])
    await member.reads(PLAN)
    await member.is_on(PLAN, 1)
    await looking.at(member, "reading ahead, not checked in")
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu", "Trang sau")
    await member.comes_back()
    await member.is_on(PLAN, 2)
    await looking.at(member, "following, not checked in")
    await member.checks_in(await screen.digits())
    await looking.at(member, "following, checked in")
    await member.taps("Trang sau")
    await member.is_on(PLAN, 3)
    await looking.at(member, "alone, checked in")
    assert looking.faults == {}


async def test_the_plain_version_too(house: House) -> None:
    looking = Looking()
    old = await house.person(Member, TABLET)
    await old.comes_in(house.links["members"][0])
    await old.opens(f"{old.page.url}plain")
    await old.sees("Hội nghị chưa khai mạc")
    await looking.at(old, "plain before")
    await old.page.get_by_role("link", name="Điểm danh").click()
    await old.page.get_by_label("Bốn số trên màn hình phòng họp").wait_for()
    await looking.at(old, "plain, checking in")
    assert looking.faults == {}
