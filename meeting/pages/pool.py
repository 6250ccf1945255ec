"""Worker processes: started with limits, each bound to one document, killed and replaced.

Does not choose what to draw (jobs.py) nor keep what was drawn (cache.py).
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

from meeting.pages.cache import EXTENSIONS, Box, Image
from meeting.pages.jobs import TILE, Work
from meeting.pages.printed import Printed, printed_of
from meeting.sandbox import command

HEADER_BYTES: Final = 262_144
BODY_BYTES: Final = 64_000_000
"""An answer beyond these is not ours: the worker is killed."""
TRIES: Final = 2
KILL_SECONDS: Final = 5.0
"""A process stuck in the kernel is not waited for longer."""
KEPT_VARIABLES: Final = ("SYSTEMROOT",)
"""Python does not start on Windows without it; a worker's environment holds nothing else."""

FileCode = Literal[
    "file_too_large",
    "file_not_pdf",
    "file_broken",
    "file_locked",
    "file_too_many_pages",
    "file_empty",
]
PageCode = Literal["page_failed", "page_timeout", "page_unknown"]
FILE_CODES: Final = get_args(FileCode)
PAGE_CODES: Final = get_args(PageCode)


class FileRefused(Exception):
    """A file is not taken in."""

    def __init__(self, code: FileCode) -> None:
        super().__init__(code)
        self.code: FileCode = code


class PageFailed(Exception):
    """A page cannot be shown; the others of its document can."""

    def __init__(self, code: PageCode) -> None:
        super().__init__(code)
        self.code: PageCode = code


class WorkerLost(Exception):
    """The process ended or answered nonsense."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, as it is printed."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in a PDF: how many pages, the first lines of the first, and what is printed
    on the first pages, () where that could not be read.
    """

    pages: int
    lines: tuple[Line, ...] = ()
    printed: tuple[Printed, ...] = ()


@dataclass(frozen=True, slots=True)
class PagesLimits:
    """What an untrusted document may cost."""

    max_file_bytes: int = 50_000_000
    max_pages: int = 500
    max_pixels: int = 5_000_000
    memory_bytes: int = 2_000_000_000
    recycle_bytes: int = 600_000_000
    """A worker that holds this much after an answer is replaced."""
    cpu_seconds_per_worker: int = 300
    open_seconds: float = 10.0
    page_seconds: float = 20.0
    jobs_per_worker: int = 200
    failure_seconds: float = 60.0
    """A failed page is not tried again for this long."""


@contextmanager
def handed_over(path: Path) -> Iterator[tuple[dict[str, int | str], tuple[int, ...]]]:
    """How a worker gets at the PDF: by an inherited descriptor; on Windows only by its path."""
    if os.name != "posix":
        yield {"path": str(path)}, ()
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield {"descriptor": descriptor}, (descriptor,)
    finally:
        os.close(descriptor)


class Worker:
    """One process and the one document it serves. Made by `start_worker`, ended by `kill`."""

    def __init__(self, sha256: str, process: asyncio.subprocess.Process) -> None:
        self.sha256 = sha256
        self.process = process
        self.busy = True
        self.jobs = 0
        self.pages = 0  # until the document was opened
        self.held_bytes = 0

    async def ask(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """Header and body of the answer. Raises WorkerLost or TimeoutError: then kill it."""
        out, into = self.process.stdin, self.process.stdout
        if out is None or into is None:
            raise WorkerLost
        raw = json.dumps(request).encode()
        self.jobs += 1
        try:
            async with asyncio.timeout(seconds):
                out.write(len(raw).to_bytes(4, "big") + raw)
                await out.drain()
                size = int.from_bytes(await into.readexactly(4), "big")
                if size > HEADER_BYTES:
                    raise WorkerLost
                header = json.loads(await into.readexactly(size))
                length = header["body_bytes"]
                if not 0 <= length <= BODY_BYTES:
                    raise WorkerLost
                body = await into.readexactly(length)
                self.held_bytes = int(header["held_bytes"])
        except (EOFError, ConnectionError, RuntimeError, ValueError, TypeError, LookupError) as bad:
            raise WorkerLost from bad
        return header, body

    async def kill(self) -> None:
        """End the process and wait until the system has forgotten it."""
        with suppress(ProcessLookupError):
            self.process.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), KILL_SECONDS)


