"""What a child gives up before it opens anything, and what it holds."""

from __future__ import annotations

import os
from typing import Any, BinaryIO, Final

import pymupdf

mupdf: Any = pymupdf
"""PyMuPDF without its types, which cover only a part of it."""

OPEN_FILES: Final = 16
"""Descriptors a worker may hold: its pipes, the PDF, and a few for late imports."""


def limit(
    *, memory_bytes: int, cpu_seconds: int, output_bytes: int = 0, files: int = OPEN_FILES
) -> None:
    """Give up memory, processor time, large files and core dumps. Does nothing off POSIX.

    Args:
        output_bytes: the largest file that may be written.
        files: descriptors that may be open.
    """
    try:
        import resource  # not on Windows
    except ImportError:
        return
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


def held_bytes() -> int:
    """Memory this process holds now, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - no pathlib for one line
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


def answers_only() -> BinaryIO:
    """The pipe to the parent, for answers alone: whatever a library prints goes nowhere."""
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    mupdf.TOOLS.mupdf_display_errors(False)
    mupdf.TOOLS.mupdf_display_warnings(False)
    return out
