"""HTTP of the office: its page, and what the page asks."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from meeting.routes.draw import go
from meeting.routes.office import (
    account,
    files,
    machine,
    meetings,
    papers,
    prints,
    settings,
    tables,
    templates,
)
from meeting.routes.replies import HEADERS, refuse
from meeting.routes.seat import POLICY
from meeting.routes.shell import Shell


def routes(shell: Shell) -> list[Route]:
    """Everything below /office. What is no request of the page's is the page, which knows its own
    addresses.
    """

    async def page(_: Request) -> Response:
        headers = {**HEADERS, "content-security-policy": POLICY}
        return FileResponse(shell.static / "office.html", headers=headers)

    async def page_without_slash(_: Request) -> Response:
        return go("/office/")

    async def unknown(_: Request) -> Response:
        return refuse("malformed")

    return [
        *account.routes(shell),
        *settings.routes(shell),
        *templates.routes(shell),
        *machine.routes(shell),
        *files.routes(shell),
        *prints.routes(shell),
        *meetings.routes(shell),
        *tables.routes(shell),
        *papers.routes(shell),
        Route("/office/api/{path:path}", unknown, methods=["GET", "POST", "PUT"]),
        Route("/office", page_without_slash),
        Route("/office/{path:path}", page),
    ]
