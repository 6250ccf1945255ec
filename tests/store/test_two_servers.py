"""Two servers on one database: one order, every command once, the same state in both.

On PostgreSQL each has a store of its own, as two processes have; on SQLite, where a second process
is kept out, the second writes to the log behind the first one's back.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import aclosing
from random import Random
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

from meeting.clock import Times
from meeting.meetings import DELETED_SEEN, Meetings
from meeting.protocol import commands as c
from meeting.protocol import patch
from meeting.protocol import preparing as p
from meeting.protocol.answers import Answer, Committed, Rejected, Retry
from meeting.protocol.log import broken_at
from meeting.publishing import Publication
from meeting.rules import replay
from meeting.rules.roles import TABLE
from meeting.rules.state import Actor, Presented
from meeting.rules.visibility import audience_of, view
from meeting.running import RunningMeeting
from meeting.store.engine import Store
from meeting.store.hints import Hint
from meeting.store.meetings import LoadedLog
from meeting.store.meetings import Meetings as StoredMeetings
from meeting.store.offices import Offices
from meeting.store.postgres import PostgresStore
from tests.helpers import make
from tests.helpers.chance import Chance
from tests.helpers.clock import HandClock
from tests.helpers.house import KEY, PREPARATION, WITH_A_DEVICE
from tests.store.places import Place, Postgres

_numbers: Final = itertools.count(1)


class Server:
    """What one process has in memory of the meeting, and what it told its devices."""

    def __init__(self, store: Store) -> None:
        self.said: list[Publication] = []
        self.clock = HandClock()
        self._news = asyncio.Event()
        self.meetings = Meetings(StoredMeetings(store), KEY, self.clock, self._publish, Times())

    @property
    def running(self) -> RunningMeeting:
        running = self.meetings.get("btv")
        assert running
        return running

    async def follow(self, hints: AsyncIterator[Hint]) -> None:
        """Look wherever a hint points, for ever."""
        async for hint in hints:
            await self.meetings.look(hint.meeting, hint.rev)

    async def ask(
        self, who: Actor | str, command: c.Command, id_: str = "", if_rev: int | None = None
    ) -> Answer:
        """The answer to this, sent now; the id is a new one unless it is given."""
        actor = make.device(who) if isinstance(who, str) else who
        sent = c.Sent(id=id_ or f"command-{next(_numbers)}", command=command)
        if TABLE[type(command)].perishable:
            sent = replace(sent, at=self.clock.seconds())
        if if_rev is not None:
            sent = replace(sent, if_rev=if_rev)
        return await self.running.submit(actor, sent)

    async def published(self, count: int) -> None:
        """Until so much was said."""
        while len(self.said) < count:
            self._news.clear()
            await self._news.wait()

    def _publish(self, _: RunningMeeting, publication: Publication) -> None:
        self.said.append(publication)
        self._news.set()


@pytest.fixture
async def servers(place: Place) -> AsyncIterator[tuple[Server, Server]]:
    """Both have the meeting, prepared; nobody has opened it yet."""
    store = await place.open()
    second = await place.open() if isinstance(place, Postgres) else store
    one, two = Server(store), Server(second)
    one.meetings.begin("btv")
    for command in PREPARATION:
        assert isinstance(await one.ask(make.OFFICE, command), Committed)
    for seat in WITH_A_DEVICE:
        claim = c.ClaimDevice(f"{seat}-1", "tablet")
        assert isinstance(await one.ask(make.card(seat), claim), Committed)
    await two.meetings.start()
    yield one, two
    await one.meetings.close()
    await two.meetings.close()
    await store.close()
    await second.close()


async def both_right(one: Server, two: Server) -> LoadedLog:
    """The log as it is stored, whole, of which both have the state and the chain."""
    await one.running.look()
    await two.running.look()
    loaded = await one.meetings.stored("btv")
    assert broken_at(loaded.entries) is None
    state = replay([entry for entry, _ in loaded.entries])
    assert (one.running.state, two.running.state) == (state, state)
    assert one.running.head_hash == two.running.head_hash == loaded.entries[-1][1]
    return loaded


async def opened(one: Server, two: Server) -> int:
    """The head once the meeting is open on item i1, for both."""
    await one.ask("chair", c.OpenMeeting())
    await two.running.look()
    await two.ask("sec", c.StartItem("i1"))
    await one.running.look()
    assert (one.running.state.item, two.running.state.item) == ("i1", "i1")
    return one.running.state.rev


# One order -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_is_asked_of_either_there_is_one_order(
    servers: tuple[Server, Server], place: Place, seed: int
) -> None:
    """Each command once, each answer kept, the same state, the same chain."""
    one, two = servers
    await opened(one, two)
    random = Random(seed)
    asked: dict[str, tuple[Actor, c.Command]] = {}
    answers: dict[str, Answer] = {}

    async def ask(server: Server, id_: str) -> None:
        answer = await server.ask(*asked[id_], id_)
        assert not isinstance(answer, Retry)
        answers[id_] = answer

    for round_ in range(12):
        chance = Chance(random, random.choice(servers).running.state)
        new = [f"{round_}-{number}-command" for number in range(20)]
        for id_ in new:
            while isinstance(command := chance.command(), c.CloseMeeting):
                pass  # or there would not be much to see
            asked[id_] = (chance.actor(command), command)
        await asyncio.gather(*(ask(random.choice(servers), id_) for id_ in new))

    loaded = await both_right(one, two)
    by_command = [id_ for id_, _ in itertools.groupby(entry.command for entry, _ in loaded.entries)]
    assert len(by_command) == len(set(by_command))
    done = {id_ for id_, answer in answers.items() if isinstance(answer, Committed)}
    assert {id_ for id_ in by_command if id_ in asked} <= done
    assert len(done) >= 20, len(done)
    for id_, (_, answer) in loaded.answers.items():
        if id_ in answers:
            assert answers[id_] == answer
    assert done <= set(loaded.answers)

    # Whoever lost the answer asks the other server, which looks where another may have answered.
    for id_ in [id_ for id_ in asked if id_ in loaded.answers]:
        for server in servers if isinstance(place, Postgres) else ():
            assert await server.ask(*asked[id_], id_) == answers[id_]
    assert (await both_right(one, two)).entries == loaded.entries


async def test_the_same_command_asked_of_both_at_once_is_done_once(
    servers: tuple[Server, Server],
) -> None:
    one, two = servers
    await opened(one, two)
    for number in range(2, 22):
        turn, id_ = make.page("d1", number), f"turn-{number:04}"
        said = [*await asyncio.gather(*(server.ask("sec", turn, id_) for server in servers))]
        rev = max(server.running.state.rev for server in servers)
        assert said == [Committed(rev)] * 2
    loaded = await both_right(one, two)
    commands = [entry.command for entry, _ in loaded.entries if entry.command.startswith("turn")]
    assert commands == [f"turn-{number:04}" for number in range(2, 22)]


async def test_of_two_turns_that_meet_at_one_revision_the_later_is_too_late(
    servers: tuple[Server, Server],
) -> None:
    one, two = servers
    await opened(one, two)
    for number in range(2, 22, 2):
        head = (await both_right(one, two)).entries[-1][0].rev
        said = await asyncio.gather(
            one.ask("sec", make.page("d1", number), if_rev=head),
            two.ask("sec", make.page("d1", number + 1), if_rev=head),
        )
        assert sorted(said, key=str) == [Committed(head + 1), Rejected("too_late")]
        shown = number + said.index(Committed(head + 1))
        await both_right(one, two)
        assert two.running.state.presented == Presented("d1", 1, shown)


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
async def test_of_two_that_were_decided_before_either_is_stored_the_later_is_decided_again(
    servers: tuple[Server, Server], place: Postgres
) -> None:
    """Both have looked, decided, and wait for the meeting's row."""
    one, two = servers
    head = await opened(one, two)
    for rev in range(head, head + 10):
        first = 2 * (rev - head) + 2
        async with place.held(waiting=2):
            turns = [
                asyncio.create_task(server.ask("sec", make.page("d1", number), if_rev=rev))
                for number, server in enumerate(servers, start=first)
            ]
        said = [await turn for turn in turns]
        assert sorted(said, key=str) == [Committed(rev + 1), Rejected("too_late")]
        shown = Presented("d1", 1, first + said.index(Committed(rev + 1)))
        await both_right(one, two)
        assert one.running.state.presented == shown


