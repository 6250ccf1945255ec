"""What counts as plugged in, on each system, and what lies on it afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from meeting.archive.saving import save
from meeting.archive.shelf import Stopping
from meeting.archive.sticks import Stick, on_linux, on_macos, on_windows
from meeting.errors import Refused
from tests.helpers.minutes import no
from tests.helpers.small_files import needs_a_limit, no_file_above

NAME = "Hồ sơ 12-HS - Ban Thường vụ - 2026-12-10.zip"
BODY = bytes(range(256)) * 20_000  # five pieces

OTHER_DEVICE = Path("/proc")
"""Lies on another file system than any test's folder."""


# Which


def on_this_linux(tmp_path: Path, table: str, **disks: str) -> list[str]:
    """The names of the sticks, by this table of mounts and these disks, each with a part."""
    blocks = tmp_path / "block"
    for disk, removable in disks.items():
        folder = tmp_path / "devices" / disk
        (folder / f"{disk}1").mkdir(parents=True)
        (folder / "removable").write_text(f"{removable}\n")
        blocks.mkdir(exist_ok=True)
        (blocks / disk).symlink_to(folder)
        (blocks / f"{disk}1").symlink_to(folder / f"{disk}1")
    mounts = tmp_path / "mounts"
    mounts.write_text(table)
    return [one.name for one in on_linux(mounts, blocks, (tmp_path / "media",))]


def test_on_linux_what_comes_off_or_was_mounted_by_the_desktop(tmp_path: Path) -> None:
    for name in ("media/an/USB CỦA LAN", "media/an/no-disk", "home", "stick", "disk", "mediate"):
        (tmp_path / name).mkdir(parents=True)
    table = [
        f"/dev/sdz1 {tmp_path}/media/an/USB\\040CỦA\\040LAN vfat rw 0 0",
        f"tmpfs {tmp_path}/media/an/no-disk tmpfs rw 0 0",
        f"/dev/sda1 {tmp_path}/home ext4 rw 0 0",
        f"/dev/sdb1 {tmp_path}/stick vfat rw 0 0",
        f"/dev/sdc {tmp_path}/disk vfat rw 0 0",
        f"/dev/sdd1 {tmp_path}/mediate vfat rw 0 0",
        f"/dev/sdb1 {tmp_path}/media/an/pulled-out vfat rw 0 0",
        "nonsense",
    ]
    found = on_this_linux(tmp_path, "\n".join(table), sda="0", sdb="1", sdc="1")
    assert found == ["USB CỦA LAN", "disk", "no-disk", "stick"]


def test_a_linux_that_does_not_tell_has_none(tmp_path: Path) -> None:
    assert on_linux(tmp_path / "none", tmp_path, (tmp_path,)) == []


def test_on_macos_every_volume_but_the_one_it_started_from(tmp_path: Path) -> None:
    assert on_macos(tmp_path / "none") == []
    (tmp_path / "USB").mkdir()
    (tmp_path / "Macintosh HD").symlink_to("/")
    (tmp_path / "file").touch()
    assert on_macos(tmp_path, tmp_path) == []
    assert [one.name for one in on_macos(tmp_path, OTHER_DEVICE)] == ["USB"]


def test_on_windows_what_windows_says_is_removable(tmp_path: Path) -> None:
    kinds = {f"{tmp_path}": 2, "/": 3, f"{tmp_path}/no-stick-in-it": 2}
    assert [one.path for one in on_windows(kinds, kinds.__getitem__)] == [tmp_path]


def test_a_stick_keeps_its_id_and_another_has_another(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, again = on_macos(tmp_path, OTHER_DEVICE), on_macos(tmp_path, OTHER_DEVICE)
    assert [one.id for one in first] == [one.id for one in again]
    assert len({one.id for one in first}) == 2


# What is saved


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "filed.zip"
    path.write_bytes(BODY)
    return path


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    folder = tmp_path / "stick"
    folder.mkdir()
    return Stick("one", "USB", folder, shutil.disk_usage(folder).free, True)


def kept(stick: Stick) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in stick.path.iterdir()}


def ignore(again: bool, done: int) -> None:
    """Nobody looks how far it is."""


def refuses(source: Path, stick: Stick) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(Refused) as refused:
        save(source, NAME, stick, ignore, lambda: False)
    return refused.value.code, refused.value.data


def test_what_is_saved_is_whole_and_told_in_two_courses(source: Path, stick: Stick) -> None:
    told: list[tuple[bool, int]] = []
    (stick.path / f"{NAME}.partial").write_bytes(b"left when it was pulled out")
    called = save(source, NAME, stick, lambda again, done: told.append((again, done)), bool)
    assert (called, kept(stick)) == (NAME, {NAME: BODY})
    steps = [*range(1 << 20, len(BODY), 1 << 20), len(BODY)]
    assert told == [(again, done) for again in (False, True) for done in steps]


def test_what_lies_there_already_stays(source: Path, stick: Stick) -> None:
    (stick.path / NAME).write_bytes(b"another")
    numbered = NAME.replace(".zip", " (2).zip")
    assert save(source, NAME, stick, ignore, bool) == numbered
    assert save(source, NAME, stick, ignore, bool) == numbered  # the same once more
    assert kept(stick) == {NAME: b"another", numbered: BODY}


def test_a_name_that_leads_elsewhere_is_not_followed(source: Path, stick: Stick) -> None:
    elsewhere = stick.path.parent / "elsewhere"
    elsewhere.write_bytes(b"mine")
    (stick.path / f"{NAME}.partial").symlink_to(elsewhere)
    (stick.path / NAME).symlink_to(elsewhere)
    assert save(source, NAME, stick, ignore, bool) == NAME.replace(".zip", " (2).zip")
    assert elsewhere.read_bytes() == b"mine"


def test_a_stick_without_room_is_refused_before_anything_is_written(
    source: Path, stick: Stick
) -> None:
    small = Stick(stick.id, stick.name, stick.path, len(BODY), True)
    assert refuses(source, small) == no("stick_full", mb=2)
    assert kept(stick) == {}


def test_one_that_is_locked_is_refused(source: Path, stick: Stick) -> None:
    assert refuses(source, Stick(stick.id, "", stick.path, 10**9, False)) == no("stick_read_only")
    assert kept(stick) == {}


def test_one_that_is_gone_is_refused(source: Path, stick: Stick) -> None:
    stick.path.rmdir()
    assert refuses(source, stick) == no("stick_gone")


def test_one_that_reads_otherwise_keeps_nothing(source: Path, stick: Stick) -> None:
    """As one does that is worn out."""

    def wears_out(again: bool, done: int) -> None:
        if not again and done == len(BODY):
            with (stick.path / f"{NAME}.partial").open("r+b") as file:
                file.write(b"x")

    with pytest.raises(Refused, match="stick_differs"):
        save(source, NAME, stick, wears_out, bool)
    assert kept(stick) == {}


@pytest.mark.parametrize("asked", [1, 3, 7])
def test_one_that_is_stopped_keeps_nothing(source: Path, stick: Stick, asked: int) -> None:
    answers = iter([False] * asked + [True])
    with pytest.raises(Stopping):
        save(source, NAME, stick, ignore, lambda: next(answers))
    assert kept(stick) == {}


@needs_a_limit
def test_one_that_takes_no_file_as_large_keeps_nothing(source: Path, stick: Stick) -> None:
    with no_file_above(1 << 20):
        said = refuses(source, stick)
    assert (said, kept(stick)) == (no("stick_format_old"), {})
