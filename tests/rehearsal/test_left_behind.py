"""A rehearsal that nobody ended: it makes room for the next, and goes with a later start."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import msgspec
import pytest

from meeting.meetings import REHEARSAL_LEFT
from meeting.protocol import commands as c
from meeting.protocol.answers import Retry
from meeting.protocol.rehearsals import RehearsalBegun
from meeting.routes.rehearsal import LEFT_SECONDS
from meeting.running import BUSY_MS, RunningMeeting
from meeting.store.engine import open_store
from meeting.store.meetings import Meetings as StoredMeetings
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.helpers.hall import Hall, hall, sent, small_meeting
from tests.rehearsal.rows import keep_rows, let_rows_go


class Office:
    """A server, and its secretary asking by HTTP."""

    def __init__(self, house: Hall, http: httpx2.AsyncClient) -> None:
        self.house = house
        self._http = http
        code = house.server.access.card_code("btv", "thu", 1)
        self._headers = {"authorization": f"Bearer {code}"}

    async def begin(self) -> httpx2.Response:
        return await self._http.post("/rehearsal", json={"members": 1}, headers=self._headers)

    async def begun(self) -> RunningMeeting:
        said = msgspec.json.decode((await self.begin()).content, type=RehearsalBegun)
        running = self.house.server.meetings.get(said.meeting)
        assert running is not None
        return running

    async def end(self, meeting: str) -> httpx2.Response:
        return await self._http.delete(f"/rehearsal/{meeting}", headers=self._headers)

    def known(self) -> list[str]:
        return [running.id for running in self.house.server.meetings.all()]


@contextlib.asynccontextmanager
async def office(folder: Path, clock: HandClock) -> AsyncIterator[Office]:
    """A whole server over this folder with one meeting of people, "btv"."""
    async with (
        hall(folder, clock) as house,
        httpx2.AsyncClient(base_url=house.url, trust_env=False) as http,
    ):
        if not house.server.meetings.all():
            await house.lay_down(*small_meeting())
        yield Office(house, http)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


async def stored(folder: Path) -> list[str]:
    store = await open_store(folder)
    try:
        return await StoredMeetings(store).ids()
    finally:
        await store.close()


def code(said: httpx2.Response) -> tuple[int, str]:
    return said.status_code, said.json()["code"]


async def test_it_makes_room_for_the_next(tmp_path: Path, clock: HandClock) -> None:
    async with office(tmp_path, clock) as desk:
        running = await desk.begun()
        seat = next(iter(running.state.seats))
        running.room.came("socket", seat, "device", reader=True)
        clock.pass_by(LEFT_SECONDS + 1)
        assert code(await desk.begin()) == (409, "rehearsal_on")
        running.room.went("socket", clock.seconds())
        clock.pass_by(LEFT_SECONDS - 1)
        assert code(await desk.begin()) == (409, "rehearsal_on")
        clock.pass_by(1)
        assert [(await desk.begun()).id] == desk.known()[1:]


async def test_it_is_deleted_by_a_start_an_hour_later_and_not_before(
    tmp_path: Path, clock: HandClock
) -> None:
    async with office(tmp_path, clock) as desk:
        left = await desk.begun()
    clock.pass_by(REHEARSAL_LEFT.total_seconds())
    async with office(tmp_path, clock) as desk:
        assert desk.known() == ["btv", left.id]
        assert desk.house.server.meetings.all()[1].state == left.state
    clock.pass_by(1)
    async with office(tmp_path, clock) as desk:
        assert desk.known() == ["btv"]
    assert await stored(tmp_path) == ["btv"]
    assert timedelta(hours=1) == REHEARSAL_LEFT


async def test_one_that_a_start_cannot_delete_keeps_nobody_from_meeting(
    tmp_path: Path, clock: HandClock
) -> None:
    async with office(tmp_path, clock) as desk:
        left = (await desk.begun()).id
    keep_rows(tmp_path)
    clock.pass_by(REHEARSAL_LEFT.total_seconds() + 1)
    async with office(tmp_path, clock) as desk:
        assert desk.known() == ["btv", left]
        assert code(await desk.begin()) == (503, "server_busy")
        let_rows_go(tmp_path)
        assert [(await desk.begun()).id] == desk.known()[1:]


async def test_one_whose_rows_stay_is_still_known_and_ended_later(
    tmp_path: Path, clock: HandClock
) -> None:
    async with office(tmp_path, clock) as desk:
        running = await desk.begun()
        keep_rows(tmp_path)
        for _ in range(2):
            assert code(await desk.end(running.id)) == (503, "server_busy")
        assert desk.known() == ["btv", running.id]
        late = await running.submit(make.OFFICE, sent(c.AddSeat("moi", "Mới", "", "member")))
        assert late == Retry(BUSY_MS)
        let_rows_go(tmp_path)
        assert (await desk.end(running.id)).status_code == 204
        assert desk.known() == ["btv"]
    assert await stored(tmp_path) == ["btv"]


async def test_it_is_ended_once_by_whoever_asks(tmp_path: Path, clock: HandClock) -> None:
    async with office(tmp_path, clock) as desk:
        left = (await desk.begun()).id
        ended = await asyncio.gather(*(desk.end(left) for _ in range(4)))
        assert sorted(said.status_code for said in ended) == [204, 404, 404, 404]
        left = (await desk.begun()).id
        clock.pass_by(LEFT_SECONDS)
        begun, *ended = await asyncio.gather(desk.begin(), *(desk.end(left) for _ in range(3)))
        assert begun.status_code == 201
        assert {said.status_code for said in ended} <= {204, 404}
        assert desk.known() == ["btv", begun.json()["meeting"]]
