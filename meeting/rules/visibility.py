"""Who sees what: state and viewer to view, in exactly one place.

Viewers are grouped by audience: everybody of one audience sees the same. What is one seat's
own is apart. A secret that is not in a view cannot leak through a patch.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import UNSET, Struct
from msgspec.structs import asdict

from meeting.protocol import facts as f
from meeting.protocol import views as v
from meeting.protocol.words import ItemState, Role
from meeting.rules import roles
from meeting.rules.agenda import open_to
from meeting.rules.attendance import counts
from meeting.rules.state import Document, Item, MeetingState, Presented, Seat

Kind = Literal["chair", "desk", "member", "guest", "technician", "screen"]

_KINDS: Final[dict[Role, Kind]] = {
    "chair": "chair",
    "secretary": "desk",
    "minute_taker": "desk",
    "member": "member",
    "guest": "guest",
    "technician": "technician",
    "screen": "screen",
}

WITH_ROLL: Final[frozenset[Kind]] = frozenset({"chair", "desk"})
"""The audiences that see the roll by name, and the room. All others see numbers."""

LASTING: Final[frozenset[Kind]] = frozenset({"chair", "desk", "member"})
"""The audiences whose right to a paper lasts the whole meeting."""


class Audience(Struct, frozen=True):
    """Viewers who see the same: a kind, and the items whose papers they may ever see."""

    kind: Kind
    items: frozenset[str]


def audience_of(state: MeetingState, seat: Seat) -> Audience:
    """The audience of a seat, by its role and by which items' papers are open to it."""
    items = frozenset(item.id for item in state.items.values() if open_to(item, seat))
    return Audience(_KINDS[seat.role], items)


def audiences(state: MeetingState) -> frozenset[Audience]:
    return frozenset(audience_of(state, seat) for seat in state.seats.values())


def readable(state: MeetingState, audience: Audience) -> frozenset[str]:
    """The ids of the documents this audience may read now.

    Chair, desk and members: papers of their items, at any time. Guests: papers of their items
    while these are on. The room screen: the presented paper only. Technicians: none. A paper to be
    collected: nobody once the meeting is closed.
    """
    return frozenset(d.id for d in state.documents.values() if _may_read(state, audience, d))


def _may_read(state: MeetingState, audience: Audience, document: Document) -> bool:
    if audience.kind == "technician":
        return False
    if audience.kind == "screen":
        return state.presented is not None and state.presented.document == document.id
    if audience.kind == "guest" and document.item != state.item:
        return False
    return document.item in audience.items and not (document.collect and _over(state))


def _over(state: MeetingState) -> bool:
    return state.phase in ("closed", "locked")


def addresses(state: MeetingState, audience: Audience) -> frozenset[str]:
    """The page addresses this audience may fetch now: of every version, and of what was turned
    upright since, as a screen may still show the one before.
    """
    return frozenset(
        version.address
        for document in readable(state, audience)
        for version in state.documents[document].addressed()
    )


def invited(state: MeetingState) -> frozenset[str]:
    """The seats that may read what is presented now."""
    shown = state.presented
    if shown is None:
        return frozenset(state.seats)
    return frozenset(
        seat.id
        for seat in state.seats.values()
        if shown.document in readable(state, audience_of(state, seat))
    )


def expected(state: MeetingState) -> frozenset[str]:
    """The seats that should be in the room: on the roll, not away, while the meeting lasts."""
    if _over(state):
        return frozenset()
    away = ("left", "absent")
    return frozenset(
        seat.id for seat in state.seats.values() if seat.on_roll and seat.stand.state not in away
    )


def numbers(state: MeetingState) -> v.CountsView:
    """Attendance in numbers, the same for everybody."""
    return v.CountsView(**asdict(counts(state)))


def view(state: MeetingState, audience: Audience, seal: str = "") -> v.View:
    """What this audience sees; `seal` as in `standing`.

    The heading, the numbers and who presents: everybody. The agenda: everybody, but guests
    only their own items. Papers and the presented page: who may read them now. Files that could
    not be taken in, and the seal: chair and desk. That a paper was taken back: who might have read
    it; which one, and why: chair and desk among them. How many were collected: whose right to a
    paper lasts the whole meeting.
    """
    still = standing(state, audience, numbers(state), seal)
    return v.View(agenda=agenda(state, audience), **still, **turning(state, audience))


