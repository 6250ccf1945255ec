"""Attendance: checking in, what the desk enters and mends, numbers and quorum.

Attendance belongs to the seat: several devices count once, and being connected counts never.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, UnsetType
from msgspec.structs import replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import Entry
from meeting.protocol.words import Attendance
from meeting.rules.entered import past
from meeting.rules.state import Actor, MeetingState, Moment, Seat, Stand

HERE: Final[frozenset[Attendance]] = frozenset({"present", "late", "returned"})

MOVES: Final[dict[Attendance, frozenset[Attendance]]] = {
    "none": frozenset({"present", "late", "absent"}),
    "absent": frozenset({"present", "late"}),
    "present": frozenset({"left"}),
    "late": frozenset({"left"}),
    "left": frozenset({"returned"}),
    "returned": frozenset({"left"}),
}
"""What the desk enters plainly. Any other move mends a mistake and wants a reason."""

LATE_AFTER: Final = timedelta(minutes=5)
"""Who checks in this long after the opening is marked late; nobody is for a slow tap, nor before
the planned time.
"""

_LONGEST_MEETING: Final = timedelta(days=30)
_LONGEST_OUTAGE: Final = timedelta(minutes=15)


def check_in(state: MeetingState, actor: Actor, _: c.CheckIn, moment: Moment) -> list[f.Fact]:
    """Twice is once. Whoever went and comes back has returned."""
    seat = state.seats[actor.seat]
    if seat.stand.state in HERE:
        return []
    if moment.sighting == "none":
        raise Refused("code_needed")
    at = max(_act_time(moment), seat.stand.at or moment.now - _LONGEST_OUTAGE)
    return [
        f.CheckedIn(
            seat=seat.id,
            state=arriving(state, seat, at),
            at=at,
            method=moment.method,
            sighting=moment.sighting,
        )
    ]


def _act_time(moment: Moment) -> datetime:
    """When the person tapped, if the device says so: an outage makes nobody late."""
    age = timedelta(seconds=min(max(moment.age or 0.0, 0.0), _LONGEST_OUTAGE.total_seconds()))
    return moment.now - age


def arriving(state: MeetingState, seat: Seat, at: datetime) -> Attendance:
    """How somebody stands on the roll who comes in at this time."""
    if seat.stand.state == "left":
        return "returned"
    if state.opened_at is None:
        return "present"
    begun = max(state.opened_at, state.meeting.starts_at)
    return "late" if at > begun + LATE_AFTER else "present"


def checked_in(state: MeetingState, entry: Entry, fact: f.CheckedIn) -> MeetingState:
    stand = Stand(fact.state, fact.at, fact.method, fact.sighting, "", entry.rev)
    return state.with_seat(replace(state.seats[fact.seat], stand=stand))


def mark(state: MeetingState, _: Actor, asked: c.MarkAttendance, moment: Moment) -> list[f.Fact]:
    seat = _on_roll(state, asked.seat)
    before = seat.stand.state
    if asked.state == before:
        raise Refused("attendance_unchanged")
    if asked.state not in MOVES[before]:
        raise Refused("attendance_correct_instead")
    if asked.state == "absent" and not asked.reason.strip():
        raise Refused("attendance_reason_needed")
    at = _time(asked.at, moment)
    return [f.AttendanceMarked(seat.id, asked.state, at, asked.reason.strip())]


def marked(state: MeetingState, entry: Entry, fact: f.AttendanceMarked) -> MeetingState:
    stand = Stand(fact.state, fact.at, "hand", None, fact.reason, entry.rev)
    return state.with_seat(replace(state.seats[fact.seat], stand=stand))


def correct(
    state: MeetingState, _: Actor, asked: c.CorrectAttendance, moment: Moment
) -> list[f.Fact]:
    seat = _on_roll(state, asked.seat)
    if not asked.reason.strip():
        raise Refused("attendance_reason_needed")
    before, reason = seat.stand, asked.reason.strip()
    keeps_time = isinstance(asked.at, UnsetType) and before.at is not None
    at = before.at if keeps_time and before.at else _time(asked.at, moment)
    as_it_was = (asked.state, at, reason) == (before.state, before.at, before.reason)
    if as_it_was or asked.state == before.state == "none":
        raise Refused("attendance_unchanged")
    return [f.AttendanceCorrected(seat.id, asked.state, at, reason, of=before.entry)]


def corrected(state: MeetingState, entry: Entry, fact: f.AttendanceCorrected) -> MeetingState:
    stand = Stand(fact.state, fact.at, "hand", None, fact.reason, entry.rev)
    return state.with_seat(replace(state.seats[fact.seat], stand=stand))


def _on_roll(state: MeetingState, seat: str) -> Seat:
    found = state.seats.get(seat)
    if found is None:
        raise Refused("seat_unknown")
    if not found.on_roll:
        raise Refused("seat_without_roll")
    return found


def _time(asked: datetime | UnsetType, moment: Moment) -> datetime:
    if isinstance(asked, UnsetType):
        return _act_time(moment)
    return past(asked, moment, _LONGEST_MEETING, "attendance_time_wrong")


class Counts(Struct, frozen=True):
    """Attendance in numbers. Guests of single items are not counted."""

    present: int
    total: int
    voting_present: int
    voting_total: int
    voting_needed: int
    quorum: bool


def counts(state: MeetingState) -> Counts:
    """Quorum in whole numbers: quorum_present x present >= quorum_total x voting members."""
    counted = [seat for seat in state.seats.values() if seat.counted]
    voting = [seat for seat in counted if seat.votes]
    here = sum(seat.stand.state in HERE for seat in counted)
    voting_here = sum(seat.stand.state in HERE for seat in voting)
    per_present, per_total = state.meeting.quorum_present, state.meeting.quorum_total
    return Counts(
        present=here,
        total=len(counted),
        voting_present=voting_here,
        voting_total=len(voting),
        voting_needed=-(-per_total * len(voting) // per_present),
        quorum=bool(voting) and per_present * voting_here >= per_total * len(voting),
    )
