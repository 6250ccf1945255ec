"""Whose request is this: a seat in the path, the matching cookie, and what it may do now."""

from __future__ import annotations

import asyncio

from msgspec import Struct
from starlette.requests import Request

from meeting.access import Access, cookie_name
from meeting.errors import AskedTooMuch, Refused
from meeting.limits import Paces
from meeting.meetings import Meetings
from meeting.rules.roles import standing_of
from meeting.rules.state import Actor, Seat
from meeting.rules.visibility import Audience, audience_of
from meeting.running import RunningMeeting


class Visitor(Struct, frozen=True):
    """A device of a seat of a running meeting, not revoked."""

    running: RunningMeeting
    actor: Actor

    @property
    def seat(self) -> Seat:
        return self.running.state.seats[self.actor.seat]

    @property
    def audience(self) -> Audience:
        return audience_of(self.running.state, self.seat)


def visitor(meetings: Meetings, access: Access, seat: str, token: str | None) -> Visitor:
    """Who holds this cookie value for this seat.

    Raises:
        Refused: `not_signed_in` or `device_revoked`; unknown seats answer as foreign ones.
    """
    running = meetings.of_seat(seat)
    device = running and access.device_of(token, running.id, seat)
    if not running or not device:
        raise Refused("not_signed_in")
    actor = Actor("device", seat, device)
    standing_of(running.state, actor)
    return Visitor(running, actor)


def paced(paces: Paces, guest: Visitor) -> Visitor:
    """The same visitor, whose device does not ask too often.

    Raises:
        AskedTooMuch: it does.
    """
    seconds = asyncio.get_running_loop().time()
    if not paces.allows(guest.actor.seat, guest.actor.device, seconds):
        raise AskedTooMuch
    return guest


def visitor_of(meetings: Meetings, access: Access, request: Request) -> Visitor:
    """The visitor of a route whose path names a `seat`. Raises as `visitor`."""
    seat = request.path_params["seat"]
    return visitor(meetings, access, seat, request.cookies.get(cookie_name(seat)))
