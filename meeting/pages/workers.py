"""One worker process: started with limits, bound to one document, asked, killed.

How many there are and which is asked is decided elsewhere (pool.py).
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from meeting.pages.children import ended, framed, said, start_child
from meeting.pages.limits import PagesLimits
from meeting.sandbox import command

HEADER_BYTES: Final = 262_144
BODY_BYTES: Final = 64_000_000
"""An answer beyond these is not ours: the worker is killed."""


class WorkerLost(Exception):
    """The process ended or answered nonsense."""


class SlowToOpen(WorkerLost):
    """It had not opened its document in time."""


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """The file's descriptor, for as long as it is handed over."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class Worker:
    """One process and the one document it serves, "" while it is a spare. Made by `start_worker`,
    ended by `kill`. `door`: by which a document is handed in, once.
    """

    def __init__(
        self, process: asyncio.subprocess.Process, door: socket.socket | None, sha256: str = ""
    ) -> None:
        self.sha256 = sha256
        self.process = process
        self._door = door
        self._killed = False
        self.busy = True
        self.jobs = 0
        self.pages = 0  # until the document was opened
        self.near = 0  # the page of which it drew a piece last
        self.held_bytes = 0

    async def ask(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """Header and body of the answer. Raises WorkerLost or TimeoutError: then kill it."""
        self.jobs += 1
        async with asyncio.timeout(seconds):
            header, body = await exchange(self.process, request)
        try:
            self.held_bytes = int(header["held_bytes"])
        except (ValueError, TypeError, LookupError) as bad:
            raise WorkerLost from bad
        return header, body

    def take(self, sha256: str, descriptor: int) -> None:
        """Bind it to a document for good. Raises WorkerLost."""
        self.sha256 = sha256
        if self._door is None:
            raise WorkerLost
        with self._door as door:
            self._door = None
            try:
                socket.send_fds(door, [b"\0"], [descriptor])
            except OSError as gone:
                raise WorkerLost from gone

    async def kill(self) -> None:
        """End the process and wait until the system has forgotten it."""
        killed, self._killed = self._killed, True
        await ended(self.process, killed=killed)
        if self._door is not None:
            self._door.close()  # at which it would have ended by itself


async def exchange(
    process: asyncio.subprocess.Process, request: dict[str, Any], body: bytes = b""
) -> tuple[dict[str, Any], bytes]:
    """Header and body of what a child answers to this. Raises WorkerLost."""
    out, into = process.stdin, process.stdout
    if out is None or into is None:
        raise WorkerLost
    try:
        out.write(framed(json.dumps(request).encode()) + body)
        await out.drain()
        header = await said(process, HEADER_BYTES)
        length = header["body_bytes"]
        if not 0 <= length <= BODY_BYTES:
            raise WorkerLost
        return header, await into.readexactly(length)
    except (EOFError, ConnectionError, RuntimeError, ValueError, TypeError, LookupError) as bad:
        raise WorkerLost from bad


async def start_worker(limits: PagesLimits, path: Path | None = None) -> Worker:
    """A process that waits for its document. Raises OSError.

    On Windows nothing can be handed over later: it is told the path of the document at once.
    """
    settings: dict[str, Any] = {
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds_per_worker,
        "max_file_bytes": limits.max_file_bytes,
        "max_pages": limits.max_pages,
        "max_pixels": limits.max_pixels,
    }
    if path is not None:
        return Worker(await _started(settings | {"source": str(path)}, ()), None)
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            door = theirs.fileno()
            return Worker(await _started(settings | {"door": door}, (door,)), ours)
    except BaseException:
        ours.close()
        raise


async def _started(
    settings: dict[str, Any], descriptors: tuple[int, ...]
) -> asyncio.subprocess.Process:
    return await start_child(command("worker", json.dumps(settings)), descriptors)
