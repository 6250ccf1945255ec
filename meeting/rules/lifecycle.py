"""A meeting's phases and the moves between them, and what is entered of its course afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.log import Entry
from meeting.protocol.words import Phase
from meeting.rules.agenda import handed_on
from meeting.rules.entered import past
from meeting.rules.state import Actor, Gone, MeetingState, Moment, OnPaper, SignedCopy

MOVES: Final[dict[type, tuple[Phase, Phase]]] = {
    f.MeetingOpened: ("before", "running"),
    f.OpeningTakenBack: ("running", "before"),
    f.MeetingClosed: ("running", "closed"),
    f.MeetingReopened: ("closed", "running"),
    f.FileLocked: ("closed", "locked"),
}
"""Each fact that changes the phase, with the phase before and after it."""

YEARS: Final = range(2000, 2200)

_LONGEST_AGO: Final = timedelta(days=60)


def create_meeting(_: MeetingState, __: Actor, asked: c.CreateMeeting, ___: Moment) -> list[f.Fact]:
    if not asked.title.strip():
        raise Refused("name_needed")
    try:
        ZoneInfo(asked.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refused("malformed") from None
    _refuse_no_day(asked.starts_at)
    return [f.MeetingCreated(**asdict(asked))]


def meeting_created(state: MeetingState, _: Entry, fact: f.MeetingCreated) -> MeetingState:
    return replace(state, heading=fact)


def change_meeting(
    state: MeetingState, _: Actor, asked: p.ChangeMeeting, __: Moment
) -> list[f.Fact]:
    if not asked.title.strip():
        raise Refused("name_needed")
    _refuse_no_day(asked.starts_at)
    changed = f.MeetingChanged(**{**asdict(asked), "wifi_password": UNSET})
    heading = _as_written(state.meeting, changed)
    if heading == state.meeting:
        return []
    return [changed, *handed_on(state, replace(state, heading=heading))]


def meeting_changed(state: MeetingState, _: Entry, fact: f.MeetingChanged) -> MeetingState:
    return replace(state, heading=_as_written(state.meeting, fact))


def _as_written(heading: f.MeetingCreated, fact: f.MeetingChanged) -> f.MeetingCreated:
    return replace(heading, **asdict(fact))


def open_meeting(
    state: MeetingState, _: Actor, asked: c.OpenMeeting, moment: Moment
) -> list[f.Fact]:
    """Tomorrow's meeting is not opened today by a slip; whoever practises may."""
    heading = state.meeting
    practice = heading.trial or heading.rehearsal
    if moment.now < heading.starts_at and not (asked.early or practice):
        raise Refused("early")
    return [f.MeetingOpened(_true_time(asked.at, moment, after=None))]


def meeting_opened(state: MeetingState, entry: Entry, fact: f.MeetingOpened) -> MeetingState:
    return replace(_moved(state, fact), opened_at=fact.at or entry.at, held=True)


def take_back_opening(
    state: MeetingState, _: Actor, asked: p.TakeBackOpening, __: Moment
) -> list[f.Fact]:
    """Nobody came late to a meeting that had not begun; what the desk wrote by hand stays."""
    reason = _given(asked.reason)
    came = [
        f.AttendanceCorrected(seat.id, "present", seat.stand.at, reason, of=seat.stand.entry)
        for seat in state.seats.values()
        if seat.stand.state == "late" and seat.stand.method != "hand" and seat.stand.at
    ]
    return [f.OpeningTakenBack(reason), *came]


def opening_taken_back(state: MeetingState, entry: Entry, fact: f.OpeningTakenBack) -> MeetingState:
    """As if it had not begun; who is here stays here."""
    before = replace(_moved(state, fact), opened_at=None, item="", done=frozenset())
    return replace(before, presented=None, turn=entry.rev)


def close_meeting(
    state: MeetingState, _: Actor, asked: c.CloseMeeting, moment: Moment
) -> list[f.Fact]:
    return [f.MeetingClosed(_true_time(asked.at, moment, after=state.opened_at))]


