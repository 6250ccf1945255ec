"""What the columns of a table mean: by its heading, in any order and without accents, else by
what stands in them. Whoever pasted it may say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from meeting.errors import Refused
from meeting.office.standings import role_said
from meeting.office.tables import DASHES, NUMBER, Rows
from meeting.office.times import written_times
from meeting.office.written import folded, plain
from meeting.protocol.reading import AgendaColumn, RollColumn

Column = TypeVar("Column", bound=str)

HEADING_ROWS: Final = 6
"""A heading stands among so many rows; above it the table may have a title."""

MARKS: Final = frozenset({"x", "✓", "✔", "☑", "☒", "v", "co", "[x]", "(x)", "1", "true", "yes"})
"""What stands in a column of yes and no for a yes, folded."""

_TITLES: Final = frozenset({"ong", "ba", "dong chi", "d/c", "dc", "ong/ba", "o", "b"})

_ROLL_HEADS: Final[dict[RollColumn, tuple[str, ...]]] = {
    "tt": ("tt", "stt", "so tt", "so thu tu", "#", "no", "so"),
    "votes": ("bieu quyet", "b quyet", "bq", "quyen bieu quyet", "duoc bieu quyet", "co bieu quyet",
              "quyen bq", "thanh vien bieu quyet"),
    "role": ("vai tro", "nhiem vu", "tu cach", "ghi chu", "nhiem vu tai hoi nghi"),
    "name": ("ho va ten", "ho ten", "ten", "ho va ten dai bieu", "dai bieu", "thanh phan",
             "ho va ten dong chi", "dong chi", "nguoi du hop", "ho ten dai bieu"),
    "post": ("chuc vu", "chuc danh", "chuc vu don vi", "chuc vu don vi cong tac",
             "chuc vu co quan", "chuc vu noi cong tac", "chuc vu va don vi"),
    "unit": ("don vi", "co quan", "noi cong tac", "don vi cong tac", "co quan don vi"),
}  # fmt: skip

_AGENDA_HEADS: Final[dict[AgendaColumn, tuple[str, ...]]] = {
    "number": ("tt", "stt", "so tt", "so thu tu", "#", "so", "nd", "muc"),
    "time": ("gio", "thoi gian", "thoi luong", "thoi gian thuc hien", "gio hop"),
    "starts": ("tu", "bat dau", "tu gio", "gio bat dau"),
    "ends": ("den", "ket thuc", "den gio", "gio ket thuc"),
    "title": ("noi dung", "noi dung cong viec", "cong viec", "noi dung lam viec", "chuong trinh",
              "noi dung hop", "ten noi dung", "noi dung trinh"),
    "rapporteur": ("trinh bay", "nguoi trinh bay", "bao cao", "nguoi bao cao", "nguoi trinh",
                   "thuc hien", "nguoi thuc hien", "don vi trinh", "co quan trinh",
                   "don vi bao cao", "phan cong", "dong chi trinh bay"),
    "guests": ("khach moi", "khach moi rieng", "thanh phan moi", "dai bieu moi", "moi du",
               "thanh phan", "thanh phan moi du", "thanh phan moi rieng"),
}  # fmt: skip

_NAME: Final = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")


def of_roll(rows: Rows, said: Sequence[RollColumn] = ()) -> tuple[list[RollColumn], Rows]:
    """The columns of a roll, and its rows below the heading.

    Args:
        said: what the columns are, by whoever pasted the table.

    Raises:
        Refused: `malformed`, where there are more or fewer columns than said.
    """
    columns, rest = _by_heading(rows, _ROLL_HEADS, "")
    if said:
        return _as_said(said, rest), rest
    return (columns if "name" in columns else _roll_by_content(rest)), rest


def of_agenda(rows: Rows, said: Sequence[AgendaColumn] = ()) -> tuple[list[AgendaColumn], Rows]:
    """The columns of an agenda, and its rows below the heading. As `of_roll`."""
    columns, rest = _by_heading(rows, _AGENDA_HEADS, "")
    if said:
        return _as_said(said, rest), rest
    return (columns if "title" in columns else _agenda_by_content(rest)), rest


def is_mark(cell: str) -> bool:
    """Whether a cell of yes and no says yes."""
    return folded(cell) in MARKS


def looks_a_name(cell: str) -> bool:
    """Two to six words with capitals and without figures, such as Y Lơi Byă."""
    said = plain(re.sub(r"\(.*\)", "", cell)).split()
    return 2 <= len(said) <= 6 and all(
        _NAME.fullmatch(word) is not None and word[0].isupper() for word in said
    )


def is_number(cell: str) -> bool:
    """Whether a cell is a row's or an item's number: 7, 7., VII, or a dash for none."""
    return (
        NUMBER.fullmatch(cell) is not None
        or cell in DASHES
        or re.fullmatch(r"[IVX]+[.)]?", cell) is not None
    )


def _as_said(said: Sequence[Column], rows: Rows) -> list[Column]:
    if len(said) != len(rows[0]):
        raise Refused("malformed")
    return list(said)


def _by_heading(
    rows: Rows, heads: Mapping[Column, tuple[str, ...]], nothing: Column
) -> tuple[list[Column], Rows]:
    """The columns a heading names, the others `nothing`; and the rows below it."""
    for place, row in enumerate(rows[: min(HEADING_ROWS, len(rows) - 1)]):
        found = [_head(cell, heads, nothing) for cell in row]
        if len({name for name in found if name != nothing}) > 1:
            once = [nothing if name in found[:at] else name for at, name in enumerate(found)]
            return once, _below(rows[place + 1 :])
    return [nothing] * len(rows[0]), rows


def _head(cell: str, heads: Mapping[Column, tuple[str, ...]], nothing: Column) -> Column:
    said = " ".join(re.findall(r"[a-z0-9#]+", folded(cell)))
    return next((name for name, known in heads.items() if said in known), nothing)


def _below(rows: Rows) -> Rows:
    """Without the row "(1) (2) (3)" that official tables have under their heading."""
    first = [cell for cell in rows[0] if cell]
    numbers = [re.sub(r"\W", "", cell) for cell in first]
    counted = len(first) > 2 and numbers == [str(n) for n in range(1, len(first) + 1)]
    return rows[1:] if counted and len(rows) > 1 else rows


def _roll_by_content(rows: Rows) -> list[RollColumn]:
    columns: list[RollColumn] = [""] * len(rows[0])
    free: list[int] = []
    for place in range(len(columns)):
        cells = [cell for row in rows if (cell := row[place])]
        if "tt" not in columns and not free and _share(cells, is_number) > 0.7:
            columns[place] = "tt"
        elif "votes" not in columns and _share(cells, is_mark) > 0.9:
            columns[place] = "votes"
        elif "role" not in columns and _share(cells, role_said) > 0.9:
            columns[place] = "role"
        elif _share(cells, _says_something) > 0.5:
            free.append(place)
    # The column of names comes first, wherever it stands; posts and units in their order.
    named = [p for p in free if _share([row[p] for row in rows if row[p]], looks_a_name) > 0.6]
    if named:
        free.remove(named[0])
        free.insert(0, named[0])
    wanted: tuple[RollColumn, ...] = ("name", "post", "unit")
    for place, kind in zip(free, wanted, strict=False):
        columns[place] = kind
    return columns


def _says_something(cell: str) -> bool:
    """Whether a cell has words that are no mere form of address, nor a number of a telephone."""
    said = folded(cell).strip(" .")
    return said not in _TITLES and re.search(r"[a-z]", said) is not None


def _agenda_by_content(rows: Rows) -> list[AgendaColumn]:
    columns: list[AgendaColumn] = [""] * len(rows[0])
    free: list[int] = []
    timed: list[int] = []
    for place in range(len(columns)):
        cells = [cell for row in rows if (cell := row[place])]
        if _share(cells, lambda cell: written_times(cell).whole) > 0.7:
            timed.append(place)
        elif "number" not in columns and not free and _share(cells, is_number) > 0.7:
            columns[place] = "number"
        elif cells:
            free.append(place)
    if len(timed) == 1:
        columns[timed[0]] = "time"
    elif timed:
        columns[timed[0]], columns[timed[1]] = "starts", "ends"
    if not free:
        return columns
    title = next((place for place in free if _titles(rows, place)), free[0])
    columns[title] = "title"
    wanted: tuple[AgendaColumn, ...] = ("rapporteur", "guests")
    for place, kind in zip([p for p in free if p > title], wanted, strict=False):
        columns[place] = kind
    return columns


def _titles(rows: Rows, place: int) -> bool:
    """Whether nearly every row has words here that are no names of people."""
    cells = [row[place] for row in rows if row[place]]
    return len(cells) * 10 > 8 * len(rows) and _share(cells, looks_a_name) <= 0.6


def _share(cells: Sequence[str], holds: Callable[[str], object]) -> float:
    return sum(bool(holds(cell)) for cell in cells) / len(cells) if cells else 0.0
