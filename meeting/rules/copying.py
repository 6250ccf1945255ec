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
from meeting.rules.agenda import open_to
from meeting.rules.state import Document, Item, MeetingState, Seat


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


def taken_back(real: MeetingState, copy: MeetingState, stricter: str) -> list[Command]:
    """The commands after which a copy shows no paper that its meeting has taken back since, has
    limited to fewer people or has marked to be collected.

    Args:
        stricter: the reason where the meeting itself still has the paper.
    """
    gone = {
        version.sha256: one.reason
        for one in real.withdrawn.values()
        for version in one.document.versions()
    }
    asked: list[Command] = []
    for paper in copy.documents.values():
        same = [
            one
            for one in real.documents.values()
            if any(version.sha256 == paper.sha256 for version in one.versions())
        ]
        if not same and paper.sha256 in gone:
            asked.append(p.WithdrawDocument(paper.id, gone[paper.sha256]))
        elif same and all(_stricter(real, one, copy, paper) for one in same):
            asked.append(p.WithdrawDocument(paper.id, stricter))
    return asked


def _stricter(real: MeetingState, one: Document, copy: MeetingState, paper: Document) -> bool:
    item = real.items[one.item]
    wider = _readers(copy, copy.items[paper.item]) - _readers(real, item)
    return (one.collect and not paper.collect) or bool(item.limited_to and wider)


def _readers(state: MeetingState, item: Item) -> set[str]:
    """By name: a copy's seats have ids of their own."""
    return {seat.name for seat in state.seats.values() if open_to(item, seat)}


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
