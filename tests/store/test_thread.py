"""A thread of its own that does one thing after another for the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from meeting.store.thread import WorkThread


@pytest.fixture
def thread() -> Iterator[WorkThread]:
    made = WorkThread("under test")
    yield made
    made.end()


async def test_works_are_done_in_order_in_one_thread_that_is_not_the_loops(
    thread: WorkThread,
) -> None:
    done: list[int] = []

    def work(number: int) -> tuple[int, str]:
        done.append(number)
        return number, threading.current_thread().name

    found = await asyncio.gather(
        *(thread.do(lambda number=number: work(number)) for number in range(100))  # type: ignore[misc]
    )
    assert done == list(range(100))
    assert found == [(number, "under test") for number in range(100)]


async def test_what_a_work_raises_comes_out_and_the_next_is_done(thread: WorkThread) -> None:
    def fails() -> None:
        raise ValueError("not so")

    with pytest.raises(ValueError, match="not so"):
        await thread.do(fails)
    assert await thread.do(lambda: 7) == 7


async def test_what_nobody_waits_for_any_more_is_done_all_the_same(thread: WorkThread) -> None:
    go, done = threading.Event(), []
    first = thread.do(go.wait)
    given_up = thread.do(lambda: done.append(1))
    given_up.cancel()
    first.cancel()
    go.set()
    await thread.do(lambda: None)
    assert (done, given_up.cancelled()) == ([1], True)


def test_a_loop_that_is_closed_meanwhile_is_let_be() -> None:
    thread, go, done = WorkThread("under test"), threading.Event(), []

    async def ask() -> None:
        thread.do(go.wait)
        thread.do(lambda: done.append(1))

    asyncio.run(ask())
    go.set()
    thread.end()
    assert done == [1]


def test_a_thread_that_was_asked_nothing_ends() -> None:
    WorkThread("under test").end()
