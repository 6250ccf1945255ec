"""Preparing a meeting: pasted tables, papers dropped at once, what survives, what is handed in."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.house import House
from tests.e2e.looking import OFFICE_SIZES, Looking
from tests.e2e.people import LAPTOP, TABLET_LYING
from tests.e2e.preparing import Newcomer, sample_papers
from tests.office.sample_tables import AGENDA, AGENDA_HEAD, ROLL, ROLL_HEAD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROLL_BOX = "Dán danh sách từ Word, Excel hoặc Zalo"
AGENDA_BOX = "Dán chương trình từ Word, Excel hoặc Zalo"

PAGES_MADE_MS = 90_000

SEAL = re.compile(r"^[a-z2-7]{4}(-[a-z2-7]{4}){3}$")
"""The code of a closing, as every screen shows it."""

IN_VIETNAM = """() => {
  const zone = { timeZone: "Asia/Ho_Chi_Minh" };
  const now = new Date();
  return [
    now.toLocaleDateString("en-GB", zone),
    now.toLocaleTimeString("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" }),
  ];
}"""
"""Day and time as they are typed."""

PAGES_SHOWN = """() => [...document.querySelectorAll("[role=dialog] img")].every(
    ({ complete, naturalWidth, src }, place) =>
        complete && naturalWidth && (place > 0 || src.endsWith("-1")),
)"""
"""All of the paper's pages are drawn, the first after a quarter of a turn."""


async def newcomer(office: House, size: tuple[int, int] = LAPTOP) -> Newcomer:
    """In a new office, before a meeting that has only its heading."""
    secretary = await office.person(Newcomer, size)
    await secretary.creates_the_office()
    secretary.starts_counting()
    await secretary.begins_a_meeting("Ban Thường vụ")
    return secretary


async def test_the_sample_meeting_is_prepared_from_what_units_send(
    office: House, tmp_path: Path
) -> None:
    secretary = await newcomer(office)
    page = secretary.page
    await secretary.writes("Địa điểm", "Phòng họp A, Văn phòng Tỉnh ủy")
    await secretary.is_told_saved()
    secretary.tells("heading")

    await secretary.turns_to("Thành phần")
    await secretary.pastes(ROLL_BOX, [ROLL_HEAD, *ROLL])
    await secretary.sees("Đọc được 25 người, 15 người biểu quyết")
    await secretary.does("Lưu danh sách")
    await secretary.sees("25 người, 15 người biểu quyết")
    await expect(page.get_by_label("Vai trò của Lương Minh Khải")).to_have_value("chair")
    secretary.tells("and the roll")

    await secretary.turns_to("Chương trình")
    await secretary.pastes(AGENDA_BOX, [AGENDA_HEAD, *AGENDA])
    await secretary.sees("Đọc được 10 dòng chương trình")
    await secretary.does("Lưu chương trình")
    await secretary.sees("Chương trình ghi 6 khách mời chưa có trong thành phần")
    await secretary.does("Thêm 6 khách mời")
    await secretary.sees_no("khách mời chưa có trong thành phần")
    await secretary.chooses("Người trình bày: Kết quả khai thác", "Phó Trưởng Ban Tuyên giáo")
    await secretary.is_told_saved()
    secretary.tells("and the agenda with its guests")

    await secretary.turns_to("Tài liệu")
    word = tmp_path / "Giấy mời.docx"
    word.write_bytes(b"PK\x03\x04")
    secretary.forgive("409")  # where LibreOffice is installed, it is sent, and refused there
    await secretary.brings([*sample_papers(tmp_path / "papers"), word])
    await secretary.sees("Mở bằng Word, chọn Tệp → Lưu thành → PDF")
    await secretary.does("Xếp 15 tài liệu vào chương trình")
    await secretary.sees("15 tài liệu, 19 trang")
    laid = await page.locator("h3").all_inner_texts()
    assert [title.split(" · ")[0] for title in laid] == [
        f"Nội dung {number}" for number in (1, 2, 3, 4, 5, 6, 8)
    ]
    second = page.locator("h3").filter(has_text="Nội dung 2").locator("xpath=following::ol[1]")
    rows = await second.get_by_role("listitem").locator(".grow").all_inner_texts()
    assert [re.sub(r"\s+", " ", row).strip() for row in rows] == [
        "Tờ trình về dự thảo Nghị quyết 214-TTr/VPTU",
        "Nghị quyết về chuyển đổi số Dự thảo lần 3",
        "Báo cáo tiếp thu, giải trình 221-BC/VPTU",
    ]
    secretary.tells("and the papers: the sample meeting")

    await secretary.turns_to("Trước giờ họp")
    complete = page.get_by_text("Mọi thứ đã đủ để họp.")
    await expect(complete).to_be_visible(timeout=PAGES_MADE_MS)