async def test_what_was_decided_on_an_old_state_is_decided_again(
    servers: tuple[Server, Server],
) -> None:
    """The first of a batch meets what the other server did; the rest follow from that."""
    one, two = servers
    head = await opened(one, two)
    await two.ask("chair", c.TakePresenting())
    said = await asyncio.gather(
        one.ask("sec", make.page("d1", 2)),
        one.ask("sec", c.CheckIn()),
        one.ask("sec", c.GivePresenting("sec")),
        one.ask("sec", make.page("d1", 3)),
    )
    assert said[0] == Rejected("not_presenter", {"name": "Người chair"})
    assert [*said[2:]] == [Committed(head + 2), Committed(head + 3)]
    await both_right(one, two)


# What devices are told -----------------------------------------------------------------------


async def test_devices_are_told_what_the_other_server_stored_without_a_gap(
    servers: tuple[Server, Server],
) -> None:
    one, two = servers
    await opened(one, two)
    state = two.running.state
    member = audience_of(state, state.seats["an"])
    shown = two.running.publishing.shown_to(member)
    mine, rev = shown.view, shown.rev
    for number in range(2, 12):
        await one.ask("sec", make.page("d1", number))
        await two.running.look()
    await one.ask("chair", c.TakePresenting())
    await two.running.look()
    await two.ask("chair", make.page("d1", 12))
    await one.running.look()
    for publication in two.said:
        for audience, message in publication.patches:
            assert (audience, message.from_) == (member, rev)
            mine, rev = patch.apply(mine, message.patch), message.to
    assert rev == one.running.state.rev == two.running.state.rev
    assert mine == msgspec.to_builtins(view(one.running.state, member))
    assert len(two.said) == 12


