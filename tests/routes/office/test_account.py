"""Who comes in to the office: first start, passwords, accounts."""

from __future__ import annotations

import logging

import pytest

from meeting.protocol import commands as c
from tests.routes.conftest import URL, House
from tests.routes.office.conftest import (
    ACCOUNT,
    HERE,
    LOGIN,
    OFFICE,
    PASSWORD,
    Browser,
    elsewhere,
    here,
    refused,
)

BEGIN = {"office": OFFICE, "account": ACCOUNT}
ANOTHER = {"name": "Lê Thị Ba", "login": "ba", "password": "mật khẩu của Ba"}
SIGN_IN = {"login": LOGIN, "password": PASSWORD}
WITHOUT_WIFI = {**OFFICE, "wifi_name": "", "wifi_password": ""}


async def record(browser: Browser) -> list[tuple[str, str, str]]:
    """Who did what about whom, the oldest first."""
    _, rows = await browser.asks("record")
    return [(row["by"], row["what"], row["about"]) for row in reversed(rows)]


# The first start


async def test_the_first_start_creates_office_bodies_and_the_first_account(house: House) -> None:
    browser = here(house)
    assert await browser.asks("me") == (
        200,
        {"state": "new", "here": True, "office": None, "account": None, "converts": False},
    )
    status, me = await browser.does("begin", BEGIN)
    [account] = house.shell.office.accounts.values()
    shown = {"id": account.id, "name": "Trần Thư Ký", "login": LOGIN, "closed": False}
    assert (status, me) == (
        200,
        {
            "state": "signed_in",
            "here": True,
            "office": OFFICE,
            "account": shown,
            "converts": False,
        },
    )
    assert await browser.asks("me") == (200, me)
    _, bodies = await browser.asks("bodies")
    assert [(body["kind"], body["quorum_present"], body["quorum_total"]) for body in bodies] == [
        ("thuong_truc", 3, 2),
        ("ban_thuong_vu", 3, 2),
        ("ban_chap_hanh", 3, 2),
    ]
    assert await record(browser) == [("Trần Thư Ký", "office.created", "")]


async def test_from_another_machine_the_first_start_needs_the_code_of_the_terminal(
    house: House,
) -> None:
    browser, code = elsewhere(house), house.shell.office.begin_code
    assert await browser.does("begin", BEGIN) == refused("begin_code_wrong")
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(4):
        assert await browser.does("begin", {**BEGIN, "code": wrong}) == refused("begin_code_wrong")
    assert await browser.does("begin", {**BEGIN, "code": code}) == refused("code_paused", 429)
    assert house.shell.office.office is None
    house.clock.pass_by(61)
    assert (await browser.does("begin", {**BEGIN, "code": f"{code[:4]} {code[4:]}"}))[0] == 200
    assert house.shell.office.begin_code == ""


async def test_there_is_one_office(house: House) -> None:
    await here(house).does("begin", BEGIN)
    assert await here(house).does("begin", BEGIN) == refused("office_exists")
    assert await elsewhere(house).does("begin", BEGIN) == refused("office_exists")
    assert len(house.shell.office.accounts) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({**BEGIN, "office": {**OFFICE, "name": " "}}, "name_needed"),
        ({**BEGIN, "office": {**OFFICE, "zone": "Asia/Thanh_Giang"}}, "malformed"),
        ({**BEGIN, "office": {**OFFICE, "more": 1}}, "malformed"),
        ({**BEGIN, "account": {**ACCOUNT, "name": ""}}, "name_needed"),
        ({**BEGIN, "account": {**ACCOUNT, "login": "a b"}}, "login_wrong"),
        ({**BEGIN, "account": {**ACCOUNT, "login": "x"}}, "login_wrong"),
        ({**BEGIN, "account": {**ACCOUNT, "password": "bảy ký "}}, "password_short"),
    ],
)
async def test_an_office_that_is_not_whole_is_not_created(
    house: House, said: dict[str, object], code: str
) -> None:
    status, answer = await here(house).does("begin", said)
    assert (status, answer["code"]) == (400 if code == "malformed" else 409, code)
    assert (house.shell.office.office, house.shell.office.accounts) == (None, {})


# Signing in


async def test_without_an_account_the_page_learns_the_help_line_and_no_wifi(
    house: House, office: Browser
) -> None:
    assert await elsewhere(house).asks("me") == (
        200,
        {
            "state": "signed_out",
            "here": False,
            "office": WITHOUT_WIFI,
            "account": None,
            "converts": False,
        },
    )


