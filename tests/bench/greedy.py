"""Devices that ask for far too much at once, and many that ask for a little: how long the loop of
the server stands still, and who is refused.

Run by `tests.bench.loop`. Alone, as `python -m tests.bench.greedy`, this is what asks: a process of
its own that reads from stdin where to, and what on each connection, and says what came back.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import resource
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx2
import pymupdf
from msgspec import Struct

from meeting.access import cookie_name
from tests.bench import packet
from tests.bench.load import LOAD_CORE, SERVER_CORE, on_core
from tests.bench.many import Prepared, Seat, prepare
from tests.bench.upload import Office
from tests.helpers.process import Demo, free_port

mupdf: Any = pymupdf

HOST: Final = "127.0.0.1"
PIECES: Final = 2000
SEARCHES: Final = 300
READERS: Final = 500
PAPER_PAGES: Final = 300
ANSWER: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")
ANSWER_BYTES: Final = 13
TIME_UP: Final = 60.0


class Flood(Struct, frozen=True):
    """What is asked at once, on how many connections; `honest`: nobody of it may be refused."""

    name: str
    connections: list[list[bytes]]
    honest: bool = False


class Outcome(Struct, frozen=True):
    """When it was, by the monotonic clock; how many answers of each status."""

    name: str
    began: float
    ended: float
    statuses: dict[str, int]
    honest: bool


def get(seat: Seat, path: str) -> bytes:
    return _request("GET", seat, path, b"")


def search(seat: Seat, text: str) -> bytes:
    body = json.dumps({"text": text}).encode()
    return _request("POST", seat, f"/s/{seat.id}/search", body)


def _request(method: str, seat: Seat, path: str, body: bytes) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nhost: {HOST}\r\norigin: http://{HOST}\r\nx-phien: 1\r\n"
        f"cookie: {cookie_name(seat.id)}={seat.token}\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode() + body


def floods(prepared: Prepared, address: str, pages: int) -> Sequence[Flood]:
    one, *others = prepared.members
    at = f"/p/{one.id}/{address}"
    pieces = [get(one, f"{at}/{1 + n % pages}?w=9600&t={1 + n // pages}") for n in range(PIECES)]
    whole = [get(one, f"{at}/{1 + n % pages}?w=1200") for n in range(PIECES)]
    words = ("ky thuat", "de an", "bao cao", "nhiem vu", "ủy ban", "aa", "ngan sach")
    return (
        Flood("pieces, one member", [[one] for one in pieces]),
        Flood("pieces, one member, 4 connections", [pieces[n::4] for n in range(4)]),
        Flood("pages, one member", [[one] for one in whole]),
        Flood(
            "searches, one member", [[search(one, words[n % len(words)])] for n in range(SEARCHES)]
        ),
        Flood("searches, everybody", [[search(seat, "ky thuat")] for seat in others[:SEARCHES]]),
        Flood(
            "one new page, everybody",
            [[get(seat, f"/p/{seat.id}/{address}/7?w=800")] for seat in others],
            honest=True,
        ),
        Flood(
            "the same page, everybody",
            [[get(seat, f"/p/{seat.id}/{address}/7?w=800")] for seat in others],
            honest=True,
        ),
    )


def text_paper(path: Path) -> None:
    dice = random.Random("text paper")
    pdf = mupdf.open()
    for number in range(PAPER_PAGES):
        packet.grey_text(pdf, number, dice)
    pdf.save(path, garbage=3)


async def ask(port: int, flood: Flood) -> Outcome:
    """All of it at once, by a process of its own."""
    with on_core(LOAD_CORE):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.greedy"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
    said = {"port": port, "connections": [b"".join(one).decode() for one in flood.connections]}
    out, _ = await process.communicate(json.dumps(said).encode())
    answer = json.loads(out)
    return Outcome(flood.name, answer["began"], answer["ended"], answer["statuses"], flood.honest)


async def measure(folder: Path, beats: Path) -> list[Outcome]:
    """One flood after the other; how late the loop was is in `beats` afterwards."""
    prepared = await prepare(folder / "data", READERS)
    await asyncio.to_thread(text_paper, folder / "text.pdf")
    with on_core(SERVER_CORE):
        server = Demo(folder / "data", free_port(), world=["--beats", str(beats)])
        await server.start()
    try:
        async with httpx2.AsyncClient(timeout=60) as http:
            office = Office(http, server.url)
            login = server.ready["office"]
            await office.sign_in(login["login"], login["password"])
            content = (folder / "text.pdf").read_bytes()
            file, _ = await office.send(prepared.meeting, content, "text.pdf")
            items = (await office.prepared(prepared.meeting))["items"]
            await office.lay(prepared.meeting, file, items[0]["id"])
            address = await _all_read(http, server.url, prepared.members[0])
        return [await ask(server.port, flood) for flood in floods(prepared, address, PAPER_PAGES)]
    finally:
        await server.stop()


async def _all_read(http: httpx2.AsyncClient, url: str, seat: Seat) -> str:
    """The address of the longest paper, once the words of all of them are known."""
    cookie = f"{cookie_name(seat.id)}={seat.token}"
    headers = {"x-phien": "1", "origin": url, "cookie": cookie}
    while True:
        answer = await http.post(
            f"{url}/s/{seat.id}/search", json={"text": "tỉnh"}, headers=headers
        )
        said = answer.json()
        if answer.status_code == 200 and not said.get("unread"):
            return str(max(said["papers"], key=lambda paper: int(paper["count"]))["address"])
        await asyncio.sleep(1)


def main() -> None:
    asked = json.load(sys.stdin)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    waiting = selectors.DefaultSelector()
    connections: list[tuple[socket.socket, bytes]] = []
    for text in asked["connections"]:
        one = socket.create_connection((HOST, asked["port"]))
        connections.append((one, text.encode()))
        waiting.register(one, selectors.EVENT_READ, [text.count(" HTTP/1.1\r\n"), b""])
    time.sleep(0.5)  # their arrival is over
    began = time.monotonic()
    for one, content in connections:
        one.sendall(content)
    statuses: Counter[str] = Counter()
    until = began + TIME_UP
    while waiting.get_map() and time.monotonic() < until:
        for key, _ in waiting.select(1.0):
            _read(waiting, key, statuses)
    statuses["none"] = sum(left for left, _ in (key.data for key in waiting.get_map().values()))
    print(  # noqa: T201 - this is what it is for
        json.dumps({"began": began, "ended": time.monotonic(), "statuses": +statuses})
    )


def _read(
    waiting: selectors.BaseSelector, key: selectors.SelectorKey, statuses: Counter[str]
) -> None:
    """`key.data`: how many answers are awaited, and the end of what was read."""
    connection = key.fileobj
    assert isinstance(connection, socket.socket)
    try:
        content = connection.recv(1 << 20)
    except ConnectionError:
        content = b""
    if not content:
        statuses["closed"] += key.data[0]
        key.data[0] = 0
    before = key.data[1]
    for found in ANSWER.finditer(before + content):
        if found.end() > len(before):  # else it was counted already
            statuses[found[1].decode()] += 1
            key.data[0] -= 1
    key.data[1] = (before + content)[-ANSWER_BYTES:]
    if key.data[0] <= 0:
        waiting.unregister(connection)
        connection.close()


if __name__ == "__main__":
    main()
