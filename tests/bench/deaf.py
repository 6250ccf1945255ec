"""Unfair devices: some stop reading, one floods. What it costs the server, and the others.

    python -m tests.bench.deaf [--devices 500] [--rounds 5] [--only CASE …] [--json FILE]
    python -m tests.bench.deaf --devices 50 --rounds 1 --mutant unbounded_queue

Each case has a few stretches of page turns, with a quiet one before and after each on the same
server; `nobody` does nothing at all and says what the machine itself makes of the comparison. The
exit status is 1 if a device was let go too late or cost too much memory, if the others felt it, or
if one of them lost its connection. The others' times want a quiet machine with two cores: whoever
misbehaves gives way to everything else on the load's core. Beside them stands how much the server's
loop worked in each turn, which other processes do not change. A round takes five minutes. Linux
only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from msgspec import Struct

from meeting.live import FLOODED_SECONDS
from tests.bench.load import CAN_PIN, Load, give_way, load, percentile, resident_kb
from tests.bench.many import Prepared, Seat, prepare, served
from tests.bench.strangers import Stranger, open_still
from tests.helpers.mutants import MUTANTS

PAUSE_MS: Final = 20
STRETCHES: Final = 2
QUIET_SECONDS: Final = 6.0
CASE_SECONDS: Final = 12.0
"""Some 600 page turns in all for each case: the p99 is the sixth worst of them."""

LOOK_SECONDS: Final = 0.1
DEAF_MOST_SECONDS: Final = 20.0
FLOOD_MOST_SECONDS: Final = 5.0

SPARE: Final = 100
"""Members beside the quiet ones, whose devices misbehave in turn."""

FLOOD_EVERY_SECONDS: Final = FLOODED_SECONDS / 5
"""As if five devices flooded whenever they are let in again; each time another one, joining first.
"""

FLOOD_A_SECOND: Final = 1_000

CLOSED_SECONDS: Final = 12.0
FLOOD_CLOSED_SECONDS: Final = 2.0
MB_EACH: Final = 10.0
RATIO_MOST: Final = 1.2
"""What was promised: after how long who does not read, or floods, is let go; what it may cost; how
much longer the others' page turns may take, at p99, in the median of the rounds."""

NOBODY: Final = "nobody"
DEAF: Final = {"one deaf": 0.0, "a tenth deaf": 0.1}
"""Which share of the devices reads nothing more; at least one."""

FLOODS: Final[dict[str, list[str]]] = {
    "huge arrays": ['42["command",[' + "0," * 30_000 + "0]]"],
    "deep JSON": ['42["command",' + "[" * 30_000 + "]" * 30_000 + "]"],
    "1,000 signals a second": ['42["signal",{"type":"idle","follows":true}]'],
    "1,000 joins a second": ['421["join",{}]'],
    "forged events": ['42["connect",{}]', '42["disconnect",{}]'],
}
CASES: Final = (NOBODY, *DEAF, *FLOODS)


class Turns(Struct):
    """How long each page turn took (ms) in a stretch of time (monotonic)."""

    last: list[float]
    began: float
    ended: float


