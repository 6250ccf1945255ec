"""A backup holds every byte that matters, and a restored one is the same server again."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from meeting import backup
from meeting.access import load_key
from meeting.backup import (
    MANIFEST,
    NameRefused,
    NotEmpty,
    NotWhole,
    back_up,
    from_file,
    restore,
    to_file,
)
from meeting.errors import Stopped
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.store.sqlite import DATABASE
from tests.helpers.house import House
from tests.helpers.small_files import needs_a_limit, no_file_above

NOW = datetime(2026, 12, 10, 12, 0, tzinfo=UTC)
PAPER = b"%PDF-1.7 a paper that nobody opens here"


def rows(folder: Path) -> dict[str, list[Any]]:
    """Every row of every table, and what the database is made of."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        made = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 2").fetchall()
        tables = [name for kind, name, _ in made if kind == "table"]
        said = {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in tables
        }
    return {"made of": made, **said}


def files(folder: Path, *left_out: str) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((DATABASE, *left_out))
    }


def kept_in(folder: Path) -> dict[str, bytes]:
    """The files of a data folder that a backup has to hold."""
    return files(folder, "phien.lock", "reserve", "phien.log", "metrics.token", "address.json")


def lay_down(folder: Path) -> None:
    """What lies around the database in a folder that was in use."""
    load_key(folder)
    (folder / "settings.toml").write_text("ahead_rate = 20000000\n", "utf-8")
    originals = folder / "pages" / "originals"
    originals.mkdir(parents=True)
    (originals / f"{sha256(PAPER).hexdigest()}.pdf").write_bytes(PAPER)


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
    folder = tmp_path / "small"
    folder.mkdir()
    lay_down(folder)
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("CREATE TABLE facts (fact TEXT)")
        connection.execute("INSERT INTO facts VALUES ('one')")
        connection.commit()
    back_up(folder, tmp_path / "small.zip", NOW)
    return tmp_path / "small.zip"


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


# What is refused


def test_every_changed_byte_is_found_before_anything_is_laid_down(
    backed: Path, tmp_path: Path
) -> None:
    """Or it changes nothing of what is kept: a zip has bytes that nobody reads."""
    whole, damaged, new = backed.read_bytes(), tmp_path / "damaged.zip", tmp_path / "new"
    sound, found = kept_in(tmp_path / "small"), 0
    for place in range(3, len(whole), 11):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        damaged.write_bytes(changed)
        try:
            restore(damaged, new)
        except (NotWhole, OSError):
            found += 1
            assert not new.exists()
        else:
            assert (files(new), rows(new)) == (sound, rows(tmp_path / "small"))
            shutil.rmtree(new)
    assert found > len(whole) // 11 // 2
    assert list(tmp_path.glob("*.partial")) == []


def repacked(backed: Path, change: Mapping[str, bytes | None], extra: Iterable[str] = ()) -> Path:
    """The backup with some of its files changed or gone, in an otherwise sound zip."""
    target = backed.with_name("changed.zip")
    with zipfile.ZipFile(backed) as one, zipfile.ZipFile(target, "w") as other:
        for name in one.namelist():
            if (content := change.get(name, one.read(name))) is not None:
                other.writestr(name, content)
        for name in extra:
            other.writestr(name, b"more")
    return target


