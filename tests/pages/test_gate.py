"""The gate for images fetched ahead: who goes when, and that nobody is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from meeting.errors import Refused
from meeting.pages.gate import HELD_SECONDS, IN_LINE_MOST, PUSHED_SECONDS, Gate
from tests.helpers.clock import HandClock

RATE: Final = 1_000_000
SECOND: Final = RATE
"""An image so large that it takes one second."""


class Line:
    """A gate, those who stand before it, and the order in which they came through."""

    def __init__(self, places: int = 100) -> None:
        self.clock = HandClock()
        self.gate = Gate(self.clock, RATE, places=places)
        self.went: list[str] = []
        self.refused: list[str] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._taken: dict[str, asyncio.Event] = {}

    def sets_out(self, *names: str, size: int = SECOND, seat: str = "") -> None:
        for name in names:
            self._taken[name] = asyncio.Event()
            task = asyncio.create_task(self._pass(name, seat or name, size))
            self._tasks[name] = task

    async def comes(self, *names: str, size: int = SECOND, seat: str = "") -> None:
        self.sets_out(*names, size=size, seat=seat)
        await self.settle()

    async def _pass(self, name: str, seat: str, size: int) -> None:
        try:
            async with self.gate.passing(seat, size):
                self.went.append(name)
                await self._taken[name].wait()
        except Refused as refused:
            self.refused.append(f"{name}: {refused.code}")

    def takes_it(self, name: str) -> None:
        """This device has its image, which nobody has noticed yet."""
        self._taken[name].set()

    async def took_it(self, name: str) -> None:
        self.takes_it(name)
        await self.settle()

    def is_cut_off(self, *names: str) -> None:
        """These devices left, which their own tasks have not noticed yet."""
        for name in names:
            self._tasks[name].cancel()

    async def gives_up(self, name: str) -> None:
        self.is_cut_off(name)
        await self.settle()

    async def after(self, seconds: float) -> str:
        """Time passes and the gate's timer fires; who came through so far."""
        self.clock.pass_by(seconds)
        self.gate.look()
        await self.settle()
        return " ".join(self.went)

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def end(self) -> None:
        """Everybody leaves; nobody was sent away by a fault of the gate."""
        self.is_cut_off(*self._tasks)
        ended = await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        assert [fault for fault in ended if isinstance(fault, Exception)] == []


@asynccontextmanager
async def a_line(places: int = 100) -> AsyncIterator[Line]:
    line = Line(places)
    try:
        yield line
    finally:
        await line.end()


async def test_the_first_goes_at_once_and_the_others_as_the_bytes_allow() -> None:
    async with a_line() as line:
        await line.comes("a", "b", "c")
        assert line.went == ["a"]
        assert [await line.after(0.9), await line.after(0.1)] == ["a", "a b"]
        assert [await line.after(0.9), await line.after(0.1)] == ["a b", "a b c"]
        assert len(line.gate) == 0


