"""Worker processes: what they may, and what happens when they die, freeze or grow."""

from __future__ import annotations

import ast
import asyncio
import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pictures

from meeting.pages import Image, PageFailed, Pages, PagesLimits
from meeting.sandbox import NICE, ROOT, START

THUMBNAIL = (320, 452)

posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def size(image: Image) -> tuple[int, int]:
    return Pictures.open(io.BytesIO(image.body)).size


def alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_imports_the_standard_library_its_own_folder_and_three_libraries() -> None:
    imported: set[str] = set()
    for file in (ROOT / "meeting/sandbox").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module or ".")
    foreign = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names}

    assert {name for name in foreign if not name.startswith("meeting.sandbox")} == {
        "pymupdf",
        "PIL",
        "zlib_ng",
    }


@linux
async def test_a_worker_runs_isolated_with_its_limits(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(memory_bytes=1_500_000_000, cpu_seconds_per_worker=77))
    await pages.take_in(papers.text())
    (process_id,) = pages.process_ids
    process = Path("/proc", str(process_id))

    rows = {row[:26].strip(): row[26:].split() for row in read(process / "limits").splitlines()}
    names = ("address space", "cpu time", "file size", "open files", "core file size")
    assert {name: rows[f"Max {name}"][:2] for name in names} == {
        "address space": ["1500000000", "1500000000"],
        "cpu time": ["77", "77"],
        "file size": ["0", "0"],
        "open files": ["16", "16"],
        "core file size": ["0", "0"],
    }
    assert read(process / "cmdline").split("\0")[1:6] == [
        *("-I", "-c", START, str(ROOT), "meeting.sandbox.worker")
    ]
    assert read(process / "environ") == ""


@posix
async def test_a_child_stands_back_in_a_group_of_its_own(pages: Pages, papers: Any) -> None:
    await pages.take_in(papers.text())
    (process_id,) = pages.process_ids
    assert os.getpgid(process_id) == process_id
    # Between two sessions priorities mean nothing to Linux: they would share evenly.
    assert os.getsid(process_id) == os.getsid(0)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, process_id) == min(19, own + NICE)


@posix
async def test_a_killed_worker_is_replaced(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text(2))).sha256
    (before,) = pages.process_ids
    os.kill(before, signal.SIGKILL)

    assert size(await pages.image(sha256, 1, 320)) == THUMBNAIL
    assert pages.process_ids != (before,)
    assert len(pages.process_ids) == 1


