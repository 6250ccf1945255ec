"""Data folders of older versions, as those versions left them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from meeting.store.engine import open_store
from meeting.store.meetings import Meetings
from meeting.store.sqlite import DATABASE
from meeting.store.tables import HEAD, utc_text
from tests.store.entries import answered, linked

GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"

REVISION_1 = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE meetings (
    id TEXT NOT NULL, head INTEGER NOT NULL, head_hash BLOB NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY (id), UNIQUE (place)
);
CREATE TABLE facts (
    meeting TEXT NOT NULL, rev INTEGER NOT NULL, at TEXT NOT NULL, command TEXT NOT NULL,
    seat TEXT NOT NULL, device TEXT NOT NULL, for_chair BOOLEAN NOT NULL, kind TEXT NOT NULL,
    fact TEXT NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (meeting, rev), FOREIGN KEY(meeting) REFERENCES meetings (id)
) WITHOUT ROWID;
CREATE TABLE answers (
    meeting TEXT NOT NULL, command TEXT NOT NULL, digest BLOB NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (meeting, command), FOREIGN KEY(meeting) REFERENCES meetings (id)
) WITHOUT ROWID;
CREATE TRIGGER facts_no_UPDATE BEFORE UPDATE ON facts
    BEGIN SELECT RAISE(ABORT, 'facts are permanent'); END;
CREATE TRIGGER facts_no_DELETE BEFORE DELETE ON facts
    BEGIN SELECT RAISE(ABORT, 'facts are permanent'); END;
"""


def revision_1(folder: Path) -> None:
    """A data folder with one meeting of six facts."""
    folder.mkdir()
    entries = linked(6)
    with closing(sqlite3.connect(folder / DATABASE)) as raw:
        raw.executescript(REVISION_1)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("INSERT INTO meetings VALUES ('m1', 6, ?, 1)", (entries[-1][1],))
        for entry, link in entries:
            fact, tag = entry.fact, entry.fact.__struct_config__.tag
            by = (entry.command, entry.seat, entry.device, entry.for_chair)
            row = (entry.rev, utc_text(entry.at), *by, tag, msgspec.json.encode(fact).decode())
            raw.execute("INSERT INTO facts VALUES ('m1', ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, link))
        for command, digest, answer in answered(entries):
            said = msgspec.json.encode(answer).decode()
            raw.execute("INSERT INTO answers VALUES ('m1', ?, ?, ?)", (command, digest, said))
        raw.commit()


async def test_a_folder_of_revision_1_is_brought_up_to_date(folder: Path) -> None:
    revision_1(folder)
    for _ in range(2):
        store = await open_store(folder)
        meetings = Meetings(store)
        try:
            loaded = await meetings.load("m1")
            assert loaded.entries == linked(6)
            assert sorted(loaded.answers) == sorted(row[0] for row in answered(linked(6)))
            with pytest.raises(ValueError, match="no rehearsal"):
                await meetings.delete("m1")
        finally:
            await store.close()
    with closing(sqlite3.connect(folder / DATABASE)) as raw:
        assert raw.execute("SELECT * FROM alembic_version").fetchall() == [(HEAD,)]


async def test_guards_that_were_changed_or_dropped_are_made_anew(folder: Path) -> None:
    await (await open_store(folder)).close()
    with closing(sqlite3.connect(folder / DATABASE)) as raw:
        made = raw.execute(GUARDS).fetchall()
        raw.execute("DROP TRIGGER facts_no_update")
        raw.execute("DROP TRIGGER facts_no_delete")
        raw.execute("CREATE TRIGGER Facts_No_Delete BEFORE DELETE ON facts BEGIN SELECT 1; END")
        raw.execute("CREATE TRIGGER of_others AFTER DELETE ON answers BEGIN SELECT 1; END")
        raw.commit()
    await (await open_store(folder)).close()
    with closing(sqlite3.connect(folder / DATABASE)) as raw:
        others = "CREATE TRIGGER of_others AFTER DELETE ON answers BEGIN SELECT 1; END"
        assert raw.execute(GUARDS).fetchall() == sorted([*made, ("of_others", others)])
    assert [name for name, _ in made] == [
        "facts_no_delete",
        "facts_no_update",
        "meetings_deleted",
        "meetings_same_kind",
        "office_record_no_delete",
        "office_record_no_update",
    ]