@pytest.mark.parametrize(
    "change", [{"secret.key": b"x" * 32}, {"secret.key": None}, {MANIFEST: None}, {MANIFEST: b"{}"}]
)
def test_a_backup_that_was_changed_is_laid_nowhere(
    backed: Path, tmp_path: Path, change: dict[str, bytes | None]
) -> None:
    with pytest.raises(NotWhole):
        restore(repacked(backed, change), tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("kept", [4096, 0])
def test_a_database_that_does_not_hold_together_is_laid_nowhere(
    backed: Path, tmp_path: Path, kept: int
) -> None:
    """Though every checksum is right."""
    with zipfile.ZipFile(backed) as packed:
        manifest, database = json.loads(packed.read(MANIFEST)), packed.read(DATABASE)
    broken = database[:kept] + bytes(len(database) - kept) if kept else b""
    manifest["files"][DATABASE] = {"sha256": sha256(broken).hexdigest(), "bytes": len(broken)}
    change = {DATABASE: broken, MANIFEST: json.dumps(manifest).encode()}
    with pytest.raises(NotWhole, match=DATABASE):
        restore(repacked(backed, change), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nothing_is_laid_beside_the_folder(backed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(backed) as packed:
        manifest = json.loads(packed.read(MANIFEST))
    for name in ("../out.txt", "/out.txt", "a/../../out.txt", "c:out.txt", "a\\..\\out.txt"):
        kept = {"sha256": sha256(b"more").hexdigest(), "bytes": 4}
        changed = json.dumps({**manifest, "files": {**manifest["files"], name: kept}}).encode()
        with pytest.raises(NotWhole):
            restore(repacked(backed, {MANIFEST: changed}, [name]), tmp_path / "new")
        assert not (tmp_path / "new").exists()
    assert list(tmp_path.rglob("out.txt")) == []


MORE = {"sha256": sha256(b"more").hexdigest(), "bytes": 4}


def test_names_that_are_none_everywhere_are_refused_in_words(backed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(backed) as packed:
        manifest = json.loads(packed.read(MANIFEST))
    for names in (
        ["CON"],
        ["con.txt"],
        ["pages/NUL"],
        ["COM1"],
        ["a\nb"],
        ["a\u202eb"],
        ["phien.lock"],
        ["PHIEN.lock"],
        ["phien.sqlite3-wal"],
        ["address.json"],
        ["phien.log.1"],
        ["/out.txt"],
        [".."],
        ["a/../b"],
        ["a//b"],
        ["a/"],
        ["a."],
        ["a /b"],
        ["a?b"],
        ["x" * 300],
        ["secret.KEY"],
        ["more", "More"],
        ["more", "more/b"],
        ["Á", "A\u0301"],
        ["demo/secret.key"],
        ["half.partial"],
    ):
        files = {**manifest["files"], **dict.fromkeys(names, MORE)}
        changed = json.dumps({**manifest, "files": files}).encode()
        target = tmp_path / "new"
        with pytest.raises(Stopped) as stopped:
            from_file(repacked(backed, {MANIFEST: changed}, names), target)
        assert stopped.value.key == "restore_name", names
        assert "\n" not in str(stopped.value.data["name"])
        assert not target.exists()
    assert list(tmp_path.glob("*.partial")) == []


def test_a_link_in_a_backup_is_refused(backed: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("secret.key")
    link.external_attr = 0o120777 << 16
    target = tmp_path / "linked.zip"
    with zipfile.ZipFile(backed) as one, zipfile.ZipFile(target, "w") as other:
        for name in one.namelist():
            other.writestr(link if name == "secret.key" else name, one.read(name))
    with pytest.raises(NameRefused, match=r"secret\.key"):
        restore(target, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(backed: Path, tmp_path: Path) -> None:
    with pytest.raises(NotWhole):
        restore(repacked(backed, {}, ["secret.key"]), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_what_unpacks_to_more_than_it_says_or_than_the_disk_takes_is_refused(
    backed: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(backed) as packed:
        manifest = json.loads(packed.read(MANIFEST))
    changed = dict.fromkeys(("small", "vast"), manifest)
    changed["small"] = {**manifest, "files": {**manifest["files"], "bomb": MORE}}
    vast = {**MORE, "bytes": 10**18}
    changed["vast"] = {**manifest, "files": {**manifest["files"], "bomb": vast}}
    for which, key in (("small", "restore_not_whole"), ("vast", "restore_no_room")):
        target = backed.with_name(f"bomb-{which}.zip")
        with (
            zipfile.ZipFile(backed) as one,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as other,
        ):
            for name in one.namelist():
                said = json.dumps(changed[which]).encode()
                other.writestr(name, said if name == MANIFEST else one.read(name))
            other.writestr("bomb", bytes(30_000_000))
        assert target.stat().st_size < 100_000
        with pytest.raises(Stopped) as stopped:
            from_file(target, tmp_path / "new")
        assert (stopped.value.key, (tmp_path / "new").exists()) == (key, False)
    assert list(tmp_path.glob("*.partial")) == []


@pytest.mark.skipif(os.name != "posix", reason="has no such names")
def test_what_could_not_be_restored_everywhere_is_no_file_of_ours_and_left_out(
    backed: Path, tmp_path: Path
) -> None:
    for name in ("a:b", "CON", "Secret.key", "a\nb"):
        (tmp_path / "small" / name).write_bytes(b"somebody else's")
    back_up(tmp_path / "small", tmp_path / "again.zip", NOW)
    restore(tmp_path / "again.zip", tmp_path / "new")
    assert len(files(tmp_path / "new")) == 3


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


def test_a_folder_with_data_is_left_as_it_is(backed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(NotEmpty):
        restore(backed, folder)
    assert files(folder) == {"mine.txt": b"mine"}


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


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"no zip at all")
    for name, key in (("no.zip", "restore_not_whole"), ("none.zip", "restore_failed")):
        with pytest.raises(Stopped) as stopped:
            from_file(tmp_path / name, tmp_path / "new")
        assert stopped.value.key == key


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
