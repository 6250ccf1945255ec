"""A page turn to everybody, ours beside others: who is slower, by how much, in the same run.

    python -m tests.bench.fanout [--devices 200 1000] [--turns 300] [--runs 5] [--json FILE]

From the chair's sending to the arrival at the last of N devices reading, and ours stores the turn
on disk meanwhile. Peers: Socket.IO on Node, python-socketio as it comes, `websockets` with its own
`broadcast`, and the floor (`peers/floor.py`). All runs alternate; ratios are of one run each.
"""

from __future__ import annotations

import asyncio
import json
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench.load import (
    CAN_PIN,
    Load,
    cpu_ms,
    install_peers,
    load,
    node_peer,
    peer,
    percentile,
    python_peer,
)
from tests.bench.many import Prepared, prepare, served
from tests.bench.terminal import options_of
from tests.helpers.process import free_port

PAUSE_MS: Final = 60
"""A turn begins so long after the one before was everywhere, for every server alike."""

WARM_UP: Final = 30
JOIN_AT_ONCE: Final = 50

PEERS: Final[dict[str, Callable[[], list[str]]]] = {
    "node": lambda: node_peer("socketio.mjs"),
    "stock": lambda: python_peer("stock"),
    "broadcast": lambda: python_peer("broadcast"),
    "floor": lambda: python_peer("floor"),
}
OURS: Final = "ours"

FIGURES: Final = ("median", "p99", "first", "answered", "cpu")
"""Milliseconds: to the last device (median and p99), to the first and to the chair's answer
(medians), and of the server's processor for each turn, what it does between turns included.
"""

Figures = dict[str, float]


class Bench:
    """All servers at one number of devices."""

    def __init__(self, folder: Path, devices: int, turns: int, pause_ms: int) -> None:
        self._laid_down = folder / f"laid-down-{devices}"
        self.devices = devices
        self._turns = turns
        self._pause_ms = pause_ms
        self._prepared: Prepared | None = None

    async def once(self, name: str) -> Figures:
        """One run of one server: started, measured, ended."""
        async with load() as running:
            if name == OURS:
                prepared = self._prepared or await prepare(self._laid_down, self.devices)
                self._prepared = prepared
                async with served(self._laid_down) as ours:
                    chair = prepared.chair.device(keeps=True)
                    everybody = [chair, *(seat.device() for seat in prepared.members)]
                    return await self._measure(
                        running, ours.port, ours.pid, everybody, prepared.paper
                    )
            port = free_port()
            async with peer(PEERS[name](), port) as pid:
                devices = [{"keeps": place == 0} for place in range(self.devices + 1)]
                paper = {"document": "paper", "pages": 30}
                return await self._measure(running, port, pid, devices, paper)

    async def _measure(
        self,
        running: Load,
        port: int,
        pid: int,
        devices: list[dict[str, Any]],
        paper: dict[str, Any],
    ) -> Figures:
        await running.do(
            "connect", host="127.0.0.1", port=port, devices=devices, at_once=JOIN_AT_ONCE
        )
        everybody = {"chair": 0, "readers": list(range(1, len(devices)))}
        turning = {**everybody, **paper, "pause_ms": self._pause_ms}
        await running.do("turns", count=WARM_UP, **turning)
        before = cpu_ms(pid)
        found = await running.do("turns", count=self._turns, **turning)
        return {
            "median": median(found["last"]),
            "p99": percentile(found["last"], 0.99),
            "first": median(found["first"]),
            "answered": median(found["answered"]),
            "cpu": (cpu_ms(pid) - before) / self._turns,
        }


async def compare(bench: Bench, runs: int, names: list[str]) -> dict[str, list[Figures]]:
    """All figures by server, run by run; the order turns by one each run."""
    found: dict[str, list[Figures]] = {name: [] for name in names}
    for run in range(runs):
        for place in range(len(names)):
            name = names[(run + place) % len(names)]
            figures = await bench.once(name)
            found[name].append(figures)
            _say(f"  {bench.devices} devices, run {run + 1}, {name}: {_short(figures)}")
    return found


def report(devices: int, turns: int, found: dict[str, list[Figures]]) -> dict[str, Any]:
    """The middle run of every server, and ours in proportion to each, with the range."""
    summary: dict[str, Any] = {"devices": devices, "turns": turns, "servers": {}, "ratios": {}}
    for name, runs in found.items():
        summary["servers"][name] = {what: _range([run[what] for run in runs]) for what in FIGURES}
    for name, runs in found.items():
        if name == OURS or OURS not in found:
            continue
        pairs = list(zip(found[OURS], runs, strict=True))
        summary["ratios"][name] = {
            what: _range([ours[what] / other[what] for ours, other in pairs])
            for what in ("median", "p99")
        }
    return summary


def _range(values: list[float]) -> dict[str, float]:
    return {
        "middle": round(median(values), 3),
        "least": round(min(values), 3),
        "most": round(max(values), 3),
    }


def _short(figures: Figures) -> str:
    return ", ".join(f"{what} {value:.1f}" for what, value in figures.items()) + " ms"


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def table(summary: dict[str, Any], runs: int) -> str:
    lines = [
        f"{summary['devices']} devices, {summary['turns']} turns x {runs} alternating runs; "
        "ms to the last device: middle of the runs (least to most)"
    ]
    for name, what in summary["servers"].items():
        figures = "   ".join(f"{figure} {_span(what[figure])}" for figure in FIGURES)
        lines.append(f"  {name:10} {figures}")
    for name, what in summary["ratios"].items():
        lines.append(
            f"  ours / {name:10} median {_span(what['median'], 2)}   p99 {_span(what['p99'], 2)}"
        )
    return "\n".join(lines)


def _span(what: dict[str, float], digits: int = 1) -> str:
    middle, least, most = (f"{what[key]:.{digits}f}" for key in ("middle", "least", "most"))
    return f"{middle} ({least} to {most})"


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--devices", type=int, nargs="+", default=[200, 1000])
    options.add_argument("--turns", type=int, default=300)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--pause", type=int, default=PAUSE_MS, help="ms between turns")
    options.add_argument("--servers", nargs="+", default=[OURS, *PEERS], choices=[OURS, *PEERS])
    options.add_argument("--json", type=Path, help="Write all figures to this file.")
    asked = options.parse_args()
    install_peers()
    cores = "server and load on a core each" if CAN_PIN else "server and load share the cores"
    _say(f"{platform.machine()}, {cores}, {asked.pause} ms between turns")
    everything = []
    for devices in asked.devices:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(Path(folder), devices, asked.turns, asked.pause)
            found = asyncio.run(compare(bench, asked.runs, asked.servers))
        summary = report(devices, asked.turns, found)
        sys.stdout.write(table(summary, asked.runs) + "\n")
        everything.append({**summary, "pinned": CAN_PIN, "runs": found})
    if asked.json:
        asked.json.write_text(json.dumps(everything, indent=1))


if __name__ == "__main__":
    main()