async def test_a_small_image_holds_the_line_for_less_time() -> None:
    async with a_line() as line:
        await line.comes("a", size=SECOND // 10)
        await line.comes("b")
        assert line.went == ["a"]
        assert await line.after(0.1) == "a b"


async def test_after_a_quiet_time_there_is_no_burst() -> None:
    async with a_line() as line:
        await line.after(3600.0)
        await line.comes("a", "b", "c")
        assert line.went == ["a"]
        assert [await line.after(0.8), await line.after(0.1)] == ["a", "a b"]
        assert [await line.after(0.9), await line.after(0.1)] == ["a b", "a b c"]


async def test_only_so_many_are_on_their_way_and_a_slow_one_loses_its_place() -> None:
    async with a_line(places=2) as line:
        await line.comes("a", "b", "c", "d", size=1)
        assert await line.after(1.0) == "a b"
        await line.took_it("b")
        assert line.went == ["a", "b", "c"]
        assert await line.after(HELD_SECONDS - 1.1) == "a b c"
        assert await line.after(0.1) == "a b c d"


async def test_what_is_on_screen_holds_the_line_back_but_never_for_long() -> None:
    async with a_line() as line:
        await line.comes("a", "b", "c", size=SECOND // 10)
        assert await line.after(0.05) == "a"
        line.gate.on_screen(SECOND // 10)
        assert [await line.after(0.1), await line.after(0.05)] == ["a", "a b"]
        for _ in range(1000):
            line.gate.on_screen(10 * SECOND)
        waited = 0.1 + PUSHED_SECONDS
        assert [await line.after(waited - 0.01), await line.after(0.02)] == ["a b", "a b c"]


async def test_an_endless_stream_on_screen_starves_nobody() -> None:
    async with a_line() as line:
        names = [f"w{number}" for number in range(20)]
        await line.comes(*names, size=SECOND // 10)
        for _ in range(20 * 12):
            line.gate.on_screen(SECOND)
            await line.after(0.1)
        assert line.went == names


async def test_who_gives_up_leaves_the_line_and_the_place() -> None:
    async with a_line(places=1) as line:
        await line.comes("a", "b", "c", "d", size=1)
        await line.gives_up("b")
        assert (line.went, len(line.gate)) == (["a"], 2)
        await line.gives_up("a")
        assert await line.after(0.1) == "a c"
        await line.took_it("c")
        assert await line.after(0.1) == "a c d"


async def test_who_gives_up_in_the_very_moment_of_being_let_in_holds_no_place() -> None:
    async with a_line(places=1) as line:
        await line.comes("a", "b", "c", size=1)
        line.clock.pass_by(0.1)
        line.takes_it("a")
        await line.gives_up("b")
        assert (line.went, len(line.gate)) == (["a", "c"], 0)


async def test_who_was_cut_off_is_passed_over_though_still_in_line() -> None:
    async with a_line(places=2) as line:
        await line.comes("a", "b", "c", "d", "e", size=1)
        line.is_cut_off("b", "c")
        assert await line.after(0.1) == "a d"
        assert len(line.gate) == 1
        await line.took_it("a")
        assert await line.after(0.1) == "a d e"


async def test_the_one_inside_ends_and_all_who_wait_are_cut_off_at_once() -> None:
    async with a_line(places=1) as line:
        await line.comes("a", "b", "c", size=1)
        line.clock.pass_by(0.1)
        line.takes_it("a")
        line.is_cut_off("b", "c")
        await line.comes("d", size=1)
        assert (line.went, len(line.gate)) == (["a", "d"], 0)


async def test_what_a_seat_asked_for_before_a_reload_takes_no_place_in_line() -> None:
    async with a_line(places=1) as line:
        await line.comes("first", size=1)
        before = [f"a{n}" for n in range(IN_LINE_MOST)]
        await line.comes(*before, seat="an", size=1)
        line.sets_out("again", seat="an", size=1)
        line.is_cut_off(*before)
        await line.settle()
        assert (line.refused, len(line.gate)) == ([], 1)


async def test_one_seat_does_not_fill_the_line() -> None:
    async with a_line(places=1) as line:
        await line.comes("first", size=1)
        await line.comes(*(f"a{n}" for n in range(IN_LINE_MOST + 1)), seat="an", size=1)
        await line.comes("b", seat="ba", size=1)
        assert line.refused == [f"a{IN_LINE_MOST}: server_busy"]
        assert len(line.gate) == IN_LINE_MOST + 1
        await line.gives_up("a0")
        await line.comes("again", seat="an", size=1)
        assert len(line.refused) == 1


class LoopClock(HandClock):
    """The loop's own seconds, for a timer that is waited for in earnest."""

    def seconds(self) -> float:
        return asyncio.get_running_loop().time()


async def test_the_gates_own_timer_lets_the_next_one_in() -> None:
    gate = Gate(LoopClock(), RATE)
    async with asyncio.timeout(5):
        for _ in range(20):
            async with gate.passing("an", RATE // 100):
                pass
    assert len(gate) == 0
