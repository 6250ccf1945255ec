"""What the audiences of a running meeting are sent, on the real store: when, and whole."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from msgspec import UNSET

from meeting.protocol import commands as c
from meeting.protocol import patch
from meeting.protocol import preparing as p
from meeting.protocol.log import seal_of
from meeting.protocol.views import OwnMessage
from meeting.rules.visibility import (
    WITH_ROLL,
    Audience,
    audience_of,
    audiences,
    own,
    roll,
    view,
)
from meeting.running import RunningMeeting
from tests.helpers import make
from tests.helpers.house import House

Json = dict[str, Any]


def audience(running: RunningMeeting, seat: str) -> Audience:
    return audience_of(running.state, running.state.seats[seat])


class Screens:
    """What devices of every audience have: joined once, patched since by what was said."""

    def __init__(self, house: House) -> None:
        publishing = house.running.publishing
        self.house = house
        self.read = len(house.said)
        joined = {one: publishing.shown_to(one) for one in audiences(house.running.state)}
        self.rev = publishing.rev
        assert {shown.rev for shown in joined.values()} == {self.rev}
        self.views: dict[Audience, Json] = {one: shown.view for one, shown in joined.items()}
        self.rolls: dict[Audience, Json] = {
            one: shown.roll for one, shown in joined.items() if shown.roll is not None
        }

    def catch_up(self) -> None:
        """Take in what was said since, each publication in its place."""
        for publication in self.house.said[self.read :]:
            if publication.patches:
                self.take_in(publication.rev, dict(publication.patches))
        self.read = len(self.house.said)

    def take_in(self, rev: int, said: dict[Audience, Any]) -> None:
        assert set(said) == set(self.views)
        assert {(message.from_, message.to) for message in said.values()} == {(self.rev, rev)}
        self.rev = rev
        for one, message in said.items():
            self.views[one] = patch.apply(self.views[one], message.patch)
            if message.roll is not UNSET:
                self.rolls[one] = patch.apply(self.rolls[one], message.roll)


def fresh(house: House) -> tuple[dict[Audience, Json], dict[Audience, Json]]:
    state = house.running.state
    seal = house.running.seal if state.closed_at else ""
    views = {one: msgspec.to_builtins(view(state, one, seal=seal)) for one in audiences(state)}
    rows = msgspec.to_builtins(roll(state))
    return views, {one: rows for one in views if one.kind in WITH_ROLL}


def hold_back(house: House) -> None:
    """What is gathered from here on waits for an hour, however slow the machine is."""
    house.clock.pass_by(-3_600)


def revisions(house: House) -> list[int]:
    return [publication.rev for publication in house.said]


async def test_facts_are_on_the_disk_before_anybody_hears_of_them(house: House) -> None:
    house.running.publishing.shown_to(audience(house.running, "an"))
    await house.opened()
    for number in range(1, 21):
        await house.done("sec", make.page("d1", number))
    assert len(house.said) == 22
    assert house.on_disk == revisions(house)


async def test_nothing_is_said_while_nobody_listens(house: House) -> None:
    await house.opened()
    await house.done("sec", make.page("d1", 2))
    assert (house.said, house.running.publishing.rev) == ([], house.running.state.rev)


async def test_every_publication_takes_every_audience_to_the_same_revision(house: House) -> None:
    screens = Screens(house)
    assert {one.kind for one in screens.views} == {"chair", "desk", "member", "guest", "screen"}
    await house.opened()
    await house.done("an", c.CheckIn(), sighting="fresh")
    for number in (2, 3):
        await house.done("sec", make.page("d1", number))
    await house.done("sec", c.CallFollowers())
    await house.done("sec", c.StartItem("i2"))
    await house.done("sec", make.page("d2", 4))
    await house.done("chair", c.TakePresenting())
    await house.done("sec", c.RevokeDevice("anh-1"))
    await house.done(make.OFFICE, make.a_version("d2", 2))
    await house.done("sec", p.WithdrawDocument("d2", "phát nhầm"))
    await house.done("chair", c.CloseMeeting())
    screens.catch_up()
    assert screens.rev == house.running.publishing.rev == house.running.state.rev
    assert (screens.views, screens.rolls) == fresh(house)


async def test_chair_and_desk_are_told_the_code_of_the_log_at_the_closing(house: House) -> None:
    screens = Screens(house)
    await house.opened()

    def told() -> set[str]:
        screens.catch_up()
        assert (screens.views, screens.rolls) == fresh(house)
        return {
            f"{one.kind} {shown['meeting']['seal']}"
            for one, shown in screens.views.items()
            if "seal" in shown["meeting"]
        }

    assert told() == set()
    await house.done("chair", c.CloseMeeting())
    first = seal_of(house.running.head_hash)
    assert told() == {f"chair {first}", f"desk {first}"}
    mend = c.CorrectAttendance("an", "present", "quên")
    await house.done("sec", mend)
    await house.done("chair", p.ReopenMeeting("còn một nội dung"))
    assert told() == set()
    await house.done("chair", c.CloseMeeting())
    second = seal_of(house.running.head_hash)
    assert (told(), first != second) == ({f"chair {second}", f"desk {second}"}, True)
    await house.restart()
    assert house.running.seal == second


async def test_a_seat_that_is_gone_leaves_no_screen_behind(house: House) -> None:
    publishing = house.running.publishing
    screens = Screens(house)
    publishing.own_of("anh")
    house.running.room.ask_in(
        "w1", "anh", "phone", "none", since=house.clock.now(), seconds=house.clock.seconds()
    )
    await house.done(make.OFFICE, p.RemoveSeat("anh"))
    assert [publication.revoked for publication in house.said] == [("anh-1",)]
    assert dict(house.running.room.waiting) == {}
    screens.catch_up()
    assert (screens.views, screens.rolls) == fresh(house)
    await house.done(make.OFFICE, make.a_seat("anh"))
    n, mine = publishing.own_of("anh")
    assert (n, mine["devices"]) == (0, 0)


async def test_a_batch_is_said_once(house: House) -> None:
    await house.opened()
    screens = Screens(house)
    await asyncio.gather(*(house.ask("sec", make.page("d1", n)) for n in range(2, 30)))
    assert revisions(house) == [house.running.state.rev]
    screens.catch_up()
    assert (screens.views, screens.rolls) == fresh(house)


async def test_an_audience_nothing_changed_for_is_told_the_revision(house: House) -> None:
    await house.opened("i2")
    guest, member = audience(house.running, "hoa"), audience(house.running, "an")
    Screens(house)
    await house.done("sec", make.page("d2", 4))
    said = dict(house.said[-1].patches)
    head = house.running.state.rev
    assert said[guest].patch == said[member].patch == {"turn": head}
    await house.done("sec", c.ReissueCard("hoa"))
    assert dict(house.said[-1].patches)[member].to == head + 2


async def test_what_nobody_waits_for_is_gathered(house: House) -> None:
    screens = Screens(house)
    head = house.running.state.rev
    await house.done("an", c.CheckIn(), sighting="fresh")
    hold_back(house)
    for seat in ("anh", "chair", "sec"):
        await house.done(seat, c.CheckIn(), sighting="fresh")
    assert revisions(house) == [head + 1]
    await house.done("chair", c.OpenMeeting(early=True))
    assert revisions(house) == house.on_disk == [head + 1, head + 5]
    screens.catch_up()
    assert (screens.views, screens.rolls) == fresh(house)


async def test_what_was_gathered_is_said_by_itself(house: House) -> None:
    """The hand clock stands still, so the second change comes too soon after the first."""
    screens = Screens(house)
    head = house.running.state.rev
    await house.done("an", c.CheckIn(), sighting="fresh")
    await house.done("anh", c.CheckIn(), sighting="fresh")
    await house.published(2)
    assert revisions(house) == house.on_disk == [head + 1, head + 2]
    screens.catch_up()
    assert (screens.views, screens.rolls) == fresh(house)


async def test_meanwhile_the_beacon_says_what_was_sent(house: House) -> None:
    Screens(house)
    head = house.running.state.rev
    await house.done("an", c.CheckIn(), sighting="fresh")
    hold_back(house)
    await house.done("anh", c.CheckIn(), sighting="fresh")
    assert (house.running.state.rev, house.running.publishing.rev) == (head + 2, head + 1)
    await house.done("chair", c.OpenMeeting(early=True))
    assert house.running.publishing.rev == house.running.state.rev == head + 3


async def test_time_that_passed_was_waiting_enough(house: House) -> None:
    Screens(house)
    head = house.running.state.rev
    for seat in ("an", "anh", "chair"):
        await house.done(seat, c.CheckIn(), sighting="fresh")
        house.clock.pass_by(0.2)
    assert revisions(house) == [head + 1, head + 2, head + 3]


async def test_a_page_turn_takes_along_what_was_gathered(house: House) -> None:
    await house.opened()
    screens = Screens(house)
    head = house.running.state.rev
    await house.done("an", c.CheckIn(), sighting="fresh")
    hold_back(house)
    await house.done("anh", c.CheckIn(), sighting="fresh")
    await house.done("sec", make.page("d1", 2))
    assert revisions(house) == [head + 1, head + 3]
    await house.done("sec", c.CheckIn(), sighting="fresh")
    await house.published(3)
    assert revisions(house) == [head + 1, head + 3, head + 4]
    screens.catch_up()
    assert (screens.views, screens.rolls) == fresh(house)


async def test_who_joins_in_between_gets_what_the_others_have(house: House) -> None:
    screens = Screens(house)
    member = audience(house.running, "an")
    await house.done("an", c.CheckIn(), sighting="fresh")
    hold_back(house)
    await house.done("anh", c.CheckIn(), sighting="fresh")
    screens.catch_up()
    late = house.running.publishing.shown_to(member)
    assert (late.rev, late.view) == (screens.rev, screens.views[member])
    await house.done("chair", c.OpenMeeting(early=True))
    screens.catch_up()
    now = house.running.publishing.shown_to(member)
    assert (now.rev, now.view) == (house.running.state.rev, screens.views[member])


async def test_the_first_of_an_audience_brings_the_others_up_to_date(house: House) -> None:
    """Nobody may be at a revision the others are not at."""
    member, guest = audience(house.running, "an"), audience(house.running, "hoa")
    house.running.publishing.shown_to(member)
    await house.done("an", c.CheckIn(), sighting="fresh")
    hold_back(house)
    await house.done("anh", c.CheckIn(), sighting="fresh")
    head = house.running.state.rev
    assert house.running.publishing.shown_to(guest).rev == head
    assert revisions(house) == [head - 1, head]


async def test_what_is_ones_own_has_its_own_count(house: House) -> None:
    Screens(house)
    n, mine = house.running.publishing.own_of("an")
    assert (n, house.running.publishing.own_of("an")) == (0, (0, mine))
    await house.done("chair", c.OpenMeeting(early=True))
    await house.done("an", c.CheckIn(), sighting="fresh")
    await house.done("anh", c.CheckIn(), sighting="fresh")
    await house.done(make.card("an"), c.ClaimDevice("an-2", "phone"))
    await house.done("sec", c.StartItem("i1"))
    await house.done("sec", make.page("d1", 2))
    told = [one for publication in house.said for one in publication.own]
    assert [(seat, message.n) for seat, message in told] == [("an", 1), ("an", 2)]
    assert told[1] == ("an", OwnMessage(2, {"devices": 2}))
    for _, message in told:
        mine = patch.apply(mine, message.patch)
    state = house.running.state
    assert mine == msgspec.to_builtins(own(state, state.seats["an"]))
    assert house.running.publishing.own_of("an") == (2, mine)


async def test_what_is_ones_own_does_not_wait_to_be_gathered(house: House) -> None:
    Screens(house)
    house.running.publishing.own_of("anh")
    head = house.running.state.rev
    await house.done("an", c.CheckIn(), sighting="fresh")
    hold_back(house)
    await house.done("anh", c.CheckIn(), sighting="fresh")
    last = house.said[-1]
    assert (last.rev, last.patches, [seat for seat, _ in last.own]) == (head + 1, (), ["anh"])
    assert last.own[0][1].patch["attendance"] == "present"


async def test_a_device_taken_away_is_named_at_once(house: House) -> None:
    Screens(house)
    await house.done("sec", c.RevokeDevice("an-1"))
    assert [publication.revoked for publication in house.said] == [("an-1",)]


async def test_an_audience_that_is_no_more_is_looked_at_again(house: House) -> None:
    """An item opened to all members makes another audience of them."""
    before = audience(house.running, "an")
    Screens(house)
    await house.done(make.OFFICE, make.an_item("i3"))
    after = audience(house.running, "an")
    assert (before == after, house.said[-1].regrouped) == (False, True)
    assert before not in dict(house.said[-1].patches)
    assert "i3" in house.running.publishing.shown_to(after).view["agenda"]


async def test_the_addresses_of_an_audience_are_those_of_this_moment(house: House) -> None:
    guest, wall = audience(house.running, "hoa"), audience(house.running, "wall")
    publishing = house.running.publishing

    def now() -> tuple[frozenset[str], frozenset[str]]:
        return publishing.addresses(guest), publishing.addresses(wall)

    d1, nothing = frozenset({"address-of-d1"}), frozenset[str]()
    assert now() == (nothing, nothing)
    await house.opened()
    assert now() == (d1, nothing)
    await house.done("sec", make.page("d1", 1))
    assert now() == (d1, d1)
    await house.done("sec", c.StartItem("i2"))
    assert now() == (nothing, nothing)


async def test_a_seat_that_moves_to_a_wider_audience_is_looked_at_again(house: House) -> None:
    before = audience(house.running, "an")
    Screens(house)
    await house.done(make.OFFICE, make.an_item("i3", limited_to=("an",)))
    assert audience(house.running, "anh") == before != audience(house.running, "an")
    assert house.said[-1].regrouped
