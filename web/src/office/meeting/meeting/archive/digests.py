"""Checksums of files, read once and by pieces."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

CHUNK_BYTES: Final = 1 << 20


class Digest(Struct, frozen=True):
    """What is known of some bytes: how many, and their checksums, in hex but for the CRC-32."""

    size: int
    crc: int
    sha256: str
    sha512: str


def digest(chunks: Iterable[bytes]) -> Digest:
    size, crc = 0, 0
    short, long = hashlib.sha256(), hashlib.sha512()
    for chunk in chunks:
        size += len(chunk)
        crc = zlib.crc32(chunk, crc)
        short.update(chunk)
        long.update(chunk)
    return Digest(size, crc, short.hexdigest(), long.hexdigest())


def pieces(read: Callable[[int], bytes]) -> Iterable[bytes]:
    """What `read` gives, to the end."""
    while chunk := read(CHUNK_BYTES):
        yield chunk
