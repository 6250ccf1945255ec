"""The reserve: made, given up once, known over a restart, made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from meeting.store.faults import DiskFull, NotStored
from meeting.store.space import RESERVE, Space

BYTES = 100_000


def looked(folder: Path, reserve_bytes: int = BYTES) -> Space:
    space = Space(folder, reserve_bytes)
    space.look()
    return space


def more_than_half_of_what_is_free(folder: Path) -> int:
    return Space(folder).free() // 2 + 100_000_000


def size(folder: Path) -> int | None:
    return (folder / RESERVE).stat().st_size if (folder / RESERVE).exists() else None


def test_the_reserve_is_there_in_blocks_of_its_own(tmp_path: Path) -> None:
    space = looked(tmp_path)
    assert (space.full, size(tmp_path)) == (False, BYTES)
    assert (tmp_path / RESERVE).stat().st_blocks * 512 >= BYTES


def test_the_reserve_is_given_up_once_and_made_again(tmp_path: Path) -> None:
    space = looked(tmp_path)
    assert (space.ran_out(DiskFull()), space.full, space.low) == (True, True, True)
    assert (space.ran_out(DiskFull()), size(tmp_path)) == (False, 0)
    space.look()
    assert (space.full, size(tmp_path)) == (False, BYTES)


def test_a_reserve_larger_than_asked_for_gives_back_what_is_too_much(tmp_path: Path) -> None:
    looked(tmp_path, 3 * BYTES)
    space = looked(tmp_path)
    assert (space.full, size(tmp_path)) == (False, BYTES)
    assert (tmp_path / RESERVE).stat().st_blocks * 512 < 2 * BYTES


def test_another_fault_of_writing_gives_nothing_up(tmp_path: Path) -> None:
    space = looked(tmp_path)
    assert (space.ran_out(NotStored()), space.full, size(tmp_path)) == (False, False, BYTES)


def test_a_reserve_given_up_is_known_over_a_restart(tmp_path: Path) -> None:
    looked(tmp_path).ran_out(DiskFull())
    large = more_than_half_of_what_is_free(tmp_path)
    space = looked(tmp_path, large)
    assert (space.full, size(tmp_path)) == (True, 0)


def test_where_there_was_never_room_for_a_reserve_the_disk_is_not_called_full(
    tmp_path: Path,
) -> None:
    large = more_than_half_of_what_is_free(tmp_path)
    space = looked(tmp_path, large)
    assert (space.full, size(tmp_path)) == (False, None)
    assert (space.ran_out(DiskFull()), space.full) == (True, True)
    space.look()
    assert space.full is True


@pytest.mark.parametrize("without", ["posix_fallocate"])
def test_systems_without_a_call_for_it_write_the_reserve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    monkeypatch.delattr("os." + without, raising=False)
    space = looked(tmp_path)
    assert (space.full, size(tmp_path)) == (False, BYTES)


async def test_whoever_waits_for_room_is_told_once_when_there_is_some(tmp_path: Path) -> None:
    told: list[bool] = []
    space = looked(tmp_path)
    space.on_room = lambda: told.append(space.low)
    space.ran_out(DiskFull())
    await space.look_again()
    await space.look_again()
    assert told == [False]
