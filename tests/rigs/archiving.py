"""A process that makes the file of a meeting in a child of its own, each time it is told to.

    python -m tests.rigs.archiving SHELF PAPERS [--mutant in_place]

First it says how many seconds writing one took, and all of making one. Told a number, it says the
child's process id, `writing` when that begins, and `ended`. `in_place` writes under the lasting
name from the start.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from meeting.archive.bag import Bag
from meeting.archive.shelf import Shelf, until_locked
from tests.archive import story
from tests.archive.story import ACCOUNTS, Papers

LARGE_BYTES = 12_000_000


class Told(Shelf):
    """Says when it writes."""

    seconds = 0.0

    def _written(self, bag: Bag) -> tuple[Path, str]:
        say("writing")
        began = time.perf_counter()
        done = super()._written(bag)
        self.seconds = time.perf_counter() - began
        return done


class InPlace(Told):
    """The planted fault."""

    def room(self) -> Path:
        path = self.folder / f"half-{os.getpid()}.zip"
        path.touch()
        return path


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    folder, papers = Path(sys.argv[1]), Papers(Path(sys.argv[2]))
    shelf = (InPlace if sys.argv[3:] == ["--mutant", "in_place"] else Told)(folder, papers.of)
    shelf.start()
    large = papers.take(random.Random(1).randbytes(LARGE_BYTES))
    minutes = story.held(papers, large)
    log = until_locked(story.linked(story.locked(minutes, papers).entries))
    shelf.file("first", log, ACCOUNTS)  # what is imported late is there now
    began = time.perf_counter()
    shelf.file("second", log, ACCOUNTS)
    say(shelf.seconds)
    say(time.perf_counter() - began)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(os.getpid())
            shelf.file(f"m{line.strip()}", log, ACCOUNTS)
            os._exit(0)
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