async def start_worker(sha256: str, path: Path, limits: PagesLimits) -> Worker:
    """A process that holds the document but has not opened it. Raises OSError."""
    with handed_over(path) as (source, descriptors):
        settings = source | {
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": limits.cpu_seconds_per_worker,
            "max_file_bytes": limits.max_file_bytes,
            "max_pages": limits.max_pages,
            "max_pixels": limits.max_pixels,
        }
        process = await asyncio.create_subprocess_exec(
            *command("worker", json.dumps(settings)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=descriptors,
            start_new_session=True,
            env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
        )
    return Worker(sha256, process)


def _box(said: object) -> Box | None:
    """Four thousandths, as far as a child said them."""
    if isinstance(said, list) and len(said) == 4 and all(type(one) is int for one in said):
        left, top, right, bottom = said
        if 0 <= left <= right <= 1000 and 0 <= top <= bottom <= 1000:
            return left, top, right, bottom
    return None


class Pool:
    """At most `size` processes. Its caller runs at most `size` jobs at a time."""

    def __init__(self, size: int, limits: PagesLimits) -> None:
        self.size = size
        self.started = 0
        self._limits = limits
        self._workers: list[Worker] = []  # the one used longest ago first
        self._starting = 0
        self._closing = False

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes alive now."""
        return tuple(worker.process.pid for worker in self._workers)

    async def inspect(self, sha256: str, path: Path) -> Inspected:
        """What there is to know before it is laid anywhere. Raises FileRefused, OSError."""
        for _ in range(TRIES):
            opened: int | FileCode = 0
            lines: tuple[Line, ...] = ()
            printed: tuple[Printed, ...] = ()
            # A worker that is lost over the text alone has said how many pages there are.
            with suppress(WorkerLost, TimeoutError):
                async with self._worker(sha256, path) as worker:
                    opened = await self._open(worker)
                    if isinstance(opened, int):
                        lines, printed = await self._text(worker)
            if isinstance(opened, str):
                raise FileRefused(opened)
            if opened:
                return Inspected(opened, lines, printed)
        raise FileRefused("file_broken")

    async def let_go(self, sha256: str) -> None:
        """End the processes that hold this document, at work or not."""
        holding = [worker for worker in self._workers if worker.sha256 == sha256]
        await asyncio.gather(*(worker.kill() for worker in holding))

    async def draw(self, work: Work, path: Path) -> Image:
        """The image.

        Raises PageFailed when the worker lives on, WorkerLost when the page cost two of them,
        TimeoutError when it hung one, OSError when there is no file or no process to be had.
        """
        for last in (False, True):
            try:
                async with self._worker(work.sha256, path) as worker:
                    opened = worker.pages or await self._open(worker)
                    drawn = await self._draw(worker, work) if isinstance(opened, int) else None
            except WorkerLost:
                if last or self._closing:
                    raise
                continue
            if isinstance(drawn, Image):
                return drawn
            raise PageFailed(drawn or "page_failed")
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """End all processes, at work or not. What they were asked fails with WorkerLost."""
        self._closing = True
        await asyncio.gather(*(worker.kill() for worker in self._workers))

    async def _open(self, worker: Worker) -> int | FileCode:
        try:
            header, _ = await worker.ask({"job": "open"}, self._limits.open_seconds)
        except TimeoutError as slow:
            raise WorkerLost from slow
        if (code := header.get("code")) in FILE_CODES:
            return cast(FileCode, code)
        pages = header.get("pages")
        if isinstance(pages, int) and 1 <= pages <= self._limits.max_pages:
            worker.pages = pages
            return pages
        raise WorkerLost

    async def _text(self, worker: Worker) -> tuple[tuple[Line, ...], tuple[Printed, ...]]:
        header, body = await worker.ask({"job": "text"}, self._limits.page_seconds)
        try:
            lines = tuple(Line(str(text), bool(bold)) for text, bold in header["lines"])
            return lines, printed_of(json.loads(body))
        except (LookupError, TypeError, ValueError) as bad:
            raise WorkerLost from bad

    async def _draw(self, worker: Worker, work: Work) -> Image | PageCode:
        request = {"job": "render", "page": work.page, "width": work.width, "turn": work.turn}
        if work.tile:
            across = -(-work.width // TILE)
            row, column = divmod(work.tile - 1, across)
            request |= {"left": column * TILE, "top": row * TILE, "side": TILE}
        header, body = await worker.ask(request, self._limits.page_seconds)
        if (code := header.get("code")) in PAGE_CODES:
            return cast(PageCode, code)
        if (media_type := header.get("type")) in EXTENSIONS:
            return Image(body, media_type, _box(header.get("box")))
        raise WorkerLost

    @asynccontextmanager
    async def _worker(self, sha256: str, path: Path) -> AsyncIterator[Worker]:
        """A worker bound to this document; after any exception it is killed, not kept."""
        worker = self._idle(sha256) or await self._start(sha256, path)
        worker.busy = True
        keep = False
        try:
            yield worker
            keep = (
                worker.jobs < self._limits.jobs_per_worker
                and worker.held_bytes < self._limits.recycle_bytes
            )
        finally:
            worker.busy = False
            self._workers.remove(worker)
            if keep and not self._closing:
                self._workers.append(worker)
            else:
                await worker.kill()

    def _idle(self, sha256: str | None) -> Worker | None:
        """The one idle longest, bound to this document, or to any for None."""
        for worker in self._workers:
            if not worker.busy and sha256 in (None, worker.sha256):
                return worker
        return None

    async def _start(self, sha256: str, path: Path) -> Worker:
        self._starting += 1
        try:
            while len(self._workers) + self._starting > self.size and (idle := self._idle(None)):
                self._workers.remove(idle)
                await idle.kill()
            if self._closing:
                raise WorkerLost
            worker = await start_worker(sha256, path, self._limits)
        finally:
            self._starting -= 1
        if self._closing:
            await worker.kill()
            raise WorkerLost
        self.started += 1
        self._workers.append(worker)
        return worker
