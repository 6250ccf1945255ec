"""What a device of a seat asks by HTTP: the app, the roll, a card, a command."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx2
import msgspec
import pytest

from meeting.protocol import commands as c
from meeting.texts import text
from tests.helpers import make
from tests.helpers.hall import Hall, hall, small_meeting
from tests.helpers.tablet import Tablet
from tests.routes.conftest import URL, House
from tests.routes.drawn import drawn

WITH_A_SEAT: Final = ("chu", "thu", "bien", "an", "ba", "hoa", "tech", "wall")
PLATE: Final = "<!doctype html><title>Phiên</title>"


def refused(code: str, **data: object) -> dict[str, object]:
    return {"code": code, "data": data}


def rejected(code: str, **data: object) -> dict[str, object]:
    return {"status": "rejected", "code": code, "data": data}


@pytest.fixture
async def seats(house: House) -> House:
    """The house, with a minute-taker as well and the web app's first page on the disk."""
    await house.prepare(make.a_seat("bien", "minute_taker"))
    (house.shell.static / "index.html").write_text(PLATE, "utf-8")
    return house


# The app


async def test_the_app_is_given_to_the_seats_own_device(seats: House) -> None:
    for seat in WITH_A_SEAT:
        browser = await seats.browser_of(seat)
        answer = await browser.get(f"/s/{seat}/")
        assert (answer.status_code, answer.text) == (200, PLATE)
        bare = await browser.get(f"/s/{seat}")
        assert (bare.status_code, bare.headers["location"]) == (303, f"/s/{seat}/")
    answer = await (await seats.browser_of("an")).get("/s/an/")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_everybody_else_is_led_to_welcome(seats: House) -> None:
    borrowed = await seats.browser_of("chu")
    lost = await seats.claim("ba")
    await seats.does("thu", c.RevokeDevice(lost))
    revoked = seats.browser(**seats.cookie("ba", lost))
    for browser, path, code in (
        (seats.browser(), "/s/an/", "not_signed_in"),
        (borrowed, "/s/an/", "not_signed_in"),
        (borrowed, "/s/nobody/", "not_signed_in"),
        (revoked, "/s/ba/", "device_revoked"),
    ):
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/?lost={code}")
        assert answer.headers["cache-control"] == "no-store"
        assert PLATE not in answer.text


