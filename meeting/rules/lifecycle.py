"""A meeting's phases and the moves between them: created, opened, closed."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import asdict, replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import Entry
from meeting.protocol.words import Phase
from meeting.rules.state import Actor, MeetingState, Moment

MOVES: Final[dict[type, tuple[Phase, Phase]]] = {
    f.MeetingOpened: ("before", "running"),
    f.MeetingClosed: ("running", "closed"),
}
"""Each fact that changes the phase, with the phase before and after it."""


def create_meeting(_: MeetingState, __: Actor, asked: c.CreateMeeting, ___: Moment) -> list[f.Fact]:
    if not asked.title.strip():
        raise Refused("name_needed")
    try:
        ZoneInfo(asked.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refused("malformed") from None
    return [f.MeetingCreated(**asdict(asked))]


def meeting_created(state: MeetingState, _: Entry, fact: f.MeetingCreated) -> MeetingState:
    return replace(state, heading=fact)


def open_meeting(_: MeetingState, __: Actor, ___: c.OpenMeeting, ____: Moment) -> list[f.Fact]:
    return [f.MeetingOpened()]


def meeting_opened(state: MeetingState, entry: Entry, fact: f.MeetingOpened) -> MeetingState:
    return replace(_moved(state, fact), opened_at=entry.at)


def close_meeting(_: MeetingState, __: Actor, ___: c.CloseMeeting, ____: Moment) -> list[f.Fact]:
    return [f.MeetingClosed()]


def meeting_closed(state: MeetingState, entry: Entry, fact: f.MeetingClosed) -> MeetingState:
    """Nothing is presented any more, so the screens come to rest."""
    last = {state.item} if state.item else set()
    closed = replace(_moved(state, fact), closed_at=entry.at)
    return replace(closed, item="", done=state.done | last, presented=None, turn=entry.rev)


def _moved(state: MeetingState, fact: f.Fact) -> MeetingState:
    before, after = MOVES[type(fact)]
    if state.phase != before:
        raise ValueError(f"{type(fact).__name__} in phase {state.phase}")
    return replace(state, phase=after)
