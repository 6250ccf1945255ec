"""A meeting as the office sees it while it prepares it and files it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from msgspec import UNSET

from meeting.protocol import prepared as v
from meeting.protocol.facts import MeetingCreated
from meeting.protocol.words import Presenting
from meeting.rules.state import Document, MeetingState, Seat

Made = Callable[[Document], tuple[int, int]]
"""How many pages of a paper are ready, and how many failed."""


def row(state: MeetingState) -> v.MeetingRow:
    """A meeting in the list of all."""
    heading = state.meeting
    return v.MeetingRow(
        id=heading.meeting,
        title=heading.title,
        body=heading.body,
        body_id=heading.body_id,
        place=heading.place,
        starts_at=heading.starts_at,
        zone=heading.zone,
        phase=state.phase,
        trial=heading.trial,
        trial_of=heading.trial_of,
        people=sum(seat.on_roll for seat in state.seats.values()),
        guests=sum(seat.role == "guest" for seat in state.seats.values()),
        items=len(state.items),
        papers=len(state.documents),
        file_number=state.file_number,
    )


def whole(
    state: MeetingState,
    made: Made,
    *,
    seal: str,
    wifi_password: str,
    base_url: str,
    address_changed: bool,
    cards_url: str,
) -> v.Prepared:
    """One meeting with all that can be prepared of it."""
    return v.Prepared(
        rev=state.rev,
        heading=_heading(state.meeting, wifi_password),
        phase=state.phase,
        file_number=state.file_number,
        seats=tuple(_seat(seat) for seat in state.seats.values()),
        items=tuple(
            v.ItemRow(
                id=item.id,
                position=item.position,
                number=item.number,
                title=item.title,
                starts=item.starts,
                ends=item.ends,
                rapporteur=item.rapporteur,
                recess=item.recess,
                limited_to=tuple(sorted(item.limited_to)),
            )
            for item in state.items.values()
        ),
        documents=tuple(_paper(paper, *made(paper)) for paper in state.documents.values()),
        withdrawn=tuple(
            v.WithdrawnRow(
                gone.document.id,
                gone.document.number,
                gone.document.title,
                gone.at,
                gone.reason,
                gone.erased,
            )
            for gone in state.withdrawn.values()
        ),
        refused=dict(state.refused_files),
        on_paper=tuple(
            v.PaperPart(part.since, part.reason, part.course, part.until or UNSET)
            for part in state.on_paper
        ),
        signed_copies=tuple(
            v.SignedCopyRow(copy.name, copy.sha256, copy.pages) for copy in state.signed_copies
        ),
        base_url=base_url,
        address_changed=address_changed,
        cards_url=cards_url,
        held=state.held,
        opened_at=state.opened_at or UNSET,
        closed_at=state.closed_at or UNSET,
        seal=seal if seal and state.closed_at else UNSET,
    )


def _heading(heading: MeetingCreated, wifi_password: str) -> v.HeadingView:
    return v.HeadingView(
        title=heading.title,
        place=heading.place,
        starts_at=heading.starts_at,
        presenter=cast(Presenting, heading.presenter),
        address_form=heading.address_form,
        wifi_name=heading.wifi_name,
        wifi_password=wifi_password,
        help_name=heading.help_name,
        help_phone=heading.help_phone,
        quorum_present=heading.quorum_present,
        quorum_total=heading.quorum_total,
        body=heading.body,
        body_id=heading.body_id,
        office=heading.office,
        zone=heading.zone,
        trial=heading.trial,
        trial_of=heading.trial_of,
    )


def _seat(seat: Seat) -> v.SeatRow:
    return v.SeatRow(
        id=seat.id,
        position=seat.position,
        name=seat.name,
        post=seat.post,
        role=seat.role,
        votes=seat.votes,
        items=tuple(sorted(seat.items)),
        attendance=seat.stand.state,
        card=seat.card_valid,
        at=seat.stand.at or UNSET,
        reason=seat.stand.reason or UNSET,
    )


def _paper(paper: Document, ready: int, failed: int) -> v.PaperRow:
    return v.PaperRow(
        id=paper.id,
        item=paper.item,
        position=paper.position,
        number=paper.number,
        title=paper.title,
        version=paper.version,
        pages=paper.pages,
        late=paper.late,
        ready=ready,
        failed=failed,
        turned={str(page): quarters for page, quarters in paper.turned.items()},
        older=tuple(v.OlderVersion(one.version, one.pages, one.late) for one in paper.older),
        collect=paper.collect,
    )
