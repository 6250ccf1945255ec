"""The files of meetings: taken home, and checked when they come back."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from meeting.archive.archives import discard
from meeting.archive.findings import sentences
from meeting.archive.shelf import Filed
from meeting.errors import Refused
from meeting.logs import Log
from meeting.protocol.office import FileChecked
from meeting.protocol.sticks import ChecksView, SaveOnto
from meeting.routes.draw import Drawing
from meeting.routes.here import from_here
from meeting.routes.office.entry import account_of, answering, changing, read
from meeting.routes.replies import HEADERS, refusal, reply, status_of
from meeting.routes.shell import Shell
from meeting.running import RunningMeeting

CHECK: Final = "/office/api/check"
"""Takes a whole file, of any size up to the limit."""

CHECK_MOST_BYTES: Final = 4 * 1024**3
HEAD_MOST_LETTERS: Final = 100
WRITE_BYTES: Final = 1 << 20

T = TypeVar("T")

log = Log("office")


class Passing(FileResponse):
    """A file that lies there for this one answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await discard(Path(self.path))


def routes(shell: Shell) -> list[Route]:
    drawing = Drawing(shell)

    async def file(request: Request) -> Response:
        """A link leads here: in a window of its own a refusal is a page."""
        try:
            return await taken_home(request)
        except Refused as refused:
            if "text/html" not in request.headers.get("accept", ""):
                return refusal(refused)
            return drawing.page("office_fault", None, status_of(refused.code), refused=refused.code)

    async def taken_home(request: Request) -> Response:
        """The file as it is now, its length known; the official one is always the same."""
        account_of(shell, request)
        filed = await _filed(shell, _meeting_of(shell, request))
        named = f"attachment; filename*=UTF-8''{quote(filed.name, safe='')}"
        headers = {**HEADERS, "content-disposition": named}
        answer = FileResponse if filed.kept else Passing
        return answer(filed.path, media_type="application/zip", headers=headers)

    async def check(request: Request) -> Response:
        """What is sent is checked and thrown away."""
        changing(request)
        account_of(shell, request)
        head = request.query_params.get("head", "")[:HEAD_MOST_LETTERS]
        try:
            async with shell.archives.room() as path:
                await _lay_down(shell, request, path)
                checked = await _while_asked(request, shell.archives.check(path, head))
        except OSError as fault:
            raise _refused(fault) from None
        said = sentences(checked)
        return reply(FileChecked(checked.whole, said, checked.seal, checked.compared))

    async def checks(request: Request) -> Response:
        account_of(shell, request)
        return reply(ChecksView(shell.archives.checks))

    async def sticks(request: Request) -> Response:
        """What is plugged in here is nobody's business who does not sit here."""
        account_of(shell, request)
        _sitting_here(request)
        return reply(await shell.savings.view())

    async def save(request: Request) -> Response:
        """Begin to save the file, as it is now, onto a stick of those that were listed."""
        changing(request)
        account_of(shell, request)
        _sitting_here(request)
        running = _meeting_of(shell, request)
        asked = await read(request, SaveOnto)
        await shell.savings.begin(running.id, asked.stick, lambda: _filed(shell, running))
        return reply(await shell.savings.view())

    return [
        Route("/office/m/{id}/file.zip", answering(file)),
        Route(CHECK, answering(check), methods=["POST"]),
        Route(CHECK, answering(checks)),
        Route("/office/api/sticks", answering(sticks)),
        Route("/office/api/m/{id}/save", answering(save), methods=["POST"]),
    ]


def _sitting_here(request: Request) -> None:
    if not from_here(request):
        raise Refused("only_here")


def _meeting_of(shell: Shell, request: Request) -> RunningMeeting:
    running = shell.meetings.get(request.path_params["id"])
    if running is None or running.state.heading is None or running.rehearsal:
        raise Refused("meeting_unknown")
    return running


async def _filed(shell: Shell, running: RunningMeeting) -> Filed:
    """Raises Refused, or StoreFault."""
    stored = await shell.meetings.stored(running.id)
    names = {account.id: account.name for account in shell.office.accounts.values()}
    try:
        return await shell.archives.file(running.id, stored.entries, names)
    except OSError as fault:
        raise _refused(fault) from None


def _refused(fault: OSError) -> Refused:
    if fault.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return Refused("disk_full")
    log.error("request_failed", fault=fault)
    return Refused("server_fault")


async def _lay_down(shell: Shell, request: Request, path: Path) -> None:
    """Write what is sent into this file.

    Raises:
        Refused: `file_too_large`, `disk_low`.
        ClientDisconnect: whoever sent it has gone.
        OSError: it cannot be written.
    """
    shell.archives.refuse_without_room(int(request.headers.get("content-length", 0)))
    size, waiting = 0, bytearray()
    with path.open("wb") as laid:
        async for chunk in request.stream():
            size += len(chunk)
            if size > CHECK_MOST_BYTES:
                raise Refused("file_too_large", most=CHECK_MOST_BYTES // 1_000_000)
            waiting += chunk
            if len(waiting) >= WRITE_BYTES:
                shell.archives.refuse_without_room()
                await asyncio.to_thread(laid.write, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(laid.write, bytes(waiting))


async def _while_asked(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What this gives; it is left when whoever asked has gone.

    Raises:
        ClientDisconnect: they have.
    """
    asked = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            raise ClientDisconnect
        return asked.result()
    finally:
        for one in (asked, gone):
            one.cancel()
        await asyncio.wait({asked, gone})


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
