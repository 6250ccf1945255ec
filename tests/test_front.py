"""What a request meets first: a server that is stopped while it waits, and floods of requests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meeting.front import by_path
from meeting.heads import BEGUN_MOST, IN_LINE_MOST
from tests.helpers.hall import Hall, hall

UPLOAD: dict[str, Any] = {
    "type": "http",
    "method": "PUT",
    "path": "/office/api/m/btv/files",
    "headers": [(b"content-length", b"50000000")],
}


class Stopped:
    """An application whose request is cut off, as uvicorn does when its patience is over."""

    def __init__(self, *, begins: bool) -> None:
        self.sent: list[Message] = []
        self.cleared = False
        self._begins = begins
        self._waits = asyncio.Event()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._begins:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        self._waits.set()
        try:
            await receive()
        finally:
            await asyncio.sleep(0)
            self.cleared = True

    async def cut_off(self) -> None:
        async def never() -> Message:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

        async def send(message: Message) -> None:
            self.sent.append(message)

        app = by_path(images=self.answer, rest=self.answer, large=lambda scope: True)
        asking = asyncio.ensure_future(app(UPLOAD, never, send))
        await self._waits.wait()
        asking.cancel()
        await asking


async def test_a_file_on_its_way_when_the_server_stops_is_to_be_sent_again() -> None:
    stopped = Stopped(begins=False)
    await stopped.cut_off()
    start, body = stopped.sent
    assert stopped.cleared
    assert (start["status"], json.loads(body["body"])["code"]) == (503, "server_busy")
    assert dict(start["headers"])[b"retry-after"] == b"1"


async def test_an_answer_that_was_begun_is_not_begun_anew() -> None:
    stopped = Stopped(begins=True)
    await stopped.cut_off()
    assert [message["type"] for message in stopped.sent] == ["http.response.start"]


class Begun:
    """How many requests began in each round of the loop."""

    def __init__(self) -> None:
        self.round = 0
        self.in_round: Counter[int] = Counter()

    def around(self, app: ASGIApp) -> ASGIApp:
        def tick() -> None:
            self.round += 1
            asyncio.get_running_loop().call_soon(tick)

        tick()

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            self.in_round[self.round] += 1
            await app(scope, receive, send)

        return counted


def asks(running: Hall, count: int, *, last: bool = True) -> socket.socket:
    """A connection that has asked so many times, and is not read yet."""
    address = urlsplit(running.url)
    connection = socket.create_connection((address.hostname, address.port), timeout=10)
    ask(connection, running, count, last=last)
    return connection


def ask(connection: socket.socket, running: Hall, count: int, *, last: bool = True) -> None:
    head = f"GET /healthz HTTP/1.1\r\nhost: {urlsplit(running.url).netloc}\r\n".encode()
    *others, ending = [head + b"\r\n"] * count
    ending = head + b"connection: close\r\n\r\n" if last else ending
    connection.sendall(b"".join((*others, ending)))


def all_of(connection: socket.socket) -> bytes:
    answer = b""
    with connection, contextlib.suppress(ConnectionError):
        while content := connection.recv(65536):
            answer += content
    return answer


async def test_a_flood_of_requests_is_begun_little_by_little_and_all_answered(
    tmp_path: Path,
) -> None:
    begun = Begun()
    async with hall(tmp_path / "data", around=begun.around) as running:
        connections = [asks(running, 1, last=False) for _ in range(5 * BEGUN_MOST)]
        answers = [await asyncio.to_thread(one.recv, 65536) for one in connections]
        for connection in connections:
            ask(connection, running, 1)
        answers += [await asyncio.to_thread(all_of, one) for one in connections]
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 200"}
    assert (begun.in_round.total(), max(begun.in_round.values())) == (10 * BEGUN_MOST, BEGUN_MOST)


async def test_a_connection_that_asks_far_ahead_is_closed(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as running:
        few = await asyncio.to_thread(all_of, asks(running, IN_LINE_MOST))
        many = await asyncio.to_thread(all_of, asks(running, 10 * IN_LINE_MOST))
    assert few.count(b"HTTP/1.1 ") == IN_LINE_MOST
    assert (many.count(b"HTTP/1.1 "), many.count(b"HTTP/1.1 400")) == (1, 1)
