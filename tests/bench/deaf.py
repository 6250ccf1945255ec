"""Unfair devices: some stop reading, one floods. What it costs the server, and the others.

    python -m tests.bench.deaf [--devices 500] [--rounds 3] [--json FILE]
    python -m tests.bench.deaf --devices 50 --rounds 1 --mutant unbounded_queue

Each case is measured beside a quiet stretch on the same server just before it. The exit status
is 1 if a device was let go too late or cost too much memory, or if one of the others lost its
connection; p99 is for whoever reads, as it needs a quiet machine. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from meeting.live import FLOODED_SECONDS
from tests.bench.load import CAN_PIN, Load, load, percentile, resident_kb
from tests.bench.many import Prepared, Seat, prepare, served
from tests.bench.strangers import Stranger
from tests.helpers.mutants import MUTANTS

PAUSE_MS: Final = 20
QUIET_TURNS: Final = 150
LOOK_SECONDS: Final = 0.1
DEAF_MOST_SECONDS: Final = 20.0
FLOOD_MOST_SECONDS: Final = 5.0
FLOODS_SECONDS: Final = 6.0
"""One flood after the other for so long, so that there are page turns to measure."""

SPARE: Final = 100
"""Members beside the quiet ones, whose devices misbehave in turn."""

FLOOD_PAUSE_SECONDS: Final = 1.2 * FLOODED_SECONDS / SPARE
"""So that nobody's turn comes again while they are kept out for their last flood."""

FLOOD_A_SECOND: Final = 1_000

CLOSED_SECONDS: Final = 12.0
FLOOD_CLOSED_SECONDS: Final = 2.0
MB_EACH: Final = 10.0
"""What was promised: after how long who does not read, or floods, is let go; what it may cost."""

DEAF: Final = {"one deaf": 1, "fifty deaf": 50}
FLOODS: Final[dict[str, list[str]]] = {
    "huge arrays": ['42["command",[' + "0," * 30_000 + "0]]"],
    "deep JSON": ['42["command",' + "[" * 30_000 + "]" * 30_000 + "]"],
    "1,000 signals a second": ['42["signal",{"type":"idle","follows":true}]'],
    "1,000 joins a second": ['421["join",{}]'],
    "forged events": ['42["connect",{}]', '42["disconnect",{}]'],
}


class Room:
    """A server with its quiet devices, whose page turns are timed."""

    def __init__(
        self, running: Load, prepared: Prepared, quiet: int, spare: Iterator[Seat], port: int
    ) -> None:
        self._load = running
        self._quiet = quiet
        self._prepared = prepared
        self._spare = spare
        self._port = port

    async def turns(self, count: int | None = None) -> list[float]:
        readers = range(1, 1 + self._quiet)
        limit = {} if count is None else {"count": count}
        found = await self._load.do(
            "turns",
            chair=0,
            readers=list(readers),
            pause_ms=PAUSE_MS,
            **self._prepared.paper,
            **limit,
        )
        last: list[float] = found["last"]
        return last

    async def deaf(self, count: int, server: int) -> dict[str, Any]:
        """So many join and read nothing more; until they are let go."""
        quiet = await self.turns(QUIET_TURNS)
        before_kb = most_kb = resident_kb(server)
        strangers = [await self._stranger() for _ in range(count)]
        turning = asyncio.create_task(self.turns(), name="deaf: turns")
        began = time.perf_counter()
        open_still, closed = dict.fromkeys(strangers, began), []
        while open_still and time.perf_counter() - began < DEAF_MOST_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            most_kb = max(most_kb, resident_kb(server))
            for one in [one for one in open_still if one.closed()]:
                closed.append(time.perf_counter() - open_still.pop(one))
        await self._load.do("stop")
        last = await turning
        for one in strangers:
            one.leave()
        return {
            "closed_seconds": None if open_still else max(closed),
            "mb_each": (most_kb - before_kb) / 1024 / count,
            **_beside(quiet, last),
        }

    async def flooded(self, texts: list[str]) -> dict[str, Any]:
        """One device after the other floods until it is let go."""
        quiet = await self.turns(QUIET_TURNS)
        turning = asyncio.create_task(self.turns(), name="flood: turns")
        began = time.perf_counter()
        ended: list[float | None] = []
        while time.perf_counter() - began < FLOODS_SECONDS:
            stranger = await self._stranger()
            ended.append(await stranger.flood(texts, FLOOD_A_SECOND, FLOOD_MOST_SECONDS))
            stranger.leave()
            await asyncio.sleep(FLOOD_PAUSE_SECONDS)
        await self._load.do("stop")
        last = await turning
        slowest = None if None in ended else max(seconds for seconds in ended if seconds)
        return {"floods": len(ended), "closed_seconds": slowest, **_beside(quiet, last)}

    async def _stranger(self) -> Stranger:
        stranger = Stranger(self._port, next(self._spare))
        await asyncio.to_thread(stranger.join)
        return stranger


