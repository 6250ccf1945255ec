"""Open the data folder: its lock, its database, one writer, a few readers.

Everything that is true of SQLite alone is in this file. What is stored is `meetings`' business.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from meeting.store.faults import NotStored, StoreFault
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

# Made anew at each start if missing, because a revision that rebuilds the table drops them.
GUARDS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS facts_no_{verb} BEFORE {verb} ON facts "
    "BEGIN SELECT RAISE(ABORT, 'facts are permanent'); END"
    for verb in ("UPDATE", "DELETE")
)

T = TypeVar("T")


class Store:
    """An open data folder. Made by `open_store`; whoever opened it closes it.

    Work runs in tasks of its own, so that a caller who is cancelled cuts nothing in half: what
    was begun is finished, and `close` waits for it.
    """

    def __init__(self, lock: FolderLock, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._lock = lock
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def write(self, name: str, work: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        """Run `work` as one transaction; return when it is on the disk.

        If `work` raises, nothing is written and its exception comes out, a `StoreFault` as it is.

        Raises:
            NotStored: the database would not take it, or the store is closed.
        """
        if self._closed:
            raise NotStored("the store is closed")
        await self._owned(f"store: {name}", self._in_turn(work))

    async def read(self, name: str, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `work` on a connection that cannot write and sees one moment of the database.

        Raises:
            StoreFault: the database cannot be read, or the store is closed.
        """
        if self._closed:
            raise StoreFault("the store is closed")
        return await self._owned(f"store: {name}", self._reading(work))

    async def close(self) -> None:
        """Finish what was begun, end every connection, let go of the folder. Twice is once."""
        if self._closed:
            return
        self._closed = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._reader.dispose()
        # The writer last: whoever closes last folds the journal into the database.
        await self._writer.dispose()
        self._lock.release()

    async def _owned(self, name: str, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _in_turn(self, work: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        try:
            async with self._turn, self._writer.connect() as connection:
                await transact(connection, work)
        except SQLAlchemyError as error:
            raise NotStored("the transaction failed") from error

    async def _reading(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        try:
            async with self._reader.connect() as connection:
                # Ended by the pool when the connection goes back.
                await connection.exec_driver_sql("BEGIN")
                return await work(connection)
        except SQLAlchemyError as error:
            raise StoreFault("the database cannot be read") from error


async def transact(
    connection: AsyncConnection, work: Callable[[AsyncConnection], Awaitable[None]]
) -> None:
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


async def open_store(folder: Path) -> Store:
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
    return Store(lock, writer, reader)


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
    if await connection.run_sync(_revision) != HEAD:
        from meeting.store.upgrade import upgrade  # slow to import, seldom needed

        async def all_steps(connection: AsyncConnection) -> None:
            await connection.run_sync(upgrade)
            if (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first():
                raise StoreFault("the upgraded tables do not fit together")

        # A table is altered by rebuilding it, which drops it; its children must not notice.
        await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        await transact(connection, all_steps)
        await connection.exec_driver_sql("PRAGMA foreign_keys=ON")
    for guard in GUARDS:
        await connection.exec_driver_sql(guard)


def _revision(connection: Connection) -> str | None:
    """What Alembic last wrote down, found out without importing Alembic."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
