"""A page turn to every device: milliseconds from the chair's sending to each device's patch.

    python -m tests.bench.page_turn --devices 200 --turns 60

Server and devices are two processes on this machine; commit to disk included.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx2
import msgspec

from meeting.protocol import commands as c
from tests.helpers.crowd import Crowd
from tests.helpers.process import Demo, claim, free_port
from tests.helpers.tablet import Tablet

PAUSE_SECONDS = 0.1


async def measure(devices: int, turns: int, data: Path) -> dict[str, float]:
    demo = Demo(data, free_port())
    await demo.start()
    try:
        empty_kb = _resident_kb(demo.pid)
        crowd = Crowd(demo, seed=1)
        await crowd.gather(devices)
        async with httpx2.AsyncClient(base_url=demo.url) as http:
            chair = Tablet(demo.url, *await claim(http, demo.ready["links"]["chair"]))
        await chair.join()
        tablets = await crowd.join_all()
        full_kb = _resident_kb(demo.pid)
        await chair.until(lambda: chair.beat > 0)
        await chair.send(c.OpenMeeting())
        item, paper = _longest_paper(chair)
        answer = await chair.send(c.StartItem(item), at=chair.beat)
        each, last = [], []
        for turn in range(turns):
            page = turn % paper["pages"] + 1
            await chair.until(lambda rev=answer["rev"]: chair.rev >= rev)
            await asyncio.sleep(PAUSE_SECONDS)
            began = time.perf_counter()
            answer = await chair.turn(paper["id"], page)
            assert answer["status"] == "committed", answer
            for tablet in tablets:
                await tablet.caught_up(answer["rev"])
            arrived = [tablet.arrived[answer["rev"]] - began for tablet in tablets]
            each += arrived
            last.append(max(arrived))
        sizes = len(msgspec.json.encode(tablets[0].patches[-1]))
        for tablet in (chair, *tablets):
            await tablet.leave()
    finally:
        await demo.stop()
    cuts, lasts = quantiles(each, n=100), quantiles(last, n=100)
    return {
        "ready_ms": demo.ready["ready_ms"],
        "p50_ms": cuts[49] * 1000,
        "p99_ms": cuts[98] * 1000,
        "last_p50_ms": lasts[49] * 1000,
        "last_p99_ms": lasts[98] * 1000,
        "patch_bytes": sizes,
        "server_mb": full_kb / 1024,
        "kb_per_device": (full_kb - empty_kb) / devices,
    }


def _longest_paper(chair: Tablet) -> tuple[str, dict[str, Any]]:
    found = [
        (row["pages"], item, {**row, "id": document})
        for item, rows in chair.view["agenda"].items()
        for document, row in rows["documents"].items()
    ]
    _, item, paper = max(found, key=lambda one: one[0])
    return item, paper


def _resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--devices", type=int, default=200)
    options.add_argument("--turns", type=int, default=60)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(asked.devices, asked.turns, Path(folder)))
    named = ", ".join(f"{name} {value:.1f}" for name, value in found.items())
    sys.stdout.write(f"{asked.devices} devices, {asked.turns} turns: {named}\n")


if __name__ == "__main__":
    main()
