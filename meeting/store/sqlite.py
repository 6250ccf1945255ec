"""The store in one SQLite file: its folder and lock, its pragmas, one writer, a few readers.

Everything that is true of SQLite alone is in this file. What is stored is `meetings`' business.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from meeting.store.engine import Reading, Store, Writing, revision
from meeting.store.faults import StoreFault
from meeting.store.lock import FolderLock
from meeting.store.tables import HEAD

DATABASE = "phien.sqlite3"
LOCK = "phien.lock"
READERS = 2

WRITER_PRAGMAS: Mapping[str, tuple[str, object]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "busy_timeout": ("5000", 5000),
    "mmap_size": ("0", 0),
    # A REPLACE must meet the triggers below, too.
    "recursive_triggers": ("ON", 1),
    # On a Mac an ordinary fsync leaves the data in the drive's cache.
    "fullfsync": ("ON", 1),
    "checkpoint_fullfsync": ("ON", 1),
}
"""Pragma → what to set, what to read back."""

READER_PRAGMAS: Mapping[str, tuple[str, object]] = {
    "query_only": ("ON", 1),
    "busy_timeout": ("5000", 5000),
    "mmap_size": ("0", 0),
}

GUARDS: Mapping[str, str] = {
    "facts_no_update": "BEFORE UPDATE ON facts "
    "BEGIN SELECT RAISE(ABORT, 'facts are permanent'); END",
    "facts_no_delete": "BEFORE DELETE ON facts WHEN coalesce("
    "(SELECT rehearsal FROM meetings WHERE id = OLD.meeting), 0) <> 1 "
    "BEGIN SELECT RAISE(ABORT, 'facts are permanent'); END",
    "meetings_same_kind": "BEFORE UPDATE OF rehearsal ON meetings "
    "WHEN NEW.rehearsal IS NOT OLD.rehearsal "
    "BEGIN SELECT RAISE(ABORT, 'a meeting does not become a rehearsal'); END",
}
"""Trigger → what it does. Checked at each start: a revision that rebuilds a table drops them."""

T = TypeVar("T")


class SqliteStore(Store):
    """An open data folder. Made by `open_sqlite`."""

    shared = False

    def __init__(self, lock: FolderLock, writer: AsyncEngine, reader: AsyncEngine) -> None:
        super().__init__()
        self._lock = lock
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock()

    async def _write(self, work: Writing) -> None:
        async with self._turn, self._writer.connect() as connection:
            await transact(connection, work)

    async def _read(self, work: Reading[T]) -> T:
        async with self._reader.connect() as connection:
            # Ended by the pool when the connection goes back.
            await connection.exec_driver_sql("BEGIN")
            return await work(connection)

    async def _end(self) -> None:
        await self._reader.dispose()
        # The writer last: whoever closes last folds the journal into the database.
        await self._writer.dispose()
        self._lock.release()


async def transact(connection: AsyncConnection, work: Writing) -> None:
    """BEGIN IMMEDIATE, `work`, COMMIT; on any failure nothing is left, not even the BEGIN."""
    await connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        await work(connection)
        await connection.exec_driver_sql("COMMIT")
    except BaseException:
        try:
            await connection.exec_driver_sql("ROLLBACK")
        except SQLAlchemyError:
            # SQLite may have rolled back by itself. A fresh connection knows for certain.
            await connection.invalidate()
        raise


async def open_sqlite(folder: Path) -> SqliteStore:
    """Open the data folder, made if it is not there, with its database brought up to date.

    Raises:
        StoreBusy: another process has it open.
        StoreFault: the folder or the database cannot be used.
    """
    try:
        path = _make_folder(folder) / DATABASE
        lock = FolderLock(path.with_name(LOCK))
    except OSError as error:
        raise StoreFault(f"{folder} cannot be used: {error}") from error
    writer = connections(URL.create("sqlite+aiosqlite", database=str(path)), WRITER_PRAGMAS, 1)
    query = {"mode": "ro", "uri": "true"}
    reader = connections(
        URL.create("sqlite+aiosqlite", database=path.as_uri(), query=query), READER_PRAGMAS, READERS
    )
    try:
        # Private from the first byte; SQLite gives its journal the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        async with writer.connect() as connection:
            await _bring_up_to_date(connection)
        async with reader.connect():
            pass
    except BaseException as error:
        await reader.dispose()
        await writer.dispose()
        lock.release()
        if isinstance(error, (SQLAlchemyError, OSError)):
            raise StoreFault(f"{path} cannot be used: {error}") from error
        raise
    return SqliteStore(lock, writer, reader)


def _make_folder(folder: Path) -> Path:
    """Make the folder, for its owner alone, so that it is still there after a power cut."""
    folder = folder.resolve()
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        if os.name == "posix":
            above = os.open(folder.parent, os.O_RDONLY)
            os.fsync(above)
            os.close(above)
    return folder


def connections(url: URL, pragmas: Mapping[str, tuple[str, object]], most: int) -> AsyncEngine:
    """At most so many connections, which leave transactions to us and have `pragmas`, read back.

    Connecting raises StoreFault where a pragma does not hold.
    """
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", pool_size=most, max_overflow=0)

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for name, (wanted, expected) in pragmas.items():
            cursor.execute(f"PRAGMA {name}={wanted}")
            cursor.execute(f"PRAGMA {name}")
            found = cursor.fetchone()
            # A build without memory mapping answers nothing at all.
            if found is not None and found[0] != expected:
                raise StoreFault(f"PRAGMA {name} is {found[0]!r}, not {expected!r}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)
    return engine


async def _bring_up_to_date(connection: AsyncConnection) -> None:
    if await connection.run_sync(revision) != HEAD:
        from meeting.store.upgrade import upgrade  # slow to import, seldom needed

        async def all_steps(connection: AsyncConnection) -> None:
            # SQLite alters no table that a trigger elsewhere speaks of.
            await _guard(connection, {})
            await connection.run_sync(upgrade)
            if (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first():
                raise StoreFault("the upgraded tables do not fit together")

        # A table is altered by rebuilding it, which drops it; its children must not notice.
        await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        await transact(connection, all_steps)
        await connection.exec_driver_sql("PRAGMA foreign_keys=ON")

    async def all_guards(connection: AsyncConnection) -> None:
        await _guard(connection, GUARDS)

    if await _guards(connection) != _statements(GUARDS):
        await transact(connection, all_guards)


def _statements(guards: Mapping[str, str]) -> dict[str, str]:
    return {name: f"CREATE TRIGGER {name} {text}" for name, text in guards.items()}


async def _guards(connection: AsyncConnection) -> dict[str, str]:
    """Which of the guards are there, by the names they have, whatever they do."""
    found = await connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    return {row.name: row.sql for row in found if row.name.lower() in GUARDS}


async def _guard(connection: AsyncConnection, guards: Mapping[str, str]) -> None:
    """Have these of the guards, no others."""
    for name in await _guards(connection):
        await connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for statement in _statements(guards).values():
        await connection.exec_driver_sql(statement)