async def test_a_fault_of_ours_is_a_sentence_for_people_and_a_code_for_programs(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The web app is not where it should be."""
    headers = house.cookie("an", await house.claim("an"))
    answers = []
    for accept in ("text/html,application/xhtml+xml", "application/json"):
        browser = house.unsuspecting(accept=accept, **headers)
        answers.append(await browser.get("/s/an/"))
    page = drawn(answers[0])
    assert (page.status, text("refused.server_fault") in page.says) == (500, True)
    assert "/" in page.links
    assert (answers[1].status_code, answers[1].json()) == (500, refused("server_fault"))
    assert [record.name for record in caplog.records] == ["phien.routes"] * 2


# The roll


async def test_the_roll_is_for_chair_and_desk_alone(seats: House) -> None:
    answers = {}
    for seat in WITH_A_SEAT:
        answer = await (await seats.browser_of(seat)).get(f"/s/{seat}/roll")
        answers[seat] = (answer.status_code, answer.json())
    closed = (403, refused("not_allowed"))
    assert {seat: got for seat, got in answers.items() if got[0] != 200} == {
        seat: closed for seat in ("an", "ba", "hoa", "tech", "wall")
    }
    for seat in ("chu", "thu", "bien"):
        roll = answers[seat][1]["roll"]
        assert set(roll) == {"chu", "thu", "bien", "an", "ba", "hoa", "tech"}
    assert answers["bien"][1]["roll"]["an"]["name"] == "Nguyễn Văn Ân"
    assert answers["bien"][1]["rev"] <= seats.state.rev


async def test_the_roll_needs_the_seats_own_cookie(seats: House) -> None:
    for browser in (seats.browser(), await seats.browser_of("chu")):
        answer = await browser.get("/s/thu/roll")
        assert (answer.status_code, answer.json()) == (401, refused("not_signed_in"))


# Cards


async def test_a_card_is_for_its_own_seat_and_for_the_desk(seats: House) -> None:
    allowed = set()
    for seat in WITH_A_SEAT:
        browser = await seats.browser_of(seat)
        for other in WITH_A_SEAT:
            answer = await browser.get(f"/s/{seat}/card/{other}")
            if answer.status_code == 200:
                allowed.add((seat, other))
            else:
                assert (answer.status_code, answer.json()) == (403, refused("not_allowed"))
    desk = {(desk, other) for desk in ("thu", "bien") for other in WITH_A_SEAT}
    assert allowed == desk | {(seat, seat) for seat in WITH_A_SEAT}


async def test_a_card_carries_link_code_and_digits_of_the_seat(seats: House) -> None:
    answer = await (await seats.browser_of("thu")).get("/s/thu/card/an")
    card = answer.json()
    link = f"{URL}{seats.card('an')}"
    assert card == {
        "seat": "an",
        "name": "Nguyễn Văn Ân",
        "link": link,
        "qr": card["qr"],
        "digits": seats.digits("an"),
    }
    assert answer.headers["cache-control"] == "no-store"
    assert "<svg" in card["qr"]
    named = await seats.browser().get(seats.card("an"))
    assert "Nguyễn Văn Ân" in named.text


async def test_a_revoked_card_is_shown_to_nobody_and_one_issued_anew_is_another(
    seats: House,
) -> None:
    own, desk = await seats.browser_of("an"), await seats.browser_of("thu")
    before = (await desk.get("/s/thu/card/an")).json()
    await seats.does("thu", c.RevokeCard("an"))
    seen = await desk.get("/s/thu/card/an")
    assert (seen.status_code, seen.json()) == (410, refused("card_revoked"))
    held = await own.get("/s/an/card/an")
    assert (held.status_code, held.json()) == (401, refused("device_revoked"))
    await seats.does("thu", c.ReissueCard("an"))
    after = (await (await seats.browser_of("an")).get("/s/an/card/an")).json()
    assert (after["link"] != before["link"], after["digits"] != before["digits"]) == (True, True)


async def test_a_card_of_nobody_is_unknown_to_the_desk_alone(seats: House) -> None:
    desk = await (await seats.browser_of("thu")).get("/s/thu/card/nobody")
    member = await (await seats.browser_of("an")).get("/s/an/card/nobody")
    stranger = await seats.browser().get("/s/an/card/an")
    assert (desk.status_code, desk.json()) == (404, refused("seat_unknown"))
    assert (member.status_code, member.json()) == (403, refused("not_allowed"))
    assert (stranger.status_code, stranger.json()) == (401, refused("not_signed_in"))


# Commands


def body(command: dict[str, Any], **said: Any) -> bytes:
    return json.dumps({"id": secrets.token_hex(8), "command": command, **said}).encode()


OPENING: Final = {"type": "meeting.open"}
OURS: Final = {"x-phien": "1", "content-type": "application/json", "origin": URL}


async def test_a_command_is_done_and_answered(seats: House) -> None:
    chair = await seats.browser_of("chu")
    answer = await chair.post("/s/chu/command", content=body(OPENING), headers=OURS)
    expected = {"status": "committed", "rev": seats.state.rev}
    assert (answer.status_code, answer.json()) == (200, expected)
    assert answer.headers["cache-control"] == "no-store"
    assert seats.state.phase == "running"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://192.168.1.66:8080"},
        {"origin": "null"},
        {"origin": "http://192.168.1.105"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"x-phien": None},
    ],
)
async def test_no_other_site_can_make_a_browser_ask(
    seats: House, wrong: dict[str, str | None]
) -> None:
    headers = {name: value for name, value in {**OURS, **wrong}.items() if value is not None}
    chair, rev = await seats.browser_of("chu"), seats.state.rev
    answer = await chair.post("/s/chu/command", content=body(OPENING), headers=headers)
    assert (answer.status_code, answer.json()) == (403, rejected("not_allowed"))
    assert seats.state.rev == rev
    assert seats.state.phase == "before"


async def test_a_command_needs_the_seats_own_cookie(seats: House) -> None:
    lost = await seats.claim("chu")
    await seats.does("thu", c.RevokeDevice(lost))
    for browser, seat, code in (
        (seats.browser(), "chu", "not_signed_in"),
        (await seats.browser_of("an"), "chu", "not_signed_in"),
        (await seats.browser_of("chu"), "nobody", "not_signed_in"),
        (seats.browser(**seats.cookie("chu", lost)), "chu", "device_revoked"),
    ):
        answer = await browser.post(f"/s/{seat}/command", content=body(OPENING), headers=OURS)
        assert (answer.status_code, answer.json()) == (401, rejected(code))
    assert seats.state.phase == "before"


async def test_what_the_role_may_not_is_refused(seats: House) -> None:
    member = await seats.browser_of("an")
    answer = await member.post("/s/an/command", content=body(OPENING), headers=OURS)
    assert (answer.status_code, answer.json()) == (403, rejected("not_allowed"))


MALFORMED: Final = {
    "empty": b"",
    "no JSON": b"meeting.open",
    "cut short": body(OPENING)[:-1],
    "a list": b"[]",
    "no id": json.dumps({"command": OPENING}).encode(),
    "a short id": json.dumps({"id": "1", "command": OPENING}).encode(),
    "an id with a line end": json.dumps({"id": "12345678\n", "command": OPENING}).encode(),
    "no command": b'{"id": "12345678"}',
    "an unknown command": body({"type": "meeting.burn"}),
    "an unknown field": body({**OPENING, "at_once": True}),
    "an unknown field beside": body(OPENING, seat="chu"),
    "another type": body({"type": "item.start", "item": 1}),
    "no number": body(OPENING, at="soon"),
    "not UTF-8": b'{"id": "12345678", "command": {"type": "\xff"}}',
    "half a letter": b'{"id": "12345678", "command": {"type": "checkin.take", "code": "\\ud800"}}',
    "very deep": b'{"id":' + b"[" * 60_000,
    "two thousand deep": b'{"id": "12345678", "command": ' + b"[" * 2000 + b"]" * 2000 + b"}",
    "two thousand deep beside": body(OPENING)[:-1] + b', "x": ' + b"[" * 2000 + b"]" * 2000 + b"}",
}


@pytest.mark.parametrize("wrong", MALFORMED)
async def test_what_is_no_command_is_malformed(seats: House, wrong: str) -> None:
    chair, rev = await seats.browser_of("chu"), seats.state.rev
    answer = await chair.post("/s/chu/command", content=MALFORMED[wrong], headers=OURS)
    assert (answer.status_code, answer.json()) == (400, rejected("malformed"))
    assert seats.state.rev == rev


async def test_a_command_is_only_posted(seats: House) -> None:
    chair = await seats.browser_of("chu")
    answers = [await chair.request(method, "/s/chu/command") for method in ("GET", "PUT", "DELETE")]
    assert [answer.is_success for answer in answers] == [False] * 3
    assert seats.state.phase == "before"


async def test_a_body_without_end_is_not_read_to_the_end(seats: House) -> None:
    """What comes without announcing its size is left alone once it is over ours."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 10_000:
            read += 1
            yield b" " * 1024

    chair = await seats.browser_of("chu")
    answer = await chair.post("/s/chu/command", content=endless(), headers=OURS)
    assert (answer.status_code, answer.json()) == (400, rejected("malformed"))
    assert 64 < read < 70


# Through the whole server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path / "data") as running:
        await running.lay_down(*small_meeting())
        yield running


async def post(
    server: Hall, seat: str, content: bytes | AsyncIterator[bytes], **headers: str
) -> httpx2.Response:
    token = server.token(seat, await server.device(seat))
    said = {"x-phien": "1", "cookie": f"seat_{seat}={token}", **headers}
    async with httpx2.AsyncClient(base_url=server.url) as http:
        return await http.post(f"/s/{seat}/command", content=content, headers=said)


async def test_what_is_too_large_does_not_come_in(server: Hall) -> None:
    most = 64 * 1024
    fits = body(OPENING).ljust(most)
    too_large = await post(server, "chu", fits + b" ")
    assert (too_large.status_code, too_large.json()) == (413, refused("malformed"))
    assert server.running.state.phase == "before"

    async def unannounced() -> AsyncIterator[bytes]:
        yield body(OPENING)

    chunked = await post(server, "chu", unannounced())
    assert (chunked.status_code, chunked.json()) == (413, refused("malformed"))
    assert server.running.state.phase == "before"
    done = await post(server, "chu", fits)
    assert (done.status_code, done.json()["status"]) == (200, "committed")


async def test_the_same_id_gets_the_same_answer_by_post_and_by_socket(server: Hall) -> None:
    tablet = Tablet(server.url, "chu", server.token("chu", await server.device("chu")))
    await tablet.join()
    first = json.loads(body(OPENING))
    second = json.loads(body({"type": "meeting.close"}))
    refusal = json.loads(body({"type": "attendance.mark", "seat": "an", "state": "present"}))
    posted = [(await post(server, "chu", msgspec.json.encode(first))).json()]
    posted.append(await tablet.call("command", first))
    socketed = [await tablet.call("command", second)]
    socketed.append((await post(server, "chu", msgspec.json.encode(second))).json())
    no = [await tablet.call("command", refusal)]
    no.append((await post(server, "chu", msgspec.json.encode(refusal))).json())
    reused = await post(
        server, "chu", msgspec.json.encode({**first, "command": {**second["command"]}})
    )
    rev = server.running.state.rev
    await tablet.leave()
    assert posted == [{"status": "committed", "rev": rev - 1}] * 2
    assert socketed == [{"status": "committed", "rev": rev}] * 2
    assert no[0] == no[1]
    assert no[0]["status"] == "rejected"
    assert (reused.status_code, reused.json()) == (409, rejected("id_reused"))
