"""Tables wider than a page, in a flat file that LibreOffice wrote of a spreadsheet: made to fit a
page that lies. Pure.

Else their columns are cut into pages of their own, as on a printer, and nobody can read a row. What
was set to fit already is left alone.
"""

from __future__ import annotations

import math
import re
from typing import Final

A4: Final = {"fo:page-width": "8.2681in", "fo:page-height": "11.6929in"}
SHRUNK_MOST: Final = 3
"""A table wider than so many pages goes on several: its letters would be too small to enlarge."""
INCHES: Final = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72}

_LENGTH: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(in|cm|mm|pt)")
_COLUMN_STYLE: Final = re.compile(
    r'<style:style style:name="([^"]*)" style:family="table-column"[^>]*>\s*'
    r'<style:table-column-properties [^>]*style:column-width="([^"]*)"'
)
_TABLE_STYLE: Final = re.compile(
    r'<style:style style:name="([^"]*)" style:family="table" style:master-page-name="([^"]*)"'
)
_MASTER: Final = re.compile(
    r'<style:master-page style:name="([^"]*)"[^>]* style:page-layout-name="([^"]*)"'
)
_TABLE: Final = re.compile(r'<table:table [^>]*table:style-name="([^"]*)"[^>]*>')
_COLUMN: Final = re.compile(r'<table:table-column table:style-name="([^"]*)"([^>]*)>')
_CELL: Final = re.compile(r"<table:(?:(table-row)|(?:covered-)?table-cell)\b([^>]*)>")
_REPEATED: Final = re.compile(r'number-columns-repeated="(\d{1,6})"')
_LAYOUT: Final = re.compile(
    r'(<style:page-layout style:name="([^"]*)"[^>]*>\s*)<style:page-layout-properties ([^>]*?)(/?)>'
)
_ATTRIBUTE: Final = re.compile(r'([\w:-]+)="([^"]*)"')


def fitted(flat: str) -> str | None:
    """The file in which every such table is as wide as its page; None where there is none."""
    styles, _, body = flat.partition("<office:body>")
    widths = {name: _inches(said) for name, said in _COLUMN_STYLE.findall(styles)}
    masters, layouts = dict(_TABLE_STYLE.findall(styles)), dict(_MASTER.findall(styles))
    widest: dict[str, float] = {}
    ended = 0
    for table in _TABLE.finditer(body):
        if table.start() < ended:
            continue  # in another one
        if (ended := body.find("</table:table>", table.end())) < 0:
            return None  # LibreOffice writes none without an end
        layout = layouts.get(masters.get(table[1], ""), "")
        width = _width(body, table.end(), ended, widths)
        widest[layout] = max(width, widest.get(layout, 0.0))
    changed = False

    def fit(found: re.Match[str]) -> str:
        nonlocal changed
        page = A4 | dict(_ATTRIBUTE.findall(found[3]))
        was_set = page.get("style:scale-to", "100%") != "100%" or any(
            name.startswith("style:scale-to-") for name in page
        )
        if was_set or widest.get(found[2], 0.0) <= _room(page):
            return found[0]
        changed = True
        page.pop("style:scale-to", None)
        if page.get("style:print-orientation") != "landscape":
            page["style:print-orientation"] = "landscape"
            sides = page["fo:page-height"], page["fo:page-width"]
            page["fo:page-width"], page["fo:page-height"] = sides
        across = math.ceil(widest[found[2]] / (SHRUNK_MOST * _room(page)))
        page |= {"style:scale-to-X": str(across), "style:scale-to-Y": "0"}
        said = " ".join(f'{name}="{value}"' for name, value in page.items())
        return f"{found[1]}<style:page-layout-properties {said}{found[4]}>"

    made = _LAYOUT.sub(fit, styles)
    return f"{made}<office:body>{body}" if changed else None


def _width(body: str, start: int, end: int, widths: dict[str, float]) -> float:
    """How wide the table between these places is, as far as anything stands in it; in inches."""
    columns, used, at = [], 0, 0
    for name, more in _COLUMN.findall(body, start, body.find("<table:table-row", start, end)):
        columns.append((_repeated(more), widths.get(name, 0.0)))
    for cell in _CELL.finditer(body, start, end):
        if cell[1]:
            at = 0
            continue
        at += _repeated(cell[2])
        if not cell[2].endswith("/"):
            used = max(used, at)
    whole = 0.0
    for number, width in columns:
        whole += min(number, used) * width
        used -= min(number, used)
    return whole


def _repeated(attributes: str) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _room(page: dict[str, str]) -> float:
    """What is left between the margins of a page, in inches; one at least."""
    margins = _inches(page.get("fo:margin-left", "")) + _inches(page.get("fo:margin-right", ""))
    return max(1.0, _inches(page["fo:page-width"]) - margins)


def _inches(said: str) -> float:
    found = _LENGTH.fullmatch(said)
    return float(found[1]) * INCHES[found[2]] if found else 0.0
