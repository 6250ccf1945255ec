"""A zip file whose every byte follows from its members: stored, not compressed; one time for all.

Written by ourselves so that its length is known before, the same members give the same bytes on
every machine, and a change in what holds them together is found, too (APPNOTE.TXT 6.3.10).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

U16: Final = 0xFFFF
U32: Final = 0xFFFF_FFFF
_UTF8: Final = 0x0800
_PLAIN, _ZIP64 = 20, 45
_UNIX: Final = 3 << 8
_FILE_MODE: Final = 0o100644 << 16


class Part(Struct, frozen=True):
    """A member: its name with slashes, bytes and CRC-32."""

    name: str
    size: int
    crc: int


class Layout(Struct, frozen=True):
    """What stands before each member's bytes, what stands after the last, and the whole length."""

    heads: tuple[bytes, ...]
    tail: bytes
    length: int


def layout(parts: Sequence[Part], stamp: datetime, most: int = U32) -> Layout:
    """All of the zip but the members' own bytes.

    Args:
        stamp: the time every member is given, in whatever zone people will read it; even seconds.
        most: above this an offset is written in 64 bits.

    Raises:
        ValueError: a member has 4 GiB or more, or too long a name.
    """
    time = stamp.hour << 11 | stamp.minute << 5 | stamp.second // 2
    date = max(stamp.year - 1980, 0) << 9 | stamp.month << 5 | stamp.day
    heads, directory, at = [], [], 0
    for part in parts:
        name = part.name.encode()
        if part.size > U32 or len(name) > U16:
            raise ValueError(f"cannot be zipped: {part.name}")
        common = (_UTF8, 0, time, date, part.crc, part.size, part.size, len(name))
        heads.append(struct.pack("<4s5H3I2H", b"PK\3\4", _PLAIN, *common, 0) + name)
        far = at > most
        extra = struct.pack("<2HQ", 1, 8, at) if far else b""
        version = _ZIP64 if far else _PLAIN
        directory.append(
            struct.pack(
                "<4s6H3I5H2I",
                *(b"PK\1\2", _UNIX | version, version, *common, len(extra)),
                *(0, 0, 0, _FILE_MODE, U32 if far else at),
            )
            + name
            + extra
        )
        at += len(heads[-1]) + part.size
    tail = b"".join(directory)
    end = _end(len(parts), len(tail), at, most)
    return Layout(tuple(heads), tail + end, at + len(tail) + len(end))


def _end(count: int, size: int, at: int, most: int) -> bytes:
    far = count >= U16 or size > most or at > most
    long = b""
    if far:
        versions = (_UNIX | _ZIP64, _ZIP64, 0, 0)
        long = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, *versions, count, count, size, at)
        long += struct.pack("<4sIQI", b"PK\6\7", 0, at + size, 1)
    few, short, near = min(count, U16), min(size, U32), U32 if at > most else at
    return long + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, few, few, short, near, 0)
