"""The closed sets of values that messages share: roles, phases, attendance and the like."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

Id = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"\A[0-9A-Za-z][0-9A-Za-z_-]*\Z")]
"""Names one thing. Made by whoever creates it, from random bits."""

Line = Annotated[str, Meta(max_length=400)]
"""One line a person wrote: a name, a title, a reason."""

Page = Annotated[int, Meta(ge=1, le=5000)]
Role = Literal["chair", "secretary", "minute_taker", "member", "guest", "technician", "screen"]
"""What a seat is in the meeting. `screen` is the room's big screen: it is on no roll."""

Phase = Literal["before", "running", "closed"]

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
    "limit_sockets",
    "limit_waiting",
    "limit_cards",
]
"""What chair and desk are warned of: the network, the machine, a limit against strangers."""
