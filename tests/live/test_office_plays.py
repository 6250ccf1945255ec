"""What an office does to a meeting that people are in, through the doors everybody comes by: its
own page's requests, cards, sockets.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from meeting.clock import SystemClock
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from tests.helpers import make
from tests.helpers.hall import Hall, hall, small_meeting
from tests.helpers.tablet import Tablet
from tests.live.test_uploads import FILES, PDF, browser, signed_in

M = "/office/api/m"
EVERYBODY = ("chu", "thu", "an", "ba", "ca", "man", "khach")
"""In the order of the roll."""
TOMORROW = SystemClock().now() + timedelta(days=1)

Office = tuple[Hall, httpx2.AsyncClient]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with hall(tmp_path / "data") as room, browser(room) as http:
        create, *rest = small_meeting()
        assert isinstance(create, c.CreateMeeting)
        await room.lay_down(make.a_meeting(presenter="chair", starts_at=TOMORROW), *rest)
        await signed_in(room, http)
        yield room, http


async def by_card(room: Hall, meeting: str, *names: str) -> dict[str, Tablet]:
    """A tablet for each, which came in by the card of whoever has this place on the roll."""
    running = room.server.meetings.get(meeting)
    assert running is not None
    places = dict(zip(EVERYBODY, running.state.seats, strict=False))
    if meeting == "btv":
        places = {name: name for name in running.state.seats}
    here = {}
    for name in names:
        seat = places[name]
        serial = running.state.seats[seat].card
        async with httpx2.AsyncClient(base_url=room.url) as http:
            code = room.server.access.card_code(meeting, seat, serial)
            assert (await http.post(f"/c/{code}")).status_code == 303
            here[name] = Tablet(room.url, seat, str(http.cookies[f"seat_{seat}"]))
        await here[name].join()
    return here


async def leave(*tablets: Tablet) -> None:
    for one in tablets:
        await one.leave()


async def does(http: httpx2.AsyncClient, command: c.Command) -> Any:
    body = {"id": secrets.token_hex(8), "command": msgspec.to_builtins(command)}
    return (await http.post(f"{M}/btv/command", json=body)).json()


async def checks_in(room: Hall, tablet: Tablet, meeting: str = "btv") -> dict[str, Any]:
    running = room.server.meetings.get(meeting)
    assert running is not None
    return await tablet.send(c.CheckIn(running.codes.digits(room.server.shell.clock.seconds())))


async def test_people_practise_in_a_copy_and_the_meeting_knows_nothing_of_it(
    office: Office,
) -> None:
    room, http = office
    real = room.server.meetings.get("btv")
    assert real is not None
    outside = await by_card(room, "btv", "an")
    before = real.state
    copy = (await http.post(f"{M}/btv/trial")).json()["id"]
    inside = await by_card(room, copy, "chu", "an", "man")
    assert all(one.view["meeting"]["trial"] for one in inside.values())
    chair = inside["chu"]
    assert (await chair.send(c.OpenMeeting()))["status"] == "committed"  # tomorrow's, today
    assert (await checks_in(room, inside["an"], copy))["status"] == "committed"
    practised = room.server.meetings.get(copy)
    assert practised is not None
    [item, *_], [paper, *_] = practised.state.items, practised.state.documents
    await chair.until(lambda: chair.beat > 0)
    assert (await chair.send(c.StartItem(item), at=chair.beat))["status"] == "committed"
    assert (await chair.turn(paper, 2))["status"] == "committed"
    for one in inside.values():
        await one.caught_up(practised.state.rev)
        assert one.view["presented"]["page"] == 2
    assert real.state == before
    assert (outside["an"].view["meeting"]["phase"], outside["an"].patches) == ("before", [])
    assert (await http.post(f"{M}/{copy}/end-trial")).status_code == 200
    for one in inside.values():
        await one.gone.wait()
        assert one.signals[-1] == {"type": "leave", "code": "device_revoked"}
    assert (real.state, outside["an"].gone.is_set()) == (before, False)
    assert (await room.server.meetings.stored(copy)).entries == []
    await leave(*inside.values(), *outside.values())


async def test_a_paper_taken_back_is_gone_from_the_copy_people_practise_in(
    office: Office,
) -> None:
    room, http = office
    await room.lay_down(make.a_document("wrong", "1", sha256="c" * 64))
    copy = (await http.post(f"{M}/btv/trial")).json()["id"]
    inside = (await by_card(room, copy, "an"))["an"]
    wrong = (await http.get(f"{M}/{copy}")).json()["documents"][-1]["id"]
    assert wrong in str(inside.view["agenda"])
    assert (await does(http, p.WithdrawDocument("wrong", "phát nhầm")))["status"] == "committed"
    await inside.until(lambda: wrong in inside.view.get("withdrawn", {}))
    assert wrong not in str(inside.view["agenda"])
    await leave(inside)


async def test_tomorrows_meeting_is_opened_today_only_by_who_says_so(office: Office) -> None:
    room, http = office
    here = await by_card(room, "btv", "chu", "thu", "an")
    early = {"status": "rejected", "code": "early", "data": {}}
    assert await here["chu"].send(c.OpenMeeting()) == early
    assert await here["thu"].send(c.OpenMeeting()) == early
    assert await does(http, c.OpenMeeting()) == early
    assert here["an"].view["meeting"]["phase"] == "before"
    opened = await here["chu"].send(c.OpenMeeting(early=True))
    await here["an"].caught_up(opened["rev"])
    assert here["an"].view["meeting"]["phase"] == "running"
    await leave(*here.values())


async def test_an_opening_taken_back_while_people_check_in_loses_nobody(office: Office) -> None:
    room, http = office
    assert (await does(http, make.a_change(starts_at=make.PASSED)))["status"] == "committed"
    here = await by_card(room, "btv", *EVERYBODY)
    ago = room.server.shell.clock.now() - timedelta(minutes=10)
    assert (await does(http, c.OpenMeeting(at=ago)))["status"] == "committed"
    await checks_in(room, here["an"])
    assert room.running.state.seats["an"].stand.state == "late"
    answers = await asyncio.gather(
        checks_in(room, here["ba"]),
        here["chu"].send(p.TakeBackOpening("bấm nhầm")),
        checks_in(room, here["thu"]),
        checks_in(room, here["khach"]),
    )
    assert [answer["status"] for answer in answers] == ["committed"] * 4
    state = room.running.state
    assert (state.phase, state.opened_at) == ("before", None)
    stands = {seat: state.seats[seat].stand.state for seat in ("an", "ba", "thu", "khach")}
    assert stands["an"] == "present"
    assert set(stands.values()) == {"present"}
    for name, one in here.items():
        await one.caught_up(state.rev)
        assert (one.view["meeting"]["phase"], one.view["counts"]["present"]) == ("before", 3)
        if name in stands:
            await one.until(lambda one=one: one.own["attendance"] == "present")
    assert (await here["chu"].send(c.OpenMeeting()))["status"] == "committed"
    await leave(*here.values())


async def test_the_roll_of_a_large_conference_is_laid_down_at_once(office: Office) -> None:
    room, http = office
    post = "Phó Chủ tịch Ủy ban nhân dân huyện, đại biểu Hội đồng nhân dân tỉnh"
    people = [
        {"name": f"Nguyễn Thị Đại Biểu {n}", "post": post, "role": "member", "votes": True}
        for n in range(500)
    ]
    body = msgspec.json.encode({"people": people})
    stranger = await http.post(f"{M}/btv/roll", content=body, headers={"cookie": "office=x"})
    assert (len(body) > 64 * 1024, stranger.status_code) == (True, 413)
    assert (await http.post(f"{M}/btv/roll", content=body)).status_code == 200
    assert len(room.running.state.seats) == 501  # and the room's screen


async def test_who_is_taken_off_the_roll_is_out_at_once_with_every_device(office: Office) -> None:
    room, http = office
    here = await by_card(room, "btv", "an", "ba", "thu")
    again = await by_card(room, "btv", "an")
    await checks_in(room, here["ba"])
    seats = (await http.get(f"{M}/btv")).json()["seats"]
    wanted = [
        {key: row[key] for key in ("name", "post", "role", "votes", "items")} | {"seat": row["id"]}
        for row in seats
        if row["role"] != "screen" and row["id"] not in ("an", "ba")
    ]
    refused = await http.post(f"{M}/btv/roll", json={"people": wanted})
    assert (refused.json()["code"], "an" in room.running.state.seats) == ("seat_needed", True)
    ba = next(row for row in seats if row["id"] == "ba")
    stays = {key: ba[key] for key in ("name", "post", "role", "votes", "items")} | {"seat": "ba"}
    laid = await http.post(f"{M}/btv/roll", json={"people": [*wanted, stays]})
    assert (laid.status_code, "an" in room.running.state.seats) == (200, False)
    for gone in (here.pop("an"), *again.values()):
        await gone.gone.wait()
        assert gone.signals[-1] == {"type": "leave", "code": "device_revoked"}
        app = httpx2.Cookies({"seat_an": gone.token})
        async with httpx2.AsyncClient(base_url=room.url, cookies=app) as kept:
            assert (await kept.get("/s/an/")).headers["location"] == "/?lost=not_signed_in"
        await gone.leave()
    await here["thu"].caught_up(room.running.state.rev)
    assert here["thu"].gaps == 0
    await leave(*here.values())


async def test_a_paper_withdrawn_while_it_is_shown_is_nowhere_any_more(office: Office) -> None:
    room, http = office
    file = (await http.put(FILES, content=PDF)).json()
    paper = {"sha256": file["sha256"], "item": "1", "number": "", "title": "Báo cáo"}
    assert (await http.post(f"{M}/btv/papers", json={"papers": [paper]})).status_code == 200
    document = list(room.running.state.documents.values())[-1]
    here = await by_card(room, "btv", *EVERYBODY)
    chair = here["chu"]
    await chair.send(c.OpenMeeting(early=True))
    await chair.until(lambda: chair.beat > 0)
    await chair.send(c.StartItem("1"), at=chair.beat)
    assert (await chair.turn(document.id, 1))["status"] == "committed"
    page = f"/p/an/{document.address}/1"
    cookie = httpx2.Cookies({"seat_an": here["an"].token})
    async with httpx2.AsyncClient(base_url=room.url, cookies=cookie) as member:
        assert (await member.get(page)).status_code == 200
        taken = await here["thu"].send(p.WithdrawDocument(document.id, "phát nhầm"))
        assert taken["status"] == "committed"
        assert (await member.get(page)).status_code in (403, 404)
    for one in here.values():
        await one.caught_up(taken["rev"])
        assert ("presented" in one.view, document.address in str(one.view)) == (False, False)
        knows = document.id in one.view.get("withdrawn", {})
        assert knows != (one.seat in ("ca", "khach")), one.seat
    kept = room.server.pages.original(file["sha256"])
    assert kept.exists()
    erased = await does(http, p.EraseDocument(document.id))
    assert (erased["status"], kept.exists()) == ("committed", False)
    await leave(*here.values())
