"""A spreadsheet file (.xlsx) as plain rows: its first sheet that holds anything.

The file is a stranger's: a zip whose parts are measured before one of them is read.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from meeting.errors import Refused
from meeting.office.tables import COLUMNS_MOST, ROWS_MOST, Rows, tidy

UNPACKED_MOST_BYTES: Final = 30_000_000
PARTS_MOST: Final = 2000
SHEETS_MOST: Final = 20
TAGS_MOST: Final = 800_000
"""In all parts together. Two thousand rows of forty cells have fewer; each that is read takes the
memory of a hundred letters.
"""

CHUNK_BYTES: Final = 1 << 20
DAY: Final = 24 * 60
"""Minutes. A time of day is a part of one, where its cell was not told to show it as a time."""


def of_xlsx(data: bytes) -> Rows:
    """The table in the file. Slow for large ones: to be called in a thread.

    Raises:
        Refused: `table_unreadable`, `table_empty`, `table_too_large`.
    """
    _refuse_bombs(data)
    import openpyxl  # takes a third of a second, and few starts of the server need it

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets[:SHEETS_MOST]:
                if sheet.sheet_state == "visible" and (rows := _rows(sheet)):
                    return tidy(rows)
        finally:
            book.close()
    except Refused:
        raise
    except Exception:  # whatever a library makes of a broken file
        raise Refused("table_unreadable") from None
    raise Refused("table_empty")


def _rows(sheet: Any) -> Rows:
    sheet.reset_dimensions()  # what the file says of its size need not be so
    # One row more than may be, so that too many are noticed.
    cells = sheet.iter_rows(max_row=2 * ROWS_MOST, max_col=2 * COLUMNS_MOST, values_only=True)
    rows = [[_written(value) for value in row] for row in cells]
    return [row for row in rows if any(row)]


def _written(value: object) -> str:
    """A value as its cell shows it, near enough."""
    match value:
        case None:
            return ""
        case bool():
            return "x" if value else ""
        case float() if value.is_integer():
            return str(int(value))
        case float() if 0 < value < 1 and abs(value * DAY - round(value * DAY)) < 0.001:
            return f"{round(value * DAY) // 60:02d}:{round(value * DAY) % 60:02d}"
        case datetime() if value.date() <= date(1900, 1, 1):
            return f"{value:%H:%M}"
        case datetime() | date():
            return f"{value:%d/%m/%Y}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        case _:
            return str(value)


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            # A part that unpacks to more than it says is cut off at what it says.
            unpacked = sum(part.file_size for part in parts)
            large = len(parts) > PARTS_MOST or unpacked > UNPACKED_MOST_BYTES
            large = large or sum(_tags(packed, part) for part in parts) > TAGS_MOST
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):
        raise Refused("table_unreadable") from None
    if large:
        raise Refused("table_too_large", rows=ROWS_MOST)


def _tags(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    with packed.open(part) as content:
        return sum(chunk.count(b"<") for chunk in iter(lambda: content.read(CHUNK_BYTES), b""))
