"""Which files a child may still reach: Landlock, see landlock(7). What is open stays open."""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from meeting.sandbox.kernel import call, processor

CREATE, ADD, RESTRICT = 444, 445, 446
"""The numbers of its system calls, the same on every processor."""

ASK_VERSION: Final = 1
BENEATH: Final = 1

EXECUTE, WRITE, READ, LIST = 1, 1 << 1, 1 << 2, 1 << 3
MAKE_DEVICES: Final = 1 << 6 | 1 << 11
MAKE_SOCKETS: Final = 1 << 9
TRUNCATE: Final = 1 << 14
OF_A_FILE: Final = EXECUTE | WRITE | READ | TRUNCATE
LOOK: Final = EXECUTE | READ | LIST

FILES: Final = {1: 13, 2: 14, 3: 15, 5: 16}
"""From a version of Landlock on, how many rights about files it knows."""
NETWORK: Final = {4: 2}
"""To listen and to call, over TCP."""
OUTSIDE: Final = {6: 2}
"""To call by a name without a file, and to send signals."""


def version() -> int:
    """Which Landlock the kernel has; 0 where it has none."""
    if processor() is None:
        return 0
    try:
        return call(CREATE, 0, 0, ASK_VERSION)
    except OSError:
        return 0


def restrict(
    looked_at: Iterable[Path] = (), written: Iterable[Path] = (), met_at: Iterable[Path] = ()
) -> None:
    """From now on, and in all children, nothing can be opened but below these paths: some to be
    looked at and run, others to be written, too, and in some only sockets be made. Those that do
    not exist are passed over. No TCP, and no signal to anybody outside, where the kernel's version
    knows of it.

    Raises:
        OSError: the kernel has no Landlock.
    """
    import ctypes  # only where there is a kernel to ask

    known = version()
    if known < 1:
        raise OSError("not on this system")
    every = _rights(FILES, known)
    attributes = struct.pack("=QQQ", every, _rights(NETWORK, known), _rights(OUTSIDE, known))
    attributes = attributes[: 24 if known >= 6 else 16 if known >= 4 else 8]
    asked = ctypes.create_string_buffer(attributes, len(attributes))
    rules = call(CREATE, ctypes.addressof(asked), len(attributes), 0)
    try:
        for path in looked_at:
            _allow(rules, path, LOOK & every)
        for path in written:
            _allow(rules, path, every & ~MAKE_DEVICES)
        for path in met_at:
            _allow(rules, path, MAKE_SOCKETS)
        call(RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    import ctypes  # as above

    with contextlib.suppress(FileNotFoundError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rights = rights if path.is_dir() else rights & OF_A_FILE
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place), 12)
            call(ADD, rules, BENEATH, ctypes.addressof(rule), 0)
        finally:
            os.close(place)


def _rights(numbers: dict[int, int], known: int) -> int:
    return (1 << max((many for since, many in numbers.items() if since <= known), default=0)) - 1
