"""PNG files of few tones, written at once: Pillow compresses row by row, which is slower."""

from __future__ import annotations

import struct
from typing import Final

from PIL import Image
from zlib_ng import zlib_ng as zlib

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
GREY, COLOUR, PALETTE = 0, 2, 3
"""How the standard numbers what a pixel says."""

LEVEL: Final = 5
"""Measured on text of 1600 pixels: 8 ms and 167 KB; 4 takes 7 ms and 175 KB, 6 11 ms and 166 KB,
Python's own compressor 16 ms and 174 KB (python -m tests.bench.pages --tried)."""
QUICK: Final = 2
PARTS: Final = (1 / 4, 5 / 8)
PART: Final = 1 / 16
"""Looked at before it is compressed: from there on, and so much."""
RUNS_MOST: Final = 1.08
"""Measured, runs alone against the quick level: drawings 0.98 to 1.02, text 1.23 to 1.45."""
EMPTY: Final = 0.02
"""What shrinks to less has too little on it to tell."""


def png(
    picture: Image.Image, kind: int, depth: int, palette: bytes = b"", level: int = LEVEL
) -> bytes:
    """A whole file.

    Args:
        picture: of mode L for greys of 8 bits, RGB, or P, whose values are what is written.
        kind: one of the three above.
        depth: bits of a value, 4 or 8.
        palette: three bytes for each value.
    """
    packed = picture.tobytes("raw", "P;4") if depth == 4 else picture.tobytes()
    length = len(packed) // picture.height
    rows = b"".join(
        b"\0" + packed[at : at + length] for at in range(0, length * picture.height, length)
    )  # each row says that it is written without a filter: print has nothing to predict
    head = struct.pack(">IIBBBBB", picture.width, picture.height, depth, kind, 0, 0, 0)
    chunks = _chunk(b"IHDR", head)
    if palette:
        chunks += _chunk(b"PLTE", palette)
    body = runs(rows) if only_runs(rows) else zlib.compress(rows, level)
    return SIGNATURE + chunks + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def only_runs(rows: bytes) -> bool:
    """Whether hardly anything repeats but runs of one tone. Letters repeat, lines of a drawing
    seldom do.
    """
    long = int(PART * len(rows))
    starts = [int(at * len(rows)) for at in PARTS]
    part = b"".join(rows[start : start + long] for start in starts)
    quick = len(zlib.compress(part, QUICK))
    return quick > EMPTY * len(part) and len(runs(part)) <= RUNS_MOST * quick


def runs(rows: bytes) -> bytes:
    """Compressed by looking for nothing else: a third of the time."""
    packer = zlib.compressobj(strategy=zlib.Z_RLE)
    return packer.compress(rows) + packer.flush()


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(body, zlib.crc32(name))
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)
