"""An entry of a meeting's log and the chain that binds each entry to the one before.

The chain makes a change, a deletion, an insertion or another order visible to whoever holds a
later hash. Storing entries is `store`'s business.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

import msgspec
from msgspec import Struct

from meeting.protocol.facts import Fact

CHAIN_START = bytes(32)
"""The hash "before" the first entry of every log."""

_DOMAIN = b"phien-log-1\n"


class Entry(Struct, frozen=True):
    """One fact in its place.

    `rev` counts 1, 2, 3 without a gap. `at` is UTC. `seat` and `device` say who acted; where the
    office acted, `seat` is empty and `device` names the account, if there was one. `for_chair`
    marks what the secretary did in the chair's place (thay chủ trì).
    """

    rev: int
    at: datetime
    command: str
    seat: str
    device: str
    for_chair: bool
    fact: Fact


def canonical(entry: Entry) -> bytes:
    """The bytes an entry is hashed as: JSON, keys sorted, UTF-8, no white space."""
    return msgspec.json.encode(entry, order="sorted")


def link(previous: bytes, entry: Entry) -> bytes:
    """The hash (32 bytes) of `entry` standing after the entry whose hash is `previous`."""
    return sha256(_DOMAIN + previous + canonical(entry)).digest()


def seal_of(link: bytes) -> str:
    """What people compare of a hash of the chain: 16 letters and digits (80 bits) by fours."""
    written = b32encode(link[:10]).decode().lower()
    return "-".join(written[at : at + 4] for at in range(0, 16, 4))


def broken_at(
    entries: Iterable[tuple[Entry, bytes]], after: int = 0, previous: bytes = CHAIN_START
) -> int | None:
    """The revision at which a log stops holding together, or None if it is whole.

    Args:
        after, previous: revision and hash of the entry these follow, if they are a log's end.
    """
    expected = after + 1
    for entry, stored in entries:
        if entry.rev != expected or link(previous, entry) != stored:
            return expected
        previous, expected = stored, expected + 1
    return None
