"""The smallest valid things of a meeting: commands, actors and times, with no surprises.

Every maker takes the id first; whatever else a test cares about, it says by keyword.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.words import Role
from meeting.rules.state import Actor

ZONE: Final = "Asia/Ho_Chi_Minh"

OFFICE: Final = Actor("office")


def clock(text: str) -> datetime:
    """A time on the day of the meeting as the wall clock says it ("07:30"), in UTC."""
    hour, minute, second = [*map(int, text.split(":")), 0][:3]
    local = datetime(2026, 12, 10, hour, minute, second, tzinfo=ZoneInfo(ZONE))
    return local.astimezone(ZoneInfo("UTC"))


PASSED: Final = clock("07:30").replace(year=2025)
"""A planned time that the clock of every machine has passed, where none is moved by hand."""


def a_meeting(meeting: str = "btv", **said: Any) -> c.CreateMeeting:
    plain = c.CreateMeeting(
        meeting=meeting,
        title="Hội nghị Ban Thường vụ, tháng 12/2026",
        body="Ban Thường vụ",
        place="Phòng họp A",
        starts_at=clock("07:30"),
        zone=ZONE,
        presenter="secretary",
        office="Văn phòng Tỉnh ủy Thanh Giang",
        wifi_name="HOP-A",
        help_name="Bộ phận kỹ thuật",
        help_phone="0900 000 000",
    )
    return replace(plain, **said)


def a_seat(seat: str, role: Role = "member", **said: Any) -> c.AddSeat:
    plain = c.AddSeat(seat=seat, name=f"Người {seat}", post=f"Chức vụ {seat}", role=role)
    return replace(plain, **said)


def an_item(item: str, **said: Any) -> c.AddItem:
    return replace(c.AddItem(item=item, number=item, title=f"Nội dung {item}"), **said)


def a_document(document: str, item: str, pages: int = 5, **said: Any) -> c.AddDocument:
    plain = c.AddDocument(
        document=document,
        item=item,
        number=f"{document}-BC/TU",
        title=f"Báo cáo {document}",
        sha256=sha256(document.encode()).hexdigest(),
        pages=pages,
        address=f"address-of-{document}",
    )
    return replace(plain, **said)


def a_change(**said: Any) -> p.ChangeMeeting:
    """The heading of `a_meeting`, changed in what is said."""
    plain = p.ChangeMeeting(
        title="Hội nghị Ban Thường vụ, tháng 12/2026",
        place="Phòng họp A",
        starts_at=clock("07:30"),
        presenter="secretary",
        address_form="dong_chi",
        wifi_name="HOP-A",
        help_name="Bộ phận kỹ thuật",
        help_phone="0900 000 000",
        quorum_present=3,
        quorum_total=2,
    )
    return replace(plain, **said)


def a_version(document: str, version: int, pages: int = 5, **said: Any) -> p.ReplaceDocument:
    plain = p.ReplaceDocument(
        document=document,
        version=version,
        sha256=sha256(f"{document} {version}".encode()).hexdigest(),
        pages=pages,
        address=f"address-of-{document}-{version}",
    )
    return replace(plain, **said)


def page(document: str, number: int, version: int = 1) -> c.ShowPage:
    return c.ShowPage(document=document, version=version, page=number)


def card(seat: str, serial: int = 1) -> Actor:
    """Somebody who holds a card of this seat and has no device yet."""
    return Actor("card", seat=seat, card=serial)


def device(seat: str, number: int = 1) -> Actor:
    """The seat's first, second or third device; device ids are the seat's with the number."""
    return Actor("device", seat=seat, device=f"{seat}-{number}")


def waiting(
    device: str, seat: str, since: str = "07:20", number: int = 27, **said: Any
) -> c.Waiting:
    plain = c.Waiting(
        device=device,
        seat=seat,
        number=number,
        kind="phone",
        sighting="fresh",
        since=clock(since),
    )
    return replace(plain, **said)
