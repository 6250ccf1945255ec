"""Where on a drawn page there is anything: what is left when its white margins are trimmed."""

from __future__ import annotations

from typing import Final

from PIL import Image

THOUSANDTHS: Final = 1000
TOLD_APART: Final = 24
"""Of 255: a tone this near to the paper's is paper, so that the grain of a scan is none."""
LIGHT: Final = 128
"""Paper darker than this has no margins to trim."""
AIR: Final = 2
"""Pixels left around what was found: the thin edge of a letter is lost in a small picture."""

Picture = Image.Image
Box = tuple[int, int, int, int]


def content(picture: Picture) -> Box:
    """Left, top, right and bottom in thousandths of the page; all 0 for an empty page."""
    grey = picture if picture.mode == "L" else picture.convert("L")
    histogram = grey.histogram()
    paper = max(range(256), key=histogram.__getitem__)
    if paper < LIGHT:
        return 0, 0, THOUSANDTHS, THOUSANDTHS
    printed = grey.point([255 * (abs(tone - paper) > TOLD_APART) for tone in range(256)])
    found = printed.getbbox()
    if found is None:
        return 0, 0, 0, 0
    left, top, right, bottom = found
    width, height = grey.size
    return (
        THOUSANDTHS * max(0, left - AIR) // width,
        THOUSANDTHS * max(0, top - AIR) // height,
        -(-THOUSANDTHS * min(width, right + AIR) // width),
        -(-THOUSANDTHS * min(height, bottom + AIR) // height),
    )
