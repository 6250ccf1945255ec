"""Mutated PDFs at a real server: each is shown or refused with a code, and nothing else happens.

python -m tests.bench.fuzz --files 10000 [--seed 1] [--first 0] [--from FOLDER] [--json]
    [--at-once 3] [--batch 100] [--page-seconds 20]

A `meeting serve` of its own, on loopback. Secretaries send the files as their page does; a member
opens the first and the last page, a piece, the words and the contents; then the paper is destroyed.
After each batch the server must be the same process, answer, and come to rest with nothing left on
disk and no process too many; no fault in its log, nothing on its terminal; a canary file never
opened or changed, a listener never called. Else the exit status is 1. With `--as-they-are` the
folder's files themselves, each with what came of it.
"""

from __future__ import annotations

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
from itertools import islice
from pathlib import Path
from typing import Any, Final

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from meeting.pages import PagesLimits
from meeting.sandbox import kernel
from meeting.settings import FILE
from tests.bench.handed_in import Desk
from tests.bench.load import resident_kb
from tests.bench.terminal import options_of
from tests.helpers.canary import Canary
from tests.helpers.mutated import mutant, sources
from tests.helpers.process import Demo, free_port

KEPT_MOST: Final = 3
"""Processes the server may have at rest: two between jobs, and a spare one."""
REST_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 0.5

Named = tuple[str, bytes]


