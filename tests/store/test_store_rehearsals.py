"""A rehearsal may be deleted, whole; nothing else may, whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from meeting.protocol.facts import MeetingCreated
from meeting.protocol.log import CHAIN_START, Entry, link
from meeting.store.engine import Store
from meeting.store.faults import HeadMoved, NotStored
from meeting.store.meetings import LoadedLog, Meetings
from tests.helpers import facts
from tests.store.entries import MORNING, Linked, answered, linked


def rehearsal(revs: int) -> Linked:
    """So many entries, of which the first says that it is one."""
    [created] = [fact for fact in facts.EVERY if isinstance(fact, MeetingCreated)]
    fact = MeetingCreated(**{**_said(created), "rehearsal": True})
    first = Entry(1, MORNING, "c1", "", "", False, fact)
    begun = [(first, link(CHAIN_START, first))]
    return begun + linked(revs - 1, begun)


def _said(fact: MeetingCreated) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}


async def test_a_rehearsal_is_deleted_whole_and_nothing_else(meetings: Meetings) -> None:
    kept, gone = linked(4), rehearsal(5)
    await meetings.append("m1", after=0, entries=kept, answers=answered(kept))
    await meetings.append("r1", after=0, entries=gone, answers=answered(gone))
    await meetings.append("r2", after=0, entries=gone, answers=answered(gone))
    assert (await meetings.load("r1")).entries == gone

    await meetings.delete("r1")
    assert await meetings.ids() == ["m1", "r2"]
    assert await meetings.load("r1") == LoadedLog([], {})
    assert (await meetings.load("m1")).entries == kept
    assert len((await meetings.load("m1")).answers) == 5
    assert (await meetings.load("r2")).entries == gone
    assert len((await meetings.load("r2")).answers) == 6
    with pytest.raises(HeadMoved):
        await meetings.append("r1", after=5, entries=linked(1, gone), answers=[])


async def test_only_a_rehearsal_is_deleted(meetings: Meetings) -> None:
    await meetings.append("m1", after=0, entries=linked(4), answers=answered(linked(4)))
    for name in ("m1", "m2"):
        with pytest.raises(ValueError, match=f"meeting {name} is no rehearsal"):
            await meetings.delete(name)
    assert (await meetings.load("m1")).entries == linked(4)
    assert len((await meetings.load("m1")).answers) == 5


@pytest.mark.parametrize(
    "statements",
    [
        ["DELETE FROM facts"],
        ["DELETE FROM facts WHERE meeting = 'm1'"],
        ["DELETE FROM meetings WHERE id = 'm1'"],
        ["UPDATE meetings SET rehearsal = true", "DELETE FROM facts"],
        ["UPDATE facts SET meeting = 'r1'", "DELETE FROM facts"],
        ["UPDATE facts SET seat = 's2' WHERE meeting = 'r1'"],
    ],
)
async def test_the_database_itself_refuses(
    store: Store, meetings: Meetings, statements: list[str]
) -> None:
    await meetings.append("m1", after=0, entries=linked(4), answers=[])
    await meetings.append("r1", after=0, entries=rehearsal(4), answers=[])

    def tamper(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    with pytest.raises(NotStored):
        await store.write("tamper", tamper)
    assert (await meetings.load("m1")).entries == linked(4)
    assert (await meetings.load("r1")).entries == rehearsal(4)
