"""What the office prints and sends ahead: PDFs, a zip, and texts to copy into Zalo or mail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from meeting.errors import Refused
from meeting.printing.ahead import clean
from meeting.printing.message import message
from meeting.printing.sheets import Way, Ways, item_name
from meeting.protocol.words import Id
from meeting.routes.draw import Drawing
from meeting.routes.office.entry import account_of, answering
from meeting.routes.office.which import meeting_of
from meeting.routes.replies import HEADERS, reply, status_of
from meeting.routes.shell import Shell
from meeting.rules.state import MeetingState
from meeting.running import RunningMeeting
from meeting.texts import text

NAME_LETTERS: Final = 100
PDF: Final = "application/pdf"


def routes(shell: Shell) -> list[Route]:
    drawing = Drawing(shell)

    def running_of(request: Request) -> RunningMeeting:
        """The meeting in the path, for whoever is signed in."""
        account_of(shell, request)
        return meeting_of(shell, request)

    def printing(
        handler: Callable[[MeetingState, Request], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        """A sheet is opened in a window of its own: there a refusal is a page."""

        async def answer(request: Request) -> Response:
            running: RunningMeeting | None = None
            try:
                running = running_of(request)
                return await handler(running.state, request)
            except Refused as refused:
                status = status_of(refused.code)
                return drawing.page("office_fault", running, status, refused=refused.code)

        return answer

    async def cards(state: MeetingState, _: Request) -> Response:
        url, password = shell.base_url(), shell.networks.password(state.meeting)
        now = shell.clock.now()
        pdf = await shell.prints.cards(state, ways(shell, state), url, now, password)
        return sheet(pdf, text("print.file_cards"))

    async def codes(state: MeetingState, _: Request) -> Response:
        pdf = await shell.prints.codes(state, ways(shell, state), shell.clock.now())
        return sheet(pdf, text("print.file_codes"))

    async def attendance(state: MeetingState, _: Request) -> Response:
        pdf = await shell.prints.attendance(state, shell.clock.now())
        return sheet(pdf, text("print.file_attendance"))

    async def summary(state: MeetingState, request: Request) -> Response:
        seal = meeting_of(shell, request).seal
        pdf = await shell.prints.summary(state, seal, shell.clock.now())
        return sheet(pdf, text("print.file_summary"))

    async def pack(state: MeetingState, _: Request) -> Response:
        path = await shell.prints.pack(state, shell.clock.now())
        return kept(path, text("print.file_pack"), PDF)

    async def item_pack(state: MeetingState, request: Request) -> Response:
        item: Id = request.path_params["item"]
        path = await shell.prints.pack(state, shell.clock.now(), item)
        name = text("print.file_item", name=item_name(state.items[item]))
        return kept(path, name, PDF)

    async def ahead(state: MeetingState, _: Request) -> Response:
        path = await shell.prints.ahead(state, shell.clock.now())
        name = f"{text('print.file_ahead')}, {state.meeting.title}"
        return kept(path, name, "application/zip")

    async def what_to_send(request: Request) -> Response:
        state = running_of(request).state
        return reply(message(state, ways(shell, state), shell.base_url()))

    print_path = "/office/m/{meeting}/print"
    return [
        Route(f"{print_path}/cards.pdf", printing(cards)),
        Route(f"{print_path}/codes.pdf", printing(codes)),
        Route(f"{print_path}/attendance.pdf", printing(attendance)),
        Route(f"{print_path}/summary.pdf", printing(summary)),
        Route(f"{print_path}/pack.pdf", printing(pack)),
        Route(f"{print_path}/item-{{item}}.pdf", printing(item_pack)),
        Route(f"{print_path}/ahead.zip", printing(ahead)),
        Route("/office/api/m/{meeting}/message", answering(what_to_send)),
    ]


def ways(shell: Shell, state: MeetingState) -> Ways:
    """The personal link and digits of everybody who has a valid card."""
    meeting, url = state.meeting.meeting, shell.base_url()
    return {
        seat: Way(
            f"{url}/c/{shell.access.card_code(meeting, seat, state.seats[seat].card)}", digits
        )
        for seat, digits in shell.access.card_digits(state).items()
    }


def sheet(pdf: bytes, name: str) -> Response:
    """A PDF to look at and print, kept by nobody: it may hold codes."""
    return Response(pdf, media_type=PDF, headers=_named(name, ".pdf", "inline"))


def kept(path: Path, name: str, media_type: str) -> Response:
    """A file of ours under a name for people; a zip is saved, not shown."""
    shown = "inline" if media_type == PDF else "attachment"
    return FileResponse(path, media_type=media_type, headers=_named(name, path.suffix, shown))


def _named(name: str, ending: str, how: str) -> dict[str, str]:
    named = quote(f"{clean(name, NAME_LETTERS)}{ending}", safe="")
    return {**HEADERS, "content-disposition": f"{how}; filename*=UTF-8''{named}"}
