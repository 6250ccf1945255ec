"""Papers that try to act, to grow without end or never to be done: inert, or one clear answer."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meeting.pages import FileRefused, PageFailed, Pages, PagesLimits
from tests.helpers.active_papers import TEXT, paper, papers, stream
from tests.helpers.canary import Canary

posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits memory")


async def failure(pages: Pages, sha256: str, page: int, width: int = 320) -> str:
    with pytest.raises(PageFailed) as failed:
        await pages.image(sha256, page, width)
    return failed.value.code


def growing() -> bytes:
    """A word of half a thousand million letters in half a megabyte of file."""
    packer, letters = zlib.compressobj(9), b"A" * 1_000_000
    packed = packer.compress(b"BT /F1 9 Tf (")
    packed += b"".join(packer.compress(letters) for _ in range(500)) + packer.flush()
    content = b"/Length %d /Filter /FlateDecode >>\nstream\n%s" % (len(packed), packed)
    return paper().replace(b"/Length %d  >>\nstream\n%s" % (len(TEXT), TEXT), content)


def endless() -> bytes:
    """Ten boxes, each drawing the next one ten times: ten thousand million strokes."""
    boxes = []
    for depth in range(10):
        more = b"/Resources << /XObject << /X %d 0 R >> >>" % (7 + depth)
        drawn = b"/X Do " * 10 if depth < 9 else b"0 0 m 595 842 l S " * 10
        boxes.append(stream(drawn, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + more))
    return paper(content=b"/X Do", more=boxes)


async def test_what_a_paper_wants_to_do_is_not_done_and_its_page_is_shown(
    pages: Pages, papers_folder: Path
) -> None:
    with Canary(papers_folder) as canary:
        for name, content in papers(canary).items():
            path = papers_folder / "active.pdf"
            path.write_bytes(content)
            original = await pages.take_in(path)
            shown = await pages.image(original.sha256, 1, 320)
            assert (name, original.pages, shown.media_type) == (name, 1, "image/png")
        canary.look()
        assert (canary.touched, canary.called) == (0, 0)


@linux
async def test_a_page_that_grows_without_end_is_answered_and_the_next_paper_shown(
    open_pages: Callable[..., Pages], papers_folder: Path, papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(memory_bytes=300_000_000), workers=1)
    path = papers_folder / "growing.pdf"
    path.write_bytes(await asyncio.to_thread(growing))
    sha256 = (await pages.take_in(path)).sha256

    assert await failure(pages, sha256, 1) == "page_too_heavy"
    plain = await pages.take_in(papers.text())
    assert (await pages.image(plain.sha256, 1, 320)).media_type == "image/png"


async def test_a_page_that_is_never_done_is_answered_and_its_worker_replaced(
    open_pages: Callable[..., Pages], papers_folder: Path, papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(page_seconds=1.5), workers=1)
    path = papers_folder / "endless.pdf"
    path.write_bytes(endless())
    sha256 = (await pages.take_in(path)).sha256
    before = pages.process_ids

    assert await failure(pages, sha256, 1) == "page_timeout"
    assert not set(before) & set(pages.process_ids)
    plain = await pages.take_in(papers.text())
    assert (await pages.image(plain.sha256, 1, 320)).media_type == "image/png"


async def test_a_file_whose_words_are_never_read_is_taken_in_without_them(
    open_pages: Callable[..., Pages], papers_folder: Path
) -> None:
    pages = open_pages(limits=PagesLimits(text_seconds=0.5, page_seconds=3600), workers=1)
    path = papers_folder / "endless.pdf"
    path.write_bytes(endless())

    original = await pages.take_in(path)

    assert (original.pages, original.printed) == (1, ())
    assert (await pages.texts.page(original.sha256, 1, 1)).text == ""


@posix
async def test_a_file_that_is_not_opened_in_time_is_refused_by_the_limit(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(open_seconds=2.0), workers=1)
    asked = asyncio.create_task(pages.take_in(papers.text()))
    while not pages.process_ids:  # noqa: ASYNC110 - nobody tells when a process is there
        await asyncio.sleep(0)
    os.kill(pages.process_ids[0], signal.SIGSTOP)

    with pytest.raises(FileRefused) as refused:
        await asked
    assert (refused.value.code, refused.value.data) == ("file_too_slow", {"most": 2})
    assert pages.process_ids == ()
    assert (await pages.take_in(papers.text())).pages == 1


async def test_a_refusal_names_the_limit(
    open_pages: Callable[..., Pages], papers: Any, papers_folder: Path
) -> None:
    small = open_pages(limits=PagesLimits(max_pages=3))
    with pytest.raises(FileRefused) as refused:
        await small.take_in(papers.text(4))
    assert (refused.value.code, refused.value.data) == ("file_too_many_pages", {"most": 3})

    large = papers_folder / "large.pdf"
    large.write_bytes(TEXT * 100_000)
    light = open_pages(limits=PagesLimits(max_file_bytes=2_000_000))
    with pytest.raises(FileRefused) as refused:
        await light.take_in(large)
    assert (refused.value.code, refused.value.data) == ("file_too_large", {"most": 2})


@pytest.fixture
def papers_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "hostile"
    folder.mkdir()
    return folder
