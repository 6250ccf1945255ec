"""The phone test's page and connection, and screens that wait to be the room's.

Both are for machines nobody knows, so neither says anything of any meeting.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from meeting.errors import Refused
from meeting.office.phones import is_another
from meeting.office.screens import Room
from meeting.routes.draw import POLICY, Drawing, go
from meeting.routes.replies import HEADERS, status_of
from meeting.routes.shell import Shell
from meeting.routes.welcome import Ways
from meeting.running import RunningMeeting

SCRIPT: Final = Path(__file__).parent / "templates" / "hold.js"
WITH_SCRIPT: Final = f"{POLICY}; script-src 'self'; connect-src 'self' ws: wss:"

PROBES: Final = 3
ANSWER_SECONDS: Final = 5.0
"""How long a phone may take to answer a probe."""


def routes(shell: Shell) -> list[BaseRoute]:
    drawing = Drawing(shell)
    ways = Ways(shell, drawing)

    async def another(connection: HTTPConnection) -> bool:
        """Whether it was asked by a machine other than this."""
        return is_another(_peer(connection), await shell.machine.addresses())

    def known(code: str) -> bool:
        return shell.phone.knows(code, shell.clock.seconds())

    async def tried(request: Request) -> Response:
        """Opened on a phone, it says so, and the office's page turns one step greener."""
        if not known(request.path_params["code"]):
            return ways.welcome(request, note="welcome.lost", status=404)
        elsewhere = await another(request)
        if elsewhere:
            shell.phone.reached("page")
        page = drawing.page("try", another=elsewhere)
        page.headers["content-security-policy"] = WITH_SCRIPT
        return page

    async def script(_: Request) -> Response:
        return Response(SCRIPT.read_bytes(), media_type="text/javascript", headers=HEADERS)

    async def hold(socket: WebSocket) -> None:
        """A connection that stays, and answers, is what a meeting needs."""
        if not known(socket.path_params["code"]):
            await socket.close()
            return
        await socket.accept()
        try:
            for _ in range(PROBES):
                await socket.send_text("probe")
                async with asyncio.timeout(ANSWER_SECONDS):
                    await socket.receive_text()
                await asyncio.sleep(shell.phone.hold_seconds / PROBES)
            if known(socket.path_params["code"]) and await another(socket):
                shell.phone.reached("done")
            await socket.send_text("done")
            await socket.close()
        except (WebSocketDisconnect, TimeoutError):
            return

    async def screen(_: Request) -> Response:
        """A screen begins to wait. Its address carries what it is: a television keeps no cookie."""
        try:
            return go(f"/tv/{shell.screens.come(shell.clock.seconds())}")
        except Refused as refused:
            return drawing.page("fault", None, status_of(refused.code), refused=refused.code)

    async def waiting(request: Request) -> Response:
        """Looks again by itself; goes on to the room's screen as soon as the office says so."""
        found = shell.screens.look(request.path_params["screen"], shell.clock.seconds())
        if isinstance(found, str):
            return drawing.page("tv", digits=found)
        running = shell.meetings.get(found.meeting) if found else None
        if found is None or running is None or not _serves(running, found):
            return go("/tv")
        return ways.seated(running, found.seat, found.device)

    return [
        Route("/try/hold.js", script),
        Route("/try/{code}", tried),
        WebSocketRoute("/try/{code}/hold", hold),
        Route("/tv", screen),
        Route("/tv/{screen}", waiting),
    ]


def _peer(connection: HTTPConnection) -> str:
    """Who is connected; through a proxy on this machine, who that says it was."""
    peer = connection.client.host if connection.client else ""
    passed_on = connection.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return passed_on if passed_on and not is_another(peer, ()) else peer


def _serves(running: RunningMeeting, room: Room) -> bool:
    device = running.state.devices.get(room.device)
    return device is not None and not device.revoked and device.seat in running.state.seats
