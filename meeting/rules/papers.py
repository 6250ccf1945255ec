"""Papers: laying them down, mending and replacing them, taking them back."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.log import Entry
from meeting.rules.agenda import open_to
from meeting.rules.order import is_another, reordered
from meeting.rules.state import Actor, Document, MeetingState, Moment, Withdrawn

TURNS_KEPT: Final = 4
"""A page that is turned until it stands was fetched on the way, as it stood by then."""


def add_document(state: MeetingState, _: Actor, asked: c.AddDocument, __: Moment) -> list[f.Fact]:
    if asked.document in state.documents:
        return []
    if asked.document in state.withdrawn:
        raise Refused("document_withdrawn")
    _refuse_where_no_papers_lie(state, asked.item)
    last = max((document.position for document in state.documents.values()), default=0)
    return [
        f.DocumentAdded(
            document=asked.document,
            item=asked.item,
            position=last + 1,
            number=asked.number.strip(),
            title=asked.title.strip(),
            version=1,
            sha256=asked.sha256,
            pages=asked.pages,
            address=asked.address,
            late=state.phase != "before",
            ordinary=asked.ordinary,
        )
    ]


def document_added(state: MeetingState, _: Entry, fact: f.DocumentAdded) -> MeetingState:
    return state.with_document(
        Document(
            id=fact.document,
            item=fact.item,
            position=fact.position,
            number=fact.number,
            title=fact.title,
            version=fact.version,
            sha256=fact.sha256,
            pages=fact.pages,
            address=fact.address,
            late=fact.late,
        )
    )


def change_document(
    state: MeetingState, _: Actor, asked: p.ChangeDocument, __: Moment
) -> list[f.Fact]:
    document = _known(state, asked.document)
    number, title = asked.number.strip(), asked.title.strip()
    if (asked.item, number, title) == (document.item, document.number, document.title):
        return []
    if asked.item != document.item:
        _refuse_where_no_papers_lie(state, asked.item)
        if state.presented and state.presented.document == document.id:
            raise Refused("document_presented")
    return [f.DocumentChanged(document.id, asked.item, number, title)]


def document_changed(state: MeetingState, _: Entry, fact: f.DocumentChanged) -> MeetingState:
    document = state.documents[fact.document]
    return state.with_document(
        replace(document, item=fact.item, number=fact.number, title=fact.title)
    )


def order_documents(
    state: MeetingState, _: Actor, asked: p.OrderDocuments, __: Moment
) -> list[f.Fact]:
    another = is_another(state.documents, asked.documents)
    return [f.DocumentsOrdered(asked.documents)] if another else []


def documents_ordered(state: MeetingState, _: Entry, fact: f.DocumentsOrdered) -> MeetingState:
    return replace(state, documents=reordered(state.documents, fact.documents))


def turn_page(state: MeetingState, actor: Actor, asked: p.TurnPage, _: Moment) -> list[f.Fact]:
    """By the office, or by who leads the meeting, of papers that are open to them."""
    document = _known(state, asked.document)
    item = state.items[document.item]
    if actor.standing != "office" and not open_to(item, state.seats[actor.seat]):
        raise Refused("not_allowed")
    if asked.page > document.pages:
        raise Refused("page_unknown", pages=document.pages)
    if document.turned.get(asked.page, 0) == asked.quarters:
        return []
    if asked.address in _addresses(state):
        raise Refused("malformed")
    return [f.PageTurned(document.id, document.version, asked.page, asked.quarters, asked.address)]


def page_turned(state: MeetingState, _: Entry, fact: f.PageTurned) -> MeetingState:
    document = state.documents[fact.document]
    turned = {**document.turned, fact.page: fact.quarters}
    kept = {page: quarters for page, quarters in turned.items() if quarters}
    before = (*document.before_turns, document.newest)[-TURNS_KEPT:]
    stood = replace(document, turned=kept, address=fact.address, before_turns=before)
    return state.with_document(stood)


def _addresses(state: MeetingState) -> set[str]:
    return {one.address for d in state.documents.values() for one in d.addressed()}


def mark_to_collect(
    state: MeetingState, _: Actor, asked: p.MarkToCollect, __: Moment
) -> list[f.Fact]:
    document = _known(state, asked.document)
    if document.collect == asked.collect:
        return []
    if len(asked.addresses) != len(document.versions()):
        raise Refused("order_outdated")
    # Under an address that is known, devices would go on showing the pages they hold.
    known = _addresses(state)
    if len(known | {*asked.addresses}) < len(known) + len(asked.addresses):
        raise Refused("malformed")
    return [f.DocumentMarkedToCollect(document.id, asked.collect, asked.addresses)]


def document_marked_to_collect(
    state: MeetingState, _: Entry, fact: f.DocumentMarkedToCollect
) -> MeetingState:
    document = state.documents[fact.document]
    *before, newest = fact.addresses
    older = zip(document.older, before, strict=True)
    return state.with_document(
        replace(
            document,
            collect=fact.collect,
            address=newest,
            before_turns=(),
            older=tuple(replace(one, address=address) for one, address in older),
        )
    )


def replace_document(
    state: MeetingState, _: Actor, asked: p.ReplaceDocument, __: Moment
) -> list[f.Fact]:
    document = _known(state, asked.document)
    if asked.version == document.version and asked.sha256 == document.sha256:
        return []
    if asked.version != document.version + 1:
        raise Refused("order_outdated")
    return [
        f.DocumentReplaced(
            document=document.id,
            version=asked.version,
            sha256=asked.sha256,
            pages=asked.pages,
            address=asked.address,
            late=state.phase != "before",
            ordinary=asked.ordinary,
        )
    ]


def document_replaced(state: MeetingState, _: Entry, fact: f.DocumentReplaced) -> MeetingState:
    """What is presented stays so, in the version it has."""
    document = state.documents[fact.document]
    return state.with_document(
        replace(
            document,
            version=fact.version,
            sha256=fact.sha256,
            pages=fact.pages,
            address=fact.address,
            turned={},
            before_turns=(),
            late=fact.late,
            older=document.versions(),
        )
    )


def withdraw_document(
    state: MeetingState, _: Actor, asked: p.WithdrawDocument, __: Moment
) -> list[f.Fact]:
    if asked.document in state.withdrawn:
        return []
    document = _known(state, asked.document)
    if not asked.reason.strip():
        raise Refused("reason_needed")
    hashes = tuple(version.sha256 for version in document.versions())
    return [f.DocumentWithdrawn(document.id, asked.reason.strip(), hashes)]


def document_withdrawn(
    state: MeetingState, entry: Entry, fact: f.DocumentWithdrawn
) -> MeetingState:
    """Whoever presents it presents nothing from now on."""
    documents = dict(state.documents)
    gone = Withdrawn(documents.pop(fact.document), entry.at, fact.reason)
    without = replace(
        state, documents=documents, withdrawn={**state.withdrawn, fact.document: gone}
    )
    if state.presented and state.presented.document == fact.document:
        return replace(without, presented=None, turn=entry.rev)
    return without


def erase_document(
    state: MeetingState, _: Actor, asked: p.EraseDocument, __: Moment
) -> list[f.Fact]:
    withdrawn = state.withdrawn.get(asked.document)
    if withdrawn is None:
        raise Refused("document_unknown")
    if withdrawn.erased:
        return []
    hashes = tuple(version.sha256 for version in withdrawn.document.versions())
    return [f.DocumentErased(asked.document, hashes)]


def document_erased(state: MeetingState, _: Entry, fact: f.DocumentErased) -> MeetingState:
    erased = replace(state.withdrawn[fact.document], erased=True)
    return replace(state, withdrawn={**state.withdrawn, fact.document: erased})


def _known(state: MeetingState, document: str) -> Document:
    found = state.documents.get(document)
    if found is None:
        raise Refused("document_withdrawn" if document in state.withdrawn else "document_unknown")
    return found


def _refuse_where_no_papers_lie(state: MeetingState, item: str) -> None:
    if item not in state.items:
        raise Refused("item_unknown")
    if state.items[item].recess:
        raise Refused("item_recess")
