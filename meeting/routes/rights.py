"""Which pages a device may fetch, asked at each request: one look by the raw cookie value.

What was found out is remembered for exactly as long as the meeting's state is the very same; the
signature of a cookie is judged once. Nothing here waits, and nothing is served here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from weakref import WeakKeyDictionary

from msgspec import Struct
from starlette.requests import cookie_parser

from meeting.access import Access, cookie_name
from meeting.errors import Refused
from meeting.meetings import Meetings
from meeting.routes.visitor import Visitor, visitor
from meeting.rules.state import Document, MeetingState, Version
from meeting.rules.visibility import LASTING, Audience, readable
from meeting.running import RunningMeeting

SESSIONS_MOST: Final = 20_000
COOKIES_MOST_BYTES: Final = 4096
"""Longer ones are judged anew each time: they are not worth their memory."""


class Sheets(Struct, frozen=True):
    """A paper in one version, as somebody may read it now."""

    document: Document
    version: Version


class Right(Struct, frozen=True):
    """What one device may read now, by address. `lasting`: until the paper is withdrawn."""

    guest: Visitor
    lasting: bool
    sheets: Mapping[str, Sheets]

    def of(self, address: str) -> Sheets:
        """Raises Refused: `document_unknown`, for a forbidden address as for one there is not."""
        try:
            return self.sheets[address]
        except KeyError:
            raise Refused("document_unknown") from None


class _Found:
    """What was found out about one meeting while its state was this one."""

    def __init__(self, state: MeetingState) -> None:
        self.state = state
        self.of_device: dict[tuple[str, str], Right] = {}
        self.of_audience: dict[Audience, dict[str, Sheets]] = {}


class Rights:
    """The rights of all devices of all meetings. Used from one event loop."""

    def __init__(self, meetings: Meetings, access: Access) -> None:
        self._meetings = meetings
        self._access = access
        self._sessions: dict[tuple[str, bytes], tuple[str, str]] = {}
        self._found: WeakKeyDictionary[RunningMeeting, _Found] = WeakKeyDictionary()

    def of(self, seat: str, cookies: bytes) -> Right:
        """What whoever sends this cookie header for this seat may read.

        Raises:
            Refused: `not_signed_in` or `device_revoked`; unknown seats answer as foreign ones.
        """
        session = self._sessions.get((seat, cookies))
        if session is not None:
            meeting, device = session
            running = self._meetings.get(meeting)
            found = running and self._found.get(running)
            if running and found and found.state is running.state:
                right = found.of_device.get((seat, device))
                if right is not None:
                    return right
        return self._look(seat, cookies)

    def _look(self, seat: str, cookies: bytes) -> Right:
        guest = visitor(self._meetings, self._access, seat, _value(cookies, cookie_name(seat)))
        running, device = guest.running, guest.actor.device
        if len(cookies) <= COOKIES_MOST_BYTES:
            if len(self._sessions) >= SESSIONS_MOST:
                self._sessions.clear()  # they are all looked up anew: nobody is sent away
            self._sessions[seat, cookies] = (running.id, device)
        found = self._found.get(running)
        if found is None or found.state is not running.state:
            found = self._found[running] = _Found(running.state)
        right = found.of_device.get((seat, device))
        if right is None:
            right = found.of_device[seat, device] = _right(guest, found)
        return right


def _right(guest: Visitor, found: _Found) -> Right:
    audience = guest.audience
    sheets = found.of_audience.get(audience)
    if sheets is None:
        papers = (found.state.documents[paper] for paper in readable(found.state, audience))
        sheets = found.of_audience[audience] = {
            version.address: Sheets(document, version)
            for document in papers
            for version in document.addressed()
        }
    return Right(guest, audience.kind in LASTING, sheets)


def _value(cookies: bytes, name: str) -> str | None:
    """Several headers of this name come joined by line ends: the first that has it counts."""
    for header in cookies.split(b"\n"):
        if found := cookie_parser(header.decode("latin-1")).get(name):
            return found
    return None
