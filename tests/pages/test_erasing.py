"""A paper destroyed: its original, its images, whoever was waiting; and what its head said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meeting.pages import PageFailed, Pages, PagesLimits


def files(pages: Pages) -> list[Path]:
    return [path for path in pages.incoming.parent.rglob("*") if path.is_file()]


async def test_nothing_of_an_erased_paper_is_left(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text(3))).sha256
    await pages.image(sha256, 1, 320)
    pages.prepare(sha256, 3)
    assert await pages.pages_of(sha256) == 3
    await pages.erase(sha256)
    assert (files(pages), pages.memory_bytes, pages.cached(sha256, 1, 320)) == ([], 0, None)
    assert await pages.pages_of(sha256) is None
    with pytest.raises(PageFailed) as failed:
        await pages.image(sha256, 1, 320)
    assert failed.value.code == "page_unknown"
    await pages.erase(sha256)  # once is enough, twice no harm


async def test_an_image_on_its_way_from_the_disk_does_not_outlive_its_paper(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    first = open_pages()
    sha256 = (await first.take_in(papers.text(1))).sha256
    await first.image(sha256, 1, 320)
    await first.close()
    pages = open_pages()
    asked = asyncio.create_task(pages.image(sha256, 1, 320))
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # now it is being read
    await pages.erase(sha256)
    with pytest.raises(PageFailed):
        await asked
    assert (pages.cached(sha256, 1, 320), pages.memory_bytes) == (None, 0)


async def test_another_paper_is_left_as_it_is(pages: Pages, papers: Any) -> None:
    erased = (await pages.take_in(papers.text(1, "a.pdf"))).sha256
    other = (await pages.take_in(papers.text(2, "b.pdf"))).sha256
    await pages.image(other, 2, 320)
    await pages.erase(erased)
    assert pages.cached(other, 2, 320) is not None
    assert await pages.pages_of(other) == 2
    assert {path.stem for path in pages.incoming.iterdir()} == {other}


async def test_it_may_be_taken_in_again(pages: Pages, papers: Any) -> None:
    path = papers.text(2)
    sha256 = (await pages.take_in(path)).sha256
    await pages.erase(sha256)
    assert (await pages.take_in(path)).pages == 2
    assert (await pages.image(sha256, 2, 320)).media_type == "image/png"


async def test_whoever_waits_for_its_pages_is_told(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=1)
    await pages.start()
    sha256 = (await pages.take_in(papers.text(30))).sha256
    pages.prepare(sha256, 30)
    waiting = asyncio.ensure_future(pages.image(sha256, 30, 1600))
    await asyncio.sleep(0)
    await pages.erase(sha256)
    with pytest.raises(PageFailed):
        await waiting
    assert [path for path in files(pages) if sha256 in str(path)] == []


async def test_what_was_never_taken_in_has_no_pages(pages: Pages) -> None:
    assert await pages.pages_of("0" * 64) is None
    assert await pages.pages_of("../../etc/passwd") is None


async def test_the_head_of_the_first_page_is_read(pages: Pages, papers: Any) -> None:
    original = await pages.take_in(papers.headed())
    assert [(line.text, line.bold) for line in original.printed[0].lines] == [
        ("VAN PHONG", False),
        ("So 214-TTr/VPTU", False),
        ("TO TRINH", True),
        ("ve chuyen doi so", True),
    ]
    assert (await pages.take_in(papers.headed())).printed == original.printed


async def test_a_page_without_words_has_no_lines(pages: Pages, papers: Any) -> None:
    [page] = (await pages.take_in(papers.photo())).printed
    assert page.lines == ()


async def test_a_head_that_takes_too_long_costs_the_lines_only(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(text_seconds=0.0))
    await pages.start()
    original = await pages.take_in(papers.text(2))
    assert (original.pages, original.printed) == (2, ())
