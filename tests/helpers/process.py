"""`meeting demo`, or `serve`, as its own process on loopback: started, killed, started again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import httpx2

START_SECONDS = 60.0


class NotReady(Exception):
    """The process ended, or said nothing, instead of serving."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """One data folder and one port; at most one process at a time.

    `verb` is the command: `serve`, which has no sample meeting, takes no files. `errors` is where
    what a process says on its terminal goes, if not to ours.
    `world` may be set before each start: options of `tests.rigs.child`, the broken world in
    which the next process lives; none is the real one.
    """

    def __init__(
        self,
        data: Path,
        port: int,
        files: Sequence[Path] = (),
        *,
        host: str = "127.0.0.1",
        world: Sequence[str] = (),
        verb: str = "demo",
        errors: BinaryIO | None = None,
    ) -> None:
        self.data = data
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.world = tuple(world)
        self.ready: dict[str, Any] = {}
        self._files = files
        self._host = host
        self._verb = verb
        self._errors = errors
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start, and wait for the line that says it is ready. Raises NotReady."""
        program = ["tests.rigs.child", *self.world, "--"] if self.world else ["meeting"]
        command = [self._verb, *map(str, self._files), "--host", self._host]
        options = ["--port", str(self.port), "--data", str(self.data), "--json"]
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *program, *command, *options),
            stdout=asyncio.subprocess.PIPE,
            stderr=self._errors,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = await self._process.stdout.readline()
        try:
            self.ready = json.loads(line)
        except ValueError:
            raise NotReady(line.decode(errors="replace")) from None

    async def kill(self) -> None:
        """SIGKILL; nothing more if it has ended already."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START_SECONDS):
            return await self._process.wait()


@contextlib.asynccontextmanager
async def demo(data: Path, files: Sequence[Path] = ()) -> AsyncIterator[Demo]:
    """A running demo over this folder; gone when the block ends."""
    running = Demo(data, free_port(), files)
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


@contextlib.asynccontextmanager
async def serve(data: Path) -> AsyncIterator[Demo]:
    """A running server over this folder, as an office starts it; gone when the block ends."""
    running = Demo(data, free_port(), verb="serve")
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


async def claim(http: httpx2.AsyncClient, link: str) -> tuple[str, str]:
    """Tap "Đúng, là tôi" behind a personal link: the seat, and its cookie's value."""
    answer = await http.post(link)
    assert answer.status_code == 303, (answer.status_code, answer.text[:300])
    seat = answer.headers["location"].strip("/").split("/")[1]
    cookie = answer.headers["set-cookie"].split(";")[0]
    assert cookie.startswith(f"seat_{seat}=")
    return seat, cookie.partition("=")[2]
