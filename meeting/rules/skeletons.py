"""What a meeting takes over from an earlier one, or from a template: its roll, and its agenda.

What happened, papers and guests stay behind; a guest whom an item names comes with the agenda.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from meeting.protocol import commands as c
from meeting.protocol.commands import Command
from meeting.protocol.templates import CarriedItem, CarriedRow, Skeleton
from meeting.rules.seats import clean
from meeting.rules.state import Item, MeetingState

_WITHOUT_VOTE: Final = ("guest", "technician", "screen")
_A_DAY: Final = 24 * 60


def skeleton(state: MeetingState) -> Skeleton:
    """What can be taken over of this meeting."""
    named = {one for item in state.items.values() for one in (item.rapporteur, *item.limited_to)}
    seats = [
        seat
        for seat in sorted(state.seats.values(), key=lambda seat: seat.position)
        if seat.id in named or seat.role not in ("guest", "screen")
    ]
    places = {seat.id: place for place, seat in enumerate(seats)}
    began = state.meeting.starts_at.astimezone(ZoneInfo(state.meeting.zone))
    return Skeleton(
        tuple(CarriedRow(seat.name, seat.post, seat.role, seat.votes) for seat in seats),
        tuple(_item(item, places) for item in state.items.values()),
        f"{began:%H:%M}",
    )


def _item(item: Item, places: dict[str, int]) -> CarriedItem:
    return CarriedItem(
        number=item.number,
        title=item.title,
        starts=item.starts,
        ends=item.ends,
        recess=item.recess,
        rapporteur=places.get(item.rapporteur),
        limited_to=tuple(sorted(places[one] for one in item.limited_to if one in places)),
    )


def laid_again(
    taken: Skeleton, new_id: Callable[[], str], *, starts: str, agenda: bool
) -> list[Command]:
    """The commands that lay a skeleton down in a meeting that has nobody and nothing yet.

    Args:
        starts: when the meeting begins by the clock, such as 07:30; the items' times move with it.
        agenda: whether the agenda is taken over, too.
    """
    items = taken.items if agenda else ()
    ids = [new_id() for _ in items]
    seats = [new_id() for _ in taken.roll]
    asked: list[Command] = []
    for place, person in enumerate(taken.roll):
        invited: list[str] = []
        if person.role == "guest":
            if not agenda:
                continue
            invited = [
                id_
                for id_, item in zip(ids, items, strict=True)
                if place in (item.rapporteur, *item.limited_to)
            ]
        asked.append(
            c.AddSeat(
                seats[place], person.name, person.post, person.role, person.votes, tuple(invited)
            )
        )
    for id_, item in zip(ids, items, strict=True):
        asked.append(
            c.AddItem(
                item=id_,
                number=item.number,
                title=item.title,
                starts=_moved(item.starts, taken.starts, starts),
                ends=_moved(item.ends, taken.starts, starts),
                rapporteur="" if item.rapporteur is None else seats[item.rapporteur],
                recess=item.recess,
                limited_to=tuple(seats[place] for place in item.limited_to),
            )
        )
    return asked


def sound(taken: Skeleton) -> bool:
    """Whether it can be laid down: one from elsewhere may say anything."""
    people = range(len(taken.roll))
    return all(
        clean(person.name) and not (person.votes and person.role in _WITHOUT_VOTE)
        for person in taken.roll
    ) and all(
        item.title.strip()
        and all(place in people for place in item.limited_to)
        and (item.rapporteur is None or item.rapporteur in people)
        for item in taken.items
    )


def _moved(time: str, before: str, now: str) -> str:
    """A time of day, as much later as the meeting begins later; round the clock."""
    if not (time and before):
        return time
    moved = (_minutes(time) + _minutes(now) - _minutes(before)) % _A_DAY
    return f"{moved // 60:02d}:{moved % 60:02d}"


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
