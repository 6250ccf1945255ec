"""The door: a scanned code, choosing one's name, waiting for the desk.

The age of a scanned code is judged once, here; choosing a name then has no clock. What was
proved travels in the address too, for browsers whose cookies do not stay.
"""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from datetime import UTC, datetime
from typing import Final, cast

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.access import SAW_COOKIE, Seen, same_origin
from meeting.checkin import SIGHTING_SECONDS
from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol.answers import Rejected, Retry
from meeting.protocol.words import DeviceKind, Sighting
from meeting.routes.draw import Drawing, field, go
from meeting.routes.replies import status_of
from meeting.routes.shell import Shell
from meeting.routes.welcome import Ways, kind_of
from meeting.rules.attendance import HERE
from meeting.running import RunningMeeting

SEARCH_FROM: Final = 30
"""A list of names longer than this has a search."""

NAME_MOST: Final = 100
WAIT_COOKIE: Final = "wait"


class Asking(Struct, frozen=True):
    """What a waiting page carries, signed."""

    running: RunningMeeting
    device: str
    seat: str
    number: int
    since: datetime
    kind: DeviceKind
    sighting: Sighting


def routes(shell: Shell) -> list[Route]:
    ways = Ways(shell, Drawing(shell))

    async def scanned(request: Request) -> Response:
        """The QR of the room screen. Opening it proves only what was seen, and when."""
        now = shell.clock.seconds()
        code = request.path_params["code"]
        for running in ways.open_to_people():
            sighting = running.codes.judge_scan(code, now)
            if sighting == "none":
                continue
            saw = shell.access.saw(Seen(running.id, sighting, now))
            seats = [seat for seat in ways.known_seats(request, running) if seat.on_roll]
            if not seats:
                answer: Response = go(f"/names?saw={saw}")
            elif all(seat.stand.state in HERE for seat in seats):
                answer = go(f"/s/{seats[0].id}/")
            else:
                absent = [seat for seat in seats if seat.stand.state not in HERE]
                answer = ways.drawing.page("checkin", running, seats=absent, saw=saw)
            answer.set_cookie(
                SAW_COOKIE, saw, max_age=SIGHTING_SECONDS, path="/", httponly=True, samesite="lax"
            )
            return answer
        return ways.welcome(request, note="checkin.scan_wrong", status=404)

    async def checked_in(request: Request) -> Response:
        """One tap of a known device that scanned the code."""
        running = shell.meetings.of_seat(request.path_params["seat"])
        seat = running.state.seats[request.path_params["seat"]] if running else None
        actor = running and seat and ways.device_of(request, running, seat)
        if not running or not seat or not actor or not same_origin(request.headers):
            return ways.welcome(request, code="not_signed_in", status=401)
        if not shell.paces.allows(seat.id, actor.device, asyncio.get_running_loop().time()):
            return ways.welcome(request, code="server_busy", status=status_of("server_busy"))
        saw = await field(request, "saw") or request.cookies.get(SAW_COOKIE)
        sighting = shell.access.sighting(saw, running.id, shell.clock.seconds())
        answer = await running.submit(
            actor, c.Sent(secrets.token_hex(12), c.CheckIn()), sighting=sighting, method="scan"
        )
        if isinstance(answer, Retry):
            return ways.welcome(request, code="server_busy", status=status_of("server_busy"))
        if isinstance(answer, Rejected) and answer.code != "code_needed":
            return ways.welcome(request, code=answer.code, status=status_of(answer.code))
        return go(f"/s/{seat.id}/")

    async def names(request: Request) -> Response:
        saw, trial = (request.query_params.get(name, "") for name in ("saw", "trial"))
        running = seen_by(saw) or ways.trial(trial) or ways.at_hand()
        if running is None:
            return go("/")
        wanted = request.query_params.get("q", "")[:NAME_MOST]
        seats = [seat for seat in running.state.seats.values() if seat.on_roll]
        folded = fold(wanted)
        found = [seat for seat in seats if folded in fold(f"{seat.name} {seat.post}")]
        return ways.drawing.page(
            "names",
            running,
            roll=[seat for seat in found if seat.counted],
            guests=[seat for seat in found if not seat.counted],
            search=len(seats) > SEARCH_FROM,
            wanted=wanted,
            saw=saw,
        )

    def seen_by(saw: str) -> RunningMeeting | None:
        """The meeting whose room screen was scanned."""
        seen = shell.access.seen(saw)
        running = shell.meetings.get(seen.meeting) if seen else None
        return running if running and not running.rehearsal else None

    async def chosen(request: Request) -> Response:
        running = shell.meetings.of_seat(request.path_params["seat"])
        seat = running.state.seats[request.path_params["seat"]] if running else None
        if running is None or seat is None or not seat.on_roll:
            return ways.welcome(request, code="seat_unknown", status=404)
        if running.state.phase in ("closed", "locked"):
            return ways.welcome(request, note="table.closed", status=409)
        if not same_origin(request.headers):
            return ways.welcome(request, code="not_allowed", status=403)
        saw = await field(request, "saw") or request.cookies.get(SAW_COOKIE)
        sighting = shell.access.sighting(saw, running.id, shell.clock.seconds())
        before = _asking(shell, request.cookies.get(WAIT_COOKIE, ""))
        again = before is not None and before.device in running.room.waiting
        asking = Asking(
            running,
            before.device if before and again else secrets.token_hex(8),
            seat.id,
            0,
            shell.clock.now(),
            kind_of(request),
            sighting,
        )
        try:
            number = _ask_in(shell, asking)
        except Refused as refused:
            return ways.welcome(request, code=refused.code, status=status_of(refused.code))
        token = _token(shell, asking, number)
        answer = go(f"/wait/{token}")
        answer.set_cookie(WAIT_COOKIE, token, path="/", httponly=True, samesite="lax")
        return answer

    async def waiting(request: Request) -> Response:
        """Looks again by itself; goes on to the seat as soon as the desk says so."""
        asking = _asking(shell, request.path_params["token"])
        if asking is None:
            return ways.welcome(request, code="not_waiting", status=404)
        running = asking.running
        device = running.state.devices.get(asking.device)
        if device is not None and not device.revoked:
            return ways.seated(running, device.seat, device.id)
        seat = running.state.seats[asking.seat]
        if device is not None or asking.device in running.state.declined:
            return ways.drawing.page("declined", running, seat=seat)
        try:
            number = _ask_in(shell, asking)
        except Refused as refused:
            return ways.welcome(request, code=refused.code, status=status_of(refused.code))
        return ways.drawing.page("wait", running, seat=seat, number=f"{number:02d}")

    return [
        Route("/q/{code}", scanned),
        Route("/q/checkin/{seat}", checked_in, methods=["POST"]),
        Route("/names", names),
        Route("/names/{seat}", chosen, methods=["POST"]),
        Route("/wait/{token}", waiting),
    ]