async def test_a_half_mended_table_and_what_was_typed_survive_a_reload(office: House) -> None:
    secretary = await newcomer(office)
    await secretary.turns_to("Thành phần")
    await secretary.pastes(ROLL_BOX, ROLL[:4])
    await secretary.page.get_by_label("Dòng 2, Họ và tên").fill("Đoàn Thị Thục Anh Thư")
    await secretary.sees("Đọc được 4 người, 4 người biểu quyết")
    await secretary.page.reload()
    mended = secretary.page.get_by_label("Dòng 2, Họ và tên")
    await expect(mended).to_have_value("Đoàn Thị Thục Anh Thư")
    await secretary.page.get_by_label("Cột 4 là").select_option("")
    await secretary.sees("Đọc được 4 người, 0 người biểu quyết")
    await secretary.does("Lưu danh sách")
    await secretary.sees("4 người, 0 người biểu quyết")

    await secretary.turns_to("Thông tin")
    await secretary.page.context.set_offline(True)
    secretary.forgive(r"net::ERR_")
    await secretary.writes("Địa điểm", "Phòng họp B")
    await secretary.sees("Chưa lưu được, đang tự thử lại…")
    await secretary.page.context.set_offline(False)
    await secretary.is_told_saved()
    await secretary.page.reload()
    await expect(secretary.field("Địa điểm")).to_have_value("Phòng họp B")


async def test_people_change_places_by_buttons_by_keys_and_by_dragging(office: House) -> None:
    secretary = await newcomer(office)
    page = secretary.page
    await secretary.turns_to("Thành phần")
    await secretary.pastes(ROLL_BOX, ROLL[:4])
    await secretary.does("Lưu danh sách")
    names = page.get_by_label("Họ và tên")

    async def stands(*order: int) -> None:
        for place, row in enumerate(order):
            await expect(names.nth(place)).to_have_value(ROLL[row][1])

    await secretary.does("Đưa Phùng Quốc Bảo lên một dòng")
    await stands(0, 2, 1, 3)
    await page.get_by_label("Kéo để đổi chỗ Phùng Quốc Bảo").press("ArrowDown")
    await stands(0, 1, 2, 3)
    handle = page.get_by_label("Kéo để đổi chỗ Huỳnh Tấn Lộc")
    await handle.hover()
    await page.mouse.down()
    top = await page.get_by_label("Kéo để đổi chỗ Lương Minh Khải").bounding_box()
    assert top is not None
    await page.mouse.move(top["x"] + 10, top["y"] - 5, steps=4)
    await page.mouse.up()
    await stands(3, 0, 1, 2)
    await page.reload()
    await stands(3, 0, 1, 2)


