"""A check in a process of its own, that can be ended at any moment: whatever a file makes of it,
neither the server nor its disk is held up. The child is `examiner`.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from meeting.archive.checking import Checked
from meeting.errors import Refused
from meeting.pages.children import KILL_SECONDS, ended, start_child
from meeting.sandbox import ROOT, START

CHILD: Final = "meeting.archive.examiner"
ANSWER_MOST_BYTES: Final = 64_000_000


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """What the check of a file may cost. The largest file of a real meeting takes a small part."""

    memory_bytes: int = 2_000_000_000
    seconds: float = 120.0
    """Of processor time and by the clock, beside what reading the file takes."""

    slowest_bytes_per_second: int = 10_000_000
    """A slow disk gives, and a slow processor sums up, no less."""


class Examined(Struct, frozen=True):
    """What the child says: what it found, or with which error of the system it could not read."""

    checked: Checked | None = None
    errno: int = 0
    why: str = ""


def seconds_for(path: Path, limits: CheckLimits) -> float:
    """How long the check of this file, or of the folder it was unpacked to, may take."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    size = 0
    for file in files:
        with suppress(OSError):  # the check says what cannot be read
            size += file.lstat().st_size
    return limits.seconds + size / limits.slowest_bytes_per_second


async def check_apart(path: Path, head: str = "", limits: CheckLimits | None = None) -> Checked:
    """As `checking.check`. Whoever is cancelled here leaves no process behind.

    Raises:
        Refused: `check_given_up`, the file asks for more than any meeting's.
        OSError: it cannot be read.
    """
    limits = limits or CheckLimits()
    seconds = await asyncio.to_thread(seconds_for, path, limits)
    settings = {
        "path": str(path),
        "head": head,
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": int(seconds) + 1,
    }
    program = (sys.executable, "-I", "-c", START, str(ROOT), CHILD)
    process = await start_child((*program, msgspec.json.encode(settings).decode()))
    patience = 0.0
    try:
        async with asyncio.timeout(seconds):
            examined = await _answer(process)
        patience = KILL_SECONDS  # it has said all and ends by itself
    except TimeoutError:
        raise Refused("check_given_up") from None
    finally:
        await asyncio.shield(ended(process, patience))
    if examined.checked is None:
        raise OSError(examined.errno, examined.why)
    return examined.checked


async def _answer(process: asyncio.subprocess.Process) -> Examined:
    answer = bytearray()
    while process.stdout is not None and (piece := await process.stdout.read(1 << 16)):
        answer += piece
        if len(answer) > ANSWER_MOST_BYTES:
            raise Refused("check_given_up")
    try:
        return msgspec.json.decode(answer, type=Examined)
    except msgspec.DecodeError:  # it ran out of memory, or of time, and said nothing
        raise Refused("check_given_up") from None
