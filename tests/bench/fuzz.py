"""Mutated PDFs through the real `Pages`: each is shown or refused with a code, and nothing else.

python -m tests.bench.fuzz --files 10000 [--seed 1] [--first 0] [--from FOLDER] [--json]
    [--workers 2] [--page-seconds 20]

Every file is a new document with workers of its own, opened, read and drawn as an upload is, under
the usual limits. Counted: what came of them; what must not happen: exceptions, processes that
outlive it, a canary file opened or changed, a listener called. The exit status is 1 if anything of
that happened. With `--as-they-are` the folder's files themselves, each with what came of it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from meeting.pages import FileRefused, PageFailed, Pages, PagesLimits
from meeting.sandbox import kernel
from tests.helpers.canary import Canary
from tests.helpers.mutated import PASSWORD, mutant, sources

DRAWN: Final = ((1, 1600, 0), (1, 3200, 1), (2, 320, 0), (3, 320, 0))
"""Pages drawn of each paper, how wide, and which piece of it; 0: all."""

Named = tuple[str, bytes]


@dataclass
class Outcome:
    """What came of so many files, and of each one what is worth a line."""

    came: Counter[str] = field(default_factory=Counter)
    each: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: list[tuple[float, str]] = field(default_factory=list)
    locked: int = 0
    """So many of them needed a password."""
    survivors: int = 0
    touched: int = 0
    called: int = 0
    confined: tuple[str, ...] | None = None

    @property
    def clean(self) -> bool:
        return not (self.faults or self.survivors or self.touched or self.called)


async def tried(
    files: Iterable[Named], canary: Canary, folder: Path, limits: PagesLimits, workers: int
) -> Outcome:
    """Take every file in, and have its first pages drawn; `workers` of them at a time."""
    outcome, waiting, before = Outcome(), iter(files), {*children()}
    pages = Pages(folder / "data", workers=workers, limits=limits)
    await pages.start()
    try:
        together = (_all(waiting, pages, folder / f"{n}.pdf", outcome) for n in range(workers))
        await asyncio.gather(*together)
        outcome.confined = await pages.confinement()
    finally:
        await pages.close()
    outcome.survivors = len({*children()} - before)
    canary.look()
    outcome.touched, outcome.called = canary.touched, canary.called
    return outcome


async def _all(files: Iterator[Named], pages: Pages, path: Path, outcome: Outcome) -> None:
    for name, content in files:
        await asyncio.to_thread(path.write_bytes, content)
        try:
            came = await _one(pages, path, outcome, name)
        except Exception as fault:
            outcome.faults.append(f"{name}: {fault!r}")
            came = "fault"
        outcome.came[came] += 1
        outcome.each.append((name, came))


async def _one(pages: Pages, path: Path, outcome: Outcome, name: str) -> str:
    began = time.perf_counter()
    try:
        try:
            original = await pages.take_in(path)
        except FileRefused as refused:
            if refused.code != "file_locked":
                raise
            outcome.locked += 1
            copy = path.with_suffix(".copy")
            await asyncio.to_thread(copy.write_bytes, b"")
            await pages.unlock(path, PASSWORD, copy)
            original = await pages.take_in(copy)
    except FileRefused as refused:
        return refused.code
    finally:
        outcome.seconds.append((time.perf_counter() - began, f"{name} open"))
    failed = set()
    for page, width, tile in DRAWN:
        if page > original.pages:
            break
        began = time.perf_counter()
        try:
            await pages.image(original.sha256, page, width, tile=tile)
        except PageFailed as fault:
            failed.add(fault.code)
        outcome.seconds.append((time.perf_counter() - began, f"{name} page {page}"))
    began = time.perf_counter()
    await pages.texts.page(original.sha256, 1, original.pages)
    outcome.seconds.append((time.perf_counter() - began, f"{name} words"))
    await pages.erase(original.sha256)
    return "+".join(["shown", *sorted(failed)])


def children() -> list[int]:
    """Processes below this one; those that lost their parent come to it, too (`kernel.ADOPT`)."""
    mine, found = str(os.getpid()), []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if status.read_bytes().rpartition(b") ")[2].split()[1].decode() == mine:
                found.append(int(status.parent.name))
    return found


def mutants(seed: int, first: int, count: int, whole: Sequence[bytes]) -> Iterator[Named]:
    for number in range(first, first + count):
        yield f"{seed}/{number}", mutant(seed, number, whole)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--page-seconds", type=float, default=PagesLimits().page_seconds)
    options.add_argument("--from", dest="folder", type=Path)
    options.add_argument("--as-they-are", action="store_true")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    with contextlib.suppress(OSError):
        kernel.prctl(kernel.ADOPT, 1)
    with tempfile.TemporaryDirectory() as folder, Canary(Path(folder)) as canary:
        whole = sources(canary, asked.folder)
        files: Iterable[Named] = mutants(asked.seed, asked.first, asked.files, whole)
        if asked.as_they_are and asked.folder:
            files = [(path.name, path.read_bytes()) for path in sorted(asked.folder.glob("*.pdf"))]
        began = time.perf_counter()
        limits = PagesLimits(page_seconds=asked.page_seconds)
        work = tried(files, canary, Path(folder), limits, asked.workers)
        outcome = asyncio.run(work)
        took = time.perf_counter() - began
    outcome.seconds.sort(reverse=True)
    told = {
        "files": sum(outcome.came.values()),
        "seed": asked.seed,
        "first": asked.first,
        "seconds": round(took),
        "came": dict(outcome.came.most_common()),
        "locked": outcome.locked,
        "faults": outcome.faults,
        "survivors": outcome.survivors,
        "canary_touched": outcome.touched,
        "listener_called": outcome.called,
        "longest": [(round(seconds, 2), name) for seconds, name in outcome.seconds[:5]],
        "confined": outcome.confined,
    }
    if asked.as_they_are:
        told["each"] = outcome.each
    sys.stdout.write(json.dumps(told, indent=None if asked.json else 1) + "\n")
    return 0 if outcome.clean else 1


if __name__ == "__main__":
    sys.exit(main())
