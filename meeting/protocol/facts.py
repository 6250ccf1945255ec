"""What happened: the permanent record, past tense. Facts copy what they need.

Folding facts never reads another table. The union at the end is the list.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from meeting.protocol.secrecy import ConfirmedOrdinary
from meeting.protocol.words import (
    AddressForm,
    Attendance,
    DeviceKind,
    Method,
    Role,
    Sighting,
)


class Happened(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """What every fact is."""


class MeetingCreated(Happened, frozen=True, tag="meeting.created", omit_defaults=True):
    """What has a default is left out where it is that: older entries were hashed without it, and
    some of them with a password, which no log has any more.
    """

    meeting: str
    title: str
    body: str
    place: str
    starts_at: datetime
    zone: str
    presenter: str
    office: str
    address_form: AddressForm
    wifi_name: str
    help_name: str
    help_phone: str
    trial: bool
    quorum_present: int
    quorum_total: int
    rehearsal: bool = False
    body_id: str = ""
    trial_of: str = ""
    wifi_password: str | UnsetType = UNSET


class SeatAdded(Happened, frozen=True, tag="seat.added"):
    seat: str
    position: int
    name: str
    post: str
    role: Role
    votes: bool
    items: tuple[str, ...]


class ItemAdded(Happened, frozen=True, tag="item.added"):
    item: str
    position: int
    number: str
    title: str
    starts: str
    ends: str
    rapporteur: str
    recess: bool
    limited_to: tuple[str, ...]


class DocumentAdded(Happened, frozen=True, tag="document.added", omit_defaults=True):
    """`late`: laid down when the meeting was on already. `ordinary`: whether it is a secret paper
    was asked, and somebody said that it is none.
    """

    document: str
    item: str
    position: int
    number: str
    title: str
    version: int
    sha256: str
    pages: int
    address: str
    late: bool = False
    ordinary: ConfirmedOrdinary | UnsetType = UNSET


class FileRefusedNoted(Happened, frozen=True, tag="file.refused_noted"):
    name: str
    code: str


class MeetingOpened(Happened, frozen=True, tag="meeting.opened", omit_defaults=True):
    """`at` is the true time where it was entered afterwards."""

    at: datetime | None = None


class MeetingClosed(Happened, frozen=True, tag="meeting.closed", omit_defaults=True):
    """`at` is the true time where it was entered afterwards."""

    at: datetime | None = None


class ItemStarted(Happened, frozen=True, tag="item.started"):
    item: str


class PageShown(Happened, frozen=True, tag="page.shown"):
    document: str
    version: int
    page: int


class PresenterChanged(Happened, frozen=True, tag="presenter.changed"):
    seat: str


class FollowersCalled(Happened, frozen=True, tag="followers.called"):
    pass


class CheckedIn(Happened, frozen=True, tag="attendance.checked_in"):
    """`at` is the time of the person's own act, not of its arrival in the log."""

    seat: str
    state: Attendance
    at: datetime
    method: Method
    sighting: Sighting


class AttendanceMarked(Happened, frozen=True, tag="attendance.marked"):
    seat: str
    state: Attendance
    at: datetime
    reason: str


class AttendanceCorrected(Happened, frozen=True, tag="attendance.corrected"):
    """`of` is the revision of the entry it mends."""

    seat: str
    state: Attendance
    at: datetime
    reason: str
    of: int


class DeviceClaimed(Happened, frozen=True, tag="device.claimed"):
    device: str
    seat: str
    kind: DeviceKind


class DeviceAdmitted(Happened, frozen=True, tag="device.admitted"):
    device: str
    seat: str
    kind: DeviceKind
    number: int
    sighting: Sighting


class DeviceDeclined(Happened, frozen=True, tag="device.declined"):
    device: str
    seat: str


class DeviceRevoked(Happened, frozen=True, tag="device.revoked"):
    device: str
    seat: str


class CardReissued(Happened, frozen=True, tag="card.reissued"):
    seat: str
    serial: int


class CardRevoked(Happened, frozen=True, tag="card.revoked"):
    seat: str


