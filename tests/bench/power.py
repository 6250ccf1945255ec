"""Power cuts: the process is killed together with everything it did not sync.

    python -m tests.bench.power --cuts 50 --devices 20
    python -m tests.bench.power --cuts 3 --synchronous OFF
    python -m tests.bench.power --cuts 3 --mutant answer_before_commit

With `--synchronous OFF` or `NORMAL` acknowledged acts must be missing afterwards: the rig can
fail.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.bench.killed import Back, how_long, killed, too_late
from tests.helpers.crowd import Crowd
from tests.helpers.mutants import MUTANTS
from tests.helpers.process import Demo, free_port
from tests.rigs.verdict import Verdict, verdict

ACTING_SECONDS = 1.0


async def cut(
    data: Path, *, cuts: int, devices: int, seed: int, mutant: str = ""
) -> tuple[Verdict, list[Back]]:
    """The verdict after that many power cuts, and how long coming back took each time."""
    fault = ("--mutant", mutant) if mutant else ()

    def world(run: int) -> tuple[str, ...]:
        return ("--hold-back", str(seed + run), *fault)

    return await killed(data, runs=cuts, devices=devices, seed=seed, world=world)


async def cut_unsynced(data: Path, *, devices: int, seed: int, synchronous: str = "OFF") -> Verdict:
    """The verdict after one power cut under a server that does not wait for the disk."""
    world = ("--hold-back", str(seed), "--synchronous", synchronous)
    demo = Demo(data, free_port(), world=world)
    await demo.start()
    crowd = Crowd(demo, seed)
    try:
        await crowd.gather(devices)
        crowd.act()
        await asyncio.sleep(ACTING_SECONDS)
        await demo.kill()
    finally:
        await crowd.leave()
        await demo.kill()
    return await verdict(crowd)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cuts", type=int, default=50)
    options.add_argument("--devices", type=int, default=20)
    options.add_argument("--synchronous", choices=["FULL", "NORMAL", "OFF"], default="FULL")
    options.add_argument("--mutant", choices=sorted(MUTANTS), default="")
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked = options.parse_args()
    if asked.synchronous != "FULL":
        return _blind(asked.cuts, asked.devices, asked.seed, asked.synchronous)
    with tempfile.TemporaryDirectory() as folder:
        cutting = cut(
            Path(folder),
            cuts=asked.cuts,
            devices=asked.devices,
            seed=asked.seed,
            mutant=asked.mutant,
        )
        found, back = asyncio.run(cutting)
    sys.stdout.write(
        f"seed {asked.seed}: {len(back)} power cuts under {asked.devices} devices: {found}; "
        f"{how_long(back)}\n"
    )
    return int(bool(found.wrong) or len(back) < asked.cuts or bool(too_late(back)))


def _blind(cuts: int, devices: int, seed: int, synchronous: str) -> int:
    """0 if every cut lost something, as it must."""
    losing = 0
    for run in range(cuts):
        with tempfile.TemporaryDirectory() as folder:
            cutting = cut_unsynced(
                Path(folder), devices=devices, seed=seed + run, synchronous=synchronous
            )
            found = asyncio.run(cutting)
        losing += found.lost > 0
        sys.stdout.write(f"seed {seed + run}, synchronous={synchronous}: {found}\n")
    return int(losing < cuts)


if __name__ == "__main__":
    raise SystemExit(main())
