"""Meetings in the office's hands: begun, given commands, copied to be practised in, entered."""

from __future__ import annotations

from typing import Any

import pytest

from meeting.protocol import commands as c
from tests.helpers import make
from tests.routes.conftest import House
from tests.routes.office.conftest import Browser, elsewhere, refused

WANTED = {
    "body_id": "ban-thuong-vu",
    "title": "Hội nghị Ban Thường vụ, tháng 01/2027",
    "place": "Phòng họp B",
    "starts_at": "2027-01-14T07:30:00+07:00",
    "presenter": "chair",
    "like": "",
}


async def begun(office: Browser, **said: Any) -> str:
    status, answer = await office.does("meetings", {**WANTED, **said})
    assert status == 201, answer
    return str(answer["id"])


async def prepared(office: Browser, meeting: str = "btv") -> dict[str, Any]:
    status, answer = await office.asks(f"m/{meeting}")
    assert status == 200, answer
    found: dict[str, Any] = answer
    return found


def sent(command: dict[str, Any], id_: str = "0123456789ab") -> dict[str, Any]:
    return {"id": id_, "command": command}


async def test_a_meeting_is_begun_for_a_body_with_its_quorum_and_the_rooms_screen(
    office: Browser,
) -> None:
    meeting = await begun(office)
    seen = await prepared(office, meeting)
    assert seen["heading"] == {
        "title": "Hội nghị Ban Thường vụ, tháng 01/2027",
        "place": "Phòng họp B",
        "starts_at": "2027-01-14T07:30:00+07:00",
        "presenter": "chair",
        "address_form": "dong_chi",
        "wifi_name": "HOP-A",
        "wifi_password": "mua-xuan-2027",
        "help_name": "Bộ phận kỹ thuật",
        "help_phone": "0900 000 000",
        "quorum_present": 3,
        "quorum_total": 2,
        "body": "Ban Thường vụ",
        "body_id": "ban-thuong-vu",
        "office": "Văn phòng Tỉnh ủy Thanh Giang",
        "zone": "Asia/Ho_Chi_Minh",
        "trial": False,
        "trial_of": "",
    }
    assert [(seat["role"], seat["name"]) for seat in seen["seats"]] == [
        ("screen", "Màn hình phòng họp")
    ]
    assert (seen["phase"], seen["items"], seen["documents"]) == ("before", [], [])


async def test_a_meeting_like_the_last_takes_its_roll_without_the_guests(
    house: House, office: Browser
) -> None:
    seen = await prepared(office, await begun(office, like="btv"))
    before = [seat for seat in house.shell.meetings.all()[0].state.seats.values()]
    people = [seat for seat in before if seat.role not in ("guest", "screen")]
    assert [(seat["name"], seat["role"], seat["votes"]) for seat in seen["seats"]] == [
        *((seat.name, seat.role, seat.votes) for seat in people),
        ("Màn hình phòng họp", "screen", False),
    ]
    assert {seat["id"] for seat in seen["seats"]} & {seat.id for seat in before} == set()
    assert seen["items"] == []


async def test_a_meeting_like_the_last_takes_its_agenda_for_the_new_hour_and_no_paper(
    office: Browser,
) -> None:
    like = {"like": "btv", "agenda": True, "starts_at": "2027-01-14T14:00:00+07:00"}
    seen = await prepared(office, await begun(office, **like))
    assert [(item["number"], item["title"], item["starts"]) for item in seen["items"]] == [
        ("1", "Kinh tế năm 2026", "14:15"),
        ("2", "Xây dựng trường học", "15:30"),
        ("3", "Việc riêng", ""),
    ]
    named = {seat["id"]: seat["name"] for seat in seen["seats"]}
    assert {named[seat] for seat in seen["items"][2]["limited_to"]} == {"Đỗ Chủ Trì", "Trần Thư Ký"}
    assert seen["documents"] == []


async def test_a_meeting_starts_from_one_thing(office: Browser) -> None:
    two = {**WANTED, "like": "btv", "carried": True}
    assert await office.does("meetings", two) == refused("malformed", 400)


async def test_a_meeting_needs_a_body_that_is_there_and_a_title(
    house: House, office: Browser
) -> None:
    known = len(house.shell.meetings.all())
    assert await office.does("meetings", {**WANTED, "body_id": "doan"}) == refused("body_unknown")
    assert await office.does("meetings", {**WANTED, "title": " "}) == refused("name_needed")
    assert await office.does("meetings", {**WANTED, "like": "khac"}) == refused(
        "meeting_unknown", 404
    )
    assert len(house.shell.meetings.all()) == known


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_a_day_that_no_calendar_has_is_refused(office: Browser, day: str) -> None:
    assert await office.does("meetings", {**WANTED, "starts_at": day}) == refused("malformed", 400)


