"""Pages looked at closely: steps, pieces and margins, to whoever may read the page and nobody else;
and rights that are remembered for exactly as long as they hold.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from meeting.errors import Refused
from meeting.pages.jobs import STEPS, TILED
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.routes.pages import WAITING_MOST
from meeting.routes.rights import COOKIES_MOST_BYTES, Rights
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.gallery import EVERYBODY, KEPT, UNKNOWN, Gallery, hung

PIECE = "/p/{seat}/address-of-{paper}/1?w=4800&t=8"


@pytest.fixture
async def gallery(tmp_path: Path, clock: HandClock) -> AsyncIterator[Gallery]:
    async with hung(tmp_path, clock) as gallery:
        yield gallery


async def test_a_page_comes_in_every_step_and_its_pieces_in_every_width(gallery: Gallery) -> None:
    sizes = []
    asked = [f"w={width}" for width in STEPS] + [f"w={width}&t=1" for width in TILED]
    for query in asked:
        answer = await gallery.ask(f"/p/an/address-of-d1/1?{query}", gallery.cookie("an"))
        assert (answer.status_code, answer.headers["cache-control"]) == (200, KEPT)
        with Image.open(io.BytesIO(answer.content)) as image:
            sizes.append(image.width)
    assert sizes == [320, 800, 1200, 1600, 1889, *[800] * len(TILED)]  # five megapixels at most


async def test_pieces_are_for_those_who_may_read_the_page(gallery: Gallery) -> None:
    got = {
        seat: (await gallery.ask(PIECE.format(seat=seat, paper="d3"), gallery.cookie(seat)))
        for seat in EVERYBODY
    }
    may = ("chu", "thu", "an")
    assert {seat for seat, answer in got.items() if answer.status_code == 200} == set(may)
    assert {answer.content for seat, answer in got.items() if seat not in may} == {UNKNOWN}


async def test_no_other_cut_is_taken_for_one(gallery: Gallery) -> None:
    cuts = (
        "w=1600&t=1",
        "w=4800&t=0",
        "w=4800&t=-1",
        "w=4800",
        "w=4800&t=9999",
        "t=1",
        "w=2400&t=x",
    )
    for query in cuts:
        answer = await gallery.ask(f"/p/an/address-of-d1/1?{query}", gallery.cookie("an"))
        assert (query, answer.status_code, answer.json()["code"]) == (query, 400, "malformed")
    beyond = await gallery.ask("/p/an/address-of-d1/1?w=2400&t=1999", gallery.cookie("an"))
    assert (beyond.status_code, beyond.json()["code"]) == (404, "page_unknown")


async def test_one_device_waits_for_so_many_pieces_and_the_others_for_theirs(
    gallery: Gallery,
) -> None:
    at = "/p/{0}/address-of-d1/{1}?w=4800&t={2}"
    flood = [
        gallery.ask(at.format("an", page, tile), gallery.cookie("an"))
        for page in (1, 2)
        for tile in range(1, 31)
    ]
    *flooded, other = await asyncio.gather(
        *flood, gallery.ask(at.format("ba", 3, 1), gallery.cookie("ba"))
    )
    busy = [answer.json() for answer in flooded if answer.status_code != 200]
    assert busy == [{"code": "server_busy", "data": {}}] * (60 - WAITING_MOST)
    assert other.status_code == 200
    again = await gallery.ask(at.format("an", 2, 30), gallery.cookie("an"))
    assert again.status_code == 200


async def test_one_device_waits_for_so_many_pages_and_another_of_the_seat_for_its_own(
    gallery: Gallery,
) -> None:
    other = gallery.house.cookie("an", await gallery.house.claim("an"))
    flood = [
        gallery.ask(f"/p/an/address-of-{paper}/{page}?w={width}", gallery.cookie("an"))
        for paper in ("d1", "d2", "d3")
        for page in (1, 2, 3)
        for width in STEPS
    ]
    *flooded, others = await asyncio.gather(
        *flood, gallery.ask("/p/an/address-of-d4/1?w=800", other)
    )
    refused = [answer for answer in flooded if answer.status_code != 200]
    assert {(one.status_code, one.headers["retry-after"]) for one in refused} == {(429, "1")}
    assert (len(refused), others.status_code) == (45 - WAITING_MOST, 200)
    again = await gallery.ask("/p/an/address-of-d3/3?w=2400", gallery.cookie("an"))
    assert again.status_code == 200


async def test_a_page_turned_upright_has_other_pieces_and_margins(gallery: Gallery) -> None:
    async def look(address: str) -> tuple[bytes, object]:
        at = f"/p/an/{address}"
        await gallery.ask(f"{at}/2?w=320", gallery.cookie("an"))
        piece = await gallery.ask(f"{at}/2?w=2400&t=1", gallery.cookie("an"))
        margins = await gallery.ask(f"{at}/margins", gallery.cookie("an"))
        assert (piece.status_code, margins.status_code) == (200, 200)
        return piece.content, margins.json()[1]

    lying = await look("address-of-d1")
    await gallery.house.prepare(p.TurnPage("d1", 2, 1, "upright-d1"))
    upright = await look("upright-d1")
    on_its_way = await gallery.ask("/p/an/address-of-d1/2?w=2400&t=1", gallery.cookie("an"))

    assert lying[0] != upright[0]
    assert (lying[1] is None, upright[1] is None, lying[1] == upright[1]) == (False, False, False)
    assert on_its_way.content == lying[0]


async def test_margins_are_told_page_by_page_and_kept_by_nobody(gallery: Gallery) -> None:
    at = "/p/an/address-of-d1/margins"
    before = await gallery.ask(at, gallery.cookie("an"))
    await gallery.ask("/p/an/address-of-d1/3?w=320", gallery.cookie("an"))
    after = await gallery.ask(at, gallery.cookie("an"))

    assert (before.json(), before.headers["cache-control"]) == ([None] * 4, "no-store")
    assert [box is None for box in after.json()] == [True, True, False, True]
    assert (await gallery.ask(at, {})).status_code == 401
    limited = await gallery.ask("/p/ba/address-of-d3/margins", gallery.cookie("ba"))
    assert (limited.status_code, limited.content) == (404, UNKNOWN)


# Rights


def refusal(rights: Rights, seat: str, cookie: bytes, address: str) -> str:
    try:
        rights.of(seat, cookie).of(address)
    except Refused as refused:
        return refused.code
    return ""


async def test_what_was_found_out_once_ends_with_the_right(gallery: Gallery) -> None:
    house = gallery.house
    rights = Rights(house.shell.meetings, house.shell.access)
    cookies = {seat: gallery.cookie(seat)["cookie"].encode() for seat in EVERYBODY}
    await house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    first = rights.of("hoa", cookies["hoa"])
    assert first.of("address-of-d2").version.address == "address-of-d2"
    assert rights.of("hoa", cookies["hoa"]) is first

    await house.does("chu", c.StartItem("1"))
    assert refusal(rights, "hoa", cookies["hoa"], "address-of-d2") == "document_unknown"
    assert refusal(rights, "an", cookies["an"], "address-of-d2") == ""
    await house.does("thu", p.WithdrawDocument("d2", "phát nhầm"))
    assert refusal(rights, "an", cookies["an"], "address-of-d2") == "document_unknown"
    await house.does("thu", c.RevokeDevice(gallery.devices["an"]))
    assert refusal(rights, "an", cookies["an"], "address-of-d1") == "device_revoked"
    assert refusal(rights, "ba", cookies["ba"], "address-of-d1") == ""
    assert refusal(rights, "ba", cookies["an"], "address-of-d1") == "not_signed_in"


async def test_an_endless_cookie_is_judged_and_not_remembered(gallery: Gallery) -> None:
    house = gallery.house
    rights = Rights(house.shell.meetings, house.shell.access)
    cookie = b"x=" + b"y" * COOKIES_MOST_BYTES + b"; " + gallery.cookie("an")["cookie"].encode()
    assert refusal(rights, "an", cookie, "address-of-d1") == ""
    await house.does("thu", c.RevokeDevice(gallery.devices["an"]))
    assert refusal(rights, "an", cookie, "address-of-d1") == "device_revoked"


async def test_a_page_turn_makes_no_right_of_nothing(gallery: Gallery) -> None:
    house = gallery.house
    rights = Rights(house.shell.meetings, house.shell.access)
    wall = gallery.cookie("wall")["cookie"].encode()
    await house.does("chu", c.OpenMeeting(), c.StartItem("1"))
    assert refusal(rights, "wall", wall, "address-of-d1") == "document_unknown"
    await house.does("thu", c.TakePresenting(), make.page("d1", 2))
    assert refusal(rights, "wall", wall, "address-of-d1") == ""
    assert refusal(rights, "wall", wall, "address-of-d2") == "document_unknown"


async def test_a_device_that_looks_elsewhere_leaves_no_piece_to_be_made(gallery: Gallery) -> None:
    pages = gallery.house.shell.pages
    headers = [(b"cookie", gallery.cookie("an")["cookie"].encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/p/an/address-of-d1/1",
        "query_string": b"w=9600&t=8",
        "headers": headers,
    }

    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)

    await asyncio.wait_for(gallery.images(scope, gone, send), 20)

    assert sent == []
    assert pages.figures()["waiting"] == 0
