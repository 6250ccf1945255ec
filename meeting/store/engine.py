"""An open store: work in, one transaction each. What is stored is `meetings`' business.

What is true of one database alone is in `sqlite` and `postgres`.
"""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from meeting.store.faults import DiskFull, NotStored, StoreFault

PG_DISK_FULL: Final = "53100"

T = TypeVar("T")
Writing = Callable[[Connection], None]
Reading = Callable[[AsyncConnection], Awaitable[T]]


class Store(ABC):
    """An open database. Made by `open_store`; whoever opened it closes it.

    Work goes on by itself, so that a caller who is cancelled cuts nothing in half: what was begun
    is finished, and `close` waits for it.
    """

    shared: ClassVar[bool]
    """Whether other processes may write to it meanwhile."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[Any]] = set()
        self._closed = False

    def write(self, name: str, work: Writing) -> Awaitable[None]:
        """Begin at once to run `work` as one transaction; to be awaited until it is on the disk.

        `work` may run in another thread, and touches nothing but its connection. If it raises,
        nothing is written and its exception comes out, a `StoreFault` as it is.

        Raises:
            NotStored: the database would not take it, or the store is closed.
        """
        if self._closed:
            raise NotStored("the store is closed")
        # The shield is also a round of the loop between the commit and who waits for it. Without
        # it one page turn in a hundred took 28 ms to 1,000 devices instead of 18.
        return asyncio.shield(self._begin_write(f"store: {name}", work))

    async def read(self, name: str, work: Reading[T]) -> T:
        """Run `work` on a connection that cannot write and sees one moment of the database.

        Raises:
            StoreFault: the database cannot be read, or the store is closed.
        """
        if self._closed:
            raise StoreFault("the store is closed")
        return await self._owned(f"store: {name}", self._reading(work))

    async def close(self) -> None:
        """Finish what was begun, end every connection. Twice is once."""
        if self._closed:
            return
        self._closed = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._end()

    async def _owned(self, name: str, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.shield(self._begin(name, work))

    def _begin(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task of the store's own; `close` waits for it."""
        task = asyncio.create_task(work, name=name)
        self._keep(task)
        return task

    def _keep(self, work: asyncio.Future[Any]) -> None:
        self._tasks.add(work)
        work.add_done_callback(self._tasks.discard)

    async def _reading(self, work: Reading[T]) -> T:
        try:
            return await self._read(work)
        except (SQLAlchemyError, OSError) as error:
            raise StoreFault("the database cannot be read") from error

    @abstractmethod
    def _begin_write(self, name: str, work: Writing) -> asyncio.Future[None]:
        """`work` in a transaction of its own, begun here, committed unless it raises, whether or
        not somebody still waits for it. Whatever the database raises comes out as `not_stored`
        has it.
        """

    @abstractmethod
    async def _read(self, work: Reading[T]) -> T:
        """`work` in a transaction that sees one moment and cannot write."""

    @abstractmethod
    async def _end(self) -> None:
        """End every connection."""


@contextmanager
def not_stored() -> Iterator[None]:
    """What a database or the system raises in here, as a fault of the store."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        if _is_full(error):
            raise DiskFull("the disk is full") from error
        raise NotStored("the transaction failed") from error


def _is_full(error: Exception) -> bool:
    """Whether the database had no room, as SQLite, PostgreSQL and the system say it."""
    cause = getattr(error, "orig", None) or error
    return (
        getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(cause, "sqlstate", None) == PG_DISK_FULL
        or getattr(cause, "errno", None) == errno.ENOSPC
    )


async def open_store(folder: Path, database: str | None = None) -> Store:
    """Open the database, brought up to date: the PostgreSQL at this URL, else a file in `folder`.

    Raises:
        StoreBusy: another process has the file open.
        StoreFault: the folder or the database cannot be used.
    """
    if database is None:
        from meeting.store.sqlite import open_sqlite  # which is made of what stands above

        return await open_sqlite(folder)
    try:
        from meeting.store.postgres import open_postgres  # whose driver is an extra
    except ImportError:
        raise StoreFault("pip install asyncpg") from None
    return await open_postgres(database)


def revision(connection: Connection) -> str | None:
    """What Alembic last wrote down, found out without importing Alembic."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
