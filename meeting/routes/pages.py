"""Page images: one ASGI function, dispatched before the router.

`/p/<seat>/<address>/<page>?w=<width>`, `&t=<tile>` for one piece; `…/margins`, a `Box` or null for
each page. The address is unguessable and the right is asked of the meeting at each request; an
unknown address and a forbidden one answer alike. A device marks what it fetches ahead by a header,
not in the address, so that its browser keeps the image once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec
from starlette.types import Receive, Scope, Send

from meeting.errors import Refused
from meeting.limits import Asking
from meeting.pages import WIDTHS, Image, PageFailed
from meeting.pages.gate import Gate
from meeting.pages.jobs import Need, Work
from meeting.pages.pool import PageCode
from meeting.rounds import Rounds
from meeting.routes import plates
from meeting.routes.replies import RETRY_SECONDS, status_for, status_of
from meeting.routes.rights import Right, Rights, Sheets
from meeting.routes.shell import Shell

PREFIX: Final = "/p/"

AHEAD: Final = b"x-ahead"
"""The header of a request for a page that is not on screen yet."""

MARGINS: Final = -2
"""In place of a page: where there is anything on each page of the paper."""

QUERY_MOST_BYTES: Final = 64

WAITING_MOST: Final = 24
"""Pages and pieces one device waits for at the same time. A browser has six connections; what it
had asked for before a reload, and some to spare.
"""

SENT_MOST: Final = 16
"""Images sent in one round of the loop to those who waited: a whole room may wait for one page."""

_ACCEPTED: Final = plates.ACCEPTED.encode()
_SVG: Final = plates.MEDIA_TYPE.encode()

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
_HEAD: Final = {
    kept: ((b"cache-control", _KEPT if kept else _NOT_KEPT), *_COMMON) for kept in (True, False)
}

_AGAIN: Final = (b"retry-after", b"%d" % RETRY_SECONDS)

Header = tuple[bytes, bytes]


class Asked(msgspec.Struct, frozen=True):
    """What a request is for. `tag` is what the browser says it has; `cookies` as they came;
    `picture`: an <img> asks, which can show nothing but one.
    """

    seat: str
    address: str
    page: int
    width: int
    tile: int
    cookies: bytes
    tag: bytes
    ahead: bool
    picture: bool


class PageImages:
    """The page images of all meetings, for whoever may read them at this moment."""

    def __init__(self, shell: Shell, gate: Gate) -> None:
        self._pages = shell.pages
        self._copies = shell.copies
        self._rights = Rights(shell.meetings, shell.access)
        self._gate = gate
        self._asking = Asking(WAITING_MOST)
        self._rounds = Rounds(SENT_MOST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            asked = _asked(scope)
            right = self._rights.of(asked.seat, asked.cookies)
            sheets = right.of(asked.address)
            if asked.page == MARGINS:
                await self._margins(send, sheets)
                return
            work = _work(sheets, asked)
            if sheets.document.collect:
                with self._asking.waiting(asked.seat, right.guest.actor.device):
                    await _unless_gone(receive, self._personal(send, asked, right, work))
                return
            if _kept(right, sheets) and asked.tag == _tag(asked.address):
                await _send(send, 304, (*_HEAD[True], (b"etag", asked.tag)), b"")
                return
            image = self._pages.cached(*_parts(work))
            if image is not None and not asked.ahead:
                await self._now(send, asked, image)
                return
            with self._asking.waiting(asked.seat, right.guest.actor.device):
                await _unless_gone(receive, self._later(send, asked, work, image))
        except Refused as refused:
            await _refuse(send, refused)

    async def _margins(self, send: Send, sheets: Sheets) -> None:
        """Where there is anything on each page of a paper; what is not known yet may be later."""
        version = sheets.version
        boxes = await self._pages.margins.of(version.sha256, version.pages, version.turned)
        body = msgspec.json.encode(boxes)
        kind, size = (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))
        await _send(send, 200, (*_HEAD[False], kind, size), body)

    async def _now(self, send: Send, asked: Asked, image: Image) -> None:
        headers = self._headers(asked, image)
        self._gate.on_screen(len(image.body))
        await _send(send, 200, headers, image.body)

    async def _later(self, send: Send, asked: Asked, work: Work, image: Image | None) -> None:
        """What its device may leave at any moment: then it ends here, wherever it stands."""
        try:
            if not asked.ahead:
                made = await self._made(work, Need.SHARPER if work.tile else Need.ASKED)
                await self._rounds.turn()
                await self._now(send, asked, made)
                return
            image = image or await self._made(work, Need.FOCUS)
            async with self._gate.passing(asked.seat, len(image.body)):
                await _send(send, 200, self._headers(asked, image), image.body, taken=True)
        except Refused as refused:
            await _refuse(send, refused)
        except PageFailed as failed:
            await _fail(send, asked, failed.code)

    async def _personal(self, send: Send, asked: Asked, right: Right, work: Work) -> None:
        """The device's own copy of a page of a paper to be collected; never the page itself."""
        actor = right.guest.actor
        need = Need.FOCUS if asked.ahead else Need.SHARPER if work.tile else Need.ASKED
        try:
            copy = await self._copies.for_device(
                right.guest.running, actor.seat, actor.device, asked.address, work, need
            )
            if asked.ahead:
                async with self._gate.passing(asked.seat, len(copy.body)):
                    await _send(send, 200, self._headers(asked, copy), copy.body, taken=True)
            else:
                headers = self._headers(asked, copy)
                self._gate.on_screen(len(copy.body))
                await _send(send, 200, headers, copy.body)
        except Refused as refused:
            await _refuse(send, refused)
        except PageFailed as failed:
            await _fail(send, asked, failed.code)

    async def _made(self, work: Work, need: Need) -> Image:
        return await self._pages.image(*_parts(work), priority=need)

    def _headers(self, asked: Asked, image: Image) -> tuple[Header, ...]:
        """Asks for the right again: it may have ended while the page was awaited."""
        right = self._rights.of(asked.seat, asked.cookies)
        kept = _kept(right, right.of(asked.address))
        body = ((b"content-type", image.media_type.encode()), (b"content-length", _size(image)))
        if not kept:
            return (*_HEAD[False], *body)
        return (*_HEAD[True], *body, (b"etag", _tag(asked.address)))


