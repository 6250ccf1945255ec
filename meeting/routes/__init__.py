"""HTTP: the URL table, on one screen. Unknown paths lead to Welcome, never to a dead end."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from meeting.logs import Log
from meeting.routes import door, health, office, plain, rehearsal, seat, texts, trying, welcome
from meeting.routes.draw import Drawing
from meeting.routes.replies import HEADERS, reply
from meeting.routes.shell import Shell

log = Log("routes")


def http(shell: Shell) -> Starlette:
    """All routes but page images and sockets.

    /                   Welcome                      welcome
    /code /c/…          cards                        welcome
    /q/… /names /wait/… a scanned code, the door     door
    /s/<seat>/…         the app and its requests     seat
    /s/<seat>/text…     words of papers, search      texts
    /s/<seat>/plain…    the version without script   plain
    /rehearsal…         a rehearsal's own meeting    rehearsal
    /office…            the office's page           office
    /try/… /tv…         a phone test; a waiting screen  trying
    /healthz /metrics   how the server is            health
    /static/…           the built web app
    """
    drawing = Drawing(shell)

    async def malformed(request: Request, wrong: Exception) -> Response:
        """What no page of ours sends. A missing asset is simply not there."""
        status = wrong.status_code if isinstance(wrong, HTTPException) else 400
        return said(request, "malformed", status)

    async def fault(request: Request, wrong: Exception) -> Response:
        """A fault of ours: the log has it all, the screen a sentence."""
        log.error("request_failed", fault=wrong)
        return said(request, "server_fault", 500)

    def said(request: Request, code: str, status: int) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return drawing.page("fault", None, status, refused=code)
        return reply({"code": code, "data": {}}, status)

    return Starlette(
        routes=[
            *welcome.routes(shell),
            *door.routes(shell),
            *plain.routes(shell),
            *seat.routes(shell),
            *texts.routes(shell),
            *rehearsal.routes(shell),
            *office.routes(shell),
            *trying.routes(shell),
            *health.routes(shell),
            Mount("/static", Assets(directory=shell.static, check_dir=False)),
            Route("/{path:path}", lost, methods=["GET", "HEAD", "POST"]),
        ],
        exception_handlers={
            ClientDisconnect: nobody,
            HTTPException: malformed,
            Exception: fault,
        },
    )


async def nobody(_: Request, __: Exception) -> Response:
    """Whoever asked has gone; there is nobody to answer."""
    return Response(status_code=400)


async def lost(_: Request) -> Response:
    """Wherever a wrong address led, Welcome is the way on."""
    return RedirectResponse("/?lost=1", status_code=303, headers=HEADERS)


class Assets(StaticFiles):
    """Files of the web app: named by their content, so kept for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["x-content-type-options"] = "nosniff"
        if path.startswith("assets/"):
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
