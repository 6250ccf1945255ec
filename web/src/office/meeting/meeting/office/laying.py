"""The commands that make a meeting's roll or agenda what the office wants it to be.

Whoever or whatever is meant again keeps its id, and with it card, devices and papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from meeting.errors import Refused
from meeting.office.written import alike
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.prepared import WantedItem, WantedPerson
from meeting.rules import decide, fold
from meeting.rules.state import Actor, Item, MeetingState, Moment, Seat

Wanted = TypeVar("Wanted", WantedPerson, WantedItem)
Kept = TypeVar("Kept", Seat, Item)


def lay_roll(
    state: MeetingState, people: Sequence[WantedPerson], new_id: Callable[[], str]
) -> list[c.Command]:
    """Everybody on the roll, in this order; who is not among them is taken off. The room's screen
    is no person: it stays.

    Raises:
        Refused: `seat_unknown`, a seat is named that is none of a person's.
    """
    persons = {seat.id: seat for seat in state.seats.values() if seat.on_roll}
    meant = _matched(people, [one.seat for one in people], persons, _person_keys, _seat_keys)
    screens = [seat.id for seat in state.seats.values() if not seat.on_roll]
    asked: list[c.Command] = [
        p.RemoveSeat(seat) for seat in persons if seat not in set(filter(None, meant))
    ]
    order: list[str] = []
    for one, known in zip(people, meant, strict=True):
        if known:
            order.append(known)
            asked += _changed_seat(state.seats[known], one)
        else:
            order.append(new_id())
            asked.append(
                c.AddSeat(order[-1], one.name, one.post, one.role, one.votes, one.items or ())
            )
    return asked + _ordered(state.seats, [*order, *screens], p.OrderSeats)


def lay_agenda(
    state: MeetingState, items: Sequence[WantedItem], new_id: Callable[[], str]
) -> list[c.Command]:
    """All items, in this order; what is not among them is taken off.

    Raises:
        Refused: `item_unknown`, an item is named that is not there.
    """
    meant = _matched(items, [one.item for one in items], state.items, _wanted_keys, _item_keys)
    asked: list[c.Command] = [
        p.RemoveItem(item) for item in state.items if item not in set(filter(None, meant))
    ]
    order: list[str] = []
    for one, known in zip(items, meant, strict=True):
        if known:
            order.append(known)
            asked += _changed_item(state.items[known], one)
        else:
            order.append(new_id())
            asked.append(
                c.AddItem(
                    order[-1], one.number, one.title, one.starts, one.ends, one.rapporteur,
                    one.recess, one.limited_to or (),
                )
            )  # fmt: skip
    return asked + _ordered(state.items, order, p.OrderItems)


def foreseen(
    state: MeetingState, actor: Actor, asked: Iterable[c.Command], moment: Moment
) -> MeetingState:
    """The meeting after these commands, if nothing else happens meanwhile.

    Raises:
        Refused: one of them would be; `of` says what it is about.
    """
    for command in asked:
        try:
            entries = decide(state, actor, command, "foreseen", moment)
        except Refused as refused:
            raise Refused(refused.code, **{**refused.data, "of": _about(state, command)}) from None
        for entry in entries:
            state = fold(state, entry)
    return state


def _changed_seat(seat: Seat, wanted: WantedPerson) -> list[c.Command]:
    items = seat.items if wanted.items is None else frozenset(wanted.items)
    items = items if wanted.role == "guest" else frozenset()
    same = (wanted.name, wanted.post, wanted.role, wanted.votes, items) == (
        seat.name, seat.post, seat.role, seat.votes, seat.items,
    )  # fmt: skip
    if same:
        return []
    return [
        p.ChangeSeat(
            seat.id, wanted.name, wanted.post, wanted.role, wanted.votes, tuple(sorted(items))
        )
    ]


def _changed_item(item: Item, wanted: WantedItem) -> list[c.Command]:
    limited = item.limited_to if wanted.limited_to is None else frozenset(wanted.limited_to)
    changed = p.ChangeItem(
        item.id, wanted.number, wanted.title, wanted.starts, wanted.ends, wanted.rapporteur,
        wanted.recess, tuple(sorted(limited)),
    )  # fmt: skip
    same = p.ChangeItem(
        item.id, item.number, item.title, item.starts, item.ends, item.rapporteur,
        item.recess, tuple(sorted(item.limited_to)),
    )  # fmt: skip
    return [] if changed == same else [changed]


def _matched(
    wanted: Sequence[Wanted],
    named: Sequence[str],
    known: Mapping[str, Kept],
    keys_of_wanted: Callable[[Wanted], Sequence[str]],
    keys_of_known: Callable[[Kept], Sequence[str]],
) -> list[str]:
    """For each that is wanted the id of what it is already, "" if it is new.

    By id, else by what is written of it: first all of it, then less and less, as long as that
    names one only.
    """
    meant = [one if one in known else "" for one in named]
    if any(one and one not in known for one in named) or len(set(filter(None, meant))) < len(
        list(filter(None, meant))
    ):
        raise Refused("order_outdated")
    for level in range(len(keys_of_wanted(wanted[0])) if wanted else 0):
        left = [place for place, one in enumerate(meant) if not one]
        free = [one for one in known.values() if one.id not in meant]
        asking = [keys_of_wanted(wanted[place])[level] for place in left]
        offered = [keys_of_known(one)[level] for one in free]
        for place, key in zip(left, asking, strict=True):
            if asking.count(key) == 1 and offered.count(key) == 1:
                meant[place] = free[offered.index(key)].id
    return meant


def _person_keys(wanted: WantedPerson) -> Sequence[str]:
    return (f"{alike(wanted.name)}\n{alike(wanted.post)}", alike(wanted.name))


def _seat_keys(seat: Seat) -> Sequence[str]:
    return (f"{alike(seat.name)}\n{alike(seat.post)}", alike(seat.name))


def _wanted_keys(wanted: WantedItem) -> Sequence[str]:
    return (f"{wanted.number}\n{alike(wanted.title)}", alike(wanted.title))


def _item_keys(item: Item) -> Sequence[str]:
    return (f"{item.number}\n{alike(item.title)}", alike(item.title))


def _ordered(
    known: Mapping[str, object],
    order: Sequence[str],
    ask: Callable[[tuple[str, ...]], c.Command],
) -> list[c.Command]:
    """Nothing where they come to stand so by themselves: what stays, then what is new."""
    stays = [one for one in known if one in order]
    by_itself = stays + [one for one in order if one not in known]
    return [] if by_itself == list(order) else [ask(tuple(order))]


def _about(state: MeetingState, command: c.Command) -> str:
    """The name or title of what a command is about, for the sentence that says why not."""
    match command:
        case c.AddSeat() | p.ChangeSeat():
            return command.name
        case p.RemoveSeat(seat) if seat in state.seats:
            return state.seats[seat].name
        case c.AddItem() | p.ChangeItem():
            return command.title
        case p.RemoveItem(item) if item in state.items:
            return state.items[item].title
        case _:
            return ""
