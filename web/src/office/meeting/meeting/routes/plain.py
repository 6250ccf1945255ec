"""The table without script: the presented page, refreshed every five seconds, and the papers.

What may be seen comes from the same view the app gets, and from nowhere else.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.access import same_origin
from meeting.errors import Refused
from meeting.pages import WIDTHS
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed, Rejected
from meeting.routes.draw import Drawing, clock_time, field, go
from meeting.routes.replies import status_of
from meeting.routes.shell import Shell
from meeting.routes.visitor import Visitor, paced, visitor_of
from meeting.rules.attendance import HERE

REFRESH_SECONDS: Final = 5


def routes(shell: Shell) -> list[Route]:
    drawing = Drawing(shell)

    def visiting(request: Request) -> Visitor:
        return paced(shell.paces, visitor_of(shell.meetings, shell.access, request))

    def away(refused: Refused) -> Response:
        """Who asks too often stays where they are; who is nobody here begins anew."""
        if refused.code == "server_busy":
            return drawing.page("fault", None, status_of(refused.code), refused=refused.code)
        return go(f"/?lost={refused.code}")

    def table(guest: Visitor, *, refused: str = "", status: int = 200) -> Response:
        view = guest.running.publishing.shown_to(guest.audience).view
        on_show = view.get("presented")
        presented = _on_show(_papers(view), on_show) if on_show else None
        stand = guest.seat.stand
        here = stand.state in HERE
        return drawing.page(
            "table",
            guest.running,
            status,
            seat=guest.seat,
            view=view,
            presented=presented,
            items=_in_order(view["agenda"]),
            picture=_picture(guest, presented["address"], presented["page"]) if presented else "",
            here=here,
            at=clock_time(guest.running.state, stand.at) if here and stand.at else "",
            refused=refused,
            refresh=0 if refused else REFRESH_SECONDS,
        )

    def digits(guest: Visitor, refused: str = "") -> Response:
        status = status_of(refused) if refused else 200
        return drawing.page("digits", guest.running, status, seat=guest.seat, refused=refused)

    async def presented(request: Request) -> Response:
        try:
            return table(visiting(request))
        except Refused as refused:
            return away(refused)

    async def check_in(request: Request) -> Response:
        """A page of its own, as the table would be looked for again while somebody types."""
        try:
            guest = visiting(request)
        except Refused as refused:
            return away(refused)
        if request.method != "POST":
            return digits(guest)
        if not same_origin(request.headers):
            return digits(guest, "not_allowed")
        typed = await field(request, "code")
        code = "".join(digit for digit in typed if digit in "0123456789")[:4]
        sent = c.Sent(secrets.token_hex(12), c.CheckIn(code))
        answer = await guest.running.submit(guest.actor, sent)
        if isinstance(answer, Committed):
            return go(f"/s/{guest.seat.id}/plain")
        return digits(guest, answer.code if isinstance(answer, Rejected) else "server_busy")

    async def paper(request: Request) -> Response:
        """One page of a paper, read alone; nothing moves it but its own links."""
        try:
            guest = visiting(request)
        except Refused as refused:
            return away(refused)
        view = guest.running.publishing.shown_to(guest.audience).view
        wanted, asked = request.path_params["document"], request.path_params["page"]
        page = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 4 else 0
        document = _papers(view).get(wanted)
        if document is None or not 1 <= page <= document["pages"]:
            return table(guest, refused="document_unknown", status=404)
        return drawing.page(
            "paper",
            guest.running,
            seat=guest.seat,
            document={**document, "id": wanted},
            page=page,
            picture=_picture(guest, document["address"], page),
        )

    return [
        Route("/s/{seat}/plain", presented),
        Route("/s/{seat}/plain/checkin", check_in, methods=["GET", "POST"]),
        Route("/s/{seat}/plain/{document}/{page}", paper),
    ]


def _picture(guest: Visitor, address: str, page: int) -> str:
    return f"/p/{guest.seat.id}/{address}/{page}?w={WIDTHS[0]}"


def _papers(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All papers of a view, by id."""
    return {
        key: row
        for item in view["agenda"].values()
        for key, row in item.get("documents", {}).items()
    }


def _on_show(papers: dict[str, dict[str, Any]], shown: dict[str, Any]) -> dict[str, Any]:
    """What is presented, in the version it is presented in."""
    paper = papers[shown["document"]]
    older = paper.get("older", {}).get(str(shown["version"]), {})
    return {**paper, **older, **shown}


def _in_order(rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Items with their papers, both in the order of the agenda."""
    ordered = sorted(rows.values(), key=lambda item: item["position"])
    return [
        {
            **item,
            "documents": sorted(
                ({**row, "id": key} for key, row in item.get("documents", {}).items()),
                key=lambda row: row["position"],
            ),
        }
        for item in ordered
    ]
