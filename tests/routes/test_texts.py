"""The text of papers over HTTP: to whoever may read them at this moment, and to nobody else."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.routes.texts import SEARCHES_MOST
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.conftest import URL
from tests.routes.gallery import EVERYBODY, KEPT, PAPERS, UNKNOWN, Gallery, hung
from tests.routes.test_pages import may_read

WORDS = "page"
"""Stands on each page of each paper, once."""


@pytest.fixture
async def gallery(tmp_path: Path, clock: HandClock) -> AsyncIterator[Gallery]:
    async with hung(tmp_path, clock) as gallery:
        yield gallery


async def ask(gallery: Gallery, seat: str, path: str, **headers: str) -> httpx2.Response:
    async with gallery.house.browser(**gallery.cookie(seat), **headers) as browser:
        return await browser.get(f"/s/{seat}/{path}")


async def look(
    gallery: Gallery, seat: str, text: str, headers: dict[str, str] | None = None, **more: Any
) -> httpx2.Response:
    own = {"origin": URL, "x-phien": "1"} if headers is None else headers
    async with gallery.house.browser(**gallery.cookie(seat), **own) as browser:
        return await browser.post(f"/s/{seat}/search", json={"text": text, **more})


async def found(gallery: Gallery, seat: str) -> set[str]:
    answer = await look(gallery, seat, WORDS)
    assert answer.status_code == 200, answer.text
    return {paper["document"] for paper in answer.json()["papers"]}


async def everything_is_read(gallery: Gallery) -> None:
    texts = gallery.house.shell.pages.texts
    for document in gallery.house.state.documents.values():
        for page in range(1, document.pages + 1):
            await texts.page(document.sha256, page, document.pages)


async def test_the_words_of_a_page_with_their_places(gallery: Gallery) -> None:
    answer = await ask(gallery, "an", "text/address-of-d1/3")
    assert answer.status_code == 200
    assert (answer.headers["cache-control"], answer.headers["etag"]) == (
        KEPT,
        '"address-of-d1"',
    )
    said = answer.json()
    left, top, right, bottom = said["boxes"][:4]
    assert said | {"boxes": len(said["boxes"])} == {
        "words": ["d1,", "page", "3"],
        "boxes": 12,
        "lines": [0],
        "blocks": [0],
    }
    # 30 points from the left of 300, the line of letters at 60 of 420
    assert (left, 1100 < top < 60 / 420 * 10_000 < bottom < 1600) == (1000, True)
    assert right > left


async def test_who_has_a_text_is_told_that_it_holds_while_the_right_does(gallery: Gallery) -> None:
    headers = {"if-none-match": '"address-of-d2"'}
    answers = [
        await ask(gallery, seat, "text/address-of-d2/1", **headers) for seat in ("an", "hoa")
    ]
    assert [(one.status_code, one.content) for one in answers] == [(304, b""), (404, UNKNOWN)]
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    guests = await ask(gallery, "hoa", "text/address-of-d2/1", **headers)
    assert (guests.status_code, guests.headers["cache-control"]) == (200, "no-store")


async def test_a_text_that_could_not_be_read_is_asked_for_again(gallery: Gallery) -> None:
    pages, paper = gallery.house.shell.pages, gallery.house.state.documents["d1"]
    pages.original(paper.sha256).unlink()
    for process_id in pages.process_ids:
        os.kill(process_id, signal.SIGTERM)

    answer = await ask(gallery, "an", "text/address-of-d1/3")

    assert (answer.status_code, answer.json()["words"]) == (200, [])
    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", False)


async def test_everybody_finds_exactly_what_may_be_read_at_each_moment(gallery: Gallery) -> None:
    house, wrong = gallery.house, []
    await everything_is_read(gallery)

    async def check(moment: str, item: str = "", presented: str = "") -> None:
        for seat in EVERYBODY:
            right = may_read(seat, item, presented)
            got = await found(gallery, seat)
            pages = {
                paper
                for paper in PAPERS
                if (await ask(gallery, seat, f"text/address-of-{paper}/1")).status_code == 200
            }
            if not got == pages == right:
                wrong.append((moment, seat, got, pages, right))

    await check("before the opening")
    await house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    await check("item 2", "2")
    await house.does("chu", c.StartItem("3"), c.TakePresenting(), make.page("d3", 2))
    await check("item 3, paper presented", "3", "d3")
    assert wrong == []


async def test_another_items_paper_is_not_found_by_its_address_either(gallery: Gallery) -> None:
    await everything_is_read(gallery)
    for path in ("text/address-of-d3/1", "contents/address-of-d3"):
        answer = await ask(gallery, "ba", path)
        assert (answer.status_code, answer.content) == (404, UNKNOWN), path
    for alone in (True, False):
        answer = await look(gallery, "ba", WORDS, shown="address-of-d3", alone=alone)
        assert (answer.status_code, answer.content) == (404, UNKNOWN)


async def test_the_paper_on_show_comes_first_then_the_order_of_the_agenda(gallery: Gallery) -> None:
    await everything_is_read(gallery)
    of_all = (await look(gallery, "chu", WORDS, shown="address-of-d3")).json()["papers"]
    assert [(one["document"], one["count"], len(one["hits"])) for one in of_all] == [
        ("d3", 4, 3),
        ("d1", 4, 3),
        ("d2", 4, 3),
        ("d4", 4, 3),
    ]
    (alone,) = (await look(gallery, "chu", WORDS, shown="address-of-d3", alone=True)).json()[
        "papers"
    ]
    assert [hit["page"] for hit in alone["hits"]] == [1, 2, 3, 4]
    hit = alone["hits"][1]
    assert hit | {"boxes": len(hit["boxes"])} == {
        "page": 2,
        "boxes": 1,
        "exact": True,
        "before": "d3, ",
        "match": "page",
        "after": " 2",
    }


async def test_a_withdrawn_paper_is_found_no_more(gallery: Gallery) -> None:
    await everything_is_read(gallery)
    assert await found(gallery, "an") == {"d1", "d2", "d3", "d4"}
    await gallery.house.does("thu", p.WithdrawDocument("d4", "nhầm"))
    assert await found(gallery, "an") == {"d1", "d2", "d3"}


async def test_words_of_a_paper_to_be_collected_are_kept_nowhere_and_end_with_it(
    gallery: Gallery,
) -> None:
    await everything_is_read(gallery)
    mark = p.MarkToCollect("d2", collect=True, addresses=("personal-d2",))
    await gallery.house.prepare(mark)
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))

    async def answers(seat: str) -> list[httpx2.Response]:
        """To a page that is open since then: it knows the address."""
        return [
            await ask(gallery, seat, "text/personal-d2/1", **{"if-none-match": '"personal-d2"'}),
            await ask(gallery, seat, "contents/personal-d2"),
            await look(gallery, seat, WORDS, shown="personal-d2", alone=True),
        ]

    for seat in ("an", "chu", "thu", "hoa"):
        for answer in await answers(seat):
            said = (answer.status_code, answer.headers["cache-control"], "etag" in answer.headers)
            assert said == (200, "no-store", False), (seat, answer.url)
    assert [await found(gallery, seat) for seat in ("an", "hoa")] == [{*PAPERS}, {"d2"}]

    await gallery.house.does("chu", c.CloseMeeting())
    for seat in EVERYBODY:
        for answer in await answers(seat):
            refused = (answer.status_code, answer.headers["cache-control"], answer.content)
            assert refused == (404, "no-store", UNKNOWN), (seat, answer.url)
    assert await found(gallery, "an") == {"d1", "d3", "d4"}


async def test_places_turn_with_a_page_that_was_stood_upright(gallery: Gallery) -> None:
    await everything_is_read(gallery)
    before = (await ask(gallery, "an", "text/address-of-d1/1")).json()["boxes"][:4]
    await gallery.house.prepare(p.TurnPage("d1", 1, 1, "turned"))
    (address,) = {one.address for one in gallery.house.state.documents.values() if one.id == "d1"}
    after = (await ask(gallery, "an", f"text/{address}/1")).json()["boxes"][:4]
    left, top, right, bottom = before
    assert after == [10_000 - bottom, left, 10_000 - top, right]
    hits = (await look(gallery, "an", "d1", shown=address, alone=True)).json()["papers"][0]["hits"]
    assert hits[0]["boxes"] == [after]


async def test_a_paper_not_read_yet_is_said_to_be_and_then_found(gallery: Gallery) -> None:
    answer = (await look(gallery, "ba", WORDS)).json()
    assert answer["unread"] == ["d1", "d2", "d4"]
    await everything_is_read(gallery)
    answer = (await look(gallery, "ba", WORDS)).json()
    assert ([one["document"] for one in answer["papers"]], "unread" in answer) == (
        ["d1", "d2", "d4"],
        False,
    )


STRANGE: Final = {
    b"": 400,
    b"{": 400,
    b"[]": 400,
    b'{"text": 5}': 400,
    b'{"text": "so", "more": 1}': 400,
    b'{"text": "' + b"x" * 5000 + b'"}': 400,
    b'{"text": "\xff"}': 400,
    b'{"text": "a"}': 200,
    b'{"text": ""}': 200,
}


async def test_what_no_page_of_ours_looks_for(gallery: Gallery) -> None:
    own = {"origin": URL, "x-phien": "1"}
    answers = {}
    async with gallery.house.browser(**gallery.cookie("an"), **own) as browser:
        for body in STRANGE:
            answers[body] = await browser.post("/s/an/search", content=body)
    assert {body: answer.status_code for body, answer in answers.items()} == STRANGE
    assert answers[b'{"text": "a"}'].json() == {"papers": []}


async def test_only_our_own_page_looks_for_words_and_not_too_often(gallery: Gallery) -> None:
    foreign = [{}, {"x-phien": "1", "origin": "http://evil.example"}, {"origin": URL}]
    answers = [await look(gallery, "an", WORDS, headers) for headers in foreign]
    assert [answer.status_code for answer in answers] == [403] * 3
    async with gallery.house.browser() as browser:
        nobody = await browser.post(
            "/s/an/search", json={"text": WORDS}, headers={"origin": URL, "x-phien": "1"}
        )
    assert nobody.status_code == 401
    many = await asyncio.gather(*(look(gallery, "an", "zz") for _ in range(SEARCHES_MOST + 5)))
    assert {answer.status_code for answer in many[-4:]} == {429}
    assert (await look(gallery, "ba", "zz")).status_code == 200


async def test_what_is_looked_for_is_written_down_nowhere(
    gallery: Gallery, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    await everything_is_read(gallery)
    await look(gallery, "an", "bimatquoctrang")
    assert "bimatquoctrang" not in caplog.text
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in files if b"bimatquoctrang" in file.read_bytes()] == []
