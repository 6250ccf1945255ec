"""The phone test: another machine loads a page and holds a connection; this one proves nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message

from meeting.network import addresses
from meeting.office.phones import CAUSES
from tests.routes.conftest import URL, House
from tests.routes.drawn import drawn
from tests.routes.office.conftest import ACCOUNT, OFFICE, Browser, here

PHONE = "192.0.2.50"
"""An address of the range that belongs to nobody (RFC 5737), so never this machine's."""


@pytest.fixture
async def office(house: House) -> Browser:
    """The secretary at the server machine."""
    browser = here(house)
    await browser.does("begin", {"office": OFFICE, "account": ACCOUNT})
    return browser


async def asked(office: Browser) -> tuple[str, str, list[str]]:
    """The state of the test, its path, and the causes to look at."""
    status, said = await office.asks("phone")
    assert (status, said["url"].startswith(f"{URL}/try/")) == (200, True)
    assert said["qr"].startswith("<svg")
    causes = [cause for cause in said["causes"] if cause != "no_network"]
    return said["state"], said["url"].removeprefix(URL), causes


async def held(house: House, path: str, peer: str, answers: int = 99, **headers: str) -> list[str]:
    """Hold a connection as the page's script does; what the server said, to its end."""
    said: list[str] = []
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    inbox.put_nowait({"type": "websocket.connect"})

    async def send(message: Message) -> None:
        said.append(message.get("text") or message["type"].removeprefix("websocket."))
        if message.get("text") == "probe":
            left = answers - said.count("probe")
            reply: dict[str, Any] = {"type": "websocket.receive", "text": "2"}
            inbox.put_nowait(reply if left >= 0 else {"type": "websocket.disconnect", "code": 1006})

    scope = {
        "type": "websocket",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [
            (name.replace("_", "-").encode(), said.encode()) for name, said in headers.items()
        ],
        "client": (peer, 50_000),
        "server": ("192.168.1.105", 8080),
        "scheme": "ws",
        "subprotocols": [],
    }
    await house.app(scope, inbox.get, send)
    return said


async def test_a_phone_turns_the_test_green_in_two_steps(house: House, office: Browser) -> None:
    state, path, causes = await asked(office)
    assert (state, causes) == ("waiting", list(CAUSES))
    page = await house.browser_at(PHONE, URL).get(path)
    assert drawn(page).scripted == ["script"]
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "connect-src 'self' ws: wss:" in page.headers["content-security-policy"]
    assert await asked(office) == ("page", path, list(CAUSES))
    assert await held(house, f"{path}/hold", PHONE) == ["accept", *["probe"] * 3, "done", "close"]
    assert await asked(office) == ("done", path, [])


@pytest.mark.parametrize("own", ["127.0.0.1", "::1", "::ffff:127.0.0.1", *addresses()])
async def test_this_machine_itself_proves_nothing(house: House, office: Browser, own: str) -> None:
    _, path, _ = await asked(office)
    page = drawn(await house.browser_at(own, URL).get(path))
    assert (page.status, page.scripted) == (200, [])
    await held(house, f"{path}/hold", own)
    assert (await asked(office))[0] == "waiting"


async def test_a_connection_that_does_not_hold_is_not_enough(house: House, office: Browser) -> None:
    _, path, _ = await asked(office)
    assert await held(house, f"{path}/hold", PHONE, answers=1) == ["accept", "probe", "probe"]
    assert (await asked(office))[0] == "waiting"


async def test_through_a_proxy_here_it_is_whoever_the_proxy_says(
    house: House, office: Browser
) -> None:
    _, path, _ = await asked(office)
    await house.browser_at("127.0.0.1", URL, **{"x-forwarded-for": f"10.9.9.9, {PHONE}"}).get(path)
    assert (await asked(office))[0] == "page"


async def test_nobody_else_finds_the_test(house: House, office: Browser) -> None:
    await asked(office)
    for code in ("", "0123456789abcdef", "x"):
        answer = await house.browser_at(PHONE, URL).get(f"/try/{code}")
        assert answer.status_code in (303, 404)
        assert await held(house, f"/try/{code or 'x'}/hold", PHONE) == ["close"]
    assert (await asked(office))[0] == "waiting"


async def test_a_test_ends_and_another_begins(house: House, office: Browser) -> None:
    _, path, _ = await asked(office)
    await house.browser_at(PHONE, URL).get(path)
    _, said = await office.asks("phone?anew=1")
    assert (said["state"], said["url"] == URL + path) == ("waiting", False)
    house.clock.pass_by(901)
    assert (await house.browser_at(PHONE, URL).get(path)).status_code == 404
    state, later, _ = await asked(office)
    assert (state, URL + later == said["url"]) == ("waiting", False)


async def test_the_script_is_served_as_one(house: House) -> None:
    answer = await house.browser().get("/try/hold.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "new WebSocket" in answer.text
