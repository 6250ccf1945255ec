"""What no device of ours sends: packets, cookies and heads of strangers, and who does not read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import httpx2
import pytest

from meeting import heads
from meeting.heads import HEAD_MOST_BYTES
from tests.helpers.hall import Hall, hall, small_meeting
from tests.helpers.tablet import WAIT_SECONDS, Tablet

SOCKET: Final = "/socket.io/?EIO=4&transport=websocket"

MALFORMED: Final = (
    '421["join",{}]',
    '42["x",{',
    "4",
    "49",
    '459999999999-["join",{}]',
    '451-["join",{"_placeholder":true,"num":0}]',
    "42",
    "42[]",
    '42{"a":1}',
    '42[{"join":1}]',
    "42[1]",
    '42"join"',
    "431[]",
    "43",
    "44",
    "46x",
    '42/elsewhere,1["join",{}]',
    "42" + "9" * 300 + '["join",{}]',
    "42" + "[" * 3000 + "]" * 3000,
    "4" + "9" * 200 + "-[]",
    "42\ud83d\udd25".encode("utf-16", "surrogatepass").decode("utf-16"),
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path / "data") as running:
        await running.lay_down(*small_meeting())
        yield running


class Stranger:
    """A bare web socket."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        self._wire = wire

    async def says(self, *packets: str) -> None:
        for packet in packets:
            await self._wire.send_str(packet)

    async def hears(self, start: str) -> str:
        """The rest of the next packet that begins so."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                packet = await self._wire.receive_str()
                if packet.startswith(start):
                    return packet.removeprefix(start)

    async def signs_in(self, seat: str) -> None:
        await self.says("40" + json.dumps({"seat": seat, "protocol": 1}))
        await self.hears("40")

    async def joins(self) -> Any:
        await self.says('427["join",{}]')
        [answer] = json.loads(await self.hears("437"))
        return answer


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def cookie(room: Hall, seat: str) -> str:
    return f"seat_{seat}={room.token(seat, await room.device(seat))}"


@pytest.mark.parametrize("packet", MALFORMED, ids=lambda packet: packet[:24])
async def test_a_malformed_packet_is_nothing_and_the_socket_goes_on(
    room: Hall, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, packet: str
) -> None:
    headers = {"Cookie": await cookie(room, "an")}
    joined = {"status": "committed", "rev": room.running.state.rev}
    async with http.ws_connect(room.url + SOCKET, headers=headers) as wire:
        stranger = Stranger(wire)
        await stranger.hears("0")
        await stranger.says(packet)
        await stranger.signs_in("an")
        await stranger.says(packet)
        assert await stranger.joins() == joined
        await stranger.says(packet)
        assert await stranger.joins() == joined
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_who_never_signs_in_may_say_anything(
    room: Hall, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with http.ws_connect(room.url + SOCKET) as wire:
        stranger = Stranger(wire)
        await stranger.says(*MALFORMED)
        await stranger.says('40{"seat":"an"}')
        assert json.loads(await stranger.hears("44"))["message"] == "not_signed_in"
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("known", [True, False])
async def test_what_is_said_after_a_goodbye_is_not_read(
    room: Hall, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, known: bool
) -> None:
    headers = {"Cookie": await cookie(room, "an")} if known else {}
    async with http.ws_connect(room.url + SOCKET, headers=headers) as wire:
        stranger = Stranger(wire)
        if known:
            await stranger.signs_in("an")
            assert (await stranger.joins())["status"] == "committed"
        await stranger.says("1", '40{"seat":"an","protocol":1}', '427["join",{}]')
        async with asyncio.timeout(WAIT_SECONDS):
            while (await wire.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
    # The library makes room for a device before it looks whether its connection is still there.
    assert not room.server.live.server.manager.rooms.get("/")
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("others", ['x={"a":1}; ', "x=a b,c; ", "=; ;x; ", 'x="; '])
async def test_cookies_of_other_programs_do_not_hide_ours(
    room: Hall, http: aiohttp.ClientSession, others: str
) -> None:
    headers = {"Cookie": others + await cookie(room, "an")}
    async with http.ws_connect(room.url + SOCKET, headers=headers) as wire:
        stranger = Stranger(wire)
        await stranger.signs_in("an")
        assert (await stranger.joins())["status"] == "committed"


# Who does not read


def deaf(room: Hall) -> socket.socket:
    """A socket that takes in as little as possible."""
    address = urlsplit(room.url)
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((address.hostname, address.port))
    made.setblocking(False)
    return made


def frame(text: str) -> bytes:
    """A short text as a client sends it, masked with nothing."""
    assert len(text) < 126
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text.encode()


async def test_who_does_not_read_what_they_ask_for_is_let_go(room: Hall) -> None:
    own = await cookie(room, "an")
    reader, writer = await asyncio.open_connection(sock=deaf(room), limit=1024)
    writer.write(
        f"GET {SOCKET} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"Cookie: {own}\r\n\r\n".encode()
    )
    desk = Tablet(room.url, "thu", room.token("thu", await room.device("thu")))
    await desk.join()

    def following() -> int:
        said = [signal for signal in desk.signals if signal["type"] == "room"]
        return said[-1]["following"] if said else 0

    async def ask_for_ever() -> None:
        """Alive by its pongs, and never reading what comes back."""
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(frame('42["join",{}]') * 20 + frame("3"))
                await writer.drain()

    async with asyncio.timeout(WAIT_SECONDS):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frame('40{"seat":"an"}'))
        await reader.readuntil(b'40{"sid"')
    writer.write(frame('42["signal",{"type":"idle","follows":true}]'))
    await desk.until(lambda: following() == 1)
    asking = asyncio.create_task(ask_for_ever())
    await desk.until(lambda: following() == 0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    writer.transport.abort()
    assert room.running.room.sockets_of(await room.device("an")) == []
    await desk.leave()
    async with httpx2.AsyncClient(base_url=room.url) as browser:
        assert (await browser.get("/")).status_code == 200


# Heads


async def answer_to(room: Hall, *pieces: bytes) -> bytes:
    """What comes back on one connection before it is closed; the pieces arrive one by one."""
    address = urlsplit(room.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    back = b""
    async with asyncio.timeout(WAIT_SECONDS):
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.to_thread(lambda: None)  # the server has its turn
            back = await reader.read()
        except ConnectionError:
            pass
    writer.close()
    return back


async def test_who_never_says_what_they_want_is_let_go(
    room: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.1)
    assert await answer_to(room) == b""
    assert await answer_to(room, b"GET / HTTP/1.1\r\nHost: x\r\n") == b""


START: Final = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def test_a_head_without_end_closes_its_connection_and_no_other(room: Hall) -> None:
    pieces = [b"X-%d: %s\r\n" % (number, b"a" * 4000) for number in range(200)]
    assert await answer_to(room, START, *pieces) == b""
    line = [b"GET /", *[b"a" * 4000] * 200]
    assert await answer_to(room, *line) == b""
    async with httpx2.AsyncClient(base_url=room.url) as browser:
        assert (await browser.get("/")).status_code == 200


async def test_each_request_of_a_connection_has_a_head_of_its_own(room: Hall) -> None:
    half = b"X: %s\r\n" % (b"a" * (HEAD_MOST_BYTES // 2))
    two = [START, half, b"\r\n", START, half, b"Connection: close\r\n\r\n"]
    answer = await answer_to(room, *two)
    assert answer.count(b"HTTP/1.1 200") == 2
