"""A demo's data folder with many members, laid down before the server that is measured starts.

Everything goes through the same door as in a meeting; nobody is waited for over the network.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from meeting import demo
from meeting.access import cookie_name
from meeting.app import Server
from meeting.clock import SystemClock
from meeting.pages import WIDTHS
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.rules.roles import TABLE
from meeting.rules.state import Actor
from meeting.running import RunningMeeting
from meeting.settings import Settings
from tests.bench.load import SERVER_CORE, on_core
from tests.helpers.process import Demo, free_port

AT_ONCE: Final = 500
"""Commands waiting at a time; the door takes no more than 2,000."""


class Seat(Struct, frozen=True):
    """A seat and the value of its device's cookie."""

    id: str
    token: str

    def device(self, *, keeps: bool = False) -> dict[str, Any]:
        """This seat's device, as the load wants it."""
        cookie = f"{cookie_name(self.id)}={self.token}"
        return {"cookie": cookie, "auth": {"seat": self.id, "protocol": 1}, "keeps": keeps}


class Prepared(Struct, frozen=True):
    """A meeting that was opened, with an item on and one of its papers to present."""

    meeting: str
    chair: Seat
    secretary: Seat
    screen: Seat
    members: tuple[Seat, ...]
    document: str
    pages: int

    @property
    def paper(self) -> dict[str, Any]:
        """What the chair turns the pages of."""
        return {"document": self.document, "pages": self.pages}


@contextlib.asynccontextmanager
async def served(laid_down: Path, *, world: Sequence[str] = ()) -> AsyncIterator[Demo]:
    """A server of its own process over a copy of what was laid down; ended with the block.

    Args:
        world: options of `tests.rigs.child`.
    """
    data = laid_down.with_name(f"{laid_down.name}-served")
    shutil.copytree(laid_down, data)
    running = Demo(data, free_port(), world=world)
    try:
        with on_core(SERVER_CORE):
            await running.start()
        try:
            yield running
        finally:
            await running.stop()
    finally:
        shutil.rmtree(data)


async def prepare(folder: Path, members: int) -> Prepared:
    """Lay down the sample meeting with so many more members, each with a device of its own.

    All page images are made, so that the server has nothing else to do when it is measured.
    """
    server = Server(Settings(data=folder), "http://127.0.0.1", SystemClock())
    await server.start()
    try:
        running, _ = await demo.prepare(server, (), anew=True)
        added = [secrets.token_hex(6) for _ in range(members)]
        office = Actor("office")
        await _all(running, [(office, c.AddSeat(seat, f"Người {n}", "", "member"))
                             for n, seat in enumerate(added, start=1)])  # fmt: skip
        by_role = {seat.role: seat.id for seat in running.state.seats.values()}
        staff = [by_role[role] for role in ("chair", "secretary", "screen")]
        chair, secretary, screen, *others = await _devices(server, running, [*staff, *added])
        seat = running.state.seats[chair.id]
        acting = Actor("device", seat.id, chair.token.partition(".")[0])
        longest = max(
            (d for d in running.state.documents.values()
             if not running.state.items[d.item].limited_to),
            key=lambda document: document.pages,
        )  # fmt: skip
        await _all(running, [(acting, c.OpenMeeting()), (acting, c.StartItem(longest.item))])
        await _drawn(server, running)
    finally:
        await server.close()
    return Prepared(
        meeting=running.id,
        chair=chair,
        secretary=secretary,
        screen=screen,
        members=tuple(others),
        document=longest.id,
        pages=longest.pages,
    )


async def _devices(server: Server, running: RunningMeeting, seats: list[str]) -> list[Seat]:
    claims: list[tuple[Actor, c.Command]] = []
    devices = {seat: secrets.token_hex(8) for seat in seats}
    for seat, device in devices.items():
        card = Actor("card", seat, "", running.state.seats[seat].card)
        claims.append((card, c.ClaimDevice(device, "tablet")))
    await _all(running, claims)
    token = server.access.device_token
    return [Seat(seat, token(running.id, seat, device)) for seat, device in devices.items()]


async def _all(running: RunningMeeting, acts: list[tuple[Actor, c.Command]]) -> None:
    for start in range(0, len(acts), AT_ONCE):
        answers = await asyncio.gather(
            *(
                running.submit(actor, _sent(command))
                for actor, command in acts[start : start + AT_ONCE]
            )
        )
        refused = [answer for answer in answers if not isinstance(answer, Committed)]
        if refused:
            raise RuntimeError(f"the meeting was not laid down: {refused[0]}")


def _sent(command: c.Command) -> c.Sent:
    if TABLE[type(command)].perishable:
        return c.Sent(secrets.token_hex(8), command, at=SystemClock().seconds())
    return c.Sent(secrets.token_hex(8), command)


async def _drawn(server: Server, running: RunningMeeting) -> None:
    for paper in running.state.documents.values():
        for page in range(1, paper.pages + 1):
            for width in WIDTHS:
                await server.pages.image(paper.sha256, page, width)
