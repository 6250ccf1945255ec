"""The lines of a document's first pages with their places, and how much of a page is a picture."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final

import pymupdf

from meeting.sandbox.fonts import converter, outdated

mupdf: Any = pymupdf

FIRST_PAGES: Final = 5
LINES_MOST: Final = 200
LINE_LETTERS: Final = 300
BOLD: Final = 16
"""The bit by which MuPDF says so; many fonts say it in their name only."""

WORDS_ENOUGH: Final = 50
"""With so many on it a page is no scan, whatever pictures it has."""

FREE_TEXT, STAMP = 2, 13
"""Comments that are drawn on the page as if printed."""

Line = list[Any]
"""Text, whether bold, the box as shares of the page from the top left, as the page is shown; and
by how many quarters, clockwise, its letters are turned there.
"""


def heads(pdf: Any) -> list[dict[str, Any]]:
    """The first pages, each with its height over its width, and its lines from the top; one that
    cannot be read has no lines.
    """
    return [_head(pdf, number) for number in range(min(FIRST_PAGES, pdf.page_count))]


def _head(pdf: Any, number: int) -> dict[str, Any]:
    found: list[Line] = []
    pictured, shape = 0.0, 1.0
    try:
        page = pdf[number]
        shown = _Shown(page)
        shape = shown.height / shown.width
        found.extend(_printed(page, shown))
        if sum(len(re.findall(r"\w+", line[0])) for line in found) < WORDS_ENOUGH:
            pictured = _pictured(page, shown)
        found.extend(_commented(page, shown))
    except MemoryError:
        raise
    except Exception:
        # What was read before it failed is worth having; a page without lines is asked about.
        pictured = pictured or float(not found)
    # What stands on one line may differ by a hair.
    found.sort(key=lambda line: (round(line[3], 3), line[2]))
    return {"page": number + 1, "pictured": pictured, "shape": shape, "lines": found[:LINES_MOST]}


class _Shown:
    """How a page lies in the file and how it is shown, asked for once: it has many lines."""

    def __init__(self, page: Any) -> None:
        self.matrix = tuple(page.rotation_matrix)
        self.left, self.top = page.rect.x0, page.rect.y0
        self.width, self.height = page.rect.width, page.rect.height
        self.quarters = int(page.rotation) // 90

    def shares(self, box: Any) -> list[float]:
        """A place as it lies in the file, as shares of the page as it is shown."""
        left, top, right, bottom = box
        a, b, c, d, e, f = self.matrix
        across = sorted((a * left + c * top + e, a * right + c * bottom + e))
        down = sorted((b * left + d * top + f, b * right + d * bottom + f))
        shares = (
            (across[0] - self.left) / self.width,
            (down[0] - self.top) / self.height,
            (across[1] - self.left) / self.width,
            (down[1] - self.top) / self.height,
        )
        return [round(min(1.0, max(0.0, share)), 4) for share in shares]

    def turn(self, direction: tuple[float, float]) -> int:
        """Quarters, clockwise, from where a line runs on the page as it lies in the file."""
        across, down = direction
        return (round(math.atan2(down, across) / (math.pi / 2)) + self.quarters) % 4


def _printed(page: Any, shown: _Shown) -> Iterator[Line]:
    flags = mupdf.TEXTFLAGS_DICT & ~mupdf.TEXT_PRESERVE_IMAGES
    blocks = page.get_text("dict", flags=flags)["blocks"]
    lines = [line for block in blocks for line in block.get("lines", ())]
    old = outdated((span["font"], span["text"]) for line in lines for span in line["spans"])
    for line in lines:
        spans = [span for span in line["spans"] if span["text"].strip()]
        if not spans:
            continue
        text = "".join(_unicode(span["text"], span["font"], old) for span in line["spans"])
        bold = all(span["flags"] & BOLD or "bold" in span["font"].lower() for span in spans)
        place = shown.shares(line["bbox"])
        yield [text[:LINE_LETTERS], bool(bold), *place, shown.turn(line["dir"])]


def _commented(page: Any, shown: _Shown) -> Iterator[Line]:
    """What comments and form fields show."""
    for note in page.annots(types=(FREE_TEXT, STAMP)) or ():
        for text in note.get_text("text").splitlines() or [note.info.get("content", "")]:
            if text.strip():
                yield [text[:LINE_LETTERS], False, *shown.shares(note.rect), 0]
    for field in page.widgets() or ():
        value = field.field_value
        if isinstance(value, str) and value.strip():
            yield [value.strip()[:LINE_LETTERS], False, *shown.shares(field.rect), 0]


def _pictured(page: Any, shown: _Shown) -> float:
    """The share of the page that pictures cover, 1 at most."""
    share = 0.0
    for kind, box in page.get_bboxlog():
        if kind in ("fill-image", "fill-imgmask"):
            left, top, right, bottom = shown.shares(box)
            share += max(0.0, right - left) * max(0.0, bottom - top)
    return min(1.0, round(share, 4))


def _unicode(text: str, font: str, old: set[str]) -> str:
    convert = converter(font) if font in old else None
    return convert(text) if convert else text
