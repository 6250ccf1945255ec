"""Personal copies: made once, who waits first, few in memory, none that is old, and no process that
stays behind.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from typing import Final

import pytest

from meeting.copies import typeface
from meeting.errors import Refused
from meeting.pages import Image, PageFailed, Pages
from meeting.pages.jobs import Need, Work
from meeting.pages.personal import FRESH_SECONDS, WAITING_MOST, Ahead, Copy, Personal
from meeting.sandbox import NICE
from tests.helpers.clock import HandClock
from tests.pages.conftest import Papers

LINES: Final = ("Người An", "máy 1 · 07:30 10/12/2026")


def lines() -> tuple[str, str]:
    return LINES


Opened = Callable[..., Personal]


@pytest.fixture
async def opened(pages: Pages, clock: HandClock) -> AsyncIterator[Opened]:
    made: list[Personal] = []

    def one(**options: int) -> Personal:
        made.append(Personal(pages, typeface(), clock, **options))
        return made[-1]

    yield one
    for personal in made:
        await personal.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def work(pages: Pages, papers: Papers) -> Work:
    original = await pages.take_in(papers.text(4))
    return Work(original.sha256, 1, 800)


def copy(work: Work, holder: str = "m/an/1", page: int = 1) -> Copy:
    return Copy("address", Work(work.sha256, page, work.width), holder)


async def test_however_many_wait_a_copy_is_made_once(opened: Opened, work: Work) -> None:
    made: list[Copy] = []
    personal = opened()
    personal.on_made = made.append
    images = await asyncio.gather(*(personal.image(copy(work), lines) for _ in range(4)))
    assert (made, {image.body for image in images}) == ([copy(work)], {images[0].body})


async def test_a_copy_is_made_anew_when_it_is_old_and_asked_for_again(
    opened: Opened, work: Work, clock: HandClock
) -> None:
    personal = opened()
    said = iter(("sớm", "muộn"))
    first = await personal.image(copy(work), lambda: (next(said),))
    clock.pass_by(FRESH_SECONDS)
    again = await personal.image(copy(work), lambda: (next(said),))
    clock.pass_by(1)
    later = await personal.image(copy(work), lambda: (next(said),))
    assert (again == first, later == first) == (True, False)
    assert (len(personal), personal.bytes) == (1, len(later.body))


async def test_old_copies_are_forgotten(opened: Opened, work: Work, clock: HandClock) -> None:
    personal = opened()
    await personal.image(copy(work), lines)
    clock.pass_by(FRESH_SECONDS + 1)
    assert personal.fresh(copy(work)) is None
    personal.drop_stale()
    assert (len(personal), personal.bytes, personal.has("address", 1, "m/an/1")) == (0, 0, False)


async def test_memory_is_bounded_and_who_asked_last_is_in_it(opened: Opened, work: Work) -> None:
    size = len((await opened().image(copy(work), lines)).body)
    personal = opened(most_bytes=3 * size + 100)
    for number in range(6):
        await personal.image(copy(work, f"m/an/{number}"), lines)
    kept = [number for number in range(6) if personal.has("address", 1, f"m/an/{number}")]
    assert (kept, personal.bytes) == ([3, 4, 5], 3 * size)


async def test_ahead_the_page_on_show_comes_first_for_all(opened: Opened, work: Work) -> None:
    made: list[Copy] = []
    personal = opened()
    holders = [(f"m/{seat}/1", lines) for seat in ("an", "ba", "ca")]
    wanted = [Ahead("address", copy(work, page=page).work, holders) for page in (1, 2)]
    done = asyncio.Event()

    def note(one: Copy) -> None:
        made.append(one)
        if len(made) == 6:
            done.set()

    personal.on_made = note
    personal.make_ahead("m", wanted)
    await done.wait()
    assert made == [copy(work, holder, page) for page in (1, 2) for holder, _ in holders]


async def test_what_is_waited_for_goes_before_what_is_made_ahead(
    opened: Opened, work: Work
) -> None:
    made: list[Copy] = []
    personal = opened(size=1)
    await personal.image(copy(work, "m/first/1"), lines)  # the page is drawn, the process there
    personal.on_made = made.append
    holders = [(f"m/{number}/1", lines) for number in range(20)]
    personal.make_ahead("m", [Ahead("address", work, holders)])
    await asyncio.sleep(0)
    await personal.image(copy(work, "m/waits/1"), lines, rank=Need.ASKED)
    assert len(made) <= 3


async def test_nothing_is_made_ahead_any_more_when_another_page_is_shown(
    opened: Opened, work: Work
) -> None:
    personal = opened()
    holders = [(f"m/{number}/1", lines) for number in range(20)]
    personal.make_ahead("m", [Ahead("address", work, holders)])
    personal.make_ahead("m", ())
    await personal.image(copy(work, "m/waits/1"), lines)
    assert len(personal) <= 2


async def test_one_device_waits_for_a_few_only(opened: Opened, work: Work) -> None:
    personal = opened()
    asked = [personal.image(copy(work, page=page), lines) for page in (1, 2, 3, 4)]
    again = [personal.image(copy(work, page=page), lines) for page in (1, 2, 3, 4)]
    answers = await asyncio.gather(*asked, *again, return_exceptions=True)
    refused = [one.code for one in answers if isinstance(one, Refused)]
    assert refused == ["server_busy"] * (8 - WAITING_MOST)
    assert isinstance(await personal.image(copy(work), lines), Image)


async def test_a_killed_marker_is_replaced_and_its_copy_is_made(opened: Opened, work: Work) -> None:
    personal = opened(size=1)
    await personal.image(copy(work), lines)
    (before,) = personal.process_ids
    os.kill(before, signal.SIGKILL)
    image = await personal.image(copy(work, "m/ba/1"), lines)
    (after,) = personal.process_ids
    assert (isinstance(image, Image), before == after) == (True, False)


async def test_when_all_idle_markers_were_killed_a_copy_is_made(opened: Opened, work: Work) -> None:
    personal = opened(size=2)
    await asyncio.gather(*(personal.image(copy(work, f"m/{n}/1"), lines) for n in range(4)))
    for process_id in personal.process_ids:
        os.kill(process_id, signal.SIGKILL)
    assert isinstance(await personal.image(copy(work, "m/ba/1"), lines), Image)


async def test_a_page_that_cannot_be_drawn_has_no_copies(opened: Opened, work: Work) -> None:
    personal = opened()
    with pytest.raises(PageFailed):
        await personal.image(copy(work, page=5), lines)
    assert isinstance(await personal.image(copy(work), lines), Image)


async def test_nothing_stays_behind(opened: Opened, work: Work) -> None:
    personal = opened()
    await personal.image(copy(work), lines)
    processes = personal.process_ids
    waiting = asyncio.create_task(personal.image(copy(work, page=2), lines))
    await asyncio.sleep(0)
    await personal.close()
    with pytest.raises(PageFailed):
        await waiting
    assert (len(personal), personal.bytes, personal.process_ids) == (0, 0, ())
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="priorities are POSIX")
async def test_copies_are_made_at_low_priority(opened: Opened, work: Work) -> None:
    personal = opened()
    await personal.image(copy(work), lines)
    assert {os.getpriority(os.PRIO_PROCESS, one) for one in personal.process_ids} == {
        min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
    }
