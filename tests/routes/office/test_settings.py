"""The office's settings and bodies, its page, and that nothing of it is open to others."""

from __future__ import annotations

from typing import Any

import pytest

from meeting.protocol import commands as c
from meeting.routes import office as office_routes
from tests.helpers import make
from tests.routes.conftest import House
from tests.routes.office.conftest import OFFICE, Browser, elsewhere, refused

BODY: dict[str, Any] = {
    "id": "dang-uy",
    "kind": "other",
    "name": "Đảng ủy các cơ quan",
    "word": "Phiên họp",
    "quorum_present": 2,
    "quorum_total": 1,
    "address_form": "ong_ba",
    "presenter": "chair",
}
ANOTHER_WIFI = {**OFFICE, "wifi_name": "HOP-B", "wifi_password": "hoa-mai-2027"}
OPEN = {"/office/api/me", "/office/api/sign-in", "/office/api/begin", "/office/api/forgot"}
PAGE = {"/office", "/office/{path:path}", "/office/api/{path:path}"}


# Settings


async def test_the_office_is_changed_and_that_is_recorded(house: House, office: Browser) -> None:
    assert await office.asks("office") == (200, OFFICE)
    changed = {**OFFICE, "name": "Văn phòng Đảng ủy", "address_form": "ong_ba"}
    for _ in range(2):
        assert await office.does("office", changed, "PUT") == (200, changed)
    _, rows = await office.asks("record")
    assert [row["what"] for row in rows].count("office.changed") == 1
    assert await office.does("office", {**OFFICE, "name": ""}, "PUT") == refused("name_needed")
    assert await office.does("office", {**OFFICE, "zone": "../etc"}, "PUT") == (
        refused("malformed", 400)
    )
    assert await office.asks("office") == (200, changed)


async def test_a_meeting_ahead_follows_wifi_and_help_line(house: House, office: Browser) -> None:
    changed = {**ANOTHER_WIFI, "help_name": "anh Bình", "help_phone": "0900 111 222"}
    await office.does("office", changed, "PUT")
    heading = house.state.meeting
    password = house.shell.networks.password(heading)
    assert (heading.wifi_name, password) == ("HOP-B", "hoa-mai-2027")
    assert (heading.help_name, heading.help_phone) == ("anh Bình", "0900 111 222")
    assert (heading.title, heading.office) == (
        "Hội nghị Ban Thường vụ, tháng 12/2026",
        "Văn phòng Tỉnh ủy Thanh Giang",
    )
    entries = (await house.shell.meetings.stored(house.running.id)).entries
    [account] = house.shell.office.accounts
    assert (entries[-1][0].seat, entries[-1][0].device) == ("", account)


async def test_a_meeting_that_is_on_or_has_its_own_wifi_keeps_it(
    house: House, office: Browser
) -> None:
    await house.does("chu", c.OpenMeeting())
    on = house.running
    await house.prepare(make.a_meeting("away", wifi_name="NHA-VAN-HOA"))
    away = house.running
    before = (on.state.rev, away.state.rev)
    await office.does("office", ANOTHER_WIFI, "PUT")
    assert (on.state.rev, away.state.rev) == before
    await office.does("office", {**ANOTHER_WIFI, "help_phone": "0900 111 222"}, "PUT")
    assert (on.state.rev, away.state.rev) == (before[0], before[1] + 1)
    heading = away.state.meeting
    assert (heading.wifi_name, heading.help_phone) == ("NHA-VAN-HOA", "0900 111 222")


# Bodies


async def test_a_body_is_added_and_changed(house: House, office: Browser) -> None:
    assert await office.does("bodies/dang-uy", BODY, "PUT") == (200, BODY)
    changed = {**BODY, "name": "Đảng ủy khối"}
    assert await office.does("bodies/dang-uy", changed, "PUT") == (200, changed)
    _, bodies = await office.asks("bodies")
    assert [body["id"] for body in bodies] == [
        "thuong-truc",
        "ban-thuong-vu",
        "ban-chap-hanh",
        "dang-uy",
    ]
    assert bodies[-1] == changed
    _, rows = await office.asks("record")
    assert [(row["what"], row["about"]) for row in rows[:2]] == [
        ("body.changed", "Đảng ủy khối"),
        ("body.added", "Đảng ủy khối"),
    ]


@pytest.mark.parametrize(
    ("path", "said", "refusal"),
    [
        ("bodies/another", BODY, refused("malformed", 400)),
        ("bodies/dang-uy", {**BODY, "name": " "}, refused("name_needed")),
        ("bodies/dang-uy", {**BODY, "quorum_total": 0}, refused("malformed", 400)),
        ("bodies/dang-uy", {**BODY, "kind": "club"}, refused("malformed", 400)),
    ],
)
async def test_a_body_that_cannot_be_is_refused(
    house: House, office: Browser, path: str, said: dict[str, Any], refusal: object
) -> None:
    assert await office.does(path, said, "PUT") == refusal
    assert "dang-uy" not in house.shell.office.bodies


# The page


async def test_the_page_is_served_at_each_of_its_addresses(house: House) -> None:
    (house.shell.static / "office.html").write_text("<!doctype html><title>Phiên</title>", "utf-8")
    browser = house.browser()
    answer = await browser.get("/office")
    assert (answer.status_code, answer.headers["location"]) == (303, "/office/")
    for path in ("/office/", "/office/m/abc", "/office/settings"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.text) == (200, "<!doctype html><title>Phiên</title>")
        assert answer.headers["cache-control"] == "no-store"
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert (await browser.get("/office/api/unknown")).json() == {"code": "malformed", "data": {}}


# Nobody else


def asked(house: House) -> list[tuple[str, str]]:
    """Every request of the page's, by method and path."""
    every = office_routes.routes(house.shell)
    routes = [r for r in every if r.path.startswith("/office/") and r.path not in PAGE]
    return [
        (method, route.path)
        for route in routes
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def filled(path: str) -> str:
    """With something in the place of every name."""
    return "/".join("1" if part.startswith("{") else part for part in path.split("/"))


async def test_a_stranger_is_told_to_sign_in_by_every_route(house: House, office: Browser) -> None:
    answers = {}
    for method, path in asked(house):
        if path not in OPEN and path != "/office/api/sign-out":
            answer = await elsewhere(house).http.request(
                method, filled(path), json={}, headers={"x-phien": "1"}
            )
            answers[method, path] = answer.status_code
    assert {asked: status for asked, status in answers.items() if status != 401} == {}


async def test_another_site_changes_nothing_by_any_route(house: House, office: Browser) -> None:
    """With the secretary's own cookie, which a browser might send along."""
    record = await office.asks("record")
    answers = {}
    for method, path in asked(house):
        if method == "GET":
            continue
        for headers in (
            {},
            {"x-phien": "1", "origin": "http://192.168.1.66"},
            {"x-phien": "1", "sec-fetch-site": "cross-site"},
        ):
            answer = await office.http.request(method, filled(path), json={}, headers=headers)
            answers[method, path, *headers] = (answer.status_code, answer.json()["code"])
    assert {asked: said for asked, said in answers.items() if said != (403, "not_allowed")} == {}
    assert await office.asks("record") == record