def standing(
    state: MeetingState, audience: Audience, counted: v.CountsView, seal: str
) -> dict[str, Any]:
    """What of a view is neither `agenda` nor `turning`, by field.

    Args:
        counted: this state's `numbers`.
        seal: the code of the log's chain at the closing, where it is closed.
    """
    full = audience.kind in WITH_ROLL
    fields = {
        "meeting": _heading(state, seal if full else ""),
        "counts": counted,
        "refused_files": dict(state.refused_files) if full else {},
        "withdrawn": _withdrawn(state, audience),
        "collected": _collected(state, audience),
    }
    return {name: field for name, field in fields.items() if field}


def standing_parts(state: MeetingState) -> tuple[object, ...]:
    """All that `standing` is made of, but for what it is given; a page turn changes none of it."""
    return (
        *(state.heading, state.phase, state.opened_at, state.closed_at, state.on_paper),
        *(state.refused_files, state.withdrawn, state.documents),
    )


def turning(state: MeetingState, audience: Audience) -> dict[str, Any]:
    """What of a view a page turn changes, by field: who presents, and what."""
    shown, holder = state.presented, state.seats.get(state.presenter)
    fields: dict[str, Any] = {
        "presenter": v.PresenterView(
            seat=state.presenter,
            name=holder.name if holder else "",
            role=holder.role if holder else "secretary",
        ),
        "turn": state.turn,
        "call": state.call,
    }
    if state.item in state.items and _sees(audience, state.item):
        fields["item"] = state.item
    if shown and _may_read(state, audience, state.documents[shown.document]):
        fields["presented"] = _presented(state, shown)
    return fields


def agenda(state: MeetingState, audience: Audience) -> dict[str, v.ItemView]:
    """The items this audience sees, with the papers it may read now."""
    may_read, full = readable(state, audience), audience.kind in WITH_ROLL
    return {
        item.id: _item(state, item, may_read, full=full)
        for item in state.items.values()
        if _sees(audience, item.id)
    }


def agenda_parts(state: MeetingState, audience: Audience) -> tuple[object, ...]:
    """All that this audience's `agenda` is made of; a page turn changes none of it, but for the
    room screen, which may read what is presented.
    """
    shown = state.presented if audience.kind == "screen" else None
    return (state.seats, state.items, state.documents, state.item, state.done, state.phase, shown)


def _sees(audience: Audience, item: str) -> bool:
    return audience.kind != "guest" or item in audience.items


def _heading(state: MeetingState, seal: str) -> v.MeetingView:
    heading = state.meeting
    return v.MeetingView(
        id=heading.meeting,
        title=heading.title,
        body=heading.body,
        place=heading.place,
        office=heading.office,
        starts_at=heading.starts_at,
        zone=heading.zone,
        phase="closed" if state.phase == "locked" else state.phase,
        locked=True if state.phase == "locked" else UNSET,
        trial=heading.trial,
        rehearsal=heading.rehearsal,
        address_form=heading.address_form,
        help_name=heading.help_name,
        help_phone=heading.help_phone,
        wifi_name=heading.wifi_name,
        opened_at=state.opened_at or UNSET,
        closed_at=state.closed_at or UNSET,
        seal=seal or UNSET,
        on_paper=True if state.on_paper else UNSET,
    )


def item_state(state: MeetingState, item: str) -> ItemState:
    if item == state.item:
        return "on"
    return "done" if item in state.done else "ahead"


def _item(state: MeetingState, item: Item, may_read: frozenset[str], *, full: bool) -> v.ItemView:
    rapporteur = state.seats.get(item.rapporteur)
    progress = item_state(state, item.id)
    documents = {
        d.id: _document(d, full=full)
        for d in state.documents.values()
        if d.item == item.id and d.id in may_read
    }
    return v.ItemView(
        position=item.position,
        number=item.number,
        title=item.title,
        state=UNSET if progress == "ahead" else progress,
        recess=True if item.recess else UNSET,
        documents=documents or UNSET,
        starts=item.starts or UNSET,
        ends=item.ends or UNSET,
        rapporteur=rapporteur.name if rapporteur else UNSET,
        rapporteur_seat=rapporteur.id if rapporteur and full else UNSET,
    )


