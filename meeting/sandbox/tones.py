"""A palette for print in colours: few enough to be numbered by a byte, and none far off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from PIL import Image

MOST: Final = 256
"""Colours of a palette."""
SEEN_MOST: Final = 1 << 14
"""Of a page of more colours none is looked for. Measured: text 1,400 to 2,000, which become 200
when 17 tones apart; drawings 4,000 to 9,000, which become 240 to 310: the soft edges of lines in
several colours, across each other.
"""
RARE_MOST: Final = 200
"""So many of the rarest colours are looked through for two that can be one."""
ROUGHLY: Final = 4
"""Pillow looks for the nearest colour of a palette in steps of this."""

Picture = Image.Image
Colour = tuple[int, int, int]
"""Of a pixel; or the levels of its channels, numbered from 0, a step apart."""
Bounds = tuple[Colour, Colour]
"""The least and the most of each channel."""
Pairs = dict[tuple[Colour, Colour], Colour]
"""Levels that are shown as one colour, and that colour."""

EMPTY: Final = (255, 255, 255), (0, 0, 0)
BESIDE: Final = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0), (0, -1, 0), (0, 0, -1))


def painted(picture: Picture, step: int) -> tuple[Picture, bytes] | None:
    """The picture as numbers (mode P) and the colours they stand for, no channel off by more than
    half a step; None where there are too many.

    Args:
        picture: of mode RGB.
        step: from one tone of a channel to the next; both 0 and 255 are tones.
    """
    seen: Any = picture.getcolors(SEEN_MOST)
    if seen is None:
        return None
    level = [(tone + step // 2) // step for tone in range(256)]
    found: dict[Colour, int] = {}
    for many, (red, green, blue) in seen:
        colour = level[red], level[green], level[blue]
        found[colour] = found.get(colour, 0) + many
    alone = sorted(found, key=found.__getitem__)
    pairs: Pairs = {}
    if MOST < len(alone) <= MOST + RARE_MOST // 2:
        pairs = _pairs(_bounds(seen, level, alone[:RARE_MOST]), step, len(alone) - MOST)
        paired = {colour for pair in pairs for colour in pair}
        alone = [colour for colour in alone if colour not in paired]
    if len(alone) + len(pairs) > MOST:
        return None
    # So far apart that Pillow finds each for certain, and both of a pair halfway between them.
    apart = MOST // (level[-1] + 1) // ROUGHLY * ROUGHLY
    places = [_times(apart, colour) for colour in alone]
    places += [_halfway(apart, one, other) for one, other in pairs]
    palette = Image.new("P", (1, 1))
    palette.putpalette(_bytes(places))
    placed = picture.point([apart * one for one in level] * 3)
    numbers = placed.quantize(palette=palette, dither=Image.Dither.NONE)
    return numbers, _bytes([_times(step, colour) for colour in alone] + [*pairs.values()])


def _bounds(
    seen: Iterable[tuple[int, Colour]], level: Sequence[int], rare: Sequence[Colour]
) -> dict[Colour, Bounds]:
    """Between what the pixels lie that have these levels."""
    bounds = dict.fromkeys(rare, EMPTY)
    for _, true in seen:
        colour = level[true[0]], level[true[1]], level[true[2]]
        if colour in bounds:
            least, most = bounds[colour]
            bounds[colour] = _each(min, least, true), _each(max, most, true)
    return bounds


def _pairs(bounds: dict[Colour, Bounds], step: int, wanted: int) -> Pairs:
    """So many pairs of neighbours that can be shown as one colour, or as many as there are."""
    pairs: Pairs = {}
    left = dict(bounds)
    for one in bounds:
        for beside in BESIDE if one in left else ():
            other = one[0] + beside[0], one[1] + beside[1], one[2] + beside[2]
            if len(pairs) == wanted or other not in left:
                continue
            shown = _between(left[one], left[other], _halfway(step, one, other), step // 2)
            if shown is not None:
                pairs[one, other] = shown
                del left[one], left[other]
                break
    return pairs


def _between(one: Bounds, other: Bounds, middle: Colour, reach: int) -> Colour | None:
    """What all pixels in these bounds can be shown as, near to this; None where there is nothing
    that is in reach of all.
    """
    lowest = _each(int.__sub__, _each(max, one[1], other[1]), (reach,) * 3)
    highest = _each(int.__add__, _each(min, one[0], other[0]), (reach,) * 3)
    if any(low > high for low, high in zip(lowest, highest, strict=True)):
        return None
    return _each(min, highest, _each(max, lowest, middle))


def _times(many: int, colour: Colour) -> Colour:
    return many * colour[0], many * colour[1], many * colour[2]


def _halfway(many: int, one: Colour, other: Colour) -> Colour:
    """Between so many times one colour and so many times the other."""
    red, green, blue = _each(int.__add__, one, other)
    return many * red // 2, many * green // 2, many * blue // 2


def _each(choose: Callable[[int, int], int], one: Colour, other: Colour) -> Colour:
    return choose(one[0], other[0]), choose(one[1], other[1]), choose(one[2], other[2])


def _bytes(colours: Iterable[Colour]) -> bytes:
    return bytes(tone for colour in colours for tone in colour)
