"""Many seeds of the lossy world: what was done to the network, what happened, what went wrong.

python -m tests.bench.lossy --seeds 1000 --scale 0.05
python -m tests.bench.lossy --seeds 5 --scale 1

The exit status is 1 if a promise was broken, or if a world healed too slowly in clear weather.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import uvloop

from tests.helpers.mutants import MUTANTS
from tests.lossy.run import PATIENCE_SECONDS, Outcome, house, run_seeds

HEALED_SECONDS = 30.0
HEALED_LEAST_SECONDS = 10.0
"""In clear weather a world heals within this at true scale, and scaled within no less than that:
what a busy machine needs does not shrink.
"""

BLOCK = 100
"""Seeds to one server: each leaves a meeting behind in its memory."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=50)
    options.add_argument("--first", type=int, default=1)
    options.add_argument("--scale", type=float, default=0.05)
    options.add_argument("--side-by-side", type=int, default=8)
    options.add_argument("--patience", type=float, default=PATIENCE_SECONDS)
    options.add_argument("--mutant", choices=sorted(MUTANTS), default="")
    asked = options.parse_args()
    began = time.perf_counter()
    outcomes = uvloop.run(_run(asked))
    most = max(HEALED_SECONDS * asked.scale, HEALED_LEAST_SECONDS)
    slow = [outcome.seed for outcome in outcomes if outcome.settled > most]
    _say_all(outcomes, time.perf_counter() - began)
    sys.stdout.write(f"healed later than {most:g} s: {len(slow)} seeds {slow or ''}\n")
    return int(bool(slow) or any(outcome.faults for outcome in outcomes))


async def _run(asked: argparse.Namespace) -> list[Outcome]:
    outcomes: list[Outcome] = []
    last = asked.first + asked.seeds
    for first in range(asked.first, last, BLOCK):
        numbers = range(first, min(first + BLOCK, last))
        with tempfile.TemporaryDirectory() as folder:
            given = {"mutant": asked.mutant, "patience": asked.patience}
            async with house(Path(folder), asked.scale, **given) as running:
                outcomes += await run_seeds(
                    numbers, running, side_by_side=asked.side_by_side, tell=_say
                )
    return outcomes


def _say(outcome: Outcome) -> None:
    sys.stdout.write(
        f"seed {outcome.seed}: {len(outcome.faults)} faults, healed in {outcome.settled:.1f} s\n"
    )
    for fault in outcome.faults[:20]:
        sys.stdout.write(f"    {fault}\n")
    sys.stdout.flush()


def _say_all(outcomes: list[Outcome], seconds: float) -> None:
    total = sum((outcome.figures for outcome in outcomes), Counter[str]())
    bad = [outcome.seed for outcome in outcomes if outcome.faults]
    healed = sorted((outcome.settled, outcome.seed) for outcome in outcomes)
    for name, count in sorted(total.items()):
        sys.stdout.write(f"{name:>20} {count}\n")
    sys.stdout.write(
        f"{len(outcomes)} seeds in {seconds:.0f} s; healed in {healed[len(healed) // 2][0]:.1f} s "
        f"(median), {healed[-1][0]:.1f} s (slowest, seed {healed[-1][1]}); longest unvouched page "
        "without banner "
        f"{max(outcome.unvouched for outcome in outcomes):.3f} s; faults in {len(bad)} of "
        f"{len(outcomes)} seeds {bad or ''}\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
