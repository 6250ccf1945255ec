"""A whole server on loopback, in the test's own loop, and a small meeting in it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from meeting import network
from meeting.app import Server
from meeting.clock import Clock, SystemClock, Times
from meeting.front import uvicorn_config
from meeting.protocol import commands as c
from meeting.protocol.answers import Answer, Committed
from meeting.rules.state import Actor
from meeting.running import RunningMeeting
from meeting.settings import Settings
from tests.helpers import make


class Hall:
    """A running server. Seats act through `act`, with a device of their own."""

    def __init__(self, server: Server, url: str) -> None:
        self.server = server
        self.url = url
        self._devices: dict[str, str] = {}

    @property
    def running(self) -> RunningMeeting:
        return self.server.meetings.all()[-1]

    async def lay_down(self, *commands: c.Command) -> None:
        """The office prepares; the first command creates the meeting."""
        for command in commands:
            if isinstance(command, c.CreateMeeting):
                self.server.meetings.begin(command.meeting)
            running = self.server.meetings.get("btv")
            assert running is not None
            answer = await running.submit(make.OFFICE, sent(command))
            assert isinstance(answer, Committed), (command, answer)

    async def device(self, seat: str) -> str:
        """A device of this seat, claimed by its card the first time it is asked for."""
        if seat not in self._devices:
            device = f"{seat}-{secrets.token_hex(4)}"
            serial = self.running.state.seats[seat].card
            claim = sent(c.ClaimDevice(device, "tablet"))
            answer = await self.running.submit(Actor("card", seat, "", serial), claim)
            assert isinstance(answer, Committed), answer
            self._devices[seat] = device
        return self._devices[seat]

    def token(self, seat: str, device: str) -> str:
        """The value of the cookie that makes a device this seat's."""
        return self.server.access.device_token(self.running.id, seat, device)

    async def act(self, seat: str, command: c.Command) -> Answer:
        """This seat's device asks, at this moment."""
        actor = Actor("device", seat, await self.device(seat))
        now = self.server.shell.clock.seconds()
        return await self.running.submit(actor, sent(command, at=now), sighting="fresh")


def sent(command: c.Command, at: float | None = None) -> c.Sent:
    """A command on its way, with an id of its own."""
    plain = c.Sent(secrets.token_hex(8), command)
    return plain if at is None else c.Sent(plain.id, command, at)


@contextlib.asynccontextmanager
async def hall(
    folder: Path,
    clock: Clock | None = None,
    *,
    times: Times | None = None,
    around: Callable[[ASGIApp], ASGIApp] | None = None,
) -> AsyncIterator[Hall]:
    """A server over this folder; ended, with all its processes, when the block ends.

    Args:
        around: what stands between uvicorn and the application.
    """
    with network.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        settings = Settings(data=folder, host="127.0.0.1", port=port, times=times or Times())
        server = Server(settings, url, clock or SystemClock())
        await server.start()
        serving = _Serving(uvicorn_config(around(server.app) if around else server.app))
        task = asyncio.create_task(serving.serve([listener]), name="hall: uvicorn")
        try:
            await serving.listening.wait()
            yield Hall(server, url)
        finally:
            serving.should_exit = True
            await server.live.close()
            await task
            await server.close()


def passing_on(app: ASGIApp) -> ASGIApp:
    """A middleware, as any host may put one there: `send` is no longer uvicorn's own."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def passed_on(message: Any) -> None:
            await send(message)

        await app(scope, receive, passed_on)

    return wrapped


class _Serving(uvicorn.Server):
    """uvicorn without its signal handlers, telling when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield

    async def startup(self, sockets=None) -> None:  # type: ignore[no-untyped-def]
        await super().startup(sockets)
        self.listening.set()


def small_meeting() -> list[c.Command]:
    """Chair, secretary, three members, a guest of item 2, a screen; three items, three papers."""
    return [
        make.a_meeting(presenter="chair", starts_at=make.PASSED),
        make.a_seat("chu", "chair", votes=True),
        make.a_seat("thu", "secretary"),
        make.a_seat("an", votes=True),
        make.a_seat("ba", votes=True),
        make.a_seat("ca", "technician"),
        make.a_seat("man", "screen"),
        make.an_item("1"),
        make.an_item("2"),
        make.an_item("3"),
        make.a_seat("khach", "guest", items=("2",)),
        make.a_document("d1", "1", pages=5),
        make.a_document("d2", "2", pages=3),
        make.a_document("d3", "3", pages=2),
    ]