def _ask_in(shell: Shell, asking: Asking) -> int:
    """Wait at the desk, or go on waiting, also after the server was started again."""
    seconds = shell.clock.seconds()
    try:
        waiting = asking.running.room.ask_in(
            asking.device,
            asking.seat,
            asking.kind,
            asking.sighting,
            since=asking.since,
            seconds=seconds,
            number=asking.number,
        )
    except Refused:
        shell.reached.note("waiting", seconds)
        raise
    return waiting.number


def _token(shell: Shell, asking: Asking, number: int) -> str:
    since = str(int(asking.since.timestamp()))
    return shell.access.signed(
        "wait", asking.running.id, asking.device, asking.seat, str(number), since, asking.kind,
        asking.sighting,
    )  # fmt: skip


def _asking(shell: Shell, token: str) -> Asking | None:
    parts = shell.access.unsigned("wait", token)
    if parts is None:
        return None
    meeting, device, seat, number, since, kind, sighting = parts
    running = shell.meetings.get(meeting)
    asked = datetime.fromtimestamp(int(since), UTC)
    if running is None or seat not in running.state.seats:
        return None
    return Asking(
        running,
        device,
        seat,
        int(number),
        asked,
        cast(DeviceKind, kind),
        cast(Sighting, sighting),
    )


def fold(name: str) -> str:
    """A name as people type it who skip the accents: đ is d, marks are gone, case does not count.

    `names` and their search use the same folding, so "nguyen thi" finds "Nguyễn Thị".
    """
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(ch for ch in plain if not unicodedata.combining(ch)).casefold().strip()
