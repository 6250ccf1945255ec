"""Page images: one ASGI function, dispatched before the router.

`/p/<seat>/<address>/<page>?w=<width>`. The address is unguessable and the right is asked of the
meeting at each request; an unknown address and a forbidden one answer alike. A device marks what
it fetches ahead by a header, not in the address, so that its browser keeps the image once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Final
from urllib.parse import parse_qs

import msgspec
from starlette.requests import cookie_parser
from starlette.types import Receive, Scope, Send

from meeting.access import cookie_name
from meeting.errors import Code, Refused
from meeting.pages import WIDTHS, Image, PageFailed
from meeting.pages.gate import Gate
from meeting.pages.jobs import Need
from meeting.routes.replies import status_of
from meeting.routes.shell import Shell
from meeting.routes.visitor import Visitor, visitor
from meeting.rules.state import Document, Version
from meeting.rules.visibility import LASTING

PREFIX: Final = "/p/"

AHEAD: Final = b"x-ahead"
"""The header of a request for a page that is not on screen yet."""

_KEPT: Final = b"private, no-cache"
"""The browser keeps the bytes, and asks each time whether they may still be read: a right lasts
until the paper is withdrawn."""
_NOT_KEPT: Final = b"no-store"
_COMMON: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)


class PageImages:
    """The page images of all meetings, for whoever may read them at this moment."""

    def __init__(self, shell: Shell, gate: Gate) -> None:
        self._shell = shell
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if any(name == AHEAD for name, _ in scope["headers"]):
            await _unless_gone(receive, self._answer(scope, send, ahead=True))
        else:
            await self._answer(scope, send, ahead=False)

    async def _answer(self, scope: Scope, send: Send, *, ahead: bool) -> None:
        try:
            if scope["method"] not in ("GET", "HEAD"):
                raise Refused("malformed")
            seat, address, page, width = _asked(scope)
            guest = self._visitor(scope, seat)
            document = self._document(guest, address)
            if guest.audience.kind in LASTING and _has_it(scope, address):
                await _send(send, 304, b"", _KEPT, b"", tag=_tag(address))
                return
            image = await self._image(document, page, width, Need.FOCUS if ahead else Need.ASKED)
            if ahead:
                async with self._gate.passing(seat, len(image.body)):
                    answer = self._sent(scope, seat, address, image)
                    await _send(send, 200, *answer, tag=_tag(address), taken=True)
            else:
                answer = self._sent(scope, seat, address, image)
                self._gate.on_screen(len(image.body))
                await _send(send, 200, *answer, tag=_tag(address))
        except Refused as refused:
            await _refuse(send, refused.code)
        except PageFailed as failed:
            await _refuse(send, failed.code)

    def _sent(
        self, scope: Scope, seat: str, address: str, image: Image
    ) -> tuple[bytes, bytes, bytes]:
        """Media type, caching and body: seat or right may have ended while the page was awaited."""
        guest = self._visitor(scope, seat)
        self._document(guest, address)
        kept = _KEPT if guest.audience.kind in LASTING else _NOT_KEPT
        return image.media_type.encode(), kept, image.body

    def _visitor(self, scope: Scope, seat: str) -> Visitor:
        token = _cookie(scope, cookie_name(seat))
        return visitor(self._shell.meetings, self._shell.access, seat, token)

    def _document(self, guest: Visitor, address: str) -> Document | Version:
        running = guest.running
        if address not in running.publishing.addresses(guest.audience):
            raise Refused("document_unknown")
        for document in running.state.documents.values():
            if document.address == address:
                return document
            for older in document.older:
                if older.address == address:
                    return older
        raise Refused("document_unknown")

    async def _image(
        self, document: Document | Version, page: int, width: int, need: Need
    ) -> Image:
        if page > document.pages:
            raise Refused("page_unknown")
        pages, turn = self._shell.pages, document.turned.get(page, 0)
        if (image := pages.cached(document.sha256, page, width, turn)) is not None:
            return image
        return await pages.image(document.sha256, page, width, turn, priority=need)


def _asked(scope: Scope) -> tuple[str, str, int, int]:
    parts = scope["path"][len(PREFIX) :].split("/")
    if len(parts) != 3 or not parts[2].isdecimal() or not 0 < len(parts[2]) <= 4:
        raise Refused("malformed")
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("w", [str(WIDTHS[0])])[0]
    width = int(asked) if asked.isdecimal() and len(asked) <= 4 else 0
    if width not in WIDTHS or int(parts[2]) < 1:
        raise Refused("malformed")
    return parts[0], parts[1], int(parts[2]), width


def _cookie(scope: Scope, name: str) -> str | None:
    for header, value in scope["headers"]:
        if header == b"cookie" and (found := cookie_parser(value.decode("latin-1")).get(name)):
            return found
    return None


def _tag(address: str) -> bytes:
    """What is served under an address never changes: a page turned upright gets another one."""
    return f'"{address}"'.encode("latin-1", "replace")


def _has_it(scope: Scope, address: str) -> bool:
    """Whether the browser has these bytes already, and asks whether they still hold."""
    return any(
        name == b"if-none-match" and value == _tag(address) for name, value in scope["headers"]
    )


async def _refuse(send: Send, code: Code | str) -> None:
    body = msgspec.json.encode({"code": code, "data": {}})
    await _send(send, status_of(code), b"application/json", _NOT_KEPT, body)


async def _send(
    send: Send,
    status: int,
    kind: bytes,
    caching: bytes,
    body: bytes,
    *,
    tag: bytes = b"",
    taken: bool = False,
) -> None:
    """`taken`: come back when the device has taken nearly all of it, not when it is queued."""
    headers = [(b"cache-control", caching), *_COMMON]
    if status != 304:
        headers += [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    if tag and caching == _KEPT:
        headers.append((b"etag", tag))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": taken})
    if taken:
        await send({"type": "http.response.body", "body": b""})


async def _unless_gone(receive: Receive, work: Coroutine[None, None, None]) -> None:
    """Do this work, but drop it when the device no longer waits for it."""
    working = asyncio.create_task(work, name="pages: ahead")
    leaving = asyncio.create_task(_gone(receive), name="pages: ahead, gone")
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
