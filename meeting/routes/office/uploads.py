"""Bodies larger than a message: who may send them where, and files as they come in."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import Message, Scope, Send

from meeting.errors import Refused
from meeting.pages import FileRefused
from meeting.pages.arriving import Arrival
from meeting.pages.cache import PARTIAL
from meeting.pages.kinds import HEAD_BYTES, as_pdf
from meeting.pages.limits import MEGABYTE
from meeting.routes.office.entry import account_of
from meeting.routes.shell import Shell

CHUNK_BYTES: Final = 1 << 20

_LARGE: Final = (
    (re.compile(r"/office/api/m/[^/]+/(?:files|signed|papers/[^/]+/files)"), "PUT"),
    (re.compile(r"/office/api/read/(?:roll|agenda)"), "POST"),
    (re.compile(r"/office/api/m/[^/]+/(?:roll|agenda|papers)"), "POST"),
)
"""The requests whose bodies may be large, for whoever is signed in."""

PICTURES_MOST: Final = 200

PASSWORD: Final = "x-file-password"
"""Of a locked PDF, percent-encoded: in a header, as addresses are written down in many places."""


def may_be_large(shell: Shell, scope: Scope) -> bool:
    """Whether this request may have a body larger than a message."""
    path, method = scope["path"], scope["method"]
    if not any(method == known and where.fullmatch(path) for where, known in _LARGE):
        return False
    try:
        account_of(shell, Request(scope))
    except Refused:
        return False
    return True


def cutting_off(scope: Scope, send: Send) -> Send:
    """`send`, and the connection is closed with the answer where nobody said how much was to come:
    the rest of it would be read only to be thrown away.
    """
    if any(name == b"content-length" for name, _ in scope["headers"]):
        return send

    async def sends(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        await send(message)

    return sends


async def body_of(request: Request, most: int) -> bytes:
    """A request's body.

    Raises:
        Refused: `file_too_large`.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refused("file_too_large", most=max(1, most // MEGABYTE))
    return bytes(body)


def names_of(request: Request) -> list[str]:
    """What the file in a request is called, or each of the pictures that become one paper."""
    return request.query_params.getlist("name") or [""]


@contextlib.asynccontextmanager
async def received(shell: Shell, request: Request) -> AsyncIterator[Path]:
    """The file in a request's body as PDF, on disk while it is used, and gone afterwards; after a
    crash, at the next start. Pictures and what office programs make become one.

    Raises:
        Refused: `disk_low`, `disk_full`, `file_empty`, `file_too_large`, `file_password_wrong`,
            or as `kinds.as_pdf`.
    """
    if shell.machine.space.low:
        raise Refused("disk_full" if shell.machine.space.full else "disk_low")
    if int(request.headers.get("content-length", "0")) > shell.pages.most_bytes:
        raise Refused("file_too_large", most=shell.pages.most_bytes // MEGABYTE)
    async with _partial(shell) as sent, _partial(shell) as made:
        shell.pages.expect()
        with _on_disk(), shell.pages.arriving(sent) as file:
            head = await _written(request, file, shell.pages.most_bytes)
        if not head:
            raise Refused("file_empty")
        with _on_disk():
            sizes = await asyncio.to_thread(_sizes, request, sent)
            pdf = await as_pdf(
                sent, head, names_of(request), sizes, made, shell.converter, shell.pages.limits
            )
            if pdf == sent and (password := request.headers.get(PASSWORD)):
                await _unlock(shell, sent, unquote(password), made)
                pdf = made
        yield pdf


async def _unlock(shell: Shell, sent: Path, password: str, made: Path) -> None:
    """Raises Refused, `file_password_wrong` among others."""
    try:
        await shell.pages.unlock(sent, password, made)
    except FileRefused as refused:
        raise Refused(refused.code, **refused.data) from None


def _sizes(request: Request, sent: Path) -> list[int]:
    """How many bytes each of the pictures has that were sent one after the other."""
    said, whole = request.query_params.getlist("size"), sent.stat().st_size
    if not said:
        return [whole]
    if len(said) > PICTURES_MOST or not all(one.isdecimal() and len(one) < 12 for one in said):
        raise Refused("malformed")
    sizes = [int(one) for one in said]
    if sum(sizes) != whole or 0 in sizes:
        raise Refused("malformed")
    return sizes


@contextlib.asynccontextmanager
async def _partial(shell: Shell) -> AsyncIterator[Path]:
    """An empty file where files on their way in lie, gone in the end."""
    with _on_disk():
        number, name = await asyncio.to_thread(
            tempfile.mkstemp, suffix=PARTIAL, dir=shell.pages.incoming
        )
        os.close(number)
    path = Path(name)
    try:
        yield path
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def _written(request: Request, file: Arrival, most: int) -> bytes:
    """The first bytes of what was written to this file: all of the body."""
    head, waiting, size = b"", bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise Refused("file_too_large", most=most // MEGABYTE)
        head += chunk[: max(0, HEAD_BYTES - len(head))]
        waiting += chunk
        if len(waiting) >= CHUNK_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(file.write, bytes(waiting))
    return head


@contextlib.contextmanager
def _on_disk() -> Iterator[None]:
    """A disk without room is a refusal."""
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused("disk_full") from None
        raise
