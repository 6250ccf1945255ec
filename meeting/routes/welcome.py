"""Welcome, and cards: the way in for whoever holds a link or six digits.

`GET` of a personal link changes nothing, as previews open links; the tap is the act.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Final

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.access import COOKIE_SECONDS, cookie_name, same_origin
from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed, Rejected
from meeting.protocol.words import DeviceKind
from meeting.routes.draw import Drawing, field, go
from meeting.routes.here import from_here
from meeting.routes.replies import status_of
from meeting.routes.shell import Shell
from meeting.routes.visitor import visitor
from meeting.rules.state import Actor, Seat
from meeting.running import RunningMeeting

A_DAY: Final = timedelta(days=1)


class Card(Struct, frozen=True):
    """A valid card somebody holds: whose, in which meeting."""

    running: RunningMeeting
    seat: Seat


class Ways(Struct, frozen=True):
    """How a browser comes in, shared by the pages of the door."""

    shell: Shell
    drawing: Drawing

    def _offered(self) -> list[RunningMeeting]:
        """The trial copies of meetings ahead: nobody may take one for a meeting that is on."""
        of = self.shell.meetings.get
        copies = self.shell.meetings.trial_copies()
        return [copy for copy in copies if (real := of(copy.trial_of)) and not real.state.opened_at]

    def at_hand(self) -> RunningMeeting | None:
        """The meeting Welcome speaks of: the one that is on, else the nearest to now, for there may
        be one prepared for next week, and one begun by mistake has nobody on its roll. A sample was
        begun to be looked at now.
        """
        meetings = self.shell.meetings.of_people()
        if not meetings or meetings[-1].state.meeting.trial:
            return meetings[-1] if meetings else None
        peopled = [one for one in meetings if any(s.on_roll for s in one.state.seats.values())]
        return min(reversed(peopled or meetings), key=self._away)

    def _away(self, running: RunningMeeting) -> timedelta:
        """How far a meeting is from now; less than nothing while it is on, the least for the one
        opened last. One that nobody closed is on no longer after a day.
        """
        state, now = running.state, self.shell.clock.now()
        if state.phase == "running" and state.opened_at and now - state.opened_at < A_DAY:
            return now - state.opened_at - A_DAY
        return abs(state.meeting.starts_at - now)

    def trial(self, meeting: str) -> RunningMeeting | None:
        """The trial copy of this id, for whoever wants to practise in it."""
        copies = self.shell.meetings.trial_copies()
        return next((copy for copy in copies if copy.id == meeting), None)

    def open_to_people(self) -> list[RunningMeeting]:
        """Every meeting people may come into, trial copies first, the one at hand last."""
        real = sorted(self.shell.meetings.of_people(), key=self._away, reverse=True)
        return [*self.shell.meetings.trial_copies(), *real]

    def known_seats(self, request: Request, running: RunningMeeting) -> list[Seat]:
        """The seats of this meeting that this browser's devices serve."""
        return [
            seat
            for seat in running.state.seats.values()
            if self.device_of(request, running, seat) is not None
        ]

    def device_of(self, request: Request, running: RunningMeeting, seat: Seat) -> Actor | None:
        """This browser as a device of this seat, if it is one and was not revoked."""
        token = request.cookies.get(cookie_name(seat.id))
        if token is None:
            return None
        try:
            return visitor(self.shell.meetings, self.shell.access, seat.id, token).actor
        except Refused:
            return None

    def welcome(
        self,
        request: Request,
        *,
        to: RunningMeeting | None = None,
        code: str = "",
        status: int = 200,
        **shown: Any,
    ) -> Response:
        """The page everything leads back to; `to` is a trial copy, `code` what was refused."""
        running = to or self.at_hand()
        seats = self.known_seats(request, running) if running else []
        trials = [] if to else [copy.state.meeting for copy in self._offered()]
        known = {"seats": seats, "trials": trials, "refused": code, "note": "", **shown}
        return self.drawing.page("welcome", running, status, **known)

    def seated(self, running: RunningMeeting, seat: str, device: str) -> Response:
        """On to the seat's own page, with the cookie that makes this browser its device."""
        answer = go(f"/s/{seat}/")
        answer.set_cookie(
            cookie_name(seat),
            self.shell.access.device_token(running.id, seat, device),
            max_age=COOKIE_SECONDS,
            path="/",
            httponly=True,
            samesite="lax",
        )
        return answer


