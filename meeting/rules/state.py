"""What a meeting is at one revision: immutable, the fold of its log.

Who is connected right now is not here; see `meeting.room`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from meeting.protocol.commands import Waiting
from meeting.protocol.facts import MeetingCreated
from meeting.protocol.words import Attendance, DeviceKind, Method, Phase, Role, Sighting


class Stand(Struct, frozen=True):
    """Where a person stands on the roll. `entry` is the revision of the last entry, 0 if none."""

    state: Attendance = "none"
    at: datetime | None = None
    method: Method | None = None
    sighting: Sighting | None = None
    reason: str = ""
    entry: int = 0


class Seat(Struct, frozen=True):
    """A person's place in this meeting. `card` counts the cards issued; `items` is a guest's."""

    id: str
    position: int
    name: str
    post: str
    role: Role
    votes: bool
    items: frozenset[str]
    stand: Stand = Stand()
    card: int = 1
    card_valid: bool = True

    @property
    def on_roll(self) -> bool:
        """Whether attendance is taken for this seat at all."""
        return self.role != "screen"

    @property
    def counted(self) -> bool:
        """Whether the seat is in the meeting's numbers: guests of an item are not."""
        return self.role not in ("screen", "guest")


class Device(Struct, frozen=True):
    id: str
    seat: str
    kind: DeviceKind
    revoked: bool = False


class Item(Struct, frozen=True):
    id: str
    position: int
    number: str
    title: str
    starts: str
    ends: str
    rapporteur: str
    recess: bool
    limited_to: frozenset[str]


class Version(Struct, frozen=True):
    """One state of a paper. `turned`: pages that were stood upright, with quarters of a turn.
    `number` and `title` are what it was called until another took its place.
    """

    version: int
    sha256: str
    pages: int
    address: str
    turned: Mapping[int, int] = {}
    late: bool = False
    number: str = ""
    title: str = ""


class Document(Struct, frozen=True):
    """A paper; its newest version is written out, the ones before it are `older`. `collect`: it is
    collected when the meeting closes, and until then read only in copies that say whose they are.
    `before_turns`: the newest version as it stood before pages of it were last turned upright; a
    device may be fetching it so at that moment.
    """

    id: str
    item: str
    position: int
    number: str
    title: str
    version: int
    sha256: str
    pages: int
    address: str
    turned: Mapping[int, int] = {}
    late: bool = False
    older: tuple[Version, ...] = ()
    collect: bool = False
    before_turns: tuple[Version, ...] = ()

    def versions(self) -> tuple[Version, ...]:
        """All of them, the first first."""
        return (*self.older, self.newest)

    @property
    def newest(self) -> Version:
        return Version(
            version=self.version,
            sha256=self.sha256,
            pages=self.pages,
            address=self.address,
            turned=self.turned,
            late=self.late,
            number=self.number,
            title=self.title,
        )

    def addressed(self) -> tuple[Version, ...]:
        """Everything that is served under an address of its own."""
        return (*self.before_turns, *self.versions())

    def version_of(self, number: int) -> Version | None:
        return next((one for one in self.versions() if one.version == number), None)


class Withdrawn(Struct, frozen=True):
    """A paper that was taken from everybody. `erased`: its files are destroyed, too."""

    document: Document
    at: datetime
    reason: str
    erased: bool = False


class OnPaper(Struct, frozen=True):
    """A part of the meeting that was held on paper, as entered afterwards."""

    since: datetime
    until: datetime | None
    reason: str
    course: str


class SignedCopy(Struct, frozen=True):
    name: str
    sha256: str
    pages: int


class Gone(Struct, frozen=True):
    """That a meeting was deleted: when, and by which account of the office."""

    at: datetime
    by: str


class Presented(Struct, frozen=True):
    document: str
    version: int
    page: int


class MeetingState(Struct, frozen=True):
    """`turn` is the revision of the last change of page or presenter; `call` counts calls.
    `held`: it was opened once, even if that was taken back.
    """

    heading: MeetingCreated | None = None
    rev: int = 0
    phase: Phase = "before"
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    held: bool = False
    gone: Gone | None = None
    seats: Mapping[str, Seat] = {}
    devices: Mapping[str, Device] = {}
    items: Mapping[str, Item] = {}
    documents: Mapping[str, Document] = {}
    withdrawn: Mapping[str, Withdrawn] = {}
    on_paper: tuple[OnPaper, ...] = ()
    signed_copies: tuple[SignedCopy, ...] = ()
    file_number: str = ""
    refused_files: Mapping[str, str] = {}
    declined: frozenset[str] = frozenset()
    item: str = ""
    done: frozenset[str] = frozenset()
    presenter: str = ""
    presented: Presented | None = None
    turn: int = 0
    call: int = 0

    @property
    def meeting(self) -> MeetingCreated:
        """The heading of a meeting that was created."""
        if self.heading is None:
            raise LookupError("this meeting was never created")
        return self.heading

    def with_seat(self, seat: Seat) -> MeetingState:
        return msgspec.structs.replace(self, seats={**self.seats, seat.id: seat})

    def with_device(self, device: Device) -> MeetingState:
        return msgspec.structs.replace(self, devices={**self.devices, device.id: device})

    def with_document(self, document: Document) -> MeetingState:
        documents = {**self.documents, document.id: document}
        return msgspec.structs.replace(self, documents=documents)

    def devices_of(self, seat: str) -> list[Device]:
        """The devices that serve this seat now, in the order they came."""
        return [d for d in self.devices.values() if d.seat == seat and not d.revoked]


class Actor(Struct, frozen=True):
    """Who acts, as the border found out; never as the message says.

    standing: `office` is a secretary's account, or the server machine; the account's id stands in
    `device`, "" for the machine; `card` is somebody who
    holds a seat's card (with its count) but no device yet; `device` is a device of a seat.
    """

    standing: Literal["office", "card", "device"]
    seat: str = ""
    device: str = ""
    card: int = 0


class Moment(Struct, frozen=True):
    """What the shell knows at the moment of the act, and the rules cannot find out.

    `age` is the seconds since the person acted, by the server's monotonic clock, where the
    command says so; one older than `perish`, or more than `early` ahead, is refused where it
    perishes. `sighting` and `method` are what the person proved of the room screen.
    """

    now: datetime
    age: float | None = None
    if_rev: int | None = None
    sighting: Sighting = "none"
    method: Method = "digits"
    waiting: Mapping[str, Waiting] = {}
    perish: float = 3.0
    early: float = 1.0
