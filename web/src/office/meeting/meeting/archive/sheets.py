"""Tables as a spreadsheet (.xlsx), the same bytes for the same tables."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime

from meeting.archive.tables import Link, Table
from meeting.archive.zipping import Part, layout


def workbook(tables: Sequence[Table], stamp: datetime) -> bytes:
    """A spreadsheet with a sheet for each table.

    Args:
        stamp: the time it says it was made at, without a zone.
    """
    from xlsxwriter import Workbook  # only where a file is made: a start need not wait for it

    made = io.BytesIO()
    book = Workbook(
        made,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"created": stamp, "title": tables[0].title})
    plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#EBE8E1"}
    )
    title = book.add_format({"bold": True, "font_size": 14})
    for table in tables:
        sheet = book.add_worksheet(table.sheet)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.freeze_panes(3, 0)
        sheet.write_string(0, 0, table.title, title)
        sheet.write_string(1, 0, table.note)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(2, place, column.title, head)
        for line, row in enumerate(table.rows, start=3):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, place, cell, plain)
                else:
                    said = cell.text if isinstance(cell, Link) else cell
                    sheet.write_string(line, place, said, plain)
    book.close()
    return _stored(made.getvalue(), stamp)


def _stored(compressed: bytes, stamp: datetime) -> bytes:
    """The same members, not compressed: what a compressor makes differs between machines."""
    with zipfile.ZipFile(io.BytesIO(compressed)) as made:
        bodies = [(name, made.read(name)) for name in made.namelist()]
    whole = layout([Part(name, len(body), zlib.crc32(body)) for name, body in bodies], stamp)
    members = zip(whole.heads, bodies, strict=True)
    return b"".join(head + body for head, (_, body) in members) + whole.tail
