"""A drawn page as PNG or JPEG, chosen by what is on it. Draws nothing."""

from __future__ import annotations

import io
from typing import Any, Final

from PIL import Image, ImageChops

SAMPLE_WIDTH: Final = 800
"""Decisions about a picture are taken on every n-th pixel of it, about this many across."""
GREY_TOLERANCE: Final = 10
"""Channels this close are grey. Below the palest tints of tables, above colour conversion noise."""
PHOTO_SHARE: Final = 0.30
"""With more pixels than this outside its few common tones, a picture is a photograph or a scan."""
COMMON_TONES: Final = 8
MANY_COLOURS: Final = 16_384
"""A sample with more distinct tints than this is a picture; no palette is tried."""
DENSE_BYTES_PER_PIXEL: Final = 0.08
"""A PNG larger than this may be a noisy scan: JPEG is tried too. Dense text stays just below."""
COARSE_ERROR: Final = 48
"""A palette colour this far off, in one channel of 255, is seen."""
JPEG_QUALITY: Final = 82
PNG_LEVEL: Final = 4
"""Measured on text: level 4 is 10 % smaller than 1 for 5 ms more; 6 is 2 % smaller for 10 ms."""

Picture = Image.Image


def encode(picture: Picture) -> tuple[str, bytes]:
    """Media type and bytes. Looks at the pixels: text, a few colours, or a photograph."""
    colour = chroma(picture)
    coloured = colour.getextrema()[1] > GREY_TOLERANCE  # type: ignore[operator]  # one band
    flat = picture if coloured else picture.convert("L")
    if is_photo(every_nth(flat)):
        return "image/jpeg", save_photo(flat)
    if coloured:
        painted, bits = few_colours(picture, colour)
    else:
        painted, bits = sixteen_greys(flat), 4
    if painted is None:
        return "image/jpeg", save_photo(flat)
    body = save(painted, "PNG", bits=bits, compress_level=PNG_LEVEL)
    if len(body) > DENSE_BYTES_PER_PIXEL * picture.width * picture.height:
        photo = save_photo(flat)
        if len(photo) < 0.8 * len(body):
            return "image/jpeg", photo
    return "image/png", body


def few_colours(picture: Picture, colour: Picture) -> tuple[Picture | None, int]:
    """The picture in 16 colours (4 bits) or 64 (8 bits); None where that would be seen."""
    sample, sample_colour = every_nth(picture), every_nth(colour)
    for greys, colours, bits, share in ((8, 8, 4, 0.0005), (16, 48, 8, 0.002)):
        palette = choose_palette(sample, sample_colour, greys, colours)
        if palette is None:
            break
        if share_off(sample, paint(sample, palette)) <= share:
            return paint(picture, palette), bits
    return None, 0


def chroma(picture: Picture) -> Picture:
    """How far from grey each pixel is, 0 to 255."""
    red, green, blue = picture.split()
    return ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue))


def every_nth(picture: Picture) -> Picture:
    step = max(1, picture.width // SAMPLE_WIDTH)
    size = (max(1, picture.width // step), max(1, picture.height // step))
    return picture.resize(size, Image.Resampling.NEAREST)


def is_photo(sample: Picture) -> bool:
    """Whether tones are spread, as in photographs and scans, and not few, as in print."""
    histogram = sample.convert("L").histogram()
    tones = sorted((sum(histogram[at : at + 8]) for at in range(0, 256, 8)), reverse=True)
    return sum(tones[COMMON_TONES:]) > PHOTO_SHARE * sum(tones)


def sixteen_greys(grey: Picture) -> Picture:
    """The picture in 16 greys, of which the most common ones (paper, fills, ink) are exact."""
    histogram = grey.histogram()
    levels = [17 * n for n in range(16)]
    common = sorted(range(256), key=histogram.__getitem__)[-4:]
    for tone in common:  # the most common last, so that it keeps its place
        levels[(tone + 8) // 17] = tone
    nearest = [min(range(16), key=lambda n: abs(levels[n] - tone)) for tone in range(256)]
    painted = grey.point(nearest)
    painted.putpalette([tone for tone in levels for _ in range(3)])
    return painted


def choose_palette(sample: Picture, colour: Picture, greys: int, colours: int) -> Picture | None:
    """A palette of even greys, the commonest colours exactly, and the range of the others.

    Rare colours count as much as common ones: a small red stamp stays red on a blue page.
    None when there are too many.
    """
    tinted = Image.new("RGB", sample.size)
    tinted.paste(sample, mask=colour.point([255 * (v > GREY_TOLERANCE) for v in range(256)]))
    found: Any = tinted.getcolors(MANY_COLOURS)
    if found is None:
        return None
    counted = [tint for _, tint in sorted(found, reverse=True) if tint != (0, 0, 0)]
    exact = counted[: colours // 3]
    coarse = {tuple(v & 0xF0 for v in tint): tint for tint in counted}
    rest = Image.new("RGB", (max(1, len(coarse)), 1))
    rest.putdata(list(coarse.values()))
    room = colours - len(exact)
    spread = rest.quantize(room, method=Image.Quantize.MEDIANCUT).getpalette() or []
    values = [v * 255 // (greys - 1) for v in range(greys) for _ in range(3)]
    values += [v for tint in exact for v in tint] + spread[: room * 3]
    palette = Image.new("P", (1, 1))
    palette.putpalette(values)
    return palette


def paint(picture: Picture, palette: Picture) -> Picture:
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def share_off(picture: Picture, painted: Picture) -> float:
    """Share of the pixels whose colour is visibly wrong."""
    red, green, blue = ImageChops.difference(picture, painted.convert("RGB")).split()
    histogram = ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()
    return sum(histogram[COARSE_ERROR:]) / sum(histogram)


def save_photo(picture: Picture) -> bytes:
    # Full colour resolution: in a scan the text inside a red stamp must stay legible.
    return save(picture, "JPEG", quality=JPEG_QUALITY, subsampling=0)


def save(picture: Picture, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
