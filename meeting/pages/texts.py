"""The text of documents: read page by page when there is nothing to draw, kept by content beside
their images, the newest in memory. What is looked for in it is finding.py's.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
import time
import zlib
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from meeting.logs import Log
from meeting.pages.finding import PARTS, PageText
from meeting.pages.jobs import TEXT, Need, Queue, Work
from meeting.pages.pool import PageFailed, Pool
from meeting.pages.workers import WorkerLost

WORDS_MOST: Final = 8000
LETTERS_MOST: Final = 80_000
"""Of one page; more would hold up all others while it is made ready to be looked through."""
TEXTS_BYTES: Final = 64_000_000
"""Memory for texts: some 10,000 pages."""
KEPT_BYTES: Final = 64_000_000
"""No file of texts is larger when unpacked."""
LOST_MOST: Final = 3
REST_SECONDS: Final = 60.0
"""After so many pages of a document that hurt a worker the others are not read for so long."""
VERSION: Final = 2
FILE: Final = "text.json.gz"

log = Log("pages")

Word = Annotated[str, Meta(min_length=1, max_length=100)]
Part = Annotated[int, Meta(ge=0, le=PARTS)]
At = Annotated[int, Meta(ge=0, lt=WORDS_MOST)]
Title = tuple[Annotated[int, Meta(ge=1, le=4)], Annotated[str, Meta(max_length=200)], int]
"""Of a document's own contents: level, title, page."""


class _Read(Struct, forbid_unknown_fields=True):
    """What a child says of a page. It may have been taken over by what it read."""

    words: Annotated[list[Word], Meta(max_length=WORDS_MOST)]
    boxes: Annotated[list[Part], Meta(max_length=4 * WORDS_MOST)]
    lines: list[At]
    blocks: list[At]
    label: Annotated[str, Meta(max_length=20)] = ""
    outline: Annotated[list[Title], Meta(max_length=500)] = []


class _KeptPage(Struct, array_like=True):
    text: str
    boxes: list[int]
    lines: list[int]
    blocks: list[int]
    label: str


class _Kept(Struct):
    """The first line of a file; the others are its pages."""

    version: int
    outline: list[Title]


EMPTY: Final = PageText("", array("H"), array("H"), array("H"))
"""A page without words, as of a scan; one that could not be read, too."""


class DocumentText:
    """What was read of a document so far."""

    def __init__(self, pages: int) -> None:
        self.pages: list[PageText | None] = [None] * pages
        self.outline: list[Title] = []
        self.lost: Counter[int] = Counter()
        """How often the process that read a page was lost, by page."""
        self.rests_until = 0.0
        """By the monotonic clock."""
        self.left = pages
        self.bytes = 0

    @property
    def whole(self) -> bool:
        """Whether every page was read."""
        return self.left == 0

    @property
    def wordless(self) -> bool:
        """Whether it has no text at all: a scan."""
        return self.whole and not any(page and page.text for page in self.pages)

    @property
    def unread(self) -> Iterator[int]:
        return (number for number, page in enumerate(self.pages, 1) if page is None)

    def put(self, page: int, text: PageText) -> None:
        """The words of a page that was not read yet."""
        if self.pages[page - 1] is not None:
            return
        self.left -= 1
        self.bytes += text.bytes if text is not EMPTY else 0
        self.pages[page - 1] = text


