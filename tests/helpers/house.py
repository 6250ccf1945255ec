"""A running meeting on a real data folder, closed and started again at will."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from meeting.clock import Times
from meeting.meetings import Meetings
from meeting.protocol import commands as c
from meeting.protocol.answers import Answer, Committed
from meeting.publishing import Publication
from meeting.rules.roles import TABLE
from meeting.rules.state import Actor
from meeting.running import RunningMeeting
from meeting.store.engine import Store, open_store
from meeting.store.meetings import Meetings as StoredMeetings
from meeting.store.sqlite import DATABASE
from tests.helpers import make
from tests.helpers.clock import HandClock

KEY: Final = bytes(range(32))

PREPARATION: Final = (
    make.a_meeting(),
    make.a_seat("chair", "chair", votes=True),
    make.a_seat("sec", "secretary"),
    make.a_seat("an", votes=True),
    make.a_seat("anh", votes=True),
    make.a_seat("hoa", "guest", items=("i1",)),
    make.a_seat("wall", "screen"),
    make.an_item("i1"),
    make.an_item("i2", limited_to=("sec", "chair")),
    make.a_document("d1", "i1", 34),
    make.a_document("d2", "i2", 11),
)

WITH_A_DEVICE: Final = ("chair", "sec", "an", "anh", "hoa", "wall")


class House:
    """One meeting, prepared. Seats act by name, with their first device.

    `said` is what was published; `on_disk` the head of the log in the database at that moment.
    """

    store: Store
    meetings: Meetings
    running: RunningMeeting

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.said: list[Publication] = []
        self.on_disk: list[int] = []
        self._news = asyncio.Event()
        self._ids = 0

    async def open(self) -> None:
        self.store = await open_store(self.folder)
        self.meetings = Meetings(
            StoredMeetings(self.store), KEY, self.clock, self._publish, Times()
        )
        await self.meetings.start()
        known = self.meetings.get("btv")
        self.running = known or self.meetings.begin("btv")
        if known is None:
            for command in PREPARATION:
                await self.done(make.OFFICE, command)
            for seat in WITH_A_DEVICE:
                await self.done(make.card(seat), c.ClaimDevice(f"{seat}-1", "tablet"))

    async def close(self) -> None:
        await self.meetings.close()
        await self.store.close()

    async def restart(self) -> None:
        await self.close()
        await self.open()

    async def ask(
        self, who: Actor | str, command: c.Command, id_: str = "", **shown: Any
    ) -> Answer:
        """The answer to this command; the id is a new one unless it is given."""
        actor = make.device(who) if isinstance(who, str) else who
        self._ids += 1
        sent = c.Sent(id=id_ or f"command-{self._ids}", command=command)
        if TABLE[type(command)].perishable:
            sent = c.Sent(id=sent.id, command=command, at=self.clock.seconds())
        return await self.running.submit(actor, sent, **shown)

    async def done(self, who: Actor | str, command: c.Command, **shown: Any) -> int:
        """The revision after this command, which must be committed."""
        answer = await self.ask(who, command, **shown)
        assert isinstance(answer, Committed), (command, answer)
        return answer.rev

    async def opened(self, item: str = "i1") -> None:
        await self.done("chair", c.OpenMeeting())
        await self.done("sec", c.StartItem(item=item))

    async def published(self, count: int) -> list[Publication]:
        """What was said, once that is at least so many; gathered changes take a moment."""
        async with asyncio.timeout(20):
            while len(self.said) < count:
                self._news.clear()
                await self._news.wait()
        return self.said

    def database(self, statement: str) -> Any:
        """One statement on a connection of our own: the first value it gives, if any."""
        with closing(sqlite3.connect(self.folder / DATABASE)) as connection:
            row = connection.execute(statement).fetchone()
            connection.commit()
            return row[0] if row else None

    def _publish(self, _: RunningMeeting, publication: Publication) -> None:
        self.said.append(publication)
        self.on_disk.append(self.database("SELECT max(rev) FROM facts"))
        self._news.set()
