"""Who was there, in the sentences minutes are written with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from meeting.archive import words
from meeting.archive.record import Presence, Record


def voting(record: Record) -> str:
    """The sentence on the members who vote."""
    return _sentence(record, [one for one in record.presences() if one.seat.votes])


def others(record: Record) -> str:
    """The sentence on everybody else who was asked to come for the whole meeting."""
    return _sentence(
        record, [one for one in record.presences() if one.seat.counted and not one.seat.votes]
    )


def guests(record: Record) -> str:
    """The sentence on guests of single items, who come and go with them."""
    return _sentence(record, [one for one in record.presences() if one.seat.role == "guest"])


def _sentence(record: Record, people: Sequence[Presence]) -> str:
    """Such as: Có mặt: 14 đồng chí (01 đồng chí đến lúc 09 giờ 10 phút). Vắng mặt: …"""
    if not people:
        return ""
    you = words.YOU[record.state.meeting.address_form]
    here = [one for one in people if one.attended]
    gone = [one for one in people if not one.attended]
    staying = [one for one in here if one.seat.counted]
    came = [one.came for one in staying if one.late and one.came]
    left = [one.left for one in staying if one.left]
    times = [
        *_times(came, f"{you} đến lúc", record.dial.spoken),
        *_times(left, f"{you} về lúc", record.dial.spoken),
    ]
    present = f"Có mặt: {len(here):02} {you}{_in_brackets(times)}."
    if not gone:
        return f"{present} Vắng mặt: không."
    names = [f"{you} {record.known.person(one.seat.id)}, {_reason(one)}" for one in gone]
    return f"{present} Vắng mặt: {len(gone):02} {you}{_in_brackets(names)}."


def _times(at: Sequence[datetime], what: str, spoken: Callable[[datetime], str]) -> list[str]:
    count = Counter(map(spoken, sorted(at)))
    return [f"{people:02} {what} {when}" for when, people in count.items()]


def _reason(one: Presence) -> str:
    if one.last is None or one.last.state == "none":
        return "chưa điểm danh"
    return one.last.reason or "không ghi lý do"


def _in_brackets(parts: Sequence[str]) -> str:
    return f" ({'; '.join(parts)})" if parts else ""
