"""The door: a scanned code, a chosen name, a number to wait with."""

from __future__ import annotations

from http.cookies import SimpleCookie
from pathlib import Path

import httpx2
import pytest

from meeting.protocol import commands as c
from meeting.room import WAITING_MOST
from meeting.rules.state import Stand
from meeting.texts import text
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.conftest import House, a_meeting, opened
from tests.routes.drawn import drawn

ELSEWHERE = {"origin": "http://192.168.1.66"}
PHONE = {"user-agent": "Mozilla/5.0 (Linux; Android 13; Pixel 7) Chrome/120.0 Mobile Safari Zalo"}


async def choose(browser: httpx2.AsyncClient, seat: str, saw: str = "") -> str:
    """Tap a name; the address of the waiting page."""
    answer = await browser.post(f"/names/{seat}", data={"saw": saw} if saw else None)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def rows(house: House) -> list[tuple[str, int, str, str]]:
    return [(w.seat, w.number, w.kind, w.sighting) for w in house.running.room.waiting.values()]


# The code on the room screen


async def test_a_code_leads_a_stranger_to_the_names_and_proves_what_was_seen(house: House) -> None:
    browser = house.browser(**PHONE)
    scanned = await browser.get(house.shown_code())
    assert scanned.status_code == 303
    names = drawn(await browser.get(scanned.headers["location"]))
    house.clock.pass_by(14 * 60)  # choosing has no clock
    await choose(browser, "an", names.hidden["saw"])
    assert rows(house) == [("an", 1, "phone", "fresh")]


async def test_the_proof_needs_no_cookie_jar(house: House) -> None:
    scanned = await house.browser().get(house.shown_code())
    names = drawn(await house.browser().get(scanned.headers["location"]))
    await choose(house.browser(), "an", names.hidden["saw"])
    assert [sighting for *_, sighting in rows(house)] == ["fresh"]


async def test_the_proof_may_be_in_the_cookie_alone(house: House) -> None:
    browser = house.browser()
    await browser.get(house.shown_code())
    await choose(browser, "an")
    assert [sighting for *_, sighting in rows(house)] == ["fresh"]


async def test_an_old_code_is_the_same_path_marked_old(house: House) -> None:
    code = house.shown_code()
    house.clock.pass_by(40)
    browser = house.browser()
    scanned = await browser.get(code)
    assert scanned.headers["location"].startswith("/names?saw=")
    await choose(browser, "an")
    assert [sighting for *_, sighting in rows(house)] == ["stale"]


@pytest.mark.parametrize("code", ["a", "0000", "aaaaaaaaaaaaaaaaaaaaaaa", "%C4%B1" * 23])
async def test_a_code_of_no_meeting_is_no_dead_end(house: House, code: str) -> None:
    answer = await house.browser().get(f"/q/{code}")
    page = drawn(answer)
    assert (page.status, page.forms, page.links) == (404, ["post /code"], ["/names"])
    assert (text("checkin.scan_wrong") in page.says, "set-cookie" in answer.headers) == (
        True,
        False,
    )


async def test_scanning_changes_nothing_by_itself(house: House) -> None:
    browser, before = await house.browser_of("an"), house.state.rev
    await browser.get(house.shown_code())
    await browser.head(house.shown_code())
    assert (house.state.rev, rows(house)) == (before, [])


async def test_a_known_device_checks_in_with_one_tap(house: House) -> None:
    browser = await house.browser_of("an")
    page = drawn(await browser.get(house.shown_code()))
    assert (page.forms, page.links) == (["post /q/checkin/an"], ["/"])
    house.clock.pass_by(60)
    for _ in range(2):
        answer = await browser.post(page.forms[0].split()[1], data=page.hidden)
        assert (answer.status_code, answer.headers["location"]) == (303, "/s/an/")
    stand = house.state.seats["an"].stand
    assert stand == Stand("present", house.clock.now(), "scan", "fresh", "", house.state.rev)


async def test_a_known_device_with_an_old_code_is_marked_old(house: House) -> None:
    code, browser = house.shown_code(), await house.browser_of("an")
    house.clock.pass_by(40)
    page = drawn(await browser.get(code))
    await browser.post("/q/checkin/an", data=page.hidden)
    stand = house.state.seats["an"].stand
    assert (stand.state, stand.method, stand.sighting) == ("present", "scan", "stale")


async def test_a_device_of_two_people_asks_for_each(house: House) -> None:
    browser = house.browser()
    for seat in ("an", "ba"):
        await browser.post(house.card(seat))
    page = drawn(await browser.get(house.shown_code()))
    assert page.forms == ["post /q/checkin/an", "post /q/checkin/ba"]
    assert {"Điểm danh: Nguyễn Văn Ân", "Điểm danh: Lê Thị Ba"} <= set(page.says)


