"""What a device is shown. A view never holds null: what is not there is absent.

Lists of things are objects keyed by id, so that a merge patch touches one row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from meeting.protocol.words import (
    AddressForm,
    Attendance,
    DeviceKind,
    Method,
    Role,
    Sighting,
)


class MeetingView(Struct, frozen=True):
    """The heading of the meeting. `locked`: closed, and nothing is mended any more. `seal`, for
    chair and desk: the code that the archive must agree with, from the closing on. `on_paper`: a
    part of it was held on paper.
    """

    id: str
    title: str
    body: str
    place: str
    office: str
    starts_at: datetime
    zone: str
    phase: Literal["before", "running", "closed"]
    trial: bool
    rehearsal: bool
    address_form: AddressForm
    help_name: str
    help_phone: str
    wifi_name: str
    opened_at: datetime | UnsetType = UNSET
    closed_at: datetime | UnsetType = UNSET
    locked: Literal[True] | UnsetType = UNSET
    seal: str | UnsetType = UNSET
    on_paper: Literal[True] | UnsetType = UNSET


class CountsView(Struct, frozen=True):
    """Attendance in numbers, and whether there is a quorum."""

    present: int
    total: int
    voting_present: int
    voting_total: int
    voting_needed: int
    quorum: bool


class VersionView(Struct, frozen=True):
    """A version of a paper that another one replaced."""

    pages: int
    address: str


class DocumentView(Struct, frozen=True):
    """A paper this viewer may read. `address` opens its pages, for this viewer only. `late`: laid
    down when the meeting was on; `older`: what it replaced, by version, absent if nothing.
    `collect`: collected when the meeting closes; its pages are made for each device, one by one.
    `turned`: for who may turn them, pages that were stood upright, with quarters of a turn.
    """

    position: int
    number: str
    title: str
    version: int
    pages: int
    address: str
    late: Literal[True] | UnsetType = UNSET
    older: dict[str, VersionView] | UnsetType = UNSET
    collect: Literal[True] | UnsetType = UNSET
    turned: dict[str, int] | UnsetType = UNSET


class WithdrawnView(Struct, frozen=True):
    """A paper that was taken back; what it was, and why, is for chair and desk."""

    at: datetime
    number: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class ItemView(Struct, frozen=True):
    """An item of the agenda. Absent are: `state` while it is ahead, `recess` where it is none,
    `documents` where there are none; `rapporteur_seat` is for chair and desk.
    """

    position: int
    number: str
    title: str
    state: Literal["on", "done"] | UnsetType = UNSET
    recess: Literal[True] | UnsetType = UNSET
    documents: dict[str, DocumentView] | UnsetType = UNSET
    starts: str | UnsetType = UNSET
    ends: str | UnsetType = UNSET
    rapporteur: str | UnsetType = UNSET
    rapporteur_seat: str | UnsetType = UNSET


class PresentedView(Struct, frozen=True):
    """The page everybody is shown, of a document that stands in the agenda."""

    item: str
    document: str
    version: int
    page: int


class PresenterView(Struct, frozen=True):
    seat: str
    name: str
    role: Role


class View(Struct, frozen=True):
    """What everybody of one audience sees.

    `turn` is the revision of the last change of page or presenter: a page turn says which one
    it saw as `if_rev`. `call` counts the times everybody was called to the presented page.
    `collected`: how many papers this viewer could read until the meeting was closed.
    """

    meeting: MeetingView
    counts: CountsView
    agenda: dict[str, ItemView]
    presenter: PresenterView
    turn: int
    call: int
    item: str | UnsetType = UNSET
    presented: PresentedView | UnsetType = UNSET
    refused_files: dict[str, str] | UnsetType = UNSET
    withdrawn: dict[str, WithdrawnView] | UnsetType = UNSET
    collected: int | UnsetType = UNSET


class OwnView(Struct, frozen=True):
    """What is one seat's own. `may` lists the commands this seat can give in some phase."""

    seat: str
    name: str
    post: str
    role: Role
    votes: bool
    attendance: Attendance
    may: tuple[str, ...]
    devices: int
    attendance_at: datetime | UnsetType = UNSET


class DeviceView(Struct, frozen=True):
    kind: DeviceKind


class RollRow(Struct, frozen=True):
    """A person on the roll, for chair and desk. `entry` is the revision of the last entry."""

    position: int
    name: str
    post: str
    role: Role
    votes: bool
    attendance: Attendance
    devices: dict[str, DeviceView]
    card: bool
    at: datetime | UnsetType = UNSET
    method: Method | UnsetType = UNSET
    sighting: Sighting | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    entry: int | UnsetType = UNSET


class RollView(Struct, frozen=True):
    """The whole roll at one revision; patched by the `roll` part of later patches."""

    rev: int
    roll: dict[str, RollRow]


class TimesView(Struct, frozen=True):
    """The server's times a device goes by, in milliseconds.

    `offline_ms`: silence until the banner; `perish_ms`: age at which a page turn is refused;
    `report_ms`: what is painted is reported within so much, at random.
    """

    offline_ms: int
    perish_ms: int
    report_ms: int


class ViewMessage(Struct, frozen=True):
    """Down `view`: everything from the start, after `join` or a doubt."""

    rev: int
    view: View
    n: int
    own: OwnView
    protocol: int
    times: TimesView


class PatchMessage(Struct, frozen=True, rename={"from_": "from"}):
    """Down `patch`: from one revision to a later one (JSON merge patch, RFC 7396)."""

    from_: int
    to: int
    patch: dict[str, Any]
    roll: dict[str, Any] | UnsetType = UNSET


class OwnMessage(Struct, frozen=True):
    """Down `own`: a patch of what is this seat's own, counted apart."""

    n: int
    patch: dict[str, Any]


class BeaconMessage(Struct, frozen=True):
    """Down `beacon`, every 2 s: the revision everybody should have, the server's seconds, and
    the number of the newest `own` of this seat.
    """

    rev: int
    t: float
    n: int


class CardView(Struct, frozen=True):
    """A seat's card, fetched by its owner or the desk: link, its QR (SVG), six digits."""

    seat: str
    name: str
    link: str
    qr: str
    digits: str
