"""The server a rehearsal starts for itself: a child process on a folder that is thrown away."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from meeting.errors import Stopped

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 10.0
LOOPBACK: Final = "127.0.0.1"

_PAPER: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 420]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
"""An empty page: the server's own sample papers would keep it busy while figures are taken."""

_START: Final = (
    "import contextlib, signal\n"
    "from meeting.cli import main\n"
    "from meeting.sandbox import kernel\n"
    "with contextlib.suppress(OSError):\n"  # no Linux
    "    kernel.prctl(kernel.DIE_WITH_PARENT, signal.SIGTERM)\n"
    "main()\n"
)
"""`meeting`, which stops when the rehearsal is killed that started it."""


class Host:
    """One folder and one port; at most one process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = _free_port()
        self._said = folder / "stderr.txt"
        self._paper = folder / "paper.pdf"
        self._process: asyncio.subprocess.Process | None = None
        self.url = f"http://{LOOPBACK}:{self._port}"
        self.link = ""

    async def start(self) -> None:
        """Start, and wait until it is ready; `link` is then the secretary's personal link.

        Raises:
            Stopped: it does not start.
        """
        self._paper.write_bytes(_PAPER)
        with self._said.open("wb") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", _START, "demo", str(self._paper), "--json"),
                *("--data", str(self._folder / "data"), "--host", LOOPBACK),
                *("--port", str(self._port)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # Ctrl-C is for us: the meeting is ended first
            )
        self.link = (await self._ready(self._process))["links"]["secretary"]

    async def _ready(self, process: asyncio.subprocess.Process) -> dict[str, Any]:
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_SECONDS):
                ready: dict[str, Any] = json.loads(await process.stdout.readline())
                return ready
        except (TimeoutError, ValueError):
            raise Stopped("rehearse_no_start", why=self.last_words()) from None

    async def kill(self) -> None:
        """As when somebody pulls the plug of the process."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, and insist."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            await self.kill()

    @property
    def ended(self) -> bool:
        return self._process is not None and self._process.returncode is not None

    def last_words(self) -> str:
        """The last line it wrote for people."""
        try:
            lines = self._said.read_text("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


@contextlib.asynccontextmanager
async def own_host() -> AsyncIterator[Host]:
    """A running server; gone with its folder when the block ends, whatever ends it."""
    with tempfile.TemporaryDirectory(prefix="phien-", ignore_cleanup_errors=True) as folder:
        host = Host(Path(folder))
        try:
            await host.start()
            yield host
        finally:
            await host.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
