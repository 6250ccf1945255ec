"""Worker processes: started with limits, each bound to one document, killed and replaced.

Does not choose what to draw (jobs.py) nor keep what was drawn (cache.py).
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args

from meeting.pages.cache import EXTENSIONS, Box, Image
from meeting.pages.jobs import TILE, TILED, Work
from meeting.pages.limits import PagesLimits
from meeting.pages.printed import Printed, printed_of
from meeting.pages.workers import SlowToOpen, Worker, WorkerLost, opened, start_worker
from meeting.sandbox import CONFINED

TRIES: Final = 2
SPARE_SECONDS: Final = 2.0
"""So long after the spare process was taken another one is started: not while somebody waits."""
FileCode = Literal[
    "file_too_large",
    "file_not_pdf",
    "file_broken",
    "file_locked",
    "file_too_many_pages",
    "file_empty",
    "file_too_slow",
    "file_too_heavy",
    "file_password_wrong",
]
PageCode = Literal["page_failed", "page_timeout", "page_too_heavy", "page_unknown"]
FILE_CODES: Final = get_args(FileCode)
NO_LIMIT: Final[Mapping[str, int]] = {}
PAGE_CODES: Final = get_args(PageCode)


class FileRefused(Exception):
    """A file is not taken in. `data`: the limit it ran into (`PagesLimits.named`)."""

    def __init__(self, code: FileCode, data: Mapping[str, int] = NO_LIMIT) -> None:
        super().__init__(code)
        self.code: FileCode = code
        self.data = data


class PageFailed(Exception):
    """A page cannot be shown; the others of its document can."""

    def __init__(self, code: PageCode) -> None:
        super().__init__(code)
        self.code: PageCode = code


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in a PDF: how many pages, and what is printed on the first ones, () where that
    could not be read.
    """

    pages: int
    printed: tuple[Printed, ...] = ()


def _box(said: object) -> Box | None:
    """Four thousandths, as far as a child said them."""
    if isinstance(said, list) and len(said) == 4 and all(type(one) is int for one in said):
        left, top, right, bottom = said
        if 0 <= left <= right <= 1000 and 0 <= top <= bottom <= 1000:
            return left, top, right, bottom
    return None


def codes(said: object) -> tuple[str, ...]:
    """What a child says it has given up, as far as we know of such."""
    return tuple(code for code in CONFINED if isinstance(said, list) and code in said)


