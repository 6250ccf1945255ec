"""How long the loop stands still, and how page turns fare, while a large upload comes and is drawn;
and when devices ask for far too much at once (greedy.py).

Run: `python -m tests.bench.loop [--devices 25] [--rounds 3] [--pages 200] [--only-greedy]`

Each round: page turns on a quiet server; then a secretary sends a scan of 50 MB, lays it down, and
turns go on while its pages are drawn. A turn lasts until the last device has it. The loop's
lateness is what a beat every 2 ms finds; it is told beside that of the quiet server, and beside the
processor time the server itself used in one stretch meanwhile. Ends with status 1 where the loop
was ever later than 20 ms, whoever kept the machine, where the median turn took more than 1.5 times
as long, or where an honest device was refused.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.bench import greedy
from tests.bench.load import Load, load, percentile
from tests.bench.many import Prepared, prepare
from tests.bench.terminal import end, options_of, say
from tests.bench.upload import Office, large_scan
from tests.helpers.process import Demo, free_port

MOST_MS: Final = 20.0
MOST_RATIO: Final = 1.5
PAUSE_MS: Final = 50
QUIET_TURNS: Final = 60
MEASURED_SECONDS: Final = 10.0
"""Of the drawing; it goes on after that."""
CHAIR, SCREEN, FIRST = 0, 1, 2


Late = tuple[float, float, float]
"""A late beat, as `tests.rigs.beats` writes it down."""


class Spans:
    """What was going on when, by the monotonic clock."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, float, float]] = []

    def end(self, name: str, began: float) -> None:
        self.spans.append((name, began, time.monotonic()))

    def latest(self, late: list[Late]) -> dict[str, tuple[float, float]]:
        """The longest the loop was late in each, and the longest it was at work itself, in ms."""
        worst: dict[str, tuple[float, float]] = {}
        for name, began, ended in self.spans:
            by, own = worst.get(name, (0.0, 0.0))
            found = [beat for beat in late if began <= beat[0] <= ended]
            worst[name] = (
                max([by, *(1000 * beat[1] for beat in found)]),
                max([own, *(1000 * beat[2] for beat in found)]),
            )
        return worst


async def turns(running: Load, prepared: Prepared, **given: Any) -> list[float]:
    readers = list(range(FIRST, FIRST + len(prepared.members)))
    found = await running.do(
        "turns", chair=CHAIR, readers=readers, pause_ms=PAUSE_MS, **prepared.paper, **given
    )
    last: list[float] = found["last"]
    return last


async def one_round(
    running: Load, prepared: Prepared, office: Office, content: bytes, spans: Spans
) -> tuple[list[float], list[float]]:
    began = time.monotonic()
    quiet = await turns(running, prepared, count=QUIET_TURNS)
    spans.end("quiet", began)
    turning = asyncio.create_task(turns(running, prepared), name="loop: turns")
    await asyncio.sleep(0)
    began = time.monotonic()
    file, _ = await office.send(prepared.meeting, content, "scan.pdf")
    spans.end("receiving", began)
    began = time.monotonic()
    item = (await office.prepared(prepared.meeting))["items"][0]["id"]
    await office.lay(prepared.meeting, file, item)
    await asyncio.sleep(MEASURED_SECONDS)
    spans.end("drawing", began)
    await running.do("stop")
    return quiet, await turning


async def measure(folder: Path, devices: int, rounds: int, pages: int) -> list[str]:
    path, beats = folder / "scan.pdf", folder / "beats.json"
    large_scan(path, pages, 49_500_000)
    content = path.read_bytes()
    prepared = await prepare(folder / "data", devices)
    spans, ratios = Spans(), []
    server = Demo(folder / "data", free_port(), world=["--beats", str(beats)])
    await server.start()
    try:
        async with load() as running, httpx2.AsyncClient(timeout=60) as http:
            office = Office(http, server.url)
            login = server.ready["office"]
            await office.sign_in(login["login"], login["password"])
            joined = [
                prepared.chair.device(keeps=True),
                prepared.screen.device(keeps=True),
                *(seat.device() for seat in prepared.members),
            ]
            await running.do("connect", host="127.0.0.1", port=server.port, devices=joined)
            for run in range(rounds):
                quiet, busy = await one_round(
                    running, prepared, office, content + b"%%%d\n" % run, spans
                )
                ratios.append(statistics.median(busy) / statistics.median(quiet))
                say(
                    f"turns quiet {figures(quiet)}; while it is drawn {figures(busy)};"
                    f" load {os.getloadavg()[0]:.1f}"
                )
    finally:
        await server.stop()
    latest = spans.latest(json.loads(beats.read_text()))
    faults = judged(latest)
    ratio = statistics.median(ratios)
    well = "ok" if ratio <= MOST_RATIO else "MISSED"
    say(f"turns {ratio:.2f} times as long, {min(ratios):.2f}-{max(ratios):.2f}: {well}")
    return faults + ([f"turns take {ratio:.2f} times as long"] if ratio > MOST_RATIO else [])


def judged(latest: dict[str, tuple[float, float]]) -> list[str]:
    """Say how late the loop was in each; what was too late."""
    faults = []
    for name, (by, own) in latest.items():
        well = "" if name == "quiet" else ": ok" if by <= MOST_MS else ": MISSED"
        say(f"{name:34s} at most {by:6.1f} ms late, {own:6.1f} ms of its own work{well}")
        if name != "quiet" and by > MOST_MS:
            faults.append(f"{name}: {by:.1f} ms late")
    return faults


async def greedy_devices(folder: Path) -> list[str]:
    beats = folder / "beats.json"
    outcomes = await greedy.measure(folder, beats)
    spans = Spans()
    for outcome in outcomes:
        spans.spans.append((outcome.name, outcome.began, outcome.ended))
        say(f"{outcome.name:34s} {1000 * (outcome.ended - outcome.began):6.0f} ms,"
            f" answers {outcome.statuses}")  # fmt: skip
    refused = [one.name for one in outcomes if one.honest and set(one.statuses) != {"200"}]
    faults = judged(spans.latest(json.loads(beats.read_text())))
    return faults + [f"{name}: honest devices were refused" for name in refused]


def figures(values: list[float]) -> str:
    return f"p50 {percentile(values, 0.5):.1f} p99 {percentile(values, 0.99):.1f} ms"


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--devices", type=int, default=25)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--pages", type=int, default=200)
    options.add_argument("--only-greedy", action="store_true")
    asked = options.parse_args()
    faults: list[str] = []
    if not asked.only_greedy:
        with tempfile.TemporaryDirectory() as folder:
            faults = asyncio.run(measure(Path(folder), asked.devices, asked.rounds, asked.pages))
    with tempfile.TemporaryDirectory() as folder:
        faults += asyncio.run(greedy_devices(Path(folder)))
    end(faults)


if __name__ == "__main__":
    main()
