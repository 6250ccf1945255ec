"""The office's page: the first start, signing in, a meeting begun, who else may come in."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.house import House
from tests.e2e.looking import OFFICE_SIZES, Looking
from tests.e2e.people import LAPTOP, OUTAGE, TABLET_LYING
from tests.e2e.secretary import LOGIN, PASSWORD, REFUSAL, Secretary

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_first_start_leads_to_a_meeting(office: House) -> None:
    secretary = await office.person(Secretary, LAPTOP)
    await secretary.creates_the_office()
    await secretary.page.get_by_role("link", name="Tạo cuộc họp đầu tiên").click()
    await secretary.field("Cơ quan họp").select_option("Ban Thường vụ")
    await secretary.field("Ngày họp").fill("10/12/2026")
    title = "Hội nghị Ban Thường vụ, tháng 12/2026"
    await expect(secretary.field("Tên cuộc họp")).to_have_value(title)
    await secretary.field("Địa điểm").fill("Phòng họp A")
    await secretary.taps("Tạo cuộc họp")
    await secretary.page.wait_for_url(re.compile(r"/office/m/[0-9a-z]+"))
    await expect(secretary.page.get_by_role("heading", name=title)).to_be_visible()
    await secretary.goes_to("Cuộc họp")
    row = secretary.page.get_by_role("link").filter(has_text=title)
    await expect(row).to_contain_text("Thứ Năm, 10/12/2026 · 07:30 · Phòng họp A")


async def test_a_secretary_signs_out_and_in_again_and_forgets_the_password(office: House) -> None:
    secretary = await office.person(Secretary, TABLET_LYING)
    await secretary.creates_the_office()
    await secretary.goes_to("Cài đặt")
    await secretary.taps("Đăng xuất")
    await secretary.sees("Cần giúp: chị Thùy Dương, 0271 555 0148")
    secretary.forgive(REFUSAL)
    await secretary.signs_in(LOGIN, "khong phai mat khau")
    await secretary.sees("Tên đăng nhập hoặc mật khẩu chưa đúng.")
    await secretary.signs_in(LOGIN, PASSWORD)
    await secretary.sees("Chưa có cuộc họp nào.")
    await secretary.page.reload()
    await secretary.sees("Chưa có cuộc họp nào.")
    await secretary.taps("Đăng xuất")
    await secretary.page.get_by_role("link", name="Quên mật khẩu").click()
    await secretary.fills(
        Tên_đăng_nhập=LOGIN, Mật_khẩu_mới="cau moi de nho", Gõ_lại_mật_khẩu="cau moi de nho"
    )
    await secretary.taps("Đặt mật khẩu mới")
    await secretary.sees("Chưa có cuộc họp nào.")
    await secretary.goes_to("Tài khoản")
    await secretary.sees("Mật khẩu của Trần Thị Thùy Dương được đặt lại trên máy chủ.")


async def test_what_was_asked_while_the_server_was_away_comes_when_it_is_back(
    office: House,
) -> None:
    secretary = await office.person(Secretary, LAPTOP)
    await secretary.creates_the_office()
    secretary.forgive(OUTAGE)
    await office.demo.kill()
    await secretary.goes_to("Tài khoản")
    await secretary.sees("Chưa liên lạc được với máy chủ.", "Sẽ tự hiện khi máy chủ trả lời.")
    await office.demo.start()
    await secretary.sees("Trần Thị Thùy Dương tạo văn phòng.")
    await secretary.sees_no("Chưa liên lạc được với máy chủ.")


async def test_another_secretary_is_let_in_and_let_go(office: House) -> None:
    first = await office.person(Secretary, LAPTOP)
    await first.creates_the_office()
    await first.goes_to("Tài khoản")
    await first.taps("Thêm tài khoản")
    sheet = first.page.get_by_role("dialog")
    await sheet.get_by_label("Họ và tên").fill("Nguyễn Văn Hòa")
    await sheet.get_by_label("Mật khẩu", exact=True).fill("mot cau that dai")
    await sheet.get_by_label("Gõ lại mật khẩu").fill("mot cau that dai")
    await first.button("Thêm tài khoản", within=sheet).click()
    await first.sees("Trần Thị Thùy Dương thêm tài khoản của Nguyễn Văn Hòa.")

    second = await office.person(Secretary, LAPTOP)
    await second.comes_to_the_office()
    await second.signs_in("hoanv", "mot cau that dai")
    await second.sees("Chưa có cuộc họp nào.")

    await first.taps("Đóng tài khoản")
    await first.button("Đóng tài khoản", within=first.page.get_by_role("dialog")).click()
    await first.sees("Trần Thị Thùy Dương đóng tài khoản của Nguyễn Văn Hòa.")
    second.forgive(REFUSAL)
    await second.page.get_by_role("link", name="Tài khoản").click()
    await expect(second.page.get_by_role("heading", name="Đăng nhập")).to_be_visible()


async def test_everything_of_the_office_can_be_tapped_and_has_a_name(office: House) -> None:
    looking = Looking(OFFICE_SIZES)
    secretary = await office.person(Secretary, TABLET_LYING)
    await secretary.comes_to_the_office()
    await secretary.sees("Văn phòng của đồng chí")
    await looking.at(secretary, "first start")
    await secretary.field("Tên văn phòng").fill("Văn phòng")
    await secretary.taps("Tiếp tục")
    await looking.at(secretary, "first start, account")
    await secretary.creates_the_office()
    await looking.at(secretary, "no meeting")
    await secretary.begins_a_meeting("Ban Chấp hành")
    for place, sentence in {
        "": "Hội nghị Ban Chấp hành, tháng",
        "new": "Lấy sẵn từ",
        "settings": "Đủ số khi có ít nhất 2/3 thành viên biểu quyết",
        "accounts": "Trần Thị Thùy Dương tạo văn phòng.",
        "machine": "Còn trống",
        "phone": "Mở máy ảnh, quét mã này",
        "check": "Chọn tệp hồ sơ",
        "password": "Mật khẩu đang dùng",
    }.items():
        await secretary.comes_to_the_office(place)
        await secretary.sees(sentence)
        await looking.at(secretary, place or "meetings")
    await secretary.comes_to_the_office("new")
    await secretary.taps("Lịch")
    await looking.at(secretary, "new, calendar")
    await secretary.comes_to_the_office("settings")
    await secretary.page.get_by_role("button", name="Ban Thường vụ").click()
    await looking.at(secretary, "body")
    await secretary.comes_to_the_office("phone")
    await secretary.taps("Quét rồi mà không thấy gì?")
    await looking.at(secretary, "phone, causes")
    assert looking.faults == {}
