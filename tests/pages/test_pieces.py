"""Pieces of a page that is looked at closely, and where there is anything on a page."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pymupdf
import pytest
from PIL import Image as Pictures
from PIL import ImageChops

from meeting.pages import Image, PageFailed, Pages, PagesLimits
from meeting.pages.jobs import PLAN_WIDTHS, TILE, TILES_MOST, Need, Work

mupdf: Any = pymupdf

ROOMY: Final = PagesLimits(max_pixels=20_000_000)
"""So that a page can be had whole in a width that usually comes in pieces."""

PATIENT: Final = PagesLimits(yield_seconds=3600)
"""A drawing is made ready however slow the machine is, and whatever else waits."""


posix = pytest.mark.skipif(os.name != "posix", reason="a process is held by a signal")


async def until(pages: Pages, **wanted: int) -> None:
    """So many images are at this point now."""
    async with asyncio.timeout(20):
        while not wanted.items() <= pages.figures().items():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)


def picture(image: Image) -> Pictures.Image:
    return Pictures.open(io.BytesIO(image.body)).convert("RGB")


async def failure(pages: Pages, sha256: str, *asked: int) -> str:
    with pytest.raises(PageFailed) as failed:
        await pages.image(sha256, *asked)
    return failed.value.code


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
async def test_pieces_together_are_the_page(
    open_pages: Callable[..., Pages], papers: Any, turn: int
) -> None:
    pages = open_pages(limits=ROOMY)
    sha256 = (await pages.take_in(papers.stamped())).sha256
    whole = picture(await pages.image(sha256, 1, 2400, turn))
    rows = -(-whole.height // TILE)
    together = Pictures.new("RGB", whole.size)

    for tile in range(3 * rows):
        piece = picture(await pages.image(sha256, 1, 2400, turn, tile + 1))
        together.paste(piece, (tile % 3 * TILE, tile // 3 * TILE))

    apart = ImageChops.difference(together, whole).convert("L").histogram()
    assert sum(apart[40:]) / sum(apart) < 0.001
    assert await failure(pages, sha256, 1, 2400, turn, 3 * rows + 1) == "page_unknown"


async def test_a_page_is_only_cut_as_it_may_be(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text())).sha256

    cuts = [(1600, 1), (2400, -1), (2400, TILES_MOST + 1), (9601, 1), (1601, 0), (4800, 0)]

    told = [await failure(pages, sha256, 1, width, 0, tile) for width, tile in cuts]
    assert told == ["page_unknown"] * len(cuts)
    assert pages.rendered == 0


async def test_pieces_are_kept_in_memory_and_not_on_disk(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    pages = open_pages()
    sha256 = (await pages.take_in(papers.text())).sha256

    piece = await pages.image(sha256, 1, 4800, 0, 8)

    assert pages.cached(sha256, 1, 4800, 0, 8) is piece
    assert list((tmp_path / "data" / "pages").rglob("*.*")) == []
    assert pages.progress(sha256) == 0


@posix
async def test_a_piece_that_nobody_waits_for_any_more_is_not_made(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=1)
    sha256 = (await pages.take_in(papers.text(2))).sha256
    (worker,) = pages.process_ids
    os.kill(worker, signal.SIGSTOP)
    first = asyncio.create_task(pages.image(sha256, 1, 1600))
    await until(pages, making=1)
    leaving = [asyncio.create_task(pages.image(sha256, 2, 4800, 0, 3)) for _ in range(2)]
    staying = asyncio.create_task(pages.image(sha256, 2, 4800, 0, 4))
    await until(pages, waiting=2)

    for task in leaving:
        task.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)
    os.kill(worker, signal.SIGCONT)
    await asyncio.gather(first, staying)

    assert pages.rendered == 2
    assert pages.figures() == {"waiting": 0, "making": 0, "in_memory": 2}


@posix
async def test_a_page_somebody_waits_for_comes_before_what_only_sharpens(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=1)
    sha256 = (await pages.take_in(papers.text(3))).sha256
    (worker,) = pages.process_ids
    os.kill(worker, signal.SIGSTOP)
    order: list[int] = []

    async def ask(page: int, width: int, tile: int, need: Need) -> None:
        await pages.image(sha256, page, width, 0, tile, priority=need)
        order.append(page)

    asked = [asyncio.create_task(ask(1, 1600, 0, Need.ASKED))]
    await until(pages, making=1)
    asked.append(asyncio.create_task(ask(2, 2400, 1, Need.SHARPER)))
    asked.append(asyncio.create_task(ask(3, 1600, 0, Need.ASKED)))
    await until(pages, waiting=2)
    os.kill(worker, signal.SIGCONT)
    await asyncio.gather(*asked)

    assert order == [1, 3, 2]


def test_what_may_be_asked_for() -> None:
    assert [Work("a", 1, width).possible for width in (320, 800, 1200, 1600, 2400, 4800)] == [
        *[True] * 5,
        False,
    ]
    assert [Work("a", 1, width, 0, 5).possible for width in (1600, 2400, 6400, 9600)] == [
        False,
        *[True] * 3,
    ]


# Margins


async def test_margins_are_known_once_the_thumbnails_are_made_and_after_a_restart(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    before = open_pages()
    sha256 = (await before.take_in(papers.sized(300, 400))).sha256
    none = await before.margins.of(sha256, 1, {})
    await before.image(sha256, 1, 320)
    await before.image(sha256, 1, 320, 1)
    found = await before.margins.of(sha256, 1, {})
    turned = await before.margins.of(sha256, 1, {1: 1})
    await before.close()

    after = open_pages()

    assert none == [None]
    assert await after.margins.of(sha256, 1, {}) == found
    assert await after.margins.of(sha256, 1, {1: 1}) == turned
    assert found[0] is not None
    assert turned[0] is not None
    (left, top, right, bottom), (t_left, t_top, t_right, t_bottom) = found[0], turned[0]
    assert max(left, top, t_top) < 10
    assert max(right, bottom, t_bottom) < 60
    assert (t_left > 940, t_right > 990) == (True, True)


async def test_an_empty_page_has_nothing_and_a_scan_with_dark_edges_everything(
    pages: Pages, papers: Any
) -> None:
    pdf = mupdf.open()
    pdf.new_page(width=300, height=400).draw_line((-5, -5), (-2, -2))
    dark = pdf.new_page(width=300, height=400)
    dark.draw_rect(dark.rect, fill=(0.2, 0.2, 0.2))
    sha256 = (await pages.take_in(papers.save(pdf, "two.pdf"))).sha256

    for page in (1, 2):
        await pages.image(sha256, page, 320)

    assert await pages.margins.of(sha256, 2, {}) == [(0, 0, 0, 0), (0, 0, 1000, 1000)]


async def test_a_line_cut_short_by_a_power_failure_is_no_margin(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    before = open_pages()
    sha256 = (await before.take_in(papers.text())).sha256
    await before.image(sha256, 1, 320)
    await before.close()
    (file,) = (tmp_path / "data" / "pages").rglob("margins")
    file.write_bytes(file.read_bytes()[:-3])

    assert await open_pages().margins.of(sha256, 1, {}) == [None]


@pytest.mark.parametrize("lost", [bytes(24), b"\xff" * 24, b"x y z 1 2 3.\n"])
async def test_what_a_power_failure_made_of_margins_is_passed_over(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path, lost: bytes
) -> None:
    pages = open_pages()
    sha256 = (await pages.take_in(papers.text(1))).sha256
    await pages.image(sha256, 1, 320)
    await pages.close()
    (file,) = (tmp_path / "data" / "pages").rglob("margins")
    whole = file.read_bytes()
    file.write_bytes(lost + whole + whole)

    (box,) = await open_pages().margins.of(sha256, 1, {})

    assert box is not None


async def test_margins_go_with_their_paper(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    pages = open_pages()
    sha256 = (await pages.take_in(papers.text())).sha256
    await pages.image(sha256, 1, 320)
    await pages.margins.of(sha256, 1, {})

    await pages.erase(sha256)

    assert await pages.margins.of(sha256, 1, {}) == [None]
    assert list((tmp_path / "data" / "pages").rglob("margins")) == []


# Large sheets


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((2384, 1684), ["1-1200", "1-2400", "1-320"]),
        ((1684, 2384), ["1-320"]),
        ((842, 595), ["1-320"]),
    ],
)
async def test_a_large_sheet_that_lies_is_also_made_as_wide_as_it_comes(
    open_pages: Callable[..., Pages],
    papers: Any,
    tmp_path: Path,
    size: tuple[int, int],
    widths: list[str],
) -> None:
    pages = open_pages()
    sha256 = (await pages.take_in(papers.sized(*size))).sha256

    await pages.image(sha256, 1, 320)
    await until(pages, waiting=0, making=0)
    await pages.close()

    made = (tmp_path / "data" / "pages").rglob("1-*.png")
    assert sorted(file.stem for file in made) == widths


async def opened_again(
    open_pages: Callable[..., Pages], paper: Any, width: int
) -> tuple[Pages, str]:
    """Pages that were closed when this paper had been drawn so wide, and opened anew with it."""
    before = open_pages()
    sha256 = (await before.take_in(paper)).sha256
    await before.image(sha256, 1, width)
    await until(before, waiting=0, making=0)
    await before.close()
    return open_pages(workers=1, limits=PATIENT), sha256


async def test_a_drawing_is_made_ready_for_looking_closely_when_it_comes_on_screen(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages, sha256 = await opened_again(open_pages, papers.sized(2384, 1684), 320)
    await pages.image(sha256, 1, 2400, priority=Need.FOCUS)
    await until(pages, waiting=0, making=0)
    fetched_ahead = [worker.near for worker in pages._pool._workers]

    pages.focus(sha256, 1, 1)
    await until(pages, waiting=0, making=0)

    assert (fetched_ahead, [worker.near for worker in pages._pool._workers]) == ([], [1])


async def test_a_drawing_is_made_ready_for_looking_closely_when_a_fine_screen_asks_for_it(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages, sha256 = await opened_again(open_pages, papers.sized(2384, 1684), 320)
    for width in PLAN_WIDTHS:
        await pages.image(sha256, 1, width, priority=Need.FOCUS)
    pages._memory.drop(sha256)

    await pages.image(sha256, 1, 2400)
    await until(pages, waiting=0, making=0)

    assert (pages.rendered, [worker.near for worker in pages._pool._workers]) == (0, [1])


async def test_no_process_is_started_to_look_closely_at_what_is_no_drawing(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages, sha256 = await opened_again(open_pages, papers.text(), 2400)

    await pages.image(sha256, 1, 2400)
    await until(pages, waiting=0, making=0)

    assert (pages.rendered, pages._pool._workers) == (0, [])
