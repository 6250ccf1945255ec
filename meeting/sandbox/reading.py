"""What can be read on a page."""

from __future__ import annotations

from typing import Any, Final

import pymupdf

mupdf: Any = pymupdf

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
