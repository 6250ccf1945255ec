"""A meeting's log read for people: who was there and how that was found, what happened in which
order, which page was on the screens. Pure; how it is set out is in `tables`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from meeting.archive import words
from meeting.archive.course import sentence
from meeting.archive.telling import Known
from meeting.protocol import facts as f
from meeting.protocol.log import Entry, seal_of
from meeting.protocol.words import Attendance, Method, Sighting
from meeting.rules import fold
from meeting.rules.attendance import HERE
from meeting.rules.state import MeetingState, Seat

AttendanceFact = f.CheckedIn | f.AttendanceMarked | f.AttendanceCorrected


class Happening(Struct, frozen=True):
    """Something of the meeting's course. `who` did it, in words."""

    rev: int
    at: datetime
    what: str
    who: str


class Showing(Struct, frozen=True):
    """A page that was on the screens; `until` is None while it still is."""

    since: datetime
    until: datetime | None
    item: str
    document: str
    version: int
    page: int
    who: str


class Entered(Struct, frozen=True):
    """One entry of attendance. `at` is the time of the act, `written` when it came into the log;
    `of` the entry it mends, `mended` the one that mends it, 0 if none.
    """

    rev: int
    seat: str
    state: Attendance
    at: datetime
    written: datetime
    method: Method
    sighting: Sighting | None
    reason: str
    who: str
    of: int = 0
    mended: int = 0


class Presence(Struct, frozen=True):
    """How somebody attended, corrections taken in. `came`, `left`: where they are known."""

    seat: Seat
    attended: bool
    late: bool
    came: datetime | None
    left: datetime | None
    last: Entered | None


class Record(Struct, frozen=True):
    """`started`: when each item was first turned to. `seal` is the code of the last closing, ""
    before one; `closing` its revision.
    """

    state: MeetingState
    known: Known
    dial: words.Dial
    course: tuple[Happening, ...]
    showings: tuple[Showing, ...]
    entered: tuple[Entered, ...]
    started: dict[str, datetime]
    seal: str
    closing: int
    last_at: datetime

    @property
    def official(self) -> bool:
        return self.state.phase == "locked"

    def presences(self) -> list[Presence]:
        """Everybody of the roll, in its order."""
        of_seat: dict[str, list[Entered]] = {}
        for one in self.entered:
            of_seat.setdefault(one.seat, []).append(one)
        on_roll = [seat for seat in self.state.seats.values() if seat.on_roll]
        return [_presence(seat, of_seat.get(seat.id, [])) for seat in on_roll]


def read(entries: Sequence[tuple[Entry, bytes]], accounts: Mapping[str, str]) -> Record:
    """The record of a log that has an entry at least.

    Args:
        accounts: the names of the office's accounts by id.

    Raises:
        ValueError, KeyError: the entries are no meeting's log.
    """
    state = MeetingState()
    known = Known(dict(accounts), {}, {}, {})
    course: list[Happening] = []
    showings: list[Showing] = []
    entered: dict[int, Entered] = {}
    started: dict[str, datetime] = {}
    seal, closing = "", 0
    for entry, link in entries:
        before, state = state, fold(state, entry)
        known.learn(state)
        who = known.who(entry)
        fact = entry.fact
        if isinstance(fact, f.CheckedIn | f.AttendanceMarked | f.AttendanceCorrected):
            one = _entered(entry, fact, who)
            entered[entry.rev] = one
            if one.of in entered:
                entered[one.of] = replace(entered[one.of], mended=entry.rev)
        if before.presented != state.presented or isinstance(fact, f.PageShown):
            _end_showing(showings, entry.at)
            if state.presented is not None:
                shown = state.presented
                showings.append(
                    Showing(
                        entry.at, None, state.item, shown.document, shown.version, shown.page, who
                    )
                )
        if isinstance(fact, f.ItemStarted):
            started.setdefault(fact.item, entry.at)
        if isinstance(fact, f.OpeningTakenBack):
            started.clear()
        if isinstance(fact, f.MeetingClosed):
            seal, closing = seal_of(link), entry.rev
        dial = words.Dial(ZoneInfo(state.meeting.zone), state.meeting.starts_at)
        if told := sentence(known, before, state, entry, dial):
            course.append(Happening(entry.rev, entry.at, told, who))
    last = entries[-1][0]
    return Record(
        state=state,
        known=known,
        dial=words.Dial(ZoneInfo(state.meeting.zone), state.opened_at or state.meeting.starts_at),
        course=tuple(course),
        showings=tuple(showings),
        entered=tuple(entered.values()),
        started=started,
        seal=seal if state.closed_at else "",
        closing=closing,
        last_at=last.at,
    )


def _entered(entry: Entry, fact: AttendanceFact, who: str) -> Entered:
    plain = Entered(
        rev=entry.rev,
        seat=fact.seat,
        state=fact.state,
        at=fact.at,
        written=entry.at,
        method="hand",
        sighting=None,
        reason="",
        who=who,
    )
    if isinstance(fact, f.CheckedIn):
        return replace(plain, method=fact.method, sighting=fact.sighting)
    of = fact.of if isinstance(fact, f.AttendanceCorrected) else 0
    return replace(plain, reason=fact.reason, of=of)


def _end_showing(showings: list[Showing], at: datetime) -> None:
    if showings and showings[-1].until is None:
        last = showings[-1]
        showings[-1] = Showing(
            last.since, at, last.item, last.document, last.version, last.page, last.who
        )


def _presence(seat: Seat, entered: Sequence[Entered]) -> Presence:
    """What was mended does not count; what it was mended to does."""
    valid = [one for one in entered if not one.mended]
    came = next((one for one in valid if one.state in HERE), None)
    last = valid[-1] if valid else None
    attended = last is not None and (last.state in HERE or last.state == "left")
    gone = last if last is not None and last.state == "left" else None
    return Presence(
        seat=seat,
        attended=attended,
        late=attended and came is not None and came.state == "late",
        came=came.at if attended and came is not None else None,
        left=gone.at if gone is not None else None,
        last=last,
    )
