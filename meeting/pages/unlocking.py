"""A locked PDF opened with its password by a sandboxed process (sandbox/unlocker.py).

The password goes to that process through its pipe and is kept nowhere: not in a file, an argument,
an environment or a log.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final, cast

from meeting.pages.limits import PagesLimits
from meeting.pages.pool import FILE_CODES, FileCode, FileRefused
from meeting.pages.workers import KEPT_VARIABLES, KILL_SECONDS
from meeting.sandbox import command

ANSWER_BYTES: Final = 10_000


async def unlock(path: Path, password: str, copy: Path, limits: PagesLimits) -> None:
    """Write to `copy`, which must exist, the PDF without its lock.

    Raises FileRefused, `file_password_wrong` among others; OSError when a file cannot be opened or
    no process is to be had.
    """
    with ExitStack() as handed:
        given: dict[str, int | str] = {"path": str(path), "output": str(copy)}
        descriptors: tuple[int, ...] = ()
        if os.name == "posix":
            descriptors = tuple(
                _kept_open(handed, *one) for one in ((path, os.O_RDONLY), (copy, os.O_RDWR))
            )
            given = {"descriptor": descriptors[0], "output": descriptors[1]}
        settings = given | {
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": limits.cpu_seconds_per_worker,
            "max_file_bytes": limits.max_file_bytes,
        }
        process = await asyncio.create_subprocess_exec(
            *command("unlocker", json.dumps(settings)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=descriptors,
            start_new_session=True,
            env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
        )
    try:
        async with asyncio.timeout(limits.open_seconds + limits.page_seconds):
            code = await _answer(process, password)
    except TimeoutError:
        code = "file_too_slow"
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), KILL_SECONDS)
    if code is not None:
        raise FileRefused(code, limits.named(code))


def _kept_open(until: ExitStack, path: Path, flags: int) -> int:
    descriptor = os.open(path, flags)
    until.callback(os.close, descriptor)
    return descriptor


async def _answer(process: asyncio.subprocess.Process, password: str) -> FileCode | None:
    """None when the copy is written."""
    out, into = process.stdin, process.stdout
    if out is None or into is None:
        return "file_broken"
    raw = password.encode()
    try:
        out.write(len(raw).to_bytes(4, "big") + raw)
        await out.drain()
        size = int.from_bytes(await into.readexactly(4), "big")
        code = json.loads(await into.readexactly(min(size, ANSWER_BYTES))).get("code")
    except (EOFError, OSError, ValueError, AttributeError):
        return "file_broken"  # it ended, or answered nonsense
    return None if code is None else cast(FileCode, code) if code in FILE_CODES else "file_broken"
