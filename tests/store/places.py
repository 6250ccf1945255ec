"""Where the suite's stores are: a data folder, or a database of a real PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Protocol

import asyncpg

from meeting.store.engine import Store, open_store
from meeting.store.sqlite import DATABASE, GUARDS
from tests.store.server import SUPERUSER

SOCKET: Final = ".s.PGSQL.5432"
TABLES: Final = ("meetings", "facts", "answers")


class Place(Protocol):
    """One database, made at the first opening."""

    async def open(self) -> Store:
        """To be closed by whoever asks."""

    async def tamper(self, change: str) -> None:
        """Change the database behind the store's back, past its guards."""

    async def dump(self) -> list[list[Any]]:
        """All rows of all tables."""


class Folder:
    """A data folder with SQLite's file in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def open(self) -> Store:
        return await open_store(self.folder)

    async def tamper(self, change: str) -> None:
        with closing(sqlite3.connect(self.folder / DATABASE)) as raw:
            for guard in GUARDS:
                raw.execute(f"DROP TRIGGER IF EXISTS {guard}")
            raw.execute(change)
            raw.commit()

    async def dump(self) -> list[list[Any]]:
        with closing(sqlite3.connect(self.folder / DATABASE)) as raw:
            return [raw.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]


class Postgres:
    """The database of the PostgreSQL whose sockets are in this folder."""

    def __init__(self, sockets: str) -> None:
        self._sockets = sockets
        self._used = False
        self.url = f"postgresql://{SUPERUSER}@/{SUPERUSER}?host={sockets}"

    async def open(self) -> Store:
        if not self._used:
            await self.clear()
        return await open_store(Path(), self.url)

    async def tamper(self, change: str) -> None:
        # A replica takes what it is given: no trigger, no foreign key.
        change = change.replace("x'00'", "'\\x00'")
        await self.run(f"SET session_replication_role = replica; {change}")

    async def dump(self) -> list[list[Any]]:
        return [await self.rows(f"SELECT * FROM {table}") for table in TABLES]

    async def clear(self) -> None:
        """As new. A database of one's own would take ten times as long."""
        await self.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self._used = True

    async def cut(self) -> None:
        """End the connections of everybody."""
        await self.run(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )

    @contextlib.asynccontextmanager
    async def held(self, waiting: int) -> AsyncIterator[None]:
        """Nothing is appended within it; it ends when so many transactions wait to."""
        raw = await asyncpg.connect(host=self._sockets, user=SUPERUSER)
        async with raw.transaction():
            await raw.execute("SELECT FROM meetings FOR UPDATE")
            yield
            count = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            while await self.rows(count) != [(waiting,)]:
                pass
        await raw.close()

    @contextlib.asynccontextmanager
    async def behind_a_cable(self) -> AsyncIterator[tuple[asyncio.Event, str]]:
        """A URL by which it is reached as long as the event is set."""
        whole = asyncio.Event()
        whole.set()

        async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while taken := await source.read(1 << 16):
                await whole.wait()
                target.write(taken)
            target.close()

        async def connect(here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
            there, forth = await asyncio.open_unix_connection(f"{self._sockets}/{SOCKET}")
            with contextlib.suppress(OSError):
                await asyncio.gather(carry(here, forth), carry(there, back))
            forth.close()
            back.close()

        with tempfile.TemporaryDirectory() as folder:
            async with await asyncio.start_unix_server(connect, f"{folder}/{SOCKET}") as cable:
                yield whole, self.url.replace(self._sockets, folder)
                cable.close()

    async def configure(self, name: str, value: str) -> None:
        """Change a setting of the whole server, and see it there."""
        await self.run(f"ALTER SYSTEM SET {name} = {value}")
        await self.run("SELECT pg_reload_conf()")
        while await self.rows(f"SHOW {name}") != [(value,)]:
            pass

    async def run(self, statements: str) -> None:
        raw = await asyncpg.connect(host=self._sockets, user=SUPERUSER)
        await raw.execute(statements)
        await raw.close()

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        raw = await asyncpg.connect(host=self._sockets, user=SUPERUSER)
        found = await raw.fetch(statement)
        await raw.close()
        return [tuple(row) for row in found]
