"""The real server in a broken world: patched from outside, then started as people start it.

    python -m tests.rigs.child [--hold-back SEED] [--disk FILE] [--synchronous OFF|NORMAL]
                               [--mutant NAME] [--clock FILE] [--beats FILE] [--works FILE]
                               -- demo --json …

`--hold-back`: what is not synced is lost when the process is killed. `--disk`: a file with the
bytes that would be free if nothing of ours were there, looked at again at each write. `--clock`:
a file with the seconds by which the wall clock is wrong. `--mutant`: a planted fault, see
`helpers.mutants`. `--beats`, `--works`: nothing is broken; how late the loop was, and how much it
worked while a page turned, is written there.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from meeting import cli
from meeting.store import sqlite
from tests.helpers.mutants import MUTANTS
from tests.rigs import beats, works
from tests.rigs.held_back import Disk
from tests.rigs.small_disk import SmallDisk

SYNCHRONOUS: Final = {"OFF": 0, "NORMAL": 1}
"""What SQLite can be told, and what it then says it does; the product itself wants FULL."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hold-back", type=int)
    options.add_argument("--disk", type=Path)
    options.add_argument("--synchronous", choices=SYNCHRONOUS)
    options.add_argument("--mutant", choices=sorted(MUTANTS))
    options.add_argument("--clock", type=Path)
    options.add_argument("--beats", type=Path)
    options.add_argument("--works", type=Path)
    options.add_argument("command", nargs="+")
    asked = options.parse_args()
    if asked.disk:
        small = SmallDisk(asked.disk)
        disk = Disk(asked.hold_back or 0, small.room)
        disk.register()
        small.stand_in(disk)
    elif asked.hold_back is not None:
        Disk(asked.hold_back).register()
    if asked.synchronous:
        weak = {"synchronous": (asked.synchronous, SYNCHRONOUS[asked.synchronous])}
        sqlite.WRITER_PRAGMAS = {**sqlite.WRITER_PRAGMAS, **weak}
    if asked.mutant:
        MUTANTS[asked.mutant]()
    if asked.clock:
        time.time = _moved(time.time, asked.clock)
    if asked.beats:
        beats.register(asked.beats)
    if asked.works:
        works.register(asked.works)
    cli.main(args=asked.command, prog_name="meeting")


def _moved(real: Callable[[], float], offset: Path) -> Callable[[], float]:
    def moved() -> float:
        written = offset.read_text() if offset.exists() else ""
        return real() + float(written or 0)

    return moved


if __name__ == "__main__":
    main()
