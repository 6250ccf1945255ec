"""Page images: real bytes to whoever may read the paper at this moment, nothing to anybody else."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx2
import pytest
from PIL import Image

from meeting.pages import WIDTHS
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.gallery import EVERYBODY, KEPT, PAPERS, UNKNOWN, Gallery, hung

HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
}


# Who may read what, said a second time and in other words than in the rules

AT_ANY_TIME: Final = {
    "chu": {"d1", "d2", "d3", "d4"},
    "thu": {"d1", "d2", "d3", "d4"},
    "bien": {"d1", "d2", "d4"},
    "an": {"d1", "d2", "d3", "d4"},
    "ba": {"d1", "d2", "d4"},
}
WHILE_ON: Final = {"hoa": {"2": {"d2"}}, "minh": {"3": {"d3"}, "4": {"d4"}}}


def may_read(seat: str, item: str, presented: str) -> set[str]:
    """What this seat may read while this item is on and this paper presented, "" for none."""
    if seat == "wall":
        return {presented} - {""}
    return AT_ANY_TIME.get(seat) or WHILE_ON.get(seat, {}).get(item, set())


@pytest.fixture
async def gallery(tmp_path: Path, clock: HandClock) -> AsyncIterator[Gallery]:
    async with hung(tmp_path, clock) as gallery:
        yield gallery


# Everybody, every paper, every moment


async def test_everybody_gets_exactly_what_may_be_read_at_each_moment(gallery: Gallery) -> None:
    house, wrong = gallery.house, []

    async def look(moment: str, item: str = "", presented: str = "") -> None:
        for seat in EVERYBODY:
            got, right = await gallery.readable(seat), may_read(seat, item, presented)
            if got != right:
                wrong.append((moment, seat, got, right))

    await look("before the opening")
    await house.does("chu", c.OpenMeeting())
    await look("open, no item yet")
    for paper, item in PAPERS.items():
        await house.does("chu", c.StartItem(item))
        await look(f"item {item} on", item)
        await house.does("chu", c.TakePresenting())
        await house.does("chu", make.page(paper, 2))
        await look(f"item {item}, paper presented", item, paper)
    await house.does("chu", c.StartItem("2"))
    await look("back at item 2", "2")
    await house.does("chu", c.CloseMeeting())
    await look("closed")
    assert wrong == []


async def test_a_limited_papers_presentation_shows_it_to_nobody_new(gallery: Gallery) -> None:
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("3"))
    await gallery.house.does("thu", make.page("d3", 1))
    statuses = {seat: (await gallery.get(seat, "d3")).status_code for seat in EVERYBODY}
    assert statuses == {
        **dict.fromkeys(("chu", "thu", "an", "minh", "wall"), 200),
        **dict.fromkeys(("bien", "ba", "hoa", "tech"), 404),
    }


async def test_a_forbidden_paper_and_an_unknown_one_answer_alike(gallery: Gallery) -> None:
    def told(answer: httpx2.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
        return answer.status_code, answer.content, sorted(answer.headers.items())

    forbidden = told(await gallery.get("ba", "d3"))
    assert forbidden == told(await gallery.get("ba", "nothing"))
    assert forbidden == told(await gallery.get("ba", "d3", 4000))
    assert forbidden[:2] == (404, UNKNOWN)


# Who asks


@pytest.mark.parametrize("others", ['x={"a":1}; ', "x=a b,c; ", "=; ;x; ", 'x="; ', "ü=é; "])
async def test_cookies_of_other_programs_do_not_hide_ours(gallery: Gallery, others: str) -> None:
    own = gallery.cookie("an")["cookie"]
    path = "/p/an/address-of-d1/1"
    for cookie in (others + own, f"{own}; {others}"):
        answer = await gallery.ask(path, {"cookie": cookie.encode("latin-1")})
        assert answer.status_code == 200, cookie


async def test_without_the_seats_own_cookie_there_is_nothing(gallery: Gallery) -> None:
    path = "/p/an/address-of-d1/1"
    chairs = gallery.cookie("chu")["cookie"].partition("=")[2]
    own = gallery.cookie("an")["cookie"]
    asked = {
        "none": {},
        "empty": {"cookie": "seat_an="},
        "another seat's": gallery.cookie("chu"),
        "another seat's under this name": {"cookie": f"seat_an={chairs}"},
        "cut short": {"cookie": own[:-1]},
        "one letter changed": {"cookie": own[:-1] + ("a" if own[-1] != "a" else "b")},
        "a name that ends alike": {"cookie": f"x{own}"},
    }
    answers = {name: await gallery.ask(path, headers) for name, headers in asked.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        asked, 401
    )
    assert {answer.content for answer in answers.values()} == {
        b'{"code":"not_signed_in","data":{}}'
    }
    assert (await gallery.ask(path, {"cookie": own})).status_code == 200


async def test_a_seat_that_nobody_has_answers_as_a_foreign_one(gallery: Gallery) -> None:
    foreign = await gallery.ask("/p/an/address-of-d1/1", gallery.cookie("chu"))
    nobody = await gallery.ask("/p/nobody/address-of-d1/1", gallery.cookie("chu"))
    assert (nobody.status_code, nobody.content) == (foreign.status_code, foreign.content)


async def test_several_people_in_one_browser_are_told_apart(gallery: Gallery) -> None:
    jar = "; ".join(gallery.cookie(seat)["cookie"] for seat in EVERYBODY)
    got = {
        seat: (await gallery.ask(f"/p/{seat}/address-of-d3/1", {"cookie": jar})).status_code
        for seat in EVERYBODY
    }
    assert got == {
        **dict.fromkeys(EVERYBODY, 404),
        **dict.fromkeys(("chu", "thu", "an"), 200),
    }


async def test_a_revoked_device_gets_nothing_and_the_seats_other_goes_on(gallery: Gallery) -> None:
    second = await gallery.house.claim("an")
    await gallery.house.does("thu", c.RevokeDevice(gallery.devices["an"]))
    revoked = await gallery.get("an", "d1")
    assert (revoked.status_code, revoked.content) == (
        401,
        b'{"code":"device_revoked","data":{}}',
    )
    other = await gallery.ask("/p/an/address-of-d1/1", gallery.house.cookie("an", second))
    assert other.status_code == 200


# What is asked


NO_PAGES: Final = {
    "malformed": (
        "/p/an/address-of-d1/1?w=0",
        "/p/an/address-of-d1/1?w=1601",
        "/p/an/address-of-d1/1?w=-1600",
        "/p/an/address-of-d1/1?w=99999999999",
        "/p/an/address-of-d1/1?w=wide",
        "/p/an/address-of-d1/0",
        "/p/an/address-of-d1/-1",
        "/p/an/address-of-d1/one",
        "/p/an/address-of-d1/1.5",
        "/p/an/address-of-d1/10000",
        "/p/an/address-of-d1/",
        "/p/an/address-of-d1",
        "/p/an/address-of-d1/1/1",
        "/p/an",
        "/p/",
        "/p/an/..%2F..%2Fsecret.key/1",
    ),
    "page_unknown": (
        "/p/an/address-of-d1/5",
        "/p/an/address-of-d1/9999",
    ),
    "document_unknown": (
        "/p/an//1",
        "/p/an/ADDRESS-OF-D1/1",
        "/p/an/d1/1",
    ),
}


async def test_what_is_no_page_is_refused(gallery: Gallery) -> None:
    statuses = {"malformed": 400, "page_unknown": 404, "document_unknown": 404}
    for code, paths in NO_PAGES.items():
        for path in paths:
            answer = await gallery.ask(path, gallery.cookie("an"))
            told = (path, answer.status_code, answer.json(), answer.headers["cache-control"])
            assert told == (path, statuses[code], {"code": code, "data": {}}, "no-store")


async def test_pages_are_only_looked_at(gallery: Gallery) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"):
        answer = await gallery.ask("/p/an/address-of-d1/1", gallery.cookie("an"), method)
        assert (answer.status_code, answer.json()) == (400, {"code": "malformed", "data": {}})


async def test_each_width_is_an_image_of_its_own(gallery: Gallery) -> None:
    images = {}
    for width in WIDTHS:
        path = f"/p/an/address-of-d1/1?w={width}"
        answer = await gallery.ask(path, gallery.cookie("an"))
        assert answer.status_code == 200
        assert int(answer.headers["content-length"]) == len(answer.content)
        images[width] = answer.content
    plain = await gallery.get("an", "d1")
    assert plain.content == images[WIDTHS[0]]
    assert len(set(images.values())) == len(WIDTHS)


async def test_each_page_of_each_paper_is_an_image_of_its_own(gallery: Gallery) -> None:
    images = [
        (await gallery.get("chu", paper, page)).content for paper in PAPERS for page in (1, 2, 3, 4)
    ]
    assert len(set(images)) == 16


# What may be kept


async def test_only_whose_right_lasts_may_keep_a_page(gallery: Gallery) -> None:
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    await gallery.house.does("thu", make.page("d2", 1))
    got = {seat: await gallery.get(seat, "d2") for seat in EVERYBODY}
    assert {seat: answer.headers["cache-control"] for seat, answer in got.items()} == {
        **dict.fromkeys(("chu", "thu", "bien", "an", "ba"), KEPT),
        **dict.fromkeys(("hoa", "minh", "tech", "wall"), "no-store"),
    }
    assert {seat for seat, answer in got.items() if answer.status_code == 200} == {
        *("chu", "thu", "bien", "an", "ba", "hoa", "wall")
    }


async def test_who_kept_a_page_is_told_that_it_still_holds_and_gets_no_bytes(
    gallery: Gallery,
) -> None:
    first = await gallery.get("an", "d1")
    tagged = {"if-none-match": first.headers["etag"]}
    path = "/p/an/address-of-d1/1"
    again = await gallery.ask(path, {**gallery.cookie("an"), **tagged})
    assert (again.status_code, again.content, again.headers["etag"]) == (
        304,
        b"",
        first.headers["etag"],
    )
    assert again.headers["cache-control"] == KEPT
    other = await gallery.ask(path, {**gallery.cookie("an"), "if-none-match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)
    await gallery.house.does("thu", p.WithdrawDocument("d1", "phát nhầm"))
    gone = await gallery.ask(path, {**gallery.cookie("an"), **tagged})
    assert (gone.status_code, gone.content) == (404, UNKNOWN)


async def test_who_may_keep_nothing_is_sent_the_page_whatever_they_say_they_have(
    gallery: Gallery,
) -> None:
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    tagged = {"if-none-match": '"address-of-d2"'}
    answer = await gallery.ask("/p/hoa/address-of-d2/1", {**gallery.cookie("hoa"), **tagged})
    assert (answer.status_code, "etag" in answer.headers) == (200, False)


async def test_every_answer_says_what_it_is_and_no_refusal_is_kept(gallery: Gallery) -> None:
    signed_in = gallery.cookie("ba")
    answers = {
        200: await gallery.get("ba", "d1"),
        400: await gallery.ask("/p/ba/address-of-d1/0", signed_in),
        401: await gallery.ask("/p/ba/address-of-d1/1", {}),
        404: await gallery.get("ba", "d3"),
    }
    assert {answer.status_code for answer in answers.values()} == set(answers)
    for status, answer in answers.items():
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["cache-control"] == (KEPT if status == 200 else "no-store")


# A right that ends while the page is being made


async def slow_page(gallery: Gallery, seat: str, *ending: tuple[str, c.Command]) -> httpx2.Response:
    """Ask for a page whose worker stands still, let this happen, then let the worker go on.

    The worker draws a page of the same paper first, so that it is there to be held.
    """
    pages = gallery.house.shell.pages
    await gallery.get("chu", "d2", 1)
    held = pages.process_ids
    assert held
    for pid in held:
        os.kill(pid, signal.SIGSTOP)
    try:
        asked = asyncio.create_task(gallery.get(seat, "d2", 3))
        for who, command in ending:
            await gallery.house.does(who, command)
        assert not asked.done()
    finally:
        for pid in held:
            os.kill(pid, signal.SIGCONT)
    return await asked


async def test_a_page_that_was_slow_comes_to_whoever_may_still_read_it(gallery: Gallery) -> None:
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    answer = await slow_page(gallery, "hoa", ("chu", c.TakePresenting()))
    assert answer.status_code == 200


async def test_a_right_that_ends_while_the_page_is_made_gives_no_bytes(gallery: Gallery) -> None:
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    answer = await slow_page(gallery, "hoa", ("chu", c.StartItem("3")))
    assert (answer.status_code, answer.content) == (404, UNKNOWN)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_device_revoked_while_the_page_is_made_gets_no_bytes(gallery: Gallery) -> None:
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    revoke = c.RevokeDevice(gallery.devices["an"])
    answer = await slow_page(gallery, "an", ("thu", revoke))
    assert (answer.status_code, answer.content) == (401, b'{"code":"device_revoked","data":{}}')


# Papers that change


async def address(gallery: Gallery, seat: str, address: str, page: int = 1) -> httpx2.Response:
    return await gallery.ask(f"/p/{seat}/{address}/{page}", gallery.cookie(seat))


async def test_a_page_stood_upright_is_another_image_under_another_address(
    gallery: Gallery,
) -> None:
    lying = await gallery.get("an", "d1", 2)
    other = await gallery.get("an", "d1", 3)
    await gallery.house.prepare(p.TurnPage("d1", 2, 1, "upright-d1"))
    assert (await gallery.get("an", "d1", 2)).content == lying.content
    upright = await address(gallery, "an", "upright-d1", 2)
    assert (upright.status_code, upright.headers["cache-control"]) == (200, KEPT)
    sizes = [Image.open(io.BytesIO(one.content)).size for one in (lying, upright)]
    assert sizes == [(1600, 2240), (1600, 1142)]
    assert (await address(gallery, "an", "upright-d1", 3)).content == other.content
    for turned in range(2, 6):
        await gallery.house.prepare(p.TurnPage("d1", 2, turned % 4, f"upright-d1-{turned}"))
    assert (await gallery.get("an", "d1", 2)).content == UNKNOWN


async def test_a_replaced_paper_can_be_fetched_in_both_versions(gallery: Gallery) -> None:
    old = await gallery.get("an", "d1")
    of_d2 = gallery.house.state.documents["d2"].sha256
    await gallery.house.prepare(make.a_version("d1", 2, pages=2, sha256=of_d2))
    new = await address(gallery, "an", "address-of-d1-2")
    assert (await gallery.get("an", "d1")).content == old.content
    assert new.content == (await gallery.get("an", "d2")).content
    assert (await gallery.get("an", "d1", 4)).status_code == 200
    assert (await address(gallery, "an", "address-of-d1-2", 3)).json()["code"] == "page_unknown"
    for stranger in ("hoa", "minh", "tech", "wall"):
        assert (await address(gallery, stranger, "address-of-d1-2")).content == UNKNOWN


async def test_a_withdrawn_paper_answers_nobody_in_any_version(gallery: Gallery) -> None:
    of_d2 = gallery.house.state.documents["d2"].sha256
    await gallery.house.prepare(make.a_version("d1", 2, pages=2, sha256=of_d2))
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("1"))
    await gallery.house.does("thu", make.page("d1", 1, version=2))
    assert (await gallery.get("wall", "d1")).status_code == 200
    await gallery.house.does("thu", p.WithdrawDocument("d1", "phát nhầm"))
    for seat in EVERYBODY:
        for one in ("address-of-d1", "address-of-d1-2"):
            answer = await address(gallery, seat, one)
            assert (answer.status_code, answer.content) == (404, UNKNOWN)
            assert answer.headers["cache-control"] == "no-store"


async def test_a_paper_withdrawn_while_its_page_is_made_gives_no_bytes(gallery: Gallery) -> None:
    answer = await slow_page(gallery, "an", ("thu", p.WithdrawDocument("d2", "phát nhầm")))
    assert (answer.status_code, answer.content) == (404, UNKNOWN)
