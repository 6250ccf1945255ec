"""What can be read in a paper: the first lines of a page, the paper's own contents, the names its
pages have for themselves. The words of a page are in words.py.
"""

from __future__ import annotations

from typing import Any, Final

import pymupdf

from meeting.sandbox.words import clean

mupdf: Any = pymupdf

TITLES_MOST: Final = 500
TITLE_LETTERS: Final = 200
LABEL_LETTERS: Final = 20
LEVELS_MOST: Final = 4
LINES_MOST: Final = 60
LINE_LETTERS: Final = 300
BOLD: Final = 16
"""The bit by which MuPDF says so; many fonts say it in their name only."""
OLD_FONTS: Final = (".vn", "vni-")
"""Fonts from before Unicode: what is printed reads as other letters."""


def first_lines(page: Any) -> list[tuple[str, bool]]:
    flags = mupdf.TEXTFLAGS_DICT & ~mupdf.TEXT_PRESERVE_IMAGES
    found = []
    for block in page.get_text("dict", flags=flags)["blocks"]:
        for line in block.get("lines", ()):
            spans = [span for span in line["spans"] if span["text"].strip()]
            fonts = [span["font"].rpartition("+")[2].lower() for span in spans]
            if spans and not any(font.startswith(OLD_FONTS) for font in fonts):
                text = "".join(span["text"] for span in line["spans"])[:LINE_LETTERS]
                bold = all(
                    span["flags"] & BOLD or "bold" in font
                    for span, font in zip(spans, fonts, strict=True)
                )
                left, top = line["bbox"][:2]
                found.append((round(top), left, text, bold))
    return [(text, bold) for _, _, text, bold in sorted(found)[:LINES_MOST]]


def outline_of(pdf: Any) -> list[tuple[int, str, int]]:
    """The document's own contents: level from 1, title, page from 1."""
    found = []
    for level, title, page in pdf.get_toc(simple=True):
        title = " ".join(clean(title).split())[:TITLE_LETTERS]
        if title and 1 <= page <= pdf.page_count and level <= LEVELS_MOST:
            found.append((level, title, page))
        if len(found) == TITLES_MOST:
            break
    return found


def label_of(page: Any) -> str:
    """What the page calls itself, such as iii; "" where it has no name of its own."""
    return clean(page.get_label() or "")[:LABEL_LETTERS]
