"""The store in a PostgreSQL database that other processes may use, too.

Everything that is true of PostgreSQL alone is here and in `hints`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Final, TypeVar

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from meeting.store.engine import Reading, Store, Writing, not_stored, revision
from meeting.store.faults import StoreFault
from meeting.store.hints import CHANNEL, Hint, hints
from meeting.store.tables import HEAD

DRIVER: Final = "postgresql+asyncpg"
WRITERS: Final = 4
READERS: Final = 2
CONNECT_SECONDS: Final = 10
PATIENCE_SECONDS: Final = 5.0
"""So long another process may keep a meeting's row; twice that, and the database is silent."""

UPGRADE_LOCK: Final = 0x50484945  # any number, the same for every process of ours

DURABLE: Final = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""Settings, read back on every connection: what is committed is on the disk."""

_PERMANENT: Final = """
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM meetings WHERE id = OLD.meeting AND (rehearsal OR deleted)) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'facts are permanent' USING ERRCODE = 'integrity_constraint_violation';
END
"""
_DELETED: Final = """
BEGIN
  IF NEW.deleted IS DISTINCT FROM OLD.deleted AND (
    NOT EXISTS (SELECT FROM facts WHERE meeting = OLD.id AND kind = 'meeting.deleted')
    OR EXISTS (SELECT FROM facts WHERE meeting = OLD.id AND kind = 'meeting.opened')
  ) THEN
    RAISE EXCEPTION 'a meeting that was held is permanent'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""
_SAME_KIND: Final = """
BEGIN
  IF NEW.rehearsal IS DISTINCT FROM OLD.rehearsal THEN
    RAISE EXCEPTION 'a meeting does not become a rehearsal'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""
_RECORD: Final = """
BEGIN
  RAISE EXCEPTION 'the record is permanent' USING ERRCODE = 'integrity_constraint_violation';
END
"""
_HINT: Final = f"""
BEGIN
  IF TG_OP = 'INSERT' OR NEW.head > OLD.head THEN
    PERFORM pg_notify('{CHANNEL}', NEW.head || ' ' || NEW.id);
  END IF;
  RETURN NULL;
