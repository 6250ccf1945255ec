"""A page as pixels, as wide as was asked."""

from __future__ import annotations

from typing import Any, Final

import pymupdf
from PIL import Image

mupdf: Any = pymupdf

SIDE_PIXELS: Final = 16_000
"""Longest side of an image. Beyond this browsers stop decoding."""

TURNS: Final = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
"""Quarters of a turn, clockwise; Pillow counts the other way round."""

Picture = Image.Image


def fit(width: int, page_width: float, page_height: float, max_pixels: int) -> tuple[int, int]:
    """Pixels for a page of this shape: `width` wide unless that is too much in all or too tall."""
    if not (page_width > 0 and page_height > 0):
        raise ValueError("a page without an area")
    scale = width / page_width
    scale = min(scale, (max_pixels / page_width / page_height) ** 0.5, SIDE_PIXELS / page_height)
    return max(1, int(page_width * scale + 0.01)), max(1, int(page_height * scale + 0.01))


def draw(page: Any, width: int, turn: int, max_pixels: int) -> Picture:
    """The page `width` wide as it stands after `turn` quarters of a turn, clockwise."""
    box = page.rect
    if turn % 2:  # drawn as the file has it, on its side
        down, across = fit(width, box.height, box.width, max_pixels)
    else:
        across, down = fit(width, box.width, box.height, max_pixels)
    matrix = mupdf.Matrix(across / box.width, down / box.height)
    drawn = page.get_pixmap(matrix=matrix, alpha=False, annots=True)
    if drawn.width * drawn.height > 2 * max_pixels:
        raise ValueError("a page larger than it said")
    size = (drawn.width, drawn.height)
    picture = Image.frombuffer("RGB", size, drawn.samples_mv, "raw", "RGB", 0, 1)
    # Rounding outwards may add a row or a column.
    whole = picture if size == (across, down) else picture.crop((0, 0, across, down))
    return whole.transpose(TURNS[turn]) if turn else whole