class Texts:
    """Used from one event loop.

    Args:
        folder: where the folder of each document's images lies, which goes with the document.
        pump: has the queue looked at.
        gone: whether a document was destroyed.
        low: whether the disk has no room for what can be made again.
    """

    def __init__(
        self,
        folder: Path,
        pool: Pool,
        queue: Queue,
        *,
        original: Callable[[str], Path],
        pump: Callable[[], None],
        gone: Callable[[str], bool],
        low: Callable[[], bool],
        most_bytes: int = TEXTS_BYTES,
    ) -> None:
        self._folder = folder
        self._pool = pool
        self._queue = queue
        self._original = original
        self._pump = pump
        self._gone = gone
        self._low = low
        self._most_bytes = most_bytes
        self._known: OrderedDict[str, DocumentText] = OrderedDict()
        self._waiting: dict[Work, asyncio.Future[PageText]] = {}
        self._closing = False

    async def prepare(self, sha256: str, pages: int) -> None:
        """Have what is missing read when there is nothing else to do."""
        document = await self._find(sha256, pages)
        for page in document.unread if not self._gone(sha256) else ():
            self._queue.prepare(Work(sha256, page, TEXT))

    async def document(self, sha256: str, pages: int) -> DocumentText:
        """What was read so far; the rest will be."""
        document = await self._find(sha256, pages)
        first = next(document.unread, None)
        if first is not None and Work(sha256, first, TEXT) not in self._queue:
            await self.prepare(sha256, pages)
            self._pump()
        return document

    async def page(self, sha256: str, page: int, pages: int) -> PageText:
        """The words of a page, read now if they were not yet.

        Raises PageFailed where there is no such page.
        """
        document = await self._find(sha256, pages)
        if not 1 <= page <= len(document.pages) or self._gone(sha256):
            raise PageFailed("page_unknown")
        if (text := document.pages[page - 1]) is not None:
            return text
        if self._closing:
            raise PageFailed("page_failed")
        work = Work(sha256, page, TEXT)
        if (waiting := self._waiting.get(work)) is None:
            waiting = self._waiting[work] = asyncio.get_running_loop().create_future()
        self._queue.ask(work, Need.SHARPER)
        self._pump()
        return await asyncio.shield(waiting)

    async def make(self, work: Work) -> None:
        """Have a page read. Never fails: what cannot be read has no words."""
        document = self._known.get(work.sha256)
        if document is None or not 1 <= work.page <= len(document.pages):
            self._settle(work, EMPTY)
            return
        if document.pages[work.page - 1] is None:
            text = await self._read(work, document)
            if text is None or self._known.get(work.sha256) is not document:
                self._settle(work, EMPTY)
                return
            document.put(work.page, text)
            if document.whole:
                await self._keep(work.sha256, document)
        self._settle(work, document.pages[work.page - 1] or EMPTY)

    def drop(self, sha256: str) -> None:
        """Forget the text of this document. Its file goes with its images."""
        self._known.pop(sha256, None)
        for work in [work for work in self._waiting if work.sha256 == sha256]:
            self._settle(work, EMPTY)

    def close(self) -> None:
        self._closing = True
        for work in tuple(self._waiting):
            self._settle(work, EMPTY)

    def _settle(self, work: Work, text: PageText) -> None:
        waiting = self._waiting.pop(work, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(text)

    async def _read(self, work: Work, document: DocumentText) -> PageText | None:
        """None where it may be read another time."""
        if time.monotonic() < document.rests_until:
            return None
        try:
            body = await self._pool.read(work, self._original(work.sha256))
            if body is None:
                return EMPTY
            read = msgspec.json.decode(body, type=_Read)
            if work.page == 1:
                document.outline = read.outline
            return await asyncio.to_thread(_page, read)  # it may be made of the oddest letters
        except (WorkerLost, TimeoutError, ValueError):  # before OSError: TimeoutError is one
            if self._closing:
                return None
            document.lost[work.page] += 1
            if document.lost.total() % LOST_MOST == 0:
                document.rests_until = time.monotonic() + REST_SECONDS
            self._queue.doubt(work.sha256)
            log.warning("text_failed", document=work.sha256[:8], page=work.page)
            return EMPTY if document.lost[work.page] > 1 else None
        except OSError as fault:
            if not isinstance(fault, FileNotFoundError):
                log.error("worker_not_started", document=work.sha256[:8], fault=fault)
            return None

    async def _find(self, sha256: str, pages: int) -> DocumentText:
        """From memory, from disk, or begun anew."""
        document = self._known.get(sha256)
        if document is None:
            found = await asyncio.to_thread(_load, self._file(sha256), pages)
            if self._gone(sha256):
                return DocumentText(pages)
            document = self._known.setdefault(sha256, found or DocumentText(pages))
            self._make_room()
        if sha256 in self._known:
            self._known.move_to_end(sha256)
        return document

    def _make_room(self) -> None:
        """The whole ones used longest ago go; of the others nothing is on disk yet."""
        held = sum(document.bytes for document in self._known.values())
        for sha256, document in list(self._known.items())[:-1]:
            if held <= self._most_bytes:
                return
            if document.whole:
                held -= document.bytes
                del self._known[sha256]

    async def _keep(self, sha256: str, document: DocumentText) -> None:
        lost = any(document.pages[page - 1] is EMPTY for page in document.lost)
        if lost or self._low() or self._gone(sha256):
            return  # the next start has better luck with what was lost
        try:
            await asyncio.to_thread(_save, self._file(sha256), document)
        except OSError as fault:
            log.error("text_not_kept", document=sha256[:8], fault=fault)
        if self._gone(sha256):  # meanwhile
            with contextlib.suppress(OSError):
                await asyncio.to_thread(self._file(sha256).unlink, missing_ok=True)

    def _file(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256 / FILE


def _page(read: _Read) -> PageText:
    """Raises ValueError for what no child of ours says."""
    count = len(read.words)
    if sum(map(len, read.words)) > LETTERS_MOST:
        raise ValueError("too many letters")
    text = " ".join(read.words)
    if len(text.split()) != count or len(read.boxes) != 4 * count:
        raise ValueError("words and boxes do not match")
    for begins in (read.lines, read.blocks):
        if begins != sorted(set(begins)) or begins[:1] != [0][:count] or begins[-1:] >= [count]:
            raise ValueError("no beginnings of lines")
    return PageText(
        text, array("H", read.boxes), array("H", read.lines), array("H", read.blocks), read.label
    )


def _load(file: Path, pages: int) -> DocumentText | None:
    """What was kept; None where there is nothing, or nothing whole. A page at a time, as a large
    paper at once would keep the loop's thread from going on.
    """
    document = DocumentText(pages)
    try:
        with gzip.open(file) as packed:
            kept = msgspec.json.decode(packed.readline(KEPT_BYTES), type=_Kept)
            if kept.version != VERSION:
                return None
            document.outline = kept.outline
            left = KEPT_BYTES
            for number in range(1, pages + 1):
                line = packed.readline(left)
                left -= len(line)
                page = msgspec.json.decode(line, type=_KeptPage)
                boxes, lines, blocks = (
                    array("H", p) for p in (page.boxes, page.lines, page.blocks)
                )
                document.put(number, PageText(page.text, boxes, lines, blocks, page.label))
                time.sleep(0)
            return None if packed.read(1) else document
    except (OSError, EOFError, zlib.error, ValueError, OverflowError):
        return None


def _save(file: Path, document: DocumentText) -> None:
    """Replace atomically. Not synced: a lost text is read again. A page at a time, as `_load`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    with (
        partial.open("wb") as out,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=out, mtime=0) as packed,
    ):
        packed.write(msgspec.json.encode(_Kept(VERSION, document.outline)) + b"\n")
        for page in document.pages:
            if page is not None:
                boxes, lines, blocks = (list(p) for p in (page.boxes, page.lines, page.blocks))
                kept = _KeptPage(page.text, boxes, lines, blocks, page.label)
                packed.write(msgspec.json.encode(kept) + b"\n")
                time.sleep(0)
    os.replace(partial, file)  # noqa: PTH105 - the atomic one on every system
