"""The files of meetings: taken home, and checked when they come back."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from meeting.archive.archives import discard
from meeting.archive.findings import sentences
from meeting.errors import Refused
from meeting.logs import Log
from meeting.protocol.office import FileChecked
from meeting.routes.draw import Drawing
from meeting.routes.office.entry import account_of, answering, changing
from meeting.routes.replies import HEADERS, refusal, reply, status_of
from meeting.routes.shell import Shell

CHECK: Final = "/office/api/check"
"""Takes a whole file, of any size up to the limit."""

CHECK_MOST_BYTES: Final = 4 * 1024**3
HEAD_MOST_LETTERS: Final = 100
WRITE_BYTES: Final = 1 << 20

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
            return drawing.page("fault", None, status_of(refused.code), refused=refused.code)

    async def taken_home(request: Request) -> Response:
        """The file as it is now, its length known; the official one is always the same."""
        account_of(shell, request)
        running = shell.meetings.get(request.path_params["id"])
        if running is None or running.state.heading is None or running.rehearsal:
            raise Refused("meeting_unknown")
        stored = await shell.meetings.stored(running.id)
        names = {account.id: account.name for account in shell.office.accounts.values()}
        try:
            filed = await shell.archives.file(running.id, stored.entries, names)
        except OSError as fault:
            raise _refused(fault) from None
        named = f"attachment; filename*=UTF-8''{quote(filed.name, safe='')}"
        headers = {**HEADERS, "content-disposition": named}
        answer = FileResponse if filed.kept else Passing
        return answer(filed.path, media_type="application/zip", headers=headers)

    async def check(request: Request) -> Response:
        """What is sent is checked and thrown away."""
        changing(request)
        account_of(shell, request)
        head = request.query_params.get("head", "")[:HEAD_MOST_LETTERS]
        path = await shell.archives.room()
        try:
            await _lay_down(request, path)
            checked = await shell.archives.check(path, head)
        except OSError as fault:
            raise _refused(fault) from None
        finally:
            await discard(path)
        said = sentences(checked)
        return reply(FileChecked(checked.whole, said, checked.seal, checked.compared))

    return [
        Route("/office/m/{id}/file.zip", answering(file)),
        Route(CHECK, answering(check), methods=["POST"]),
    ]


def _refused(fault: OSError) -> Refused:
    if fault.errno == errno.ENOSPC:
        return Refused("disk_full")
    log.error("request_failed", fault=fault)
    return Refused("server_fault")


async def _lay_down(request: Request, path: Path) -> None:
    """Write what is sent into this file. Raises Refused: it is too large; OSError."""
    size, waiting = 0, bytearray()
    with path.open("wb") as laid:
        async for chunk in request.stream():
            size += len(chunk)
            if size > CHECK_MOST_BYTES:
                raise Refused("file_too_large")
            waiting += chunk
            if len(waiting) >= WRITE_BYTES:
                await asyncio.to_thread(laid.write, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(laid.write, bytes(waiting))
