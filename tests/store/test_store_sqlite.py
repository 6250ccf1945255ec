"""What is SQLite's alone: how the file is opened, who may write to it, what holds it back."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import IntegrityError

from meeting.store import sqlite
from meeting.store.engine import Store, open_store
from meeting.store.faults import LogBroken, NotStored, StoreFault
from meeting.store.meetings import Meetings
from meeting.store.sqlite import DATABASE, LOCK, READER_PRAGMAS, WRITER_PRAGMAS, prepared
from meeting.store.tables import HEAD, metadata
from meeting.store.upgrade import revisions
from tests.store.entries import answered, linked
from tests.store.places import Folder, Place


@pytest.fixture
def place(folder: Path) -> Place:
    return Folder(folder)


TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"


def say(statement: str) -> Any:
    async def work(connection: Any) -> Any:
        result = await connection.exec_driver_sql(statement)
        return result.scalar() if result.returns_rows else None

    return work


def do(statement: str) -> Any:
    """The same, as what is written."""
    return lambda connection: connection.exec_driver_sql(statement)


def one_line(tables: Any) -> dict[str, str]:
    """A column added later stands in the line of the one before it."""
    return {name: " ".join(statement.split()) for name, statement in tables}


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}


def a_file_instead(folder: Path) -> None:
    folder.write_text("a file")


def no_database(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"no database at all" * 100)


async def test_pragmas_are_as_promised(store: Store) -> None:
    written: dict[str, object] = {}

    def look(connection: Connection) -> None:
        for name in WRITER_PRAGMAS:
            written[name] = connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    await store.write("look", look)
    assert written == {name: expected for name, (_, expected) in WRITER_PRAGMAS.items()}
    read = {name: await store.read("look", say(f"PRAGMA {name}")) for name in READER_PRAGMAS}
    assert read == {name: expected for name, (_, expected) in READER_PRAGMAS.items()}
    promised = (written["journal_mode"], written["synchronous"], read["query_only"])
    assert promised == ("wal", 2, 1)


def test_pragma_that_does_not_hold_stops_the_start(tmp_path: Path) -> None:
    engine = create_engine(URL.create("sqlite", database=str(tmp_path / DATABASE)))
    prepared(engine, {"synchronous": ("OFF", 2)})
    with pytest.raises(StoreFault, match="PRAGMA synchronous is 0, not 2"):
        engine.connect()
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facts SET seat = 's2'",
        "DELETE FROM facts",
        "DELETE FROM facts WHERE rev = 1",
        "REPLACE INTO facts SELECT * FROM facts WHERE rev = 2",
    ],
)
async def test_facts_are_permanent(store: Store, meetings: Meetings, statement: str) -> None:
    await meetings.append("m1", after=0, entries=linked(2), answers=[])
    with pytest.raises(NotStored) as refused:
        await store.write("tamper", do(statement))
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert "facts are permanent" in str(refused.value.__cause__)
    assert (await meetings.load("m1")).entries == linked(2)


async def test_facts_outlive_even_their_meeting(folder: Path, meetings: Meetings) -> None:
    """SQLite looks after what belongs together only for who asks it to."""
    await meetings.append("m1", after=0, entries=linked(2), answers=[])
    with closing(sqlite3.connect(folder / DATABASE)) as raw:
        raw.execute("DELETE FROM meetings")
        with pytest.raises(sqlite3.IntegrityError, match="facts are permanent"):
            raw.execute("DELETE FROM facts")
        raw.rollback()


async def test_facts_need_their_meeting(store: Store) -> None:
    row = "'m1', 1, '', '', '', '', 0, '', '', x''"
    with pytest.raises(NotStored):
        await store.write("orphan", do(f"INSERT INTO facts VALUES ({row})"))


async def test_reader_cannot_write_or_checkpoint(
    folder: Path, store: Store, meetings: Meetings
) -> None:
    await meetings.append("m1", after=0, entries=linked(2), answers=[])
    journal = folder / f"{DATABASE}-wal"
    size = journal.stat().st_size

    async def insist(connection: Any) -> None:
        await connection.exec_driver_sql("ROLLBACK")
        await connection.exec_driver_sql("PRAGMA query_only=OFF")
        await connection.exec_driver_sql("DELETE FROM answers")

    async def checkpoint(connection: Any) -> None:
        await connection.exec_driver_sql("ROLLBACK")
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    for work in (say("DELETE FROM answers"), insist, checkpoint):
        with pytest.raises(StoreFault):
            await store.read("write", work)
    assert journal.stat().st_size == size > 0


async def test_one_connection_does_all_the_writing(store: Store, meetings: Meetings) -> None:
    writers: set[int] = set()

    def look(connection: Connection) -> None:
        writers.add(id(connection.connection.driver_connection))

    await asyncio.gather(
        *(store.write("look", look) for _ in range(20)),
        *(meetings.append(f"m{n}", after=0, entries=linked(2), answers=[]) for n in range(20)),
    )
    assert len(writers) == 1


async def test_reader_sees_one_moment(store: Store, meetings: Meetings) -> None:
    await meetings.append("m1", after=0, entries=linked(2), answers=[])
    count = say("SELECT count(*) FROM facts")

    async def twice(connection: Any) -> tuple[int, int]:
        before = await count(connection)
        await meetings.append("m1", after=2, entries=linked(2, linked(2)), answers=[])
        return before, await count(connection)

    assert await store.read("twice", twice) == (2, 2)
    assert await store.read("once", count) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
async def test_data_are_for_their_owner_alone(folder: Path, meetings: Meetings) -> None:
    await meetings.append("m1", after=0, entries=linked(1), answers=[])
    private = {name: 0o600 for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", LOCK)}
    assert modes(folder) == {folder.name: 0o700, **private}


async def test_revisions_make_the_tables(folder: Path, store: Store) -> None:
    await store.close()
    with closing(sqlite3.connect(folder / DATABASE)) as raw:
        made = one_line(raw.execute(TABLES).fetchall())
        assert raw.execute("SELECT * FROM alembic_version").fetchall() == [(HEAD,)]
    del made["alembic_version"]

    engine = create_engine(f"sqlite:///{folder.with_name('plain.sqlite3')}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        assert made == one_line(connection.exec_driver_sql(TABLES).all())
    engine.dispose()

    upgraded = create_engine(URL.create("sqlite", database=str(folder / DATABASE)))
    with upgraded.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    upgraded.dispose()


def test_head_is_the_last_revision() -> None:
    assert revisions().get_heads() == [HEAD]


async def test_start_without_work_does_not_touch_the_database(folder: Path, store: Store) -> None:
    await store.close()
    before = (folder / DATABASE).read_bytes()
    await (await open_store(folder)).close()
    assert (folder / DATABASE).read_bytes() == before


async def test_database_of_a_newer_version_is_refused(folder: Path, store: Store) -> None:
    await store.close()
    with closing(sqlite3.connect(folder / DATABASE)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(StoreFault, match="another version"):
        await open_store(folder)


@pytest.mark.parametrize("spoil", [a_file_instead, no_database])
async def test_unusable_folder_is_a_fault(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    with pytest.raises(StoreFault):
        await open_store(folder)


@pytest.mark.parametrize("change", ["for_chair = 2", "for_chair = 'no'"])
async def test_what_only_sqlite_lets_stand_is_found_too(
    place: Place, meetings: Meetings, change: str
) -> None:
    await meetings.append("m1", after=0, entries=linked(6), answers=[])
    await place.tamper(f"UPDATE facts SET {change} WHERE rev = 2")
    with pytest.raises(LogBroken) as broken:
        await meetings.load("m1")
    assert (broken.value.meeting, broken.value.rev) == ("m1", 2)


async def test_an_answer_that_is_no_text_is_a_broken_log(place: Place, meetings: Meetings) -> None:
    await meetings.append("m1", after=0, entries=linked(6), answers=answered(linked(6)))
    await place.tamper("UPDATE answers SET answer = x''")
    with pytest.raises(LogBroken):
        await meetings.load("m1")


async def test_text_that_is_no_text_is_a_fault(place: Place, meetings: Meetings) -> None:
    await meetings.append("m1", after=0, entries=linked(6), answers=[])
    await place.tamper("UPDATE facts SET fact = CAST(x'ff' AS TEXT) WHERE rev = 4")
    with pytest.raises(StoreFault):
        await meetings.load("m1")


async def test_the_journal_is_folded_when_it_is_quiet(
    folder: Path, meetings: Meetings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(sqlite, "LOOK_SECONDS", 0.0)
    await meetings.append("m1", after=0, entries=linked(50), answers=[])
    async with asyncio.timeout(30):
        while unfolded(folder):
            await meetings.ids()
    assert (await meetings.load("m1")).entries == linked(50)


async def test_what_a_cancelled_caller_wrote_is_folded_too(
    folder: Path, meetings: Meetings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(sqlite, "LOOK_SECONDS", 0.0)
    asyncio.ensure_future(meetings.append("m1", after=0, entries=linked(50), answers=[])).cancel()
    async with asyncio.timeout(30):
        while unfolded(folder):
            await meetings.ids()
    assert (await meetings.load("m1")).entries == linked(50)


async def test_a_large_journal_is_folded_however_busy_it_is(
    folder: Path, meetings: Meetings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "QUIET_SECONDS", 3600.0)
    monkeypatch.setattr(sqlite, "LOOK_SECONDS", 0.0)
    await meetings.append("m1", after=0, entries=linked(50), answers=[])
    for _ in range(100):
        await meetings.ids()
    assert unfolded(folder)
    monkeypatch.setattr(sqlite, "JOURNAL_MOST", 0)
    await meetings.append("m2", after=0, entries=linked(1), answers=[])
    async with asyncio.timeout(30):
        while unfolded(folder):
            await meetings.ids()


def unfolded(folder: Path) -> bool:
    """Whether the database file alone, as a copy of it would, lacks what was written."""
    with closing(sqlite3.connect(f"{(folder / DATABASE).as_uri()}?immutable=1", uri=True)) as raw:
        try:
            return bool(raw.execute("SELECT count(*) FROM facts").fetchone() == (0,))
        except sqlite3.DatabaseError:  # not even the tables, or only half of them as yet
            return True
