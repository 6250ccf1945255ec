"""The roll: mending what is written of people, taking somebody off, protocol order.

Adding a person, cards and devices are in `seats`.
"""

from __future__ import annotations

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.log import Entry
from meeting.rules.agenda import handed_on
from meeting.rules.order import is_another, reordered
from meeting.rules.seats import clean, known_seat, refuse_what_cannot_be
from meeting.rules.state import Actor, MeetingState, Moment, Seat


def change_seat(state: MeetingState, _: Actor, asked: p.ChangeSeat, __: Moment) -> list[f.Fact]:
    """The room's screen stays one, and nobody else becomes one: it is no person."""
    seat = known_seat(state, asked.seat)
    refuse_what_cannot_be(state, asked)
    if (asked.role == "screen") != (seat.role == "screen"):
        raise Refused("not_allowed")
    changed = f.SeatChanged(
        seat=seat.id,
        name=clean(asked.name),
        post=clean(asked.post),
        role=asked.role,
        votes=asked.votes,
        items=tuple(sorted(asked.items)) if asked.role == "guest" else (),
    )
    after = _as_written(seat, changed)
    if after == seat:
        return []
    return [changed, *handed_on(state, state.with_seat(after))]


def seat_changed(state: MeetingState, _: Entry, fact: f.SeatChanged) -> MeetingState:
    return state.with_seat(_as_written(state.seats[fact.seat], fact))


def _as_written(seat: Seat, fact: f.SeatChanged) -> Seat:
    return replace(
        seat,
        name=fact.name,
        post=fact.post,
        role=fact.role,
        votes=fact.votes,
        items=frozenset(fact.items),
    )


def remove_seat(state: MeetingState, _: Actor, asked: p.RemoveSeat, __: Moment) -> list[f.Fact]:
    """Whose attendance was entered belongs to the record. An item limited to nobody would be open
    to all: its last reader is not removed.
    """
    seat = known_seat(state, asked.seat)
    if seat.stand.entry or seat.role == "screen":
        raise Refused("seat_needed")
    if any(item.limited_to == {seat.id} for item in state.items.values()):
        raise Refused("seat_needed")
    ended = [f.DeviceRevoked(device=d.id, seat=seat.id) for d in state.devices_of(seat.id)]
    left = replace(state, seats={key: one for key, one in state.seats.items() if key != seat.id})
    return [*ended, *handed_on(state, left), f.SeatRemoved(seat.id)]


def seat_removed(state: MeetingState, entry: Entry, fact: f.SeatRemoved) -> MeetingState:
    items = {
        item.id: replace(
            item,
            rapporteur="" if item.rapporteur == fact.seat else item.rapporteur,
            limited_to=item.limited_to - {fact.seat},
        )
        for item in state.items.values()
    }
    left = [seat for seat in state.seats if seat != fact.seat]
    without = replace(state, seats=reordered(state.seats, left), items=items)
    if state.presenter == fact.seat:
        return replace(without, presenter="", turn=entry.rev)
    return without


def order_seats(state: MeetingState, _: Actor, asked: p.OrderSeats, __: Moment) -> list[f.Fact]:
    return [f.SeatsOrdered(asked.seats)] if is_another(state.seats, asked.seats) else []


def seats_ordered(state: MeetingState, _: Entry, fact: f.SeatsOrdered) -> MeetingState:
    return replace(state, seats=reordered(state.seats, fact.seats))
