"""Bodies larger than a message: who may send them where, and files as they come in."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from starlette.requests import Request
from starlette.types import Scope

from meeting.errors import Refused
from meeting.pages.cache import PARTIAL
from meeting.routes.office.entry import account_of
from meeting.routes.shell import Shell

CHUNK_BYTES: Final = 1 << 20
HEAD_BYTES: Final = 1024

_LARGE: Final = (
    (re.compile(r"/office/api/m/[^/]+/(?:files|signed|papers/[^/]+/files)"), "PUT"),
    (re.compile(r"/office/api/read/(?:roll|agenda)"), "POST"),
)
"""The requests whose bodies may be large, for whoever is signed in."""

_PROGRAMS: Final = (
    ("Word", (".doc", ".docx", ".docm", ".rtf", ".odt"), b"word/"),
    ("Excel", (".xls", ".xlsx", ".xlsm", ".ods", ".csv"), b"xl/"),
    ("PowerPoint", (".ppt", ".pptx", ".pps", ".ppsx", ".odp"), b"ppt/"),
)
"""Whose files these are, by their ending and by what a new one has among its first names."""


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


async def body_of(request: Request, most: int) -> bytes:
    """A request's body.

    Raises:
        Refused: `file_too_large`.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refused("file_too_large")
    return bytes(body)


def names_of(request: Request) -> list[str]:
    """What the file in a request is called, or each of the pictures that become one paper."""
    return request.query_params.getlist("name") or [""]


@contextlib.asynccontextmanager
async def received(shell: Shell, request: Request) -> AsyncIterator[Path]:
    """The file in a request's body, on disk while it is used, and gone afterwards; after a crash,
    at the next start.

    Raises:
        Refused: `disk_low`, `disk_full`, `file_empty`, `file_too_large`, `file_from_office`.
    """
    if shell.machine.space.low:
        raise Refused("disk_full" if shell.machine.space.full else "disk_low")
    if int(request.headers.get("content-length", "0")) > shell.pages.most_bytes:
        raise Refused("file_too_large")
    name = request.query_params.get("name", "")
    with _on_disk():
        number, path = await asyncio.to_thread(
            tempfile.mkstemp, suffix=PARTIAL, dir=shell.pages.incoming
        )
    partial = Path(path)
    try:
        with _on_disk(), open(number, "wb", buffering=0) as file:  # noqa: ASYNC230, PTH123
            head = await _written(request, file, shell.pages.most_bytes)
        if not head:
            raise Refused("file_empty")
        if program := program_of(name, head):
            raise Refused("file_from_office", program=program)
        yield partial
    finally:
        await asyncio.to_thread(partial.unlink, missing_ok=True)


def program_of(name: str, head: bytes) -> str:
    """The program that saves this file as PDF, if it is one of its own; "" if it is none."""
    if b"%PDF-" in head:
        return ""
    packed, old = head.startswith(b"PK\3\4"), head.startswith(b"\xd0\xcf\x11\xe0")
    for program, endings, inside in _PROGRAMS:
        if name.lower().endswith(endings) or (packed and inside in head):
            return program
    return "Word" if old or (packed and b"[Content_Types]" in head) else ""


async def _written(request: Request, file: BinaryIO, most: int) -> bytes:
    """The first bytes of what was written to this file: all of the body."""
    head, waiting, size = b"", bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise Refused("file_too_large")
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
