"""Tờ tóm tắt: one page of what a closed meeting was, with the code its file is compared with.

It is kept apart from the file: whoever rebuilds the file cannot reprint what lies elsewhere. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from meeting.errors import Refused
from meeting.printing.press import Job
from meeting.printing.sheets import item_name, moment, people, said, shared
from meeting.rules.attendance import HERE, counts
from meeting.rules.state import MeetingState, OnPaper, Seat
from meeting.texts import text


def summary(state: MeetingState, seal: str, now: datetime) -> Job:
    """Args:
    seal: the code of the log's chain at the closing.

    Raises:
        Refused: `wrong_phase`, the meeting is not closed.
    """
    if state.opened_at is None or state.closed_at is None:
        raise Refused("wrong_phase", phase=state.phase)
    number = state.file_number
    data = {
        **shared(state, now),
        "t": said(state, "summary", "agenda", "seal", "seal_why", "secretary", "sign", "page"),
        "opened": text("print.opened", **moment(state, state.opened_at)),
        "closed": text("print.closed", **moment(state, state.closed_at)),
        "file": text("print.file_number", number=number) if number else "",
        "attendance": _attendance(state),
        "on_paper": [_on_paper(state, part) for part in state.on_paper],
        "items": [
            {"name": item_name(item), "papers": _papers(state, item.id)}
            for item in state.items.values()
        ],
        "seal": seal,
    }
    return Job("summary", data, now)


def _attendance(state: MeetingState) -> list[str]:
    """Who was there in numbers, and by name only who was not, came late or left."""
    listed = people(state)
    counted = counts(state)
    roll = [seat for seat in listed if seat.counted]
    came = [seat for seat in roll if _came(seat)]
    guests = [seat for seat in listed if seat.role == "guest"]
    lines = [
        text(
            "print.attended",
            here=len(came),
            total=len(roll),
            voting=sum(seat.votes for seat in came),
            voting_total=counted.voting_total,
            needed=counted.voting_needed,
        )
    ]
    if guests:
        lines.append(text("print.guests_came", here=sum(map(_came, guests)), total=len(guests)))
    clock = _clock(state)
    late = [f"{seat.name} ({clock(seat)})" for seat in roll if seat.stand.state == "late"]
    left = [f"{seat.name} ({clock(seat)})" for seat in roll if seat.stand.state == "left"]
    away = [f"{seat.name} ({_reason(seat)})" for seat in roll if not _came(seat)]
    named = (("came_late", late), ("left_early", left), ("were_absent", away))
    return [*lines, *(_names(key, names) for key, names in named if names)]


def _came(seat: Seat) -> bool:
    return seat.stand.state in HERE or seat.stand.state == "left"


def _names(key: str, names: Sequence[str]) -> str:
    return text(f"print.{key}", names="; ".join(names))


def _clock(state: MeetingState) -> Callable[[Seat], str]:
    return lambda seat: moment(state, seat.stand.at)["time"] if seat.stand.at else ""


def _reason(seat: Seat) -> str:
    if seat.stand.state == "none":
        return text("print.not_noted")
    return seat.stand.reason or text("print.no_reason")


def _on_paper(state: MeetingState, part: OnPaper) -> str:
    since = moment(state, part.since)["time"]
    if part.until is None:
        return text("print.on_paper_on", since=since, reason=part.reason)
    until = moment(state, part.until)["time"]
    return text("print.on_paper", since=since, until=until, reason=part.reason)


def _papers(state: MeetingState, item: str) -> str:
    number = sum(paper.item == item for paper in state.documents.values())
    return text("print.paper_count", number=number) if number else ""
