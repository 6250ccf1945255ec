"""What a device of a seat asks by HTTP: the app itself, the roll, a card, a command."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from meeting import qr
from meeting.access import SAW_COOKIE, same_origin
from meeting.errors import Refused
from meeting.limits import AGAIN_MS
from meeting.protocol import commands as c
from meeting.protocol.answers import Rejected, Retry
from meeting.protocol.views import CardView
from meeting.routes.replies import HEADERS, answered, refusal, reply
from meeting.routes.shell import Shell
from meeting.routes.visitor import paced, visitor_of
from meeting.rules.roles import DESK
from meeting.rules.visibility import WITH_ROLL

COMMAND_MOST_BYTES: Final = 64 * 1024
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' data:; font-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def routes(shell: Shell) -> list[Route]:
    async def app(request: Request) -> Response:
        try:
            visitor_of(shell.meetings, shell.access, request)
        except Refused as refused:
            return RedirectResponse(f"/?lost={refused.code}", 303, headers=HEADERS)
        headers = {**HEADERS, "content-security-policy": POLICY}
        return FileResponse(shell.static / "index.html", headers=headers)

    async def app_without_slash(request: Request) -> Response:
        """The app's own addresses are relative to its folder."""
        return RedirectResponse(f"/s/{request.path_params['seat']}/", 303, headers=HEADERS)

    async def roll(request: Request) -> Response:
        try:
            guest = paced(shell.paces, visitor_of(shell.meetings, shell.access, request))
            if guest.audience.kind not in WITH_ROLL:
                raise Refused("not_allowed")
        except Refused as refused:
            return refusal(refused)
        shown = guest.running.publishing.shown_to(guest.audience)
        return reply({"rev": shown.rev, "roll": shown.roll})

    async def card(request: Request) -> Response:
        """A seat's own card, or any card for the desk."""
        try:
            guest = paced(shell.paces, visitor_of(shell.meetings, shell.access, request))
            state = guest.running.state
            wanted = request.path_params["other"]
            if wanted != guest.seat.id and guest.seat.role not in DESK:
                raise Refused("not_allowed")
            seat = state.seats.get(wanted)
            if seat is None:
                raise Refused("seat_unknown")
            if not seat.card_valid:
                raise Refused("card_revoked")
        except Refused as refused:
            return refusal(refused)
        code = shell.access.card_code(guest.running.id, seat.id, seat.card)
        link = f"{shell.base_url()}/c/{code}"
        digits = shell.access.card_digits(state)[seat.id]
        return reply(CardView(seat.id, seat.name, link, qr.svg(link), digits))

    async def command(request: Request) -> Response:
        """The same command as by Socket.IO, for a device whose socket does not answer."""
        if not same_origin(request.headers) or "x-phien" not in request.headers:
            return answered(Rejected("not_allowed"))
        try:
            guest = visitor_of(shell.meetings, shell.access, request)
            now = asyncio.get_running_loop().time()
            if not shell.paces.allows(guest.seat.id, guest.actor.device, now):
                return answered(Retry(AGAIN_MS))
            body = await _body(request)
            sent = msgspec.json.decode(body, type=c.Sent)
        except Refused as refused:
            return answered(Rejected(refused.code, refused.data))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return answered(Rejected("malformed"))
        sighting = shell.access.sighting(
            request.cookies.get(SAW_COOKIE), guest.running.id, shell.clock.seconds()
        )
        return answered(await guest.running.submit(guest.actor, sent, sighting=sighting))

    return [
        Route("/s/{seat}", app_without_slash),
        Route("/s/{seat}/", app),
        Route("/s/{seat}/roll", roll),
        Route("/s/{seat}/card/{other}", card),
        Route("/s/{seat}/command", command, methods=["POST"]),
    ]


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > COMMAND_MOST_BYTES:
            raise Refused("malformed")
    return body
