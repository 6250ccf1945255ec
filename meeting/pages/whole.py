"""A whole file drawn into a folder, page by page, by the same parts that draw it for a meeting."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from meeting.pages import FileRefused, PageFailed, Pages, PagesLimits
from meeting.pages.cache import EXTENSIONS, Image

WORKERS: Final = 2
ASKED_AHEAD: Final = 2
"""Pages asked for beyond those being drawn: no process waits for its next one."""


class Drawn(Struct):
    """What came of it. `seconds` and `first_page_ms` count from `began`; `bytes` of all images."""

    pages: int = 0
    seconds: float = 0.0
    bytes: int = 0
    first_page_ms: int | None = None
    refused: str | None = None
    failed_pages: list[int] = []


class _Folder:
    """Where the images are laid, named by their page's number."""

    def __init__(self, folder: Path, pages: int) -> None:
        self._folder = folder
        self._digits = len(str(pages))

    def lay(self, page: int, image: Image) -> None:
        """Blocks. What an earlier run left of this page goes. Raises OSError."""
        name = f"{page:0{self._digits}d}"
        for media_type, extension in EXTENSIONS.items():
            path = self._folder / f"{name}.{extension}"
            if media_type == image.media_type:
                path.write_bytes(image.body)
            else:
                path.unlink(missing_ok=True)


async def draw_whole(
    file: Path, folder: Path, width: int, limits: PagesLimits, began: float
) -> Drawn:
    """Draw every page `width` pixels wide into the folder, which is made where it is missing.

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
            await _draw(pages, file, folder, width, drawn, began)
        finally:
            await pages.close()
    drawn.seconds = round(time.perf_counter() - began, 3)
    drawn.failed_pages.sort()
    return drawn


def as_json(drawn: Drawn) -> str:
    return msgspec.json.encode(drawn).decode()


async def _draw(
    pages: Pages, file: Path, folder: Path, width: int, drawn: Drawn, began: float
) -> None:
    try:
        with file.open("rb"):
            pass
    except FileNotFoundError:
        drawn.refused = "file_missing"
        return
    except OSError:
        drawn.refused = "file_unreadable"
        return
    try:
        original = await pages.take_in(file)
    except FileRefused as refused:
        drawn.refused = refused.code
        return
    drawn.pages = original.pages
    laid = _Folder(folder, original.pages)

    async def some(numbers: Iterator[int]) -> None:
        for page in numbers:
            try:
                image = await pages.image(original.sha256, page, width)
            except PageFailed:
                drawn.failed_pages.append(page)
                continue
            await asyncio.to_thread(laid.lay, page, image)
            drawn.bytes += len(image.body)
            if drawn.first_page_ms is None:
                drawn.first_page_ms = round(1000 * (time.perf_counter() - began))

    numbers = iter(range(1, original.pages + 1))
    await asyncio.gather(*(some(numbers) for _ in range(WORKERS + ASKED_AHEAD)))
