"""What goes into a log comes out as it was, or not at all."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta, timezone

import msgspec
import pytest

from meeting.protocol.answers import Committed
from meeting.store.engine import Store
from meeting.store.faults import HeadMoved, LogBroken, NotStored
from meeting.store.meetings import LoadedLog, Meetings
from tests.store.entries import Answered, Linked, answered, linked
from tests.store.places import Place

EMPTY = LoadedLog([], {})


def logged(entries: Linked, answers: Answered) -> LoadedLog:
    return LoadedLog(entries, {command: (digest, answer) for command, digest, answer in answers})


async def test_log_comes_back_as_it_went_in(place: Place, meetings: Meetings, store: Store) -> None:
    first = linked(4)
    second = linked(256, first)
    await meetings.append("m1", after=0, entries=first, answers=answered(first))
    await meetings.append("m1", after=4, entries=second, answers=answered(second))
    expected = logged(first + second, answered(first) + answered(second))
    assert await meetings.load("m1") == expected

    await store.close()
    again = await place.open()
    try:
        loaded = await Meetings(again).load("m1")
    finally:
        await again.close()
    assert loaded == expected
    assert [entry.at.tzinfo for entry, _ in loaded.entries] == [UTC] * 260


async def test_meetings_are_listed_in_order_of_creation_and_kept_apart(meetings: Meetings) -> None:
    assert await meetings.ids() == []
    for name, days in (("m2", 1), ("m9", 0), ("m1", 2)):
        [(entry, _)] = linked(1)
        entry = msgspec.structs.replace(entry, at=entry.at + timedelta(days=days))
        await meetings.append(name, after=0, entries=[(entry, bytes(32))], answers=[])
    assert await meetings.ids() == ["m2", "m9", "m1"]
    assert await meetings.load("m5") == EMPTY


async def test_answers_are_stored_without_entries(meetings: Meetings) -> None:
    first = linked(2)
    await meetings.append("m1", after=0, entries=first, answers=[])
    await meetings.append("m1", after=2, entries=[], answers=answered(first))
    assert await meetings.load("m1") == logged(first, answered(first))


@pytest.mark.parametrize("after", [0, 1, 3])
async def test_append_after_another_head_is_refused(meetings: Meetings, after: int) -> None:
    first = linked(2)
    await meetings.append("m1", after=0, entries=first, answers=[])
    longer = linked(4)
    with pytest.raises(HeadMoved):
        await meetings.append("m1", after=after, entries=longer[after:], answers=answered(longer))
    if after:
        with pytest.raises(HeadMoved):
            await meetings.append("m1", after=after, entries=[], answers=answered(longer))
    assert await meetings.load("m1") == logged(first, [])


async def test_entries_with_a_gap_or_in_another_zone_are_never_begun(meetings: Meetings) -> None:
    entries = linked(3)
    in_hanoi = entries[0][0].at.astimezone(timezone(timedelta(hours=7)))
    for wrong in (
        entries[1:],
        [entries[0], entries[2]],
        [],
        [(msgspec.structs.replace(entries[0][0], at=in_hanoi), bytes(32))],
        [(msgspec.structs.replace(entries[0][0], at=in_hanoi.replace(tzinfo=None)), bytes(32))],
    ):
        with pytest.raises(ValueError, match=r"follow|first entry|not in UTC"):
            await meetings.append("m1", after=0, entries=wrong, answers=[])
    assert await meetings.ids() == []


async def test_failing_append_leaves_everything_as_it_was(place: Place, meetings: Meetings) -> None:
    first = linked(2)
    await meetings.append("m1", after=0, entries=first, answers=answered(first))
    before = await place.dump()
    more = linked(300, first)
    with pytest.raises(HeadMoved):
        await meetings.append("m1", after=2, entries=more, answers=answered(first))
    twice = [("c9", bytes(32), Committed(9))] * 2
    with pytest.raises(HeadMoved):
        await meetings.append("m2", after=0, entries=linked(1), answers=twice)
    assert await place.dump() == before
    await meetings.append("m1", after=2, entries=more, answers=answered(more))
    assert await meetings.load("m1") == logged(first + more, answered(first) + answered(more))


async def test_revision_already_taken_leaves_everything_as_it_was(
    place: Place, meetings: Meetings
) -> None:
    first = linked(5)
    await meetings.append("m1", after=0, entries=first, answers=[])
    await place.tamper("UPDATE meetings SET head = 3")
    before = await place.dump()
    with pytest.raises(NotStored):
        await meetings.append("m1", after=3, entries=first[3:], answers=answered(first))
    assert await place.dump() == before
    await place.tamper("UPDATE meetings SET head = 5")
    more = linked(1, first)
    await meetings.append("m1", after=5, entries=more, answers=[])
    assert await meetings.load("m1") == logged(first + more, [])


@pytest.mark.parametrize("yields", range(0, 60, 5))
async def test_cancelled_caller_leaves_what_was_begun_whole(
    place: Place, meetings: Meetings, store: Store, yields: int
) -> None:
    first = linked(2)
    await meetings.append("m1", after=0, entries=first, answers=answered(first))
    more = linked(20, first)
    caller = asyncio.ensure_future(
        meetings.append("m1", after=2, entries=more, answers=answered(more))
    )
    for _ in range(yields):
        await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait([caller])
    await store.close()  # whatever was begun is over
    again = await place.open()
    try:
        meetings = Meetings(again)
        kept = (await meetings.load("m1")).entries
        assert kept == first + more, "it was begun when it was asked for"
        last = linked(1, kept)
        await meetings.append("m1", after=len(kept), entries=last, answers=[])
        assert (await meetings.load("m1")).entries == kept + last
    finally:
        await again.close()


async def test_close_waits_for_what_a_cancelled_caller_began(
    place: Place, meetings: Meetings, store: Store
) -> None:
    caller = asyncio.ensure_future(meetings.append("m1", after=0, entries=linked(9), answers=[]))
    await asyncio.sleep(0)
    caller.cancel()
    await store.close()
    tasks = {task.get_name() for task in asyncio.all_tasks()}
    assert [name for name in tasks if name.startswith("store:")] == []
    assert caller.cancelled()
    again = await place.open()
    try:
        assert await Meetings(again).load("m1") == logged(linked(9), [])
    finally:
        await again.close()
    with pytest.raises(NotStored):
        await meetings.append("m1", after=9, entries=linked(1, linked(9)), answers=[])


async def test_several_meetings_write_at_once(meetings: Meetings) -> None:
    entries = linked(6)
    names = [f"m{number}" for number in range(8)]

    async def hold(name: str) -> None:
        for place in range(0, 6, 2):
            batch = entries[place : place + 2]
            await meetings.append(name, after=place, entries=batch, answers=[])

    await asyncio.gather(*(hold(name) for name in names))
    assert [await meetings.load(name) for name in names] == [logged(entries, [])] * 8


@pytest.mark.parametrize(
    ("change", "rev"),
    [
        ("UPDATE facts SET fact = replace(fact, 'Hạnh', 'Hanh') WHERE rev = 3", 3),
        ("UPDATE facts SET fact = fact || ' ' WHERE rev = 3", None),
        ("UPDATE facts SET fact = substr(fact, 2) WHERE rev = 4", 4),
        ("UPDATE facts SET hash = x'00' WHERE rev = 2", 2),
        ("UPDATE facts SET at = replace(at, '+00:00', '+07:00') WHERE rev = 5", 5),
        ("UPDATE facts SET at = 'yesterday' WHERE rev = 5", 5),
        ("UPDATE facts SET at = replace(at, ':30:', ':31:') WHERE rev = 5", 5),
        ("UPDATE facts SET seat = 's2' WHERE rev = 1", 1),
        ("UPDATE facts SET command = 'c' WHERE rev = 6", 6),
        ("UPDATE facts SET device = '' WHERE rev = 6", 6),
        ("UPDATE facts SET for_chair = NOT for_chair WHERE rev = 2", 2),
        ("UPDATE facts SET kind = 'item.started' WHERE rev = 4", 4),
        ("DELETE FROM facts WHERE rev = 3", 3),
        ("DELETE FROM facts WHERE rev > 4", 5),
        ("DELETE FROM facts", 1),
        ("UPDATE facts SET rev = rev + 1 WHERE rev = 6", 6),
        ("UPDATE meetings SET head = 4", 5),
        ("UPDATE meetings SET head = 7", 7),
        ("UPDATE meetings SET head_hash = x'00'", 6),
        ("UPDATE meetings SET rehearsal = true", 1),
        ("DELETE FROM meetings", 1),
    ],
)
async def test_tampering_is_found_at_its_revision(
    place: Place, meetings: Meetings, change: str, rev: int | None
) -> None:
    entries = linked(6)
    await meetings.append("m1", after=0, entries=entries, answers=[])
    await place.tamper(change)
    if rev is None:
        assert await meetings.load("m1") == logged(entries, [])
        return
    with pytest.raises(LogBroken) as broken:
        await meetings.load("m1")
    assert (broken.value.meeting, broken.value.rev) == ("m1", rev)


@pytest.mark.parametrize("answer", ["''", "'{'", "'{}'", '\'{"status": "perhaps"}\''])
async def test_an_answer_that_cannot_be_read_is_a_broken_log(
    place: Place, meetings: Meetings, answer: str
) -> None:
    entries = linked(6)
    await meetings.append("m1", after=0, entries=entries, answers=answered(entries))
    await place.tamper(f"UPDATE answers SET answer = {answer}")
    with pytest.raises(LogBroken) as broken:
        await meetings.load("m1")
    assert broken.value.meeting == "m1"
