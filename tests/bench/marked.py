"""From the chair's tap to everybody's own copy of a paper to be collected, decoded on their device.

Run: `python -m tests.bench.marked [--people 25] [--turns 10] [--pause 4] [--width 1600]`

One server process with its markers; the devices are simulated in another, which draws on the same
cores. Each device does as the app does: it follows over its socket, asks for the page when it is
not there yet, then for the next two ahead. Measured is the time from the tap until all bytes of the
copy are there, and, added to each, what one decoding of it took (Pillow, alone, afterwards); what a
browser needs beyond that to paint is `painted`'s. Two kinds of turn: to the next page, which was
made ahead, and a leap to a page that nobody has made. Ends with status 1 where with up to 25 people
the next page is not there within 300 ms (p95), or with more anybody has waited over 5 s.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx2
from PIL import Image

from meeting.app import Server
from meeting.clock import SystemClock, Times
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.rehearsal.tablet import Tablet
from meeting.settings import Settings
from tests.bench.many import Prepared, prepare
from tests.bench.terminal import options_of
from tests.helpers.hall import sent
from tests.helpers.make import OFFICE
from tests.helpers.process import Demo, free_port

AHEAD: Final = 2
SPREAD_SECONDS: Final = 0.3
JOIN_SECONDS: Final = 60.0
LEAP: Final = 5
PATIENCE_SECONDS: Final = 60.0
AGAIN_SECONDS: Final = 1.5
FEW: Final = 25
P95_MOST_MS: Final = 300.0
ALL_MOST_MS: Final = 5000.0
NEXT: Final = "to the next page"


class Device(Tablet):
    """A tablet that fetches its copies; `came` has when each page's bytes were there."""

    document = ""
    width = 0
    fault: BaseException | None = None
    """Why the last fetching ended, if it did not end well."""

    def begin(self) -> None:
        self.came: dict[int, float] = {}
        self.bytes: dict[int, bytes] = {}
        self._line: asyncio.Lock = asyncio.Lock()
        self._fetching: dict[int, asyncio.Task[None]] = {}
        self._page = 0
        self._wires: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.start()

    def heard(self, name: str, body: Any) -> None:
        super().heard(name, body)
        shown = self.view.get("presented") if self.view else None
        if shown and shown["page"] != self._page:
            self._page = shown["page"]
            for task in self._fetching.values():
                task.cancel()  # what stands in line, to be fetched ahead, is not waited for
            self._fetching.clear()
            if self._page in self.bytes:
                self.came[self._page] = time.perf_counter()
                self._then()
            else:
                self._fetch(self._page, ahead=False)

    def _then(self) -> None:
        pages = self._paper()["pages"]
        for page in range(self._page + 1, min(self._page + AHEAD, pages) + 1):
            if page not in self.bytes and page not in self._fetching:
                self._fetch(page, ahead=True)
                return

    def _paper(self) -> dict[str, Any]:
        return next(
            item["documents"][self.document]
            for item in self.view["agenda"].values()
            if self.document in item.get("documents", {})
        )

    def _fetch(self, page: int, *, ahead: bool) -> None:
        task = asyncio.create_task(self._load(page, ahead=ahead))
        self._fetching[page] = task
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            self.fault = task.exception()

    async def _load(self, page: int, *, ahead: bool) -> None:
        if ahead:
            await asyncio.sleep(SPREAD_SECONDS * random.random())
        address = self._paper()["address"]
        try:
            body = await self._get(address, page, ahead=ahead)
        except (asyncio.IncompleteReadError, ConnectionError):
            # The server let go of the idle connection just then: browsers ask again, too.
            body = await self._get(address, page, ahead=ahead)
        if body is None:
            await asyncio.sleep(AGAIN_SECONDS)
            await self._load(page, ahead=ahead)
            return
        self.bytes[page] = body
        if page == self._page:
            self.came[page] = time.perf_counter()
        self._fetching.pop(page, None)
        self._then()

    async def _get(self, address: str, page: int, *, ahead: bool) -> bytes | None:
        """The body; None where the server says: later."""
        while self._wires and self._wires[-1][0].at_eof():  # the server lets go of idle ones
            self._wires.pop()[1].close()
        if self._wires:
            reader, writer = self._wires.pop()
        else:
            host, port = self.url.removeprefix("http://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 20)
        whole = False
        try:
            marked = "X-Ahead: 1\r\n" if ahead else ""
            path = f"/p/{self.seat}/{address}/{page}?w={self.width}"
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {self.cookie}\r\n{marked}\r\n".encode()
            )
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            size = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            body = await reader.readexactly(size)
            whole = True
        finally:
            if whole:
                self._wires.append((reader, writer))
            else:
                writer.close()
        return body if " 200 " in head.partition("\r\n")[0] else None

    async def end(self) -> None:
        for task in list(self._fetching.values()):
            task.cancel()
        for _, writer in self._wires:
            writer.close()
        await self.stop()


