"""A locked PDF opened with its password by a sandboxed process (sandbox/unlocker.py).

The password goes to that process through its pipe and is kept nowhere: not in a file, an argument,
an environment or a log.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Final, cast

from meeting.pages.children import Handing, ended, framed, said, start_child
from meeting.pages.limits import PagesLimits
from meeting.pages.pool import FILE_CODES, FileCode, FileRefused
from meeting.sandbox import command

ANSWER_BYTES: Final = 10_000


async def unlock(path: Path, password: str, copy: Path, limits: PagesLimits) -> None:
    """Write to `copy`, which must exist, the PDF without its lock.

    Raises FileRefused, `file_password_wrong` among others; OSError when a file cannot be opened or
    no process is to be had.
    """
    with ExitStack() as kept:
        handing = Handing(kept)
        settings = {
            "source": handing.over(path),
            "output": handing.over(copy, os.O_RDWR),
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": limits.cpu_seconds_per_worker,
            "max_file_bytes": limits.max_file_bytes,
        }
        program = command("unlocker", json.dumps(settings))
        process = await start_child(program, handing.descriptors)
    try:
        async with asyncio.timeout(limits.open_seconds + limits.page_seconds):
            code = await _answer(process, password)
    except TimeoutError:
        code = "file_too_slow"
    finally:
        await ended(process)
    if code is not None:
        raise FileRefused(code, limits.named(code))


async def _answer(process: asyncio.subprocess.Process, password: str) -> FileCode | None:
    """None when the copy is written."""
    out = process.stdin
    if out is None:
        return "file_broken"
    try:
        out.write(framed(password.encode()))
        await out.drain()
        code = (await said(process, ANSWER_BYTES)).get("code")
    except (EOFError, OSError, ValueError):
        return "file_broken"  # it ended, or answered nonsense
    return None if code is None else cast(FileCode, code) if code in FILE_CODES else "file_broken"
