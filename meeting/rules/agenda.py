"""The agenda: laying down and mending its items, moving through them."""

from __future__ import annotations

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.log import Entry
from meeting.rules.order import is_another, reordered
from meeting.rules.roles import PRESENTERS
from meeting.rules.state import Actor, Item, MeetingState, Moment, Seat


def add_item(state: MeetingState, _: Actor, asked: c.AddItem, __: Moment) -> list[f.Fact]:
    if asked.item in state.items:
        return []
    _refuse_what_cannot_be(state, asked)
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


def change_item(state: MeetingState, _: Actor, asked: p.ChangeItem, __: Moment) -> list[f.Fact]:
    item = _known(state, asked.item)
    _refuse_what_cannot_be(state, asked)
    if asked.recess and any(document.item == item.id for document in state.documents.values()):
        raise Refused("item_has_papers")
    if item.limited_to and not (asked.limited_to or asked.recess or asked.for_all):
        raise Refused("readers_needed")
    changed = f.ItemChanged(
        item=item.id,
        number=asked.number,
        title=asked.title.strip(),
        starts=asked.starts,
        ends=asked.ends,
        rapporteur=asked.rapporteur,
        recess=asked.recess,
        limited_to=tuple(sorted(asked.limited_to)),
    )
    mended = _as_written(item, changed)
    if mended == item:
        return []
    after = replace(state, items={**state.items, item.id: mended})
    return [changed, *handed_on(state, after)]


def item_changed(state: MeetingState, _: Entry, fact: f.ItemChanged) -> MeetingState:
    item = _as_written(state.items[fact.item], fact)
    return replace(state, items={**state.items, item.id: item})


def _as_written(item: Item, fact: f.ItemChanged) -> Item:
    return replace(
        item,
        number=fact.number,
        title=fact.title,
        starts=fact.starts,
        ends=fact.ends,
        rapporteur=fact.rapporteur,
        recess=fact.recess,
        limited_to=frozenset(fact.limited_to),
    )


def remove_item(state: MeetingState, _: Actor, asked: p.RemoveItem, __: Moment) -> list[f.Fact]:
    item = _known(state, asked.item)
    if any(document.item == item.id for document in state.documents.values()):
        raise Refused("item_has_papers")
    if item.id == state.item or item.id in state.done:
        raise Refused("item_reached")
    return [f.ItemRemoved(item.id)]


def item_removed(state: MeetingState, _: Entry, fact: f.ItemRemoved) -> MeetingState:
    left = [item for item in state.items if item != fact.item]
    seats = {
        seat.id: replace(seat, items=seat.items - {fact.item}) if fact.item in seat.items else seat
        for seat in state.seats.values()
    }
    return replace(state, items=reordered(state.items, left), seats=seats)


def order_items(state: MeetingState, _: Actor, asked: p.OrderItems, __: Moment) -> list[f.Fact]:
    return [f.ItemsOrdered(asked.items)] if is_another(state.items, asked.items) else []


def items_ordered(state: MeetingState, _: Entry, fact: f.ItemsOrdered) -> MeetingState:
    return replace(state, items=reordered(state.items, fact.items))


def _known(state: MeetingState, item: str) -> Item:
    found = state.items.get(item)
    if found is None:
        raise Refused("item_unknown")
    return found


def _refuse_what_cannot_be(state: MeetingState, asked: c.AddItem | p.ChangeItem) -> None:
    if not asked.title.strip():
        raise Refused("name_needed")
    for seat in (*asked.limited_to, *filter(None, [asked.rapporteur])):
        if seat not in state.seats:
            raise Refused("seat_unknown")


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


def first_presenter(state: MeetingState, item: Item | None) -> str:
    """The seat that turns the pages of an item unless somebody else was given that: as prepared,
    else the secretary, else the chair, whoever may read it; "" if none of them may. Without an
    item: who does before the first one.
    """
    rapporteur = state.seats.get(item.rapporteur) if item else None
    by_rapporteur = state.meeting.presenter == "rapporteur"
    if by_rapporteur and item and rapporteur and open_to(item, rapporteur):
        return rapporteur.id
    for role in (state.meeting.presenter, "secretary", "chair"):
        for seat in state.seats.values():
            if seat.role == role and (item is None or open_to(item, seat)):
                return seat.id
    return ""


def handed_on(before: MeetingState, after: MeetingState) -> list[f.Fact]:
    """What becomes of the lease on turning pages when the office mends roll or agenda: it does not
    stay with somebody who cannot turn them any more, and goes with what is prepared.
    """
    holder, item = after.seats.get(after.presenter), after.items.get(after.item)
    able = holder is not None and holder.role in PRESENTERS
    if holder is not None and able and (item is None or open_to(item, holder)):
        same_role = before.seats[holder.id].role == holder.role
        if item is not None or (same_role and before.meeting.presenter == after.meeting.presenter):
            return []
    successor = first_presenter(after, item)
    return [] if successor in ("", after.presenter) else [f.PresenterChanged(seat=successor)]


def open_to(item: Item, seat: Seat) -> bool:
    """Whether this seat may ever read the item's papers: guests if invited, others unless the
    item is limited to others; technicians and the room screen never by their own right.
    """
    if seat.role == "guest":
        return item.id in seat.items
    if seat.role in ("technician", "screen"):
        return False
    return not item.limited_to or seat.id in item.limited_to
