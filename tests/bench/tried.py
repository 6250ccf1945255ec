"""The table of encodings tried: milliseconds and kilobytes of each, for a page of each class.

Each is given the drawn pixels and timed as the quickest of some tries, in one thread. `furthest`
and SSIM say what it costs the picture. Not kept here: isal's level 2 packs a text page in 1.5 ms
where zlib-ng's level 5 takes 8, but into 194 KB instead of 167.
"""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pymupdf
from PIL import Image, ImageChops
from zlib_ng import zlib_ng

from meeting.sandbox.encoding import COARSE, encode, save_tones
from meeting.sandbox.png import runs
from meeting.sandbox.sheet import Sheet, picture_of
from meeting.sandbox.tones import painted
from tests.bench.sameness import likeness

mupdf: Any = pymupdf

WIDTH: Final = 1600
PAGE: Final = 1
TRIES: Final = 4

Picture = Image.Image


def table(papers: Mapping[str, Path], say: Callable[[str], None]) -> None:
    say(f"{'':14} {'tried':34} {'ms':>7} {'KB':>6} {'furthest':>9} {'SSIM':>7}")
    for name, paper in papers.items():
        page = mupdf.open(paper)[PAGE]
        scale = WIDTH / page.rect.width
        matrix = mupdf.Matrix(scale, scale)
        ms, sheet = quickest(partial(Sheet, page))
        say(f"{name:14} {'read, and look for colours':34} {ms:7.2f}")
        ms, drawn = quickest(partial(page.get_pixmap, matrix=matrix, alpha=False))
        say(f"{name:14} {'draw in colour':34} {ms:7.1f}")
        true = picture_of(drawn)
        ms, drawn = quickest(partial(sheet.get_pixmap, matrix))
        say(f"{name:14} {'draw as it is drawn now':34} {ms:7.1f}")
        given = picture_of(drawn)
        for kind, trial in TRIALS.items():
            ms, body = quickest(partial(trial, given))
            if body:
                say(f"{name:14} {kind:34} {ms:7.1f} {len(body) / 1000:6.0f} {judged(true, body)}")


def quickest(do: Callable[[], Any]) -> tuple[float, Any]:
    spent, done = [], None
    for _ in range(TRIES):
        began = time.perf_counter()
        done = do()
        spent.append(time.perf_counter() - began)
    return 1000 * min(spent), done


def judged(true: Picture, body: bytes) -> str:
    if body[:1] == b"\0":
        return ""  # rows compressed, no file: only its size is looked at
    with Image.open(io.BytesIO(body)) as opened:
        shown = opened.convert("RGB")
    apart = ImageChops.difference(true, shown).getextrema()
    furthest = max(int(most) for _, most in apart)  # type: ignore[misc]
    return f"{furthest:9} {likeness(true.convert('L'), shown.convert('L')):7.4f}"


def saved(kind: str, **options: Any) -> Callable[[Picture], bytes]:
    def save(picture: Picture) -> bytes:
        out = io.BytesIO()
        picture.save(out, kind, **options)
        return out.getvalue()

    return save


def median_cut(colours: int) -> Callable[[Picture], bytes]:
    def save(picture: Picture) -> bytes:
        painted = picture.convert("RGB").quantize(colours, method=Image.Quantize.MEDIANCUT)
        return saved("PNG", compress_level=4)(painted)

    return save


def greys_by(compress: Callable[[bytes], bytes]) -> Callable[[Picture], bytes]:
    """16 greys, four bits a pixel, compressed at once."""

    def save(picture: Picture) -> bytes:
        if picture.mode != "L":
            return b""
        numbers = picture.point([(tone + 8) // 17 for tone in range(256)])
        numbers.putpalette(b"")
        packed = numbers.tobytes("raw", "P;4")
        long = len(packed) // picture.height
        rows = [b"\0" + packed[at : at + long] for at in range(0, long * picture.height, long)]
        return b"\0" + compress(b"".join(rows))

    return save


def colours_by(compress: Callable[[bytes], bytes], *, numbered: bool) -> Callable[[Picture], bytes]:
    """16 tones a channel, numbered by a palette or as they are, compressed at once."""

    def save(picture: Picture) -> bytes:
        toned = picture.convert("RGB").point([COARSE * ((t + 8) // COARSE) for t in range(256)] * 3)
        if not numbered:
            return b"\0" + compress(toned.tobytes())
        found = painted(picture.convert("RGB"), COARSE)
        return b"\0" + compress(found[0].tobytes()) if found else b""

    return save


def greys_by_pillow(picture: Picture) -> bytes:
    if picture.mode != "L":
        return b""
    numbers = picture.point([(tone + 8) // 17 for tone in range(256)])
    numbers.putpalette([17 * tone for tone in range(16) for _ in range(3)])
    return saved("PNG", bits=4, compress_level=4)(numbers)


TRIALS: Final[dict[str, Callable[[Picture], bytes]]] = {
    "PNG as it is, Pillow": saved("PNG"),
    "16 greys, Pillow's PNG, level 4": greys_by_pillow,
    "16 greys, Python's zlib, level 5": greys_by(lambda rows: zlib.compress(rows, 5)),
    "16 greys, zlib-ng, level 2": greys_by(lambda rows: zlib_ng.compress(rows, 2)),
    "16 greys, zlib-ng, level 5": greys_by(lambda rows: zlib_ng.compress(rows, 5)),
    "16 greys, zlib-ng, level 7": greys_by(lambda rows: zlib_ng.compress(rows, 7)),
    "16 greys, runs alone": greys_by(runs),
    "palette of 64 by median cut": median_cut(64),
    "16 tones a channel, level 5": colours_by(
        lambda rows: zlib_ng.compress(rows, 5), numbered=False
    ),
    "the same by a palette": colours_by(lambda rows: zlib_ng.compress(rows, 5), numbered=True),
    "the same, runs alone": colours_by(runs, numbered=True),
    "the same as a file, as packed now": lambda picture: save_tones(picture, COARSE),
    "52 tones a channel": lambda picture: save_tones(picture, 5),
    "WebP lossless, quickest": saved("WEBP", lossless=True, quality=0, method=0),
    "WebP 80, quickest": saved("WEBP", quality=80, method=0),
    "WebP 90, method 2": saved("WEBP", quality=90, method=2),
    "JPEG 82": saved("JPEG", quality=82, subsampling=0),
    "JPEG 82, half the colours": saved("JPEG", quality=82, subsampling=2),
    "JPEG 82, best tables": saved("JPEG", quality=82, subsampling=0, optimize=True),
    "JPEG 92": saved("JPEG", quality=92, subsampling=0),
    "as chosen now": lambda picture: encode(picture)[1],
}
