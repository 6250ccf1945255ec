"""What is no backup of ours is refused in words, and nothing of it is laid anywhere."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from meeting.backup import MANIFEST, NameRefused, NotEmpty, NotWhole, back_up, from_file, restore
from meeting.errors import Stopped
from meeting.store.sqlite import DATABASE
from tests.helpers.backups import NOW, files, kept_in, repacked, rows, small_backup


@pytest.fixture
def backed(tmp_path: Path) -> Path:
    """A small backup: no meeting, one original."""
    return small_backup(tmp_path)


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


def test_a_folder_with_data_is_left_as_it_is(backed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(NotEmpty):
        restore(backed, folder)
    assert files(folder) == {"mine.txt": b"mine"}


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"no zip at all")
    for name, key in (("no.zip", "restore_not_whole"), ("none.zip", "restore_failed")):
        with pytest.raises(Stopped) as stopped:
            from_file(tmp_path / name, tmp_path / "new")
        assert stopped.value.key == key
