"""The secretary's desk: marking by hand, mending mistakes, adding people, devices and cards."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.house import House
from tests.e2e.papers import PLAN
from tests.e2e.people import PHONE, TABLET, TABLET_LYING, Chair, Desk, Member

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GONE = "Máy này không còn dùng cho hội nghị."


async def test_attendance_is_marked_and_mended_by_hand(house: House) -> None:
    desk = await house.person(Desk, TABLET_LYING)
    await desk.comes_in(house.links["secretary"])
    header = desk.page.locator("header").first

    await desk.marks("Cao Xuân Ân", "Vắng có lý do", because="Đi công tác Trung ương")
    await expect(desk.row("Cao Xuân Ân")).to_contain_text("Vắng có lý do")
    await expect(header).to_contain_text("0/25")
    await desk.marks("Vũ Đình Ẩn", "Có mặt")
    await desk.marks("Mai Trọng Nghĩa", "Đến muộn")
    await expect(header).to_contain_text("2/25")
    await expect(header).to_contain_text("2/15")

    person = await desk.looks_at("Cao Xuân Ân")
    await expect(person).to_contain_text("Đi công tác Trung ương")
    await desk.button("Đóng", within=person).click()
    await desk.marks("Cao Xuân Ân", "Có mặt")
    await expect(desk.row("Cao Xuân Ân")).to_contain_text("Có mặt")
    await expect(header).to_contain_text("3/25")

    person = await desk.looks_at("Mai Trọng Nghĩa")
    await desk.button("Chưa điểm danh", within=person).click()
    await desk.button("Sửa thành: Chưa điểm danh", within=person).click()
    await expect(person).to_contain_text("Cần ghi lý do.")
    await desk.button("Đóng", within=person).click()
    await desk.corrects("Mai Trọng Nghĩa", "Chưa điểm danh", because="Ghi nhầm người")
    await expect(desk.row("Mai Trọng Nghĩa")).to_contain_text("Chưa điểm danh")
    await expect(header).to_contain_text("2/25")

    await desk.marks("Vũ Đình Ẩn", "Về sớm")
    await expect(desk.row("Vũ Đình Ẩn")).to_contain_text("Về sớm")
    await expect(header).to_contain_text("1/25")
    await desk.marks("Vũ Đình Ẩn", "Trở lại")
    await expect(desk.row("Vũ Đình Ẩn")).to_contain_text("Trở lại")
    await expect(header).to_contain_text("2/25")


async def test_a_person_is_added_during_the_meeting_and_comes_in(house: House) -> None:
    desk = await (await house.person(Desk, TABLET_LYING)).comes_in(house.links["secretary"])
    chair = await (await house.person(Chair, TABLET_LYING)).comes_in(house.links["chair"])
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu", "Trang sau")
    await expect(desk.page.locator("header").first).to_contain_text("0/15")

    await desk.taps("Thêm người")
    form = desk.page.get_by_role("dialog")
    await form.get_by_label("Họ và tên").fill("Ksor Hờ Nhí")
    await form.get_by_label("Chức vụ, đơn vị").fill("Phó Bí thư Đảng ủy xã Đăk Rê")
    await form.get_by_label("Có quyền biểu quyết").check()
    await desk.button("Thêm vào danh sách", within=form).click()
    await desk.sees("Đã thêm Ksor Hờ Nhí vào danh sách.")
    await expect(desk.page.locator("header").first).to_contain_text("0/16")

    person = await desk.looks_at("Ksor Hờ Nhí")
    await desk.button("Xem thẻ", within=person).click()
    digits = await desk.reads_card()
    added = await house.person(Member, PHONE)
    await added.opens(house.url)
    await added.types_card(digits)
    await added.sees("Ksor Hờ Nhí", "Phó Bí thư Đảng ủy xã Đăk Rê")
    await added.taps("Đúng, là tôi")
    await added.is_on(PLAN, 2)
    await added.follows()


async def test_a_person_moves_to_another_device(house: House) -> None:
    desk = await (await house.person(Desk, TABLET_LYING)).comes_in(house.links["secretary"])
    chair = await (await house.person(Chair, TABLET_LYING)).comes_in(house.links["chair"])
    old = await (await house.person(Member, TABLET)).comes_in(house.links["members"][0])
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
    await old.is_on(PLAN, 1)

    await desk.looks_at("Đoàn Thị Thục Anh")
    await desk.taps("Đổi máy")
    await desk.sees("Máy và thẻ đang dùng sẽ hết hiệu lực; thẻ mới hiện ra ngay.")
    question = desk.page.get_by_role("dialog").filter(has_text="Đổi máy cho")
    await desk.button("Đổi máy", within=question).click()
    digits = await desk.reads_card()
    await old.sees(GONE)
    await expect(old.page.get_by_role("img")).to_have_count(0)
    old.forgive(r"status of 40[14]")
    await old.opens(house.links["members"][0])
    await old.sees("Thẻ này không còn dùng được hoặc không có.")

    new = await house.person(Member, PHONE)
    await new.opens(house.url)
    await new.types_card(digits)
    await new.taps("Đúng, là tôi")
    await new.is_on(PLAN, 1)
    await new.sees_in_papers("Đoàn Thị Thục Anh")


async def test_a_revoked_device_is_blank_and_the_other_goes_on(house: House) -> None:
    desk = await (await house.person(Desk, TABLET_LYING)).comes_in(house.links["secretary"])
    chair = await (await house.person(Chair, TABLET_LYING)).comes_in(house.links["chair"])
    phone = await house.person(Member, PHONE, user_agent="Mozilla/5.0 (iPhone) Mobile Safari")
    await phone.comes_in(house.links["members"][0])
    computer = await (await house.person(Member, TABLET)).comes_in(house.links["members"][0])
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
    await phone.is_on(PLAN, 1)
    await computer.is_on(PLAN, 1)

    person = await desk.looks_at("Đoàn Thị Thục Anh")
    device = person.locator(".row").filter(has_text="Điện thoại")
    phone.forgive(r"status of 40[14]")  # what it is still fetching then
    await desk.button("Thu hồi", within=device).click()
    question = desk.page.get_by_role("dialog").filter(has_text="Thu hồi máy này?")
    await desk.button("Thu hồi", within=question).click()
    await phone.sees(GONE)
    await expect(phone.page.get_by_role("img")).to_have_count(0)
    await expect(device).to_have_count(0)
    await chair.does("Trang sau")
    await computer.is_on(PLAN, 2)
    await phone.page.reload()
    await phone.sees(GONE)
