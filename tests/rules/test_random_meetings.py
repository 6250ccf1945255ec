"""Random meetings: whoever asks whatever, what must hold holds after every command.

A meeting is its seed: a failing one is repeated by `play(seed, steps)` and becomes a named test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final, get_args

import msgspec
from hypothesis import example, given, note, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import patch
from meeting.protocol.log import CHAIN_START, Entry, broken_at, link
from meeting.rules import decide, fold, replay
from meeting.rules.agenda import first_presenter
from meeting.rules.attendance import counts
from meeting.rules.state import MeetingState
from meeting.rules.visibility import (
    WITH_ROLL,
    Audience,
    agenda,
    agenda_parts,
    audience_of,
    audiences,
    numbers,
    own,
    roll,
    seat_touched,
    standing,
    standing_parts,
    view,
)
from tests.helpers.chance import Chance
from tests.helpers.minutes import prepared

Json = dict[str, Any]

HERE: Final = ("present", "late", "returned")
LONGEST_OUTAGE: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)
TURNS: Final = (
    f.PageShown,
    f.PresenterChanged,
    f.ItemStarted,
    f.MeetingClosed,
    f.OpeningTakenBack,
    f.DocumentWithdrawn,
    f.SeatRemoved,
)
TAKES_ATTENDANCE: Final = (f.CheckedIn, f.AttendanceMarked, f.AttendanceCorrected)


def wire(shown: object) -> Json:
    """What a device has after reading this off the wire."""
    read: Json = msgspec.json.decode(msgspec.json.encode(shown))
    return read


# What everybody has on their screen ----------------------------------------------------------


@dataclass
class Screens:
    """What devices know only through views taken once and patches since."""

    views: dict[Audience, Json] = field(default_factory=dict)
    roll: Json = field(default_factory=dict)
    own: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def fresh(cls, state: MeetingState) -> Screens:
        if state.heading is None:
            return cls()
        return cls(
            views={audience: wire(view(state, audience)) for audience in audiences(state)},
            roll=wire(roll(state)),
            own={seat.id: wire(own(state, seat)) for seat in state.seats.values()},
        )

    def patched_to(self, new: Screens, old_state: MeetingState, touched: set[str]) -> Screens:
        """These screens after the patches to the new ones; new viewers begin with a fresh view."""

        def step(old: Json, fresh: Json) -> Json:
            return patch.apply(old, wire(patch.diff(old, fresh)))

        # an item added opens a wider audience to the same people: they are told apart anew
        views = {a: step(self.views[a], v) if a in self.views else v for a, v in new.views.items()}
        return Screens(
            views=views,
            roll=step(self.roll, new.roll),
            own={
                seat: step(self.own[seat], mine)
                if seat in touched and seat in old_state.seats
                else self.own.get(seat, mine)
                for seat, mine in new.own.items()
            },
        )


# What must hold ------------------------------------------------------------------------------


def check_state(state: MeetingState) -> None:
    assert state.item not in state.done
    assert state.item == "" or state.item in state.items
    assert state.done <= set(state.items)
    assert state.presenter == "" or state.presenter in state.seats
    if state.heading is not None:
        assert state.presenter or first_presenter_of_the_prepared(state) == ""
    assert state.turn <= state.rev
    for seat in state.seats.values():
        assert len(state.devices_of(seat.id)) <= 3
        assert seat.on_roll or seat.stand.state == "none"
    if state.presented is not None:
        document = state.documents[state.presented.document]
        version = document.version_of(state.presented.version)
        assert (state.phase, document.item) == ("running", state.item)
        assert version is not None
        assert 1 <= state.presented.page <= version.pages
    if state.presenter and state.item and state.seats[state.presenter].role == "guest":
        invited = state.item in state.seats[state.presenter].items
        assert invited or first_presenter(state, state.items[state.item]) == ""
    if state.heading is not None:
        check_counts(state)


def first_presenter_of_the_prepared(state: MeetingState) -> str:
    """A seat of the role that was prepared to turn pages, "" if there is none."""
    role = "chair" if state.meeting.presenter == "chair" else "secretary"
    return next((seat.id for seat in state.seats.values() if seat.role == role), "")


def check_counts(state: MeetingState) -> None:
    total = present = voting = voting_present = 0
    for seat in state.seats.values():
        if seat.role in ("guest", "screen"):
            assert not seat.votes
            continue
        here = seat.stand.state in HERE
        total, present = total + 1, present + here
        voting, voting_present = voting + seat.votes, voting_present + (here and seat.votes)
    numbers = counts(state)
    assert (numbers.total, numbers.present) == (total, present)
    assert (numbers.voting_total, numbers.voting_present) == (voting, voting_present)
    assert numbers.quorum == (voting > 0 and 3 * voting_present >= 2 * voting)
    assert numbers.quorum == (voting > 0 and voting_present >= numbers.voting_needed)


def check_change(before: MeetingState, after: MeetingState, entries: list[Entry]) -> None:
    assert [entry.rev for entry in entries] == list(range(before.rev + 1, after.rev + 1))
    signed = {e.fact.seat for e in entries if isinstance(e.fact, TAKES_ATTENDANCE)}
    stood = {seat.id: seat.stand for seat in before.seats.values()}
    moved = {
        seat.id
        for seat in after.seats.values()
        if seat.stand != stood.get(seat.id, seat.stand)
        or (seat.id not in stood and seat.stand.state != "none")
    }
    assert moved <= signed
    turned = any(isinstance(e.fact, TURNS) for e in entries)
    for entry in entries:
        if isinstance(entry.fact, f.PageShown):
            check_may_read(before, entry.seat, entry.fact.document)
        if isinstance(entry.fact, f.CheckedIn) and entry.fact.method != "desk":
            assert entry.at - LONGEST_OUTAGE <= entry.fact.at <= entry.at
        if isinstance(entry.fact, f.AttendanceMarked | f.AttendanceCorrected):
            assert entry.at - 30 * DAY <= entry.fact.at <= entry.at + timedelta(minutes=1)
    if before.presenter:
        assert (after.presented, after.presenter) == (before.presented, before.presenter) or turned


def check_may_read(state: MeetingState, seat: str, document: str) -> None:
    """Whoever shows a page may read it, by the words of the agenda."""
    item, shower = state.items[state.documents[document].item], state.seats[seat]
    assert (item.id, seat) == (state.item, state.presenter)
    invited = item.id in shower.items
    assert invited if shower.role == "guest" else seat in (item.limited_to or {seat})


def nowhere_null(shown: Any) -> bool:
    if isinstance(shown, dict):
        return all(nowhere_null(value) for value in shown.values())
    if isinstance(shown, list):
        return all(nowhere_null(value) for value in shown)
    return shown is not None


def check_secrets(state: MeetingState, screens: Screens) -> None:
    """By plain search in the bytes: a paper is named only to whom it may be shown."""
    for seat in state.seats.values():
        text = msgspec.json.encode(screens.views[audience_of(state, seat)]).decode()
        for paper in state.documents.values():
            named = tuple(f'"{word}"' in text for word in (paper.address, paper.title, paper.id))
            limit = state.items[paper.item].limited_to
            may = {
                "guest": paper.item == state.item and paper.item in seat.items,
                "screen": state.presented is not None and state.presented.document == paper.id,
                "technician": False,
            }.get(seat.role, not limit or seat.id in limit)
            may = may and not (paper.collect and state.phase in ("closed", "locked"))
            assert (seat.id, paper.id, named) == (seat.id, paper.id, (may, may, may))
        knows_roll = audience_of(state, seat).kind in WITH_ROLL
        assert (seat.role in ("chair", "secretary", "minute_taker")) == knows_roll


def check_screens(state: MeetingState, kept: Screens) -> None:
    fresh = Screens.fresh(state)
    assert (kept.views, kept.roll, kept.own) == (fresh.views, fresh.roll, fresh.own)
    assert all(map(nowhere_null, [*fresh.views.values(), fresh.roll, *fresh.own.values()]))
    if state.heading is not None:
        check_secrets(state, kept)


def check_kept(before: MeetingState, after: MeetingState) -> None:
    """What is kept of a view while its parts are the same ones is as if drawn anew."""
    for audience in audiences(after):
        if _same(agenda_parts(before, audience), agenda_parts(after, audience)):
            assert agenda(before, audience) == agenda(after, audience)
        if before.heading and _same(standing_parts(before), standing_parts(after)):
            counted = numbers(before)
            old, new = (standing(state, audience, counted, "") for state in (before, after))
            assert old == new


def _same(parts: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return all(part is other for part, other in zip(parts, others, strict=True))


def check_log(entries: list[Entry], random: Random) -> None:
    log: list[tuple[Entry, bytes]] = []
    previous = CHAIN_START
    for entry in entries:
        read = msgspec.json.decode(msgspec.json.encode(entry), type=Entry)
        assert read == entry
        previous = link(previous, read)
        log.append((read, previous))
    assert broken_at(log) is None
    if len(log) < 3:
        return
    place = random.randrange(1, len(log) - 1)
    entry, stored = log[place]
    changes: list[Entry] = [
        replace(entry, at=entry.at + timedelta(microseconds=1)),
        replace(entry, seat=entry.seat + "x"),
        replace(entry, for_chair=not entry.for_chair),
        replace(entry, command="another-command"),
        replace(entry, fact=f.CardReissued("an", 99)),
    ]
    for changed in changes:
        assert broken_at([*log[:place], (changed, stored), *log[place + 1 :]]) == entry.rev
    assert broken_at([*log[:place], *log[place + 1 :]]) == entry.rev
    assert broken_at([*log[:place], log[place + 1], log[place]]) == entry.rev
    assert broken_at([*log[: place + 1], *log[place:]]) == entry.rev + 1


# The meetings --------------------------------------------------------------------------------


def play(seed: int, steps: int) -> set[str]:
    """One random meeting, checked after every command; what happened in it, as tags and codes."""
    random = Random(seed)
    begun = prepared(presenter=random.choice(["chair", "secretary"]))
    if random.random() < 0.6:
        begun.does("chair", c.OpenMeeting(early=True))
        begun.does("sec", c.StartItem(item=random.choice(["i1", "i2", "i7"])))
    state, entries = begun.state, begun.entries
    if random.random() < 0.1:
        state, entries = MeetingState(), []
    screens, happened = Screens.fresh(state), set[str]()
    for step in range(steps):
        chance = Chance(random, state)
        command, moment = chance.command(), chance.moment(step)
        actor = chance.actor(command)
        before = msgspec.json.encode(state)
        try:
            added = decide(state, actor, command, f"step-{step:04}", moment)
        except Refused as refusal:
            added = []
            happened.add(refusal.code)
        if not added:
            assert msgspec.json.encode(state) == before
            continue
        after = state
        for entry in added:
            after = fold(after, entry)
        assert msgspec.json.encode(state) == before
        happened |= {str(type(entry.fact).__struct_config__.tag) for entry in added}
        check_change(state, after, added)
        check_state(after)
        check_kept(state, after)
        touched = {seat for entry in added if (seat := seat_touched(entry.fact)) is not None}
        screens = screens.patched_to(Screens.fresh(after), state, touched)
        check_screens(after, screens)
        state, entries = after, [*entries, *added]
    assert replay(entries) == state
    check_log(entries, random)
    return happened


@settings(max_examples=250, derandomize=False, print_blob=True, database=None)
@given(seed=st.integers(0, 2**40), steps=st.integers(1, 120))
@example(seed=0, steps=90)
def test_whatever_people_do_a_meeting_stays_whole(seed: int, steps: int) -> None:
    note(f"repeat with play({seed}, {steps})")
    play(seed, steps)


REACHED: Final = {
    "attendance_correct_instead",
    "attendance_reason_needed",
    "attendance_time_wrong",
    "attendance_unchanged",
    "card_revoked",
    "code_needed",
    "device_revoked",
    "device_unknown",
    "devices_full",
    "document_presented",
    "document_unknown",
    "document_withdrawn",
    "item_has_papers",
    "item_not_on",
    "item_reached",
    "item_recess",
    "item_unknown",
    "malformed",
    "name_needed",
    "not_allowed",
    "not_presenter",
    "not_signed_in",
    "not_waiting",
    "number_needed",
    "order_outdated",
    "page_unknown",
    "readers_needed",
    "reason_needed",
    "seat_exists",
    "seat_needed",
    "seat_unknown",
    "seat_without_roll",
    "time_wrong",
    "too_late",
    "wrong_phase",
}
"""The refusals that rules give by themselves; the others are given at the border."""


def test_random_meetings_reach_every_corner() -> None:
    """Otherwise the test above would prove little."""
    missing = REACHED | {str(kind.__struct_config__.tag) for kind in get_args(f.Fact)}
    for seed in range(300):
        missing -= play(seed, 120)
        if not missing:
            break
    assert missing == set()
