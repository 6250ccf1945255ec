"""What comes by itself: the room to chair and desk, codes to the screen, the beacon to everybody.

The server's clock is moved by hand; its ticker goes on as it does for people.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from tests.helpers.clock import HandClock
from tests.helpers.hall import Hall, hall, small_meeting
from tests.helpers.tablet import Tablet

EVERYBODY: Final = ("chu", "thu", "an", "ba", "ca", "khach", "man")


class Listener(Tablet):
    """A tablet that also remembers what the beacon says."""

    said_rev = -1

    async def _on_beacon(self, message: dict[str, Any]) -> None:
        self.said_rev = message["rev"]
        await super()._on_beacon(message)

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """The signals of this kind that came, the newest last."""
        return [signal for signal in self.signals if signal["type"] == kind]

    @property
    def room(self) -> dict[str, Any]:
        """What this device was last told of the room."""
        return self.heard("room")[-1] if self.heard("room") else {}

    async def knows(self, **expected: object) -> dict[str, Any]:
        """What this device is told of the room once it says all of this."""
        await self.until(lambda: {**self.room, **expected} == self.room != {})
        return self.room


class Party:
    """Everybody's tablet in one hall, and the hand on the clock."""

    def __init__(self, room: Hall, clock: HandClock) -> None:
        self.hall = room
        self.clock = clock
        self.tablets: dict[str, Listener] = {}

    async def comes(self, *seats: str) -> list[Listener]:
        for seat in seats:
            token = self.hall.token(seat, await self.hall.device(seat))
            self.tablets[seat] = Listener(self.hall.url, seat, token)
            await self.tablets[seat].join()
            await self.tablets[seat].call("signal", {"type": "idle", "follows": True})
        return [self.tablets[seat] for seat in seats]

    async def act(self, seat: str, *commands: c.Command) -> None:
        for command in commands:
            answer = await self.hall.act(seat, command)
            assert isinstance(answer, Committed), (command, answer)

    async def told(self) -> None:
        """Everybody here has what the ticker has to say now: two beacons, the second of which
        follows everything that went with the first.
        """
        for _ in range(2):
            self.clock.pass_by(0.125)
            now = self.clock.seconds()
            for tablet in self.tablets.values():
                await tablet.until(lambda tablet=tablet, now=now: tablet.beat >= now)

    async def leaves(self, seat: str) -> None:
        await self.tablets.pop(seat).leave()


@pytest.fixture
async def party(tmp_path: Path) -> AsyncIterator[Party]:
    clock = HandClock()
    async with hall(tmp_path / "data", clock) as room:
        await room.lay_down(*small_meeting())
        guests = Party(room, clock)
        yield guests
        for seat in [*guests.tablets]:
            await guests.leaves(seat)


async def shows(tablet: Listener, document: str, page: int, *, follows: bool) -> None:
    """This device has painted a page."""
    signal = {"type": "shows", "document": document, "page": page, "follows": follows}
    answer = await tablet.call("signal", signal)
    assert answer["status"] == "committed"


# Codes


@pytest.mark.slow
async def test_the_screen_has_the_code_on_joining_and_a_new_one_with_each_window(
    party: Party,
) -> None:
    codes = party.hall.running.codes
    (screen,) = await party.comes("man")

    def expected() -> tuple[str, str]:
        now = party.clock.seconds()
        return codes.digits(now), f"{party.hall.url}/q/{codes.scan_code(now)}"

    def on_show() -> list[tuple[str, str]]:
        return [(signal["digits"], signal["url"]) for signal in screen.heard("code")]

    shown = [expected()]
    await screen.until(lambda: bool(screen.signals))
    assert on_show()[0] == shown[0]
    assert "<svg" in screen.signals[0]["qr"]
    await party.told()
    told = len(on_show())
    await party.told()
    assert on_show() == shown * told, "said again although nothing changed"
    for _ in range(5):
        party.clock.pass_by(8)
        shown.append(expected())
        await screen.until(lambda: on_show()[-1] == shown[-1])
    assert on_show()[told:] == shown[1:]
    assert len({url for _, url in shown}) == 6
    assert len({digits for digits, _ in shown}) == 2


async def test_another_address_than_the_one_on_cards_is_told_to_screen_and_desk(
    party: Party,
) -> None:
    desk, screen = await party.comes("thu", "man")
    await screen.until(lambda: bool(screen.heard("code")))
    assert screen.heard("code")[-1]["address_changed"] is False

    addresses = party.hall.server.prints.addresses
    addresses.note(party.hall.running.id, "http://10.0.0.9")

    assert (await desk.knows(warnings=["address_changed"]))["warnings"] == ["address_changed"]
    party.clock.pass_by(8)
    await screen.until(lambda: screen.heard("code")[-1]["address_changed"] is True)
    addresses.note(party.hall.running.id, party.hall.server.base_url)
    await desk.knows(warnings=[])


