"""A drawn page as PNG or JPEG, chosen by what is on it. Draws nothing."""

from __future__ import annotations

import io
from bisect import bisect_left
from typing import Final

from PIL import Image, ImageChops, ImagePalette, JpegImagePlugin

from meeting.sandbox.likeness import likeness
from meeting.sandbox.png import COLOUR, GREY, PALETTE, png
from meeting.sandbox.tones import painted

GREY_TOLERANCE: Final = 10
"""Channels this close are grey. Below the palest tints of tables, above colour conversion noise."""

SOFT_STEPS: Final = range(1, 13)
"""From a pixel to the next: less is flat, more is an edge. Photographs and scans are made of these;
in print they stand alone."""
ROWS: Final = 4
"""Soft steps and tints are looked for in every so manieth row."""
SLOWLY: Final = 8
"""Gradients change by less than a tone a pixel: looked at from every so manieth to the next."""
PICTURE_SHARE: Final = 0.10
"""Measured share of soft surface: text 0.0003, drawings 0.008, scans 0.43, photographs 0.7."""
MIXED_SHARE: Final = 0.015
"""From here on a page has a small picture beside its text: tones 17 apart would show in it."""
SMALL: Final = 400
"""Not in a thumbnail, so many pixels wide at most: small print is soft all over."""
MIXED_BYTES_PER_PIXEL: Final = 0.35
"""With its small picture in finer tones, a page of more bytes than this goes as a photograph."""

COARSE: Final = 17
"""16 tones a channel: none is off by more than 8 of 255."""
FINE: Final = 5
FEW: Final = 16
"""Colours that are numbered with four bits."""

QUALITIES: Final = (82, 85, 88, 90, 92, 94, 96)
LIKENESS: Final = 0.983
"""Of the sampled pieces; the whole is then above 0.98."""
PIECE: Final = 96
PIECES: Final = (4, 3)
"""Pieces looked at, down and across."""

AT_HAND: Final = (ImagePalette, JpegImagePlugin)
"""Imported before the child is shut in."""

Picture = Image.Image


def encode(picture: Picture) -> tuple[str, bytes]:
    """Media type and bytes. Looks at the pixels: print in few tones, or a photograph or scan."""
    if picture.mode != "L" and not is_coloured(picture):
        picture = picture.convert("L")
    share = soft_share(picture)
    if share > PICTURE_SHARE:
        return "image/jpeg", save_photo(picture)
    if share > MIXED_SHARE and picture.width > SMALL:
        body = save_tones(picture, FINE)
        if len(body) > MIXED_BYTES_PER_PIXEL * picture.width * picture.height:
            return "image/jpeg", save_photo(picture)
        return "image/png", body
    return "image/png", save_tones(picture, COARSE)


def is_picture(picture: Picture) -> bool:
    """Whether it is a photograph or scan, for the most part at least."""
    return soft_share(picture) > PICTURE_SHARE


def is_coloured(picture: Picture) -> bool:
    """Most pages that are show it in some rows; only the others are looked through."""
    return _tinted(_some_rows(picture)) or _tinted(picture)


def _tinted(picture: Picture) -> bool:
    red, green, blue = picture.split()
    apart = ImageChops.lighter(
        ImageChops.difference(red, green), ImageChops.difference(green, blue)
    )
    return bool(apart.getextrema()[1] > GREY_TOLERANCE)  # type: ignore[operator]  # one band


def _some_rows(picture: Picture) -> Picture:
    size = (picture.width, max(1, picture.height // ROWS))
    return picture.resize(size, Image.Resampling.NEAREST)


def soft_share(picture: Picture) -> float:
    """Share of the surface over which tones change softly, from pixel to pixel or more slowly."""
    rows = _some_rows(picture).convert("L")
    size = (max(1, picture.width // SLOWLY), max(1, picture.height // SLOWLY))
    coarse = picture.resize(size, Image.Resampling.NEAREST).convert("L")
    lying = coarse.transpose(Image.Transpose.TRANSPOSE)
    return max(_soft_along_rows(one) for one in (rows, coarse, lying))


def _soft_along_rows(grey: Picture) -> float:
    """Share of the pixels from which tones go on softly three times."""
    steps = grey.width - 3
    if steps < 1:
        return 0.0
    change = ImageChops.difference(_from(grey, 1, steps + 2), _from(grey, 0, steps + 2))
    soft = change.point([255 * (step in SOFT_STEPS) for step in range(256)])
    twice = ImageChops.darker(_from(soft, 0, steps), _from(soft, 1, steps))
    thrice = ImageChops.darker(twice, _from(soft, 2, steps))
    return thrice.histogram()[255] / (steps * grey.height)


def _from(picture: Picture, left: int, width: int) -> Picture:
    return picture.crop((left, 0, left + width, picture.height))


def save_tones(picture: Picture, step: int) -> bytes:
    """A PNG with tones so far apart, none off by more than half of that."""
    tones = [min(255, step * ((tone + step // 2) // step)) for tone in range(256)]
    if picture.mode == "L":
        if step != COARSE:
            return png(picture.point(tones), GREY, 8)
        numbers = picture.point([tone // COARSE for tone in tones])
        numbers.putpalette(b"")
        return png(numbers, GREY, 4)
    found = painted(picture, step)
    if found is None:
        return png(picture.point(tones * 3), COLOUR, 8)
    numbers, colours = found
    return png(numbers, PALETTE, 4 if len(colours) <= 3 * FEW else 8, colours)


def save_photo(picture: Picture) -> bytes:
    """A JPEG as good as photographs have to be: fine grain needs more than soft tones.

    Full colour resolution: in a scan the text inside a red stamp must stay legible.
    """
    pieces = sampled(picture)

    def enough(quality: int) -> bool:
        return likeness(pieces, _reopened(_jpeg(pieces, quality))) >= LIKENESS

    return _jpeg(picture, QUALITIES[bisect_left(QUALITIES[:-1], True, key=enough)])


def sampled(picture: Picture) -> Picture:
    """Some evenly spread pieces of a picture side by side; all of it if it is small."""
    down, across = PIECES
    if picture.width < PIECE * across or picture.height < PIECE * down:
        return picture
    pieces = Image.new(picture.mode, (PIECE * across, PIECE * down))
    for row in range(down):
        for column in range(across):
            left = (2 * column + 1) * picture.width // (2 * across) - PIECE // 2
            top = (2 * row + 1) * picture.height // (2 * down) - PIECE // 2
            piece = picture.crop((left, top, left + PIECE, top + PIECE))
            pieces.paste(piece, (PIECE * column, PIECE * row))
    return pieces


def _jpeg(picture: Picture, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def _reopened(body: bytes) -> Picture:
    return Image.open(io.BytesIO(body))
