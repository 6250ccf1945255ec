"""A backup holds every byte that matters, and a restored one is the same server again."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from meeting import backup
from meeting.backup import back_up, restore, to_file
from meeting.errors import Stopped
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.store.sqlite import DATABASE
from tests.helpers.backups import NOW, PAPER, files, kept_in, lay_down, rows, small_backup
from tests.helpers.house import House
from tests.helpers.small_files import needs_a_limit, no_file_above


def lay_down_what_is_made_again(folder: Path) -> None:
    image = folder / "pages" / "pages" / "ab" / "abc" / "1-1600.webp"
    image.parent.mkdir(parents=True)
    image.write_bytes(b"an image")
    for name in (
        "phien.log",
        "phien.log.1",
        "reserve.bin",
        "metrics.token",
        "address.json",
        "phien.ico",
    ):
        (folder / name).write_bytes(b"not kept")
    (folder / "pages" / "originals" / "half.partial").write_bytes(b"half")
    (folder / "demo").mkdir()
    (folder / "demo" / "secret.key").write_bytes(b"of the sample meeting")


@pytest.fixture
def backed(tmp_path: Path) -> Path:
    """A small backup: no meeting, one original."""
    return small_backup(tmp_path)


async def test_a_backup_of_a_running_server_holds_every_byte_that_matters(
    house: House, tmp_path: Path
) -> None:
    lay_down(house.folder)
    await house.opened()
    await house.done("an", c.CheckIn(), sighting="fresh")
    wal = house.folder / f"{DATABASE}-wal"
    assert wal.stat().st_size > 0  # what was written last is not in the database's own file
    done = back_up(house.folder, tmp_path / "all.zip", NOW)
    before, around = rows(house.folder), kept_in(house.folder)
    restore(tmp_path / "all.zip", tmp_path / "new")
    assert rows(tmp_path / "new") == before
    assert files(tmp_path / "new") == around
    assert set(around) == {
        "secret.key",
        "settings.toml",
        f"pages/originals/{sha256(PAPER).hexdigest()}.pdf",
    }
    assert (done.files, done.damaged) == (4, ())


async def test_a_restored_meeting_goes_on_where_it_was(house: House, tmp_path: Path) -> None:
    await house.opened()
    rev, head = house.running.state.rev, house.running.head_hash
    back_up(house.folder, tmp_path / "all.zip", NOW)
    await house.done("chair", c.CloseMeeting())
    restore(tmp_path / "all.zip", tmp_path / "new")
    again = House(tmp_path / "new")
    await again.open()
    assert (again.running.state.rev, again.running.head_hash) == (rev, head)
    assert again.running.state.phase == "running"
    answer = await again.ask("chair", c.CloseMeeting(), "after-restoring")
    assert answer == Committed(rev + 1)
    await again.close()


async def test_the_server_goes_on_while_a_backup_is_made(house: House, tmp_path: Path) -> None:
    await house.opened()
    for seat in ("an", "anh", "sec"):
        back_up(house.folder, tmp_path / f"{seat}.zip", NOW)
        await house.done("sec", c.MarkAttendance(seat, "present"))
    restore(tmp_path / "sec.zip", tmp_path / "new")
    with closing(sqlite3.connect(tmp_path / "new" / DATABASE)) as connection:
        rev = connection.execute("SELECT max(rev) FROM facts").fetchone()[0]
    assert rev == house.running.state.rev - 1


def test_what_can_be_made_again_is_left_out(backed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    lay_down_what_is_made_again(folder)
    back_up(folder, folder / "inside.zip", NOW)
    with zipfile.ZipFile(folder / "inside.zip") as one, zipfile.ZipFile(backed) as other:
        assert one.namelist() == other.namelist()


def test_the_same_data_make_the_same_files_in_it(backed: Path, tmp_path: Path) -> None:
    back_up(tmp_path / "small", tmp_path / "again.zip", NOW)
    with zipfile.ZipFile(backed) as one, zipfile.ZipFile(tmp_path / "again.zip") as other:
        assert [one.read(name) for name in one.namelist()] == [
            other.read(name) for name in other.namelist()
        ]


@pytest.mark.skipif(os.name != "posix", reason="has no such modes")
def test_a_backup_is_for_its_owner_alone(backed: Path, tmp_path: Path) -> None:
    restore(backed, tmp_path / "new")
    assert backed.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    laid = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in laid} == {0}


def test_a_damaged_original_is_packed_and_told(tmp_path: Path, backed: Path) -> None:
    paper = next((tmp_path / "small").glob("pages/originals/*.pdf"))
    paper.write_bytes(b"something else")
    done = back_up(tmp_path / "small", backed, NOW)
    assert done.damaged == (f"pages/originals/{paper.name}",)
    restore(backed, tmp_path / "new")
    assert files(tmp_path / "new") == kept_in(tmp_path / "small")


@needs_a_limit
def test_a_backup_the_disk_does_not_take_leaves_nothing(tmp_path: Path, backed: Path) -> None:
    whole = backed.read_bytes()
    large = tmp_path / "small" / "archives" / "large.zip"
    large.parent.mkdir()
    large.write_bytes(os.urandom(3_000_000))
    with no_file_above(1_000_000), pytest.raises(Stopped) as stopped:
        to_file(tmp_path / "small", backed, "")
    assert stopped.value.key == "backup_failed"
    assert (backed.read_bytes(), list(tmp_path.rglob("*.partial"))) == (whole, [])


def test_a_sample_meeting_beside_it_stays(backed: Path, tmp_path: Path) -> None:
    sample = tmp_path / "new" / "demo" / "secret.key"
    sample.parent.mkdir(parents=True)
    sample.write_bytes(b"of the sample")
    (tmp_path / "new" / "phien.ico").write_bytes(b"a picture")
    restore(backed, tmp_path / "new")
    expected = {
        "phien.ico": b"a picture",
        **kept_in(tmp_path / "small"),
        "demo/secret.key": b"of the sample",
    }
    assert files(tmp_path / "new") == expected


def test_what_stood_there_stays_where_a_backup_fails(backed: Path, tmp_path: Path) -> None:
    whole = backed.read_bytes()
    shutil.rmtree(tmp_path / "small")
    (tmp_path / "small").mkdir()
    with pytest.raises(Stopped) as stopped:
        to_file(tmp_path / "small", backed, "")
    assert stopped.value.key == "backup_no_data"
    assert (backed.read_bytes(), list(tmp_path.glob("*.partial"))) == (whole, [])


def test_a_postgresql_is_not_backed_up_here(backed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    with pytest.raises(Stopped) as stopped:
        to_file(folder, backed, "postgresql://an@127.0.0.1/phien")
    assert stopped.value.key == "backup_postgres"
    (folder / "settings.toml").write_text('database = "postgresql://an@127.0.0.1/phien"\n', "utf-8")
    with pytest.raises(Stopped) as stopped:
        to_file(folder, backed, "")
    assert stopped.value.key == "backup_postgres"


def test_the_reserve_and_the_lock_are_left_out_by_their_names() -> None:
    assert {"reserve.bin", "phien.lock"} <= set(backup.LEFT_OUT)


async def test_backups_made_while_people_act_each_hold_one_moment(
    house: House, tmp_path: Path
) -> None:
    """Each restored log is whole, and none is older than what was answered before it began."""
    await house.opened()
    acting = asyncio.create_task(acts(house))
    for number in range(5):
        rev = house.running.state.rev
        await asyncio.to_thread(back_up, house.folder, tmp_path / "all.zip", NOW)
        restore(tmp_path / "all.zip", tmp_path / f"{number}")
        again = House(tmp_path / f"{number}")
        await again.open()  # which verifies the chain
        assert rev <= again.running.state.rev <= house.running.state.rev
        await again.close()
    assert not acting.done()
    acting.cancel()
    await asyncio.gather(acting, return_exceptions=True)


async def acts(house: House) -> None:
    number = 0
    while True:
        number += 1
        await house.done("sec", c.ShowPage("d1", 1, number % 34 + 1))
        await asyncio.sleep(0)


async def test_a_backup_after_a_crash_changes_nothing_and_has_all(
    house: House, tmp_path: Path
) -> None:
    """The journal of a server that was killed is read, not folded."""
    await house.opened()
    crashed = tmp_path / "crashed"
    shutil.copytree(house.folder, crashed)
    journal = crashed / f"{DATABASE}-wal"
    before = (crashed / DATABASE).read_bytes(), journal.read_bytes()
    assert before[1]
    back_up(crashed, tmp_path / "all.zip", NOW)
    assert ((crashed / DATABASE).read_bytes(), journal.read_bytes()) == before
    restore(tmp_path / "all.zip", tmp_path / "new")
    assert rows(tmp_path / "new") == rows(house.folder)
