"""A page that cannot be shown: a plate with its number where a picture is wanted, a code elsewhere,
and its neighbours as ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import httpx2
import pymupdf
import pytest

from meeting.pages.pool import PAGE_CODES
from meeting.routes.plates import plate
from meeting.texts import text
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.conftest import opened
from tests.routes.gallery import Gallery

mupdf: Any = pymupdf

IMG: Final = {"accept": "image/avif,image/webp,image/*,*/*;q=0.8"}


def words(svg: bytes) -> str:
    return " ".join(said.strip() for said in ElementTree.fromstring(svg).itertext())


def holed(folder: Path) -> Path:
    """Three pages, of which the second is no page."""
    pdf = mupdf.open()
    for number in (1, 2, 3):
        pdf.new_page(width=300, height=420).insert_text((30, 60), f"page {number}")
    pdf.update_object(pdf.page_xref(1), "null")
    path = folder / "holed.pdf"
    pdf.save(path)
    return path


async def test_a_page_that_fails_is_a_plate_among_its_neighbours(
    tmp_path: Path, clock: HandClock
) -> None:
    async with opened(tmp_path / "data", clock) as house:
        pages = house.shell.pages
        await pages.start()
        try:
            gallery = Gallery(house)
            original = await pages.take_in(holed(tmp_path))
            await house.prepare(
                make.a_meeting(),
                make.a_seat("chu", "chair", votes=True),
                make.an_item("1"),
                make.a_document("d1", "1", original.pages, sha256=original.sha256),
            )
            gallery.devices["chu"] = await house.claim("chu")
            headers = gallery.cookie("chu") | IMG

            async def got(page: int, **more: str) -> httpx2.Response:
                path = f"/p/chu/address-of-d1/{page}?w=320"
                return await gallery.ask(path, headers | more)

            around = [await got(page) for page in (1, 3)]
            failed, coded = await got(2), await got(2, accept="*/*")
        finally:
            await pages.close()

    assert [(one.status_code, one.headers["content-type"]) for one in around] == [
        (200, "image/png"),
        (200, "image/png"),
    ]
    assert (failed.status_code, failed.headers["content-type"]) == (422, "image/svg+xml")
    assert failed.headers["cache-control"] == "no-store"
    assert words(failed.content) == f"Trang 2 {text('refused.page_failed')}"
    assert (coded.status_code, coded.json()) == (422, {"code": "page_failed", "data": {}})


@pytest.mark.parametrize("code", PAGE_CODES)
def test_every_reason_stands_whole_on_its_plate(code: str) -> None:
    assert words(plate(347, code)) == f"Trang 347 {text(f'refused.{code}')}"
