"""A check in a process of its own: the same verdict, bounded, and ended at any moment."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from meeting.archive.apart import CHILD, CheckLimits, check_apart, seconds_for
from meeting.archive.archives import CHECKS_MOST, Archives
from meeting.archive.checking import check
from meeting.archive.shelf import Filed
from meeting.errors import Refused
from meeting.sandbox import ROOT, START

LONG_SECONDS = 60.0


async def test_it_finds_what_a_check_here_finds(official: Filed, copied: Path) -> None:
    seal = check(official.path).seal
    assert await check_apart(official.path, seal) == check(official.path, seal)
    body = bytearray(copied.read_bytes())
    body[len(body) // 2] ^= 1
    copied.write_bytes(body)
    found = await check_apart(copied)
    assert (found, found.whole) == (check(copied), False)


async def test_what_cannot_be_read_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await check_apart(tmp_path / "none.zip")


@pytest.mark.skipif(os.name != "posix", reason="has no such limits")
@pytest.mark.parametrize(
    "limits",
    [CheckLimits(seconds=0.01), CheckLimits(memory_bytes=60_000_000)],
    ids=["time", "memory"],
)
async def test_what_asks_for_too_much_is_given_up(official: Filed, limits: CheckLimits) -> None:
    with pytest.raises(Refused, match="check_given_up"):
        await check_apart(official.path, limits=limits)


def test_a_large_file_has_longer(tmp_path: Path) -> None:
    limits = CheckLimits(seconds=10, slowest_bytes_per_second=100)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(bytes(500))
    assert seconds_for(tmp_path / "a" / "b", limits) == 15
    assert seconds_for(tmp_path / "none", limits) == 10
    assert seconds_for(tmp_path / "a", limits) >= 15


def held_back(folder: Path) -> Path:
    """A file whose reading takes for ever: nobody ever writes into this pipe."""
    path = folder / "pipe.zip"
    os.mkfifo(path)
    return path


def children() -> list[int]:
    """The processes of a check that live now."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if CHILD.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


async def begun() -> int:
    async with asyncio.timeout(LONG_SECONDS):
        while not (found := children()):  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.01)
    return found[0]


async def ended() -> None:
    async with asyncio.timeout(LONG_SECONDS):
        while children():  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.01)


def archives(folder: Path) -> Archives:
    return Archives(folder / "archives", lambda sha256: folder / sha256)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_whoever_is_cancelled_leaves_no_process(tmp_path: Path) -> None:
    asked = asyncio.create_task(archives(tmp_path).check(held_back(tmp_path), ""))
    child = await begun()
    asked.cancel()
    assert isinstance((await asyncio.gather(asked, return_exceptions=True))[0], BaseException)
    assert not Path(f"/proc/{child}").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_closing_ends_the_one_at_work_and_those_that_wait(tmp_path: Path) -> None:
    path, door = held_back(tmp_path), archives(tmp_path)
    asked = [asyncio.create_task(door.check(path, "")) for _ in range(3)]
    child = await begun()
    async with asyncio.timeout(LONG_SECONDS):
        await door.close()
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [answer.code for answer in answers if isinstance(answer, Refused)] == ["server_busy"] * 3
    assert not Path(f"/proc/{child}").exists()


async def test_only_so_many_wait_and_each_leaves_nothing_behind(tmp_path: Path) -> None:
    door = archives(tmp_path)
    await door.start()
    places = [door.room() for _ in range(CHECKS_MOST)]
    paths = [await place.__aenter__() for place in places]
    assert door.checks == CHECKS_MOST
    with pytest.raises(Refused, match="check_full"):
        await door.room().__aenter__()
    for place in places:
        await place.__aexit__(None, None, None)
    assert (door.checks, [path.exists() for path in paths]) == (0, [False] * CHECKS_MOST)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_child_ends_with_whoever_started_it(tmp_path: Path) -> None:
    settings = {"path": str(held_back(tmp_path)), "head": ""}
    limits = {"memory_bytes": 2_000_000_000, "cpu_seconds": 60}
    asked = msgspec.json.encode(settings | limits).decode()
    command = [sys.executable, "-c", START, str(ROOT), CHILD, asked]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(LONG_SECONDS) == 1
