"""Pages fetched ahead: in line behind the gate, and past it what is on screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from meeting.pages.gate import IN_LINE_MOST
from meeting.protocol import commands as c
from tests.helpers.clock import HandClock
from tests.routes.gallery import KEPT, UNKNOWN, Gallery, hung


@pytest.fixture
async def gallery(tmp_path: Path, clock: HandClock) -> AsyncIterator[Gallery]:
    async with hung(tmp_path, clock) as gallery:
        yield gallery


async def in_line(gallery: Gallery, seat: str, paper: str) -> asyncio.Task[httpx2.Response]:
    """A page that this seat asked for ahead, once it stands in line."""
    await gallery.get(seat, paper)  # so that the image is in memory
    before = len(gallery.gate)
    asked = asyncio.create_task(gallery.ahead(seat, paper))
    await settled()
    assert len(gallery.gate) == before + 1
    return asked


async def settled() -> None:
    """Everything has happened that waits for nothing but its turn on the loop."""
    for _ in range(50):
        await asyncio.sleep(0)


async def a_while_later(gallery: Gallery, *asked: asyncio.Task[httpx2.Response]) -> list[int]:
    """The statuses of these, which are let through by then."""
    for _ in asked:
        gallery.house.clock.pass_by(60.0)
        gallery.gate.look()
    return [(await answer).status_code for answer in asked]


async def test_what_is_on_screen_overtakes_what_is_fetched_ahead(gallery: Gallery) -> None:
    first = await gallery.ahead("an", "d1")
    assert (first.status_code, first.headers["cache-control"]) == (200, KEPT)
    waiting = [await in_line(gallery, seat, "d1") for seat in ("an", "ba")]
    on_screen = await gallery.get("ba", "d2")
    assert (on_screen.status_code, [task.done() for task in waiting]) == (200, [False, False])
    assert await a_while_later(gallery, *waiting) == [200, 200]
    assert waiting[0].result().content == first.content


async def test_a_right_that_ends_in_the_line_gives_no_bytes(gallery: Gallery) -> None:
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    await gallery.ahead("an", "d1")
    waiting = await in_line(gallery, "hoa", "d2")
    await gallery.house.does("chu", c.StartItem("3"))
    assert await a_while_later(gallery, waiting) == [404]
    assert waiting.result().content == UNKNOWN


async def test_a_device_that_went_away_leaves_the_line(gallery: Gallery) -> None:
    await gallery.ahead("an", "d1")
    sent: list[Any] = []
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = {**gallery.cookie("ba"), "x-ahead": "1"}
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/p/ba/address-of-d1/1",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asked = asyncio.create_task(gallery.images(scope, receive, send))
    await settled()
    assert len(gallery.gate) == 1
    gone.set()
    await asked
    assert (len(gallery.gate), sent) == (0, [])


async def test_one_seat_may_not_fill_the_line(gallery: Gallery) -> None:
    await gallery.ahead("an", "d1")
    waiting = [await in_line(gallery, "an", "d1") for _ in range(IN_LINE_MOST)]
    refused = await gallery.ahead("an", "d1")
    assert (refused.status_code, refused.json()["code"]) == (429, "server_busy")
    assert await a_while_later(gallery, *waiting) == [200] * IN_LINE_MOST
