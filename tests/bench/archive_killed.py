"""kill -9 at random points while the file of a meeting is made: is there ever half a file?

python -m tests.bench.archive_killed --kills 500 [--seed 1] [--mutant in_place]

Every file that lies under its own name after a kill is checked whole. The exit status is 1 if one
was not.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from meeting.archive.checking import check
from meeting.archive.shelf import ENDING, PARTIAL

SLACK = 1.2
"""Some kills fall after the writing, where the file takes its name."""


class Outcome(NamedTuple):
    """`cut`: kills that left something being written; `files`: whole ones that were checked."""

    kills: int
    cut: int
    files: int
    half: int


def killed(folder: Path, kills: int, seed: int, options: Sequence[str] = ()) -> Outcome:
    """Kill whoever makes a file, so many times: half of them anywhere, half while it writes."""
    chance, shelf, papers = random.Random(seed), folder / "shelf", folder / "papers"
    shelf.mkdir(parents=True)
    cut = files = half = 0
    command = [sys.executable, "-m", "tests.rigs.archiving", str(shelf), str(papers), *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["writing\n"] * 2
        seconds, whole_seconds = (float(process.stdout.readline()) for _ in range(2))
        for number in range(kills):
            _empty(shelf, ENDING)
            process.stdin.write(f"{number}\n")
            process.stdin.flush()
            child, line = int(process.stdout.readline()), ""
            if number % 2:
                line = process.stdout.readline()
            time.sleep(chance.uniform(0, SLACK * (seconds if line else whole_seconds)))
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            while line != "ended\n":
                line = process.stdout.readline()
            cut += bool(_empty(shelf, PARTIAL))
            checked = [check(path).whole for path in shelf.glob(f"*{ENDING}")]
            files, half = files + sum(checked), half + checked.count(False)
        process.stdin.close()
    return Outcome(kills, cut, files, half)


def _empty(folder: Path, ending: str) -> int:
    """Remove the files with this ending; how many there were."""
    found = list(folder.glob(f"*{ending}"))
    for path in found:
        path.unlink()
    return len(found)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--mutant", choices=["in_place"])
    asked = options.parse_args()
    mutant = ["--mutant", asked.mutant] if asked.mutant else []
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcome = killed(Path(folder), asked.kills, asked.seed, mutant)
    sys.stdout.write(
        f"{outcome.kills} kills in {time.perf_counter() - began:.0f} s (seed {asked.seed}): "
        f"{outcome.cut} left something half written, {outcome.files} whole files under their "
        f"own names, half files: {outcome.half}\n"
    )
    return 1 if outcome.half else 0


if __name__ == "__main__":
    sys.exit(main())