async def test_nobody_but_the_screen_has_the_code(party: Party) -> None:
    everybody = await party.comes(*EVERYBODY)
    party.clock.pass_by(8)
    await party.told()
    assert {one.seat for one in everybody if one.heard("code")} == {"man"}


async def test_every_screen_that_joins_has_the_code_at_once(party: Party) -> None:
    (first,) = await party.comes("man")
    await first.until(lambda: bool(first.signals))
    second = Listener(party.hall.url, "man", first.token)
    await second.join()
    await second.until(lambda: bool(second.signals))
    assert second.signals[0] == first.heard("code")[-1]
    await second.leave()


# The room


async def test_chair_and_desk_have_the_room_and_nobody_else_ever(party: Party) -> None:
    everybody = await party.comes(*EVERYBODY)
    chair, desk = (party.tablets[seat] for seat in ("chu", "thu"))
    assert await chair.knows(following=3, alone=0) == await desk.knows(following=3, alone=0)
    await party.act("chu", c.OpenMeeting(), c.StartItem("1"))
    await party.leaves("an")
    await desk.knows(following=2, lost=[])
    party.clock.pass_by(3)
    for one in (chair, desk):
        await one.knows(following=2, lost=["an"])
    await party.told()
    assert {one.seat for one in everybody if one.heard("room")} == {"chu", "thu"}


@pytest.mark.slow
async def test_the_room_is_numbered_and_said_only_when_it_changed(party: Party) -> None:
    desk, member = await party.comes("thu", "an")
    await party.told()
    told = len(desk.heard("room"))
    await member.call("signal", {"type": "idle", "follows": False})
    await desk.knows(alone=1)
    await party.told()
    assert len(desk.heard("room")) == told + 1
    numbers = [signal["n"] for signal in desk.heard("room")]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


async def test_a_desk_that_comes_later_is_told_at_once(party: Party) -> None:
    chair, _ = await party.comes("chu", "an")
    last = await chair.knows(following=1)
    (desk,) = await party.comes("thu")
    await desk.until(lambda: bool(desk.signals))
    assert desk.signals[0] == last


@pytest.mark.slow
async def test_who_reads_alone_is_only_a_number(party: Party) -> None:
    desk, an, ba = await party.comes("thu", "an", "ba")
    await party.act("chu", c.OpenMeeting(), c.StartItem("1"), c.ShowPage("d1", 1, 2))
    for member in (an, ba):
        await shows(member, "d1", 2, follows=True)
    await party.told()
    before = desk.room
    assert (before["following"], before["alone"], before["behind"]) == (2, 0, [])
    numbers = {**before, "following": 1, "alone": 1}
    await shows(an, "d3", 1, follows=False)
    await desk.knows(alone=1)
    party.clock.pass_by(60)
    await party.told()
    assert desk.room == {**numbers, "n": before["n"] + 1}
    await shows(an, "d1", 2, follows=True)
    await desk.knows(alone=0)
    await shows(ba, "d3", 1, follows=False)
    await desk.knows(alone=1)
    assert desk.room == {**numbers, "n": before["n"] + 3}


async def test_who_lags_and_who_was_lost_is_named_until_it_is_back(party: Party) -> None:
    desk, an, ba = await party.comes("thu", "an", "ba")
    await party.act("chu", c.OpenMeeting(), c.StartItem("1"), c.ShowPage("d1", 1, 2))
    await shows(an, "d1", 1, follows=True)
    await shows(ba, "d1", 2, follows=True)
    await party.told()
    assert desk.room["behind"] == []
    party.clock.pass_by(6)
    await desk.knows(behind=["an"])
    await shows(an, "d1", 2, follows=True)
    await desk.knows(behind=[])
    await party.leaves("ba")
    await desk.knows(following=1, lost=[])
    party.clock.pass_by(3)
    await desk.knows(lost=["ba"])
    await party.comes("ba")
    await desk.knows(following=2, lost=[])


async def test_a_device_that_was_taken_away_is_not_lost(party: Party) -> None:
    desk, an = await party.comes("thu", "an")
    await desk.knows(following=1)
    await party.act("thu", c.RevokeDevice(await party.hall.device("an")))
    await an.gone.wait()
    await party.leaves("an")
    await desk.knows(following=0)
    party.clock.pass_by(60)
    await party.told()
    assert (desk.room["following"], desk.room["lost"]) == (0, [])


# The beacon


async def test_the_beacon_says_the_revision_everybody_has(party: Party) -> None:
    everybody = await party.comes(*EVERYBODY)
    await party.act("chu", c.OpenMeeting(), c.StartItem("2"), c.ShowPage("d2", 1, 3))
    await party.act("an", c.CheckIn())
    await party.act("thu", c.AddSeat("moi", "Người mới", "", "member"), c.RevokeCard("moi"))
    rev = party.hall.running.state.rev
    for one in everybody:
        await one.until(lambda one=one: one.said_rev == rev)
    assert {one.seat: (one.rev, one.gaps) for one in everybody} == dict.fromkeys(
        EVERYBODY, (rev, 0)
    )
