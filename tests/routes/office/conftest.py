"""An office with one secretary, and browsers on which people sign in to it."""

from __future__ import annotations

from typing import Any, Final

import httpx2
import pytest

from tests.routes.conftest import URL, House

HERE: Final = "http://localhost:8080"
LOGIN: Final = "thu.ky"
PASSWORD: Final = "mùa xuân 2027"

OFFICE: Final[dict[str, Any]] = {
    "name": "Văn phòng Tỉnh ủy Thanh Giang",
    "zone": "Asia/Ho_Chi_Minh",
    "wifi_name": "HOP-A",
    "wifi_password": "mua-xuan-2027",
    "help_name": "Bộ phận kỹ thuật",
    "help_phone": "0900 000 000",
    "address_form": "dong_chi",
}
"""Its Wi-Fi and help line are those of `make.a_meeting`."""

ACCOUNT: Final = {"name": "Trần Thư Ký", "login": LOGIN, "password": PASSWORD}


class Browser:
    """A browser with the office's page open. What is asked goes as the page asks it."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def asks(self, path: str) -> Any:
        """The answer's status and message."""
        answer = await self.http.get(f"/office/api/{path}")
        return answer.status_code, answer.json()

    async def does(self, path: str, said: Any = None, method: str = "POST") -> Any:
        answer = await self.http.request(
            method,
            f"/office/api/{path}",
            json={} if said is None else said,
            headers={"x-phien": "1"},
        )
        return answer.status_code, answer.json()

    async def signs_in(self, login: str = LOGIN, password: str = PASSWORD) -> Any:
        """The refusal's code, or "" if it is in."""
        _, said = await self.does("sign-in", {"login": login, "password": password})
        return said.get("code", "")

    async def state(self) -> str:
        _, said = await self.asks("me")
        return str(said["state"])


def here(house: House) -> Browser:
    """A browser on the server machine itself."""
    return Browser(house.browser_at("127.0.0.1", HERE))


def elsewhere(house: House) -> Browser:
    """A browser on another machine of the network."""
    return Browser(house.browser_at("192.168.1.50", URL))


def refused(code: str, status: int = 409, **data: Any) -> Any:
    return status, {"code": code, "data": data}


@pytest.fixture
async def office(house: House) -> Browser:
    """The secretary's browser, on another machine, in a house with one meeting ahead."""
    await here(house).does("begin", {"office": OFFICE, "account": ACCOUNT})
    browser = elsewhere(house)
    assert await browser.signs_in() == ""
    return browser
