"""Papers on the walls of a house: real pages, and everybody with a device that may ask for them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pymupdf
from PIL import Image

from meeting.pages import WIDTHS
from meeting.pages.gate import Gate
from meeting.routes.pages import PageImages
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.conftest import URL, House, opened

mupdf: Any = pymupdf

PAPERS: Final = {"d1": "1", "d2": "2", "d3": "3", "d4": "4"}
"""Each paper with its item; item 3 is limited."""

EVERYBODY: Final = ("chu", "thu", "bien", "an", "ba", "hoa", "minh", "tech", "wall")

KEPT: Final = "private, no-cache"
UNKNOWN: Final = b'{"code":"document_unknown","data":{}}'

AHEAD_RATE: Final = 10_000
"""Bytes a second: while the clock stands still, one page goes ahead and the next one waits."""


def a_paper(folder: Path, name: str, pages: int) -> Path:
    pdf = mupdf.open()
    for number in range(1, pages + 1):
        page = pdf.new_page(width=300, height=420)
        page.insert_text((30, 60), f"{name}, page {number}")
    path = folder / f"{name}.pdf"
    pdf.save(path)
    return path


class Gallery:
    """A house with real papers, and everybody with a device and its cookie."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.gate = Gate(house.clock, AHEAD_RATE)
        self.images = PageImages(house.shell, self.gate)
        self.devices: dict[str, str] = {}

    async def lay_down(self, folder: Path) -> None:
        pages = self.house.shell.pages
        papers = [a_paper(folder, paper, 4) for paper in PAPERS]
        originals = [await pages.take_in(path) for path in papers]
        await self.house.prepare(
            make.a_meeting(),
            make.a_seat("chu", "chair", votes=True),
            make.a_seat("thu", "secretary"),
            make.a_seat("bien", "minute_taker"),
            make.a_seat("an", votes=True),
            make.a_seat("ba", votes=True),
            make.a_seat("tech", "technician"),
            make.a_seat("wall", "screen"),
            make.an_item("1"),
            make.an_item("2"),
            make.an_item("3", limited_to=("chu", "thu", "an")),
            make.an_item("4"),
            make.a_seat("hoa", "guest", items=("2",)),
            make.a_seat("minh", "guest", items=("3", "4")),
            *(
                make.a_document(paper, item, original.pages, sha256=original.sha256)
                for (paper, item), original in zip(PAPERS.items(), originals, strict=True)
            ),
        )
        for seat in EVERYBODY:
            self.devices[seat] = await self.house.claim(seat)

    def cookie(self, seat: str) -> dict[str, str]:
        return self.house.cookie(seat, self.devices[seat])

    async def ask(self, path: str, headers: dict[str, Any], method: str = "GET") -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self.images)
        async with httpx2.AsyncClient(transport=transport, base_url=URL) as http:
            return await http.request(method, path, headers=headers)

    async def get(self, seat: str, paper: str, page: int = 1) -> httpx2.Response:
        """This seat's device asks for a page of a paper."""
        return await self.ask(f"/p/{seat}/address-of-{paper}/{page}", self.cookie(seat))

    async def ahead(self, seat: str, paper: str) -> httpx2.Response:
        """It asks for the first page of a paper before anybody looks at it."""
        headers = {**self.cookie(seat), "x-ahead": "1"}
        return await self.ask(f"/p/{seat}/address-of-{paper}/1", headers)

    async def readable(self, seat: str) -> set[str]:
        """The papers whose first page this seat gets now; every other answer is a closed door."""
        got = set()
        for paper in PAPERS:
            answer = await self.get(seat, paper)
            if answer.status_code == 200:
                with Image.open(io.BytesIO(answer.content)) as image:
                    kind = f"image/{str(image.format).lower()}"
                    assert (kind, image.width) == (answer.headers["content-type"], WIDTHS[0])
                got.add(paper)
            else:
                assert (answer.status_code, answer.content) == (404, UNKNOWN)
        return got


@contextlib.asynccontextmanager
async def hung(folder: Path, clock: HandClock) -> AsyncIterator[Gallery]:
    """A gallery, from its opening to its end."""
    async with opened(folder / "data", clock) as house:
        await house.shell.pages.start()
        try:
            gallery = Gallery(house)
            await gallery.lay_down(folder)
            yield gallery
        finally:
            await house.shell.pages.close()
