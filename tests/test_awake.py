"""The machine is held awake while people meet, and whoever must know is told where it cannot be."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

import pytest

from meeting.awake import AGAIN_SECONDS, Awake, ByProgram, Hold, hold_of_this_machine
from meeting.protocol.machine import Sleep

STAYS = [sys.executable, "-c", "import sys; sys.stdin.read()"]
REFUSES = [sys.executable, "-c", "raise SystemExit(1)"]


class Counted(Hold):
    """A system that answers as it is told."""

    def __init__(self, answers: Sequence[Sleep]) -> None:
        self.asked = self.left = 0
        self._answers = answers
        self._held = False

    @property
    def holds(self) -> bool:
        return self._held

    async def take(self) -> Sleep:
        answer = self._answers[self.asked]
        self.asked += 1
        self._held = answer == "kept"
        return answer

    async def let_go(self) -> None:
        self.left += self._held
        self._held = False


class Meeting:
    on = False


async def test_it_is_held_from_opening_to_closing() -> None:
    meeting, hold = Meeting(), Counted(["kept", "kept"])
    awake = Awake(lambda: meeting.on, hold)
    course: list[tuple[Sleep, int, int]] = []
    for seconds, on in enumerate((False, True, True, False, True)):
        meeting.on = on
        await awake.look(float(seconds))
        course.append((awake.sleep, hold.asked, hold.left))
    assert course == [
        ("may", 0, 0),
        ("kept", 1, 0),
        ("kept", 1, 0),
        ("may", 1, 1),
        ("kept", 2, 1),
    ]
    await awake.close()
    assert hold.left == 2


async def test_a_refusal_is_kept_and_asked_again_later() -> None:
    hold = Counted(["failed", "failed", "kept"])
    awake = Awake(lambda: True, hold)
    course = []
    for seconds in (0.0, 1.0, AGAIN_SECONDS, AGAIN_SECONDS + 1, 2 * AGAIN_SECONDS):
        await awake.look(seconds)
        course.append((awake.sleep, hold.asked))
    assert course == [("failed", 1), ("failed", 1), ("failed", 2), ("failed", 2), ("kept", 3)]


async def test_a_machine_that_nothing_puts_to_sleep_is_asked_nothing() -> None:
    awake = Awake(lambda: True, Hold())
    await awake.look(0.0)
    await awake.look(1.0)
    assert awake.sleep == "never"


async def test_what_is_lost_is_told_and_taken_again() -> None:
    hold = Counted(["kept", "kept"])
    awake = Awake(lambda: True, hold)
    await awake.look(0.0)
    await hold.let_go()
    await awake.look(1.0)
    assert (awake.sleep, hold.asked) == ("failed", 1)
    await awake.look(1.0 + AGAIN_SECONDS)
    assert (awake.sleep, hold.asked) == ("kept", 2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own way")
async def test_a_program_holds_while_it_runs_and_ends_with_us() -> None:
    hold = ByProgram(STAYS)
    assert await hold.take() == "kept"
    assert hold.holds
    process = hold._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as the system does when we are gone
    async with asyncio.timeout(30):
        assert await process.wait() == 0
    assert not hold.holds
    assert await hold.take() == "kept"
    await hold.let_go()
    await hold.let_go()
    assert not hold.holds


async def test_a_program_that_is_refused_holds_nothing() -> None:
    hold = ByProgram(REFUSES)
    await hold.take()
    process = hold._process
    assert process is not None
    async with asyncio.timeout(30):
        await process.wait()
    assert not hold.holds
    await hold.let_go()


async def test_a_program_that_is_not_there_holds_nothing() -> None:
    hold = ByProgram(["there-is-no-such-program"])
    assert (await hold.take(), hold.holds) == ("failed", False)


def test_this_machine_has_something() -> None:
    assert isinstance(hold_of_this_machine(), Hold)
