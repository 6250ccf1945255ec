"""One worker process: started with limits, bound to one document, asked, killed.

How many there are and which is asked is decided elsewhere (pool.py).
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from meeting.pages.limits import PagesLimits
from meeting.sandbox import command

HEADER_BYTES: Final = 262_144
BODY_BYTES: Final = 64_000_000
"""An answer beyond these is not ours: the worker is killed."""
KILL_SECONDS: Final = 5.0
"""A process stuck in the kernel is not waited for longer."""
KEPT_VARIABLES: Final = ("SYSTEMROOT",)
"""Python does not start on Windows without it; a worker's environment holds nothing else."""


class WorkerLost(Exception):
    """The process ended or answered nonsense."""


class SlowToOpen(WorkerLost):
    """It had not opened its document in time."""


@contextmanager
def handed_over(path: Path) -> Iterator[tuple[dict[str, int | str], tuple[int, ...]]]:
    """How a child gets at a file from its start: by an inherited descriptor; on Windows only by its
    path.
    """
    if os.name != "posix":
        yield {"path": str(path)}, ()
        return
    with opened(path) as descriptor:
        yield {"descriptor": descriptor}, (descriptor,)


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
        # Once, and before its door is closed: of one that is gone already asyncio complains.
        if not self._killed:
            self._killed = True
            with suppress(ProcessLookupError):
                self.process.kill()
        if self._door is not None:
            self._door.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), KILL_SECONDS)


async def exchange(
    process: asyncio.subprocess.Process, request: dict[str, Any], body: bytes = b""
) -> tuple[dict[str, Any], bytes]:
    """Header and body of what a child answers to this. Raises WorkerLost."""
    out, into = process.stdin, process.stdout
    if out is None or into is None:
        raise WorkerLost
    raw = json.dumps(request).encode()
    try:
        out.write(len(raw).to_bytes(4, "big") + raw + body)
        await out.drain()
        size = int.from_bytes(await into.readexactly(4), "big")
        if size > HEADER_BYTES:
            raise WorkerLost
        header = json.loads(await into.readexactly(size))
        length = header["body_bytes"]
        if not 0 <= length <= BODY_BYTES:
            raise WorkerLost
        return header, await into.readexactly(length)
    except (EOFError, ConnectionError, RuntimeError, ValueError, TypeError, LookupError) as bad:
        raise WorkerLost from bad


async def start_worker(limits: PagesLimits, nice: int, path: Path | None = None) -> Worker:
    """A process that waits for its document. Raises OSError.

    On Windows nothing can be handed over later: it is told the path of the document at once.
    """
    settings: dict[str, Any] = {
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds_per_worker,
        "max_file_bytes": limits.max_file_bytes,
        "max_pages": limits.max_pages,
        "max_pixels": limits.max_pixels,
        "nice": nice,
    }
    if path is not None:
        return Worker(await _started(settings | {"path": str(path)}, ()), None)
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
    return await asyncio.create_subprocess_exec(
        *command("worker", json.dumps(settings)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=descriptors,
        start_new_session=True,
        env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
    )
