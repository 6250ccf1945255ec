"""The server's side of a rehearsal: begun, read back and ended by a secretary; nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.protocol.rehearsals import RehearsalBegun
from meeting.running import RunningMeeting
from meeting.store.engine import open_store
from meeting.store.meetings import Meetings as StoredMeetings
from tests.helpers import make
from tests.helpers.hall import Hall, hall, sent, small_meeting
from tests.helpers.process import claim
from tests.helpers.tablet import Tablet


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Hall]:
    """A whole server with one meeting of people, "btv"."""
    async with hall(tmp_path) as house:
        await house.lay_down(*small_meeting())
        yield house


@pytest.fixture
async def http(house: Hall) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=house.url, trust_env=False) as client:
        yield client


def code_of(house: Hall, seat: str) -> str:
    return house.server.access.card_code("btv", seat, 1)


def bearer(house: Hall, seat: str = "thu") -> dict[str, str]:
    return {"authorization": f"Bearer {code_of(house, seat)}"}


async def begin(house: Hall, http: httpx2.AsyncClient, members: int = 2) -> RehearsalBegun:
    said = await http.post("/rehearsal", json={"members": members}, headers=bearer(house))
    assert said.status_code == 201, said.text
    return msgspec.json.decode(said.content, type=RehearsalBegun)


def people(house: Hall) -> RunningMeeting:
    running = house.server.meetings.get("btv")
    assert running is not None
    return running


async def refused(answer: httpx2.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()["code"]


async def test_it_is_a_meeting_of_its_own_with_everybody_it_needs(
    house: Hall, http: httpx2.AsyncClient
) -> None:
    begun = await begin(house, http, members=3)
    running = house.server.meetings.get(begun.meeting)
    assert running is not None
    heading = running.state.meeting
    assert (heading.rehearsal, heading.trial, heading.office) == (
        True,
        False,
        people(house).state.meeting.office,
    )
    assert heading.title.startswith("Diễn tập")
    roles = [seat.role for seat in running.state.seats.values()]
    assert roles == ["chair", "secretary", "screen", "member", "member", "member"]
    assert len({begun.chair, begun.secretary, begun.screen, *begun.members}) == 6
    assert begun.pages == running.state.documents[begun.document].pages


async def test_people_are_never_shown_it(house: Hall, http: httpx2.AsyncClient) -> None:
    begun = await begin(house, http)
    running = house.server.meetings.get(begun.meeting)
    assert running is not None
    for path in ("/", "/names"):
        shown = (await http.get(path)).text
        assert people(house).state.meeting.title in shown
        assert "Diễn tập" not in shown
    code = running.codes.scan_code(house.server.shell.clock.seconds())
    assert (await http.get(f"/q/{code}")).status_code == 404
    digits = house.server.access.card_digits(running.state)
    typed = await http.post("/code", data={"code": next(iter(digits.values()))})
    assert typed.status_code == 404


async def test_its_log_is_read_back_from_disk(house: Hall, http: httpx2.AsyncClient) -> None:
    begun = await begin(house, http)
    seat, token = await claim(http, f"/c/{begun.chair}")
    chair = Tablet(house.url, seat, token)
    await chair.join()
    opened = await chair.send(c.OpenMeeting(), id="opened-by-the-chair")
    again = await chair.send(c.TakePresenting(), id="holds-it-already", at=chair.beat)
    await chair.leave()
    assert (opened["status"], again["status"]) == ("committed", "committed")
    said = (await http.get(f"/rehearsal/{begun.meeting}/log", headers=bearer(house))).json()
    assert said["commands"]["opened-by-the-chair"] == opened["rev"] == said["rev"]
    assert said["commands"]["holds-it-already"] == again["rev"]


async def test_at_its_end_devices_leave_and_memory_and_rows_go(
    house: Hall, http: httpx2.AsyncClient, tmp_path: Path
) -> None:
    begun = await begin(house, http)
    seat, token = await claim(http, f"/c/{begun.members[0]}")
    tablet = Tablet(house.url, seat, token)
    await tablet.join()
    ended = await http.delete(f"/rehearsal/{begun.meeting}", headers=bearer(house))
    assert ended.status_code == 204
    await asyncio.wait_for(tablet.gone.wait(), 20)
    await tablet.leave()
    assert [s["code"] for s in tablet.signals if s["type"] == "leave"] == ["device_revoked"]
    assert house.server.meetings.all() == [people(house)]
    again = await http.delete(f"/rehearsal/{begun.meeting}", headers=bearer(house))
    assert await refused(again) == (404, "rehearsal_unknown")
    await house.server.close()
    store = await open_store(tmp_path)
    assert await StoredMeetings(store).ids() == ["btv"]
    await store.close()


async def test_no_other_meeting_can_be_read_or_ended(house: Hall, http: httpx2.AsyncClient) -> None:
    for meeting in ("btv", "unknown", ""):
        read = await http.get(f"/rehearsal/{meeting}/log", headers=bearer(house))
        ended = await http.delete(f"/rehearsal/{meeting}", headers=bearer(house))
        assert (read.status_code, ended.status_code) != (200, 204)
        if meeting:
            assert await refused(read) == await refused(ended) == (404, "rehearsal_unknown")
    with pytest.raises(ValueError, match="no rehearsal"):
        await house.server.meetings.end("btv")
    answer = await people(house).submit(make.OFFICE, sent(c.AddSeat("moi", "Mới", "", "member")))
    assert isinstance(answer, Committed)


@pytest.mark.parametrize(
    ("seat", "said"),
    [("chu", (403, "not_allowed")), ("an", (403, "not_allowed")), ("man", (403, "not_allowed"))],
)
async def test_only_a_secretary_may(
    house: Hall, http: httpx2.AsyncClient, seat: str, said: tuple[int, str]
) -> None:
    headers = bearer(house, seat)
    for asked in (
        http.post("/rehearsal", json={"members": 1}, headers=headers),
        http.get("/rehearsal/btv/log", headers=headers),
        http.delete("/rehearsal/btv", headers=headers),
    ):
        assert await refused(await asked) == said
    assert house.server.meetings.all() == [people(house)]


async def test_a_rehearsals_own_secretary_may_not(house: Hall, http: httpx2.AsyncClient) -> None:
    begun = await begin(house, http)
    headers = {"authorization": f"Bearer {begun.secretary}"}
    ended = await http.delete(f"/rehearsal/{begun.meeting}", headers=headers)
    assert await refused(ended) == (404, "card_unknown")


async def test_who_tries_many_codes_waits_and_nobody_else_does(
    house: Hall, http: httpx2.AsyncClient
) -> None:
    nobody = await http.post("/rehearsal", json={"members": 1})
    assert await refused(nobody) == (401, "not_signed_in")
    digits = house.server.access.card_digits(people(house).state)["thu"]
    for code in (digits, *("x" * 26 for _ in range(19))):
        headers = {"authorization": f"Bearer {code}"}
        wrong = await http.post("/rehearsal", json={"members": 1}, headers=headers)
        assert await refused(wrong) == (404, "card_unknown")
    headers = {"authorization": f"Bearer {'x' * 26}"}
    paused = await http.post("/rehearsal", json={"members": 1}, headers=headers)
    assert await refused(paused) == (429, "code_paused")
    typed = await http.post("/code", data={"code": digits})
    assert (typed.status_code, typed.headers["location"]) == (303, f"/c/{code_of(house, 'thu')}")
    await begin(house, http)


async def test_while_people_meet_nobody_rehearses(house: Hall, http: httpx2.AsyncClient) -> None:
    await house.act("chu", c.OpenMeeting())
    asked = await http.post("/rehearsal", json={"members": 1}, headers=bearer(house))
    assert await refused(asked) == (409, "rehearsal_not_now")
    assert house.server.meetings.all() == [people(house)]
    await house.act("chu", c.CloseMeeting())
    await begin(house, http)


async def test_a_sample_meeting_may_be_open_meanwhile(tmp_path: Path) -> None:
    async with (
        hall(tmp_path) as house,
        httpx2.AsyncClient(base_url=house.url, trust_env=False) as http,
    ):
        await house.lay_down(make.a_meeting(trial=True), *small_meeting()[1:])
        await house.act("chu", c.OpenMeeting())
        assert people(house).state.phase == "running"
        await begin(house, http)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"members": 0}', b'{"members": 1001}', b'{"members": 1, "x": 1}', b"\xff"],
)
async def test_what_is_no_request_is_refused(
    house: Hall, http: httpx2.AsyncClient, body: bytes
) -> None:
    said = await http.post("/rehearsal", content=body, headers=bearer(house))
    assert await refused(said) == (400, "malformed")
    assert house.server.meetings.all() == [people(house)]


async def test_there_is_one_at_a_time(house: Hall, http: httpx2.AsyncClient) -> None:
    begun = await begin(house, http)
    second = await http.post("/rehearsal", json={"members": 1}, headers=bearer(house))
    assert await refused(second) == (409, "rehearsal_on")
    assert house.server.meetings.get(begun.meeting) is not None


async def test_a_server_that_closes_begins_none(house: Hall, http: httpx2.AsyncClient) -> None:
    await house.server.meetings.close()
    asked = await http.post("/rehearsal", json={"members": 1}, headers=bearer(house))
    assert await refused(asked) == (503, "server_busy")
    assert house.server.meetings.all() == [people(house)]