def kind_of(request: Request) -> DeviceKind:
    """What sort of device this is, by what its browser says; good enough for the desk."""
    says = request.headers.get("user-agent", "")
    if "iPad" in says or ("Android" in says and "Mobile" not in says):
        return "tablet"
    return "phone" if "Mobi" in says or "iPhone" in says else "computer"


def routes(shell: Shell) -> list[Route]:
    ways = Ways(shell, Drawing(shell))

    def card(code: str) -> Card | None:
        """A link's holder, or a typer of six digits: those of rehearsals are typed by nobody."""
        meetings = shell.meetings.all() if len(code) > 6 else ways.open_to_people()
        for running in reversed(meetings):
            if seat := shell.access.seat_of_card(running.state, code):
                return Card(running, seat)
        return None

    async def welcome(request: Request) -> Response:
        if from_here(request) and not shell.office.office and ways.at_hand() is None:
            return go("/office/")  # somebody sits at a server that is new
        lost = request.query_params.get("lost", "")
        return ways.welcome(request, note="welcome.lost" if lost == "1" else "", code=_code(lost))

    async def trial(request: Request) -> Response:
        copy = ways.trial(request.path_params["meeting"])
        return ways.welcome(request, to=copy) if copy else go("/?lost=1")

    async def typed(request: Request) -> Response:
        """Six digits lead to the card's own page. Guessing is slowed down for everybody."""
        if not same_origin(request.headers):
            return ways.welcome(request, code="not_allowed", status=403)
        now = shell.clock.seconds()
        if shell.code_tries.paused(now):
            shell.reached.note("cards", now)
            return ways.welcome(request, code="code_paused", status=429)
        digits = "".join(filter(str.isdecimal, await field(request, "code")))
        if len(digits) == 4:
            return ways.welcome(request, note="welcome.four_digits")
        held = card(digits) if len(digits) == 6 else None
        if held is None:
            shell.code_tries.wrong(now)
            return ways.welcome(request, code="card_unknown", status=404)
        code = shell.access.card_code(held.running.id, held.seat.id, held.seat.card)
        return go(f"/c/{code}")

    async def named(request: Request) -> Response:
        held = card(_long(request))
        if held is None:
            return ways.drawing.page("card_unknown", ways.at_hand(), 404)
        return ways.drawing.page("card", held.running, seat=held.seat)

    async def claimed(request: Request) -> Response:
        """ "Đúng, là tôi": this browser becomes a device of the seat."""
        held = card(_long(request))
        if held is None:
            return ways.drawing.page("card_unknown", ways.at_hand(), 404)
        if not same_origin(request.headers):
            return ways.welcome(request, code="not_allowed", status=403)
        running, seat = held.running, held.seat
        if known := ways.device_of(request, running, seat):
            return ways.seated(running, seat.id, known.device)
        device = secrets.token_hex(8)
        kind = "screen" if seat.role == "screen" else kind_of(request)
        answer = await running.submit(
            Actor("card", seat.id, "", seat.card),
            c.Sent(secrets.token_hex(12), c.ClaimDevice(device, kind)),
        )
        if isinstance(answer, Committed):
            return ways.seated(running, seat.id, device)
        code = answer.code if isinstance(answer, Rejected) else "server_busy"
        return ways.drawing.page("card", running, status_of(code), seat=seat, refused=code)

    return [
        Route("/", welcome),
        Route("/trial/{meeting}", trial),
        Route("/code", typed, methods=["POST"]),
        Route("/c/{code}", named),
        Route("/c/{code}", claimed, methods=["POST"]),
    ]


def _long(request: Request) -> str:
    """The code of a link; six digits are typed, never linked to, so that tries are counted."""
    code = str(request.path_params["code"])
    return code if len(code) > 6 else ""


def _code(lost: str) -> str:
    """The refusal that led here, if it is one that Welcome speaks of."""
    return lost if lost in ("not_signed_in", "device_revoked") else ""