async def test_a_meeting_that_was_held_on_paper_is_filed_away(
    office: House, tmp_path: Path
) -> None:
    secretary = await newcomer(office)
    page, dialog = secretary.page, secretary.page.get_by_role("dialog")
    await secretary.turns_to("Thành phần")
    await secretary.pastes(ROLL_BOX, [ROLL_HEAD, *ROLL[:3]])
    await secretary.does("Lưu danh sách")
    await secretary.sees("3 người, 3 người biểu quyết")
    await secretary.turns_to("Chương trình")
    await secretary.pastes(AGENDA_BOX, [AGENDA_HEAD, *AGENDA[:2]])
    await secretary.does("Lưu chương trình")
    await secretary.sees("2 dòng chương trình")
    await secretary.turns_to("Tài liệu")
    await secretary.brings(sample_papers(tmp_path / "papers")[:2])
    await secretary.does("Xếp 2 tài liệu vào chương trình")
    await page.get_by_role("button", name=re.compile("^Báo cáo kinh tế")).click()
    await secretary.does("Xem và xoay các trang")
    await secretary.does("Trang 1/3, bấm để xoay")
    await page.wait_for_function(PAGES_SHOWN)
    await secretary.does("Quay lại")
    await secretary.does("Thu hồi")
    await dialog.get_by_label("Lý do thu hồi").fill("gửi nhầm")
    await secretary.does("Thu hồi")
    await secretary.sees("gửi nhầm")
    await secretary.does("Xóa hẳn tệp")
    await secretary.does("Xóa hẳn tệp", within=dialog)
    await secretary.sees("Đã xóa hẳn tệp")

    await secretary.turns_to("Hồ sơ")
    await secretary.does("Ghi giờ khai mạc")
    await secretary.does("Ghi khai mạc", within=dialog)
    await secretary.sees("3 người chưa ghi điểm danh.")
    await secretary.does("Ghi phần họp trên giấy")
    await secretary.writes("Ngày", "")
    await secretary.writes("Lý do", "mất điện")
    await secretary.does("Lưu")
    await secretary.sees("Ghi ngày như 10/12/2026 và giờ như 07:45")
    today, now = await page.evaluate(IN_VIETNAM)
    await secretary.writes("Ngày", today)
    await secretary.writes("Từ giờ", now)
    await secretary.does("Lưu")
    await secretary.does("Ghi cả 3 người có mặt")
    await secretary.sees_no("chưa ghi điểm danh")
    await secretary.does("Bế mạc")
    await secretary.does("Ghi bế mạc", within=dialog)
    await secretary.sees("Mã khi bế mạc")
    await secretary.does("Mở lại cuộc họp")
    await secretary.does("Mở lại cuộc họp", within=dialog)
    await secretary.sees("Cần ghi lý do; lý do được lưu trong hồ sơ.")
    await secretary.does("Để sau", within=dialog)
    await secretary.does("Khóa hồ sơ")
    await secretary.does("Khóa hồ sơ", within=dialog)
    await secretary.sees("Hồ sơ chính thức, số 01/HS-")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Tải hồ sơ").click()
    path = await (await downloading.value).path()
    with zipfile.ZipFile(path) as file:
        assert [name for name in file.namelist() if name.endswith("00_DOC_TRUOC.html")] != []

    seal = await page.get_by_text(SEAL).inner_text()
    summary = await page.context.request.get(
        office.url + str(await page.get_by_role("link", name="In tờ tóm tắt").get_attribute("href"))
    )
    assert (summary.status, summary.headers["content-type"]) == (200, "application/pdf")
    await secretary.goes_to("Kiểm tra hồ sơ")
    await page.get_by_label("Chọn tệp hồ sơ").set_input_files(path)
    await secretary.field("Mã khi bế mạc (nếu có)").fill(seal.upper().replace("-", " "))
    await secretary.does("Kiểm tra")
    await secretary.sees("Không thay đổi. Khớp với mã ghi trong phòng họp.")


async def test_every_step_can_be_tapped_and_has_a_name(office: House, tmp_path: Path) -> None:
    looking = Looking(OFFICE_SIZES)
    secretary = await newcomer(office, TABLET_LYING)
    await secretary.sees("Tên cuộc họp")
    await looking.at(secretary, "heading")
    await secretary.turns_to("Thành phần")
    await looking.at(secretary, "people, empty")
    await secretary.pastes(ROLL_BOX, [ROLL_HEAD, *ROLL[:6]])
    await secretary.sees("Đọc được 6 người")
    await looking.at(secretary, "people, read")
    await secretary.does("Lưu danh sách")
    await secretary.sees("6 người, 6 người biểu quyết")
    await looking.at(secretary, "people")
    await secretary.turns_to("Chương trình")
    await secretary.pastes(AGENDA_BOX, [AGENDA_HEAD, *AGENDA[:4]])
    await secretary.does("Lưu chương trình")
    await secretary.sees("4 dòng chương trình")
    await looking.at(secretary, "agenda")
    await secretary.turns_to("Tài liệu")
    await secretary.brings(sample_papers(tmp_path / "papers")[:2])
    await secretary.sees("Xem lại 2 tài liệu")
    await looking.at(secretary, "papers, to confirm")
    await secretary.does("Xếp 2 tài liệu vào chương trình")
    await secretary.sees("2 tài liệu, 4 trang")
    await looking.at(secretary, "papers")
    for step, sentence in {
        "Thẻ và bản in": "Tin nhắn để sao chép",
        "Trước giờ họp": "Mở màn hình phòng họp",
        "Hồ sơ": "Đã họp mà chưa bấm Khai mạc?",
    }.items():
        await secretary.turns_to(step)
        await secretary.sees(sentence)
        await looking.at(secretary, step)
    assert looking.faults == {}