def meeting_closed(state: MeetingState, entry: Entry, fact: f.MeetingClosed) -> MeetingState:
    """Nothing is presented any more, so the screens come to rest."""
    last = {state.item} if state.item else set()
    closed = replace(_moved(state, fact), closed_at=fact.at or entry.at)
    return replace(closed, item="", done=state.done | last, presented=None, turn=entry.rev)


def reopen_meeting(_: MeetingState, __: Actor, asked: p.ReopenMeeting, ___: Moment) -> list[f.Fact]:
    return [f.MeetingReopened(_given(asked.reason))]


def meeting_reopened(state: MeetingState, _: Entry, fact: f.MeetingReopened) -> MeetingState:
    return replace(_moved(state, fact), closed_at=None)


def continue_on_paper(
    _: MeetingState, __: Actor, asked: p.ContinueOnPaper, moment: Moment
) -> list[f.Fact]:
    since = _past(asked.since, moment)
    until = None if isinstance(asked.until, UnsetType) else _past(asked.until, moment)
    if until is not None and until < since:
        raise Refused("time_wrong")
    return [f.PaperContinued(since, until, _given(asked.reason), asked.course.strip())]


def paper_continued(state: MeetingState, _: Entry, fact: f.PaperContinued) -> MeetingState:
    part = OnPaper(fact.since, fact.until, fact.reason, fact.course)
    return replace(state, on_paper=(*state.on_paper, part))


def take_in_signed_copy(
    state: MeetingState, _: Actor, asked: p.TakeInSignedCopy, __: Moment
) -> list[f.Fact]:
    if any(copy.sha256 == asked.sha256 for copy in state.signed_copies):
        return []
    return [f.SignedCopyTakenIn(asked.name.strip(), asked.sha256, asked.pages, asked.ordinary)]


def signed_copy_taken_in(state: MeetingState, _: Entry, fact: f.SignedCopyTakenIn) -> MeetingState:
    copy = SignedCopy(fact.name, fact.sha256, fact.pages)
    return replace(state, signed_copies=(*state.signed_copies, copy))


def lock_file(_: MeetingState, __: Actor, asked: p.LockFile, ___: Moment) -> list[f.Fact]:
    if not (number := asked.number.strip()):
        raise Refused("number_needed")
    return [f.FileLocked(number)]


def file_locked(state: MeetingState, _: Entry, fact: f.FileLocked) -> MeetingState:
    return replace(_moved(state, fact), file_number=fact.number)


def delete_meeting(state: MeetingState, _: Actor, __: p.DeleteMeeting, ___: Moment) -> list[f.Fact]:
    """Nothing of a meeting that was held, on screens or on paper, is ever deleted."""
    if state.held or state.on_paper:
        raise Refused("meeting_was_held")
    open_ones = [device for device in state.devices.values() if not device.revoked]
    return [*(f.DeviceRevoked(one.id, one.seat) for one in open_ones), f.MeetingDeleted()]


def meeting_deleted(state: MeetingState, entry: Entry, _: f.MeetingDeleted) -> MeetingState:
    return replace(state, gone=Gone(entry.at, entry.device))


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("reason_needed")
    return reason.strip()


def _refuse_no_day(starts_at: datetime) -> None:
    """A year that was mistyped, or has no such moment in some zone, could be shown to nobody."""
    if starts_at.year not in YEARS:
        raise Refused("malformed")


def _true_time(
    asked: datetime | UnsetType, moment: Moment, *, after: datetime | None
) -> datetime | None:
    if isinstance(asked, UnsetType):
        return None
    at = _past(asked, moment)
    if after is not None and at < after:
        raise Refused("time_wrong")
    return at


def _past(asked: datetime, moment: Moment) -> datetime:
    return past(asked, moment, _LONGEST_AGO, "time_wrong")


def _moved(state: MeetingState, fact: f.Fact) -> MeetingState:
    before, after = MOVES[type(fact)]
    if state.phase != before:
        raise ValueError(f"{type(fact).__name__} in phase {state.phase}")
    return replace(state, phase=after)