async def test_signed_in_and_out_again(house: House, office: Browser) -> None:
    assert await office.state() == "signed_in"
    status, me = await office.does("sign-out")
    assert (status, me["state"]) == (200, "signed_out")
    assert await office.state() == "signed_out"
    again = await signed_in(house)
    assert await record(again) == [
        ("Trần Thư Ký", "office.created", ""),
        ("Trần Thư Ký", "account.signed_in", "Trần Thư Ký"),
        ("Trần Thư Ký", "account.signed_in", "Trần Thư Ký"),
    ]


async def signed_in(house: House, login: str = LOGIN, password: str = PASSWORD) -> Browser:
    browser = elsewhere(house)
    assert await browser.signs_in(login, password) == ""
    return browser


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    house: House, office: Browser
) -> None:
    answer = await house.browser_at("192.168.1.50", URL).post(
        "/office/api/sign-in", json=SIGN_IN, headers={"x-phien": "1"}
    )
    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["office", "office_known"]
    for cookie in cookies:
        assert {"HttpOnly", "Path=/office", "SameSite=strict"} <= set(cookie.split("; "))


async def test_a_login_is_known_however_it_is_typed(house: House, office: Browser) -> None:
    for typed in ("THU.KY", " thu.ky ", "thư.ký"):
        assert await elsewhere(house).signs_in(typed) == "", typed


async def test_wrong_password_and_unknown_login_get_the_same_answer(
    house: House, office: Browser
) -> None:
    for login in (LOGIN, "nobody"):
        said = {"login": login, "password": "not this one"}
        browser = elsewhere(house)
        assert await browser.does("sign-in", said) == refused("sign_in_wrong")
        assert await browser.state() == "signed_out"


async def test_wrong_passwords_slow_a_login_down_and_never_lock_it(
    house: House, office: Browser
) -> None:
    """Whether there is such an account or not."""
    for login in (LOGIN, "nobody"):
        said, waited = {"login": login, "password": "not this one"}, []
        for _ in range(12):
            status, answer = await elsewhere(house).does("sign-in", said)
            if answer["code"] == "sign_in_wait":
                assert status == 429
                waited.append(answer["data"]["seconds"])
                house.clock.pass_by(answer["data"]["seconds"])
        assert waited == [2, 4, 8, 16, 32], login
    assert await elsewhere(house).signs_in() == ""


async def test_a_stranger_who_guesses_keeps_nobody_out_who_was_in_before(
    house: House, office: Browser
) -> None:
    for _ in range(4):
        await elsewhere(house).signs_in(password="not this one")
    assert await elsewhere(house).signs_in() == "sign_in_wait"
    await office.does("sign-out")
    assert await office.signs_in() == ""
    assert await here(house).signs_in() == ""


# How long


async def test_a_session_lasts_twelve_hours_and_through_a_meeting(
    house: House, office: Browser
) -> None:
    house.clock.pass_by(12 * 3600 - 1)
    assert await office.state() == "signed_in"
    house.clock.pass_by(2)
    assert await office.state() == "signed_out"
    await house.does("chu", c.OpenMeeting())
    assert await office.state() == "signed_in"
    house.clock.pass_by(24 * 3600)
    assert await office.state() == "signed_out"


async def test_a_session_survives_a_restart_and_no_forgery(house: House, office: Browser) -> None:
    token = office.http.cookies["office"]
    account, epoch, seconds, mac = token.split(".")
    for forged in (
        f"{account}.{int(epoch) + 1}.{seconds}.{mac}",
        f"{account}.{epoch}.{int(seconds) + 1}.{mac}",
        house.shell.access.signed("saw", account, epoch, seconds),
        "",
        "...",
    ):
        browser = house.browser_at("192.168.1.50", URL, cookie=f"office={forged}")
        assert await Browser(browser).state() == "signed_out", forged
    browser = house.browser_at("192.168.1.50", URL, cookie=f"office={token}")
    assert await Browser(browser).state() == "signed_in"


async def test_another_password_ends_every_other_session(house: House, office: Browser) -> None:
    second = await signed_in(house)
    assert await office.does("password", {"old": "not this one", "new": "trời nắng 2027"}) == (
        refused("sign_in_wrong")
    )
    assert await office.does("password", {"old": PASSWORD, "new": "ngắn"}) == (
        refused("password_short", characters=8)
    )
    assert await second.state() == "signed_in"
    assert (await office.does("password", {"old": PASSWORD, "new": "trời nắng 2027"}))[0] == 200
    assert (await office.state(), await second.state()) == ("signed_in", "signed_out")
    assert await elsewhere(house).signs_in() == "sign_in_wrong"
    assert await elsewhere(house).signs_in(password="trời nắng 2027") == ""
    assert ("Trần Thư Ký", "password.changed", "Trần Thư Ký") in await record(office)


