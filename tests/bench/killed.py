"""kill -9 at random points under acting devices: what was acknowledged, lost, counted twice.

python -m tests.bench.killed --runs 50 --devices 50
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.helpers.crowd import Crowd, Verdict
from tests.helpers.process import Demo, free_port

ACTING_SECONDS = (0.3, 2.0)


async def killed(data: Path, *, runs: int, devices: int, seed: int) -> tuple[Verdict, list[float]]:
    """The verdict after that many kills, and the seconds until everybody was back each time."""
    chance = random.Random(seed)
    demo = Demo(data, free_port())
    await demo.start()
    crowd = Crowd(demo, seed)
    await crowd.gather(devices)
    back = []
    try:
        for _ in range(runs):
            crowd.act()
            await asyncio.sleep(chance.uniform(*ACTING_SECONDS))
            await demo.kill()
            began = time.perf_counter()
            await demo.start()
            await crowd.everybody_is_back()
            back.append(time.perf_counter() - began)
            await crowd.rest()
    finally:
        await demo.stop()
    return crowd.verdict(), back


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=50)
    options.add_argument("--devices", type=int, default=50)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        verdict, back = asyncio.run(
            killed(Path(folder), runs=asked.runs, devices=asked.devices, seed=asked.seed)
        )
    back.sort()
    sys.stdout.write(
        f"seed {asked.seed}: {asked.runs} kills under {asked.devices} devices: "
        f"{verdict.acknowledged} acknowledged, {verdict.lost} lost, {verdict.twice} twice, "
        f"{verdict.changed_answers} answered differently; everybody back after "
        f"{back[len(back) // 2]:.2f} s (median), {back[-1]:.2f} s (slowest)\n"
    )
    return int(bool(verdict.lost or verdict.twice or verdict.changed_answers))


if __name__ == "__main__":
    raise SystemExit(main())
