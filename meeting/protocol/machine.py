"""What the office sees of the machine the server runs on, tries on it, and carries elsewhere.

Codes and numbers; the sentences are the screen's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from meeting.protocol.office import BodyView, OfficeView
from meeting.protocol.templates import CarriedRow, CarriedTemplate

Sleep = Literal["may", "kept", "failed", "never"]
"""Nobody meets, so the machine may sleep; it is kept awake; it could not be; nothing here puts
it to sleep.
"""

OfficeFiles = Literal["none", "well", "other_typefaces"]
"""Files of Word, Excel and PowerPoint do not become PDF here; they do; they do, with lines of other
lengths than where they were typed, as no typeface here is like Times New Roman.
"""

PhoneState = Literal["waiting", "page", "done"]
"""Another machine has opened nothing yet; loaded the page; held a connection, too."""

PhoneCause = Literal["no_network", "other_wifi", "guest_wifi", "firewall", "vpn"]
"""Why a phone may not reach this machine: this is on no network; it is on another Wi-Fi; the Wi-Fi
is one for guests, which keeps devices apart; a firewall here; a VPN on either.
"""


class ErrorRow(Struct, frozen=True):
    """Something that went wrong: `event` and `code` are codes of the log, `part` where."""

    at: datetime
    level: str
    event: str
    part: str
    code: str


class OpenMeetingRow(Struct, frozen=True):
    """A meeting that is on now."""

    id: str
    title: str
    devices: int


class MachineView(Struct, frozen=True):
    """How the server machine is. Addresses: what people open first, then all others it has.

    `flush_ms`: how long 4 KiB take to be safely on the disk, null where they cannot be written.
    `now` is the server's clock, `zone` the office's ("" before there is one); `astray` the seconds
    by which the machine's clock was set since the server started. `pages_waiting`: images
    still to be made, by so many `workers` now. `confined`: what the processes have given up that
    open papers, some of `memory` and `time` (limited), `calls` to the system (filtered), `network`
    and `files` (out of reach).
    """

    version: str
    system: str
    url: str
    other_urls: tuple[str, ...]
    addresses: tuple[str, ...]
    database: Literal["sqlite", "postgresql"]
    disk_free_bytes: int
    disk_low: bool
    disk_full: bool
    flush_ms: float | None
    storing: bool
    now: datetime
    zone: str
    astray_seconds: float
    sleep: Sleep
    running_seconds: float
    meetings: int
    meetings_on: tuple[OpenMeetingRow, ...]
    devices: int
    workers: int
    pages_waiting: int
    office_files: OfficeFiles
    confined: tuple[str, ...]
    errors: tuple[ErrorRow, ...]


class PhoneView(Struct, frozen=True):
    """The phone test: what to open on a phone, as address and as QR (SVG), and how far it came.
    `causes` are to be looked at, in this order, while nothing comes.
    """

    state: PhoneState
    url: str
    qr: str
    causes: tuple[PhoneCause, ...]


class JoinScreen(Struct, frozen=True, forbid_unknown_fields=True):
    """A screen that shows these four digits becomes the room's."""

    digits: Annotated[str, Meta(max_length=20)]


class BodyCarried(Struct, frozen=True, forbid_unknown_fields=True):
    """A body with its last roll, in protocol order, and its templates."""

    body: BodyView
    roll: Annotated[tuple[CarriedRow, ...], Meta(max_length=1000)] = ()
    templates: Annotated[tuple[CarriedTemplate, ...], Meta(max_length=200)] = ()


class OfficeCarried(Struct, frozen=True, forbid_unknown_fields=True):
    """What one office carries to another: settings, bodies, rolls, templates. No meeting and no
    account.
    """

    format: Literal["phien-export-1"]
    office: OfficeView
    bodies: Annotated[tuple[BodyCarried, ...], Meta(max_length=50)]


class Carried(Struct, frozen=True):
    """What was taken in: so many bodies, people on their rolls, and templates."""

    bodies: int
    people: int
    templates: int
