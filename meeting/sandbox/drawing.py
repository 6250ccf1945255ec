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


def draw_piece(
    listed: Any, box: Any, width: int, turn: int, where: tuple[int, int, int]
) -> Picture | None:
    """One piece of a page that is `width` wide in all, as it stands after `turn` quarters.

    Args:
        listed: the page's display list, made once for all its pieces.
        box: the page as the file has it, in points.
        where: left, top and longest side of the piece in pixels.

    None where the page has ended already.
    """
    if not (box.width > 0 and box.height > 0):
        raise ValueError("a page without an area")
    scale = width / (box.height if turn % 2 else box.width)
    down = max(1, round(scale * (box.width if turn % 2 else box.height)))
    left, top, side = where
    right, bottom = min(left + side, width), min(top + side, down)
    if left >= right or top >= bottom:
        return None
    matrix = turned(scale, box.width * scale, box.height * scale, turn)
    seen = mupdf.Rect(left, top, right, bottom) * ~matrix
    drawn = listed.get_pixmap(matrix=matrix, alpha=False, clip=seen.normalize())
    if drawn.width > side + 2 or drawn.height > side + 2:
        raise ValueError("a piece larger than it was asked for")
    size = (drawn.width, drawn.height)
    picture = Image.frombuffer("RGB", size, drawn.samples_mv, "raw", "RGB", 0, 1)
    # Rounding may add a row or a column, or leave one out.
    whole = Image.new("RGB", (right - left, bottom - top), "white")
    whole.paste(picture, (drawn.x - left, drawn.y - top))
    return whole


def turned(scale: float, across: float, down: float, turn: int) -> Any:
    """From points of a page to pixels of it after `turn` quarters of a turn, clockwise.

    Args:
        across, down: the page's sides in pixels before it is turned.
    """
    return mupdf.Matrix(
        *(
            (scale, 0, 0, scale, 0, 0),
            (0, scale, -scale, 0, down, 0),
            (-scale, 0, 0, -scale, across, down),
            (0, -scale, scale, 0, 0, across),
        )[turn]
    )
