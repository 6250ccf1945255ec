"""While a file is made the disk fills, or the server stops: there is none then, and no half one."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from meeting.archive.archives import Archives
from meeting.archive.checking import check
from meeting.archive.shelf import PARTIAL, Log, Shelf, Stopping, until_locked
from meeting.errors import Refused
from tests.archive import story
from tests.archive.story import ACCOUNTS, Papers
from tests.helpers.small_files import needs_a_limit, no_file_above


@pytest.fixture
def log(papers: Papers) -> Log:
    """Of a meeting whose record is locked."""
    return until_locked(story.linked(story.filed_away(papers).entries))


@needs_a_limit
@pytest.mark.parametrize("room", [0, 4096, 100_000])
def test_on_a_full_disk_there_is_no_file_and_later_a_whole_one(
    tmp_path: Path, papers: Papers, log: Log, room: int
) -> None:
    shelf = Shelf(tmp_path / "shelf", papers.of)
    shelf.start()
    with no_file_above(room), pytest.raises(OSError, match="large") as full:
        shelf.file("btv", log, ACCOUNTS)
    assert full.value.errno == errno.EFBIG
    assert list(shelf.folder.iterdir()) == []
    filed = shelf.file("btv", log, ACCOUNTS)
    assert (filed.kept, check(filed.path).whole) == (True, True)


async def test_where_there_is_no_room_nothing_is_begun(
    tmp_path: Path, papers: Papers, log: Log
) -> None:
    whole = Archives(tmp_path, papers.of, free=lambda: 1 << 40)
    await whole.start()
    size = (await whole.file("btv", log, ACCOUNTS)).size
    scarce = Archives(tmp_path / "scarce", papers.of, free=lambda: size - 1)
    low = Archives(tmp_path / "low", papers.of, lambda: True)
    for door, folder in ((scarce, tmp_path / "scarce"), (low, tmp_path / "low")):
        await door.start()
        with pytest.raises(Refused, match="disk_low"):
            await door.file("btv", log, ACCOUNTS)
        assert list(folder.iterdir()) == []


async def test_a_disk_that_gets_low_meanwhile_ends_it(
    tmp_path: Path, papers: Papers, log: Log
) -> None:
    looks = iter([False] * 20 + [True])
    door = Archives(tmp_path, papers.of, lambda: next(looks))
    await door.start()
    with pytest.raises(Refused, match="disk_low"):
        await door.file("btv", log, ACCOUNTS)
    assert list(tmp_path.iterdir()) == []


async def test_closing_leaves_what_is_made(tmp_path: Path, papers: Papers, log: Log) -> None:
    door = Archives(tmp_path, papers.of)
    await door.start()
    await door.close()
    with pytest.raises(Refused, match="server_busy"):
        await door.file("btv", log, ACCOUNTS)
    assert list(tmp_path.glob(f"*{PARTIAL}")) == []


def test_one_that_is_stopped_in_the_middle_leaves_nothing(
    tmp_path: Path, papers: Papers, log: Log
) -> None:
    looks = iter(range(100))

    def stops(_: int) -> None:
        if next(looks) == 20:
            shelf.stop()

    shelf = Shelf(tmp_path, papers.of, stops)
    shelf.start()
    with pytest.raises(Stopping):
        shelf.file("btv", log, ACCOUNTS)
    assert list(tmp_path.iterdir()) == []