@posix
async def test_when_all_idle_workers_were_killed_the_next_page_is_drawn_and_read(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    """As by a system that is short of memory."""
    pages = open_pages(workers=2)
    sha256 = (await pages.take_in(papers.text(6))).sha256
    await asyncio.gather(*(pages.image(sha256, page, 320) for page in (1, 2)))
    for process_id in pages.process_ids:
        os.kill(process_id, signal.SIGKILL)
    assert size(await pages.image(sha256, 3, 320)) == THUMBNAIL

    await asyncio.gather(*(pages.image(sha256, page, 320) for page in (4, 5)))
    for process_id in pages.process_ids:
        os.kill(process_id, signal.SIGKILL)
    assert (await pages.texts.page(sha256, 6, 6)).text != ""


@posix
async def test_a_frozen_worker_costs_one_page_and_is_replaced(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(page_seconds=1.5), workers=1)
    sha256 = (await pages.take_in(papers.text(2))).sha256
    (before,) = pages.process_ids
    os.kill(before, signal.SIGSTOP)

    with pytest.raises(PageFailed) as failed:
        await pages.image(sha256, 1, 320)

    assert failed.value.code == "page_timeout"
    assert not alive(before)
    assert size(await pages.image(sha256, 2, 320)) == THUMBNAIL


@posix
async def test_a_worker_frozen_at_the_desk_does_not_stop_another_paper(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(page_seconds=1.5))
    first = (await pages.take_in(papers.text(2, "one.pdf"))).sha256
    os.kill(pages.process_ids[0], signal.SIGSTOP)
    stuck = asyncio.create_task(pages.image(first, 1, 320))
    await asyncio.sleep(0)

    second = await pages.take_in(papers.text(3, "two.pdf"))

    assert size(await pages.image(second.sha256, 1, 320)) == THUMBNAIL
    assert not stuck.done()
    with pytest.raises(PageFailed):
        await stuck


async def test_a_worker_is_replaced_after_its_share_of_jobs(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(jobs_per_worker=3), workers=1)
    sha256 = (await pages.take_in(papers.text(3))).sha256
    seen = {pages.process_ids}
    for page in (1, 2, 3):
        assert size(await pages.image(sha256, page, 320)) == THUMBNAIL
        seen.add(pages.process_ids)

    # Opening, text and page 1; opening, pages 2 and 3: each worker is gone after three.
    assert len(seen) == 3


@linux
async def test_a_worker_that_grew_is_replaced(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(recycle_bytes=1_000_000))

    await pages.take_in(papers.text())

    assert pages.process_ids == ()


@linux
async def test_a_page_beyond_the_memory_limit_fails_and_the_next_is_shown(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    limits = PagesLimits(memory_bytes=260_000_000, max_pixels=400_000_000)
    pages = open_pages(limits=limits, workers=1)
    tall = (await pages.take_in(papers.sized(100, 1000, ink=(1, 0, 0)))).sha256
    text = (await pages.take_in(papers.text())).sha256

    with pytest.raises(PageFailed) as failed:
        await pages.image(tall, 1, 1600)

    assert failed.value.code == "page_too_heavy"
    assert size(await pages.image(tall, 1, 320)) == (320, 3200)
    assert size(await pages.image(text, 1, 320)) == THUMBNAIL


async def test_no_more_processes_than_allowed_whatever_the_number_of_papers(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=2)
    originals = [await pages.take_in(papers.text(n)) for n in (1, 2, 3, 4)]

    images = await asyncio.gather(*(pages.image(o.sha256, 1, 320) for o in originals))

    assert [size(image) for image in images] == [THUMBNAIL] * 4
    assert len(pages.process_ids) == 2


@posix
async def test_closing_ends_all_processes_and_answers_who_waits(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages()
    sha256 = (await pages.take_in(papers.text(9))).sha256
    process_ids = set(pages.process_ids)
    pages.prepare(sha256, 9)
    waiting = [asyncio.create_task(pages.image(sha256, page, 1600)) for page in range(1, 10)]
    await pages.image(sha256, 1, 1600)
    process_ids |= set(pages.process_ids)

    await pages.close()

    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(outcome, Image | PageFailed) for outcome in outcomes)
    assert [process_id for process_id in process_ids if alive(process_id)] == []
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert [name for name in names if name.startswith("pages:")] == []


@posix
async def test_closing_ends_idle_and_frozen_processes_at_once(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(page_seconds=3600.0))
    frozen = (await pages.take_in(papers.text(2, "one.pdf"))).sha256
    os.kill(pages.process_ids[0], signal.SIGSTOP)
    stuck = asyncio.create_task(pages.image(frozen, 1, 320))
    await pages.take_in(papers.text(3, "two.pdf"))
    process_ids = pages.process_ids
    assert len(process_ids) == 2

    await pages.close()

    assert [process_id for process_id in process_ids if alive(process_id)] == []
    with pytest.raises(PageFailed):
        await stuck


def test_it_works_on_uvloop_too(papers: Any, tmp_path: Path) -> None:
    uvloop = pytest.importorskip("uvloop")
    path = papers.text()

    async def draw() -> tuple[int, int]:
        pages = Pages(tmp_path / "data")
        await pages.start()
        sha256 = (await pages.take_in(path)).sha256
        os.kill(pages.process_ids[0], signal.SIGKILL)
        try:
            return size(await pages.image(sha256, 1, 320))
        finally:
            await pages.close()

    assert uvloop.run(draw()) == THUMBNAIL


def read(path: Path) -> str:
    return path.read_text()
