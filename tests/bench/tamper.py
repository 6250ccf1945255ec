"""One byte of a meeting's file changed at random, again and again: is every change found?

python -m tests.bench.tamper --changes 10000 [--seed 1]

Half of the changes fall anywhere, half in a part of the zip file chosen first: a member, what
stands before one, or what stands at the end. The exit status is 1 if a change was not found.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from meeting.archive.checking import check
from tests.archive import story
from tests.archive.story import Papers


class Outcome(NamedTuple):
    """Offsets and values of changes that were not found, and what was found of the others."""

    missed: list[tuple[int, int]]
    found: Counter[str]


def parts(path: Path) -> list[range]:
    """The zip file in pieces: each member's head, each member's bytes, and the end."""
    size = path.stat().st_size
    with zipfile.ZipFile(path) as file:
        infos = file.infolist()
    cuts: list[range] = []
    for info in infos:
        start = info.header_offset + 30 + len(info.filename.encode())
        cuts += [range(info.header_offset, start), range(start, start + info.file_size)]
    return [*filter(None, cuts), range(cuts[-1].stop, size)]


def tamper(path: Path, changes: int, seed: int) -> Outcome:
    """Change a byte of this file, check, put it back; so many times."""
    chance, size, pieces = random.Random(seed), path.stat().st_size, parts(path)
    missed, found = [], Counter[str]()
    with path.open("r+b", buffering=0) as file:
        for change in range(changes):
            at = chance.randrange(size) if change % 2 else chance.choice(chance.choice(pieces))
            file.seek(at)
            before = file.read(1)[0]
            value = chance.choice([other for other in range(256) if other != before])
            file.seek(at)
            file.write(bytes([value]))
            checked = check(path)
            if checked.whole:
                missed.append((at, value))
            found.update({finding.code for finding in checked.findings if finding.fault})
            file.seek(at)
            file.write(bytes([before]))
    return Outcome(missed, found)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--changes", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        papers = Papers(Path(folder) / "papers")
        filed = story.filed(Path(folder) / "shelf", story.filed_away(papers), papers)
        began = time.perf_counter()
        outcome = tamper(filed.path, asked.changes, asked.seed)
        took = time.perf_counter() - began
        whole = check(filed.path).whole
    sys.stdout.write(
        f"{asked.changes} changes in a file of {filed.size} bytes (seed {asked.seed}, "
        f"{took:.0f} s): {asked.changes - len(outcome.missed)} found, "
        f"{len(outcome.missed)} missed; put back: {'whole' if whole else 'NOT whole'}\n"
        f"missed: {outcome.missed}\n{dict(outcome.found.most_common())}\n"
    )
    return 1 if outcome.missed or not whole else 0


if __name__ == "__main__":
    sys.exit(main())
