"""kill -9 at random points under acting devices: what was acknowledged, lost, counted twice.

python -m tests.bench.killed --runs 280 --devices 50
python -m tests.bench.killed --runs 20 --devices 500
python -m tests.bench.killed --runs 3 --devices 20 --mutant answer_before_commit

The exit status is 1 if anything was lost or counted twice, or if a device was not live again in
time after the server was ready; the start itself depends on the machine and is named beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.helpers.crowd import Crowd
from tests.helpers.mutants import MUTANTS
from tests.helpers.process import Demo, NotReady, free_port
from tests.rigs.verdict import Verdict, verdict

ACTING_SECONDS = (0.3, 3.0)

LONG_SECONDS = 10.0
"""From the server's being ready until everybody is live again, at most."""

World = Callable[[int], Sequence[str]]
"""Options of `tests.rigs.child` for the n-th start."""


class Back(NamedTuple):
    """Seconds from a kill until the server was ready, and from then until everybody was live."""

    ready: float
    live: float


async def killed(
    data: Path, *, runs: int, devices: int, seed: int, world: World = lambda _: ()
) -> tuple[Verdict, list[Back]]:
    """The verdict after that many kills, and how long coming back took each time."""
    chance = random.Random(seed)
    demo = Demo(data, free_port(), world=world(0))
    await demo.start()
    crowd = Crowd(demo, seed)
    back = []
    try:
        await crowd.gather(devices)
        crowd.act()
        for run in range(1, runs + 1):
            await asyncio.sleep(chance.uniform(*ACTING_SECONDS))
            joins = crowd.joins()
            await demo.kill()
            began = time.perf_counter()
            demo.world = tuple(world(run))
            await demo.start()
            ready = time.perf_counter()
            await crowd.everybody_is_live(joins)
            back.append(Back(ready - began, time.perf_counter() - ready))
            if too_late(back[-1:]):
                sys.stderr.write(f"kill {run}: {back[-1]}\n")
            await crowd.repeat_itself()
        await crowd.rest()
    except NotReady:
        pass  # the verdict says what is left of it
    finally:
        await crowd.leave()
        await demo.kill()
    return await verdict(crowd), back


def too_late(back: Sequence[Back]) -> int:
    """After how many kills somebody was not live again in time."""
    return sum(one.live > LONG_SECONDS for one in back)


def how_long(back: Sequence[Back]) -> str:
    """Median and slowest, in words."""
    if not back:
        return "nobody came back"
    readies, lives = sorted(one.ready for one in back), sorted(one.live for one in back)
    middle = len(back) // 2
    return (
        f"server ready after {readies[middle]:.2f} s (median), {readies[-1]:.2f} s (slowest); "
        f"everybody live {lives[middle]:.2f} s (median), {lives[-1]:.2f} s (slowest) after that, "
        f"later than {LONG_SECONDS:g} s after {too_late(back)} kills"
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=50)
    options.add_argument("--devices", type=int, default=50)
    options.add_argument("--mutant", choices=sorted(MUTANTS))
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked = options.parse_args()
    world = ("--mutant", asked.mutant) if asked.mutant else ()
    with tempfile.TemporaryDirectory() as folder:
        found, back = asyncio.run(
            killed(
                Path(folder),
                runs=asked.runs,
                devices=asked.devices,
                seed=asked.seed,
                world=lambda _: world,
            )
        )
    sys.stdout.write(
        f"seed {asked.seed}: {len(back)} kills under {asked.devices} devices: {found}; "
        f"{how_long(back)}\n"
    )
    return int(bool(found.wrong) or len(back) < asked.runs or bool(too_late(back)))


if __name__ == "__main__":
    raise SystemExit(main())
