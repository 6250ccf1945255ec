"""Page images: one ASGI function, dispatched before the router.

`/p/<seat>/<address>/<page>?w=<width>`. The address is unguessable and the right is asked of the
meeting at each request; an unknown address and a forbidden one answer alike.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

import msgspec
from starlette.requests import cookie_parser
from starlette.types import Receive, Scope, Send

from meeting.access import cookie_name
from meeting.errors import Code, Refused
from meeting.pages import WIDTHS, Image, PageFailed
from meeting.pages.jobs import Need
from meeting.routes.replies import status_of
from meeting.routes.shell import Shell
from meeting.routes.visitor import Visitor, visitor
from meeting.rules.state import Document
from meeting.rules.visibility import LASTING

PREFIX: Final = "/p/"

_KEPT: Final = b"private, max-age=86400, immutable"
_NOT_KEPT: Final = b"no-store"
_COMMON: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)


class PageImages:
    """The page images of all meetings, for whoever may read them at this moment."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        try:
            if scope["method"] not in ("GET", "HEAD"):
                raise Refused("malformed")
            seat, address, page, width = _asked(scope)
            guest = self._visitor(scope, seat)
            document = self._document(guest, address)
            image = await self._image(document, page, width)
            # Seat or right may have ended while the page was being made.
            guest = self._visitor(scope, seat)
            self._document(guest, address)
        except Refused as refused:
            await _refuse(send, refused.code)
            return
        except PageFailed as failed:
            await _refuse(send, failed.code)
            return
        kept = _KEPT if guest.audience.kind in LASTING else _NOT_KEPT
        await _send(send, 200, image.media_type.encode(), kept, image.body)

    def _visitor(self, scope: Scope, seat: str) -> Visitor:
        token = _cookie(scope, cookie_name(seat))
        return visitor(self._shell.meetings, self._shell.access, seat, token)

    def _document(self, guest: Visitor, address: str) -> Document:
        running = guest.running
        if address not in running.publishing.addresses(guest.audience):
            raise Refused("document_unknown")
        return next(d for d in running.state.documents.values() if d.address == address)

    async def _image(self, document: Document, page: int, width: int) -> Image:
        if page > document.pages:
            raise Refused("page_unknown")
        pages = self._shell.pages
        if (image := pages.cached(document.sha256, page, width)) is not None:
            return image
        return await pages.image(document.sha256, page, width, priority=Need.ASKED)


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


async def _refuse(send: Send, code: Code | str) -> None:
    body = msgspec.json.encode({"code": code, "data": {}})
    await _send(send, status_of(code), b"application/json", _NOT_KEPT, body)


async def _send(send: Send, status: int, kind: bytes, caching: bytes, body: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", caching),
        *_COMMON,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