def _kept(right: Right, sheets: Sheets) -> bool:
    """Whether a browser may keep pages of this paper."""
    return right.lasting and not sheets.document.collect


def _work(sheets: Sheets, asked: Asked) -> Work:
    version, page = sheets.version, asked.page
    if page > version.pages:
        raise Refused("page_unknown")
    return Work(version.sha256, page, asked.width, version.turned.get(page, 0), asked.tile)


def _parts(work: Work) -> tuple[str, int, int, int, int]:
    return work.sha256, work.page, work.width, work.turn, work.tile


def _asked(scope: Scope) -> Asked:
    if scope["method"] not in ("GET", "HEAD"):
        raise Refused("malformed")
    parts = scope["path"][len(PREFIX) :].split("/")
    if len(parts) != 3:
        raise Refused("malformed")
    page = MARGINS if parts[2] == "margins" else _number(parts[2:])
    query = scope["query_string"]
    form = _form(query) if len(query) <= QUERY_MOST_BYTES else None
    if form is None or not page or (page < 1 and page != MARGINS):
        raise Refused("malformed")
    cookies, tag, ahead, picture = b"", b"", False, False
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies = cookies + b"\n" + value if cookies else value
        elif name == b"if-none-match":
            tag = value
        elif name == AHEAD:
            ahead = True
        elif name == b"accept":
            picture = value.startswith(_ACCEPTED)
    return Asked(parts[0], parts[1], page, *form, cookies, tag, ahead, picture)


@lru_cache(maxsize=4096)
def _form(query: bytes) -> tuple[int, int] | None:
    """Width and tile; None where no page is asked for so."""
    said = parse_qs(query.decode("latin-1"))
    width, tile = (_number(said.get(name)) for name in ("w", "t"))
    wanted = Work("", 1, WIDTHS[0] if width is None else width, 0, tile or 0)
    return (wanted.width, wanted.tile) if wanted.possible and tile != 0 else None


def _number(said: list[str] | None) -> int | None:
    """None where nothing was said; -1 for what is no number."""
    if said is None:
        return None
    return int(said[0]) if said[0].isascii() and said[0].isdecimal() and len(said[0]) <= 4 else -1


def _size(image: Image) -> bytes:
    return b"%d" % len(image.body)


def _tag(address: str) -> bytes:
    """What is served under an address never changes: a page turned upright gets another one."""
    return f'"{address}"'.encode("latin-1", "replace")


async def _fail(send: Send, asked: Asked, code: PageCode) -> None:
    """A page cannot be shown: in a code, or where a picture is wanted on a plate."""
    if not asked.picture:
        await _refuse(send, Refused(code))
        return
    body = plates.plate(asked.page, code)
    kind, size = (b"content-type", _SVG), (b"content-length", b"%d" % len(body))
    await _send(send, status_of(code), (*_HEAD[False], kind, size), body)


async def _refuse(send: Send, refused: Refused) -> None:
    body = msgspec.json.encode({"code": refused.code, "data": {}})
    kind, size = (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))
    again = (_AGAIN,) if refused.code == "server_busy" else ()
    await _send(send, status_for(refused), (*_HEAD[False], kind, size, *again), body)


async def _send(
    send: Send, status: int, headers: tuple[Header, ...], body: bytes, *, taken: bool = False
) -> None:
    """`taken`: come back when the device has taken nearly all of it, not when it is queued."""
    start: dict[str, Any] = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
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
