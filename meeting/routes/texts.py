"""The text of papers for whoever may read them at this moment: words of a page, contents, search.

What is looked for comes in the body of a request, never in an address, and is written down nowhere.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.access import same_origin
from meeting.errors import Refused
from meeting.limits import Asking, Paces
from meeting.pages import PageFailed
from meeting.pages.finding import Hit, query_of, stood
from meeting.pages.searching import Searched, Searching
from meeting.pages.texts import EMPTY
from meeting.protocol import texts as t
from meeting.routes.replies import HEADERS, refusal, reply
from meeting.routes.shell import Shell
from meeting.routes.visitor import Visitor, paced, visitor_of
from meeting.rules import visibility
from meeting.rules.state import Document, Version

PAGES_MOST: Final = 60
PAGES_EACH_SECOND: Final = 10
"""Texts of pages one device may ask for: as quickly as pages are leafed through."""
WAITING_MOST: Final = 12
"""Of these, waited for at the same time: the page on screen, and those left behind meanwhile."""
SEARCHES_MOST: Final = 10
SEARCHES_EACH_SECOND: Final = 2
HITS_OF_MANY: Final = 3
"""Told of each paper when all of them were looked through."""
BODY_MOST_BYTES: Final = 4096

_KEPT: Final = "private, no-cache"
"""As of images (pages.py): kept, and asked about each time."""


def routes(shell: Shell) -> list[Route]:
    page_paces = Paces(PAGES_MOST, PAGES_EACH_SECOND)
    search_paces = Paces(SEARCHES_MOST, SEARCHES_EACH_SECOND)
    asking = Asking(WAITING_MOST)
    searching = Searching(shell.pages.texts)

    def visiting(request: Request, paces: Paces) -> Visitor:
        return paced(paces, visitor_of(shell.meetings, shell.access, request))

    async def page(request: Request) -> Response:
        address = request.path_params["address"]
        try:
            guest = visiting(request, page_paces)
            document, paper = _paper(guest, address)
            number = _number(request.path_params["page"], paper)
            kept = guest.audience.kind in visibility.LASTING and not document.collect
            tag = f'"{address}"'
            keeping = HEADERS | {"cache-control": _KEPT, "etag": tag}
            if kept and request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers=keeping)
            with asking.waiting(guest.actor.seat, guest.actor.device):
                text = await shell.pages.texts.page(paper.sha256, number, paper.pages)
            # Seat or right may have ended while the page was read.
            _paper(visitor_of(shell.meetings, shell.access, request), address)
        except Refused as refused:
            return refusal(refused)
        except PageFailed as failed:
            return refusal(Refused(failed.code))
        view = t.PageTextView(
            text.text.split(),
            _stood(text.boxes, paper.turned.get(number, 0)),
            list(text.lines),
            list(text.blocks),
        )
        # What could not be read now may have words when it is asked for again.
        headers = keeping if kept and text is not EMPTY else HEADERS
        return Response(msgspec.json.encode(view), media_type="application/json", headers=headers)

    async def contents(request: Request) -> Response:
        address = request.path_params["address"]
        try:
            guest = visiting(request, page_paces)
            _, paper = _paper(guest, address)
            # With the first page comes what the paper says of itself.
            with asking.waiting(guest.actor.seat, guest.actor.device):
                await shell.pages.texts.page(paper.sha256, 1, paper.pages)
                text = await shell.pages.texts.document(paper.sha256, paper.pages)
            _paper(visitor_of(shell.meetings, shell.access, request), address)
        except Refused as refused:
            return refusal(refused)
        except PageFailed as failed:
            return refusal(Refused(failed.code))
        labels = {
            str(number): page.label
            for number, page in enumerate(text.pages, 1)
            if page is not None and page.label not in ("", str(number))
        }
        titles = [t.TitleView(*title) for title in text.outline if title[2] <= paper.pages]
        return reply(t.ContentsView(titles, labels, True if text.wordless else UNSET))

    async def search(request: Request) -> Response:
        try:
            if not same_origin(request.headers) or "x-phien" not in request.headers:
                raise Refused("not_allowed")
            guest = visiting(request, search_paces)
            wanted = msgspec.json.decode(await _body(request), type=t.WantedWords)
            query = query_of(wanted.text)
            papers = dict(_papers(guest, wanted)) if query is not None else {}
            if query is None:
                return reply(t.FoundView([]))
            documents = [(paper.sha256, paper.pages) for _, paper in papers.values()]
            device = f"{guest.actor.seat}/{guest.actor.device}"
            found, finished = await searching.look(query, documents, device)
            guest = visitor_of(shell.meetings, shell.access, request)
            may_read = guest.running.publishing.addresses(guest.audience)
        except Refused as refused:
            return refusal(refused)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return refusal(Refused("malformed"))
        looked = [
            (document, paper, searched)
            for (document, paper), searched in zip(papers.values(), found, strict=False)
            if paper.address in may_read
        ]
        most = None if wanted.alone else HITS_OF_MANY
        return reply(
            t.FoundView(
                [_found(*one, most) for one in looked if one[2].hits],
                UNSET if finished else True,
                [one.id for one, _, searched in looked if not searched.whole] or UNSET,
                [one.id for one, _, searched in looked if searched.wordless] or UNSET,
            )
        )

    return [
        Route("/s/{seat}/text/{address}/{page}", page),
        Route("/s/{seat}/contents/{address}", contents),
        Route("/s/{seat}/search", search, methods=["POST"]),
    ]


def _paper(guest: Visitor, address: str) -> tuple[Document, Version]:
    """The paper at this address, and the version of it.

    Raises:
        Refused: `document_unknown`, for what is not there and for what is not for this viewer.
    """
    running = guest.running
    if address in running.publishing.addresses(guest.audience):
        for document in running.state.documents.values():
            for paper in document.addressed():
                if paper.address == address:
                    return document, paper
    raise Refused("document_unknown")


def _papers(
    guest: Visitor, wanted: t.WantedWords
) -> Iterator[tuple[str, tuple[Document, Document | Version]]]:
    """What may be looked through now, by document, in the order in which it is told."""
    if wanted.shown:
        document, paper = _paper(guest, wanted.shown)
        yield document.id, (document, paper)
        if wanted.alone:
            return
    state = guest.running.state
    readable = visibility.readable(state, guest.audience)
    papers = [document for document in state.documents.values() if document.id in readable]
    papers.sort(key=lambda one: (state.items[one.item].position, one.position))
    for document in papers:
        if not wanted.shown or wanted.shown not in {one.address for one in document.versions()}:
            yield document.id, (document, document)


def _found(
    document: Document, paper: Document | Version, searched: Searched, most: int | None
) -> t.FoundPaper:
    hits = [_hit(hit, paper.turned.get(hit.page, 0)) for hit in searched.hits[:most]]
    return t.FoundPaper(document.id, paper.version, paper.address, searched.count, hits)


def _stood(boxes: array[int], turn: int) -> list[int]:
    """The boxes one after the other, as `stood`."""
    if not turn:
        return boxes.tolist()
    return [part for box in zip(*(iter(boxes),) * 4, strict=True) for part in stood(box, turn)]


def _hit(hit: Hit, turn: int) -> t.HitView:
    boxes = [list(stood(box, turn)) for box in hit.boxes]
    return t.HitView(hit.page, boxes, hit.exact, hit.before, hit.match, hit.after)


def _number(asked: str, paper: Document | Version) -> int:
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 4 else 0
    if not 1 <= number <= paper.pages:
        raise Refused("page_unknown")
    return number


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MOST_BYTES:
            raise Refused("malformed")
    return body
