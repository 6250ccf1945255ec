"""A simulated tablet does what a page in a browser does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from meeting.clock import Times
from meeting.protocol import commands as c
from meeting.rehearsal.delivery import PERISHABLE, as_answer, deliver, refused
from meeting.rehearsal.tablet import Tablet
from meeting.rules.roles import TABLE, TAGS
from tests.helpers import make
from tests.helpers.hall import Hall, hall, small_meeting
from tests.lossy.post import Post

SECONDS = 20.0
"""No wait of a test is longer; a green run never comes near it."""

TIMES = replace(Times().scaled(0.1), perish=3.0, ping_timeout=3.0, nameless=3.0)
"""Quick where a test waits for it, slow where a busy machine would be hurried."""


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path, times=TIMES) as running:
        await running.lay_down(*small_meeting())
        yield running


@contextlib.asynccontextmanager
async def at_table(room: Hall, seat: str) -> AsyncIterator[Tablet]:
    token = room.token(seat, await room.device(seat))
    tablet = Tablet(room.url, seat, token, http=Post(), times=TIMES, chance=Random(seat))
    tablet.start()
    try:
        await tablet.until(lambda: tablet.state == "live" and tablet.now() is not None, SECONDS)
        yield tablet
    finally:
        await tablet.stop()


async def opened(chair: Tablet) -> None:
    await chair.send(c.OpenMeeting())
    await chair.send(c.StartItem("1"))


def test_the_perishable_commands_are_those_of_the_rules() -> None:
    assert {TAGS[kind] for kind, row in TABLE.items() if row.perishable} == PERISHABLE


async def test_it_follows_reads_alone_and_is_called_back(room: Hall) -> None:
    async with at_table(room, "chu") as chair, at_table(room, "an") as an:
        await opened(chair)
        answer = await chair.turn("d1", 1, 3)
        assert answer is not None
        await an.until(lambda: an.rev >= answer["rev"], SECONDS)
        assert (an.shown, chair.presents, an.presents) == (("d1", 3), True, False)
        an.read("d2", 9)
        assert an.shown == ("d2", 3)
        called = await chair.send(c.CallFollowers())
        await an.until(lambda: an.rev >= called["rev"], SECONDS)
        assert an.shown == ("d1", 3)


async def test_quick_turns_end_at_the_last_page(room: Hall) -> None:
    async with at_table(room, "chu") as chair:
        await opened(chair)
        turns = [asyncio.create_task(chair.turn("d1", 1, page)) for page in (1, 2, 3, 4, 5)]
        answers = await asyncio.gather(*turns)
        assert [answer is None for answer in answers] == [False, True, True, True, True]
        await chair.until(lambda: chair.shown == ("d1", 5), SECONDS)
        given = [act.command for act in chair.history.acts.values()]
        assert given[2:] == [make.page("d1", 1), make.page("d1", 5)]


async def test_a_revoked_device_keeps_nothing(room: Hall) -> None:
    async with at_table(room, "an") as an:
        device = await room.device("an")
        await room.act("thu", c.RevokeDevice(device))
        await an.until(lambda: bool(an.refusal), SECONDS)
        assert (an.refusal, an.state, an.view, an.own, an.shown) == (
            "device_revoked", "refused", {}, {}, None,
        )  # fmt: skip


async def test_without_a_network_the_banner_comes_and_goes(room: Hall) -> None:
    async with at_table(room, "chu") as chair, at_table(room, "an") as an:
        await opened(chair)
        an.cut()
        await an.until(lambda: an.state == "offline", SECONDS)
        answer = await chair.turn("d1", 1, 2)
        an.mend()
        await an.until(lambda: an.state == "live", SECONDS)
        assert answer is not None
        assert (an.rev, an.shown, len(an.history.reconnects)) == (answer["rev"], ("d1", 2), 1)
        banners = [sight.banner for sight in an.history.sights]
        assert [banners.count(True) > 0, banners[-1]] == [True, False]


async def test_a_durable_command_given_offline_arrives_once(room: Hall) -> None:
    async with at_table(room, "an") as an:
        an.cut()
        digits = room.running.codes.digits(room.server.shell.clock.seconds())
        asked = asyncio.create_task(an.send(c.CheckIn(digits)))
        await an.until(lambda: an.state == "offline", SECONDS)
        an.mend()
        answer = await asked
        entries = room.running.state.seats["an"].stand
        assert (answer["status"], entries.state, entries.entry) == (
            "committed", "present", answer["rev"],
        )  # fmt: skip


async def test_it_comes_back_when_the_server_said_goodbye(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        room = await stack.enter_async_context(hall(tmp_path, times=TIMES))
        await room.lay_down(*small_meeting())
        async with at_table(room, "an") as an:
            await room.server.live.close()
            await an.until(lambda: an.history.byes == 1, SECONDS)
            assert an.state == "restarting"


@contextlib.asynccontextmanager
async def viewing() -> AsyncIterator[Tablet]:
    """A tablet that has its view, and of which the server is gone."""
    nowhere = "http://127.0.0.1:9"
    tablet = Tablet(nowhere, "an", "", http=Post(), times=TIMES, chance=Random(1))
    tablet.start()
    try:
        tablet.heard("view", VIEW)
        assert tablet.state == "live"
        yield tablet
    finally:
        await tablet.stop()


async def test_a_page_nobody_vouches_for_never_stands_too_long_without_the_banner() -> None:
    async with viewing() as tablet:
        for _ in range(5):
            await tablet.until(lambda: tablet.state == "offline", SECONDS)
            tablet.heard("view", VIEW)
    assert TIMES.offline / 2 < tablet.history.unvouched <= TIMES.offline


async def test_a_restart_that_was_announced_is_an_outage_only_after_its_time() -> None:
    async with viewing() as tablet:
        tablet.heard("signal", {"type": "bye", "after_ms": 100})
        seen = [tablet.state]
        await tablet.until(lambda: tablet.state == "offline", SECONDS)
        tablet.heard("view", VIEW)
        seen.append(tablet.state)
    assert seen == ["restarting", "live"]


async def test_who_wakes_up_behind_says_so_before_long() -> None:
    async with viewing() as tablet:
        tablet.sleep()
        await asyncio.sleep(TIMES.offline)
        assert tablet.state == "live"
        tablet.wake()
        await tablet.until(lambda: tablet.state == "offline", SECONDS)
    assert tablet.history.unvouched < TIMES.offline / 2


BEACONS = 30
"""More than fit into the time after which a silent device says so."""

VIEW: dict[str, Any] = {
    "rev": 5,
    "n": 1,
    "own": {"seat": "an"},
    "view": {"agenda": {}, "presenter": {"seat": "chu"}, "turn": 4, "call": 0},
}


@pytest.mark.parametrize("ahead", [{"rev": 6, "n": 1}, {"rev": 5, "n": 2}])
async def test_who_knows_to_be_behind_shows_the_banner_while_beacons_come(
    ahead: dict[str, int],
) -> None:
    async with viewing() as tablet:
        for _ in range(BEACONS):
            tablet.heard("beacon", {"t": 0.0, **ahead})
            await asyncio.sleep(TIMES.tick)
        assert tablet.state == "offline"
        tablet.heard("view", VIEW)
        assert tablet.state == "live"


class Scripted:
    """Ways to a server that answers as written, one answer for each asking."""

    def __init__(self, *answers: Any, refusal: str = "") -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.refusal = refusal
        self.clock = 0.0

    def seconds(self) -> float:
        return self.clock

    async def socket(self, sent: dict[str, Any]) -> Any:
        return self._answer("socket")

    async def post(self, sent: dict[str, Any]) -> Any:
        return self._answer("post")

    def _answer(self, way: str) -> Any:
        self.asked.append(way)
        self.clock += 1.0
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


DONE = {"status": "committed", "rev": 7}


def sent(command: c.Command) -> dict[str, Any]:
    return {"id": "x" * 8, "command": {"type": TAGS[type(command)]}}


@pytest.mark.parametrize(
    ("command", "ways", "answer", "asked"),
    [
        (c.OpenMeeting(), Scripted(DONE), DONE, ["socket"]),
        (c.OpenMeeting(), Scripted([], DONE), DONE, ["socket", "post"]),
        (
            c.OpenMeeting(),
            Scripted(OSError(), TimeoutError(), OSError(), DONE),
            DONE,
            ["socket", "post", "socket", "post"],
        ),
        (
            make.page("d1", 2),
            Scripted(TimeoutError(), TimeoutError(), TimeoutError(), TimeoutError()),
            refused("not_known"),
            ["socket", "post", "socket", "post"],
        ),
        (
            make.page("d1", 2),
            Scripted({"status": "retry", "after_ms": 9000}),
            refused("too_late"),
            ["socket"],
        ),
        (
            c.OpenMeeting(),
            Scripted(OSError(), refusal="device_revoked"),
            refused("device_revoked"),
            ["socket"],
        ),
    ],
)
async def test_a_command_is_given_until_it_is_answered(
    command: c.Command, ways: Scripted, answer: Any, asked: list[str]
) -> None:
    assert await deliver(sent(command), ways, perish=3.0, scale=0.0) == answer
    assert ways.asked == asked


def test_what_has_no_status_of_ours_is_no_answer() -> None:
    said: list[Any] = [None, [], {}, {"status": "fine"}, DONE, {"status": "retry"}]
    told = [as_answer(value) for value in said]
    assert told == [None, None, None, None, DONE, {"status": "retry", "after_ms": 1000}]
