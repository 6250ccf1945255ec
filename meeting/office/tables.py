"""A table as plain rows of cells: from pasted text, or a file of values parted by commas.

Spreadsheets are in `sheets`. What the columns mean is guessed in `columns`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from meeting.errors import Refused
from meeting.office.written import composed, folded, plain

ROWS_MOST: Final = 2000
COLUMNS_MOST: Final = 40
CELL_MOST: Final = 4000

Rows = list[list[str]]
"""Cells may hold several lines. Every row of a table has as many cells."""

NUMBER: Final = re.compile(r"\(?\d{1,4}\)?[.)/:]?")
"""What stands in the first column of a numbered table."""

DASHES: Final = ("-", "–", "—")
"""What stands there for no number."""

_NUMBERED: Final = (
    re.compile(r"(\d{1,3})[.)/]\s+(\S.*)"),
    re.compile(r"(\d{1,3})[.)](?!\d)(\S.*)"),
    re.compile(r"(\d{1,3})\s*[-:–]\s+(\S.*)"),
    re.compile(r"()[-+*•–—▪●]\s*(\S.*)"),
)
"""How lines of a list begin; times of day such as 7.30 do not."""

_SECTION: Final = re.compile(r"([IVX]+|[A-Z])[.)/]\s.*", re.DOTALL)


def of_text(text: str) -> Rows:
    """What was pasted from Word, Excel, Zalo or a mail.

    Raises:
        Refused: `table_empty`, `table_too_large`.
    """
    text = composed(text).removeprefix("\ufeff")
    text = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", text).replace("\x0b", " ")
    if "\t" in text:
        return tidy(_mended(_tabbed(text)))
    return tidy(_listed([line.strip() for line in text.split("\n") if line.strip()]))


def of_cells(text: str) -> Rows:
    """What `of_text` gave, come back with a line for each row and tabs between the cells.

    Raises:
        Refused: `table_empty`, `table_too_large`.
    """
    text = composed(text).replace("\r\n", "\n")
    return tidy(_tabbed(text, r"[\n\t]"))


def of_csv(data: bytes) -> Rows:
    """A .csv or .txt file, in whatever encoding and with whatever separator it was saved.

    Raises:
        Refused: `table_unreadable`, `table_empty`, `table_too_large`.
    """
    text = composed(_decoded(data)).removeprefix("\ufeff")
    separator = _separator(text)
    if not separator:
        return of_text(text)
    try:
        return tidy([list(row) for row in csv.reader(io.StringIO(text), delimiter=separator)])
    except csv.Error:
        raise Refused("table_unreadable") from None


def tidy(rows: Sequence[Sequence[str]]) -> Rows:
    """Without empty rows and columns, every row as long as the longest.

    Raises:
        Refused: `table_empty`, `table_too_large`.
    """
    kept = [cells for row in rows if any(cells := [_cell(cell) for cell in row])]
    if not kept:
        raise Refused("table_empty")
    width = max(len(row) for row in kept)
    full = [row + [""] * (width - len(row)) for row in kept]
    used = [column for column in range(width) if any(row[column] for row in full)]
    if len(full) > ROWS_MOST or len(used) > COLUMNS_MOST:
        raise Refused("table_too_large", rows=ROWS_MOST)
    return [[row[column] for column in used] for row in full]


def one_line(cell: str, between: str = " ") -> str:
    """A cell's lines in one; `between` those that begin anew, a space where one goes on."""
    lines = [line for line in map(plain, cell.split("\n")) if line]
    joined = ""
    for line in lines:
        anew = joined and line[0].isupper() and joined[-1] not in ",;:-–("
        joined += (between if anew else " " if joined else "") + line
    return joined


def _cell(cell: str) -> str:
    lines = [plain(line) for line in composed(cell).split("\n")]
    return "\n".join(filter(None, lines))[:CELL_MOST]


def _tabbed(text: str, inside: str = r'[\n\t]|""') -> Rows:
    """Lines of cells parted by tabs; a cell of several lines stands in quotes, as Excel does it.

    A quote that opens no such cell is a letter of the text.

    Args:
        inside: what a cell in quotes has in it; others are words in quotes, such as a title.
    """
    rows: Rows = [[]]
    at = 0
    while at <= len(text):
        quoted = _quoted(text, at, inside)
        if quoted is None:
            ends = re.compile(r"[\t\n]|\Z").search(text, at)
            stop = ends.start() if ends else len(text)
            cell = text[at:stop]
        else:
            cell, stop = quoted
        rows[-1].append(cell)
        if text[stop : stop + 1] == "\n":
            rows.append([])
        at = stop + 1
    return [row for row in rows if any(cell.strip() for cell in row)]


