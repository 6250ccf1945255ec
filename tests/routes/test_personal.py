"""Papers to be collected: everybody gets a copy with their own name burned in, and nothing else."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from meeting.pages import WIDTHS
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.gallery import UNKNOWN, Gallery, hung
from tests.routes.test_texts import ask, everything_is_read, found

MARKED = p.MarkToCollect("d2", collect=True, addresses=("personal-d2",))
PATH = "/p/{seat}/personal-d2/1"


@pytest.fixture
async def gallery(tmp_path: Path, clock: HandClock) -> AsyncIterator[Gallery]:
    async with hung(tmp_path, clock) as gallery:
        await gallery.house.prepare(MARKED)
        yield gallery


async def copy(gallery: Gallery, seat: str, query: str = "", **headers: str) -> Image.Image:
    path = PATH.format(seat=seat) + query
    answer = await gallery.ask(path, {**gallery.cookie(seat), **headers})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


async def page(gallery: Gallery, width: int = WIDTHS[0]) -> Image.Image:
    """The page as it is, as nobody gets it."""
    sha256 = gallery.house.state.documents["d2"].sha256
    image = await gallery.house.shell.pages.image(sha256, 1, width)
    return Image.open(io.BytesIO(image.body)).convert("RGB")


def differ(one: Image.Image, other: Image.Image) -> bool:
    return one.size != other.size or ImageChops.difference(one, other).getbbox() is not None


async def test_no_two_people_get_the_same_page_and_nobody_gets_it_unmarked(
    gallery: Gallery,
) -> None:
    await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
    await gallery.house.does("thu", make.page("d2", 1))
    seats = ("chu", "thu", "bien", "an", "hoa", "wall")
    copies = [await page(gallery), *[await copy(gallery, seat) for seat in seats]]
    for at, one in enumerate(copies):
        assert [differ(one, other) for other in copies[at + 1 :]] == [True] * (6 - at)
    assert not differ(copies[4], await copy(gallery, "an"))


@pytest.mark.parametrize("query", ["", "?w=320", "?w=800", "?w=1200", "?w=2400", "?w=2400&t=2"])
async def test_a_page_is_marked_in_every_width_and_piece(gallery: Gallery, query: str) -> None:
    assert differ(await copy(gallery, "an", query), await copy(gallery, "ba", query))


async def test_what_is_fetched_ahead_is_marked_and_kept_by_nobody(gallery: Gallery) -> None:
    ahead = await copy(gallery, "an", **{"x-ahead": "1"})
    assert differ(ahead, await page(gallery))
    tag = {"if-none-match": '"personal-d2"'}
    assert differ(await copy(gallery, "an", **tag), await page(gallery))


async def test_the_address_without_marks_is_closed_from_the_mark_on(gallery: Gallery) -> None:
    answer = await gallery.get("an", "d2")
    assert (answer.status_code, answer.content) == (404, UNKNOWN)
    await gallery.house.prepare(p.MarkToCollect("d2", collect=False, addresses=("plain-d2",)))
    answer = await gallery.ask(PATH.format(seat="an"), gallery.cookie("an"))
    assert (answer.status_code, answer.content) == (404, UNKNOWN)
    answer = await gallery.ask("/p/an/plain-d2/1", gallery.cookie("an"))
    image = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert not differ(image, await page(gallery))


async def test_at_the_closing_the_paper_is_collected_and_its_copies_are_gone(
    gallery: Gallery,
) -> None:
    copies = gallery.house.shell.copies
    copies.look(gallery.house.running)
    await gallery.house.does("chu", c.OpenMeeting())
    await copy(gallery, "an")
    await copy(gallery, "thu")
    assert len(copies.personal) == 2

    await gallery.house.does("chu", c.CloseMeeting())
    copies.look(gallery.house.running)

    answers = [
        await gallery.ask(PATH.format(seat=seat), gallery.cookie(seat))
        for seat in ("chu", "thu", "an", "wall")
    ]
    assert [one.status_code for one in answers] == [404] * 4
    assert (len(copies.personal), copies.personal.bytes) == (0, 0)


async def test_a_revoked_devices_copies_are_gone_and_no_others(gallery: Gallery) -> None:
    copies = gallery.house.shell.copies
    await copy(gallery, "an")
    await copy(gallery, "ba")
    copies.look(gallery.house.running)
    await gallery.house.does("thu", c.RevokeDevice(gallery.devices["an"]))
    copies.look(gallery.house.running)
    assert len(copies.personal) == 1


async def test_no_copy_is_ever_on_the_disk(gallery: Gallery, tmp_path: Path) -> None:
    def pictures() -> set[bytes]:
        return {
            path.read_bytes() for path in tmp_path.rglob("*") if path.suffix in (".png", ".jpg")
        }

    path, cookie = PATH.format(seat="an"), gallery.cookie("an")
    body = (await gallery.ask(path, cookie)).content
    assert pictures() != set()
    assert body not in pictures()
    assert b"personal" not in b"".join(str(path).encode() for path in tmp_path.rglob("*"))


async def test_its_words_are_kept_by_nobody_and_end_with_the_closing(gallery: Gallery) -> None:
    async def answers() -> list[tuple[int, str]]:
        paths = ("text/personal-d2/1", "contents/personal-d2")
        tag = {"if-none-match": '"personal-d2"'}
        got = [
            await ask(gallery, seat, path, **tag) for seat in ("chu", "thu", "an") for path in paths
        ]
        return [(one.status_code, one.headers["cache-control"]) for one in got]

    await everything_is_read(gallery)
    await gallery.house.does("chu", c.OpenMeeting())
    assert await answers() == [(200, "no-store")] * 6
    assert "d2" in await found(gallery, "an")
    await gallery.house.does("chu", c.CloseMeeting())
    assert await answers() == [(404, "no-store")] * 6
    assert [await found(gallery, seat) & {"d2"} for seat in ("chu", "thu", "an")] == [set()] * 3
