"""Welcome, and cards: reading changes nothing, one tap makes a device of the seat."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.rules.state import Device
from meeting.texts import text
from tests.helpers import make
from tests.routes.conftest import TRIES, URL, House, a_meeting
from tests.routes.drawn import drawn

ELSEWHERE = {"origin": "http://192.168.1.66"}

IPAD = "Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X) AppleWebKit/605.1.15 Version/15.6 Safari"
ANDROID = "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 Chrome/120.0 Mobile Safari"
TAB = "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


async def test_without_a_meeting_welcome_says_so(empty_house: House) -> None:
    page = drawn(await empty_house.browser().get("/"))
    assert (page.status, page.forms, page.links) == (200, [], ["/"])
    assert text("welcome.no_meeting") in page.says


async def test_a_new_server_leads_whoever_sits_at_it_to_the_office(empty_house: House) -> None:
    at_it = empty_house.browser_at("127.0.0.1", "http://localhost:8080")
    assert (await at_it.get("/")).headers["location"] == "/office/"
    assert (await empty_house.browser_at("192.168.1.50", URL).get("/")).status_code == 200
    await empty_house.prepare(make.a_meeting())
    assert (await at_it.get("/")).status_code == 200


async def test_welcome_names_office_meeting_day_hour_and_place(house: House) -> None:
    page = drawn(await house.browser().get("/"))
    assert page.says == [
        "Văn phòng Tỉnh ủy Thanh Giang",
        "Hội nghị Ban Thường vụ, tháng 12/2026",
        "Thứ Năm, 10/12/2026 · 07:30 · Phòng họp A",
        "✓ Đã vào Wi-Fi phòng họp",
        "Sáu số trên thẻ của đồng chí",
        "Vào họp",
        "hoặc",
        "Chọn tên trong danh sách",
        "Cần giúp: Bộ phận kỹ thuật",
        "0900 000 000",
    ]
    assert (page.forms, page.links) == (["post /code"], ["/names"])


async def test_welcome_speaks_of_the_newest_meeting_in_its_own_manner(house: House) -> None:
    made = make.a_meeting("b2", title="Họp thử", trial=True, address_form="ong_ba", help_name="")
    await house.prepare(made)
    said = drawn(await house.browser().get("/")).says
    assert (said[0], said[2]) == (text("plain.trial"), "Họp thử")
    assert "Sáu số trên thẻ của ông/bà" in said


async def test_welcome_speaks_of_the_meeting_at_hand_not_of_the_one_prepared_last(
    house: House,
) -> None:
    async def spoken_of() -> str:
        return drawn(await house.browser().get("/")).says[1]

    week, month = (
        make.a_meeting(name, title=title, starts_at=make.clock("07:30") + timedelta(days=days))
        for name, title, days in (("b2", "Tuần sau", 7), ("b3", "Tháng sau", 30))
    )
    await house.prepare(week, make.a_seat("wa", name="Người Tuần Sau"))
    await house.prepare(month, make.a_seat("ma"))
    await house.prepare(make.a_meeting("b4", title="Tạo nhầm"), make.a_seat("mb", "screen"))
    assert await spoken_of() == "Hội nghị Ban Thường vụ, tháng 12/2026"
    names = drawn(await house.browser().get("/names")).says
    assert ("Nguyễn Văn Ân" in names, "Người Tuần Sau" in names) == (True, False)

    house.clock.pass_by(4 * 24 * 3600)
    assert await spoken_of() == "Tuần sau"
    [first, _, last, _] = house.shell.meetings.all()
    for opened in (last, first):
        house.clock.pass_by(60)
        answer = await opened.submit(make.OFFICE, house.sent(c.OpenMeeting(early=True)))
        assert isinstance(answer, Committed)
        assert await spoken_of() == opened.state.meeting.title
    house.clock.pass_by(25 * 3600)
    assert await spoken_of() == "Tuần sau", "nobody closed those two"


async def test_pages_are_kept_by_nobody_and_need_neither_script_nor_inline_style(
    house: House,
) -> None:
    browser = await house.browser_of("an")
    for path in ("/", "/names", house.card("ba"), "/c/none", "/s/" + "an" + "/plain"):
        answer = await browser.get(path)
        page = drawn(answer)
        assert (page.scripted, page.sheets) == ([], ["/static/assets/plain-1.css"]), path
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path


HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


async def test_whatever_people_are_called_stays_text(house: House) -> None:
    name = '<script>alert("1")</script>'
    await house.prepare(make.a_seat("odd", name=name, post="<b>&amp;</b>"))
    for path in ("/names", house.card("odd")):
        page = drawn(await house.browser().get(path))
        assert page.scripted == []
        assert [said for said in page.says if said in (name, "<b>&amp;</b>")] == [
            name,
            "<b>&amp;</b>",
        ]


async def test_a_wrong_address_leads_to_welcome_with_a_calm_sentence(house: House) -> None:
    browser = house.browser()
    answer = await browser.get("/duong/khong/co")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?lost=1")
    page = drawn(await browser.get("/?lost=1"))
    assert (page.status, text("welcome.lost") in page.says) == (200, True)


# Going on with a device that is known


async def test_a_known_browser_is_offered_to_go_on(house: House) -> None:
    page = drawn(await (await house.browser_of("an")).get("/"))
    assert page.links == ["/s/an/", "/names"]
    assert "Nguyễn Văn Ân" in page.says


@pytest.mark.parametrize("holds", ["nothing", "another seat's", "a forged one", "a revoked one"])
async def test_other_browsers_are_not(house: House, holds: str) -> None:
    device = await house.claim("an")
    token = house.shell.access.device_token("btv", "an", device)
    cookie = {
        "nothing": "",
        "another seat's": f"seat_ba={token}",
        "a forged one": f"seat_an={device}.{'a' * 26}",
        "a revoked one": f"seat_an={token}",
    }[holds]
    if holds == "a revoked one":
        await house.does("thu", c.RevokeDevice(device))
    page = drawn(await house.browser(cookie=cookie).get("/"))
    assert page.links == ["/names"]


# Six digits


async def test_six_digits_lead_to_the_card_spaces_or_not(house: House) -> None:
    digits = house.digits("an")
    for typed in (digits, f" {digits[:3]} {digits[3:]} "):
        answer = await house.browser().post("/code", data={"code": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, house.card("an"))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨"])
async def test_digits_of_nobody_say_so(house: House, typed: str) -> None:
    page = drawn(await house.browser().post("/code", data={"code": typed}))
    assert (page.status, text("refused.card_unknown") in page.says) == (404, True)
    assert page.forms == ["post /code"]


async def test_guessing_digits_is_slowed_down_for_a_while(house: House) -> None:
    browser, right = house.browser(), {"code": house.digits("an")}
    wrong = {"code": next(d for d in ("000000", "000001") if d != right["code"])}
    for _ in range(TRIES):
        assert (await browser.post("/code", data=wrong)).status_code == 404
    page = drawn(await browser.post("/code", data=right))
    assert (page.status, text("refused.code_paused") in page.says) == (429, True)
    house.clock.pass_by(61)
    assert (await browser.post("/code", data=right)).status_code == 303


async def test_six_digits_are_no_link(house: House) -> None:
    """Else they could be guessed without being counted."""
    digits = house.digits("an")
    assert (await house.browser().get(f"/c/{digits}")).status_code == 404
    assert (await house.browser().post(f"/c/{digits}")).status_code == 404


# Cards


async def test_a_card_names_the_person_and_asks(house: House) -> None:
    page = drawn(await house.browser().get(house.card("ba")))
    assert (page.status, page.forms, page.links) == (200, ["post"], ["/"])
    assert {"Lê Thị Ba", "Trưởng ban Đảng ủy", text("card.yes"), text("card.no")} <= set(page.says)


async def test_looking_at_a_card_changes_nothing(house: House) -> None:
    """Zalo and others open a link before anybody taps it."""
    before, browser = house.state.rev, house.browser()
    answers = [await browser.get(house.card("an")), await browser.head(house.card("an"))]
    assert [(a.status_code, "set-cookie" in a.headers) for a in answers] == [(200, False)] * 2
    assert (house.state.rev, house.state.devices) == (before, {})


async def test_a_tap_makes_a_device_of_the_seat(house: House) -> None:
    browser = house.browser(origin=URL, **{"user-agent": IPAD})
    answer = await browser.post(house.card("an"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/s/an/")
    [device] = house.state.devices.values()
    assert device == Device(device.id, "an", "tablet")
    morsel = SimpleCookie(answer.headers["set-cookie"])["seat_an"]
    assert house.shell.access.device_of(morsel.value, "btv", "an") == device.id
    kept = {name: morsel[name] for name in ("httponly", "samesite", "path", "secure", "max-age")}
    assert kept == {
        "httponly": True,
        "samesite": "lax",
        "path": "/",
        "secure": "",
        "max-age": str(30 * 24 * 3600),
    }
    assert house.state.seats["an"].stand.state == "none"


@pytest.mark.parametrize(
    ("seat", "says", "kind"),
    [
        ("an", IPAD, "tablet"),
        ("an", TAB, "tablet"),
        ("an", ANDROID, "phone"),
        ("an", LAPTOP, "computer"),
        ("wall", LAPTOP, "screen"),
    ],
)
async def test_the_desk_can_tell_what_kind_of_device_came(
    house: House, seat: str, says: str, kind: str
) -> None:
    await house.browser(**{"user-agent": says}).post(house.card(seat))
    assert [device.kind for device in house.state.devices.values()] == [kind]


async def test_tapping_twice_in_one_browser_is_one_device(house: House) -> None:
    browser = house.browser()
    answers = [await browser.post(house.card("an")) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == ["/s/an/"] * 2
    assert len(house.state.devices) == 1


async def test_two_links_in_one_browser_are_two_people(house: House) -> None:
    browser = house.browser()
    for seat in ("an", "ba"):
        await browser.post(house.card(seat))
    assert [device.seat for device in house.state.devices.values()] == ["an", "ba"]
    assert drawn(await browser.get("/")).links == ["/s/an/", "/s/ba/", "/names"]


async def test_a_fourth_device_is_refused_in_words(house: House) -> None:
    for _ in range(3):
        await house.claim("an")
    answer = await house.browser().post(house.card("an"))
    page = drawn(answer)
    assert (page.status, "set-cookie" in answer.headers) == (409, False)
    assert text("refused.devices_full") in page.says
    assert (len(house.state.devices), page.links) == (3, ["/"])


async def test_a_tap_on_somebody_elses_page_is_not_a_tap_on_ours(house: House) -> None:
    before = house.state.rev
    for path in (house.card("an"), "/code"):
        answer = await house.browser(**ELSEWHERE).post(path, data={"code": house.digits("an")})
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert house.state.rev == before


async def test_a_card_that_ended_shows_the_way_back(house: House) -> None:
    old = house.card("an")
    await house.does("thu", c.ReissueCard("an"))
    assert house.card("an") != old
    for path in (old, "/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"):
        for method in ("GET", "POST"):
            page = drawn(await house.browser().request(method, path))
            assert (page.status, page.links) == (404, ["/"])
            assert text("card.unknown") in page.says
    assert house.state.devices_of("an") == []


async def test_a_revoked_device_may_come_back_with_the_new_card(house: House) -> None:
    browser = house.browser()
    await browser.post(house.card("an"))
    await house.does("thu", c.ReissueCard("an"))
    await browser.post(house.card("an"))
    assert [d.revoked for d in house.state.devices.values() if d.seat == "an"] == [True, False]
    assert drawn(await browser.get("/")).links == ["/s/an/", "/names"]


async def test_a_card_of_an_earlier_meeting_still_leads_there(house: House) -> None:
    earlier = house.card("an")
    later = [made for made in a_meeting("b2") if isinstance(made, c.CreateMeeting)]
    await house.prepare(*later, make.a_seat("later"))
    answer = await house.browser().post(earlier)
    assert answer.headers["location"] == "/s/an/"
