"""Slow works and those somebody waits for: who gives way to whom, and nothing is lost by it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final

import pytest

from meeting.pages import Image, Pages, PagesLimits
from meeting.pages.jobs import CLOSER, Need, Queue, Work
from meeting.pages.making import After, Making

posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")

PATIENT: Final = PagesLimits(
    open_seconds=3600, page_seconds=3600, text_seconds=3600, yield_seconds=0.1
)
"""Nothing but giving way ends what hangs."""


class Desk:
    """Places at which works are done; those of some documents never are, the first time."""

    def __init__(self, size: int, endless: str) -> None:
        self.queue = Queue()
        self.begun: list[str] = []
        self.endless = set(endless)
        self.harmful: set[str] = set()
        self.making = Making(self.queue, size, self._make, self._own, 0.0)
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, *names: str, need: Need = Need.ASKED) -> None:
        for name in names:
            self.queue.ask(work(name), need)
        self.making.pump()

    def prepare(self, *names: str) -> None:
        for name in names:
            self.queue.prepare(work(name))
        self.making.pump()

    async def rest(self) -> list[str]:
        """What was begun, in order, once nothing happens any more."""
        for _ in range(50):
            await asyncio.sleep(0)
        return self.begun

    async def close(self) -> None:
        self.making.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _make(self, of: Work) -> After:
        self.begun.append(f"{of.sha256}{of.page}")
        if of.sha256 in self.endless:
            await asyncio.Event().wait()
        if of.sha256 in self.harmful:
            self.queue.doubt(of.sha256)
        return None

    def _own(self, run: Coroutine[None, None, None], verb: str, _: Work) -> asyncio.Task[None]:
        task = asyncio.create_task(run, name=verb)
        self._tasks.add(task)
        return task


def work(name: str) -> Work:
    return Work(name[0], int(name[1:]), 1600)


Opened = Callable[[int, str], Desk]


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    desks: list[Desk] = []

    def one(size: int, endless: str) -> Desk:
        desks.append(Desk(size, endless))
        return desks[-1]

    yield one
    for desk in desks:
        await desk.close()


async def test_what_nobody_waits_for_gives_way_and_is_done_later(opened: Opened) -> None:
    desk = opened(2, "ab")
    desk.prepare("a1", "b1")
    assert await desk.rest() == ["a1", "b1"]

    desk.endless.clear()
    desk.ask("c1")

    assert await desk.rest() == ["a1", "b1", "c1", "a1"]


async def test_one_place_is_kept_from_what_is_looked_at_closely_elsewhere(opened: Opened) -> None:
    desk = opened(2, "abc")
    desk.queue.focus("d", 1)
    for document in "abc":
        desk.queue.ask(Work(document, 1, 4800, 0, 1), Need.SHARPER)
    desk.prepare("d2")
    assert await desk.rest() == ["a1", "d2"]

    desk.ask("d1", need=Need.NOW)
    assert await desk.rest() == ["a1", "d2", "d1"]


async def test_the_paper_on_screen_comes_before_what_others_wait_for(opened: Opened) -> None:
    desk = opened(2, "ab")
    desk.ask("a1", "b1")
    await desk.rest()

    desk.ask("c1")
    assert await desk.rest() == ["a1", "b1"]
    desk.queue.focus("d", 1)
    desk.ask("d1")

    assert await desk.rest() == ["a1", "b1", "d1", "c1", "a1"]


async def test_the_paper_on_screen_gives_way_to_nobody(opened: Opened) -> None:
    desk = opened(1, "a")
    desk.queue.focus("a", 1)
    desk.ask("a1")
    await desk.rest()

    desk.ask("b1", need=Need.NOW)

    assert await desk.rest() == ["a1"]


async def test_papers_that_are_slow_have_one_place_together(opened: Opened) -> None:
    desk = opened(3, "abc")
    for slow in "abc":
        desk.queue.doubt(slow)
    desk.ask("a1", "b1", "c1")
    desk.prepare("d1", "d2")

    assert await desk.rest() == ["a1", "d1", "d2"]


async def test_of_slow_papers_the_one_on_screen_comes_first(opened: Opened) -> None:
    desk = opened(2, "a")
    for slow in "ab":
        desk.queue.doubt(slow)
    desk.prepare("a1")
    await desk.rest()

    desk.queue.focus("b", 1)
    desk.ask("b1")

    assert await desk.rest() == ["a1", "b1", "a1"]


async def test_a_work_somebody_waits_for_meanwhile_is_no_longer_nobodys(opened: Opened) -> None:
    desk = opened(1, "a")
    desk.prepare("a1")
    await desk.rest()

    desk.ask("a1")
    desk.ask("b1")

    assert await desk.rest() == ["a1"]


@pytest.mark.parametrize(("seconds", "doubtful"), [(3600.0, False), (0.0, True)])
async def test_what_is_done_soon_the_next_time_is_slow_no_more(
    opened: Opened, seconds: float, *, doubtful: bool
) -> None:
    desk = opened(1, "a")
    desk.prepare("a1")
    await desk.rest()
    desk.endless.clear()

    desk.ask("b1")
    desk.making._seconds = seconds

    assert await desk.rest() == ["a1", "b1", "a1"]
    assert desk.queue.doubtful("a") == doubtful


async def test_what_does_harm_the_next_time_is_not_trusted_for_being_quick(opened: Opened) -> None:
    desk = opened(1, "a")
    desk.prepare("a1")
    await desk.rest()
    desk.endless.clear()
    desk.harmful.add("a")

    desk.ask("b1")
    desk.making._seconds = 3600.0

    assert await desk.rest() == ["a1", "b1", "a1"]
    assert desk.queue.doubtful("a")


@posix
async def test_the_presented_page_is_drawn_though_two_files_hold_both_processes(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=2, limits=PATIENT)
    shown, *slow = [(await pages.take_in(papers.text(n))).sha256 for n in (3, 1, 2)]
    for process_id in pages.process_ids:
        os.kill(process_id, signal.SIGSTOP)
    stuck = [asyncio.create_task(pages.image(sha256, 1, 320)) for sha256 in slow]
    await asyncio.sleep(0)

    pages.focus(shown, 1, 3)
    assert isinstance(await pages.image(shown, 1, 1600), Image)
    assert isinstance(await pages.image(shown, 2, 1600), Image)

    # One of the two had to give way; its page was made after all, by a new process.
    done, pending = await asyncio.wait(stuck, return_when=asyncio.FIRST_COMPLETED)
    assert (len(done), len(pending)) == (1, 1)
    assert [isinstance(one.result(), Image) for one in done] == [True]
    for one in pending:
        one.cancel()


@posix
async def test_a_file_on_its_way_in_gives_way_and_is_taken_in_later(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=1, limits=PATIENT)
    shown = (await pages.take_in(papers.text(3))).sha256
    before = pages.process_ids
    coming = asyncio.create_task(pages.take_in(papers.text(2)))
    while not (new := set(pages.process_ids) - set(before)):  # noqa: ASYNC110 - nobody tells when
        await asyncio.sleep(0)
    os.kill(new.pop(), signal.SIGSTOP)

    pages.focus(shown, 1, 3)
    assert isinstance(await pages.image(shown, 1, 1600), Image)

    assert (await coming).pages == 2


async def test_what_only_makes_ready_for_looking_closely_gives_way_unharmed(opened: Opened) -> None:
    desk = opened(1, "a")
    desk.queue.prepare(Work("a", 1, CLOSER))
    desk.making.pump()
    await desk.rest()

    desk.ask("c1")

    assert await desk.rest() == ["a1", "c1"]
    assert not desk.queue.doubtful("a")
