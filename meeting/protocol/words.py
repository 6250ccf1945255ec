"""The closed sets of values that messages share: roles, phases, attendance and the like."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

Id = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"\A[0-9A-Za-z][0-9A-Za-z_-]*\Z")]
"""Names one thing. Made by whoever creates it, from random bits."""

IdOrNone = Annotated[str, Meta(max_length=32, pattern=r"\A([0-9A-Za-z][0-9A-Za-z_-]*)?\Z")]
"""Names one thing, or "" for none."""

Line = Annotated[str, Meta(max_length=400)]
"""One line a person wrote: a name, a title, a reason."""

Page = Annotated[int, Meta(ge=1, le=5000)]
Role = Literal["chair", "secretary", "minute_taker", "member", "guest", "technician", "screen"]
"""What a seat is in the meeting. `screen` is the room's big screen: it is on no roll."""

Phase = Literal["before", "running", "closed", "locked"]
"""Closed: the meeting is over, its record may still be mended. Locked: nothing changes any more."""

Clock = Annotated[str, Meta(pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
"""A time of day in the office's zone, such as 07:45."""

ClockOrNone = Annotated[str, Meta(pattern=r"\A(([01][0-9]|2[0-3]):[0-5][0-9])?\Z")]
"""The same, or "" for none."""

Instant = Annotated[datetime, Meta(tz=True)]
"""A moment, with its offset."""

Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]

Presenting = Literal["chair", "secretary", "rapporteur"]
"""Who was prepared to turn pages."""

Attendance = Literal["none", "present", "late", "left", "returned", "absent"]
"""Where a person stands on the roll. Present are: present, late, returned."""

Method = Literal["digits", "scan", "desk", "hand"]
"""How attendance was taken: four digits, QR, admitted at the desk, marked by hand."""

Sighting = Literal["fresh", "stale", "none"]
"""What a device proved about having seen the room screen: just now, a while ago, nothing."""

DeviceKind = Literal["tablet", "phone", "computer", "screen"]

AddressForm = Literal["dong_chi", "ong_ba"]
"""How the meeting's texts address a person."""

ItemState = Literal["ahead", "on", "done"]

WarningCode = Literal[
    "wifi_lost",
    "disk_low",
    "disk_full",
    "clock_jump",
    "machine_may_sleep",
    "address_changed",
    "limit_sockets",
    "limit_waiting",
    "limit_cards",
]
"""What chair and desk are warned of: the network, the machine, a limit against strangers."""
