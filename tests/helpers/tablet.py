"""A tablet without a browser: joins, sends, applies patches, and remembers every answer."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

import aiohttp
import msgspec
import socketio

from meeting.protocol import commands as c
from meeting.protocol import patch

WAIT_SECONDS = 45.0
"""No wait of a test is longer; a green run never comes near it."""


class Tablet:
    """One device of a seat.

    `view`, `own`, `roll` are what it has before it; `turns` the presented pages it was shown,
    in order; `arrived` the moment of each
    patch by revision; `gaps` counts how often it had to ask for the view again;
    `refused` is the code with which the door refused it.
    """

    def __init__(self, url: str, seat: str, token: str) -> None:
        self.url, self.seat, self.token = url, seat, token
        self.view: dict[str, Any] = {}
        self.own: dict[str, Any] = {}
        self.rev, self.n, self.beat = -1, -1, 0.0
        self.turns: list[tuple[str, int]] = []
        self.signals: list[dict[str, Any]] = []
        self.patches: list[dict[str, Any]] = []
        self.arrived: dict[int, float] = {}
        self.gaps = 0
        self.gone = asyncio.Event()
        self._changed = asyncio.Condition()
        self.refused = ""
        self._http: aiohttp.ClientSession | None = None
        self._io = socketio.AsyncClient(reconnection=False)

    async def join(self) -> None:
        """Connect, join, and have the view. Raises socketio's ConnectionError if refused."""
        self._http = aiohttp.ClientSession()
        self._io = socketio.AsyncClient(reconnection=False, http_session=self._http)
        for name in ("view", "patch", "own", "beacon", "signal"):
            self._io.on(name, getattr(self, f"_on_{name}"))
        self._io.on("disconnect", self._on_disconnect)
        self._io.on("connect_error", self._on_refused)
        try:
            await self._connect()
            await self._io.call("join", {}, timeout=WAIT_SECONDS)
            await self.until(lambda: self.rev >= 0)
        except BaseException:
            await self.leave()
            raise

    async def _connect(self) -> None:
        await self._io.connect(
            self.url,
            headers={"Cookie": f"seat_{self.seat}={self.token}"},
            auth={"seat": self.seat, "protocol": 1},
            transports=["websocket"],
            wait_timeout=WAIT_SECONDS,
        )

    async def leave(self) -> None:
        await self._io.disconnect()
        if self._http is not None:
            await self._http.close()

    async def send(self, command: c.Command, **said: Any) -> dict[str, Any]:
        """Give a command and return the answer as it came."""
        body = {"id": secrets.token_hex(8), "command": msgspec.to_builtins(command), **said}
        answer: dict[str, Any] = await self.call("command", body)
        return answer

    async def turn(self, document: str, page: int, **said: Any) -> dict[str, Any]:
        """Present a page, as of the last beacon."""
        return await self.send(
            c.ShowPage(document, 1, page), **{"at": self.beat, "if_rev": self.rev, **said}
        )

    async def call(self, event: str, body: Any) -> Any:
        """Any event with any body, acknowledged."""
        return await self._io.call(event, body, timeout=WAIT_SECONDS)

    async def until(self, true: Any) -> None:
        """Wait for something to be so, looking each time a message arrived."""
        async with asyncio.timeout(WAIT_SECONDS), self._changed:
            await self._changed.wait_for(true)

    async def caught_up(self, rev: int) -> None:
        """Wait until this tablet has revision `rev`."""
        await self.until(lambda: self.rev >= rev)

    async def _on_view(self, message: dict[str, Any]) -> None:
        self.view, self.rev = message["view"], message["rev"]
        self.own, self.n = message["own"], message["n"]
        await self._note()

    async def _on_patch(self, message: dict[str, Any]) -> None:
        self.patches.append(message)
        self.arrived[message["to"]] = time.perf_counter()
        if message["to"] <= self.rev:
            return
        if message["from"] != self.rev:
            self.gaps += 1
            await self._io.emit("join", {})
            return
        self.view, self.rev = patch.apply(self.view, message["patch"]), message["to"]
        await self._note()

    async def _on_own(self, message: dict[str, Any]) -> None:
        if message["n"] == self.n + 1:
            self.own, self.n = patch.apply(self.own, message["patch"]), message["n"]
            await self._note()

    async def _on_beacon(self, message: dict[str, Any]) -> None:
        self.beat = message["t"]
        await self._note()

    async def _on_signal(self, message: dict[str, Any]) -> None:
        self.signals.append(message)
        await self._note()

    async def _on_refused(self, message: Any) -> None:
        self.refused = message["message"] if isinstance(message, dict) else str(message)

    async def _on_disconnect(self, *_: Any) -> None:
        self.gone.set()

    async def _note(self) -> None:
        shown = self.view.get("presented")
        if shown and (not self.turns or self.turns[-1] != (shown["document"], shown["page"])):
            self.turns.append((shown["document"], shown["page"]))
        async with self._changed:
            self._changed.notify_all()