END
"""

FUNCTIONS: Final = {
    "facts_permanent": _PERMANENT,
    "meetings_deleted": _DELETED,
    "meetings_same_kind": _SAME_KIND,
    "meetings_hint": _HINT,
    "record_permanent": _RECORD,
}
GUARDS: Final = {
    name: f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}()"
    for name, when, function in (
        ("facts_no_delete", "BEFORE DELETE ON facts FOR EACH ROW", "facts_permanent"),
        ("facts_no_truncate", "BEFORE TRUNCATE ON facts FOR EACH STATEMENT", "facts_permanent"),
        ("facts_no_update", "BEFORE UPDATE ON facts FOR EACH ROW", "facts_permanent"),
        (
            "meetings_hint",
            "AFTER INSERT OR UPDATE OF head ON meetings FOR EACH ROW",
            "meetings_hint",
        ),
        (
            "meetings_deleted",
            "BEFORE UPDATE OF deleted ON meetings FOR EACH ROW",
            "meetings_deleted",
        ),
        (
            "meetings_same_kind",
            "BEFORE UPDATE OF rehearsal ON meetings FOR EACH ROW",
            "meetings_same_kind",
        ),
        (
            "office_record_permanent",
            "BEFORE DELETE OR UPDATE ON office_record FOR EACH ROW",
            "record_permanent",
        ),
        (
            "office_record_no_truncate",
            "BEFORE TRUNCATE ON office_record FOR EACH STATEMENT",
            "record_permanent",
        ),
    )
}
"""Trigger → its definition, word for word as PostgreSQL gives it back. Checked at each start."""

_FOUND: Final = text(
    "SELECT tgname, pg_get_triggerdef(t.oid, true), prosrc FROM pg_trigger t "
    "JOIN pg_proc p ON p.oid = tgfoid WHERE tgenabled = 'O' AND NOT tgisinternal "
    "AND tgrelid IN ('facts'::regclass, 'meetings'::regclass, 'office_record'::regclass)"
)

T = TypeVar("T")


class PostgresStore(Store):
    """An open PostgreSQL database. Made by `open_postgres`."""

    shared = True

    def __init__(self, url: URL, writer: AsyncEngine, reader: AsyncEngine) -> None:
        super().__init__()
        self._url = url
        self._writer = writer
        self._reader = reader

    def hints(self) -> AsyncGenerator[Hint]:
        """What is stored, by whomever, from now on; first every meeting as it is. See `hints`."""
        return hints(self._url)

    def _begin_write(self, name: str, work: Writing) -> asyncio.Future[None]:
        return self._begin(name, self._written(work))

    async def _written(self, work: Writing) -> None:
        with not_stored():
            async with self._writer.begin() as connection, _let_go_when_silent(connection):
                await connection.run_sync(work)

    async def _read(self, work: Reading[T]) -> T:
        async with self._reader.begin() as connection, _let_go_when_silent(connection):
            return await work(connection)

    async def _end(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()


@contextlib.asynccontextmanager
async def _let_go_when_silent(connection: AsyncConnection) -> AsyncIterator[None]:
    """A connection that gave no answer in time is not used again."""
    try:
        yield
    except TimeoutError:
        await connection.invalidate()
        raise


async def open_postgres(database: str, patience: float = PATIENCE_SECONDS) -> PostgresStore:
    """Open the database at this URL (postgresql://…), brought up to date.

    Args:
        patience: seconds to wait for another process to be done with a meeting.

    Raises:
        StoreFault: it cannot be reached or used.
    """
    try:
        url = make_url(database)
    except ArgumentError:
        raise StoreFault("the database's address is no URL") from None
    if url.drivername not in ("postgres", "postgresql", DRIVER):
        raise StoreFault("the database's address does not begin with postgresql://")
    url = url.set(drivername=DRIVER)
    first = connections(url, 1, None)
    writer = connections(url, WRITERS, patience)
    # What is read in one go is of one moment, and nothing is ever written on the way.
    reader = connections(url, READERS, patience).execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    try:
        async with first.begin() as connection:
            await _bring_up_to_date(connection)
        await first.dispose()
        async with writer.connect(), reader.connect():
            pass
    except BaseException as error:
        await first.dispose()
        await reader.dispose()
        await writer.dispose()
        # A TypeError is what an unknown word after the address's "?" ends in.
        if isinstance(error, (SQLAlchemyError, OSError, TypeError)):
            why = str(error).partition("\n")[0].rpartition("Error) ")[2]
            raise StoreFault(f"{database_name(url)}: {why}") from error
        raise
    return PostgresStore(url, writer, reader)


def database_name(url: URL) -> str:
    """The address without user and password."""
    return f"postgresql://{url.host or url.query.get('host', '')}/{url.database}"


def connections(url: URL, most: int, patience: float | None) -> AsyncEngine:
    """At most so many connections. None: however long things take, as when tables are altered.

    Connecting raises StoreFault where the server would acknowledge what is not on its disk.
    """
    settings = {"application_name": "phien", "synchronous_commit": "on"}
    if patience is not None:
        settings["lock_timeout"] = f"{patience * 1000:.0f}ms"
        # A process that hangs in the middle must not hold up the others for ever.
        settings["idle_in_transaction_session_timeout"] = f"{patience * 2000:.0f}ms"
    engine = create_async_engine(
        url,
        pool_size=most,
        max_overflow=0,
        isolation_level="READ COMMITTED",
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": None if patience is None else patience * 2,
            "server_settings": settings,
        },
    )

    def check(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for name, expected in DURABLE.items():
            cursor.execute(f"SHOW {name}")
            [found] = cursor.fetchone()
            if found != expected:
                raise StoreFault(f"{name} is {found!r}, not {expected!r}")
        cursor.close()
        connection.rollback()

    event.listen(engine.sync_engine, "connect", check)
    return engine


async def _bring_up_to_date(connection: AsyncConnection) -> None:
    # Several processes may start at once: one does it, the others find it done.
    await connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
    if await connection.run_sync(revision) != HEAD:
        from meeting.store.upgrade import upgrade  # slow to import, seldom needed

        await connection.run_sync(upgrade)
    found = {name: (made, body) for name, made, body in await connection.execute(_FOUND)}
    for name, made in GUARDS.items():
        function = made.rsplit(maxsplit=1)[1].removesuffix("()")
        body = FUNCTIONS[function]
        if found.get(name) != (made, body):
            await connection.exec_driver_sql(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql "
                f"AS $phien${body}$phien$"
            )
            await connection.exec_driver_sql(made.replace("CREATE", "CREATE OR REPLACE", 1))
