"""The sample meeting's agenda, as people paste it, and who presents what."""

from __future__ import annotations

import unicodedata
from datetime import time

import pytest

from meeting.errors import Refused
from meeting.office import sheets, tables
from meeting.office.agenda_table import read_agenda
from meeting.office.people_named import Named, named_in
from meeting.office.times import Times, written_times
from meeting.protocol.reading import AgendaColumn, ReadItem
from tests.office.sample_tables import AGENDA, AGENDA_HEAD, ROLL, stacked, tabbed, workbook

PEOPLE = [Named(f"s{number}", name, post) for number, name, post, _ in ROLL]
"""The roll; the seat of number 6 is s6."""

PRESENT = ("s15", "s10", "s15", "s5", "", "s22", "s6", "", "s4", "s1")
"""Who presents the items: of the last but two, there are two of the name."""

HEADED = [AGENDA_HEAD, *AGENDA]


def expected(*, guests: bool = True) -> list[ReadItem]:
    items = []
    for (number, hours, title, said, invited), seat in zip(AGENDA, PRESENT, strict=True):
        starts, _, ends = hours.partition("–")
        invited = invited if guests else ""
        notes: list[str] = ["rapporteur_ambiguous"] if said and not seat else []
        notes += ["guests_to_add"] if invited else []
        items.append(
            ReadItem(
                number="" if number == "–" else number,
                title=title,
                starts=starts,
                ends=ends,
                rapporteur=seat,
                recess=title == "Giải lao",
                said=said,
                guests=invited,
                notes=tuple(notes),  # type: ignore[arg-type]  # spelt out above
            )
        )
    return items


def read(text: str, *said: AgendaColumn) -> list[ReadItem]:
    return read_agenda(tables.of_text(text), PEOPLE, said).items


def in_hours(form: str) -> str:
    """The whole table, its hours written another way."""
    rows = []
    for number, hours, *rest in AGENDA:
        starts, _, ends = hours.partition("–")
        (h, m), (k, n) = starts.split(":"), ends.split(":")
        rows.append((number, form.format(h=h, m=m, k=k, n=n, i=int(h), j=int(k)), *rest))
    return tabbed([AGENDA_HEAD, *rows])