def _document(document: Document, *, full: bool) -> v.DocumentView:
    turned = {str(page): quarters for page, quarters in document.turned.items()}
    return v.DocumentView(
        position=document.position,
        number=document.number,
        title=document.title,
        version=document.version,
        pages=document.pages,
        address=document.address,
        late=True if document.late else UNSET,
        older={str(one.version): v.VersionView(one.pages, one.address) for one in document.older}
        or UNSET,
        collect=True if document.collect else UNSET,
        turned=(turned or UNSET) if full else UNSET,
    )


def _withdrawn(state: MeetingState, audience: Audience) -> dict[str, v.WithdrawnView]:
    """The room screen, too, is told that what it showed was taken back."""
    full = audience.kind in WITH_ROLL
    return {
        gone.document.id: v.WithdrawnView(
            at=gone.at,
            number=gone.document.number if full else UNSET,
            title=gone.document.title if full else UNSET,
            reason=gone.reason if full else UNSET,
        )
        for gone in state.withdrawn.values()
        if gone.document.item in audience.items or audience.kind == "screen"
    }


def _collected(state: MeetingState, audience: Audience) -> int:
    if audience.kind not in LASTING or not _over(state):
        return 0
    return sum(d.collect and d.item in audience.items for d in state.documents.values())


def _presented(state: MeetingState, shown: Presented) -> v.PresentedView:
    return v.PresentedView(
        item=state.documents[shown.document].item,
        document=shown.document,
        version=shown.version,
        page=shown.page,
    )


def own(state: MeetingState, seat: Seat) -> v.OwnView:
    """What is this seat's own, shown to its devices only."""
    return v.OwnView(
        seat=seat.id,
        name=seat.name,
        post=seat.post,
        role=seat.role,
        votes=seat.votes,
        attendance=seat.stand.state,
        may=roles.may(seat.role),
        devices=len(state.devices_of(seat.id)),
        attendance_at=seat.stand.at or UNSET,
    )


def roll(state: MeetingState) -> dict[str, v.RollRow]:
    """Everybody whose attendance is taken, for the audiences `WITH_ROLL`."""
    devices: dict[str, dict[str, v.DeviceView]] = {}
    for device in state.devices.values():
        if not device.revoked:
            devices.setdefault(device.seat, {})[device.id] = v.DeviceView(device.kind)
    return {
        seat.id: _roll_row(seat, devices.get(seat.id, {}))
        for seat in state.seats.values()
        if seat.on_roll
    }


def _roll_row(seat: Seat, devices: dict[str, v.DeviceView]) -> v.RollRow:
    stand = seat.stand
    return v.RollRow(
        position=seat.position,
        name=seat.name,
        post=seat.post,
        role=seat.role,
        votes=seat.votes,
        attendance=stand.state,
        devices=devices,
        card=seat.card_valid,
        at=stand.at or UNSET,
        method=stand.method or UNSET,
        sighting=stand.sighting or UNSET,
        reason=stand.reason or UNSET,
        entry=stand.entry or UNSET,
    )


def seat_touched(fact: f.Fact) -> str | None:
    """Whose own slice this fact can change; a page turn is nobody's."""
    match fact:
        case (
            f.SeatAdded()
            | f.SeatChanged()
            | f.SeatRemoved()
            | f.CheckedIn()
            | f.AttendanceMarked()
            | f.AttendanceCorrected()
            | f.DeviceClaimed()
            | f.DeviceAdmitted()
            | f.DeviceRevoked()
            | f.CardReissued()
            | f.CardRevoked()
        ):
            return fact.seat
        case _:
            return None


AT_ONCE: Final = (
    f.MeetingOpened,
    f.OpeningTakenBack,
    f.MeetingClosed,
    f.MeetingReopened,
    f.FileLocked,
    f.DocumentMarkedToCollect,
    f.DocumentReplaced,
    f.DocumentWithdrawn,
    f.ItemStarted,
    f.PageShown,
    f.PresenterChanged,
    f.FollowersCalled,
    f.DeviceRevoked,
)
"""The facts the room waits for. Views with any other change are gathered for a moment."""
