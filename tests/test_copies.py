"""Personal copies of a running meeting: what is written on them, and for whom they are ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.signals import CopiesRow
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.gallery import Gallery, hung

MARK = p.MarkToCollect("d2", collect=True, addresses=("personal",))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def gallery(tmp_path: Path, clock: HandClock) -> AsyncIterator[Gallery]:
    """Paper d2 is marked and its first page presented; nobody is connected."""
    async with hung(tmp_path, clock) as gallery:
        await gallery.house.prepare(MARK)
        await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
        await gallery.house.does("thu", make.page("d2", 1))
        yield gallery


def comes(gallery: Gallery, seat: str) -> None:
    gallery.house.running.room.came(seat, seat, gallery.devices[seat], reader=True)


async def test_a_copy_says_whose_it_is_on_which_device_and_when(
    gallery: Gallery, clock: HandClock
) -> None:
    copies, running = gallery.house.shell.copies, gallery.house.running
    second = await gallery.house.claim("an")
    clock.pass_by(3600)
    assert copies.lines(running, "an", gallery.devices["an"])() == (
        "Người an",
        "máy 1 · 08:30 10/12/2026",
    )
    assert copies.lines(running, "an", second)()[1].startswith("máy 2 · ")
    assert copies.lines(running, "wall", gallery.devices["wall"])()[0] == "Màn hình phòng họp"


async def test_the_chair_is_told_how_many_of_those_who_may_read_it_have_theirs(
    gallery: Gallery,
) -> None:
    copies, running = gallery.house.shell.copies, gallery.house.running
    made = asyncio.Event()
    told = copies.personal.on_made
    assert told is not None

    def note(copy: object) -> None:
        told(copy)  # type: ignore[arg-type]  # a Copy
        if len(copies.personal) == 9:
            made.set()

    copies.personal.on_made = note
    assert copies.ready(running) == CopiesRow(0, 0)
    for seat in ("chu", "an", "wall", "minh", "tech"):
        comes(gallery, seat)
    assert copies.ready(running) == CopiesRow(0, 3)  # item 2 is neither the guest's
    await made.wait()  # its page and the two after it, for these three
    assert copies.ready(running) == CopiesRow(3, 3)
    running.room.went("wall", 0.0)
    assert copies.ready(running) == CopiesRow(2, 2)
    await gallery.house.does("thu", make.page("d2", 2))
    assert copies.ready(running) == CopiesRow(2, 2)  # made ahead
    comes(gallery, "ba")
    assert copies.ready(running) == CopiesRow(2, 3)
    await gallery.house.does("chu", c.StartItem("1"))
    assert copies.ready(running) is None


async def test_a_meeting_without_such_papers_has_nothing_to_tell(
    tmp_path: Path, clock: HandClock
) -> None:
    async with hung(tmp_path, clock) as gallery:
        await gallery.house.does("chu", c.OpenMeeting(), c.StartItem("2"))
        await gallery.house.does("thu", make.page("d2", 1))
        comes(gallery, "an")
        copies = gallery.house.shell.copies
        assert copies.ready(gallery.house.running) is None
        assert copies.personal.process_ids == ()


async def test_a_meeting_that_ends_leaves_no_copy(gallery: Gallery) -> None:
    copies = gallery.house.shell.copies
    path = "/p/an/personal/1"
    assert (await gallery.ask(path, gallery.cookie("an"))).status_code == 200
    copies.end(gallery.house.running.id)
    assert (len(copies.personal), copies.personal.bytes) == (0, 0)


async def test_the_room_screen_has_its_copy_of_what_is_presented_next(gallery: Gallery) -> None:
    copies, running = gallery.house.shell.copies, gallery.house.running
    comes(gallery, "wall")
    for item in ("1", "2"):
        await gallery.house.does("chu", c.StartItem(item))
        assert copies.ready(running) is None
    await gallery.house.does("thu", make.page("d2", 1))
    assert copies.ready(running) == CopiesRow(0, 1)
