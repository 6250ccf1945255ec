"""Many devices that act at once on a demo: turn pages, check in, mark, repeat themselves.

They are the rehearsal's tablets, so they behave as real ones. Whatever is not answered is
unknown to them and repeated with the same id; what became of it all is judged in `rigs.verdict`.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, Final

import httpx2
import msgspec

from meeting.clock import Times
from meeting.protocol import commands as c
from meeting.rehearsal.history import Act
from meeting.rehearsal.office import http_client
from meeting.rehearsal.tablet import Tablet
from tests.helpers.process import Demo, claim

TOGETHER: Final = 16
ACTS_A_SECOND: Final = 250.0
"""About as many as one process can simulate beside a server on two cores."""

BACK_SECONDS: Final = 60.0
MARKING: Final = 6
"""So many marks of the desk are under way at once: one over its socket, the others by HTTP."""

REPEATING: Final = 100
TAKES_OVER: Final = 0.04
POSTS_EVERY: Final = 5
"""Each fifth device acts by HTTP alone, as one whose socket does not get through."""


Seen = dict[int, set[tuple[Any, ...]]]
"""By revision, what devices had before them: turn, how many are present, and document and page
where they may see it.
"""


class Watched(Tablet):
    """A tablet that writes down in `seen` what it shows at each revision.

    `taken_back`: revisions it had shown and of which the server then knew nothing.
    """

    seen: Seen
    taken_back = 0

    def heard(self, name: str, body: Any) -> None:
        if name == "view" and self.view:
            self.taken_back += max(0, self.rev - body["rev"])
        super().heard(name, body)
        if self.view:
            page = self.view.get("presented")
            shown = (page["document"], page["page"]) if page else ()
            seen = (self.view["turn"], self.view["counts"]["present"], *shown)
            self.seen.setdefault(self.rev, set()).add(seen)


async def everyone(tablets: Iterable[Watched], so: Callable[[Watched], bool]) -> None:
    """Wait until it is so for each of them."""
    for tablet in tablets:
        await tablet.until(partial(so, tablet), BACK_SECONDS)


class Crowd:
    """A desk, a chair, the room screen, and devices of members that were added.

    Args:
        url: where all but the desk and the screen find the server, if not at its own address.
    """

    def __init__(self, demo: Demo, seed: int, *, url: str = "", times: Times | None = None) -> None:
        self.demo = demo
        self.chance = random.Random(seed)
        self.members: list[tuple[str, str]] = []
        self.tablets: list[Watched] = []
        self.seen: Seen = {}
        self.tasks: list[asyncio.Task[None]] = []
        self._url = url or demo.url
        self._times = times or Times()
        self._http = http_client()

    @property
    def acts(self) -> list[Act]:
        return [act for tablet in self.tablets for act in tablet.history.acts.values()]

    async def gather(self, devices: int) -> None:
        """Add that many members, give each a device, and have everybody join; then open."""
        links = self.demo.ready["links"]
        self.chair, self.desk, self.screen = [
            self._tablet(url, *await claim(self._http, links[who]))
            for url, who in (
                (self._url, "chair"),
                (self.demo.url, "secretary"),
                (self.demo.url, "room"),
            )
        ]
        for tablet in (self.chair, self.desk, self.screen):
            tablet.start()
        await everyone(
            (self.chair, self.desk, self.screen), lambda tablet: tablet.now() is not None
        )
        turn = asyncio.Semaphore(TOGETHER)

        async def add(number: int) -> None:
            async with turn:
                seat = secrets.token_hex(6)
                await self._done(self.desk, c.AddSeat(seat, f"Người {number}", "", "member"))
                card = await self._http.get(
                    f"{self.demo.url}/s/{self.desk.seat}/card/{seat}",
                    headers={"cookie": self.desk.cookie},
                )
                self.members.append(await claim(self._http, card.json()["link"]))

        await asyncio.gather(*(add(number) for number in range(devices)))
        for seat, token in self.members:
            self._tablet(self._url, seat, token).start()
            await asyncio.sleep(0.002)
        await self.everybody_is_live(since=[0] * len(self.tablets))
        if self.chair.view["meeting"]["phase"] == "before":
            await self._done(self.chair, c.OpenMeeting())
        await self._done(self.chair, c.StartItem(self.longest()[0]))

    def act(self) -> None:
        """Everybody acts, until `rest`."""
        pace = len(self.members) / ACTS_A_SECOND
        self._begin(self._turn_pages(self.chair), self._turn_pages(self.desk))
        self._begin(*(self._mark_left(by_post=n > 0) for n in range(MARKING)))
        for place, (seat, token) in enumerate(self.members):
            tablet = self.tablets[3 + place]
            self._begin(self._check_in(tablet, 2 * pace, by_post=place % POSTS_EVERY == 0))
            assert tablet.seat == seat, token

    async def rest(self) -> None:
        """Nobody begins anything new; what was begun is given up, as when people leave."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()

    async def leave(self) -> None:
        """Everybody goes."""
        await self.rest()
        await asyncio.gather(*(tablet.stop() for tablet in self.tablets))
        await self._http.aclose()

    def joins(self) -> list[int]:
        """How often each device has joined so far."""
        return [len(tablet.history.joins) for tablet in self.tablets]

    async def everybody_is_live(self, since: list[int]) -> None:
        """Wait until every device joined once more than it had, and is as new as any was."""
        head = max(tablet.rev for tablet in self.tablets)
        before = dict(zip(self.tablets, since, strict=True))
        await everyone(
            self.tablets,
            lambda tablet: (
                len(tablet.history.joins) > before[tablet]
                and tablet.state == "live"
                and tablet.rev >= head
            ),
        )

    async def everybody_is_right(self) -> int:
        """How many devices have another revision than the desk once nobody acts any more."""
        late = c.AddSeat(secrets.token_hex(6), "Người đến sau", "", "member")
        head = await self._done(self.desk, late)
        await everyone(self.tablets, lambda tablet: tablet.rev >= head)
        return sum(tablet.rev != self.desk.rev for tablet in self.tablets)

    async def repeat_itself(self) -> None:
        """Some devices ask their last answered command once more, as if it had not come."""

        async def again(tablet: Tablet) -> None:
            acts = [act for act in tablet.history.acts.values() if _committed(act)]
            if acts:
                await self._post(tablet, acts[-1])

        some = self.chance.sample(self.tablets, min(REPEATING, len(self.tablets)))
        await asyncio.gather(*(again(tablet) for tablet in some))

    def _tablet(self, url: str, seat: str, token: str) -> Watched:
        chance = random.Random(self.chance.getrandbits(64))
        tablet = Watched(url, seat, token, http=self._http, times=self._times, chance=chance)
        tablet.seen = self.seen
        self.tablets.append(tablet)
        return tablet

    def _begin(self, *works: Coroutine[Any, Any, None]) -> None:
        self.tasks += [asyncio.create_task(work, name="crowd") for work in works]

    async def _turn_pages(self, tablet: Tablet) -> None:
        item, document, pages = self.longest()
        while True:
            if tablet.now() is None or tablet.state != "live":
                pass
            elif tablet.view.get("item") != item:
                await tablet.send(c.StartItem(item))
            elif tablet.presents:
                await tablet.turn(document, 1, self.chance.randint(1, pages))
            elif self.chance.random() < TAKES_OVER:
                await tablet.send(c.TakePresenting())
            await asyncio.sleep(self.chance.uniform(0, 0.08))

    async def _check_in(self, tablet: Tablet, pause: float, *, by_post: bool) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0, pause))
            digits = self.screen.code.get("digits")
            if digits and by_post:
                await self._settle_by_post(tablet, c.CheckIn(digits))
            elif digits:
                await tablet.send(c.CheckIn(digits))

    async def _mark_left(self, *, by_post: bool) -> None:
        """The desk sees people leave, so that they can check in again."""
        while True:
            marked = c.MarkAttendance(self._somebody(), "left")
            if by_post:
                await self._settle_by_post(self.desk, marked)
            else:
                await self.desk.send(marked)
            await asyncio.sleep(self.chance.uniform(0, 0.05))

    async def _settle_by_post(self, tablet: Tablet, command: c.Command) -> None:
        act = Act(secrets.token_hex(8), command, time.perf_counter(), None, durable=True)
        tablet.history.acts[act.id] = act
        while not act.answers:
            await self._post(tablet, act)
            if not act.answers:
                await asyncio.sleep(self.chance.uniform(0.05, 0.3))

    async def _post(self, tablet: Tablet, act: Act) -> None:
        """Ask once by HTTP; an answer that settles the command is noted."""
        body: dict[str, Any] = {"id": act.id, "command": msgspec.to_builtins(act.command)}
        if act.at is not None:
            body["at"] = act.at
        headers = {"cookie": tablet.cookie, "x-phien": "1"}
        try:
            url = f"{tablet.url}/s/{tablet.seat}/command"
            answer = (await self._http.post(url, json=body, headers=headers)).json()
        except (httpx2.HTTPError, OSError, ValueError):
            return
        if answer.get("status") in ("committed", "rejected"):
            act.answers.append(answer)

    async def _done(self, tablet: Tablet, command: c.Command) -> int:
        answer = await tablet.send(command)
        assert answer["status"] == "committed", (command, answer)
        return int(answer["rev"])

    def _somebody(self) -> str:
        return self.chance.choice(self.members)[0]

    def longest(self) -> tuple[str, str, int]:
        """The longest paper: its item, itself, its pages."""
        papers = [
            (row["pages"], item, document)
            for item, rows in self.chair.view["agenda"].items()
            for document, row in rows.get("documents", {}).items()
        ]
        pages, item, document = max(papers)
        return item, document, pages


def _committed(act: Act) -> bool:
    return any(answer["status"] == "committed" for answer in act.answers)
