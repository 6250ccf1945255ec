"""Pieces of a page that is looked at closely.

Each is drawn by itself, its page's large pictures lying there unpacked. Where one is too large for
that, it is unpacked from its top at each drawing, whatever part of it is asked for: then a strip
from edge to edge costs hardly more than one piece of it.
"""

from __future__ import annotations

from typing import Final

from PIL import Image

from meeting.sandbox.drawing import draw_part, height_of
from meeting.sandbox.sheet import Sheet

STRIP_PIXELS: Final = 8_000_000
"""A strip is so large at most, unless a single row of pieces is larger."""

Picture = Image.Image


class Pieces:
    """The strip that was drawn last is kept: its other pieces are likely to follow."""

    def __init__(self) -> None:
        self._drawn: tuple[tuple[int, int, int, int], Picture] | None = None

    def draw(
        self,
        page: int,
        sheet: Sheet,
        width: int,
        turn: int,
        where: tuple[int, int, int],
        *,
        in_strips: bool,
    ) -> Picture | None:
        """One piece of a page that is `width` wide in all, as it stands after `turn` quarters.

        Args:
            where: left, top and longest side of the piece in pixels.
            in_strips: whether any part of the page takes as long to draw as a strip of it.

        None where the page has ended already.
        """
        left, top, side = where
        height = height_of(sheet, width, turn)
        if not (0 <= left < width and 0 <= top < height and side >= 1):
            return None
        right, bottom = min(left + side, width), min(top + side, height)
        if not in_strips:
            return draw_part(sheet, width, turn, (left, top, right, bottom))
        high = side * max(1, STRIP_PIXELS // (width * side))
        begins = top // high * high
        key = (page, width, turn, begins)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = None  # not both at once
            ends = min(begins + high, height)
            self._drawn = (key, draw_part(sheet, width, turn, (0, begins, width, ends)))
        return self._drawn[1].crop((left, top - begins, right, bottom - begins))

    def forget(self) -> None:
        """Something else is drawn: the memory is wanted for that."""
        self._drawn = None
