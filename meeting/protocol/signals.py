"""What may be lost: never stored, never acknowledged. The newest replaces the one before."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from meeting.protocol.words import DeviceKind, Id, Page, Sighting, WarningCode


class Shows(Struct, frozen=True, tag_field="type", tag="shows", forbid_unknown_fields=True):
    """Up: what this device has painted, and whether it follows."""

    document: Id
    page: Page
    follows: bool


class Idle(Struct, frozen=True, tag_field="type", tag="idle", forbid_unknown_fields=True):
    """Up: this device shows no page (the agenda, the roll); it follows when there is one."""

    follows: bool


class WaitingRow(Struct, frozen=True):
    """A device waiting at the desk. `conflict`: somebody already sits there with a device."""

    seat: str
    number: int
    kind: DeviceKind
    sighting: Sighting
    since: datetime
    conflict: bool


class CopiesRow(Struct, frozen=True):
    """Of the devices that are here, so many have their own copy of the presented page made."""

    ready: int
    of: int


class RoomSignal(Struct, frozen=True, tag_field="type", tag="room"):
    """Down, to chair and desk, at most twice a second: who is connected right now.

    `following` and `alone` count devices; `lost` and `behind` name seats. `ready` counts the
    page images made, by document, for documents not finished yet. `warnings` name what somebody
    in the room should know of the machine or the network. `copies`: while a paper to be collected
    is presented.
    """

    n: int
    following: int
    alone: int
    lost: tuple[str, ...]
    behind: tuple[str, ...]
    waiting: dict[str, WaitingRow]
    ready: dict[str, int]
    warnings: tuple[WarningCode, ...]
    copies: CopiesRow | UnsetType = UNSET


class CodeSignal(Struct, frozen=True, tag_field="type", tag="code"):
    """Down, to the room screen: the check-in code on show, and how to come in.

    `qr` and `wifi_qr` are SVG, `wifi_qr` empty where no Wi-Fi is named; `others` are further
    addresses of this machine, where it has several network cards. `address_changed`: cards that
    were printed say another than `url`. No view has the Wi-Fi's password: it is said here alone.
    """

    digits: str
    url: str
    qr: str
    wifi_qr: str
    wifi_password: str
    others: tuple[str, ...]
    address_changed: bool


class Leave(Struct, frozen=True, tag_field="type", tag="leave"):
    """Down, to one device: it serves this seat no longer and wipes what it keeps."""

    code: str


class Bye(Struct, frozen=True, tag_field="type", tag="bye"):
    """Down, to everybody: the server stops on purpose; come back in about so long."""

    after_ms: int


UpSignal = Shows | Idle
DownSignal = RoomSignal | CodeSignal | Leave | Bye
