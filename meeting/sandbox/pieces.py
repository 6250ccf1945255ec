"""Pieces of a page that is looked at closely, each drawn with its neighbours.

A picture of a hundred megapixels is unpacked from its top at each drawing, whatever part of it is
asked for (measured: 0.6 s each): a strip from edge to edge costs hardly more than one piece of it.
"""

from __future__ import annotations

from typing import Final

from PIL import Image

from meeting.sandbox.drawing import draw_strip
from meeting.sandbox.sheet import Sheet

STRIP_PIXELS: Final = 8_000_000
"""A strip is so large at most, unless a single row of pieces is larger."""

Picture = Image.Image


class Pieces:
    """The strip that was drawn last is kept: its other pieces are likely to follow."""

    def __init__(self) -> None:
        self._drawn: tuple[tuple[int, int, int, int], Picture | None] | None = None

    def draw(
        self, page: int, sheet: Sheet, width: int, turn: int, where: tuple[int, int, int]
    ) -> Picture | None:
        """One piece of a page that is `width` wide in all, as it stands after `turn` quarters.

        Args:
            where: left, top and longest side of the piece in pixels.

        None where the page has ended already.
        """
        left, top, side = where
        if not 0 <= left < width or side < 1:
            return None
        high = side * max(1, STRIP_PIXELS // (width * side))
        begins = top // high * high
        key = (page, width, turn, begins)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = None  # not both at once
            self._drawn = (key, draw_strip(sheet, width, turn, begins, high))
        strip = self._drawn[1]
        if strip is None or top - begins >= strip.height:
            return None
        right, bottom = min(left + side, width), min(top - begins + side, strip.height)
        return strip.crop((left, top - begins, right, bottom))

    def forget(self) -> None:
        """Something else is drawn: the memory is wanted for that."""
        self._drawn = None