def _beside(quiet: list[float], last: list[float]) -> dict[str, Any]:
    quiet_p99, p99 = percentile(quiet, 0.99), percentile(last, 0.99)
    return {
        "turns": len(last),
        "quiet_p99_ms": quiet_p99,
        "p99_ms": p99,
        "ratio": p99 / quiet_p99,
        "median_ratio": median(last) / median(quiet),
    }


async def one_round(
    laid_down: Path, prepared: Prepared, devices: int, world: Sequence[str]
) -> dict[str, Any]:
    """Every case on one server, one after the other."""
    members = prepared.members[:devices]
    spare = itertools.cycle(prepared.members[devices:])
    everybody = [prepared.chair.device(keeps=True), *(seat.device() for seat in members)]
    async with served(laid_down, world=world) as server, load() as running:
        await running.do("connect", host="127.0.0.1", port=server.port, devices=everybody)
        room = Room(running, prepared, devices, spare, server.port)
        found = {}
        for name, count in DEAF.items():
            found[name] = await room.deaf(count, server.pid)
        for name, texts in FLOODS.items():
            found[name] = await room.flooded(texts)
        state = await running.do("state")
        found["all"] = {"others_still_open": sum(state["open"]), "others": len(everybody)}
    return found


def broken(found: dict[str, Any]) -> list[str]:
    """The promises that one round did not keep."""
    wrong = []
    for name in (*DEAF, *FLOODS):
        most = CLOSED_SECONDS if name in DEAF else FLOOD_CLOSED_SECONDS
        seconds, mb = found[name]["closed_seconds"], found[name].get("mb_each", 0.0)
        if seconds is None or seconds > most:
            wrong.append(f"{name}: not let go within {most:g} s")
        if mb > MB_EACH:
            wrong.append(f"{name}: {mb:.1f} MB for each")
    gone = found["all"]["others"] - found["all"]["others_still_open"]
    return [*wrong, f"{gone} others lost their connection"] if gone else wrong


def say(rounds: list[dict[str, Any]]) -> str:
    def span(values: list[Any], digits: int) -> str:
        if None in values:
            return f"NOT ENDED in {values.count(None)} of {len(values)}"
        least, middle, most = min(values), median(values), max(values)
        return f"{middle:.{digits}f} ({least:.{digits}f} to {most:.{digits}f})"

    lines = [f"{len(rounds)} rounds; middle (least to most):"]
    for name in (*DEAF, *FLOODS):
        cases = [found[name] for found in rounds]
        line = f"  {name:24} closed after {span([c['closed_seconds'] for c in cases], 1)} s"
        line += f"; others' p99 {span([c['ratio'] for c in cases], 2)} x quiet"
        line += f", median {span([c['median_ratio'] for c in cases], 2)} x"
        if name in DEAF:
            line += f"; server grew {span([c['mb_each'] for c in cases], 2)} MB for each"
        lines.append(line + f"; {sum(c['turns'] for c in cases)} turns")
    lost = sum(found["all"]["others"] - found["all"]["others_still_open"] for found in rounds)
    return "\n".join([*lines, f"  others who lost their connection: {lost}"])


async def measure(
    folder: Path, devices: int, rounds: int, world: Sequence[str]
) -> list[dict[str, Any]]:
    laid_down = folder / "laid-down"
    prepared = await prepare(laid_down, devices + SPARE)
    return [await one_round(laid_down, prepared, devices, world) for _ in range(rounds)]


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--devices", type=int, default=500)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--mutant", choices=sorted(MUTANTS))
    options.add_argument("--json", type=Path, help="Write all figures to this file.")
    asked = options.parse_args()
    world = ("--mutant", asked.mutant) if asked.mutant else ()
    with tempfile.TemporaryDirectory() as folder:
        rounds = asyncio.run(measure(Path(folder), asked.devices, asked.rounds, world))
    wrong = [line for found in rounds for line in broken(found)]
    sys.stdout.write("\n".join([say(rounds), *(f"WRONG: {line}" for line in wrong)]) + "\n")
    if asked.json:
        asked.json.write_text(json.dumps({"pinned": CAN_PIN, "rounds": rounds}, indent=1))
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
