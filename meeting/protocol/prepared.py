"""What the office sees of its meetings while it prepares them and files them away, and what it
asks around them that is no command.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from meeting.protocol.words import (
    AddressForm,
    Attendance,
    ClockOrNone,
    Id,
    IdOrNone,
    Instant,
    Line,
    Phase,
    Presenting,
    Role,
    Sha256,
)

PersonName = Annotated[str, Meta(max_length=120)]


class MeetingRow(Struct, frozen=True):
    """A meeting in the office's list. `trial_of` is the meeting this one is a throw-away copy of;
    `file_number` is "" until the file is locked; of its people so many are `guests` of items.
    """

    id: str
    title: str
    body: str
    body_id: str
    place: str
    starts_at: datetime
    zone: str
    phase: Phase
    trial: bool
    trial_of: str
    people: int
    guests: int
    items: int
    papers: int
    file_number: str


class NewMeeting(Struct, frozen=True, forbid_unknown_fields=True):
    """A meeting to begin. Its roll is taken over from the meeting `like`, or from a template, or
    as it was `carried` here from another office; from nowhere where none is named. `agenda`:
    whether the agenda is taken over, too.
    """

    body_id: Id
    title: Line
    place: Line
    starts_at: Instant
    presenter: Presenting
    like: IdOrNone = ""
    template: IdOrNone = ""
    carried: bool = False
    agenda: bool = False


class Created(Struct, frozen=True):
    """The id of what was made."""

    id: str


class HeadingView(Struct, frozen=True):
    """The heading: what can be changed, and to whom the meeting belongs."""

    title: str
    place: str
    starts_at: datetime
    presenter: Presenting
    address_form: AddressForm
    wifi_name: str
    wifi_password: str
    help_name: str
    help_phone: str
    quorum_present: int
    quorum_total: int
    body: str
    body_id: str
    office: str
    zone: str
    trial: bool
    trial_of: str


class SeatRow(Struct, frozen=True):
    """A person, or the room's screen. `items` is a guest's; `card`: whether theirs is valid."""

    id: str
    position: int
    name: str
    post: str
    role: Role
    votes: bool
    items: tuple[str, ...]
    attendance: Attendance
    card: bool
    at: datetime | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class ItemRow(Struct, frozen=True):
    """An item; `rapporteur` is a seat, or ""."""

    id: str
    position: int
    number: str
    title: str
    starts: str
    ends: str
    rapporteur: str
    recess: bool
    limited_to: tuple[str, ...]


class OlderVersion(Struct, frozen=True):
    """A version that another one replaced."""

    version: int
    pages: int
    late: bool


class PaperRow(Struct, frozen=True):
    """A paper. Of its pages so many are `ready`, and so many `failed`; `turned` has the quarters
    of a turn, clockwise, of those that were stood upright.
    """

    id: str
    item: str
    position: int
    number: str
    title: str
    version: int
    pages: int
    late: bool
    ready: int
    failed: int
    turned: dict[str, int]
    older: tuple[OlderVersion, ...]
    collect: bool


class WithdrawnRow(Struct, frozen=True):
    id: str
    number: str
    title: str
    at: datetime
    reason: str
    erased: bool


class PaperPart(Struct, frozen=True):
    """A part of the meeting that was held on paper."""

    since: datetime
    reason: str
    course: str
    until: datetime | UnsetType = UNSET


class SignedCopyRow(Struct, frozen=True):
    name: str
    sha256: str
    pages: int


class Prepared(Struct, frozen=True):
    """One meeting, whole. `refused` has files that could not be taken in, with the code that says
    why. `base_url` is what people open now; `address_changed`: printed cards say another;
    `cards_url` is what those say, "" where there are none. `held`: it was opened once.
    """

    rev: int
    heading: HeadingView
    phase: Phase
    file_number: str
    seats: tuple[SeatRow, ...]
    items: tuple[ItemRow, ...]
    documents: tuple[PaperRow, ...]
    withdrawn: tuple[WithdrawnRow, ...]
    refused: dict[str, str]
    on_paper: tuple[PaperPart, ...]
    signed_copies: tuple[SignedCopyRow, ...]
    base_url: str
    address_changed: bool
    cards_url: str
    held: bool
    opened_at: datetime | UnsetType = UNSET
    closed_at: datetime | UnsetType = UNSET
    seal: str | UnsetType = UNSET


class WantedPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """A person as the roll is to have them. `seat` is "" for somebody new, or whom the server is
    to find by name; `items` is a guest's, left as it is where it is not said.
    """

    name: PersonName
    post: Line
    role: Role
    votes: bool
    seat: IdOrNone = ""
    items: Annotated[tuple[Id, ...], Meta(max_length=100)] | None = None


class WantedRoll(Struct, frozen=True, forbid_unknown_fields=True):
    """Everybody, in protocol order; who is not among them is taken off."""

    people: Annotated[tuple[WantedPerson, ...], Meta(min_length=1, max_length=2000)]


class WantedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An item as the agenda is to have it; `item` and `limited_to` as in `WantedPerson`."""

    number: Annotated[str, Meta(max_length=12)]
    title: Line
    starts: ClockOrNone = ""
    ends: ClockOrNone = ""
    rapporteur: IdOrNone = ""
    recess: bool = False
    item: IdOrNone = ""
    limited_to: Annotated[tuple[Id, ...], Meta(max_length=1000)] | None = None


class WantedAgenda(Struct, frozen=True, forbid_unknown_fields=True):
    """All items, in their order; what is not among them is taken off."""

    items: Annotated[tuple[WantedItem, ...], Meta(min_length=1, max_length=1000)]


class WantedPaper(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that was taken in, to be laid under an item. Asked twice with the same `document`, it
    is laid down once. `name` is the file's, with its folders; `ordinary`: whoever asks says that it
    is no secret paper.
    """

    sha256: Sha256
    item: Id
    number: Annotated[str, Meta(max_length=80)]
    title: Line
    pages: int = 0
    name: Line = ""
    document: Id | Literal[""] = ""
    ordinary: bool = False


class WantedPapers(Struct, frozen=True, forbid_unknown_fields=True):
    papers: Annotated[tuple[WantedPaper, ...], Meta(min_length=1, max_length=500)]


class EnterAs(Struct, frozen=True, forbid_unknown_fields=True):
    """As whom the office's own browser comes in."""

    role: Literal["secretary", "chair", "minute_taker", "screen"] = "secretary"


class Entrance(Struct, frozen=True):
    """A personal link, below the address this very page has."""

    link: str
