"""Tables as plain rows: what parts the cells, how much is taken, files that mean harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time

import pytest

from meeting.errors import Refused
from meeting.office import sheets, tables
from meeting.office.written import alike, folded, plain
from tests.office.sample_tables import workbook


def code(found: pytest.ExceptionInfo[Refused]) -> str:
    return found.value.code


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('1\t"hai\ndòng"\tx\n2\tb\tx', [["1", "hai\ndòng", "x"], ["2", "b", "x"]]),
        ('1\t"nói ""được"""\n2\tb', [["1", 'nói "được"'], ["2", "b"]]),
        ('1\t"Nghị quyết" về số\n2\tb', [["1", '"Nghị quyết" về số'], ["2", "b"]]),
        ('1\t"Chuyển đổi số"\n2\tb', [["1", '"Chuyển đổi số"'], ["2", "b"]]),
        ('1\t"mở ra mà không đóng\n2\tb', [["1", '"mở ra mà không đóng'], ["2", "b"]]),
        ("a\t\tb\n\t\t\nc\t\td", [["a", "b"], ["c", "d"]]),
        ("a\u00a0 b\tc\u200b\nd\te", [["a b", "c"], ["d", "e"]]),
        ("1. Khai mạc\n2. Bế mạc", [["1", "Khai mạc"], ["2", "Bế mạc"]]),
        ("1) Khai mạc\n- Bế mạc", [["1", "Khai mạc"], ["", "Bế mạc"]]),
        ("7.30 Khai mạc\n8.00 Bế mạc", [["7.30 Khai mạc"], ["8.00 Bế mạc"]]),
        ("| 1 | An |\n| 2 | Ân |", [["1", "An"], ["2", "Ân"]]),
        ("1  An  Bí thư\n2  Ân  Ủy viên", [["1", "An", "Bí thư"], ["2", "Ân", "Ủy viên"]]),
        ("1\nAn\nBí thư\n2\nÂn", [["1", "An", "Bí thư"], ["2", "Ân", ""]]),
    ],
)
def test_pasted_text_becomes_rows(text: str, rows: list[list[str]]) -> None:
    assert tables.of_text(text) == rows


def test_cells_that_come_back_are_taken_as_they_are() -> None:
    assert tables.of_cells('1.\t""""\n"hai\n""dòng"""\t"x"') == [
        ["1.", '""""'],
        ['hai\n"dòng"', '"x"'],
    ]
    assert tables.of_cells("1. Khai mạc\n2. Bế mạc") == [["1. Khai mạc"], ["2. Bế mạc"]]


@pytest.mark.parametrize("text", ["", "\n\n", "\t\t\n\t", "\ufeff"])
def test_nothing_is_no_table(text: str) -> None:
    with pytest.raises(Refused) as empty:
        tables.of_text(text)
    assert code(empty) == "table_empty"


def test_a_table_without_end_is_refused() -> None:
    for text in ("a\tb\n" * 2001, "\t".join(["a"] * 41) + "\nb"):
        with pytest.raises(Refused) as large:
            tables.of_text(text)
        assert code(large) == "table_too_large"
    assert len(tables.of_text("a\tb\n" * 2000)) == 2000


def test_a_long_cell_is_cut() -> None:
    assert [len(cell) for cell in tables.of_text("a\t" + "x" * 10_000)[0]] == [1, 4000]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 50, bytes(range(256)) * 4])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as broken:
        tables.of_csv(data)
    assert code(broken) in ("table_unreadable", "table_empty")


def test_lines_of_a_cell_are_put_together_as_they_are_read() -> None:
    assert tables.one_line("Phó Bí thư,\nChủ tịch", ", ") == "Phó Bí thư, Chủ tịch"
    assert tables.one_line("Phó Bí thư\nChủ tịch", ", ") == "Phó Bí thư, Chủ tịch"
    assert tables.one_line("Trưởng Ban\ntuyên giáo", ", ") == "Trưởng Ban tuyên giáo"