FORMS = {
    "Word": tabbed(HEADED),
    "Word, no heading": tabbed(AGENDA),
    "letters in pieces": unicodedata.normalize("NFD", tabbed(HEADED)),
    "every cell on a line of its own": stacked(AGENDA),
    "7h30": in_hours("{i}h{m} - {j}h{n}"),
    "07g30": in_hours("{h}g{m}-{k}g{n}"),
    "07.30": in_hours("{h}.{m} – {k}.{n}"),
    "từ 7 giờ 30": in_hours("Từ {i} giờ {m} đến {j} giờ {n}"),
    "two columns of hours": tabbed(
        [
            ("TT", "Từ", "Đến", "Nội dung", "Người trình bày", "Khách mời"),
            *((n, *hours.split("–"), *rest) for n, hours, *rest in AGENDA),
        ]
    ),
    "another order": tabbed(
        [
            ("Trình bày", "Nội dung", "Thành phần mời", "Thời gian", "STT"),
            *((who, title, guests, hours, n) for n, hours, title, who, guests in AGENDA),
        ]
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_items_are_read_from_every_form(form: str) -> None:
    assert read(FORMS[form]) == expected()


def test_the_same_items_are_read_from_a_spreadsheet_with_times_in_its_cells() -> None:
    rows: list[list[object]] = [["TT", "Từ", "Đến", *AGENDA_HEAD[2:]]]
    for number, hours, *rest in AGENDA:
        rows.append([number, *map(time.fromisoformat, hours.split("–")), *rest])
    assert read_agenda(sheets.of_xlsx(workbook(rows)), PEOPLE).items == expected()


def test_the_same_items_are_read_from_lines_of_a_message() -> None:
    lines = [
        f"{number + '. ' if number.isdigit() else ''}{hours.replace(':', 'h')}: {title}"
        f"{f' (đ/c {said})' if said else ''}"
        for number, hours, title, said, _ in AGENDA
    ]
    assert read("CHƯƠNG TRÌNH HỘI NGHỊ\n" + "\n".join(lines)) == expected(guests=False)


def test_items_without_numbers_are_counted_recesses_are_not() -> None:
    rows = [("Giờ", "Nội dung"), ("07:30", "Khai mạc"), ("9:00", "Giải lao"), ("9:15", "Bế mạc")]
    items = read_agenda(tables.of_text(tabbed(rows))).items
    assert [(one.number, one.recess) for one in items] == [("1", False), ("", True), ("2", False)]


def test_guests_on_lines_of_their_own_belong_to_the_item_above() -> None:
    rows = [AGENDA_HEAD, AGENDA[0], AGENDA[1], ("", "", "", "", "Kiều Đình Phát (Trưởng Thống kê)")]
    one, two = read(tabbed(rows))
    assert one.guests == ""
    assert two.guests == f"{AGENDA[1][4]}; Kiều Đình Phát (Trưởng Thống kê)"


def test_an_agenda_without_hours_says_so() -> None:
    rows = [("TT", "Nội dung", "Trình bày"), ("1", "Khai mạc", "Trần Hữu An")]
    assert read_agenda(tables.of_text(tabbed(rows)), PEOPLE).notes == ["times_missing"]


def test_an_hour_that_cannot_be_is_marked() -> None:
    rows = [AGENDA_HEAD, ("1", "sáng", "Khai mạc", "", ""), ("2", "25:80", "Bế mạc", "", "")]
    assert [one.notes for one in read(tabbed(rows))] == [("time_unread",), ("time_unread",)]


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(Refused) as empty:
        read_agenda(tables.of_text("\n \n\t\n"))
    assert empty.value.code == "table_empty"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Mai Trọng Nghĩa", ("s10", "")),
        ("Đ/c Mai Trọng Nghĩa, Phó Chủ tịch UBND", ("s10", "")),
        ("mai trong nghia", ("s10", "")),
        ("Nguyễn Văn Hoà", ("s13", "")),
        ("Điểu K’Rênh", ("s8", "")),
        ("Cao Xuân Ân", ("s7", "")),
        ("Vũ Đình Ẩn", ("s5", "")),
        ("Trần Hữu An", ("s15", "")),
        ("Trần Hữu Anh", ("", "unknown")),
        ("Nguyễn Thị Hạnh", ("", "ambiguous")),
        ("Nguyễn Thị Hạnh - Trưởng Ban Tuyên giáo và Dân vận", ("s6", "")),
        ("Nguyễn Thị Hạnh, Phó Trưởng Ban", ("s20", "")),
        ("Mai Trọng Nghĩa và Vũ Đình Ẩn", ("", "ambiguous")),
        ("Sở Tài chính", ("", "unknown")),
        ("", ("", "unknown")),
    ],
)
def test_a_person_is_found_by_the_whole_name(said: str, found: tuple[str, str]) -> None:
    assert named_in(said, PEOPLE) == found


def test_the_longest_name_is_meant() -> None:
    people = [Named("a", "Y Lơi", ""), Named("b", "Y Lơi Byă", "")]
    assert named_in("Y Lơi Byă trình bày", people) == ("b", "")


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("07:30–07:45", Times("07:30", "07:45", True, "")),
        ("7h30", Times("07:30", "", True, "")),
        ("7h", Times("07:00", "", True, "")),
        ("14 giờ 30 phút", Times("14:30", "", True, "")),
        ("07:30:00", Times("07:30", "", True, "")),
        ("7h30: Khai mạc lúc 8h", Times("07:30", "", False, "Khai mạc lúc 8h")),
        ("9 giải pháp năm 2027", Times("", "", False, "9 giải pháp năm 2027")),
        ("Ngày 02.12.2026", Times("", "", False, "Ngày 02.12.2026")),
        ("24:00", Times("", "", False, "24:00")),
    ],
)
def test_times_of_day_are_read_as_people_write_them(said: str, times: Times) -> None:
    assert written_times(said) == times
