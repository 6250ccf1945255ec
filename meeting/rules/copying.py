"""Laying a meeting down again, with ids of its own, as a trial.

What happened in it, and what was withdrawn, stays behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.commands import Command
from meeting.protocol.words import Presenting
from meeting.rules.state import Document, MeetingState, Seat


def trial_copy(
    state: MeetingState,
    meeting: str,
    new_id: Callable[[], str],
    new_address: Callable[[], str],
) -> list[Command]:
    """The commands that make a throw-away copy: everybody, the agenda, the papers as they are.

    Args:
        meeting: the copy's id.
        new_id: makes the id of a seat, an item or a paper.
        new_address: makes what pages are served under.
    """
    heading = state.meeting
    seats = {seat: new_id() for seat in state.seats}
    items = {item: new_id() for item in state.items}
    asked: list[Command] = [
        c.CreateMeeting(
            meeting=meeting,
            title=heading.title,
            body=heading.body,
            place=heading.place,
            starts_at=heading.starts_at,
            zone=heading.zone,
            presenter=cast(Presenting, heading.presenter),
            office=heading.office,
            address_form=heading.address_form,
            wifi_name=heading.wifi_name,
            help_name=heading.help_name,
            help_phone=heading.help_phone,
            trial=True,
            rehearsal=True,
            quorum_present=heading.quorum_present,
            quorum_total=heading.quorum_total,
            body_id=heading.body_id,
            trial_of=heading.meeting,
        )
    ]
    # Guests may name items that are not there yet: nobody else stands between them.
    for seat in state.seats.values():
        invited = tuple(sorted(items[item] for item in seat.items if item in items))
        asked.append(_added(seat, seats[seat.id], invited))
    for item in state.items.values():
        asked.append(
            c.AddItem(
                item=items[item.id],
                number=item.number,
                title=item.title,
                starts=item.starts,
                ends=item.ends,
                rapporteur=seats.get(item.rapporteur, ""),
                recess=item.recess,
                limited_to=tuple(sorted(seats[one] for one in item.limited_to if one in seats)),
            )
        )
    for document in state.documents.values():
        asked += _paper(document, new_id(), items[document.item], new_address)
    return asked


def _added(seat: Seat, new: str, items: tuple[str, ...]) -> Command:
    return c.AddSeat(new, seat.name, seat.post, seat.role, seat.votes, items)


def _paper(
    document: Document, new: str, item: str, new_address: Callable[[], str]
) -> Iterator[Command]:
    yield c.AddDocument(
        document=new,
        item=item,
        number=document.number,
        title=document.title,
        sha256=document.sha256,
        pages=document.pages,
        address=new_address(),
    )
    if document.collect:
        yield p.MarkToCollect(document=new, collect=True, addresses=(new_address(),))
    for page, quarters in document.turned.items():
        yield p.TurnPage(document=new, page=page, quarters=quarters, address=new_address())
