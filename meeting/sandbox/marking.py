"""Whose copy it is, burned into a page's pixels: small slanted words over all of the page, so close
that every quarter of it holds them whole.

A `Base` is worked out once for a page; a copy of it is then mostly encoding. No file is read here.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections import OrderedDict
from collections.abc import Set
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

SLANT: Final = 28.0
"""Degrees: no line of print lies so."""
LETTER_SHARE: Final = 0.0165
"""How high the letters are, of a page's width; of a narrow page more, for they must be read."""
LETTER_LEAST: Final = 15
SMALLEST_SHARE: Final = 0.6
"""Long words are set smaller, down to this; then they are cut."""
FLATTEST: Final = 1.42
"""A page wider than this times its height gets letters as one of that shape."""
REACH: Final = 0.25
"""No line is longer than this share of the page's width: a quarter of it holds a whole one."""
ACROSS: Final = 4
"""So many stand side by side."""
APART: Final = 1.8
"""Rows of them are so far apart, in their own heights; closer on a flat page."""

HALF: Final = 112
"""Of 255: a pixel belongs to a letter from here on."""
STAMPS_KEPT: Final = 600
"""Of so many people the words are ready for the next page, while it is the same minute."""

TINT: Final = 40
"""Of 255: how much darker light paper becomes under a letter, and dark paper lighter."""
DARK: Final = 96
"""Of 255: what is darker becomes lighter."""
INDEX_MOST: Final = 256
TINTS_MOST: Final = 128
"""Half of them, as each has a covered one."""
FEWER: Final = (192, TINTS_MOST)
"""So many colours of a page are kept, where not all of them can have a covered one."""
NEAR_ENOUGH: Final = 12
"""Of 255: a colour there is already, so near the one wanted, stands for it."""

JPEG_QUALITY: Final = 82
DEFLATE: Final = 1
"""Measured on text: level 4 is 13 % smaller and takes twice as long, for each person anew."""
ONCE: Final = 5
"""What is compressed once for all may take its time."""
STRIP: Final = 24
"""Rows that are compressed together."""
PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
ZLIB_HEAD: Final = b"\x78\x01"
LAST_BLOCK: Final = b"\x03\x00"
"""An empty one, by which a deflate stream ends."""

Picture = Image.Image
Colour = tuple[int, int, int]


class Base:
    """A page as it is, and as it would be if every pixel of it lay under a letter.

    Raises what Pillow raises where the bytes are no image.
    """

    def __init__(self, body: bytes, max_pixels: int) -> None:
        with Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > 2 * max_pixels:
                raise ValueError("larger than any page")
            image.load()
            self.plain, self.palette = _indexed(image)
        if self.palette:
            self.plain, self.covered, self.palette = _covered_indexes(self.plain, self.palette)
            self.sheet = Sheet(self.plain, self.palette)
        else:
            self.covered = _covered_photo(self.plain)

    def copy(self, stamp: Picture) -> tuple[str, bytes]:
        """Media type and bytes of the page with this stamp all over it."""
        marked = self.plain.copy()
        touched: set[int] = set()
        for left, top in places(marked.size, stamp.size):
            box = (left, top, left + stamp.width, top + stamp.height)
            marked.paste(self.covered.crop(box), (left, top), stamp)
            touched.update(range(top, top + stamp.height))
        if self.palette:
            return "image/png", self.sheet.png(marked, touched)
        out = io.BytesIO()
        # Full colour resolution: in a scan the text inside a red stamp must stay legible.
        marked.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        return "image/jpeg", out.getvalue()


