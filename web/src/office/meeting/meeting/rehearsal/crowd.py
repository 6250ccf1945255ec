"""Everybody in a rehearsal: chair, desk, room screen and members, and what they do in it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from random import Random
from typing import Final

from meeting.clock import Times
from meeting.errors import Stopped
from meeting.protocol import commands as c
from meeting.protocol.rehearsals import RehearsalBegun
from meeting.rehearsal.history import Act
from meeting.rehearsal.office import Office
from meeting.rehearsal.plan import ALONE, Plan
from meeting.rehearsal.tablet import Tablet

COME_IN_SECONDS: Final = 30.0
SETTLE_SECONDS: Final = 20.0
COMPARED_AT_ONCE: Final = 20
LOOK_SECONDS: Final = 0.05


class Crowd:
    """The simulated people. `members` are those the figures speak of.

    Args:
        begun: the rehearsal's meeting, and everybody's card.
    """

    def __init__(self, office: Office, begun: RehearsalBegun, plan: Plan, chance: Random) -> None:
        self.members: list[Tablet] = []
        self.everybody: list[Tablet] = []
        self._office = office
        self._begun = begun
        self._plan = plan
        self._chance = chance
        self._tokens: dict[str, str] = {}
        self._seeing = asyncio.Event()
        self._seeing.set()

    @property
    def turns(self) -> list[Act]:
        """The chair's page turns that are known to be committed, in order."""
        acts = self.chair.history.acts.values()
        return [act for act in acts if isinstance(act.command, c.ShowPage) and act.committed]

    @property
    def check_ins(self) -> list[Act]:
        acts = [act for member in self.members for act in member.history.acts.values()]
        return [act for act in acts if isinstance(act.command, c.CheckIn)]

    # Coming in

    async def set_up(self) -> None:
        """Chair, desk and room screen come first.

        Raises:
            Stopped: they cannot.
        """
        codes = (self._begun.chair, self._begun.secretary, self._begun.screen)
        self.chair, self.desk, self.screen = [await self._enter(code) for code in codes]
        ready = await _settled(
            COME_IN_SECONDS,
            lambda: bool(self.screen.code) and all(t.now() is not None for t in self.everybody),
        )
        if not ready:
            raise Stopped("rehearse_not_in")

    async def arrive(self) -> list[Stopped]:
        """The members come in, each at a moment of their own; why some could not."""

        async def one(code: str) -> None:
            await asyncio.sleep(self._chance.uniform(0, self._plan.arrive))
            self.members.append(await self._enter(code))

        came = await asyncio.gather(*map(one, self._begun.members), return_exceptions=True)
        faults = [fault for fault in came if isinstance(fault, BaseException)]
        stopped = [fault for fault in faults if isinstance(fault, Stopped)]
        if len(stopped) < len(faults) or len(stopped) == len(came):
            raise faults[0]
        await _settled(COME_IN_SECONDS, lambda: all(m.state == "live" for m in self.members))
        return stopped

    async def open(self) -> None:
        await self.chair.send(c.OpenMeeting())
        await self.chair.send(c.StartItem(self._begun.item))

    async def _enter(self, code: str) -> Tablet:
        seat, token = await self._office.claim(code)
        self._tokens[seat] = token
        tablet = self._tablet(seat)
        self.everybody.append(tablet)
        tablet.start()
        return tablet

    def _tablet(self, seat: str) -> Tablet:
        return Tablet(
            self._office.url,
            seat,
            self._tokens[seat],
            http=self._office.http,
            times=Times(),
            chance=Random(self._chance.getrandbits(64)),
        )

    # What people do

    async def turn_pages(self, end: float) -> None:
        """The chair goes through the paper, again and again, until `end` by the loop's clock."""
        loop = asyncio.get_running_loop()
        page, due = 0, loop.time()
        while due < end:
            page = page % self._begun.pages + 1
            await self._seeing.wait()
            await self.chair.turn(self._begun.document, 1, page)
            due = max(loop.time(), due + self._plan.pace)
            await asyncio.sleep(due - loop.time())

    async def read_alone(self, end: float) -> None:
        """Some members look at another page for a while, then come back, until `end`."""
        loop = asyncio.get_running_loop()
        alone: list[Tablet] = []
        while loop.time() < end:
            for tablet in alone:
                tablet.back()
            few = max(1, round(len(self.members) * ALONE))
            alone = self._chance.sample(self.members, min(few, len(self.members)))
            for tablet in alone:
                tablet.read(self._begun.document, self._chance.randint(1, self._begun.pages))
            await asyncio.sleep(self._plan.pace * 3)

    async def check_in(self, members: Iterable[Tablet], within: float) -> None:
        """Each types the digits that stand on the room screen then."""

        async def one(tablet: Tablet) -> None:
            await asyncio.sleep(self._chance.uniform(0, within))
            await tablet.send(c.CheckIn(self.screen.code["digits"]))

        await asyncio.gather(*map(one, members))

    async def lose_the_network(self, seconds: float) -> None:
        """All tablets; desk and room screen stand beside the server and go on."""
        away = [self.chair, *self.members]
        self._seeing.clear()
        for tablet in away:
            tablet.cut()
        await asyncio.sleep(seconds)
        for tablet in away:
            tablet.mend()
        with contextlib.suppress(TimeoutError):
            await self.chair.until(lambda: self.chair.state == "live", COME_IN_SECONDS)
        self._seeing.set()

    # The end

    async def wrong(self) -> int:
        """How many devices do not see what the server shows somebody who joins now."""
        head = (await self._office.log(self._begun.meeting)).rev
        await _settled(SETTLE_SECONDS, lambda: all(t.rev >= head for t in self.everybody))
        gate = asyncio.Semaphore(COMPARED_AT_ONCE)

        async def differs(tablet: Tablet) -> bool:
            async with gate:
                fresh = self._tablet(tablet.seat)
                fresh.start()
                try:
                    await fresh.until(lambda: fresh.state == "live", COME_IN_SECONDS)
                except TimeoutError:
                    return True
                finally:
                    await fresh.stop()
                return (tablet.rev, tablet.view, tablet.own) != (fresh.rev, fresh.view, fresh.own)

        wrong = await asyncio.gather(*map(differs, self.everybody))
        return sum(wrong) + len(self._begun.members) - len(self.members)

    async def leave(self) -> None:
        await asyncio.gather(*(tablet.stop() for tablet in self.everybody))


async def _settled(seconds: float, true: Callable[[], bool]) -> bool:
    """Whether it became so within this time."""
    for _ in range(round(seconds / LOOK_SECONDS)):
        if true():
            return True
        await asyncio.sleep(LOOK_SECONDS)
    return true()
