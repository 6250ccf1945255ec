"""What happened: the permanent record, past tense. Facts copy what they need.

Folding facts never reads another table. The union at the end is the list.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

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
    """`rehearsal` is left out where false: older entries were hashed without it."""

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
    wifi_password: str
    help_name: str
    help_phone: str
    trial: bool
    quorum_present: int
    quorum_total: int
    rehearsal: bool = False


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


class DocumentAdded(Happened, frozen=True, tag="document.added"):
    document: str
    item: str
    position: int
    number: str
    title: str
    version: int
    sha256: str
    pages: int
    address: str


class FileRefusedNoted(Happened, frozen=True, tag="file.refused_noted"):
    name: str
    code: str


class MeetingOpened(Happened, frozen=True, tag="meeting.opened"):
    pass


class MeetingClosed(Happened, frozen=True, tag="meeting.closed"):
    pass


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
)
