"""All meetings of a server as it closes, or as a rehearsal ends: nothing begins or breaks then."""

from __future__ import annotations

import asyncio

import pytest

from meeting.clock import Times
from meeting.errors import Refused
from meeting.meetings import Meetings
from meeting.protocol import commands as c
from meeting.protocol.answers import Retry
from meeting.running import BUSY_MS
from meeting.store.meetings import Meetings as StoredMeetings
from tests.helpers.house import KEY, House


async def test_who_closes_lets_no_other_begin(house: House) -> None:
    closing = asyncio.create_task(house.meetings.close())
    await asyncio.sleep(0)
    with pytest.raises(Refused) as refused:
        house.meetings.begin("new")
    await closing
    assert (refused.value.code, house.meetings.get("new")) == ("server_busy", None)


async def test_a_rehearsal_may_end_while_all_close(house: House) -> None:
    house.meetings.begin("left")
    await asyncio.gather(house.meetings.end("left"), house.meetings.close())
    assert house.meetings.get("left") is None
    assert await house.ask("chair", c.OpenMeeting()) == Retry(BUSY_MS)


async def test_what_another_process_stored_is_not_begun_by_who_closes(house: House) -> None:
    stored = StoredMeetings(house.store)
    meetings = Meetings(stored, KEY, house.clock, lambda *_: None, Times())
    await meetings.close()
    await meetings.look("btv", 1)
    assert meetings.get("btv") is None


async def test_a_rehearsal_ended_twice_at_once_is_ended(house: House) -> None:
    house.meetings.begin("left")
    await asyncio.gather(house.meetings.end("left"), house.meetings.end("left"))
    assert house.meetings.get("left") is None
