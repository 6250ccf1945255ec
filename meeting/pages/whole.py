"""A whole file drawn into a folder, page by page, by the same parts that draw it for a meeting."""

from __future__ import annotations

import asyncio
import hashlib
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from msgspec import Struct

from meeting.errors import Refused
from meeting.pages import FileRefused, PageFailed, Pages, PagesLimits
from meeting.pages.cache import CHUNK_BYTES, EXTENSIONS, PARTIAL, Image
from meeting.pages.convert import Converter, installed
from meeting.pages.kinds import HEAD_BYTES, as_pdf, program_of
from meeting.pages.printed import Printed

WORKERS: Final = 2
ASKED_AHEAD: Final = 2
"""Pages asked for beyond those being drawn: no process waits for its next one."""

Verdict = Callable[[Sequence[Printed] | None], str | None]
"""With which code a file is kept out, if it is: by what is printed on its first pages, None where
nobody can look into it.
"""


class Drawn(Struct):
    """What came of it. `seconds` and `first_page_ms` count from `began`; `bytes` of all images;
    `said`: what the sentence of the refusal names.
    """

    pages: int = 0
    seconds: float = 0.0
    bytes: int = 0
    first_page_ms: int | None = None
    refused: str | None = None
    failed_pages: list[int] = []
    said: dict[str, Any] = {}


async def draw_whole(
    file: Path, folder: Path, width: int, limits: PagesLimits, began: float, verdict: Verdict
) -> Drawn:
    """Draw every page `width` pixels wide into the folder, which is made where it is missing; of a
    file that is refused nothing is left there.

    Args:
        began: when this was asked for, by `time.perf_counter`.

    Raises OSError: the folder cannot be written.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    drawn = Drawn()
    with tempfile.TemporaryDirectory(prefix=".pages-", dir=folder) as own:
        pages = Pages(Path(own), workers=WORKERS, limits=limits, low=lambda: True, also=width)
        pages.expect(WORKERS)
        try:
            await pages.start()
            sha256 = await _laid_down(pages, file, Path(own), limits)
            await _Drawing(pages, sha256, folder, width, drawn, began).draw(verdict)
        except (FileRefused, Refused) as refused:
            drawn.refused = await asyncio.to_thread(verdict, None) or refused.code
            drawn.said = dict(refused.data)
        except _NotThere as missing:
            drawn.refused = str(missing)
        finally:
            await pages.close()
    drawn.seconds = round(time.perf_counter() - began, 3)
    drawn.failed_pages.sort()
    return drawn


def as_json(drawn: Drawn) -> str:
    """All of it but `said`, which is for a sentence."""
    told = {name: value for name, value in msgspec.structs.asdict(drawn).items() if name != "said"}
    return msgspec.json.encode(told).decode()


class _NotThere(Exception):
    """There is no such file to read; with the code for that."""


async def _laid_down(pages: Pages, file: Path, own: Path, limits: PagesLimits) -> str:
    """Put a copy of the file, as PDF, where it is drawn from, and say its content.

    Raises _NotThere, FileRefused, Refused (as `as_pdf`), and OSError where it cannot be written.
    """
    sent, made = pages.incoming / f"whole{PARTIAL}", pages.incoming / f"made{PARTIAL}"
    sha256, size, head = await asyncio.to_thread(_copied, pages, file, sent)
    if not head:
        raise Refused("file_empty")
    converter = Converter(own, installed(), limits)
    if program_of(file.name, head):
        await converter.start()
    await asyncio.to_thread(made.touch)
    pdf = await as_pdf(sent, head, [file.name], [size], made, converter, limits)
    if pdf == made:
        sha256 = await asyncio.to_thread(_digest, pages, made)
    pdf.rename(pages.original(sha256))
    return sha256


def _copied(pages: Pages, file: Path, copy: Path) -> tuple[str, int, bytes]:
    """What the file holds, how many bytes, and the first of them. Blocks; raises as
    `_laid_down`.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # from which nothing may ever come, or no end
            raise _NotThere("file_unreadable")
        source = file.open("rb")
    except FileNotFoundError:
        raise _NotThere("file_missing") from None
    except OSError:
        raise _NotThere("file_unreadable") from None
    head = b""
    with source, pages.arriving(copy) as arrival:
        while chunk := _chunk(source):
            head = head or chunk[:HEAD_BYTES]
            arrival.write(chunk)
            if arrival.size > pages.most_bytes:
                raise FileRefused("file_too_large")
    return arrival.sha256, arrival.size, head


def _chunk(source: BinaryIO) -> bytes:
    try:
        return source.read(CHUNK_BYTES)
    except OSError:  # as of a stick with a bad place
        raise _NotThere("file_unreadable") from None


def _digest(pages: Pages, made: Path) -> str:
    if made.stat().st_size > pages.most_bytes:
        raise FileRefused("file_too_large")
    with made.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Drawing:
    """One file on its way into the folder."""

    def __init__(
        self, pages: Pages, sha256: str, folder: Path, width: int, drawn: Drawn, began: float
    ) -> None:
        self._pages = pages
        self._sha256 = sha256
        self._folder = folder
        self._width = width
        self._drawn = drawn
        self._began = began

    async def draw(self, verdict: Verdict) -> None:
        """While it is looked through its first pages are drawn already, and laid down after.

        Raises FileRefused, OSError.
        """
        looked = asyncio.create_task(self._look(verdict), name="pages: look through")
        numbers = count(1)
        places = range(WORKERS + ASKED_AHEAD)
        drawing = asyncio.gather(*(self._some(numbers, looked) for _ in places))
        try:
            if await looked:
                await drawing
        finally:
            drawing.cancel()
            await asyncio.gather(drawing, return_exceptions=True)

    async def _look(self, verdict: Verdict) -> int:
        """How many pages there are to draw; none of a file that is kept out."""
        printed = await self._pages.printed(self._sha256)
        self._drawn.refused = await asyncio.to_thread(verdict, printed)
        if self._drawn.refused is None:
            self._drawn.pages = await self._pages.pages_of(self._sha256) or 0
        return self._drawn.pages

    async def _some(self, numbers: Iterator[int], looked: asyncio.Task[int]) -> None:
        for page in numbers:
            image: Image | None = None
            with suppress(PageFailed):
                image = await self._pages.image(self._sha256, page, self._width)
            if page > await looked:
                return
            if image is None:
                self._drawn.failed_pages.append(page)
                continue
            await asyncio.to_thread(self._lay, page, image)
            self._drawn.bytes += len(image.body)
            if self._drawn.first_page_ms is None:
                self._drawn.first_page_ms = round(1000 * (time.perf_counter() - self._began))

    def _lay(self, page: int, image: Image) -> None:
        """Named by its number. Blocks. What an earlier run left of this page goes."""
        name = f"{page:0{len(str(self._drawn.pages))}d}"
        for media_type, extension in EXTENSIONS.items():
            path = self._folder / f"{name}.{extension}"
            if media_type == image.media_type:
                path.write_bytes(image.body)
            else:
                path.unlink(missing_ok=True)
