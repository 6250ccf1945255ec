"""What stands on cards, on the desk's sheet of codes and on the attendance sheet. Pure.

Everything is worked out here; the templates only lay it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct

from meeting import qr
from meeting.printing.press import Job
from meeting.rules.attendance import counts
from meeting.rules.state import Item, MeetingState, Seat
from meeting.texts import text


class Way(Struct, frozen=True):
    """How one person comes in: the personal link and the six digits."""

    link: str
    digits: str

    @property
    def spaced(self) -> str:
        """The digits by threes, as they are read aloud."""
        return f"{self.digits[:3]} {self.digits[3:]}"


Ways = Mapping[str, Way]
"""By seat; who has no valid card is not there."""


def people(state: MeetingState) -> list[Seat]:
    """Everybody on the roll, in protocol order, guests last."""
    listed = [seat for seat in state.seats.values() if seat.on_roll]
    return sorted(listed, key=lambda seat: (seat.role == "guest", seat.position))


def cards(state: MeetingState, ways: Ways, url: str, now: datetime, wifi_password: str) -> Job:
    """A card for each person with a valid card.

    Args:
        url: what people open, such as http://192.168.1.105.
    """
    heading = state.meeting
    wifi = qr.wifi_text(heading.wifi_name, wifi_password)
    holders = [seat for seat in people(state) if seat.id in ways]
    data = {
        **shared(state, now),
        "t": said(
            state,
            *("wifi", "enter", "network", "password", "wifi_of_room"),
            *("address", "digits", "own"),
        )
        | {"help": text("print.help", name=heading.help_name)},
        "wifi_name": heading.wifi_name,
        "wifi_password": wifi_password,
        "wifi_code": wifi,
        "address": typed_address(url),
        "help_name": heading.help_name,
        "help_phone": heading.help_phone,
        "cards": [
            {
                "name": seat.name,
                "post": seat.post,
                "items": _invitation(state, seat),
                "link": ways[seat.id].link,
                "digits": ways[seat.id].spaced,
            }
            for seat in holders
        ],
    }
    links = (ways[seat.id].link for seat in holders)
    return Job("cards", data, now, tuple(filter(None, [wifi, *links])))


def codes(state: MeetingState, ways: Ways, now: datetime) -> Job:
    """The desk's sheet."""
    rows = [
        {
            "row": row,
            "name": seat.name,
            "post": seat.post,
            "digits": ways[seat.id].spaced if seat.id in ways else text("print.no_card"),
        }
        for row, seat in enumerate(people(state), start=1)
    ]
    words = said(state, "codes", "keep", "row", "name", "post", "code", "given", "page")
    return Job("codes", {**shared(state, now), "t": words, "people": rows}, now)


def attendance(state: MeetingState, now: datetime) -> Job:
    """The list people sign."""
    listed = people(state)
    rows = [
        {"row": row, "name": seat.name, "post": _post(state, seat), "votes": seat.votes}
        for row, seat in enumerate(listed, start=1)
    ]
    guests = sum(seat.role == "guest" for seat in listed)
    counted = counts(state)
    words = said(
        state,
        *("attendance", "row", "name", "post", "votes", "time", "signature", "guests"),
        *("taker", "sign", "page"),
    )
    data = {
        **shared(state, now),
        "t": words,
        "people": rows[: len(rows) - guests],
        "guests": rows[len(rows) - guests :],
        "in_numbers": text(
            "print.in_numbers",
            total=counted.total,
            voting=counted.voting_total,
            needed=counted.voting_needed,
        ),
        "present": text("print.present"),
        "absent": text("print.absent"),
    }
    return Job("attendance", data, now)


def shared(state: MeetingState, now: datetime) -> dict[str, Any]:
    """What every sheet carries: the heading, and when it was made."""
    heading = state.meeting
    return {
        "title": heading.title,
        "office": heading.office,
        "body": heading.body,
        "when": when(state),
        "place": heading.place,
        "mark": mark(state),
        "made": text("print.made", **moment(state, now)),
    }


def moment(state: MeetingState, at: datetime) -> dict[str, str]:
    """A moment in the office's zone, as a time and a date."""
    here = at.astimezone(ZoneInfo(state.meeting.zone))
    return {"time": f"{here:%H:%M}", "date": f"{here:%d/%m/%Y}"}


def mark(state: MeetingState) -> str:
    """What marks everything of a meeting that is no real one; "" for a real one."""
    heading = state.meeting
    if heading.trial_of:
        return text("print.trial")
    return text("plain.trial") if heading.trial else ""


def when(state: MeetingState) -> str:
    """Time, weekday and day in the office's zone: "07:30, Thứ Năm 10/12/2026"."""
    at = state.meeting.starts_at.astimezone(ZoneInfo(state.meeting.zone))
    return f"{at:%H:%M}, {text(f'day.{at.weekday()}')} {at:%d/%m/%Y}"


def typed_address(url: str) -> str:
    """What people type of an address: digits and dots, and the port where it is not the usual."""
    return urlsplit(url).netloc or url


def item_name(item: Item) -> str:
    """An item as it is called: "2. Xây dựng trường học"."""
    return f"{item.number}. {item.title}" if item.number else item.title


def said(state: MeetingState, *keys: str) -> dict[str, str]:
    """The words of a sheet, by the last part of their keys."""
    form = state.meeting.address_form
    return {key: text(f"print.{key}", form) for key in keys}


def _invitation(state: MeetingState, seat: Seat) -> str:
    """What a guest comes for, and about when; "" for everybody else."""
    items = [item for item in state.items.values() if item.id in seat.items]
    if seat.role != "guest" or not items:
        return ""
    named = [f"{item.number or item.title}" for item in items]
    times = [item.starts for item in items if item.starts]
    key = "print.invited_at" if times else "print.invited"
    return text(key, items=", ".join(named), time=times[0] if times else "")


def _post(state: MeetingState, seat: Seat) -> str:
    """What stands beside a name in a list; a guest's items, too."""
    numbers = [item.number for item in state.items.values() if item.id in seat.items]
    invited = text("print.guest_of", items=", ".join(filter(None, numbers)))
    return " · ".join(filter(None, [seat.post, invited if any(numbers) else ""]))