async def test_a_hint_brings_in_what_is_new_and_meetings_that_are_new(
    servers: tuple[Server, Server],
) -> None:
    one, two = servers
    head = await opened(one, two)
    await one.ask("sec", make.page("d1", 2))
    one.meetings.begin("hdnd")
    running = one.meetings.get("hdnd")
    assert running
    created = c.Sent(id="create-0001", command=make.a_meeting("hdnd"))
    assert await running.submit(make.OFFICE, created) == Committed(1)
    assert (two.running.state.rev, two.meetings.get("hdnd")) == (head, None)

    for _ in range(2):
        await two.meetings.look("btv", head + 1)
        await two.meetings.look("hdnd", 1)
        await two.meetings.look("nowhere", 1)
    assert two.running.state == one.running.state
    known = two.meetings.get("hdnd")
    assert known
    assert (known.state, known.head_hash) == (running.state, running.head_hash)
    assert two.meetings.get("nowhere") is None


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
async def test_a_server_that_follows_the_hints_shows_the_others_pages(
    servers: tuple[Server, Server], place: Postgres
) -> None:
    one, two = servers
    await opened(one, two)
    state = two.running.state
    two.running.publishing.shown_to(audience_of(state, state.seats["an"]))
    store = await place.open()
    assert isinstance(store, PostgresStore)
    async with asyncio.timeout(20), aclosing(store.hints()) as hints:
        following = asyncio.create_task(two.follow(hints))
        for number in range(2, 7):
            turned = await one.ask("sec", make.page("d1", number))
            assert turned == Committed(state.rev + number - 1)
            await two.published(number - 1)
        following.cancel()
        await asyncio.wait([following])
    await store.close()
    assert two.running.state == one.running.state
    assert [publication.rev for publication in two.said] == [state.rev + n for n in range(1, 6)]


async def test_a_meeting_deleted_at_one_server_is_gone_at_the_other_before_it_leaves_the_disk(
    sockets: str,
) -> None:
    place = Postgres(sockets)
    stores = [await place.open(), await place.open()]
    one, two = (Server(store) for store in stores)
    try:
        one.meetings.begin("btv")
        for command in PREPARATION:
            await one.ask(make.OFFICE, command)
        await two.meetings.start()
        running = one.running
        assert isinstance(await one.ask(make.OFFICE, p.DeleteMeeting()), Committed)
        await one.meetings.put_away(running)
        await two.meetings.look("btv", running.state.rev)
        assert (one.meetings.all(), two.meetings.all()) == ([], [])
        [told] = await Offices(stores[1]).record(10)
        assert (told.what, told.about, told.called) == (
            "meeting.deleted",
            "btv",
            running.state.meeting.title,
        )
        await one.meetings.clear_deleted()
        assert await StoredMeetings(stores[1]).ids() == ["btv"]
        for server in (one, two):
            server.clock.pass_by(DELETED_SEEN.total_seconds() + 1)
            await server.meetings.clear_deleted()
        assert await StoredMeetings(stores[1]).ids() == []
        assert len(await Offices(stores[0]).record(10)) == 1
    finally:
        await one.meetings.close()
        await two.meetings.close()
        for store in stores:
            await store.close()