async def test_the_list_has_the_newest_first(office: Browser) -> None:
    meeting = await begun(office)
    status, rows = await office.asks("meetings")
    assert status == 200
    assert [row["id"] for row in rows] == [meeting, "btv"]
    assert rows[1] == {
        "id": "btv",
        "title": "Hội nghị Ban Thường vụ, tháng 12/2026",
        "body": "Ban Thường vụ",
        "body_id": "",
        "place": "Phòng họp A",
        "starts_at": "2026-12-10T00:30:00Z",
        "zone": "Asia/Ho_Chi_Minh",
        "phase": "before",
        "trial": False,
        "trial_of": "",
        "people": 6,
        "guests": 1,
        "items": 3,
        "papers": 3,
        "file_number": "",
    }


async def test_one_meeting_is_shown_whole(house: House, office: Browser) -> None:
    seen = await prepared(office)
    assert seen["rev"] == house.state.rev
    assert seen["seats"][0] == {
        "id": "hoa",
        "position": 1,
        "name": "Hoàng Hoa",
        "post": "Chức vụ hoa",
        "role": "guest",
        "votes": False,
        "items": ["2"],
        "attendance": "none",
        "card": True,
    }
    assert seen["items"][2]["limited_to"] == ["chu", "thu"]
    assert seen["documents"][0] == {
        "id": "d1",
        "item": "1",
        "position": 1,
        "number": "d1-BC/TU",
        "title": "Báo cáo d1",
        "version": 1,
        "pages": 34,
        "late": False,
        "ready": 0,
        "failed": 0,
        "collect": False,
        "turned": {},
        "older": [],
    }
    assert (seen["base_url"], seen["address_changed"]) == ("http://192.168.1.105:8080", False)


async def test_a_command_is_answered_as_from_a_device(house: House, office: Browser) -> None:
    asked = {"type": "seat.change", "seat": "ba", "name": "Lê Thị Bá", "post": "", "role": "member"}
    rev = house.state.rev + 1
    assert await office.does("m/btv/command", sent(asked)) == (
        200,
        {"status": "committed", "rev": rev},
    )
    assert await office.does("m/btv/command", sent(asked)) == (
        200,
        {"status": "committed", "rev": rev},
    )
    assert house.state.seats["ba"].name == "Lê Thị Bá"
    entry = (await house.shell.meetings.stored("btv")).entries[-1][0]
    account = next(iter(house.shell.office.accounts))
    assert (entry.seat, entry.device) == ("", account)


