"""From the last byte of a large upload to its first page, through the real server.

Run: `python -m tests.bench.first_page [--runs 7] [--pages 200] [--megabytes 50]`

A secretary sends a scan, lays it down and looks at page 1, as the office's page does: three
requests, one after the other. Each run is another file; then the first is sent again. Ends with
status 1 where the median is above 500 ms, or the file sent again cost a drawing.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

import httpx2

from tests.bench.terminal import end, options_of, say
from tests.bench.upload import Office, large_scan
from tests.helpers.process import Demo, demo

MOST_MS: Final = 500
MEGABYTE: Final = 1_000_000
PAUSE_SECONDS: Final = 1.0
MADE: Final = re.compile(r"^phien_page_seconds_count (\d+)", re.MULTILINE)


async def measure(folder: Path, runs: int, pages: int, size: int) -> list[str]:
    small, path = folder / "small.pdf", folder / "scan.pdf"
    large_scan(small, 1, 100_000)
    large_scan(path, pages, size)
    content = path.read_bytes()
    say(f"{pages} pages, {len(content) / MEGABYTE:.1f} MB, {os.cpu_count()} cores")
    visible: list[float] = []
    async with demo(folder / "data", [small]) as running, httpx2.AsyncClient(timeout=60) as http:
        office = Office(http, running.url)
        await office.sign_in(running.ready["office"]["login"], running.ready["office"]["password"])
        meeting = await office.meeting()
        prepared = await office.prepared(meeting)
        item, known = prepared["items"][0]["id"], {d["id"] for d in prepared["documents"]}
        for run in range(runs):
            one = content + b"%%%d\n" % run
            file, sent = await office.send(meeting, one, f"scan {run}.pdf")
            await office.lay(meeting, file, item)
            laid = time.monotonic()
            now = {d["id"] for d in (await office.prepared(meeting))["documents"]}
            (document,) = now - known
            known = now
            asked = time.monotonic()
            await office.page(meeting, document, 1)
            seen = time.monotonic()
            visible.append(1000 * (seen - asked + laid - sent.last_byte))
            say(
                f"sent in {1000 * (sent.last_byte - sent.began):5.0f} ms; after its last byte taken"
                f" in {1000 * (sent.answered - sent.last_byte):4.0f}, laid down"
                f" {1000 * (laid - sent.last_byte):4.0f}, page 1 {visible[-1]:4.0f} ms;"
                f" load {os.getloadavg()[0]:.1f}"
            )
            await whole(running, http, pages)
        before = await made(running, http)
        _, sent = await office.send(meeting, content + b"%0\n", "again.pdf")
        again = 1000 * (sent.answered - sent.last_byte)
        more = await made(running, http) - before
    median = statistics.median(visible)
    say(f"page 1 visible: median {median:.0f} ms, {min(visible):.0f}-{max(visible):.0f}")
    say(f"the same file again: taken in {again:.0f} ms, {more} drawings")
    faults = [f"page 1 after {median:.0f} ms"] if median > MOST_MS else []
    return faults + (["the same file was drawn again"] if more else [])


async def whole(running: Demo, http: httpx2.AsyncClient, pages: int) -> None:
    """Wait until nothing is drawn any more: each run begins on a quiet server."""
    before = -1
    while (now := await made(running, http)) != before:
        before = now
        await asyncio.sleep(PAUSE_SECONDS)


async def made(running: Demo, http: httpx2.AsyncClient) -> int:
    found = MADE.search((await http.get(f"{running.url}/metrics")).text)
    return int(found[1]) if found else 0


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--pages", type=int, default=200)
    options.add_argument("--megabytes", type=float, default=49.5)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        size = int(asked.megabytes * MEGABYTE)
        faults = asyncio.run(measure(Path(folder), asked.runs, asked.pages, size))
    end(faults)


if __name__ == "__main__":
    main()
