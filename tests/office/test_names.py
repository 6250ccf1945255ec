"""What a paper is likely to be, by the name of its file and the head of its first page."""

from __future__ import annotations

import pytest

from meeting.office.names import Said, by_file, by_first_page, together
from meeting.pages.printed import Printed, PrintedLine


def page(*lines: str, bold: tuple[int, ...] = ()) -> Said:
    printed = [PrintedLine(text, place in bold) for place, text in enumerate(lines)]
    return by_first_page([Printed(1, tuple(printed))])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2.1_to-trinh.pdf", Said("2", "", "To trinh")),
        ("NV2_bao cao.PDF", Said("2", "", "Bao cao")),
        ("ND 3 - Báo cáo KT-XH.pdf", Said("3", "", "Báo cáo KT XH")),
        ("Nội dung 4.pdf", Said("4", "", "")),
        ("nội dung số 5_to trinh 219-ttr-đu.pdf", Said("5", "219-TTr/ĐU", "To trinh")),
        ("214-TTr-VPTU.pdf", Said("", "214-TTr/VPTU", "")),
        ("05 -TB-BTG.pdf", Said("", "05-TB/BTG", "")),
        ("2.1_214-TTr-VPTU_to-trinh.pdf", Said("2", "214-TTr/VPTU", "To trinh")),
        ("so 97-BC_UBKTTU.pdf", Said("", "97-BC/UBKTTU", "")),
        ("12-qd-tu.pdf", Said("", "12-QĐ/TU", "")),
        ("186-BC-ĐU.pdf", Said("", "186-BC/ĐU", "")),
        ("01-bao-cao.pdf", Said("1", "", "Bao cao")),
        ("7.pdf", Said("7", "", "")),
        ("1.3_phu-luc (1).pdf", Said("1", "", "Phu luc")),
        ("2026-12-03 Báo cáo.pdf", Said("", "", "Báo cáo")),
        ("NV2/bao cao.pdf", Said("2", "", "Bao cao")),
        ("Hồ sơ\\3. Kiểm tra\\Báo cáo.pdf", Said("3", "", "Báo cáo")),
        ("Báo cáo tình hình.pdf", Said("", "", "Báo cáo tình hình")),
        ("", Said("", "", "")),
        (".pdf", Said("", "", "")),
    ],
)
def test_a_files_name_says_item_number_and_title(name: str, said: Said) -> None:
    assert by_file(name) == said


HEAD = ("TỈNH ỦY THANH GIANG", "VĂN PHÒNG", "*", "ĐẢNG CỘNG SẢN VIỆT NAM")


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Số 214-TTr/VPTU", "214-TTr/VPTU"),
        ("Số: 05 -TB/BTG", "05-TB/BTG"),
        ("Số:143-KH/BTGDVTU", "143-KH/BTGDVTU"),
        ("Số 186 - BC / ĐU", "186-BC/ĐU"),
        ("Số: 12/BC-UBND", "12/BC-UBND"),
        ("Số: 30/2020/NĐ-CP", "30/2020/NĐ-CP"),
        ("VĂN PHÒNG    Số 7-CV/TU", ""),
        ("Số         -NQ/TU", ""),
        ("Căn cứ Nghị quyết số 12-NQ/TW", ""),
        ("Dự thảo", "Dự thảo"),
        ("DỰ THẢO LẦN 3", "Dự thảo lần 3"),
        ("(Dự thảo lần thứ 2)", "Dự thảo lần 2"),
    ],
)
def test_the_first_page_says_the_number(line: str, number: str) -> None:
    assert page(*HEAD, line, "Thanh Giang, ngày 03 tháng 12 năm 2026").number == number


def test_kind_and_summary_become_the_title() -> None:
    assert page(
        *HEAD,
        "Số 214-TTr/VPTU",
        "TỜ TRÌNH",
        "về dự thảo Nghị quyết chuyển đổi số trong các cơ quan đảng,",
        "Mặt trận Tổ quốc giai đoạn 2026 - 2030",
        "Kính gửi: Ban Thường vụ Tỉnh ủy.",
        "Thực hiện Chương trình công tác năm 2026, Văn phòng Tỉnh ủy đã chủ trì",
    ) == Said(
        "",
        "214-TTr/VPTU",
        "Tờ trình về dự thảo Nghị quyết chuyển đổi số trong các cơ quan đảng, Mặt trận Tổ quốc "
        "giai đoạn 2026 - 2030",
    )


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("BÁO CÁO", "kết quả kiểm tra năm 2026", "-----", "Năm 2026"),
         "Báo cáo kết quả kiểm tra năm 2026"),
        (("BÁO CÁO", "KẾT QUẢ KIỂM TRA CỦA TỈNH ỦY", "I- TÌNH HÌNH"),
         "Báo cáo kết quả kiểm tra của Tỉnh ủy"),
        (("NGHỊ QUYẾT CỦA BAN THƯỜNG VỤ TỈNH ỦY", "về chuyển đổi số", "I- TÌNH HÌNH", "Những năm"),
         "Nghị quyết của Ban Thường vụ Tỉnh ủy về chuyển đổi số"),
        (("THÔNG BÁO", "Về việc cập nhật văn bản", "Kính gửi: Các cơ sở"),
         "Thông báo về việc cập nhật văn bản"),
        (("V/v sử dụng hộp thư công vụ", "Kính gửi: Các đơn vị"), "Sử dụng hộp thư công vụ"),
        (("Đề cương", "Một đoạn văn"), ""),
    ],
)  # fmt: skip
def test_the_title_ends_where_the_text_begins(lines: tuple[str, ...], title: str) -> None:
    assert page(*HEAD, *lines).title == title


def test_bold_lines_belong_together() -> None:
    lines = (*HEAD, "KẾ HOẠCH", "tuyên truyền dịp Tết", "Nguyên đán Đinh Mùi", "Năm 2027 đến gần")
    assert page(*lines, bold=(4, 5, 6)).title == "Kế hoạch tuyên truyền dịp Tết Nguyên đán Đinh Mùi"


def test_letters_in_pieces_and_nothing_at_all() -> None:
    assert page("Số 1-BC/ĐU").number == "1-BC/ĐU"
    assert page() == page("", " ", "\ud800") == Said()


def test_the_page_knows_number_and_title_the_file_the_item() -> None:
    file = Said("2", "9-BC/TU", "To trinh")
    assert together(file, Said("", "214-TTr/VPTU", "Tờ trình")) == Said(
        "2", "214-TTr/VPTU", "Tờ trình"
    )
    assert together(file, Said()) == file
