"""Items and papers: laying them down before the meeting, moving through them in it."""

from __future__ import annotations

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import Entry
from meeting.rules.state import Actor, Document, Item, MeetingState, Moment, Seat


def add_item(state: MeetingState, _: Actor, asked: c.AddItem, __: Moment) -> list[f.Fact]:
    if asked.item in state.items:
        return []
    if not asked.title.strip():
        raise Refused("name_needed")
    for seat in (*asked.limited_to, *filter(None, [asked.rapporteur])):
        if seat not in state.seats:
            raise Refused("seat_unknown")
    return [
        f.ItemAdded(
            item=asked.item,
            position=len(state.items) + 1,
            number=asked.number,
            title=asked.title.strip(),
            starts=asked.starts,
            ends=asked.ends,
            rapporteur=asked.rapporteur,
            recess=asked.recess,
            limited_to=tuple(sorted(asked.limited_to)),
        )
    ]


def item_added(state: MeetingState, _: Entry, fact: f.ItemAdded) -> MeetingState:
    item = Item(
        id=fact.item,
        position=fact.position,
        number=fact.number,
        title=fact.title,
        starts=fact.starts,
        ends=fact.ends,
        rapporteur=fact.rapporteur,
        recess=fact.recess,
        limited_to=frozenset(fact.limited_to),
    )
    return replace(state, items={**state.items, item.id: item})


def add_document(state: MeetingState, _: Actor, asked: c.AddDocument, __: Moment) -> list[f.Fact]:
    if asked.document in state.documents:
        return []
    if asked.item not in state.items:
        raise Refused("item_unknown")
    if state.items[asked.item].recess:
        raise Refused("item_recess")
    return [
        f.DocumentAdded(
            document=asked.document,
            item=asked.item,
            position=len(state.documents) + 1,
            number=asked.number.strip(),
            title=asked.title.strip(),
            version=1,
            sha256=asked.sha256,
            pages=asked.pages,
            address=asked.address,
        )
    ]


def document_added(state: MeetingState, _: Entry, fact: f.DocumentAdded) -> MeetingState:
    document = Document(
        id=fact.document,
        item=fact.item,
        position=fact.position,
        number=fact.number,
        title=fact.title,
        version=fact.version,
        sha256=fact.sha256,
        pages=fact.pages,
        address=fact.address,
    )
    return replace(state, documents={**state.documents, document.id: document})


def note_refused_file(
    state: MeetingState, _: Actor, asked: c.NoteRefusedFile, __: Moment
) -> list[f.Fact]:
    if state.refused_files.get(asked.name) == asked.code:
        return []
    return [f.FileRefusedNoted(name=asked.name, code=asked.code)]


def file_refused_noted(state: MeetingState, _: Entry, fact: f.FileRefusedNoted) -> MeetingState:
    return replace(state, refused_files={**state.refused_files, fact.name: fact.code})


def start_item(state: MeetingState, _: Actor, asked: c.StartItem, __: Moment) -> list[f.Fact]:
    item = state.items.get(asked.item)
    if item is None:
        raise Refused("item_unknown")
    if state.item == item.id:
        return []
    facts: list[f.Fact] = [f.ItemStarted(item=item.id)]
    holder = state.seats.get(state.presenter)
    by_rapporteur = state.meeting.presenter == "rapporteur"
    if holder is not None and (by_rapporteur or not open_to(item, holder)):
        successor = first_presenter(state, item)
        if successor not in ("", holder.id):
            facts.append(f.PresenterChanged(seat=successor))
    return facts


def item_started(state: MeetingState, entry: Entry, fact: f.ItemStarted) -> MeetingState:
    """The item before is done; what it presented is put away, so that no page outlives it."""
    before = {state.item} if state.item else set()
    return replace(
        state,
        item=fact.item,
        done=(state.done | before) - {fact.item},
        presented=None,
        turn=entry.rev,
    )


def first_presenter(state: MeetingState, item: Item) -> str:
    """The seat that turns the pages of an item unless somebody else was given that: as prepared,
    else the secretary, else the chair, whoever may read it; "" if none of them may.
    """
    rapporteur = state.seats.get(item.rapporteur)
    if state.meeting.presenter == "rapporteur" and rapporteur and open_to(item, rapporteur):
        return rapporteur.id
    for role in (state.meeting.presenter, "secretary", "chair"):
        for seat in state.seats.values():
            if seat.role == role and open_to(item, seat):
                return seat.id
    return ""


def open_to(item: Item, seat: Seat) -> bool:
    """Whether this seat may ever read the item's papers: guests if invited, others unless the
    item is limited to others; technicians and the room screen never by their own right.
    """
    if seat.role == "guest":
        return item.id in seat.items
    if seat.role in ("technician", "screen"):
        return False
    return not item.limited_to or seat.id in item.limited_to
