"""Who waits is served next; processes and files are ready before they are needed."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meeting.pages import FileRefused, Pages, PagesLimits

posix = pytest.mark.skipif(os.name != "posix", reason="documents are handed over as POSIX has it")


async def test_the_page_somebody_waits_for_is_next_while_all_are_busy(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    """At most the pages under way come before it, one for each process."""
    pages = open_pages(workers=2)
    sha256 = (await pages.take_in(papers.text(40))).sha256
    whole: list[int] = []
    busy = asyncio.Event()

    def look(_: str, finished: int) -> None:
        whole.append(finished)
        busy.set()

    pages.on_progress = look
    pages.prepare(sha256, 40)
    await busy.wait()
    before = len(whole)

    await pages.image(sha256, 39, 1600)

    assert len(whole) <= before + 4
    assert len(whole) < 39


@posix
async def test_a_process_is_ready_for_a_document_that_is_expected(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=1)
    pages.expect()
    while not pages.process_ids:  # noqa: ASYNC110 - nobody tells when
        await asyncio.sleep(0)
    ready = pages.process_ids

    await pages.take_in(papers.text())

    assert pages.process_ids == ready


@posix
async def test_nothing_is_left_of_processes_that_were_ready_for_nothing(
    open_pages: Callable[..., Pages],
) -> None:
    pages = open_pages()
    pages.expect(2)
    while len(pages.process_ids) < 2:  # noqa: ASYNC110 - nobody tells when
        await asyncio.sleep(0)
    ready = pages.process_ids

    await pages.close()

    assert pages.process_ids == ()
    assert [one for one in ready if Path(f"/proc/{one}").exists()] == []


async def test_a_file_that_arrived_is_taken_in_where_it_lies(pages: Pages, papers: Any) -> None:
    content = papers.text(2).read_bytes()
    arrived = pages.incoming / "arrived.partial"
    with pages.arriving(arrived) as file:
        file.write(content[:500])
        file.write(content[500:])
    before = arrived.stat().st_ino

    original = await pages.take_in(arrived)

    kept = pages.original(original.sha256)
    assert (original.sha256, original.pages) == (hashlib.sha256(content).hexdigest(), 2)
    assert (kept.read_bytes(), kept.stat().st_ino) == (content, before)
    assert [path.name for path in pages.incoming.iterdir()] == [kept.name]


async def test_the_same_file_again_costs_no_process_and_no_drawing(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(recycle_bytes=1_000_000))  # no process outlives its job
    content = papers.text(2).read_bytes()
    first = await pages.take_in(papers.raw(content, "first.pdf"))
    image = await pages.image(first.sha256, 1, 1600)
    rendered, started = pages.rendered, pages.started
    arrived = pages.incoming / "again.partial"
    with pages.arriving(arrived) as file:
        file.write(content)

    again = await pages.take_in(arrived)

    assert again == first
    assert await pages.image(again.sha256, 1, 1600) == image
    assert (pages.rendered, pages.started) == (rendered, started)
    assert not arrived.exists()


async def test_a_file_that_arrived_too_large_is_refused_and_gone(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    content = papers.text(1).read_bytes()
    pages = open_pages(limits=PagesLimits(max_file_bytes=len(content) - 1))
    arrived = pages.incoming / "large.partial"
    with pages.arriving(arrived) as file:
        file.write(content)

    with pytest.raises(FileRefused) as refused:
        await pages.take_in(arrived)

    assert refused.value.code == "file_too_large"