class Room:
    """A server with its devices. The page turns of nine tenths of them are timed; of the others as
    many are cut off as misbehave, so that there are never more connections than there were.
    """

    def __init__(
        self, running: Load, prepared: Prepared, devices: int, spare: Iterator[Seat], port: int
    ) -> None:
        self._load = running
        self._readers = list(range(1, 1 + devices - devices // 10))
        self._devices = devices
        self._prepared = prepared
        self._spare = spare
        self._port = port

    @contextlib.asynccontextmanager
    async def _instead_of(self, count: int) -> AsyncIterator[None]:
        """So many devices are away meanwhile."""
        away = list(range(1 + self._devices - count, 1 + self._devices))
        await self._load.do("cut", devices=away)
        yield
        await self._load.do("back", devices=away)

    async def turns_while(self, happens: Callable[[], Awaitable[None]]) -> Turns:
        """The page turns to the last of the readers meanwhile."""
        began = time.monotonic()
        turning = asyncio.create_task(
            self._load.do(
                "turns",
                chair=0,
                readers=self._readers,
                pause_ms=PAUSE_MS,
                **self._prepared.paper,
            ),
            name="deaf: turns",
        )
        await happens()
        await self._load.do("stop")
        return Turns((await turning)["last"], began, time.monotonic())

    async def quiet(self, seconds: float) -> Turns:
        return await self.turns_while(lambda: asyncio.sleep(seconds))

    async def deaf(self, share: float, server: int) -> dict[str, Any]:
        """So many join and read nothing more; until they are let go."""
        count = max(1, int(share * self._devices))
        closed: list[float] = []
        before_kb = most_kb = resident_kb(server)
        async with self._instead_of(count):
            strangers = [await self._stranger() for _ in range(count)]

            async def until_let_go() -> None:
                nonlocal most_kb
                began = time.perf_counter()
                while len(closed) < count and time.perf_counter() - began < DEAF_MOST_SECONDS:
                    await asyncio.sleep(LOOK_SECONDS)
                    most_kb = max(most_kb, resident_kb(server))
                    gone = count - len(closed) - len(open_still(strangers))
                    closed.extend([time.perf_counter() - began] * gone)

            turns = await self.turns_while(until_let_go)
            for one in strangers:
                one.leave()
        return {
            "closed_seconds": None if len(closed) < count else closed[-1],
            "mb_each": (most_kb - before_kb) / 1024 / count,
            "turns": turns,
        }

    async def flooded(self, texts: list[str]) -> dict[str, Any]:
        """Every second a device comes in and floods until it is let go."""
        ended: list[float | None] = []

        async def one_after_the_other() -> None:
            began = time.perf_counter()
            while (passed := time.perf_counter() - began) < CASE_SECONDS:
                stranger = await self._stranger()
                ended.append(await stranger.flood(texts, FLOOD_A_SECOND, FLOOD_MOST_SECONDS))
                stranger.leave()
                spent = time.perf_counter() - began - passed
                await asyncio.sleep(max(0.0, FLOOD_EVERY_SECONDS - spent))

        async with self._instead_of(1):
            turns = await self.turns_while(one_after_the_other)
        slowest = None if None in ended else max(seconds for seconds in ended if seconds)
        return {"floods": len(ended), "closed_seconds": slowest, "turns": turns}

    async def _stranger(self) -> Stranger:
        stranger = Stranger(self._port, next(self._spare))
        await asyncio.to_thread(stranger.join)
        return stranger


async def stretch(room: Room, name: str, server: int) -> dict[str, Any]:
    if name in DEAF:
        return await room.deaf(DEAF[name], server)
    if name in FLOODS:
        return await room.flooded(FLOODS[name])
    return {"closed_seconds": 0.0, "turns": await room.quiet(CASE_SECONDS)}


async def one_round(
    laid_down: Path, prepared: Prepared, devices: int, cases: list[str], world: Sequence[str]
) -> dict[str, Any]:
    """Every case on one server, one after the other, and again the other way round."""
    members = prepared.members[:devices]
    spare = itertools.cycle(prepared.members[devices:])
    everybody = [prepared.chair.device(keeps=True), *(seat.device() for seat in members)]
    stretches: dict[str, list[dict[str, Any]]] = {name: [] for name in cases}
    works = laid_down.with_name("works.json")
    world = (*world, "--works", str(works))
    async with served(laid_down, world=world) as server, load() as running:
        await running.do("connect", host="127.0.0.1", port=server.port, devices=everybody)
        room = Room(running, prepared, devices, spare, server.port)
        await room.quiet(QUIET_SECONDS / 2)  # whatever is only done once, is done
        before = await room.quiet(QUIET_SECONDS)
        for turn in range(STRETCHES):
            for name in cases if turn % 2 == 0 else reversed(cases):
                found = await stretch(room, name, server.pid)
                after = await room.quiet(QUIET_SECONDS)
                stretches[name].append({**found, "quiet": [before, after]})
                before = after
        state = await running.do("state")
    return {
        "cases": {
            name: together(found, json.loads(works.read_text()))
            for name, found in stretches.items()
        },
        "others": len(everybody),
        "others_still_open": sum(state["open"]),
    }


def together(stretches: list[dict[str, Any]], works: list[tuple[float, float]]) -> dict[str, Any]:
    """What the stretches of one case say; `works` as the rig of that name wrote it."""
    turns = [found["turns"] for found in stretches]
    quiet = [one for found in stretches for one in found["quiet"]]
    closed = [found["closed_seconds"] for found in stretches]
    figures: dict[str, Any] = {
        "closed_seconds": None if None in closed else max(closed),
        "mb_each": max(found.get("mb_each", 0.0) for found in stretches),
        "floods": sum(found.get("floods", 0) for found in stretches),
        "turns": sum(len(one.last) for one in turns),
        "quiet_turns": sum(len(one.last) for one in quiet),
    }
    for name, of in (("", _last), ("work_", lambda one: _work(one, works))):
        case = [ms for one in turns for ms in of(one)]
        beside = [ms for one in quiet for ms in of(one)]
        figures[f"{name}p99_ms"] = percentile(case, 0.99)
        figures[f"{name}quiet_p99_ms"] = percentile(beside, 0.99)
        figures[f"{name}ratio"] = percentile(case, 0.99) / percentile(beside, 0.99)
        figures[f"{name}median_ratio"] = median(case) / median(beside)
    return figures


def _last(turns: Turns) -> list[float]:
    return turns.last


def _work(turns: Turns, works: list[tuple[float, float]]) -> list[float]:
    return [ms for at, ms in works if turns.began <= at <= turns.ended]


def broken(name: str, cases: list[dict[str, Any]]) -> list[str]:
    """The promises that one case did not keep, over all rounds."""
    wrong = []
    most = CLOSED_SECONDS if name in DEAF else FLOOD_CLOSED_SECONDS
    closed = [case["closed_seconds"] for case in cases]
    if any(seconds is None or seconds > most for seconds in closed):
        wrong.append(f"not let go within {most:g} s")
    if (mb := max(case["mb_each"] for case in cases)) > MB_EACH:
        wrong.append(f"{mb:.1f} MB for each")
    ratio = median(case["ratio"] for case in cases)
    if name == NOBODY and not 1 / RATIO_MOST <= ratio <= RATIO_MOST:
        wrong.append("the machine is not quiet enough to tell")
    elif ratio > RATIO_MOST:
        wrong.append(f"others' p99 {ratio:.2f} x quiet")
    return wrong


def span(values: list[Any], digits: int) -> str:
    if None in values:
        return f"NOT ENDED in {values.count(None)} of {len(values)}"
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def say(rounds: list[dict[str, Any]]) -> tuple[str, bool]:
    """The figures for whoever reads, and whether every promise was kept."""
    lines, kept = [f"{len(rounds)} rounds; middle (least to most):"], True
    for name in rounds[0]["cases"]:
        cases = [found["cases"][name] for found in rounds]
        line = f"  {name:24}"
        if name != NOBODY:
            line += f" closed after {span([case['closed_seconds'] for case in cases], 1)} s;"
        line += f" others' p99 {span([case['ratio'] for case in cases], 2)} x quiet,"
        line += f" median {span([case['median_ratio'] for case in cases], 2)} x;"
        line += f" the loop's work p99 {span([case['work_ratio'] for case in cases], 2)} x"
        if name in DEAF:
            line += f"; server grew {span([case['mb_each'] for case in cases], 2)} MB for each"
        if name in FLOODS:
            line += f"; {sum(case['floods'] for case in cases)} floods"
        line += f"; {sum(case['turns'] for case in cases)} turns beside "
        line += f"{sum(case['quiet_turns'] for case in cases)}"
        wrong = broken(name, cases)
        kept = kept and not wrong
        lines.append(f"{line}: {'missed: ' + ', '.join(wrong) if wrong else 'ok'}")
    lost = sum(found["others"] - found["others_still_open"] for found in rounds)
    lines.append(f"  others who lost their connection: {lost}: {'missed' if lost else 'ok'}")
    return "\n".join(lines), kept and not lost


async def measure(
    folder: Path, devices: int, rounds: int, cases: list[str], world: Sequence[str]
) -> list[dict[str, Any]]:
    laid_down = folder / "laid-down"
    prepared = await prepare(laid_down, devices + SPARE)
    give_way()
    return [await one_round(laid_down, prepared, devices, cases, world) for _ in range(rounds)]


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--devices", type=int, default=500)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", nargs="+", choices=CASES, metavar="CASE", default=CASES)
    options.add_argument("--mutant", choices=sorted(MUTANTS))
    options.add_argument("--json", type=Path, help="Write all figures to this file.")
    asked = options.parse_args()
    world = ("--mutant", asked.mutant) if asked.mutant else ()
    with tempfile.TemporaryDirectory() as folder:
        rounds = asyncio.run(
            measure(Path(folder), asked.devices, asked.rounds, list(asked.only), world)
        )
    said, kept = say(rounds)
    sys.stdout.write(said + "\n")
    if asked.json:
        asked.json.write_text(json.dumps({"pinned": CAN_PIN, "rounds": rounds}, indent=1))
    return int(not kept)


if __name__ == "__main__":
    raise SystemExit(main())
