"""One process per folder; a killed one is no obstacle; a finished one ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from meeting.store.engine import Store, open_store
from meeting.store.faults import StoreBusy
from meeting.store.meetings import Meetings
from tests.store.entries import answered, linked
from tests.store.places import Folder, Place


@pytest.fixture
def place(folder: Path) -> Place:
    return Folder(folder)


ROOT = Path(__file__).parents[2]
LIMIT_S = 60


def child(what: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.child", what, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


async def test_second_opening_is_refused(folder: Path, store: Store) -> None:
    with pytest.raises(StoreBusy):
        await open_store(folder)
    await store.close()
    await (await open_store(folder)).close()


async def test_killed_process_loses_nothing_and_locks_nobody_out(folder: Path) -> None:
    with child("write_for_ever", folder) as process:
        assert process.stdout
        try:
            said = [process.stdout.readline() for _ in range(10)]
            with pytest.raises(StoreBusy):
                await open_store(folder)
        finally:
            process.kill()
        acknowledged = int([*said, *process.stdout][-1])
    store = await open_store(folder)
    try:
        loaded = await Meetings(store).load("m1")
        assert len(loaded.entries) in (acknowledged, acknowledged + 3)
        assert loaded.entries == linked(len(loaded.entries))
        assert len(loaded.answers) == len(loaded.entries) // 3 * 4
        more = linked(1, loaded.entries)
        await Meetings(store).append(
            "m1", after=len(loaded.entries), entries=more, answers=answered(more)
        )
    finally:
        await store.close()


async def test_process_ends_after_close(folder: Path) -> None:
    with child("come_and_go", folder) as process:
        output, _ = process.communicate(timeout=LIMIT_S)
    assert (output.splitlines(), process.returncode) == (["refused", "['MainThread']"], 0)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
async def test_full_disk_refuses_and_keeps_what_is_there(folder: Path) -> None:
    with child("fill_the_disk", folder) as process:
        output, _ = process.communicate(timeout=LIMIT_S)
    said = ["not stored", "not stored", "not stored", "True", "True"]
    assert (output.splitlines(), process.returncode) == (said, 0)