class MeetingChanged(Happened, frozen=True, tag="meeting.changed"):
    """`wifi_password` stands in older logs only."""

    title: str
    place: str
    starts_at: datetime
    presenter: str
    address_form: AddressForm
    wifi_name: str
    help_name: str
    help_phone: str
    quorum_present: int
    quorum_total: int
    wifi_password: str | UnsetType = UNSET


class SeatChanged(Happened, frozen=True, tag="seat.changed"):
    seat: str
    name: str
    post: str
    role: Role
    votes: bool
    items: tuple[str, ...]


class SeatRemoved(Happened, frozen=True, tag="seat.removed"):
    seat: str


class SeatsOrdered(Happened, frozen=True, tag="seats.ordered"):
    seats: tuple[str, ...]


class ItemChanged(Happened, frozen=True, tag="item.changed"):
    item: str
    number: str
    title: str
    starts: str
    ends: str
    rapporteur: str
    recess: bool
    limited_to: tuple[str, ...]


class ItemRemoved(Happened, frozen=True, tag="item.removed"):
    item: str


class ItemsOrdered(Happened, frozen=True, tag="items.ordered"):
    items: tuple[str, ...]


class DocumentChanged(Happened, frozen=True, tag="document.changed"):
    document: str
    item: str
    number: str
    title: str


class DocumentsOrdered(Happened, frozen=True, tag="documents.ordered"):
    documents: tuple[str, ...]


class PageTurned(Happened, frozen=True, tag="page.turned_upright"):
    document: str
    version: int
    page: int
    quarters: int
    address: str


class DocumentMarkedToCollect(Happened, frozen=True, tag="document.marked_to_collect"):
    """`addresses`: the new ones of all versions, the first first."""

    document: str
    collect: bool
    addresses: tuple[str, ...]


class DocumentReplaced(Happened, frozen=True, tag="document.replaced"):
    document: str
    version: int
    sha256: str
    pages: int
    address: str
    late: bool
    ordinary: ConfirmedOrdinary | UnsetType = UNSET


class DocumentWithdrawn(Happened, frozen=True, tag="document.withdrawn"):
    """`sha256` of every version there was, the first first."""

    document: str
    reason: str
    sha256: tuple[str, ...]


class DocumentErased(Happened, frozen=True, tag="document.erased"):
    document: str
    sha256: tuple[str, ...]


class OpeningTakenBack(Happened, frozen=True, tag="meeting.opening_taken_back"):
    reason: str


class MeetingReopened(Happened, frozen=True, tag="meeting.reopened"):
    reason: str


class PaperContinued(Happened, frozen=True, tag="meeting.continued_on_paper"):
    since: datetime
    until: datetime | None
    reason: str
    course: str


class SignedCopyTakenIn(Happened, frozen=True, tag="signed_copy.taken_in"):
    name: str
    sha256: str
    pages: int
    ordinary: ConfirmedOrdinary | UnsetType = UNSET


class FileLocked(Happened, frozen=True, tag="file.locked"):
    number: str


class MeetingDeleted(Happened, frozen=True, tag="meeting.deleted"):
    """The last fact of a log: then its rows go. That it was there is in the office's record."""


Fact = (
    MeetingCreated
    | SeatAdded
    | ItemAdded
    | DocumentAdded
    | FileRefusedNoted
    | MeetingOpened
    | MeetingClosed
    | ItemStarted
    | PageShown
    | PresenterChanged
    | FollowersCalled
    | CheckedIn
    | AttendanceMarked
    | AttendanceCorrected
    | DeviceClaimed
    | DeviceAdmitted
    | DeviceDeclined
    | DeviceRevoked
    | CardReissued
    | CardRevoked
    | MeetingChanged
    | SeatChanged
    | SeatRemoved
    | SeatsOrdered
    | ItemChanged
    | ItemRemoved
    | ItemsOrdered
    | DocumentChanged
    | DocumentsOrdered
    | PageTurned
    | DocumentMarkedToCollect
    | DocumentReplaced
    | DocumentWithdrawn
    | DocumentErased
    | OpeningTakenBack
    | MeetingReopened
    | PaperContinued
    | SignedCopyTakenIn
    | FileLocked
    | MeetingDeleted
)
