"""What a child gives up before it opens anything, and what it holds.

Each part is given up where the system lets it; the names of those that were are told to the
parent: `memory` and `time` are limited, `calls` to the system filtered, `network` and `files` out
of reach. Where there is less, the child is still a process of its own that its parent ends.
"""

from __future__ import annotations

import codecs
import contextlib
import functools
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from meeting.sandbox import kernel, landlock, seccomp

OPEN_FILES: Final = 16
"""Descriptors a worker may hold: its pipes, the PDF, and a few for late imports."""

CODECS: Final = ("latin_1", "raw_unicode_escape", "utf_16", "utf_16_be", "utf_16_le")
"""Letters a PDF may be written in; Python loads each when it first meets it."""

LARGE: Final = 32 * 1024 * 1024
UNUSED: Final = 64 * 1024 * 1024
"""Bytes; a page of 1,600 pixels needs about 40 megabytes in pieces of 15 at most."""

TOLD: Final = {"RLIMIT_AS": "memory", "RLIMIT_CPU": "time"}


def limit(
    *, memory_bytes: int, cpu_seconds: int, output_bytes: int = 0, files: int = OPEN_FILES
) -> list[str]:
    """Give up memory, processor time, large files and core dumps, and to outlive the parent. Does
    nothing off POSIX.

    Args:
        output_bytes: the largest file that may be written.
        files: descriptors that may be open.
    """
    held: list[str] = []
    try:
        import resource  # not on Windows
    except ImportError:
        return held
    with contextlib.suppress(OSError):  # where there is no such, the closed pipe ends it
        kernel.prctl(kernel.DIE_WITH_PARENT, signal.SIGKILL)
    wanted = (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_CPU", cpu_seconds),
        ("RLIMIT_FSIZE", output_bytes),
        ("RLIMIT_NOFILE", files),
        ("RLIMIT_CORE", 0),
    )
    for name, value in wanted:
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (AttributeError, OSError, ValueError):
            # A kernel without one of them, or a lower hard limit already: the others still hold.
            continue
        held += [TOLD[name]] if name in TOLD else []
    return held


def shut() -> list[str]:
    """Give up everything but to compute, and to read and write what is open. No module is imported
    and no file opened after this, so whatever will be needed is there before.
    """
    for name in CODECS:
        codecs.lookup(name)
    held_bytes()  # opens what it reads from then on
    return _shut(seccomp.READING, seccomp.DENY)


def shut_program(
    looked_at: Iterable[Path], written: Iterable[Path], met_at: Iterable[Path]
) -> list[str]:
    """Give up the network and all files but these, for the program that takes this child's place
    and all it starts; see `landlock.restrict`.
    """
    return _shut(seccomp.RUNNING, seccomp.ALLOW, looked_at, written, met_at)


def _shut(
    verdicts: dict[str, seccomp.Verdict],
    otherwise: int,
    looked_at: Iterable[Path] = (),
    written: Iterable[Path] = (),
    met_at: Iterable[Path] = (),
) -> list[str]:
    held: list[str] = []
    if sys.platform != "linux":
        return held
    try:
        kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
    except OSError:
        return held
    try:
        landlock.restrict(looked_at, written, met_at)
        held.append("files")
    except OSError:
        pass
    try:
        seccomp.permit(verdicts, otherwise)
        held += ["calls", "network"]
    except OSError:
        pass
    if "calls" in held and "files" not in held and verdicts is seccomp.READING:
        held.append("files")  # nothing can be opened by such a child, whoever asks
    return held


def hold_memory() -> None:
    """Keep freed memory for the next page: a fifth of the time of drawing one was to get a hundred
    megabytes from the system and give them back, several times over.
    """
    with contextlib.suppress(OSError):
        kernel.mallopt(kernel.LARGE_BYTES, LARGE)
        kernel.mallopt(kernel.UNUSED_BYTES, UNUSED)


def held_bytes() -> int:
    """Memory this process holds now, 0 where the system does not tell."""
    try:
        return int(os.pread(_statm(), 100, 0).split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


@functools.cache
def _statm() -> int:
    """Where Linux tells it, open for good."""
    return os.open("/proc/self/statm", os.O_RDONLY)


def answers_only() -> BinaryIO:
    """The pipe to the parent, for answers alone: whatever a library prints goes nowhere."""
    import pymupdf  # a child that only starts another program has no need of it

    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return out
