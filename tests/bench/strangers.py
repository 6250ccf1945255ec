"""Devices that misbehave, on bare sockets: they stop reading, or they flood.

Whether the server has let go of one is read from the kernel's table of connections, because who
does not read does not hear the end of it either.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from meeting.access import cookie_name
from tests.bench.many import Seat

JOIN_SECONDS: Final = 20.0
RECEIVE_BUFFER_BYTES: Final = 4096
"""As little as the system gives: what is not read waits at the server."""

ESTABLISHED: Final = b"01"


class Stranger:
    """A member's device that joined, and then does as it pleases."""

    def __init__(self, port: int, seat: Seat) -> None:
        self._port = port
        self.server_port = f"{port:04X}".encode()
        self._seat = seat
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(JOIN_SECONDS)

    def join(self) -> None:
        """Connect and take the view; blocks.

        Raises:
            OSError: the server does not let it in.
        """
        self._socket.connect(("127.0.0.1", self._port))
        self.own_port = int(self._socket.getsockname()[1])
        uri = parse_uri(f"ws://127.0.0.1:{self._port}/socket.io/?EIO=4&transport=websocket")
        protocol = ClientProtocol(uri)
        request = protocol.connect()
        request.headers["Cookie"] = f"{cookie_name(self._seat.id)}={self._seat.token}"
        protocol.send_request(request)
        auth = json.dumps({"seat": self._seat.id, "protocol": 1})
        said = {"0": f"40{auth}", "40": '421["join",{}]', "431": ""}
        while "431" in said:
            for out in protocol.data_to_send():
                self._socket.sendall(out)
            data = self._socket.recv(65_536)
            if not data:
                raise ConnectionError("the server ended the connection")
            protocol.receive_data(data)
            for event in protocol.events_received():
                text = bytes(event.data).decode() if isinstance(event, Frame) else ""
                start = next((start for start in said if text.startswith(start)), "")
                if answer := said.pop(start, ""):
                    protocol.send_text(answer.encode())

    async def flood(self, texts: list[str], a_second: int, most_seconds: float) -> float | None:
        """Send these texts over and over; seconds until the server ended it, or None."""
        loop = asyncio.get_running_loop()
        self._socket.setblocking(False)
        frames = [Frame(Opcode.TEXT, text.encode()).serialize(mask=True) for text in texts]
        reading = asyncio.create_task(self._read_all(), name="stranger: reads")
        began = time.perf_counter()
        sent = 0
        try:
            while not reading.done() and time.perf_counter() - began < most_seconds:
                async with asyncio.timeout(most_seconds):
                    await loop.sock_sendall(self._socket, frames[sent % len(frames)])
                sent += 1
                ahead = sent / a_second - (time.perf_counter() - began)
                await asyncio.sleep(max(0.0, ahead))
        except (OSError, TimeoutError):
            pass
        seconds = time.perf_counter() - began
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        return None if open_still([self]) else seconds

    async def _read_all(self) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while await loop.sock_recv(self._socket, 65_536):
                pass

    def leave(self) -> None:
        self._socket.close()


def open_still(strangers: Sequence[Stranger]) -> list[Stranger]:
    """Those whose connection the server has not ended. The table is read once for all of them."""
    ends = {f"{one.own_port:04X}".encode(): one for one in strangers}
    found = []
    for line in Path("/proc/net/tcp").read_bytes().splitlines()[1:]:
        _, local, remote, state, _ = line.split(maxsplit=4)
        one = ends.get(remote[-4:])
        if one is not None and local.endswith(one.server_port) and state == ESTABLISHED:
            found.append(one)
    return found
