"""Papers: files taken in, laid under items, replaced; the signed copy; a page to look at."""

from __future__ import annotations

import secrets
from pathlib import PurePath
from typing import Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.errors import Refused
from meeting.office import names
from meeting.office.secrecy import Asked
from meeting.office.written import plain
from meeting.pages import WIDTHS, Original, PageFailed
from meeting.pages.jobs import Work
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.prepared import WantedPapers
from meeting.protocol.reading import Doubt, Proposal, TakenIn
from meeting.protocol.secrecy import ConfirmedOrdinary
from meeting.routes import plates
from meeting.routes.office import guard
from meeting.routes.office.entry import (
    LISTS_MOST_BYTES,
    account_of,
    answering,
    changing,
    read,
)
from meeting.routes.office.uploads import names_of, received
from meeting.routes.office.which import laid_down, meeting_of
from meeting.routes.replies import HEADERS, reply, status_of
from meeting.routes.shell import Shell
from meeting.rules.roles import TABLE
from meeting.rules.state import Document, MeetingState
from meeting.store.offices import Account

NAME_MOST: Final = 200
TITLE_MOST: Final = 400
NUMBER_MOST: Final = 80


def routes(shell: Shell) -> list[Route]:
    async def taken(
        request: Request, account: Account, *, ask: bool
    ) -> tuple[Original, Asked | None]:
        """The paper in the request, kept by its content; and what is to be asked about it, unless
        `ask` has it refused for that.
        """
        names_said = names_of(request)
        async with guard.watching(shell, account, names_said), received(shell, request) as path:
            return await guard.taken_in(shell, account, names_said, path, ask=ask)

    async def confirmed(
        request: Request, account: Account
    ) -> tuple[Original, ConfirmedOrdinary | UnsetType]:
        """The same, where `?ordinary=yes` answers what is asked; without it nothing is kept."""
        ordinary = request.query_params.get("ordinary") == "yes"
        original, asked = await taken(request, account, ask=not ordinary)
        return original, ConfirmedOrdinary(account.name, asked.question) if asked else UNSET

    async def take_in(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        state = meeting_of(shell, request).state
        _refuse_unless_now(state, c.AddDocument)
        original, asked = await taken(request, account, ask=False)
        doubt = Doubt(asked.question, asked.page) if asked else UNSET
        name = names_of(request)[0]
        said = names.together(names.by_file(name), names.by_first_page(original.printed))
        return reply(replace(_taken_in(state, name, original, said), doubt=doubt))

    async def lay(request: Request) -> Response:
        """Papers under their items, in this order; all of them or, if a file is gone, none."""
        changing(request)
        account = account_of(shell, request)
        running = meeting_of(shell, request)
        asked: list[c.Command] = []
        for wanted in (await read(request, WantedPapers, LISTS_MOST_BYTES)).papers:
            pages = await shell.pages.pages_of(wanted.sha256)
            if pages is None:
                raise Refused("file_missing", name=wanted.name)
            ordinary = await guard.answered(
                shell, account, [wanted.name], wanted.sha256, ordinary=wanted.ordinary
            )
            title = plain(wanted.title) or plain(PurePath(wanted.name).stem) or "?"
            asked.append(
                c.AddDocument(
                    document=wanted.document or secrets.token_hex(4),
                    item=wanted.item,
                    number=plain(wanted.number),
                    title=title,
                    sha256=wanted.sha256,
                    pages=pages,
                    address=_new_address(),
                    ordinary=ordinary,
                )
            )
        return reply(await laid_down(shell, running, account, asked))

    async def new_version(request: Request) -> Response:
        """No screen changes; whoever presents it presents the new one by a tap. What number and
        title the new one has on its own first page is proposed anew.
        """
        changing(request)
        account = account_of(shell, request)
        running = meeting_of(shell, request)
        _refuse_unless_now(running.state, p.ReplaceDocument)
        _known(running.state, request.path_params["document"])
        file, ordinary = await confirmed(request, account)
        document = _known(running.state, request.path_params["document"])
        if file.sha256 == document.sha256:
            raise Refused("file_same")
        asked = p.ReplaceDocument(
            document.id, document.version + 1, file.sha256, file.pages, _new_address(), ordinary
        )
        await laid_down(shell, running, account, [asked])
        name = names_of(request)[0]
        printed = names.by_first_page(file.printed)
        said = replace(printed, number=printed.number or names.by_file(name).number)
        return reply(_taken_in(running.state, name, file, said))

    async def signed(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        running = meeting_of(shell, request)
        _refuse_unless_now(running.state, p.TakeInSignedCopy)
        file, ordinary = await confirmed(request, account)
        name = names_of(request)[0]
        answer = _taken_in(running.state, name, file, names.by_file(name))
        asked = p.TakeInSignedCopy(answer.name, file.sha256, file.pages, ordinary)
        await laid_down(shell, running, account, [asked])
        return reply(answer)

    async def image(request: Request) -> Response:
        """A page as it stands now, kept by nobody; `?version=` shows an older one. Of a paper to be
        collected, a copy with the account's name.
        """
        account = account_of(shell, request)
        running = meeting_of(shell, request)
        document = _known(running.state, request.path_params["document"])
        version = document.version_of(_number(request, "version", document.version))
        page, width = request.path_params["page"], _number(request, "w", WIDTHS[0])
        if version is None or width not in WIDTHS or not 1 <= page <= version.pages:
            raise Refused("page_unknown")
        turn = version.turned.get(page, 0)
        work = Work(version.sha256, page, width, turn)
        try:
            if document.collect:
                made = await shell.copies.for_account(
                    running, account.id, account.name, version.address, work
                )
            else:
                made = await shell.pages.image(version.sha256, page, width, turn)
        except PageFailed as failed:
            if not request.headers.get("accept", "").startswith(plates.ACCEPTED):
                raise Refused(failed.code) from None
            body, status = plates.plate(page, failed.code), status_of(failed.code)
            return Response(body, status, media_type=plates.MEDIA_TYPE, headers=HEADERS)
        if _known(running.state, document.id).collect != document.collect:
            raise Refused("document_unknown")  # marked, or freed, while it was made
        return Response(made.body, media_type=made.media_type, headers=HEADERS)

    of_one = "/office/api/m/{meeting}"
    return [
        Route(f"{of_one}/files", answering(take_in), methods=["PUT"]),
        Route(f"{of_one}/papers", answering(lay), methods=["POST"]),
        Route(f"{of_one}/papers/{{document}}/files", answering(new_version), methods=["PUT"]),
        Route(f"{of_one}/signed", answering(signed), methods=["PUT"]),
        Route(f"{of_one}/image/{{document}}/{{page:int}}", answering(image)),
    ]


def _taken_in(state: MeetingState, name: str, original: Original, said: names.Said) -> TakenIn:
    item = next((one.id for one in state.items.values() if _same(one.number, said.item)), "")
    return TakenIn(
        sha256=original.sha256,
        pages=original.pages,
        bytes=original.bytes,
        name=plain(PurePath(name.replace("\\", "/")).name)[:NAME_MOST] or "?",
        proposal=Proposal(item, said.number[:NUMBER_MOST], said.title[:TITLE_MOST]),
    )


def _same(number: str, said: str) -> bool:
    """Whether an item with this number is meant: 02 and 2 are one."""
    return bool(said) and number.strip(" .").lstrip("0") == said.lstrip("0")


def _refuse_unless_now(state: MeetingState, command: type) -> None:
    """Before a file is sent for nothing."""
    if state.phase not in TABLE[command].phases:
        raise Refused("wrong_phase", phase=state.phase)


def _known(state: MeetingState, document: str) -> Document:
    found = state.documents.get(document)
    if found is None:
        raise Refused("document_withdrawn" if document in state.withdrawn else "document_unknown")
    return found


def _number(request: Request, name: str, otherwise: int) -> int:
    said = request.query_params.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 5 else otherwise


def _new_address() -> str:
    return f"p{secrets.token_urlsafe(16)}"