@dataclass
class Outcome:
    """What came of so many files, and what must not have."""

    came: Counter[str] = field(default_factory=Counter)
    each: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[tuple[float, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    locked: int = 0
    reconnects: int = 0
    restarts: int = 0
    survivors: int = 0
    touched: int = 0
    called: int = 0
    said: Counter[str] = field(default_factory=Counter)
    """Warnings in the server's log."""
    confined: tuple[str, ...] = ()
    resident_mb: tuple[int, int] = (0, 0)
    """Of the server without its children, after the first batch and after the last."""

    @property
    def clean(self) -> bool:
        return not (self.faults or self.restarts or self.survivors or self.touched or self.called)


async def tried(
    files: Iterable[Named],
    canary: Canary,
    folder: Path,
    limits: PagesLimits,
    *,
    at_once: int = 3,
    batch: int = 100,
) -> Outcome:
    """Hand every file in at a server over this folder, `at_once` of them at a time."""
    outcome, before = Outcome(), {*children(os.getpid())}
    data, errors = folder / "data", folder / "errors.txt"
    data.mkdir()
    said = (f"{name} = {getattr(limits, name)}" for name in limits.__struct_fields__)
    (data / FILE).write_text("\n".join(["[pages]", *said]), "utf-8")
    with errors.open("wb") as terminal:
        server = Demo(data, free_port(), verb="serve", errors=terminal)
        await server.start()
        try:
            await _tried(files, server, canary, outcome, at_once, batch)
        except Exception as fault:
            outcome.faults.append(f"{fault!r}")
        finally:
            try:
                ended = await server.stop() == 0
            except TimeoutError:  # or what it started holds its terminal
                ended = False
            outcome.faults += [] if ended else ["the server did not end as it should"]
    outcome.survivors += len({*children(os.getpid())} - before)
    if told := errors.read_text("utf-8", "replace").strip():
        outcome.faults.append(f"on the terminal: {told[:2000]}")
    canary.look()
    outcome.touched, outcome.called = canary.touched, canary.called
    return outcome


async def _tried(
    files: Iterable[Named],
    server: Demo,
    canary: Canary,
    outcome: Outcome,
    at_once: int,
    batch: int,
) -> None:
    waiting, pid = iter(files), server.pid
    desks = [Desk(server.url, number) for number in range(at_once)]
    try:
        await desks[0].begins_the_office()
        for desk in desks[1:]:
            await desks[0].adds(desk)
        while some := list(islice(waiting, batch)):
            for desk in desks:
                await desk.meets()
            shared = iter(some)
            await asyncio.gather(*(_all(shared, desk, outcome) for desk in desks))
            if not (server.running and server.pid == pid):
                outcome.restarts += 1
                return
            for desk in desks:
                await desk.parts()
            await _rest(server, outcome)
            canary.look()
            wrong = len(outcome.faults), outcome.survivors, canary.touched, canary.called
            say(f"{len(outcome.each)} files; faults, survivors, touched, called: {wrong}")
    finally:
        for desk in desks:
            outcome.came += desk.came
            outcome.seconds += desk.seconds
            outcome.locked += desk.locked
            outcome.reconnects += desk.reconnects
            await desk.leave()


async def _all(files: Iterator[Named], desk: Desk, outcome: Outcome) -> None:
    for name, content in files:
        try:
            came = await desk.hands_in(name, content)
        except Exception as fault:
            outcome.faults.append(f"{name}: {fault!r}")
            say(outcome.faults[-1])
            came = "fault"
        outcome.each.append((name, came))


async def _rest(server: Demo, outcome: Outcome) -> None:
    """Wait until nothing is being made any more; then look what is left."""
    async with httpx2.AsyncClient(base_url=server.url, timeout=REST_SECONDS) as http:
        until = time.monotonic() + REST_SECONDS
        while True:
            figures = await _figures(http)
            busy = figures["phien_pages", "waiting"] + figures["phien_pages", "making"]
            kept = children(server.pid)
            deeper = [one for child in kept for one in children(child)]
            left = _left(server.data)
            if not (busy or deeper or left or len(kept) > KEPT_MOST):
                break
            if time.monotonic() > until:
                outcome.survivors += len(deeper) + max(0, len(kept) - KEPT_MOST)
                outcome.faults += [f"not at rest: {busy:.0f} pages"] if busy else []
                outcome.faults += [f"left on disk: {path}" for path in left]
                break
            await asyncio.sleep(LOOK_SECONDS)
        health = await http.get("/healthz")
    if health.status_code != 200:
        outcome.faults.append(f"/healthz: {health.status_code}")
    said = {event: n for (name, event), n in figures.items() if name == "phien_log_events"}
    outcome.said = Counter({event: int(n) for event, n in said.items() if n})
    outcome.faults += [event for event in said if event.startswith("error ")]
    confined = {code for (name, code), on in figures.items() if on and name.endswith("confined")}
    outcome.confined = tuple(sorted(confined))
    now = resident_kb(server.pid) // 1024
    outcome.resident_mb = (outcome.resident_mb[0] or now, now)


async def _figures(http: httpx2.AsyncClient) -> dict[tuple[str, str], float]:
    """What /metrics says: by name and by labels, such as "warning page_failed"."""
    answer = await http.get("/metrics")
    found: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(answer.raise_for_status().text):
        for sample in family.samples:
            if family.type in ("counter", "gauge") and not sample.name.endswith("_created"):
                labels = " ".join(sample.labels[key] for key in sorted(sample.labels, reverse=True))
                found[family.name, labels] = sample.value
    return found


def _left(data: Path) -> list[str]:
    """Files of papers that are still there."""
    folders = (data / "pages" / "originals", data / "pages" / "pages")
    found = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return [str(file.relative_to(data)) for file in found]


def children(of: int) -> list[int]:
    """Processes right below this one; those that lost their parent come to the bench, if it asked
    for them (`kernel.ADOPT`).
    """
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(status.read_bytes().rpartition(b") ")[2].split()[1]) == of:
                found.append(int(status.parent.name))
    return found


def mutants(seed: int, first: int, count: int, whole: Sequence[bytes]) -> Iterator[Named]:
    for number in range(first, first + count):
        yield f"{seed}/{number}", mutant(seed, number, whole)


def say(line: str) -> None:
    """While it runs: a long one is looked at from time to time."""
    sys.stderr.write(f"{line}\n")


def main() -> int:
    options = options_of(__doc__)
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--at-once", type=int, default=3)
    options.add_argument("--batch", type=int, default=100)
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
        work = tried(files, canary, Path(folder), limits, at_once=asked.at_once, batch=asked.batch)
        outcome = asyncio.run(work)
        took = time.perf_counter() - began
    outcome.seconds.sort(reverse=True)
    told: dict[str, Any] = {
        "files": len(outcome.each),
        "seed": asked.seed,
        "first": asked.first,
        "seconds": round(took),
        "came": dict(outcome.came.most_common()),
        "locked": outcome.locked,
        "reconnects": outcome.reconnects,
        "faults": outcome.faults,
        "restarts": outcome.restarts,
        "survivors": outcome.survivors,
        "canary_touched": outcome.touched,
        "listener_called": outcome.called,
        "log": dict(outcome.said),
        "resident_mb": outcome.resident_mb,
        "longest": [(round(seconds, 2), name) for seconds, name in outcome.seconds[:5]],
        "confined": outcome.confined,
    }
    if asked.as_they_are:
        told["each"] = outcome.each
    sys.stdout.write(json.dumps(told, indent=None if asked.json else 1) + "\n")
    return 0 if outcome.clean else 1


if __name__ == "__main__":
    sys.exit(main())
