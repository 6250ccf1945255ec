"""The lines of a document's first pages with their places, and how much of a page is a picture."""

from __future__ import annotations

import math
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
        shape = page.rect.height / page.rect.width
        found.extend(_printed(page))
        pictured = _pictured(page)
        found.extend(_commented(page))
    except MemoryError:
        raise
    except Exception:
        # What was read before it failed is worth having; a page without lines is asked about.
        pictured = pictured or float(not found)
    # What stands on one line may differ by a hair.
    found.sort(key=lambda line: (round(line[3], 3), line[2]))
    return {"page": number + 1, "pictured": pictured, "shape": shape, "lines": found[:LINES_MOST]}


def _printed(page: Any) -> Iterator[Line]:
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
        place = _shares(page, line["bbox"])
        yield [text[:LINE_LETTERS], bool(bold), *place, _turn(page, line["dir"])]


def _commented(page: Any) -> Iterator[Line]:
    """What comments and form fields show."""
    for note in page.annots(types=(FREE_TEXT, STAMP)) or ():
        for text in note.get_text("text").splitlines() or [note.info.get("content", "")]:
            if text.strip():
                yield [text[:LINE_LETTERS], False, *_shares(page, note.rect), 0]
    for field in page.widgets() or ():
        value = field.field_value
        if isinstance(value, str) and value.strip():
            yield [value.strip()[:LINE_LETTERS], False, *_shares(page, field.rect), 0]


def _shares(page: Any, box: Any) -> list[float]:
    whole = page.rect
    left, top, right, bottom = mupdf.Rect(box) * page.rotation_matrix
    shares = (
        (left - whole.x0) / whole.width,
        (top - whole.y0) / whole.height,
        (right - whole.x0) / whole.width,
        (bottom - whole.y0) / whole.height,
    )
    return [round(min(1.0, max(0.0, share)), 4) for share in shares]


def _turn(page: Any, direction: tuple[float, float]) -> int:
    """Quarters, clockwise, from where a line runs on the page as it lies in the file."""
    across, down = direction
    return (round(math.atan2(down, across) / (math.pi / 2)) + int(page.rotation) // 90) % 4


def _pictured(page: Any) -> float:
    """The share of the page that pictures cover, 1 at most."""
    share = 0.0
    for kind, box in page.get_bboxlog():
        if kind in ("fill-image", "fill-imgmask"):
            left, top, right, bottom = _shares(page, box)
            share += max(0.0, right - left) * max(0.0, bottom - top)
    return min(1.0, round(share, 4))


def _unicode(text: str, font: str, old: set[str]) -> str:
    convert = converter(font) if font in old else None
    return convert(text) if convert else text
