"""The store in one SQLite file: its folder and lock, its pragmas, one writer, a few readers.

Everything that is true of SQLite alone is in this file. What is stored is `meetings`' business.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from meeting.logs import Log
from meeting.store.engine import Reading, Store, Writing, not_stored, revision
from meeting.store.faults import StoreFault
from meeting.store.lock import FolderLock
from meeting.store.statements import driver
from meeting.store.tables import HEAD
from meeting.store.thread import WorkThread

DATABASE = "phien.sqlite3"
LOCK = "phien.lock"
READERS = 2

QUIET_SECONDS = 1.0
"""After so long without a write the journal is folded into the database."""

LOOK_SECONDS = 0.25
"""How often it is looked at whether that is so."""

JOURNAL_MOST = 16_000_000
"""A journal of so many bytes is folded however busy it is."""

WRITER_PRAGMAS: Mapping[str, tuple[str, object]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "busy_timeout": ("5000", 5000),
    "mmap_size": ("0", 0),
    # Not in the middle of a page turn, but when it is quiet: see `SqliteStore`.
    "wal_autocheckpoint": ("0", 0),
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
    "(SELECT rehearsal OR deleted FROM meetings WHERE id = OLD.meeting), 0) <> 1 "
    "BEGIN SELECT RAISE(ABORT, 'facts are permanent'); END",
    "meetings_deleted": "BEFORE UPDATE OF deleted ON meetings "
    "WHEN NEW.deleted IS NOT OLD.deleted AND (NOT EXISTS "
    "(SELECT 1 FROM facts WHERE meeting = OLD.id AND kind = 'meeting.deleted') OR EXISTS "
    "(SELECT 1 FROM facts WHERE meeting = OLD.id AND kind = 'meeting.opened')) "
    "BEGIN SELECT RAISE(ABORT, 'a meeting that was held is permanent'); END",
    "meetings_same_kind": "BEFORE UPDATE OF rehearsal ON meetings "
    "WHEN NEW.rehearsal IS NOT OLD.rehearsal "
    "BEGIN SELECT RAISE(ABORT, 'a meeting does not become a rehearsal'); END",
    "office_record_no_update": "BEFORE UPDATE ON office_record "
    "BEGIN SELECT RAISE(ABORT, 'the record is permanent'); END",
    "office_record_no_delete": "BEFORE DELETE ON office_record "
    "BEGIN SELECT RAISE(ABORT, 'the record is permanent'); END",
}
"""Trigger → what it does. Checked at each start: a revision that rebuilds a table drops them."""

T = TypeVar("T")

log = Log("store")


class SqliteStore(Store):
    """An open data folder. Made by `open_sqlite`.

    What writes has a thread of its own and crosses to it once for each transaction. aiosqlite
    crosses for each statement, which on a busy machine costs a page turn more than the disk does.
    The journal is folded into the database by this thread, too, when nothing was written for a
    moment: SQLite by itself does it within a commit, which then takes a tenth of a second.
    """

    shared = False

    def __init__(
        self, lock: FolderLock, thread: WorkThread, writer: Engine, reader: AsyncEngine
    ) -> None:
        super().__init__()
        self._lock = lock
        self._thread = thread
        self._writer = writer
        self._line: Connection | None = None  # of the writer's thread alone
        self._reader = reader
        self._journal = Path(f"{writer.url.database}-wal")
        self._wrote_at = 0.0
        self._fold_later: asyncio.TimerHandle | None = None

    def _begin_write(self, name: str, work: Writing) -> asyncio.Future[None]:
        writing = self._thread.do(lambda: self._written(work))
        writing.add_done_callback(self._wrote)
        return writing

    def _wrote(self, writing: asyncio.Future[None]) -> None:
        if self._closed or (not writing.cancelled() and writing.exception()):
            return  # what was given up is written all the same
        loop = asyncio.get_running_loop()
        self._wrote_at = loop.time()
        if self._fold_later is None:  # a page turn waits for this: no more than that
            self._fold_later = loop.call_later(LOOK_SECONDS, self._fold)

    def _fold(self) -> None:
        self._fold_later = None
        if self._closed:
            return
        loop = asyncio.get_running_loop()
        quiet = loop.time() - self._wrote_at >= QUIET_SECONDS
        if quiet or _bytes(self._journal) >= JOURNAL_MOST:
            self._begin("store: fold", self._folding())
        else:
            self._fold_later = loop.call_later(LOOK_SECONDS, self._fold)

    async def _folding(self) -> None:
        try:
            await self._thread.do(self._folded)
        except SQLAlchemyError as fault:
            # Nothing is lost by it: the journal stays, and is read with the database.
            log.warning("journal_not_folded", fault=fault)

    def _written(self, work: Writing) -> None:
        with not_stored():
            transact(self._open(), work)

    def _folded(self) -> None:
        self._open().exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def _open(self) -> Connection:
        """The one connection that writes; another, once this one could not be rolled back."""
        if self._line is None or self._line.invalidated:
            self._line = self._writer.connect()
        return self._line

    async def _read(self, work: Reading[T]) -> T:
        async with self._reader.connect() as connection:
            # Ended by the pool when the connection goes back.
            await connection.exec_driver_sql("BEGIN")
            return await work(connection)

    async def _end(self) -> None:
        if self._fold_later is not None:
            self._fold_later.cancel()
        await self._reader.dispose()
        # The writer last: whoever closes last folds the journal into the database.
        await self._thread.do(self._hang_up)
        await _stopped(self._thread, self._writer)
        self._lock.release()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # somebody removed it under us; what is written goes on
        return 0


async def _stopped(thread: WorkThread, writer: Engine) -> None:
    await thread.do(writer.dispose)
    thread.end()


def transact(connection: Connection, work: Writing) -> None:
    """BEGIN IMMEDIATE, `work`, COMMIT; on any failure nothing is left, not even the BEGIN."""
    database = driver(connection)
    database.execute("BEGIN IMMEDIATE")
    try:
        work(connection)
        database.execute("COMMIT")
    except BaseException:
        try:
            database.execute("ROLLBACK")
        except sqlite3.Error:
            # SQLite may have rolled back by itself. A fresh connection knows for certain.
            connection.invalidate()
        raise


async def open_sqlite(folder: Path) -> SqliteStore:
    """Open the data folder, made if it is not there, with its database brought up to date.

    Raises:
        StoreBusy: another process has the file open.
        StoreFault: the folder or the database cannot be used.
    """
    try:
        path = _make_folder(folder) / DATABASE
        lock = FolderLock(path.with_name(LOCK))
    except OSError as error:
        raise StoreFault(f"{folder} cannot be used: {error}") from error
    thread = WorkThread("store: writer")
    writer = create_engine(
        URL.create("sqlite", database=str(path)),
        isolation_level="AUTOCOMMIT",
        pool_size=1,
        max_overflow=0,
    )
    prepared(writer, WRITER_PRAGMAS)
    query = {"mode": "ro", "uri": "true"}
    reader = create_async_engine(
        URL.create("sqlite+aiosqlite", database=path.as_uri(), query=query),
        isolation_level="AUTOCOMMIT",
        pool_size=READERS,
        max_overflow=0,
    )
    prepared(reader.sync_engine, READER_PRAGMAS)
    try:
        # Private from the first byte; SQLite gives its journal the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        await thread.do(lambda: _bring_up_to_date(writer))
        async with reader.connect():
            pass
    except BaseException as error:
        await reader.dispose()
        await _stopped(thread, writer)
        lock.release()
        if isinstance(error, (SQLAlchemyError, sqlite3.Error, OSError)):
            raise StoreFault(f"{path} cannot be used: {error}") from error
        raise
    return SqliteStore(lock, thread, writer, reader)


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


def prepared(engine: Engine, pragmas: Mapping[str, tuple[str, object]]) -> None:
    """Have every connection of this engine hold these pragmas, read back.

    Connecting then raises StoreFault where a pragma does not hold.
    """

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

    event.listen(engine, "connect", prepare)


def _bring_up_to_date(writer: Engine) -> None:
    with writer.connect() as connection:
        if revision(connection) != HEAD:
            _upgrade(connection)
        if _guards(connection) != _statements(GUARDS):
            transact(connection, lambda connection: _guard(connection, GUARDS))


def _upgrade(connection: Connection) -> None:
    from meeting.store.upgrade import upgrade  # slow to import, seldom needed

    def all_steps(connection: Connection) -> None:
        # SQLite alters no table that a trigger elsewhere speaks of.
        _guard(connection, {})
        upgrade(connection)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StoreFault("the upgraded tables do not fit together")

    # A table is altered by rebuilding it, which drops it; its children must not notice.
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    transact(connection, all_steps)
    connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _statements(guards: Mapping[str, str]) -> dict[str, str]:
    return {name: f"CREATE TRIGGER {name} {text}" for name, text in guards.items()}


def _guards(connection: Connection) -> dict[str, str]:
    """Which of the guards are there, by the names they have, whatever they do."""
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {row.name: row.sql for row in found if row.name.lower() in GUARDS}


def _guard(connection: Connection, guards: Mapping[str, str]) -> None:
    """Have these of the guards, no others."""
    for name in _guards(connection):
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for statement in _statements(guards).values():
        connection.exec_driver_sql(statement)
