"""One seed: a storm, an outage for everybody, a storm, then clear weather, and the judgement."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from meeting.clock import Times
from meeting.rehearsal.office import http_client
from meeting.settings import FILE
from tests.lossy.checker import Judge, Log, effects, read_log
from tests.lossy.child import LOG
from tests.lossy.network import CLEAR, SQUALL, Network, storm
from tests.lossy.people import Room

STORM_SECONDS: Final = 40.0
OUTAGE_SECONDS: Final = 120.0
"""Both at true scale."""

SQUALL_SECONDS: Final = 10.0
"""Real seconds, at most: it ends soon after the answer."""

SQUALL_AFTER: Final = 10.0
"""Seconds at true scale: what follows the answer is lost as well."""

MACHINE_SECONDS: Final = 1.5

PATIENCE_SECONDS: Final = 120.0
"""For a machine that does much else meanwhile; a world that heals needs a second or two."""

LOOK_SECONDS: Final = 0.05
MEMBERS: Final = 8


@dataclass
class Outcome:
    """What one seed showed. `faults` is empty when every promise was kept."""

    seed: int
    faults: list[str]
    figures: Counter[str] = field(default_factory=Counter)
    settled: float = 0.0
    unvouched: float = 0.0


class House:
    """A server process; each `run` gives it a meeting more.

    Args:
        patience: real seconds for a world to heal in clear weather.
    """

    def __init__(self, data: Path, scale: float, mutant: str, patience: float) -> None:
        self.data, self.scale, self.patience = data, scale, patience
        self._http = http_client()
        self.times = _times(scale)
        self._mutant = mutant
        self._process: asyncio.subprocess.Process | None = None
        self._speaking = asyncio.Lock()
        self.port = 0

    async def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        seconds = msgspec.to_builtins(self.times).items()
        lines = ["[times]", *(f"{name} = {value}" for name, value in seconds)]
        (self.data / FILE).write_text("\n".join(lines))
        mutant = ["--mutant", self._mutant] if self._mutant else []
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.lossy.child", "--data", str(self.data), *mutant,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.port = int((await self._hear())["url"].rpartition(":")[2])

    async def stop(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()
        await self._http.aclose()

    async def lay_down(self, members: int) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdin is not None
        async with self._speaking:
            self._process.stdin.write(f"{members}\n".encode())
            return await self._hear()

    async def _hear(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        answer: dict[str, Any] = msgspec.json.decode(line)
        return answer

    async def run(self, seed: int) -> Outcome:
        """One meeting in the lossy world, to its end and judged."""
        chance = Random(seed)
        complaints = self._complaints()
        network = Network(self.port, Random(chance.getrandbits(64)))
        await network.start()
        meeting = await self.lay_down(MEMBERS)
        server = f"http://127.0.0.1:{self.port}"
        room = Room(server, network.url, self.times, chance, self._http)
        for row in meeting["seats"]:
            room.seat(row)
        try:
            await _agreed(room)
            await self._weather(network, room)
            cleared = time.perf_counter()
            faults = await self._settled(room, meeting)
            settled = time.perf_counter() - cleared
        finally:
            await room.leave()
            await network.stop()
        faults += [f"the server: {line}" for line in self._complaints() - complaints]
        log = read_log(self.data, meeting["meeting"])
        unvouched = max(tablet.history.unvouched for tablet in room.tablets)
        return Outcome(seed, faults, _figures(network, room, log), settled, unvouched)

    async def _weather(self, network: Network, room: Room) -> None:
        """Storm, outage, storm; a last entry in a squall; then clear, and nobody begins more."""
        await room.open()
        room.act()
        network.weather = storm(self.scale)
        await asyncio.sleep(STORM_SECONDS * self.scale)
        network.go_out()
        await asyncio.sleep(OUTAGE_SECONDS * self.scale)
        network.come_back()
        await asyncio.sleep(STORM_SECONDS * self.scale)
        await room.rest()
        network.weather = SQUALL
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SQUALL_SECONDS):
                await room.last_entry()
        await asyncio.sleep(SQUALL_AFTER * self.scale)
        network.weather = CLEAR

    async def _settled(self, room: Room, meeting: dict[str, Any]) -> list[str]:
        """What is still wrong once the world had its time to heal; looked at without a pause
        between the tablets and the log, so that nothing can change meanwhile.
        """
        ahead = meeting["wall"] - meeting["seconds"]

        def faults() -> list[str]:
            log = read_log(self.data, meeting["meeting"])
            return Judge(log, self.times, ahead).faults(room.tablets)

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                await room.answered()
                await _agreed(room)
                while faults():
                    await asyncio.sleep(LOOK_SECONDS)
                    await _agreed(room)
                return []
        return [*faults(), *_standing(room)]

    def _complaints(self) -> Counter[str]:
        """What the server logged as wrong: one that says so is not trusted, whatever it did."""
        log = self.data / LOG
        lines = log.read_text().splitlines() if log.exists() else []
        return Counter(line for line in lines if line.startswith(("ERROR", "CRITICAL")))


def _times(scale: float) -> Times:
    """Scaled, but for what a busy machine must be given: to be let in, and to answer a probe."""
    times = Times().scaled(scale)
    return replace(
        times,
        ping_timeout=max(times.ping_timeout, MACHINE_SECONDS),
        nameless=max(times.nameless, MACHINE_SECONDS),
        deaf=max(times.deaf, MACHINE_SECONDS),
    )


def _standing(room: Room) -> Iterator[str]:
    """Where everybody stands in a world that did not heal."""
    for tablet in room.tablets:
        if not tablet.refusal:
            yield f"{tablet.seat} is {tablet.state} at {tablet.rev}"


async def _agreed(room: Room) -> None:
    """All who are not refused are live at one revision."""
    while True:
        here = [tablet for tablet in room.tablets if not tablet.refusal]
        if all(t.state == "live" for t in here) and len({t.rev for t in here}) == 1:
            return
        await asyncio.sleep(LOOK_SECONDS)


def _figures(network: Network, room: Room, log: Log) -> Counter[str]:
    acts = [act for tablet in room.tablets for act in tablet.history.acts.values()]
    figures = network.happened + Counter(effects(log, acts))
    for tablet in room.tablets:
        for name in ("gaps", "doubts", "drops"):
            figures[name] += getattr(tablet.history, name)
        figures["joins"] += len(tablet.history.joins)
    figures["commands"] = len(acts)
    figures["repeated"] = sum(act.tries > 1 for act in acts)
    figures["answered twice"] = sum(len(act.answers) > 1 for act in acts)
    return figures


@contextlib.asynccontextmanager
async def house(
    data: Path, scale: float, *, mutant: str = "", patience: float = PATIENCE_SECONDS
) -> AsyncIterator[House]:
    """A server process that is gone when the block ends."""
    running = House(data, scale, mutant, patience)
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


async def run_seeds(
    numbers: Iterable[int],
    running: House,
    *,
    side_by_side: int,
    tell: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Run all seeds on one server, so many side by side: a meeting and a network for each."""
    waiting = deque(numbers)
    outcomes: list[Outcome] = []

    async def lane() -> None:
        while waiting:
            outcome = await running.run(waiting.popleft())
            outcomes.append(outcome)
            if tell is not None:
                tell(outcome)

    async with asyncio.TaskGroup() as lanes:
        for place in range(min(side_by_side, len(waiting))):
            lanes.create_task(lane(), name=f"lossy: lane {place}")
    return sorted(outcomes, key=lambda outcome: outcome.seed)
