"""Whatever is pasted, uploaded or printed: it is read or refused, and what was read can be kept."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from meeting.errors import Refused
from meeting.office import sheets, tables
from meeting.office.agenda_table import read_agenda
from meeting.office.names import by_file, by_first_page
from meeting.office.people_named import Named
from meeting.office.roll_table import read_roll
from meeting.pages.printed import Printed, PrintedLine
from meeting.protocol.prepared import WantedItem, WantedPerson

WORDS = (
    "TT", "Họ và tên", "Chức vụ", "Biểu quyết", "Nội dung", "Giờ", "Trình bày", "x", "1", "2.",
    "07:30–07:45", "7h", "Giải lao", "Trần Hữu An", "Điểu K’Rênh", "Bí thư (chủ trì)", "-", '"',
    "II. Khách mời", "\t", "\n", "  ", "\u0301", "\u200b", "|", ";", ",", "Số 214-TTr/VPTU",
    "BÁO CÁO",
)  # fmt: skip

pasted = st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=60).map("".join)
PEOPLE = [Named("a", "Trần Hữu An", "Bí thư"), Named("b", "Trần Hữu An", "Phó Bí thư")]


@settings(max_examples=150)
@given(pasted)
def test_a_roll_is_read_or_refused(text: str) -> None:
    try:
        roll = read_roll(tables.of_text(text))
    except Refused:
        return
    for person in roll.people:
        wanted = {"name": person.name, "post": person.post, "role": person.role}
        msgspec.convert({**wanted, "votes": person.votes}, WantedPerson)
    assert {len(row) for row in roll.rows} <= {len(roll.columns)}
    assert msgspec.json.decode(msgspec.json.encode(roll))


@settings(max_examples=150)
@given(pasted)
def test_an_agenda_is_read_or_refused(text: str) -> None:
    try:
        agenda = read_agenda(tables.of_text(text), PEOPLE)
    except Refused:
        return
    for item in agenda.items:
        read = msgspec.structs.asdict(item)
        msgspec.convert(
            {name: read[name] for name in ("number", "title", "starts", "ends", "rapporteur")},
            WantedItem,
        )
    assert msgspec.json.decode(msgspec.json.encode(agenda))


@settings(max_examples=150)
@given(pasted)
def test_rows_come_back_as_they_went(text: str) -> None:
    """What was read is laid out by the screen, mended there, and read again."""
    try:
        rows = tables.of_text(text)
    except Refused:
        return
    again = "\n".join(
        "\t".join(
            f'"{cell.replace(chr(34), chr(34) * 2)}"' if "\n" in cell else cell for cell in row
        )
        for row in rows
    )
    assert tables.of_cells(again) == rows


@settings(max_examples=150)
@given(st.binary(max_size=300) | pasted.map(lambda text: text.encode("utf-16", "replace")))
def test_a_file_is_read_or_refused(data: bytes) -> None:
    for read in (tables.of_csv, sheets.of_xlsx):
        try:
            assert read(data)
        except Refused:
            continue


@settings(max_examples=150)
@given(pasted, st.lists(pasted, max_size=10))
def test_a_name_and_a_page_say_what_they_can(name: str, page: list[str]) -> None:
    printed = Printed(1, tuple(map(PrintedLine, page)))
    for said in (by_file(name), by_first_page([printed])):
        assert msgspec.json.decode(msgspec.json.encode(said), type=type(said)) == said
        assert len(said.title) <= 400
