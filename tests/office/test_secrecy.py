"""The guard against secret papers: what is refused, what is asked about, what is left alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from meeting.office.secrecy import PIECES_MOST, Asked, Certain, judge
from meeting.pages.printed import Box, Printed, PrintedLine

ORDINARY_PAGE = (Printed(1, (PrintedLine("BÁO CÁO", True, (0.4, 0.2, 0.6, 0.22)),)),)

TITLES = (
    "Bảo vệ bí mật nhà nước năm 2026",
    "Tổng kết công tác bảo vệ bí mật nhà nước",
    "Quy chế bảo vệ bí mật nhà nước của Tỉnh ủy",
    "Tập huấn Luật Bảo vệ bí mật nhà nước",
    "Danh mục bí mật nhà nước thuộc lĩnh vực Đảng",
    "Mật độ dân số các xã miền núi",
    "Mật độ xây dựng khu đô thị mới",
    "Quy hoạch mật độ giao thông",
    "Mặt trận Tổ quốc Việt Nam tỉnh Thanh Giang",
    "Báo cáo của Ủy ban Mặt trận Tổ quốc",
    "Chương trình phối hợp với Mặt trận và các đoàn thể",
    "Bảo mật thông tin trong cơ quan đảng",
    "Kế hoạch bảo mật hệ thống mạng diện rộng",
    "Đề án phát triển nghề nuôi ong lấy mật ong",
    "Mật ong rừng tràm: sản phẩm OCOP",
    "Mật mía Nghĩa Đàn",
    "Đổi mật khẩu thư điện tử công vụ",
    "Triển khai chữ ký số và mật mã dân sự",
    "Quan hệ mật thiết giữa Đảng với Nhân dân",
    "Giải phóng mặt bằng dự án đường vành đai",
    "Bình ổn giá các mặt hàng thiết yếu",
    "Cải tạo mặt đường tỉnh lộ 12",
    "Khai thác nước mặt và nước ngầm",
    "Danh sách đại biểu có mặt",
    "Danh sách vắng mặt có lý do",
    "Quản lý tiền mặt tại cơ quan",
    "Lễ ra mắt tổ công nghệ số cộng đồng",
    "Gặp mặt đầu xuân Đinh Mùi",
    "Bộ mặt nông thôn mới",
    "Mất an toàn giao thông dịp Tết",
    "Thiệt hại do mất mùa",
    "Phòng chống mất rừng",
    "Khắc phục sạt lở bề mặt kênh",
    "Chăm sóc mắt học đường",
    "Khu nghỉ mát Sầm Sơn",
    "Phẫu thuật sỏi mật",
    "Nghị quyết chuyển đổi số giai đoạn 2026 - 2030",
    "Tờ trình về công tác cán bộ",
    "Báo cáo kinh tế - xã hội 9 tháng",
    "Dự toán ngân sách năm 2027",
    "Kế hoạch kiểm tra, giám sát",
    "Phân bổ vốn đầu tư công",
    "Kết luận của Ban Thường vụ",
    "Quy hoạch tỉnh thời kỳ 2021 - 2030",
    "Chương trình làm việc toàn khóa",
    "Thông báo kết quả hội nghị",
    "Biên bản phiên họp thứ 12",
    "Đề án sắp xếp đơn vị hành chính cấp xã",
    "Tài liệu mật độ che phủ rừng",
    "Hội nghị Ủy ban MTTQ lần thứ 5",
)


def bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(ch for ch in apart if not unicodedata.combining(ch))


WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": lambda title: title,
    "capitals": str.upper,
    "without accents": bare,
    "with hyphens": lambda title: bare(title).replace(" ", "-").lower(),
    "with strokes": lambda title: title.replace(" ", "_"),
    "from a Mac": lambda title: unicodedata.normalize("NFD", title),
    "run together": lambda title: bare(title).title().replace(" ", ""),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_ordinary_titles_are_never_refused(way: str) -> None:
    names = [f"NV2_{WRITTEN[way](title)}.pdf" for title in TITLES]
    assert len(TITLES) == 50
    found = {name: judge([name], ORDINARY_PAGE) for name in names}
    assert {name: one for name, one in found.items() if isinstance(one, Certain)} == {}


def test_most_ordinary_titles_are_not_even_asked_about() -> None:
    asked = [title for title in TITLES if judge([f"{title}.pdf"], ORDINARY_PAGE)]
    assert asked == [title for title in TITLES if "bí mật" in title]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("MAT.pdf", "MAT"),
        ("12-BC-MAT.pdf", "MAT"),
        ("To trinh MAT.pdf", "MAT"),
        ("to trinh (mat).pdf", "mat"),
        ("NV3_MAT_an ninh quoc phong.pdf", "MAT"),
        ("MAT2026.pdf", "MAT"),
        ("[MẬT] Báo cáo.docx", "MẬT"),
        ("Báo cáo tối mật.pdf", "tối mật"),
        ("TUYET MAT 05.pdf", "TUYET MAT"),
        ("tai lieu.MAT.pdf", "MAT"),
        (unicodedata.normalize("NFD", "Báo cáo MẬT.pdf"), "MẬT"),
        ("Họp/NV1/1-MẬT.pdf", "MẬT"),
    ],
)
def test_a_name_with_the_word_is_refused(name: str, said: str) -> None:
    assert judge([name], ORDINARY_PAGE) == Certain("name", said)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("MẬT/12-BC.pdf", "folder"),
        ("BaoCaoMat.pdf", "name"),
        ("bao ve bi mat nha nuoc.pdf", "words"),
        ("mat an toan giao thong.pdf", "words"),
    ],
)
def test_a_name_that_may_mean_it_is_asked_about(name: str, question: str) -> None:
    assert judge([name], ORDINARY_PAGE) == Asked(question)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["MatTran.pdf", "Mat tran.pdf", "mat do.pdf", "hinhanh.pdf"])
def test_other_words_are_left_alone(name: str) -> None:
    assert judge([name], ORDINARY_PAGE) is None


# What stands on the page


def page(*lines: tuple[str, Box], pictured: float = 0.0) -> list[Printed]:
    heading = PrintedLine("ỦY BAN NHÂN DÂN TỈNH", True, (0.1, 0.05, 0.45, 0.065))
    found = [PrintedLine(text, True, box) for text, box in lines]
    return [Printed(1, (heading, *found), pictured)]


def at(left: float, top: float, wide: float = 0.06, high: float = 0.015) -> Box:
    return (left, top, left + wide, top + high)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MẬT", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("TUYỆT MẬT", "TUYỆT MẬT"),
        (" M Ậ T ", "MẬT"),
        ("T U Y Ệ T   M Ậ T", "TUYỆT MẬT"),
        ("- MẬT -", "MẬT"),
        ("[TỐI MẬT]", "TỐI MẬT"),
        (unicodedata.normalize("NFD", "TỐI MẬT"), "TỐI MẬT"),
        ("MA\u0302\u0323T", "MẬT"),
        ("MAÄT", "MẬT"),
        ("TOÁI MAÄT", "TỐI MẬT"),
        ("MËT", "MẬT"),
        ("TUYÖT MËT", "TUYỆT MẬT"),
    ],
)
def test_a_stamp_that_stands_alone_is_refused_with_its_place(text: str, said: str) -> None:
    found = judge(["a.pdf"], page((text, at(0.1, 0.12))))
    assert isinstance(found, Certain)
    assert (found.reason, found.said, found.page) == ("stamp", said, 1)
    assert found.box[1::2] == (0.12, 0.135)


def test_letters_set_apart_and_words_on_two_lines_are_one_stamp() -> None:
    letters = [("M", at(0.1, 0.12, 0.02)), ("Ậ", at(0.15, 0.12, 0.02)), ("T", at(0.2, 0.12, 0.02))]
    assert judge([], page(*letters)) == Certain("stamp", "MẬT", 1, (0.1, 0.12, 0.2 + 0.02, 0.135))
    lines = [("TUYỆT", at(0.1, 0.12)), ("MẬT", (0.11, 0.137, 0.15, 0.152))]
    found = judge([], page(*lines))
    assert isinstance(found, Certain)
    assert (found.said, found.box) == ("TUYỆT MẬT", (0.1, 0.12, 0.16, 0.152))


def test_a_word_that_was_broken_over_two_lines_is_asked_about() -> None:
    lines = [("LUẬT BẢO VỆ BÍ", at(0.1, 0.12, 0.3)), ("MẬT", at(0.2, 0.137))]
    assert judge([], page(*lines)) == Asked("stamp", 1)


def test_a_word_in_a_line_of_others_is_no_stamp() -> None:
    wide = [("BẢO", at(0.1, 0.12)), ("MẬT", at(0.165, 0.12)), ("THÔNG TIN", at(0.23, 0.12, 0.1))]
    assert judge([], page(*wide)) == Asked("stamp", 1)


def test_a_stamp_beside_the_heading_stands_alone() -> None:
    typed = "VĂN PHÒNG TỈNH ỦY" + " " * 12 + "MẬT"
    found = judge([], page((typed, at(0.1, 0.12, 0.5))))
    assert isinstance(found, Certain)
    assert found.box[0] > 0.4


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("ĐỘ MẬT: TỐI MẬT", "stamp"),
        ("Mật", "stamp"),
        ("TÀI LIỆU MẬT", "stamp"),
        ("BẢO VỆ BÍ MẬT NHÀ NƯỚC", "stamp"),
        ("MẬT ĐỘ DÂN SỐ", None),
        ("BẢO MẬT THÔNG TIN", None),
        ("công tác bảo vệ bí mật nhà nước", None),
        ("Ủy ban Mặt trận Tổ quốc", None),
    ],
)
def test_what_only_speaks_of_it_is_asked_about_at_most(text: str, question: str | None) -> None:
    found = judge([], page((text, at(0.1, 0.2, 0.4))))
    assert found == (Asked(question, 1) if question else None)  # type: ignore[arg-type]


def test_a_page_without_words_is_asked_about() -> None:
    assert judge([], [Printed(1)]) == Asked("scan", 1)
    assert judge([], []) == Asked("scan")
    said = PrintedLine("Scanned with a phone", False, (0.1, 0.97, 0.4, 0.99))
    assert judge([], [Printed(1, (said,), 0.9)]) == Asked("scan", 1)
    assert judge([], [*page(), Printed(2, (), 1.0)]) == Asked("scan", 2)
    assert judge([], [*page(), Printed(2)]) is None


def test_certain_comes_before_any_question_and_the_stamp_before_the_name() -> None:
    stamped = [Printed(1), Printed(2, (PrintedLine("MẬT", True, at(0.1, 0.1)),))]
    found = judge(["MAT.pdf"], stamped)
    assert isinstance(found, Certain)
    assert (found.reason, found.page) == ("stamp", 2)


def test_of_a_page_full_of_single_letters_so_many_pieces_are_looked_at() -> None:
    letters = [("A   " * 50, at(0.1, 0.02 * row, 0.8)) for row in range(PIECES_MOST // 50)]
    stamp = ("MẬT", at(0.1, 0.9))
    assert judge([], page(*letters, stamp)) is None
    found = judge([], page(*letters[1:], stamp))
    assert isinstance(found, Certain)
    assert found.said == "MẬT"