async def mark(folder: Path, prepared: Prepared) -> None:
    """The office sets the paper to be collected, before the server that is measured starts."""
    server = Server(Settings(data=folder), "http://127.0.0.1", SystemClock())
    await server.start()
    try:
        running = server.meetings.get(prepared.meeting)
        assert running is not None
        asked = p.MarkToCollect(prepared.document, collect=True, addresses=("personal",))
        await running.submit(OFFICE, sent(asked))
    finally:
        await server.close()


async def measure(
    folder: Path, people: int, turns: int, pause: float, width: int
) -> tuple[list[str], list[str]]:
    """What there is to tell, and what was promised and missed."""
    prepared = await prepare(folder, people)
    await mark(folder, prepared)
    demo = Demo(folder, free_port())
    await demo.start()
    said = [f"{people} people, {width} px, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"]
    faults: list[str] = []
    try:
        async with httpx2.AsyncClient() as http, room(demo, prepared, http, width) as everybody:
            chair, *devices = everybody
            page = 1
            await one_turn(chair, devices, prepared.document, page)
            for kind, step in ((NEXT, 1), ("a leap", LEAP)):
                taken: list[float] = []
                bodies: list[bytes] = []
                for _ in range(turns):
                    await asyncio.sleep(pause)
                    page = (page + step - 1) % (prepared.pages - AHEAD) + 1
                    for device in devices:
                        if step == LEAP:
                            device.bytes.clear()
                    began = time.perf_counter()
                    await one_turn(chair, devices, prepared.document, page)
                    taken += [device.came[page] - began for device in devices]
                    bodies += [device.bytes[page] for device in devices[:2]]
                decoded = sorted(decoding(body) for body in bodies)[len(bodies) // 2]
                there = sorted(1000 * (one + decoded) for one in taken)
                said.append(line(kind, there, decoded, bodies))
                faults += missed(kind, people, there)
            said.append(f"the chair is told: {chair.room.get('copies')}")
    finally:
        await demo.stop()
    return said, faults


def missed(kind: str, people: int, there: Sequence[float]) -> list[str]:
    """Args: there: milliseconds of each copy, the shortest first."""
    if people > FEW:
        return [f"{kind}: {there[-1]:.0f} ms"] if there[-1] > ALL_MOST_MS else []
    late = kind == NEXT and p95_of(there) > P95_MOST_MS
    return [f"{kind}: p95 {p95_of(there):.0f} ms"] if late else []


def p95_of(there: Sequence[float]) -> float:
    return there[min(len(there) - 1, int(0.95 * len(there)))]


@contextlib.asynccontextmanager
async def room(demo: Demo, prepared: Prepared, http: httpx2.AsyncClient, width: int) -> Any:
    """Everybody, connected; the chair first."""
    made = [
        Device(demo.url, seat.id, seat.token, http=http, times=Times(), chance=random.Random(n))
        for n, seat in enumerate((prepared.chair, *prepared.members))
    ]
    for device in made:
        device.document, device.width = prepared.document, width
        device.begin()
        await asyncio.sleep(0.002)
    try:
        for device in made:
            await device.until(partial(is_live, device), JOIN_SECONDS)
        await made[0].send(c.TakePresenting())
        yield made
    finally:
        await asyncio.gather(*(device.end() for device in made))


def is_live(device: Device) -> bool:
    return device.now() is not None


async def one_turn(chair: Device, devices: Sequence[Device], document: str, page: int) -> None:
    for device in devices:
        device.came.pop(page, None)
    await chair.turn(document, 1, page)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            for device in devices:
                while page not in device.came:  # noqa: ASYNC110 - the device itself knows when
                    await asyncio.sleep(0.01)
    except TimeoutError:
        raise SystemExit(f"page {page}: {left_out(devices, page)}") from None


def left_out(devices: Sequence[Device], page: int) -> str:
    """What is known of those who did not get it."""
    left = [device for device in devices if page not in device.came]
    faults = {repr(device.fault) for device in left}
    return f"{len(left)} of {len(devices)} left out: {faults}, {[one.state for one in left[:3]]}"


def line(kind: str, there: Sequence[float], decoded: float, bodies: Sequence[bytes]) -> str:
    p50, p95 = there[len(there) // 2], p95_of(there)
    size = sum(map(len, bodies)) / len(bodies) / 1000
    return (
        f"{kind:18} p50 {p50:7.1f}  p95 {p95:7.1f}  max {there[-1]:7.1f} ms, of which decoding"
        f" {1000 * decoded:.1f}; {size:.0f} KB, {len(there)} copies"
    )


def decoding(body: bytes) -> float:
    began = time.perf_counter()
    Image.open(io.BytesIO(body)).load()
    return time.perf_counter() - began


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--people", type=int, default=25)
    options.add_argument("--turns", type=int, default=10, help="of each kind")
    options.add_argument("--pause", type=float, default=4.0, help="seconds before each turn")
    options.add_argument("--width", type=int, default=1600)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        said, faults = asyncio.run(
            measure(Path(folder) / "data", asked.people, asked.turns, asked.pause, asked.width)
        )
    said += [f"BROKEN: {fault}" for fault in faults]
    sys.stdout.write("\n".join(said) + "\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
