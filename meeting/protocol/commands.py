"""What may be asked of a meeting. Requests are imperative and absolute: "show document d page 7".

The union at the end is the list, with what `preparing` has; whoever may ask is decided in
`rules`. The same command may come by Socket.IO or by POST.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from meeting.protocol import preparing as p
from meeting.protocol.asked import Asked
from meeting.protocol.secrecy import ConfirmedOrdinary
from meeting.protocol.words import (
    AddressForm,
    Attendance,
    ClockOrNone,
    DeviceKind,
    Id,
    IdOrNone,
    Instant,
    Line,
    Page,
    Presenting,
    Role,
    Sha256,
    Sighting,
)


class CreateMeeting(Asked, frozen=True, tag="meeting.create"):
    """Begin a meeting. Quorum: quorum_present x present >= quorum_total x voting members.

    `body_id` names the body among the office's; `trial_of` the meeting this is a copy of, made to
    be practised on and thrown away.
    """

    meeting: Id
    title: Line
    body: Line
    place: Line
    starts_at: Instant
    zone: Line
    presenter: Presenting
    office: Line
    address_form: AddressForm = "dong_chi"
    wifi_name: Line = ""
    help_name: Line = ""
    help_phone: Line = ""
    trial: bool = False
    rehearsal: bool = False
    quorum_present: Annotated[int, Meta(ge=1, le=100)] = 3
    quorum_total: Annotated[int, Meta(ge=1, le=100)] = 2
    body_id: IdOrNone = ""
    trial_of: IdOrNone = ""


class AddSeat(Asked, frozen=True, tag="seat.add"):
    """Give a person a place in this meeting. Guests name the items they are invited to."""

    seat: Id
    name: Annotated[str, Meta(max_length=120)]
    post: Line
    role: Role
    votes: bool = False
    items: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()


class AddItem(Asked, frozen=True, tag="item.add"):
    """Put an item at the end of the agenda. `limited_to`: only these seats may read its papers."""

    item: Id
    number: Annotated[str, Meta(max_length=12)]
    title: Line
    starts: ClockOrNone = ""
    ends: ClockOrNone = ""
    rapporteur: IdOrNone = ""
    recess: bool = False
    limited_to: Annotated[tuple[Id, ...], Meta(max_length=1000)] = ()


class AddDocument(Asked, frozen=True, tag="document.add"):
    """Lay a paper, already taken in and counted, under an item; late once the meeting is on.

    `address` is made of 128 random bits; its pages are served under it.
    """

    document: Id
    item: Id
    number: Annotated[str, Meta(max_length=80)]
    title: Line
    sha256: Sha256
    pages: Annotated[int, Meta(ge=1, le=5000)]
    address: Id
    ordinary: ConfirmedOrdinary | UnsetType = UNSET


class NoteRefusedFile(Asked, frozen=True, tag="file.note_refused"):
    """Record that a file could not be taken in, so that the desk can say so."""

    name: Line
    code: Annotated[str, Meta(max_length=40)]


class OpenMeeting(Asked, frozen=True, tag="meeting.open"):
    """Khai mạc. `at` is the true time where it is entered afterwards; `early`: it is before the
    planned time, and meant so.
    """

    at: Instant | UnsetType = UNSET
    early: bool = False


class CloseMeeting(Asked, frozen=True, tag="meeting.close"):
    """Bế mạc. `at` is the true time where it is entered afterwards."""

    at: Instant | UnsetType = UNSET


class StartItem(Asked, frozen=True, tag="item.start"):
    """Move the meeting to an item. What was presented before is put away."""

    item: Id


class ShowPage(Asked, frozen=True, tag="page.show"):
    """Present this page. Perishable: refused `too_late` when old."""

    document: Id
    version: Annotated[int, Meta(ge=1, le=1000)]
    page: Page


class TakePresenting(Asked, frozen=True, tag="presenter.take"):
    """Become the one who turns pages, without asking the holder's device."""


class GivePresenting(Asked, frozen=True, tag="presenter.give"):
    """Let this seat turn pages."""

    seat: Id


class CallFollowers(Asked, frozen=True, tag="followers.call"):
    """Mời tất cả về trang này."""


class CheckIn(Asked, frozen=True, tag="attendance.check_in"):
    """I am here. `code` is what the room screen showed: four digits, or the scanned code."""

    code: Annotated[str, Meta(max_length=64)] = ""


class MarkAttendance(Asked, frozen=True, tag="attendance.mark"):
    """The desk enters what it saw. `at` is the true time; absent wants a reason."""

    seat: Id
    state: Attendance
    at: Instant | UnsetType = UNSET
    reason: Line = ""


class CorrectAttendance(Asked, frozen=True, tag="attendance.correct"):
    """The desk mends an entry that was wrong. The reason stays in the record."""

    seat: Id
    state: Attendance
    reason: Line
    at: Instant | UnsetType = UNSET


class ClaimDevice(Asked, frozen=True, tag="device.claim"):
    """This device serves the seat whose card it holds. Asked by tapping, never by opening."""

    device: Id
    kind: DeviceKind


class AdmitDevices(Asked, frozen=True, tag="device.admit"):
    """Mời vào: waiting devices become devices of the seats they chose, and check in."""

    devices: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=100)]


class DeclineDevice(Asked, frozen=True, tag="device.decline"):
    """The waiting device is not that person's."""

    device: Id


class RevokeDevice(Asked, frozen=True, tag="device.revoke"):
    """This device is blank from now on."""

    device: Id


class ReissueCard(Asked, frozen=True, tag="card.reissue"):
    """Đổi máy: all devices and the card of the seat end; a new card is there."""

    seat: Id


class RevokeCard(Asked, frozen=True, tag="card.revoke"):
    """All devices and the card of the seat end, until a new card is issued."""

    seat: Id


Command = (
    CreateMeeting
    | AddSeat
    | AddItem
    | AddDocument
    | NoteRefusedFile
    | OpenMeeting
    | CloseMeeting
    | StartItem
    | ShowPage
    | TakePresenting
    | GivePresenting
    | CallFollowers
    | CheckIn
    | MarkAttendance
    | CorrectAttendance
    | ClaimDevice
    | AdmitDevices
    | DeclineDevice
    | RevokeDevice
    | ReissueCard
    | RevokeCard
    | p.ChangeMeeting
    | p.ChangeSeat
    | p.RemoveSeat
    | p.OrderSeats
    | p.ChangeItem
    | p.RemoveItem
    | p.OrderItems
    | p.ChangeDocument
    | p.OrderDocuments
    | p.TurnPage
    | p.MarkToCollect
    | p.ReplaceDocument
    | p.WithdrawDocument
    | p.EraseDocument
    | p.TakeBackOpening
    | p.ReopenMeeting
    | p.ContinueOnPaper
    | p.TakeInSignedCopy
    | p.LockFile
    | p.DeleteMeeting
)


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """A command on its way. The same `id` always gets the same answer.

    `at` (seconds) is the last beacon's `t` plus the time since, for commands that perish;
    `if_rev` is the revision the sender had before its eyes.
    """

    id: Annotated[str, Meta(min_length=8, max_length=48, pattern=r"\A[0-9A-Za-z_-]+\Z")]
    command: Command
    at: float | UnsetType = UNSET
    if_rev: int | UnsetType = UNSET


class Waiting(Struct, frozen=True):
    """A device nobody knows yet that chose a name and waits for the desk."""

    device: Id
    seat: Id
    number: Annotated[int, Meta(ge=1, le=99)]
    kind: DeviceKind
    sighting: Sighting
    since: datetime