def _quoted(text: str, at: int, inside: str) -> tuple[str, int] | None:
    """The quoted cell that begins here, and where it ends."""
    if text[at : at + 1] != '"':
        return None
    close = re.compile(r'"(?:[^"]|"")*"(?=[\t\n]|\Z)').match(text, at)
    if close is None:
        return None
    inner = close.group()[1:-1]
    if not re.search(inside, inner):
        return None
    return inner.replace('""', '"'), close.end()


def _mended(rows: Rows) -> Rows:
    """A cell of several paragraphs breaks its row in two where Word copies it: put together."""
    lengths = Counter(len(row) for row in rows if len(row) > 1)
    if not lengths:
        return rows
    widest = max(lengths)
    width = widest if len(rows[0]) == widest else max(lengths, key=lambda n: (lengths[n], n))
    mended: Rows = []
    for row in rows:
        before = mended[-1] if mended else []
        begins = bool(NUMBER.fullmatch(row[0].strip()))
        begins = begins or (len(row) == 1 and heads_a_part(row[0]))
        if before and not begins and 1 < len(before) + len(row) - 1 <= width > len(before) > 1:
            mended[-1] = [*before[:-1], f"{before[-1]}\n{row[0]}", *row[1:]]
        elif len(row) == 1 < width == len(before) and _goes_on(before[-1], row[0]):
            before[-1] += f"\n{row[0]}"
        else:
            mended.append(row)
    return mended


def _goes_on(cell: str, line: str) -> bool:
    """Whether a line without cells belongs to the last cell above it, rather than head a part."""
    return len(cell.strip()) > 3 and not heads_a_part(line)


def heads_a_part(line: str) -> bool:
    """Whether a line alone in its row says what comes below it: "II. Khách mời", "THÀNH VIÊN"."""
    line = line.strip()
    return bool(_SECTION.fullmatch(line)) or line.isupper() or line.endswith(":")


def _listed(lines: list[str]) -> Rows:
    """Lines without tabs: a list, or a table whose cells are parted by bars or several spaces, or
    stand below each other.
    """
    alone = [place for place, line in enumerate(lines) if line.isdecimal() and len(line) < 4]
    if len(alone) > 1 and [int(lines[place]) for place in alone] == _counting(lines, alone):
        return _stacked(lines, alone)
    for separator in (r"\|", r"\s{2,}"):
        if sum(bool(re.search(separator, line)) for line in lines) * 2 >= len(lines):
            parted = [re.split(separator, line.strip("|").strip()) for line in lines]
            rows = [[cell.strip() for cell in row] for row in parted]
            if sum(bool(NUMBER.fullmatch(row[0])) for row in rows) * 2 >= len(rows):
                return rows
            return [_numbered(row[0]) + row[1:] for row in rows]
    return [_numbered(line) for line in lines]


def _counting(lines: list[str], alone: list[int]) -> list[int]:
    first = int(lines[alone[0]])
    return list(range(first, first + len(alone)))


def _stacked(lines: list[str], alone: list[int]) -> Rows:
    """Every cell on a line of its own, every row begun by its number, or by a dash for none."""
    starts = [place for place, line in enumerate(lines) if place in alone or line in DASHES]
    ends = [*starts[1:], len(lines)]
    rows = [lines[start:end] for start, end in zip(starts, ends, strict=True)]
    return ([lines[: starts[0]]] if starts[0] else []) + rows


def _numbered(line: str) -> list[str]:
    """The number a line begins with, "" if none, and the rest of it."""
    for begins in _NUMBERED:
        if found := begins.fullmatch(line):
            return [found[1], found[2]]
    return ["", line]


def _decoded(data: bytes) -> str:
    encodings = ["utf-8-sig", "cp1258"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif data[:200].count(0) > len(data[:200]) // 4:
        encodings = ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("table_unreadable")


def _separator(text: str) -> str:
    """What parts the cells in most lines, "" if nothing does."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    if not lines:
        return ""
    found = {mark: sum(mark in line for line in lines) for mark in ("\t", ";", ",")}
    # A comma may stand in any text; tab and semicolon only part cells.
    best = next((mark for mark in found if found[mark] * 2 > len(lines)), "")
    if best == "," and not _looks_parted(lines):
        return ""
    return best


def _looks_parted(lines: list[str]) -> bool:
    """Whether commas part cells: as many in the heading as in the rows, or a heading we know."""
    counts = Counter(len(row) for row in csv.reader(lines))
    width, times = counts.most_common(1)[0]
    return width > 1 and (times * 2 > len(lines) or "ho" in folded(lines[0]).split())
