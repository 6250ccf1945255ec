"""Linked entries and answers to put into a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from meeting.protocol.answers import Answer, Committed, Rejected
from meeting.protocol.facts import CheckedIn, Fact, PageShown, SeatAdded
from meeting.protocol.log import CHAIN_START, Entry, link

Linked = list[tuple[Entry, bytes]]
Answered = list[tuple[str, bytes, Answer]]
MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def linked(revs: int, before: Linked | None = None) -> Linked:
    """So many more entries, linked to the ones before."""
    after, previous = (before[-1][0].rev, before[-1][1]) if before else (0, CHAIN_START)
    entries = []
    for rev in range(after + 1, after + revs + 1):
        at = MORNING + timedelta(milliseconds=rev)
        entry = Entry(rev, at, f"c{rev}", "s1", "d1", rev % 2 == 0, _fact(rev, at))
        previous = link(previous, entry)
        entries.append((entry, previous))
    return entries


def _fact(rev: int, at: datetime) -> Fact:
    hanoi = at.astimezone(timezone(timedelta(hours=7)))
    return (
        SeatAdded(f"s{rev}", rev, "Đặng Thị Mỹ Hạnh", "Phó Chủ tịch", "member", True, ("i1", "i2")),
        PageShown("d9", 3, rev),
        CheckedIn(f"s{rev}", "present", hanoi, "digits", "fresh"),
    )[rev % 3]


def answered(entries: Linked) -> Answered:
    """Each entry's command committed, and one more refused."""
    done: Answered = [
        (entry.command, b"\x00\xff" * 16, Committed(entry.rev)) for entry, _ in entries
    ]
    refused = Rejected("devices_full", {"devices": 3, "seat": "s1"})
    return [*done, (f"x{entries[0][0].rev}", bytes(32), refused)]
