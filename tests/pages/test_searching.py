"""Many who look for words at once: one after the other, and of each device the newest search."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from meeting.errors import AskedTooMuch, Refused
from meeting.pages import Pages, searching
from meeting.pages.finding import Query, query_of
from meeting.pages.searching import HITS_MOST, IN_LINE_MOST, Searching


class Room:
    """Searches for a word, from several devices; what became of each, in order."""

    def __init__(self, pages: Pages, sha256: str, count: int) -> None:
        self.told: list[str] = []
        self._searching = Searching(pages.texts)
        self._document = (sha256, count)

    async def look(self, name: str) -> None:
        try:
            await self._searching.look(query("paper"), [self._document], device=name[:-1])
        except AskedTooMuch:
            self.told.append(f"{name} gave way")
        except Refused as refused:
            self.told.append(f"{name} {refused.code}")
        else:
            self.told.append(name)


def query(text: str) -> Query:
    found = query_of(text)
    assert found is not None
    return found


@pytest.fixture
async def room(pages: Pages, papers: Any) -> Room:
    """The text of its paper is not in memory, so that each first search has to wait."""
    original = await pages.take_in(papers.text(1))
    return Room(pages, original.sha256, 1)


async def test_one_after_the_other_and_of_each_device_the_newest(room: Room) -> None:
    await asyncio.gather(*map(room.look, ("a1", "b1", "a2", "c1", "a3")))
    assert room.told == ["a2 gave way", "a1", "b1", "a3", "c1"]


async def test_who_leaves_the_line_holds_up_nobody(room: Room) -> None:
    tasks = [asyncio.create_task(room.look(name)) for name in ("a1", "b1", "c1")]
    await asyncio.sleep(0)
    for task in tasks[:2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await room.look("d1")
    assert room.told == ["c1", "d1"]


async def test_no_more_devices_wait_than_are_served_in_time(room: Room) -> None:
    devices = [f"{number}-1" for number in range(IN_LINE_MOST + 2)]
    await asyncio.gather(*map(room.look, devices))
    assert room.told == [f"{devices[-1]} server_busy", *devices[:-1]]


async def test_of_many_that_ask_at_once_one_looks_in_a_round(pages: Pages, papers: Any) -> None:
    original = await pages.take_in(papers.text(1))
    await pages.texts.page(original.sha256, 1, 1)
    looking = Searching(pages.texts)
    rounds: list[int] = []
    round_now = 0

    async def look(device: str) -> None:
        await looking.look(query("paper"), [(original.sha256, 1)], device)
        rounds.append(round_now)

    everybody = asyncio.gather(*(look(f"{number}") for number in range(16)))
    while not everybody.done():
        await asyncio.sleep(0)
        round_now += 1
    assert len(set(rounds)) == 16


async def test_of_many_hits_the_exact_ones_are_told_and_all_are_counted(
    pages: Pages, papers: Any
) -> None:
    original = await pages.take_in(papers.text(9))
    for page in range(1, 10):
        await pages.texts.page(original.sha256, page, 9)
    documents = [(original.sha256, 9)]
    ((found,), _) = await Searching(pages.texts).look(query("line"), documents, "a")
    assert (found.count, len(found.hits), found.hits[-1].page) == (360, HITS_MOST, 8)


async def test_when_the_time_is_over_no_further_text_is_fetched(
    pages: Pages, papers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = await pages.take_in(papers.text(1))
    monkeypatch.setattr(searching, "SEARCH_SECONDS", 0.0)
    look = Searching(pages.texts).look(query("line"), [(original.sha256, 1)], "a")
    assert await look == ([], False)


async def test_many_small_papers_are_looked_through_with_pauses(pages: Pages, papers: Any) -> None:
    original = await pages.take_in(papers.text(1))
    await pages.texts.page(original.sha256, 1, 1)
    many = [(original.sha256, 1)] * 20_000
    looking = asyncio.create_task(Searching(pages.texts).look(query("nowhere"), many, "a"))
    rounds = 0
    while not looking.done():
        await asyncio.sleep(0)
        rounds += 1
    found, _ = looking.result()
    assert (found[0].count, rounds > 10) == (0, True)
