"""Data folders that were in use, and backups of them."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from meeting.access import load_key
from meeting.backup import back_up
from meeting.store.sqlite import DATABASE

NOW: Final = datetime(2026, 12, 10, 12, 0, tzinfo=UTC)
PAPER: Final = b"%PDF-1.7 a paper that nobody opens here"


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


def small_backup(beside: Path) -> Path:
    """A backup of no meeting and one original; what it was made of lies in `small` beside it."""
    folder, file = beside / "small", beside / "small.zip"
    folder.mkdir()
    lay_down(folder)
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("CREATE TABLE facts (fact TEXT)")
        connection.execute("INSERT INTO facts VALUES ('one')")
        connection.commit()
    back_up(folder, file, NOW)
    return file


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