# Forgotten


async def test_a_forgotten_password_is_set_on_the_server_machine_and_recorded(
    house: House, office: Browser
) -> None:
    said = {"login": LOGIN, "password": "quên rồi đặt lại"}
    browser = here(house)
    assert await browser.does("forgot", {**said, "login": "nobody"}) == (
        refused("account_unknown", 404)
    )
    status, me = await browser.does("forgot", said)
    assert (status, me["state"]) == (200, "signed_in")
    assert await office.state() == "signed_out"
    assert await elsewhere(house).signs_in(password="quên rồi đặt lại") == ""
    assert ("", "password.forgotten", "Trần Thư Ký") in await record(browser)


@pytest.mark.parametrize(
    ("peer", "url", "headers"),
    [
        ("192.168.1.50", URL, {}),
        ("192.168.1.50", HERE, {}),
        ("192.168.1.50", URL, {"x-forwarded-for": "127.0.0.1"}),
        ("192.168.1.50", URL, {"x-real-ip": "127.0.0.1", "forwarded": "for=127.0.0.1"}),
        ("127.0.0.1", HERE, {"x-forwarded-for": "192.168.1.50"}),  # a proxy on this machine
        ("127.0.0.1", "http://other.example", {}),  # a stranger's page in a browser here
    ],
)
async def test_from_elsewhere_no_password_is_set_whatever_is_claimed(
    house: House, office: Browser, peer: str, url: str, headers: dict[str, str]
) -> None:
    browser = Browser(house.browser_at(peer, url, **headers))
    said = {"login": LOGIN, "password": "quên rồi đặt lại"}
    assert await browser.does("forgot", said) == refused("only_here", 403)
    assert (await browser.asks("me"))[1]["here"] is False
    assert await office.state() == "signed_in"


# Accounts


async def test_a_second_secretary_is_let_in_and_out(house: House, office: Browser) -> None:
    status, added = await office.does("accounts", ANOTHER)
    assert (status, added) == (
        200,
        {"id": added["id"], "name": "Lê Thị Ba", "login": "ba", "closed": False},
    )
    second = await signed_in(house, "ba", ANOTHER["password"])
    _, accounts = await second.asks("accounts")
    assert [(one["login"], one["closed"]) for one in accounts] == [(LOGIN, False), ("ba", False)]
    assert await office.does(f"accounts/{added['id']}/close") == (200, {**added, "closed": True})
    assert await second.state() == "signed_out"
    assert await second.signs_in("ba", ANOTHER["password"]) == "sign_in_wrong"
    assert [row[1:] for row in await record(office)][-3:] == [
        ("account.added", "Lê Thị Ba"),
        ("account.signed_in", "Lê Thị Ba"),
        ("account.closed", "Lê Thị Ba"),
    ]
    again = await office.does("accounts", ANOTHER)
    assert again[0] == 200, "whoever comes back gets the same login"


async def test_the_last_account_is_not_closed(house: House, office: Browser) -> None:
    _, [only] = await office.asks("accounts")
    assert await office.does(f"accounts/{only['id']}/close") == refused("account_last")
    assert await office.does("accounts/unknown/close") == refused("account_unknown", 404)
    assert await office.state() == "signed_in"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({**ANOTHER, "login": "Thu.Ky"}, refused("login_taken")),
        ({**ANOTHER, "login": ""}, refused("login_wrong")),
        ({**ANOTHER, "name": "  "}, refused("name_needed")),
        ({**ANOTHER, "password": "1234567"}, refused("password_short", characters=8)),
        ({"login": "ba"}, refused("malformed", 400)),
    ],
)
async def test_an_account_that_cannot_be_is_refused(
    house: House, office: Browser, said: dict[str, str], refusal: object
) -> None:
    assert await office.does("accounts", said) == refusal
    assert len(house.shell.office.accounts) == 1


# Nothing leaks


async def test_no_password_and_no_hash_is_answered_or_logged(
    house: House, office: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await office.does("accounts", ANOTHER)
    await elsewhere(house).signs_in(password="không phải mật khẩu")
    await office.does("password", {"old": PASSWORD, "new": "trời nắng 2027"})
    said = [(await office.asks(path))[1] for path in ("me", "accounts", "record", "office")]
    hashes = [account.hash for account in house.shell.office.accounts.values()]
    for secret in (PASSWORD, ANOTHER["password"], "không phải mật khẩu", "trời nắng", *hashes):
        assert secret not in caplog.text
        assert secret not in f"{said} {house.shell.office.accounts}"