def test_the_first_sheet_that_holds_anything_is_read() -> None:
    rows = sheets.of_xlsx(workbook([["TT", "Họ tên", "BQ"], [1, "An", True], [2.0, None, False]]))
    assert rows == [["TT", "Họ tên", "BQ"], ["1", "An", "x"], ["2", "", ""]]


def test_times_of_day_are_read_however_their_cells_show_them() -> None:
    book = workbook([[time(7, 30), 0.3125, 450 / 1440, 0.123, date(2026, 12, 10)]])
    assert sheets.of_xlsx(book) == [["07:30", "07:30", "07:30", "0.123", "10/12/2026"]]


def test_an_empty_workbook_and_a_broken_one_are_refused() -> None:
    with pytest.raises(Refused) as empty:
        sheets.of_xlsx(workbook([]))
    assert code(empty) == "table_empty"
    for data in (b"", b"PK\3\4 and no more", zipped({"a.txt": b"a"}), workbook([["a"]])[:-40]):
        with pytest.raises(Refused) as broken:
            sheets.of_xlsx(data)
        assert code(broken) == "table_unreadable"


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    bomb = zipped({"xl/worksheets/sheet1.xml": bytes(sheets.UNPACKED_MOST_BYTES + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(Refused) as large:
        sheets.of_xlsx(bomb)
    assert code(large) == "table_too_large"


def test_a_small_file_of_cells_without_end_is_not_read() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook([["a", "b"]]))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = b"<worksheet><sheetData><row>%s</row></sheetData></worksheet>"
    cells = zipped({**parts, "xl/worksheets/sheet1.xml": sheet % (b"<c/>" * sheets.TAGS_MOST)})
    assert len(cells) < 100_000
    with pytest.raises(Refused) as large:
        sheets.of_xlsx(cells)
    assert code(large) == "table_too_large"
    full = [["Trần Hữu An"] * 40] * 2000
    assert sheets.of_xlsx(workbook(full)) == full


def test_a_workbook_whose_entities_multiply_is_refused() -> None:
    good = workbook([["a", "b"]])
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"ha" * 500 + b'">'
    for n in range(8):
        here, before = b"abcdefghi"[n + 1 : n + 2], b"abcdefghi"[n : n + 1]
        laughs += b"<!ENTITY " + here + b' "' + (b"&" + before + b";") * 20 + b'">'
    laughs += b"]><worksheet><sheetData><row><c><v>&i;</v></c></row></sheetData></worksheet>"
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with pytest.raises(Refused) as refused:
        sheets.of_xlsx(zipped({**parts, "xl/worksheets/sheet1.xml": laughs}))
    assert code(refused) in ("table_unreadable", "table_empty")


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def test_spellings_of_one_name_are_alike_and_names_are_not() -> None:
    assert alike("Hòa") == alike("Hoà") == alike("HÒA")
    assert alike("K'Rênh") == alike("K’Rênh")
    assert len({alike(name) for name in ("An", "Anh", "Ân", "Ẩn")}) == 4
    assert folded("Đồng chí Ẩn") == "dong chi an"
    assert plain("  a\u00a0b\t\u200bc\n") == "a b c"


def test_a_sea_of_spaces_is_read_at_once() -> None:
    """The work grows with the text, not with its square: that would be hours for this one."""
    spaces = " " * 1_000_000
    assert tables.of_text(f"Trần Hữu An{spaces}Bí thư") == [["Trần Hữu An", "Bí thư"]]
    assert tables.of_text(f"1 | An{spaces}\n2 |{spaces}Bình |{spaces}x\n") == [
        ["1", "An", ""],
        ["2", "Bình", "x"],
    ]


def test_a_letter_with_a_million_marks_is_read_at_once() -> None:
    """All of them would be sorted, with the square of their number, while nothing else runs."""
    marks = "\u0300\u0316" * 500_000
    read = tables.of_cells(f"a{marks}\tx")
    assert read == [["à" + "\u0316" * 15 + "\u0300" * 14, "x"]]
