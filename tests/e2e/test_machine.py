"""A phone tries whether it gets through; a television becomes the room's screen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import APIRequestContext, expect

from meeting.texts import text
from tests.e2e.house import House
from tests.e2e.people import PHONE, WALL, Person, Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANOTHER: dict[str, str] = {"x-forwarded-for": "192.0.2.50"}
"""All browsers here run on the server's machine: this one comes through a proxy on it."""


async def signed_in(house: House) -> APIRequestContext:
    """What the office's page asks, by the secretary's own cookie."""
    requests = (await house.device(extra_http_headers={"x-phien": "1"})).request
    who = {name: house.demo.ready["office"][name] for name in ("login", "password")}
    answer = await requests.post(f"{house.url}/office/api/sign-in", data=who)
    assert answer.ok
    return requests


async def asked(office: APIRequestContext, house: House, path: str) -> Any:
    return await (await office.get(f"{house.url}/office/api/{path}")).json()


async def test_a_phone_that_gets_through_says_so_and_so_does_the_office(house: House) -> None:
    office = await signed_in(house)
    test = await asked(office, house, "phone")
    assert test["state"] == "waiting"
    here = await house.person(Person, PHONE)
    await here.opens(test["url"])
    await here.sees(text("try.same"))
    assert (await asked(office, house, "phone"))["state"] == "waiting"
    phone = await house.person(Person, PHONE, extra_http_headers=ANOTHER)
    await phone.opens(test["url"])
    await phone.sees(text("try.page"))
    await expect(phone.page.get_by_text(text("try.done"))).to_be_visible()
    await expect(phone.page.get_by_text(text("try.holding"))).to_be_hidden()
    assert await asked(office, house, "phone") == {**test, "state": "done", "causes": []}


async def test_a_television_becomes_the_rooms_screen(house: House) -> None:
    office = await signed_in(house)
    meeting = (await asked(office, house, "meetings"))[0]["id"]
    television = await house.person(Screen, WALL)
    await television.opens(f"{house.url}/tv")
    digits = await television.page.locator(".number").inner_text()
    typed = {"digits": digits}
    answer = await office.post(f"{house.url}/office/api/m/{meeting}/screen", data=typed)
    assert answer.ok, await answer.text()
    await television.page.wait_for_url("**/s/*/")
    assert len(await television.digits()) == 4