async def test_who_is_here_already_goes_straight_on(house: House) -> None:
    browser = await house.browser_of("an")
    await house.act("an", c.CheckIn(), "fresh")
    answer = await browser.get(house.shown_code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/s/an/")


@pytest.mark.parametrize("who", ["stranger", "other seat", "revoked", "from elsewhere"])
async def test_nobody_else_can_check_a_person_in(house: House, who: str) -> None:
    saw = drawn(await (await house.browser_of("an")).get(house.shown_code())).hidden
    device = await house.claim("an")
    browser = house.browser(**house.cookie("an", device))
    if who == "stranger":
        browser = house.browser()
    elif who == "other seat":
        browser = await house.browser_of("ba")
    elif who == "revoked":
        await house.does("thu", c.RevokeDevice(device))
    else:
        browser.headers.update(ELSEWHERE)
    answer = await browser.post("/q/checkin/an", data=saw)
    assert (answer.status_code, house.state.seats["an"].stand) == (401, Stand())


@pytest.mark.parametrize("saw", ["", "btv.fresh.1000000.aaaaaaaaaaaaaaaaaaaaaaaaaa"])
async def test_without_having_seen_the_screen_nobody_is_checked_in(house: House, saw: str) -> None:
    answer = await (await house.browser_of("an")).post("/q/checkin/an", data={"saw": saw})
    assert (answer.headers["location"], house.state.seats["an"].stand) == ("/s/an/", Stand())


# Choosing a name


async def test_the_names_are_in_order_of_protocol_guests_last_and_no_screen(house: House) -> None:
    page = drawn(await house.browser().get("/names"))
    seats = [form.removeprefix("post /names/") for form in page.forms]
    assert seats == ["chu", "thu", "an", "ba", "tech", "hoa"]
    assert page.links[-1] == "/"


@pytest.mark.parametrize("wanted", ["le thi", "LE THI BA", "dang uy", "Đảng", " lê "])
async def test_a_name_is_found_without_its_accents(house: House, wanted: str) -> None:
    page = drawn(await house.browser().get("/names", params={"q": wanted}))
    assert page.forms == ["post /names/ba"]


async def test_a_long_list_has_a_search_that_keeps_the_proof(house: House) -> None:
    await house.prepare(*(make.a_seat(f"s{number}") for number in range(30)))
    scanned = await house.browser().get(house.shown_code())
    page = drawn(await house.browser().get(scanned.headers["location"]))
    assert (page.forms[0], [*page.hidden]) == ("get /names", ["saw"])
    nobody = drawn(await house.browser().get("/names?q=zzz"))
    assert (nobody.forms, text("names.none") in nobody.says) == (["get /names"], True)


async def test_without_a_meeting_there_is_nobody_to_choose(empty_house: House) -> None:
    assert (await empty_house.browser().get("/names")).headers["location"] == "/"


@pytest.mark.parametrize("seat", ["nobody", "wall"])
async def test_only_people_can_be_chosen(house: House, seat: str) -> None:
    page = drawn(await house.browser().post(f"/names/{seat}"))
    assert (page.status, rows(house)) == (404, [])
    assert text("refused.seat_unknown") in page.says


async def test_a_name_chosen_on_somebody_elses_page_does_not_count(house: House) -> None:
    assert (await house.browser(**ELSEWHERE).post("/names/an")).status_code == 403
    assert rows(house) == []


async def test_a_full_waiting_room_says_so(house: House) -> None:
    for _ in range(WAITING_MOST):
        await choose(house.browser(), "an")
    page = drawn(await house.browser().post("/names/ba"))
    assert (page.status, text("refused.waiting_full") in page.says) == (429, True)


# Waiting


async def test_who_waits_sees_their_number_and_the_page_looks_again(house: House) -> None:
    browser, before = house.browser(), house.state.rev
    where = await choose(browser, "an")
    for _ in range(3):
        page = drawn(await browser.get(where))
        assert (page.status, page.refresh) == (200, "3")
        assert {"01", "Nguyễn Văn Ân", text("wait.title")} <= set(page.says)
    assert (rows(house), house.state.rev) == ([("an", 1, "computer", "none")], before)


async def test_the_desk_lets_in_and_the_browser_is_a_device(house: House) -> None:
    browser = house.browser()
    where = await choose(browser, "an")
    asked = house.clock.now()
    [device] = house.running.room.waiting
    house.clock.pass_by(100)
    await house.does("thu", c.AdmitDevices((device,)))
    answer = await browser.get(where)
    assert (answer.status_code, answer.headers["location"]) == (303, "/s/an/")
    cookie = SimpleCookie(answer.headers["set-cookie"])["seat_an"].value
    assert house.shell.access.device_of(cookie, "btv", "an") == device
    assert drawn(await browser.get("/")).links == ["/s/an/", "/names"]
    stand = house.state.seats["an"].stand
    assert (stand.state, stand.at, stand.method) == ("present", asked, "desk")


async def test_the_desk_sends_away_and_it_stays_so(house: House) -> None:
    browser = house.browser()
    where = await choose(browser, "an")
    [device] = house.running.room.waiting
    await house.does("thu", c.DeclineDevice(device))
    for _ in range(2):
        page = drawn(await browser.get(where))
        assert (page.status, page.refresh, page.links) == (200, "", ["/names"])
        assert text("wait.declined") in page.says
    assert rows(house) == []


async def test_a_device_let_in_and_revoked_gets_no_cookie_again(house: House) -> None:
    browser = house.browser()
    where = await choose(browser, "an")
    [device] = house.running.room.waiting
    await house.does("thu", c.AdmitDevices((device,)), c.RevokeDevice(device))
    answer = await browser.get(where)
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert text("wait.declined") in drawn(answer).says


async def test_a_server_that_starts_again_keeps_the_numbers(
    tmp_path: Path, clock: HandClock
) -> None:
    async with opened(tmp_path, clock) as house:
        await house.prepare(*a_meeting())
        await house.browser().get(house.shown_code())
        places = [await choose(house.browser(**PHONE), seat) for seat in ("an", "ba")]
    clock.pass_by(20)
    async with opened(tmp_path, clock) as house:
        for place in reversed(places):
            page = drawn(await house.browser().get(place))
            assert page.status == 200
        assert rows(house) == [("ba", 2, "phone", "none"), ("an", 1, "phone", "none")]
        [since] = {row.since for row in house.running.room.waiting.values()}
        assert since == make.clock("07:30")


@pytest.mark.parametrize(
    "token", ["a", "btv.x.an.1.1796862600.phone.fresh.aaaaaaaaaaaaaaaaaaaaaaaaaa"]
)
async def test_a_forged_place_in_the_row_leads_to_welcome(house: House, token: str) -> None:
    page = drawn(await house.browser().get(f"/wait/{token}"))
    assert (page.status, page.forms, rows(house)) == (404, ["post /code"], [])


async def test_a_page_left_open_over_night_still_waits(house: House) -> None:
    where = await choose(house.browser(), "an")
    [device] = house.running.room.waiting
    house.running.room.answered(device)
    house.clock.pass_by(24 * 3600)
    page = drawn(await house.browser().get(where))
    assert (page.status, page.refresh, "01" in page.says) == (200, "3", True)
    assert rows(house) == [("an", 1, "computer", "none")]


async def test_asking_again_keeps_the_place_in_the_row(house: House) -> None:
    browser = house.browser()
    await choose(browser, "an")
    await choose(house.browser(), "chu")
    [first, _] = house.running.room.waiting
    where = await choose(browser, "ba")
    assert rows(house) == [("ba", 1, "computer", "none"), ("chu", 2, "computer", "none")]
    assert next(iter(house.running.room.waiting)) == first
    assert "01" in drawn(await browser.get(where)).says


async def test_who_was_sent_away_and_asks_again_is_somebody_new(house: House) -> None:
    browser = house.browser()
    await choose(browser, "an")
    [device] = house.running.room.waiting
    await house.does("thu", c.DeclineDevice(device))
    where = await choose(browser, "an")
    [again] = house.running.room.waiting
    assert again != device
    assert text("wait.title") in drawn(await browser.get(where)).says


async def test_after_the_closing_nobody_waits_for_a_desk_that_has_gone(house: House) -> None:
    await house.does("chu", c.OpenMeeting(), c.CloseMeeting())
    page = drawn(await house.browser().post("/names/an"))
    assert (page.status, text("table.closed") in page.says) == (409, True)
    assert rows(house) == []


async def test_who_saw_the_screen_finds_a_place_in_a_full_waiting_room(house: House) -> None:
    first = await choose(house.browser(), "an")
    for _ in range(WAITING_MOST - 1):
        house.clock.pass_by(1)
        await choose(house.browser(), "an")
    longest = next(iter(house.running.room.waiting))
    browser = house.browser()
    await browser.get(house.shown_code())
    await choose(browser, "ba")
    waiting = house.running.room.waiting
    assert (len(waiting), longest in waiting) == (WAITING_MOST, False)
    assert [(w.seat, w.sighting) for w in waiting.values()][-1] == ("ba", "fresh")
    page = drawn(await house.browser().get(first))
    assert (page.status, text("refused.waiting_full") in page.says) == (429, True)


# What no page of ours sends


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//[", "null"])
async def test_an_origin_that_cannot_be_read_is_somebody_elses(house: House, origin: str) -> None:
    answer = await house.browser(origin=origin).post("/names/an")
    assert (answer.status_code, rows(house)) == (403, [])


@pytest.mark.parametrize("charset", ["undefined", "utf-99", "idna", "utf-16"])
async def test_a_form_nobody_can_read_says_nothing(house: House, charset: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    form = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n\xe1\xba\r\n--x--\r\n'
    for path, name, status in (("/code", b"code", 404), ("/names/an", b"saw", 303)):
        answer = await house.browser().post(
            path, content=form % name, headers={"content-type": kind}
        )
        assert answer.status_code == status, (path, answer.text)


async def test_what_is_asked_wrongly_is_a_sentence_for_people_and_a_code_for_programs(
    house: House,
) -> None:
    browser = house.browser()
    shown = drawn(await browser.put("/names", headers={"accept": "text/html,*/*"}))
    assert (shown.status, text("refused.malformed") in shown.says) == (405, True)
    assert "/" in shown.links
    told = await browser.put("/names", headers={"accept": "application/json"})
    assert (told.status_code, told.json()) == (405, {"code": "malformed", "data": {}})
