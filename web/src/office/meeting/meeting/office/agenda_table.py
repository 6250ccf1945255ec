"""A pasted table read as an agenda: items with their times and who presents them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.office import columns
from meeting.office.people_named import Found, Named, named_in
from meeting.office.roll_table import without_address
from meeting.office.tables import Rows, heads_a_part, one_line
from meeting.office.times import written_times
from meeting.office.written import folded, plain
from meeting.protocol.reading import AgendaColumn, AgendaNote, ReadAgenda, ReadItem

NUMBER_MOST: Final = 12
TITLE_MOST: Final = 400

_RECESS: Final = re.compile(
    r"(giai lao|nghi giai lao|nghi giua gio|nghi trua|an trua|tea ?break|nghi)"
    r"( \d+ phut| giua gio| buoi (sang|chieu))?"
)
_ITEM: Final = re.compile(r"(?:nội dung|nd|mục)\s*(?:thứ\s*)?(\d{1,2})\s*[:.)–-]\s*", re.IGNORECASE)
_PRESENTED: Final = re.compile(
    r"\s*[-–—,;(.]?\s*\(?\b(?:người )?(?:trình bày|báo cáo viên|báo cáo|trình|thực hiện)"
    r"\s*:\s*(.+?)\)?$",
    re.IGNORECASE,
)
_BEHIND: Final = (
    re.compile(r"\s*\(([^()]+)\)$"),
    re.compile(r"\s+[-–—]\s*([^-–—]+)$"),
    re.compile(r"\s*[:;,.]\s*((?:đồng chí|đ/c|ông|bà)\s[^:]+)$", re.IGNORECASE),
)
"""How a title ends with whoever presents it."""

_WHY: Final[dict[Found, list[AgendaNote]]] = {
    "": [],
    "unknown": ["rapporteur_unknown"],
    "ambiguous": ["rapporteur_ambiguous"],
}


def read_agenda(
    rows: Rows, people: Sequence[Named] = (), said: Sequence[AgendaColumn] = ()
) -> ReadAgenda:
    """The items.

    Args:
        people: the roll, among whom who presents is looked for.
        said: what the columns are, where the guess was put right.

    Raises:
        Refused: `table_empty`, nothing is in it; `malformed`, another number of columns was said.
    """
    kinds, rest = columns.of_agenda(rows, said)
    at: dict[AgendaColumn, int] = {kind: place for place, kind in enumerate(kinds) if kind}
    if "title" not in at:
        raise Refused("table_empty")
    notes: list[AgendaNote] = []
    items: list[ReadItem] = []
    for row in rest:
        item = _read(row, at, people)
        filled = [cell for cell in row if cell]
        if item is None or (len(filled) == 1 and heads_a_part(filled[0]) and not item.recess):
            notes.append("rows_skipped")
        elif items and _more_guests(row, at):
            guests = "; ".join(filter(None, [items[-1].guests, item.guests]))
            items[-1] = replace(items[-1], guests=guests)
        else:
            items.append(item)
    if not items:
        raise Refused("table_empty")
    if not any(item.starts for item in items):
        notes.append("times_missing")
    return ReadAgenda(kinds, rest, _counted(items), list(dict.fromkeys(notes)))


def _read(row: list[str], at: dict[AgendaColumn, int], people: Sequence[Named]) -> ReadItem | None:
    def cell(kind: AgendaColumn) -> str:
        return row[at[kind]] if kind in at else ""

    title, notes = one_line(cell("title")), list[AgendaNote]()
    timed = written_times(one_line(cell("time")))
    starts, ends = timed.starts, timed.ends
    if "starts" in at:
        starts, ends = (written_times(one_line(cell(kind))).starts for kind in ("starts", "ends"))
    elif not at.keys() & {"time"} and (leading := written_times(title)).starts and leading.rest:
        starts, ends, title = leading.starts, leading.ends, leading.rest
    if cell("time") and not starts:
        notes.append("time_unread")
    number = _number(cell("number"))
    if item := _ITEM.match(title):
        number, title = number or item[1], title[item.end() :]
    presenting, seat = one_line(cell("rapporteur")), ""
    if "rapporteur" not in at:
        title, presenting, seat = _behind(title, people)
    if presenting and not seat and people:
        seat, why = named_in(presenting, people)
        notes += _WHY[why]
    guests = one_line(cell("guests"), "; ")
    if folded(guests) in ("khong", "none", "-"):
        guests = ""
    if guests:
        notes.append("guests_to_add")
    if not plain(title) and not guests:
        return None
    recess = _RECESS.fullmatch(" ".join(re.findall(r"[a-z0-9]+", folded(title)))) is not None
    return ReadItem(
        number="" if recess else number[:NUMBER_MOST],
        title=plain(title)[:TITLE_MOST],
        starts=starts,
        ends=ends,
        rapporteur=seat,
        recess=recess,
        said=presenting,
        guests=guests,
        notes=tuple(notes),
    )


def _number(cell: str) -> str:
    said = plain(cell).strip(".):/( ")
    return "" if said in ("-", "–", "—") else said


def _behind(title: str, people: Sequence[Named]) -> tuple[str, str, str]:
    """A title without who presents it, where that stands behind; what was said, and the seat."""
    if found := _PRESENTED.search(title):
        said = without_address(found[1], formal=True)
        return title[: found.start()], said, named_in(said, people)[0]
    for ends in _BEHIND:
        if found := ends.search(title):
            said = without_address(found[1], formal=True)
            seat, why = named_in(said, people)
            if why != "unknown":
                return title[: found.start()].rstrip(" :,;"), said, seat
    return title, "", ""


def _more_guests(row: list[str], at: dict[AgendaColumn, int]) -> bool:
    """Whether the row has nothing but guests: the one above goes on."""
    return "guests" in at and all(
        not cell for place, cell in enumerate(row) if place != at["guests"]
    )


def _counted(items: list[ReadItem]) -> list[ReadItem]:
    """Where nothing has a number, all but recesses get one."""
    if any(item.number for item in items):
        return items
    counted, last = [], 0
    for item in items:
        last += not item.recess
        counted.append(item if item.recess else replace(item, number=str(last)))
    return counted
