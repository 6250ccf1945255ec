"""The sample meeting's roll, as people paste it: the same people whatever the form."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest

from meeting.errors import Refused
from meeting.office import sheets, tables
from meeting.office.roll_table import read_roll
from meeting.protocol.reading import ReadPerson, RollColumn
from meeting.protocol.words import Role
from tests.office.sample_tables import ROLL, ROLL_HEAD, spaced, stacked, tabbed, workbook

ROLES: dict[str, Role] = {
    "(chủ trì)": "chair",
    "(thư ký)": "secretary",
    "(ghi biên bản)": "minute_taker",
    "(kỹ thuật)": "technician",
}

HEADED = [ROLL_HEAD, *ROLL]


def expected() -> list[ReadPerson]:
    people = []
    for _, name, post, votes in ROLL:
        bracket = next((said for said in ROLES if post.endswith(said)), "")
        twice = name == "Nguyễn Thị Hạnh"
        people.append(
            ReadPerson(
                name=name,
                post=post.removesuffix(f" {bracket}") if bracket else post,
                role=ROLES.get(bracket, "member"),
                votes=votes == "x",
                notes=("name_twice",) if twice else (),
            )
        )
    return people


def read(text: str, *said: RollColumn) -> list[ReadPerson]:
    return read_roll(tables.of_text(text), said).people


def two_columns() -> list[tuple[str, ...]]:
    """Post and unit apart, people called Ông and Bà."""
    head = ("STT", "Họ tên", "Chức vụ", "Đơn vị", "Biểu quyết")
    rows = [
        (number, f"Ông {name}", *[*post.split(", ", 1), ""][:2], votes)
        for number, name, post, votes in ROLL
    ]
    return [head, *rows]


def broken() -> str:
    """As Word copies a table whose cells have several paragraphs."""
    rows = [(n, name, post.replace(", ", ",\n"), x) for n, name, post, x in ROLL]
    return "\n".join("\t".join(row) for row in [ROLL_HEAD, *rows])


def quoted() -> str:
    """As Excel copies cells of several lines."""
    rows = [(n, name, post.replace(", ", ",\n"), x) for n, name, post, x in ROLL]
    return "\r\n".join(
        "\t".join(f'"{cell}"' if "\n" in cell else cell for cell in row)
        for row in [ROLL_HEAD, *rows]
    )


def listed(begin: str, between: str, votes: str) -> str:
    return "\n".join(
        begin.format(number) + name + between + post + (votes if x else "")
        for number, name, post, x in ROLL
    )


FORMS = {
    "Word": tabbed(HEADED),
    "Word, no heading": tabbed(ROLL),
    "letters in pieces": unicodedata.normalize("NFD", tabbed(HEADED)),
    "Word, several paragraphs in a cell": broken(),
    "Excel, several lines in a cell": quoted(),
    "through a mail": spaced(HEADED),
    "every cell on a line of its own": stacked(ROLL),
    "post and unit apart": tabbed(two_columns()),
    "with a title above and figures below the heading": tabbed(
        [("DANH SÁCH ĐẠI BIỂU",), ROLL_HEAD, ("(1)", "(2)", "(3)", "(4)"), *ROLL]
    ),
    "another order, no accents in the heading": tabbed(
        [("BIEU QUYET", "Chuc vu - don vi", "HO VA TEN"), *((x, p, n) for _, n, p, x in ROLL)]
    ),
    "Zalo, numbered": "DANH SÁCH DỰ HỌP:\n" + listed("{}. Đ/c ", " - ", " (x)"),
    "Zalo, brackets": listed("{}) đồng chí ", ", ", " - x"),
    "Zalo, dashes": listed("- ", ": ", ", biểu quyết"),
    "Word's numbered list": listed("{}.\t", " - ", " (biểu quyết)"),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_people_are_read_from_every_form(form: str) -> None:
    assert read(FORMS[form]) == expected()


@pytest.mark.parametrize("title", ["", "Danh sách đại biểu dự hội nghị"])
def test_the_same_people_are_read_from_a_spreadsheet(title: str) -> None:
    rows: Sequence[Sequence[object]] = [
        ROLL_HEAD, *((int(n), name, post, x or None) for n, name, post, x in ROLL)
    ]  # fmt: skip
    assert read_roll(sheets.of_xlsx(workbook(rows, title))).people == expected()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_the_same_people_are_read_from_a_file_of_values(encoding: str, mark: str) -> None:
    text = "\r\n".join(mark.join(row) for row in HEADED)
    # A code page of old has letters in pieces, and no letter of the highlands.
    data = (
        _in_pieces(text).encode(encoding, "replace")
        if encoding == "cp1258"
        else text.encode(encoding)
    )
    people = read_roll(tables.of_csv(data)).people
    same = [one for one in expected() if encoding != "cp1258" or one.name != "Y Lơi Byă"]
    assert [one for one in people if encoding != "cp1258" or "Byă" not in one.name] == same


def _in_pieces(text: str) -> str:
    """Letters with their tones apart, as that code page writes them."""
    out = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323"), "")
        out.append(unicodedata.normalize("NFC", apart.replace(tone, "")) + tone if tone else letter)
    return "".join(out)


def test_commas_part_cells_where_they_do_so_in_every_row() -> None:
    head = 'TT,Họ và tên,"Chức vụ, đơn vị",BQ\n'
    rows = "\n".join(f'{n},{name},"{post}",{x}' for n, name, post, x in ROLL)
    assert read_roll(tables.of_csv((head + rows).encode())).people == expected()


def test_whoever_pasted_it_says_what_the_columns_are() -> None:
    text = "Bí thư\tLương Minh Khải\tCó\nPhó Bí thư\tPhùng Quốc Bảo\tKhông"
    people = read(text, "post", "name", "votes")
    assert [(one.name, one.post, one.votes) for one in people] == [
        ("Lương Minh Khải", "Bí thư", True),
        ("Phùng Quốc Bảo", "Phó Bí thư", False),
    ]
    with pytest.raises(Refused) as wrong:
        read(text, "post", "name")
    assert wrong.value.code == "malformed"


def test_without_a_column_for_it_nobody_votes_and_that_is_said() -> None:
    found = read_roll(tables.of_text(tabbed([row[:3] for row in HEADED])))
    assert [one.votes for one in found.people] == [False] * 25
    assert found.notes == ["votes_missing"]


def test_what_is_missing_in_the_room_is_said() -> None:
    text = tabbed([("Họ tên", "Chức vụ", "BQ"), ("Trần Hữu An", "Chánh Văn phòng", "x")])
    assert read_roll(tables.of_text(text)).notes == ["chair_missing", "secretary_missing"]
    two = text + "Vũ Đình Ẩn\tBí thư (chủ trì)\tx\nMai Nghĩa\tPhó Bí thư (chủ trì)\tx"
    assert "chairs_many" in read_roll(tables.of_text(two)).notes


@pytest.mark.parametrize(
    ("said", "role", "post"),
    [
        ("Bí thư Tỉnh ủy (Chủ trì hội nghị)", "chair", "Bí thư Tỉnh ủy"),
        ("Bí thư Tỉnh ủy - chủ trì", "chair", "Bí thư Tỉnh ủy"),
        ("Chánh Văn phòng, thư ký hội nghị", "secretary", "Chánh Văn phòng"),
        ("Chuyên viên (ghi biên bản)", "minute_taker", "Chuyên viên"),
        ("GĐ Sở Tài chính (khách mời)", "guest", "GĐ Sở Tài chính"),
        ("Chuyên viên (phục vụ kỹ thuật)", "technician", "Chuyên viên"),
        ("Phó Chủ tịch (phụ trách)", "member", "Phó Chủ tịch (phụ trách)"),
        ("Chủ tịch Hội, Tổng thư ký", "member", "Chủ tịch Hội, Tổng thư ký"),
    ],
)
def test_a_role_is_read_behind_the_post(said: str, role: Role, post: str) -> None:
    text = tabbed([("Họ tên", "Chức vụ"), ("Trần Hữu An", said), ("Vũ Đình Ẩn", "Ủy viên")])
    person = read(text)[0]
    assert (person.role, person.post) == (role, post)


def test_a_role_is_read_in_a_column_of_its_own() -> None:
    text = tabbed(
        [
            ("Họ tên", "Chức vụ", "Vai trò", "BQ"),
            ("Lương Minh Khải", "Bí thư", "Chủ trì", "x"),
            ("Phạm Thị Thùy Dương", "Phó Chánh VP", "Thư ký", ""),
            ("Nguyễn Văn Hoà", "GĐ Sở", "Khách mời", "x"),
        ]
    )
    assert [(one.role, one.votes, one.notes) for one in read(text)] == [
        ("chair", True, ()),
        ("secretary", False, ()),
        ("guest", False, ("vote_dropped",)),
    ]


def test_lines_between_people_say_what_those_below_are() -> None:
    text = tabbed(
        [
            ("TT", "Họ và tên", "Chức vụ"),
            ("I. THÀNH VIÊN",),
            ("1", "Trần Hữu An", "Chánh Văn phòng"),
            ("II. Khách mời theo nội dung",),
            ("1", "Nguyễn Văn Hoà", "GĐ Sở Tài chính"),
        ]
    )
    assert [(one.name, one.role) for one in read(text)] == [
        ("Trần Hữu An", "member"),
        ("Nguyễn Văn Hoà", "guest"),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Đồng chí Trần Hữu An", "Trần Hữu An"),
        ("đ/c Trần Hữu An", "Trần Hữu An"),
        ("Đ.c. Trần Hữu An", "Trần Hữu An"),
        ("Bà Lê Thị Bích Ngà", "Lê Thị Bích Ngà"),
        ("Ông Ích Khiêm", "Ông Ích Khiêm"),
        ("Điểu K’Rênh", "Điểu K’Rênh"),
        ("Y Lơi Byă", "Y Lơi Byă"),
    ],
)
def test_forms_of_address_are_left_out_names_are_not(written: str, name: str) -> None:
    text = tabbed([("Họ tên", "Chức vụ"), (written, "Ủy viên"), ("Vũ Đình Ẩn", "Ủy viên")])
    assert read(text)[0].name == name


def test_what_is_nobody_is_passed_over_and_that_is_said() -> None:
    text = tabbed([*HEADED, ("", "Tổng cộng", "25", "15")])
    found = read_roll(tables.of_text(text))
    assert (found.people, found.notes) == (expected(), ["rows_skipped"])


def test_a_doubtful_name_is_marked() -> None:
    text = tabbed([("Họ tên", "Chức vụ"), ("Sở Tài chính (01 đại biểu)", ""), ("Vũ Ẩn", "")])
    assert read(text)[0].notes == ("name_doubtful",)


def test_nobody_at_all_is_refused() -> None:
    with pytest.raises(Refused) as empty:
        read_roll(tables.of_text("TT\tHọ và tên\tChức vụ\n1\t\t\n2\t\t"))
    assert empty.value.code == "table_empty"
