"""A meeting that was made by mistake goes, whole; one that was ever opened never does."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, update

from meeting.protocol.facts import Fact, MeetingDeleted, MeetingOpened
from meeting.protocol.log import Entry, link
from meeting.store import tables
from meeting.store.engine import Store
from meeting.store.faults import HeadMoved, NotStored
from meeting.store.meetings import LoadedLog, Meetings
from meeting.store.offices import Act, Offices
from tests.store.entries import MORNING, Linked, answered, linked

DELETED = Act(MORNING, "a1", "meeting.deleted", "m1", "Hội nghị tạo nhầm")


def with_more(*facts: Fact) -> Linked:
    """A meeting's first entry and these."""
    entries = linked(1)
    for fact in facts:
        last = entries[-1][1]
        entry = Entry(len(entries) + 1, MORNING, f"c{len(entries) + 1}", "", "a1", False, fact)
        entries.append((entry, link(last, entry)))
    return entries


async def test_a_deleted_meeting_goes_whole_and_is_on_record_once(
    store: Store, meetings: Meetings
) -> None:
    gone, kept = with_more(MeetingDeleted()), linked(4)
    await meetings.append("m1", after=0, entries=gone, answers=answered(gone))
    await meetings.append("m2", after=0, entries=kept, answers=answered(kept))
    await meetings.note(DELETED)
    await meetings.note(DELETED)
    await meetings.remove("m1", DELETED)
    assert await meetings.ids() == ["m2"]
    assert await meetings.load("m1") == LoadedLog([], {})
    assert (await meetings.load("m2")).entries == kept
    assert await Offices(store).record(10) == [DELETED]
    with pytest.raises(HeadMoved):
        await meetings.append("m1", after=2, entries=linked(1, gone), answers=[])
    with pytest.raises(ValueError, match="there is no meeting m1"):
        await meetings.remove("m1", DELETED)


@pytest.mark.parametrize(
    "facts",
    [(), (MeetingOpened(),), (MeetingOpened(), MeetingDeleted())],
    ids=["never deleted", "held", "held, whatever its log says then"],
)
async def test_the_database_itself_keeps_every_other_meeting(
    store: Store, meetings: Meetings, facts: tuple[Fact, ...]
) -> None:
    entries = with_more(*facts)
    await meetings.append("m1", after=0, entries=entries, answers=[])
    with pytest.raises(NotStored):
        await meetings.remove("m1", DELETED)

    def mark(connection: Connection) -> None:
        connection.execute(update(tables.meetings).values(deleted=True))

    with pytest.raises(NotStored):
        await store.write("mark", mark)
    assert (await meetings.load("m1")).entries == entries
    assert await Offices(store).record(10) == []