class Stamps:
    """Makes the slanted words. Args: font: the typeface's file, whole."""

    def __init__(self, font: bytes) -> None:
        self._font = font
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}
        self._stamps: OrderedDict[tuple[tuple[str, ...], int], Picture] = OrderedDict()

    def stamp(self, lines: tuple[str, ...], page: tuple[int, int]) -> Picture:
        """The words as a mask, for a page of this size: 255 where a letter is."""
        width = min(page[0], int(page[1] * FLATTEST))
        key = (lines, width)
        stamp = self._stamps.pop(key, None) or self._drawn(lines, width)
        self._stamps[key] = stamp
        if len(self._stamps) > STAMPS_KEPT:
            self._stamps.popitem(last=False)
        return stamp

    def _drawn(self, lines: tuple[str, ...], width: int) -> Picture:
        fitting = [self._fitting(line, width) for line in lines]
        heights = [int(1.3 * font.size) for _, font, _ in fitting]
        label = Image.new("L", (int(max(length for *_, length in fitting)) + 8, sum(heights) + 4))
        draw = ImageDraw.Draw(label)
        top = 0
        for (line, font, _), height in zip(fitting, heights, strict=True):
            draw.text((4, top), line, fill=255, font=font)
            top += height
        slanted = label.rotate(SLANT, Image.Resampling.BILINEAR, expand=True)
        mask = slanted.point([255 * (v >= HALF) for v in range(256)])
        return mask.crop(mask.getbbox() or (0, 0, 1, 1))

    def _fitting(self, line: str, width: int) -> tuple[str, ImageFont.FreeTypeFont, float]:
        """The line in the largest letters in which it is not too long, and its length; cut where
        even the smallest are too large.
        """
        most = max(24, int(width * REACH))
        usual = max(LETTER_LEAST, round(width * LETTER_SHARE))
        least = int(usual * SMALLEST_SHARE) + 1
        size = min(usual, max(least, int(usual * most / (self._sized(usual).getlength(line) or 1))))
        font = self._sized(size)
        if (length := font.getlength(line)) <= most:
            return line, font, length
        while line and (length := font.getlength(f"{line}…")) > most:
            line = line[:-1]
        return f"{line}…", font, length

    def _sized(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._sizes:
            self._sizes[size] = ImageFont.truetype(
                io.BytesIO(self._font), size, layout_engine=ImageFont.Layout.BASIC
            )
        return self._sizes[size]


def places(page: tuple[int, int], stamp: tuple[int, int]) -> list[tuple[int, int]]:
    """Where the stamps lie: every second row half a step aside, some over the edges."""
    across = max(page[0] / ACROSS, stamp[0] * 1.05)
    down = max(1.02 * stamp[1], min(APART * stamp[1], page[1] / 2 - stamp[1] - 2))
    found = []
    row = 0
    top = -0.3 * stamp[1]
    while top < page[1]:
        left = -0.3 * stamp[0] - (across / 2 if row % 2 else 0)
        while left < page[0]:
            found.append((round(left), round(top)))
            left += across
        row, top = row + 1, top + down
    return found


def _indexed(image: Picture) -> tuple[Picture, list[Colour]]:
    """The picture in its few colours, and those; a photograph as it is, and none."""
    if image.mode in ("1", "L"):
        grey = image.convert("L")
        if image.format != "JPEG":
            grey.putpalette([tone for tone in range(256) for _ in range(3)])
            return _used(grey)
        return grey, []
    if image.mode == "P" and "transparency" not in image.info:
        return _used(image)
    whole = image.convert("RGB")
    if image.format == "PNG":  # drawn lines in many tints, never a photograph
        return _used(whole.quantize(TINTS_MOST, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))
    return whole, []


def _used(image: Picture) -> tuple[Picture, list[Colour]]:
    """With only the colours that occur, the commonest first."""
    values: Any = image.getpalette("RGB") or []
    counted = image.histogram()
    order = sorted((n for n in range(256) if counted[n]), key=lambda n: -counted[n])
    order = [n for n in order if 3 * n + 2 < len(values)]
    place = [0] * 256
    for at, n in enumerate(order):
        place[n] = at
    colours = [(values[3 * n], values[3 * n + 1], values[3 * n + 2]) for n in order]
    plain = Image.frombytes("L", image.size, image.tobytes())
    return plain.point(place), colours


def _covered_indexes(
    plain: Picture, palette: list[Colour]
) -> tuple[Picture, Picture, list[Colour]]:
    """Each colour's covered one: one there is, or a new one. Every colour has one: where there are
    too many colours for that, the rarest give way.
    """
    kept = palette
    whole, covered = _covers(kept)
    for most in FEWER:
        if len(whole) <= INDEX_MOST:
            break
        kept = palette[:most]
        whole, covered = _covers(kept)
    if len(kept) < len(palette):
        plain = plain.point(_filled([_nearest(kept, colour) for colour in palette]))
    return plain, plain.point(_filled(covered)), whole


def _covers(palette: list[Colour]) -> tuple[list[Colour], list[int]]:
    """These colours and the new ones, and which of all is the covered one of each."""
    whole, covered = palette[:], []
    for colour in palette:
        wanted = under_a_letter(colour)
        near = _nearest(whole, wanted)
        if _apart(whole[near], wanted) > NEAR_ENOUGH:
            near = len(whole)
            whole.append(wanted)
        covered.append(near)
    return whole, covered


def _nearest(palette: list[Colour], wanted: Colour) -> int:
    return min(range(len(palette)), key=lambda n: _apart(palette[n], wanted))


def _filled(places: list[int]) -> list[int]:
    return places + [0] * (256 - len(places))


def under_a_letter(colour: Colour) -> Colour:
    """The same hue, darker; or lighter, where it is dark."""
    red, green, blue = colour
    light = (299 * red + 587 * green + 114 * blue) // 1000
    by = TINT if light < DARK else -TINT
    return tuple(min(255, max(0, v + by)) for v in colour)  # type: ignore[return-value]  # three


def _apart(one: Colour, other: Colour) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def _covered_photo(plain: Picture) -> Picture:
    """Lighter where its surroundings are dark, so that no letter breaks up in a rough picture."""
    around = plain.convert("L").resize((max(1, plain.width // 32), max(1, plain.height // 32)))
    dark = around.point([255 * (v < DARK) for v in range(256)]).resize(plain.size)
    lighter = plain.point([min(255, v + TINT) for v in range(256)] * len(plain.getbands()))
    darker = plain.point([max(0, v - TINT) for v in range(256)] * len(plain.getbands()))
    darker.paste(lighter, mask=dark)
    return darker


class Sheet:
    """A page of few colours as a PNG file, of which the rows that no letter touches were compressed
    before: for each person only the others are.
    """

    def __init__(self, plain: Picture, palette: list[Colour]) -> None:
        self._bits = 4 if len(palette) <= 16 else 8
        head = struct.pack(">IIBBBBB", plain.width, plain.height, self._bits, 3, 0, 0, 0)
        colours = bytes(v for colour in palette for v in colour)
        self._head = PNG_HEAD + _chunk(b"IHDR", head) + _chunk(b"PLTE", colours)
        rows = self._rows(plain)
        self._length = len(rows) // plain.height
        step = STRIP * self._length
        self._strips = [_deflated(rows[at : at + step], ONCE) for at in range(0, len(rows), step)]

    def png(self, marked: Picture, touched: Set[int]) -> bytes:
        """The file of a copy that differs from the plain page in these rows at most."""
        rows = self._rows(marked)
        step = STRIP * self._length
        anew = {row // STRIP for row in touched}
        data, at = [ZLIB_HEAD], 0
        while at < len(self._strips):
            if at not in anew:
                data.append(self._strips[at])
                at += 1
                continue
            end = next(
                n
                for n in range(at, len(self._strips) + 1)
                if n not in anew or n == len(self._strips)
            )
            data.append(_deflated(rows[at * step : end * step], DEFLATE))
            at = end
        data += [LAST_BLOCK, struct.pack(">I", zlib.adler32(rows))]
        return self._head + _chunk(b"IDAT", b"".join(data)) + _chunk(b"IEND", b"")

    def _rows(self, indexes: Picture) -> bytes:
        """As the file has them, each with a byte before it that says "no filter"."""
        lead = 8 // self._bits  # so many columns more at the left make that byte
        padded = Image.new("P", (indexes.width + lead, indexes.height))
        padded.paste(indexes, (lead, 0))
        return padded.tobytes("raw", "P;4") if self._bits == 4 else padded.tobytes()


def _deflated(rows: bytes, level: int) -> bytes:
    """A part of a stream that says nothing about the parts before it."""
    part = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return part.compress(rows) + part.flush(zlib.Z_FULL_FLUSH)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