class Pool:
    """At most `size` processes, and spares. Its caller runs at most `size` jobs at a time.

    Args:
        spare: whether there is always one more that waits for a document, once there was one.
    """

    def __init__(self, size: int, limits: PagesLimits, *, spare: bool = False) -> None:
        self.size = size
        self.started = 0
        self.confined: tuple[str, ...] | None = None
        """What its processes have given up (sandbox/confine.py); None before one has said so."""
        self._limits = limits
        self._keep_spare = spare
        self._spares: list[Worker] = []
        self._expecting: set[asyncio.Task[None]] = set()
        self._workers: list[Worker] = []  # the one used longest ago first
        self._starting = 0
        self._closing = False

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes alive now."""
        return tuple(worker.process.pid for worker in (*self._workers, *self._spares))

    def expect(self, documents: int, after_seconds: float = 0.0) -> None:
        """Start processes for so many documents that are likely to come. They start slowly: most of
        it is Python reading libraries.
        """
        if os.name != "posix" or self._closing or self._expecting:
            return
        task = asyncio.create_task(self._make_spares(documents, after_seconds), name="pages: spare")
        self._expecting.add(task)
        task.add_done_callback(self._expecting.discard)

    async def _make_spares(self, number: int, after_seconds: float) -> None:
        await asyncio.sleep(after_seconds)
        for _ in range(number - len(self._spares)):
            if self._closing:
                return
            try:
                self._spares.append(await start_worker(self._limits))
            except OSError:
                return  # whoever needs one tries again, and says what is wrong

    async def inspect(self, sha256: str, path: Path) -> Inspected:
        """What there is to know before it is laid anywhere. Raises FileRefused, OSError."""
        for _ in range(TRIES):
            opened: int | FileCode = 0
            printed: tuple[Printed, ...] = ()
            # A worker that is lost over the text alone has said how many pages there are.
            with suppress(WorkerLost, TimeoutError):
                try:
                    async with self._worker(sha256, path) as worker:
                        opened = await self._open(worker)
                        if isinstance(opened, int):
                            printed = await self._text(worker)
                except SlowToOpen:
                    opened = "file_too_slow"
            if isinstance(opened, str):
                raise FileRefused(opened, self._limits.named(opened))
            if opened:
                return Inspected(opened, printed)
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
                near = work.page if work.closely else 0
                async with self._worker(work.sha256, path, near, anew=last) as worker:
                    opened = worker.pages or await self._open(worker)
                    drawn = await self._draw(worker, work) if isinstance(opened, int) else None
            except SlowToOpen as slow:
                raise TimeoutError from slow
            except WorkerLost:
                if last or self._closing:
                    raise
                continue
            if isinstance(drawn, Image):
                return drawn
            raise PageFailed(drawn or "page_failed")
        raise AssertionError("unreachable")

    async def come_closer(self, work: Work, path: Path) -> bool:
        """Have the page unpacked in one process, before pieces of it are asked for, if it is a
        drawing; whether it is.

        Raises WorkerLost, TimeoutError and OSError as `draw`.
        """
        async with self._worker(work.sha256, path, work.page) as worker:
            if not isinstance(worker.pages or await self._open(worker), int):
                return False
            where = {"page": work.page, "width": TILED[-1], "turn": work.turn}
            header, _ = await worker.ask({"job": "closer"} | where, self._limits.page_seconds)
            return header.get("plan") is True

    async def read(self, work: Work, path: Path) -> bytes | None:
        """What the child says of the words of a page; None where they cannot be read.

        Raises WorkerLost, TimeoutError and OSError as `draw`.
        """
        for last in (False, True):
            try:
                async with self._worker(work.sha256, path, anew=last) as worker:
                    opened = worker.pages or await self._open(worker)
                    if not isinstance(opened, int):
                        return None
                    request = {"job": "read", "page": work.page}
                    header, body = await worker.ask(request, self._limits.text_seconds)
            except WorkerLost as lost:
                if last or self._closing or isinstance(lost, SlowToOpen):
                    raise
                continue
            return None if "code" in header else body
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """End all processes, at work or not. What they were asked fails with WorkerLost."""
        self._closing = True
        for task in self._expecting:
            task.cancel()
        await asyncio.gather(*self._expecting, return_exceptions=True)
        spares, self._spares = self._spares, []
        await asyncio.gather(*(worker.kill() for worker in (*self._workers, *spares)))

    async def _open(self, worker: Worker) -> int | FileCode:
        try:
            header, _ = await worker.ask({"job": "open"}, self._limits.open_seconds)
        except TimeoutError as slow:
            raise SlowToOpen from slow
        self.confined = codes(header.get("confined"))
        if (code := header.get("code")) in FILE_CODES:
            return cast(FileCode, code)
        pages = header.get("pages")
        if isinstance(pages, int) and 1 <= pages <= self._limits.max_pages:
            worker.pages = pages
            return pages
        raise WorkerLost

    async def _text(self, worker: Worker) -> tuple[Printed, ...]:
        _, body = await worker.ask({"job": "text"}, self._limits.text_seconds)
        try:
            return printed_of(json.loads(body))
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as bad:
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
            return Image(body, media_type, _box(header.get("box")), header.get("plan") is True)
        raise WorkerLost

    @asynccontextmanager
    async def _worker(
        self, sha256: str, path: Path, near: int = 0, *, anew: bool = False
    ) -> AsyncIterator[Worker]:
        """A worker bound to this document; after any exception it is killed, not kept.

        Args:
            near: the page that is to lie there unpacked; 0 for anything else.
            anew: none that is idle. A system short of memory may have ended all of those.
        """
        idle = None if anew else self._idle(sha256, near)
        worker = idle or await self._start(sha256, path)
        worker.busy = True
        worker.near = near or worker.near
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

    def _idle(self, sha256: str | None, near: int = 0) -> Worker | None:
        """The one idle longest, bound to this document, or to any for None; before others the one
        that drew pieces of this page.
        """
        idle = [one for one in self._workers if not one.busy and sha256 in (None, one.sha256)]
        return min(idle, key=lambda one: near != one.near, default=None)

    async def _start(self, sha256: str, path: Path) -> Worker:
        self._starting += 1
        try:
            while len(self._workers) + self._starting > self.size and (idle := self._idle(None)):
                self._workers.remove(idle)
                await idle.kill()
            if self._closing:
                raise WorkerLost
            worker = await self._bound(sha256, path)
        finally:
            self._starting -= 1
        if self._closing:
            await worker.kill()
            raise WorkerLost
        self.started += 1
        self._workers.append(worker)
        if self._keep_spare and not self._spares:
            self.expect(1, SPARE_SECONDS)
        return worker

    async def _bound(self, sha256: str, path: Path) -> Worker:
        """A spare process, or a new one, with this document."""
        if os.name != "posix":
            worker = await start_worker(self._limits, path)
            worker.sha256 = sha256
            return worker
        with opened(path) as descriptor:
            while self._spares:
                spare = self._spares.pop(0)
                with suppress(WorkerLost):
                    spare.take(sha256, descriptor)
                    return spare
                await spare.kill()
            worker = await start_worker(self._limits)
            try:
                worker.take(sha256, descriptor)
            except WorkerLost:
                await worker.kill()
                raise
            return worker