async def test_a_refused_command_says_why(office: Browser) -> None:
    asked = {"type": "seat.remove", "seat": "wall"}
    assert await office.does("m/btv/command", sent(asked)) == (
        409,
        {"status": "rejected", "code": "seat_needed", "data": {}},
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "meetings"),
        ("POST", "meetings"),
        ("GET", "m/btv"),
        ("POST", "m/btv/command"),
        ("POST", "m/btv/roll"),
        ("POST", "m/btv/agenda"),
        ("PUT", "m/btv/files"),
        ("POST", "m/btv/papers"),
        ("PUT", "m/btv/papers/d1/files"),
        ("PUT", "m/btv/signed"),
        ("GET", "m/btv/image/d1/1"),
        ("POST", "m/btv/trial"),
        ("POST", "m/btv/end-trial"),
        ("POST", "m/btv/enter"),
        ("GET", "starts"),
        ("POST", "templates"),
        ("PUT", "templates/t1"),
        ("POST", "templates/t1/delete"),
        ("POST", "read/roll"),
        ("POST", "read/agenda"),
    ],
)
async def test_nothing_is_for_strangers_nor_for_other_pages(
    house: House, office: Browser, method: str, path: str
) -> None:
    stranger = elsewhere(house)
    assert await stranger.does(path, {}, method) == refused("not_signed_in", 401)
    if method != "GET":
        answer = await office.http.request(method, f"/office/api/{path}", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_no_meeting_is_no_meeting(office: Browser) -> None:
    assert await office.asks("m/nothing") == refused("meeting_unknown", 404)


async def test_a_trial_copy_has_all_and_touches_nothing(house: House, office: Browser) -> None:
    real = house.shell.meetings.all()[0]
    before = real.state
    status, answer = await office.does("m/btv/trial")
    copy = await prepared(office, answer["id"])
    assert (status, copy["heading"]["trial"], copy["heading"]["trial_of"]) == (201, True, "btv")
    seen = await prepared(office)
    assert real.state == before

    def known(rows: list[dict[str, Any]], *names: str) -> list[list[Any]]:
        return [[row[name] for name in names] for row in rows]

    for things, names in (
        ("seats", ("name", "post", "role", "votes")),
        ("items", ("number", "title", "starts", "recess")),
        ("documents", ("number", "title", "version", "pages")),
    ):
        assert known(copy[things], *names) == known(seen[things], *names)
        assert {row["id"] for row in copy[things]} & {row["id"] for row in seen[things]} == set()
    of_copy = house.shell.meetings.get(answer["id"])
    assert of_copy is not None
    invited = {seat.name: seat.items for seat in of_copy.state.seats.values()}
    assert invited["Hoàng Hoa"] == {copy["items"][1]["id"]}
    assert {paper.address for paper in of_copy.state.documents.values()}.isdisjoint(
        paper.address for paper in before.documents.values()
    )


async def test_there_is_one_trial_copy_and_it_can_be_ended(house: House, office: Browser) -> None:
    first = (await office.does("m/btv/trial"))[1]["id"]
    second = (await office.does("m/btv/trial"))[1]["id"]
    assert [one.id for one in house.shell.meetings.trial_copies()] == [second]
    assert await office.asks(f"m/{first}") == refused("meeting_unknown", 404)
    assert await office.does(f"m/{second}/trial") == refused("not_allowed", 403)
    assert await office.does(f"m/{second}/end-trial") == (200, {"id": "btv"})
    assert house.shell.meetings.trial_copies() == []
    assert (await house.shell.meetings.stored(second)).entries == []


async def test_a_meeting_that_is_on_is_not_copied(house: House, office: Browser) -> None:
    await house.does("chu", c.OpenMeeting())
    assert await office.does("m/btv/trial") == refused("wrong_phase", phase="running")


async def test_trial_copies_go_after_days_or_when_their_meeting_is_over(
    house: House, office: Browser
) -> None:
    meetings = house.shell.meetings
    await office.does("m/btv/trial")
    assert meetings.left_behind() == []
    house.clock.pass_by(3 * 24 * 3600 + 1)
    assert meetings.left_behind() == meetings.trial_copies()
    assert await office.signs_in() == ""
    await office.does("m/btv/trial")
    assert meetings.left_behind() == []
    await house.shell.meetings.all()[0].submit(make.OFFICE, house.sent(c.OpenMeeting()))
    assert meetings.left_behind() == []
    await house.shell.meetings.all()[0].submit(make.OFFICE, house.sent(c.CloseMeeting()))
    assert meetings.left_behind() == meetings.trial_copies()


async def test_people_come_to_the_real_meeting_and_find_the_trial_beside_it(
    house: House, office: Browser
) -> None:
    copy = (await office.does("m/btv/trial"))[1]["id"]
    running = house.shell.meetings.get(copy)
    assert running is not None
    async with house.browser() as browser:
        welcome = (await browser.get("/")).text
        assert "CHẠY THỬ" not in welcome
        assert f'href="/trial/{copy}"' in welcome
        trial = (await browser.get(f"/trial/{copy}")).text
        assert ("CHẠY THỬ" in trial, f'href="/names?trial={copy}"' in trial) == (True, True)
        names = (await browser.get(f"/names?trial={copy}")).text
        assert all(f'action="/names/{seat}"' in names for seat in _on_roll(running))
        digits = house.shell.access.card_digits(running.state)
        someone = next(seat for seat in running.state.seats.values() if seat.role == "member")
        typed = await browser.post("/code", data={"code": digits[someone.id]})
        assert typed.headers["location"].startswith("/c/")
        assert "CHẠY THỬ" in (await browser.get(typed.headers["location"])).text
        scanned = await browser.get(f"/q/{running.codes.scan_code(house.clock.seconds())}")
        chosen = (await browser.get(scanned.headers["location"])).text
        assert all(f'action="/names/{seat}"' in chosen for seat in _on_roll(running))


def _on_roll(running: Any) -> list[str]:
    return [seat.id for seat in running.state.seats.values() if seat.on_roll]


async def test_the_offices_browser_comes_in_by_a_personal_link(
    house: House, office: Browser
) -> None:
    assert await office.does("m/btv/enter") == (200, {"link": house.card("thu")})
    assert await office.does("m/btv/enter", {"role": "screen"}) == (
        200,
        {"link": house.card("wall")},
    )
    assert await office.does("m/btv/enter", {"role": "minute_taker"}) == refused(
        "seat_unknown", 404
    )


async def test_once_the_real_meeting_is_on_nobody_is_led_to_practise(
    house: House, office: Browser
) -> None:
    copy = (await office.does("m/btv/trial"))[1]["id"]
    stranger = house.browser()
    before = (await stranger.get("/")).text
    await house.shell.meetings.all()[0].submit(make.OFFICE, house.sent(c.OpenMeeting()))
    during = (await stranger.get("/")).text
    assert (f"/trial/{copy}" in before, f"/trial/{copy}" in during) == (True, False)


async def test_that_cards_were_printed_is_known_wherever_one_looks(
    house: House, office: Browser
) -> None:
    assert ((await prepared(office))["cards_url"], (await prepared(office))["address_changed"]) == (
        "",
        False,
    )
    house.shell.prints.addresses.note("btv", "http://192.168.1.50")
    seen = await prepared(elsewhere_in(house, office))
    assert (seen["cards_url"], seen["address_changed"]) == ("http://192.168.1.50", True)


def elsewhere_in(house: House, office: Browser) -> Browser:
    """The same secretary at another machine."""
    other = elsewhere(house)
    other.http.cookies = office.http.cookies
    return other
