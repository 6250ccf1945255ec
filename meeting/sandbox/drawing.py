"""A page as pixels, as wide as was asked."""

from __future__ import annotations

from typing import Any, Final

import pymupdf
from PIL import Image

from meeting.sandbox.sheet import Sheet, picture_of

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


def unbounded(width: int, page_width: float, page_height: float) -> tuple[int, int]:
    """Pixels for a page of this shape that is `width` wide, however tall."""
    if not (page_width > 0 and page_height > 0):
        raise ValueError("a page without an area")
    return width, max(1, int(page_height * width / page_width + 0.01))


def fit(width: int, page_width: float, page_height: float, max_pixels: int) -> tuple[int, int]:
    """Pixels for a page of this shape: `width` wide unless that is too much in all or too tall."""
    if not (page_width > 0 and page_height > 0):
        raise ValueError("a page without an area")
    scale = width / page_width
    scale = min(scale, (max_pixels / page_width / page_height) ** 0.5, SIDE_PIXELS / page_height)
    return max(1, int(page_width * scale + 0.01)), max(1, int(page_height * scale + 0.01))


def draw(sheet: Sheet, width: int, turn: int, max_pixels: int) -> Picture:
    """The page `width` wide as it stands after `turn` quarters of a turn, clockwise."""
    box = sheet.rect
    if turn % 2:  # drawn as the file has it, on its side
        down, across = fit(width, box.height, box.width, max_pixels)
    else:
        across, down = fit(width, box.width, box.height, max_pixels)
    matrix = mupdf.Matrix(across / box.width, down / box.height)
    drawn = sheet.get_pixmap(matrix)
    if drawn.width * drawn.height > 2 * max_pixels:
        raise ValueError("a page larger than it said")
    picture = picture_of(drawn)
    # Rounding outwards may add a row or a column.
    whole = picture if picture.size == (across, down) else picture.crop((0, 0, across, down))
    return whole.transpose(TURNS[turn]) if turn else whole


def draw_part(sheet: Sheet, width: int, turn: int, part: tuple[int, int, int, int]) -> Picture:
    """A part of a page that is `width` wide in all as it stands after `turn` quarters of a turn:
    left, top, right and bottom in pixels, within the page.
    """
    left, top, right, bottom = part
    matrix = matrix_of(sheet, width, turn)
    seen = mupdf.Rect(part) * ~matrix
    drawn = sheet.get_pixmap(matrix, seen.normalize())
    if drawn.width > right - left + 2 or drawn.height > bottom - top + 2:
        raise ValueError("a part larger than it was asked for")
    picture = picture_of(drawn)
    # Rounding may add a row or a column, or leave one out.
    whole = Image.new(picture.mode, (right - left, bottom - top), "white")
    whole.paste(picture, (drawn.x - left, drawn.y - top))
    return whole


def height_of(sheet: Sheet, width: int, turn: int) -> int:
    """Pixels from the top of a page to its bottom as it stands, `width` wide."""
    box = sheet.rect
    shape = (box.height, box.width) if turn % 2 else (box.width, box.height)
    return unbounded(width, *shape)[1]


def matrix_of(sheet: Sheet, width: int, turn: int) -> Any:
    """From the page as it lies in the file, in points, to pixels as it stands, `width` wide."""
    across, down = width, height_of(sheet, width, turn)
    if turn % 2:
        across, down = down, across
    grown = mupdf.Matrix(across / sheet.rect.width, down / sheet.rect.height)
    return grown * turned(across, down, turn)


def turned(across: int, down: int, turn: int) -> Any:
    """A picture of this size after `turn` quarters of a turn, clockwise."""
    return mupdf.Matrix(
        *(
            (1, 0, 0, 1, 0, 0),
            (0, 1, -1, 0, down, 0),
            (-1, 0, 0, -1, across, down),
            (0, -1, 1, 0, 0, across),
        )[turn]
    )
