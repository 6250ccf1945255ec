"""Who sits in the lossy world and what they do: mostly sense, at random moments."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx2

from meeting.clock import Times
from meeting.protocol import commands as c
from meeting.protocol.words import Attendance
from meeting.rehearsal.tablet import Tablet
from tests.helpers.process import claim
from tests.lossy.child import PAGES
from tests.lossy.post import Post

PAUSE: Final = (2.0, 12.0)
CHAIR_PAUSE: Final = (0.5, 4.0)
"""Seconds between two things one person does, at true scale."""

WAITS: Final = 0.8
"""Whoever sees the banner mostly waits; some tap all the same."""

BEGUN_MOST: Final = 2
"""Nobody begins more before the last things have their answers."""

STATES: Final[tuple[Attendance, ...]] = ("present", "left", "returned", "absent", "late")


@dataclass
class Person:
    """One seat and the tablets that served it, the present one last."""

    seat: str
    role: str
    tablets: list[Tablet]
    devices: list[str]

    @property
    def tablet(self) -> Tablet:
        return self.tablets[-1]


@dataclass
class Room:
    """Everybody in it. `server` is reached directly, `url` through the bad network."""

    server: str
    url: str
    times: Times
    chance: Random
    http: httpx2.AsyncClient
    people: list[Person] = field(default_factory=list)
    _acting: set[asyncio.Task[None]] = field(default_factory=set)
    _asking: set[asyncio.Task[Any]] = field(default_factory=set)

    def seat(self, row: dict[str, str]) -> None:
        """Somebody comes in with a device that is claimed already."""
        tablet = self._tablet(row["seat"], row["token"])
        self.people.append(Person(row["seat"], row["role"], [tablet], [row["device"]]))

    def of(self, role: str) -> Person:
        return next(person for person in self.people if person.role == role)

    @property
    def tablets(self) -> list[Tablet]:
        """All there ever were."""
        return [tablet for person in self.people for tablet in person.tablets]

    async def open(self) -> None:
        """The chair opens the meeting and presents a first page, in clear weather."""
        tablet = self.of("chair").tablet
        await tablet.send(c.OpenMeeting())
        while (await tablet.send(c.StartItem("1")))["status"] != "committed":
            continue
        await tablet.turn("d1", 1, 1)

    async def last_entry(self) -> None:
        """Everything is answered, and then the desk mends one thing more."""
        await self.answered()
        command = c.CorrectAttendance(self._somebody().seat, "present", "sau cùng")
        task = asyncio.ensure_future(self.of("secretary").tablet.send(command))
        self._asking.add(task)
        await asyncio.shield(task)

    def act(self) -> None:
        """Everybody acts, until `rest`."""
        for person in self.people:
            if person.role != "screen":
                task = asyncio.create_task(self._live(person), name=f"lossy: {person.seat}")
                self._acting.add(task)

    async def rest(self) -> None:
        """Nobody begins anything new; what was begun goes on."""
        for task in self._acting:
            task.cancel()
        await asyncio.gather(*self._acting, return_exceptions=True)
        for tablet in self.tablets:
            if tablet.connection.asleep:
                tablet.wake()

    async def answered(self) -> None:
        """Everything that was begun has its answer. Who stops waiting stops nothing else."""
        if self._asking:
            await asyncio.wait(self._asking)

    async def leave(self) -> None:
        for task in [*self._acting, *self._asking]:
            task.cancel()
        await asyncio.gather(*self._acting, *self._asking, return_exceptions=True)
        await asyncio.gather(*(tablet.stop() for tablet in self.tablets))

    def _tablet(self, seat: str, token: str) -> Tablet:
        chance = Random(self.chance.getrandbits(64))
        tablet = Tablet(self.url, seat, token, http=Post(), times=self.times, chance=chance)
        tablet.start()
        return tablet

    async def _live(self, person: Person) -> None:
        scale, pause = person.tablet.scale, PAUSE
        if person.role == "chair":
            pause = CHAIR_PAUSE
        while True:
            await asyncio.sleep(self.chance.uniform(*pause) * scale)
            if person.tablet.state != "live" and self.chance.random() < WAITS:
                continue
            if (
                sum(act.settled is None for act in person.tablet.history.acts.values())
                >= BEGUN_MOST
            ):
                continue
            deed = self.chance.choices(*_weighed(person))[0]
            await deed(self, person)

    def _ask(self, asked: Awaitable[Any]) -> None:
        """Begin it; whoever taps does not wait for the answer before doing something else."""
        task = asyncio.ensure_future(asked)
        self._asking.add(task)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    # Deeds

    async def turn(self, person: Person) -> None:
        tablet = person.tablet
        item = tablet.view.get("agenda", {}).get(tablet.view.get("item", ""))
        if not item or not item.get("documents", {}):
            return
        for document, paper in item.get("documents", {}).items():
            for _ in range(self.chance.choice((1, 1, 1, 3))):
                page = self.chance.randint(1, paper["pages"])
                self._ask(tablet.turn(document, paper["version"], page))

    async def start_item(self, person: Person) -> None:
        self._ask(person.tablet.send(c.StartItem(self.chance.choice("123"))))

    async def take(self, person: Person) -> None:
        self._ask(person.tablet.send(c.TakePresenting()))

    async def give(self, person: Person) -> None:
        others = [other.seat for other in self.people if other.role in ("chair", "member")]
        self._ask(person.tablet.send(c.GivePresenting(self.chance.choice(others))))

    async def call(self, person: Person) -> None:
        self._ask(person.tablet.send(c.CallFollowers()))

    async def check_in(self, person: Person) -> None:
        if digits := self.of("screen").tablet.code.get("digits"):
            self._ask(person.tablet.send(c.CheckIn(digits)))

    async def present_or_check_in(self, person: Person) -> None:
        await (self.turn if person.tablet.presents else self.check_in)(person)

    async def mark(self, person: Person) -> None:
        seat = self._somebody().seat
        self._ask(
            person.tablet.send(c.MarkAttendance(seat, self.chance.choice(STATES), reason="x"))
        )

    async def correct(self, person: Person) -> None:
        state, reason = self.chance.choice(STATES), f"nhầm {self.chance.randrange(10**6)}"
        command = c.CorrectAttendance(self._somebody().seat, state, reason)
        self._ask(person.tablet.send(command))

    async def read_alone(self, person: Person) -> None:
        person.tablet.read(self.chance.choice(("d1", "d2")), self.chance.randint(1, PAGES))

    async def come_back(self, person: Person) -> None:
        person.tablet.back()

    async def nod_off(self, person: Person) -> None:
        tablet = person.tablet
        tablet.sleep()
        await asyncio.sleep(self.chance.uniform(1, 20) * tablet.scale)
        tablet.wake()

    async def change_device(self, person: Person) -> None:
        """The desk takes somebody's device away; they sit down with another one."""
        self._ask(self._change_device(person, self._somebody()))

    async def _change_device(self, person: Person, other: Person) -> None:
        device, count = other.devices[-1], len(other.devices)
        answer = await person.tablet.send(c.RevokeDevice(device))
        if answer["status"] != "committed" or len(other.devices) != count:
            return
        desk = {"cookie": person.tablet.cookie}
        card = await self.http.get(f"{self.server}/s/{person.seat}/card/{other.seat}", headers=desk)
        link = f"{self.server}/c/{card.json()['link'].rpartition('/')[2]}"
        seat, token = await claim(self.http, link)
        other.devices.append(token.partition(".")[0])
        other.tablets.append(self._tablet(seat, token))

    def _somebody(self) -> Person:
        return self.chance.choice([one for one in self.people if one.role == "member"])


Deed = Callable[[Room, Person], Awaitable[None]]

_DEEDS: Final[dict[str, dict[Deed, int]]] = {
    "chair": {
        Room.turn: 12, Room.start_item: 2, Room.take: 2, Room.give: 1, Room.call: 1,
        Room.check_in: 1,
    },
    "secretary": {
        Room.turn: 4, Room.start_item: 1, Room.take: 2, Room.give: 1, Room.mark: 5,
        Room.correct: 3, Room.change_device: 1,
    },
    "member": {
        Room.present_or_check_in: 6, Room.read_alone: 2, Room.come_back: 2, Room.nod_off: 1,
    },
    "guest": {Room.check_in: 2, Room.read_alone: 1, Room.come_back: 1},
}  # fmt: skip
"""What each role does, and how often."""


def _weighed(person: Person) -> tuple[list[Deed], list[int]]:
    deeds = _DEEDS[person.role]
    return list(deeds), list(deeds.values())
