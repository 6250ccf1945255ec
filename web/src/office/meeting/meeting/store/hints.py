"""Hints that something was stored in a PostgreSQL database: meeting and revision, nothing else.

Whoever is hinted reads the log itself. A trigger sends them with the commit they speak of.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final, NamedTuple

import asyncpg
from sqlalchemy import URL, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from meeting.logs import Log
from meeting.store import tables

CHANNEL: Final = "phien"
LISTENER: Final = "phien hints"
RETRY_SECONDS: Final = 1.0

log = Log("store")


class Hint(NamedTuple):
    """The log of `meeting` reaches revision `rev`, at least."""

    meeting: str
    rev: int


async def hints(url: URL) -> AsyncGenerator[Hint]:
    """Hints as they come; first, and after every lost connection, one for every meeting.

    So none is missed. Whoever takes them ends the iterator (`aclose`), which ends the connection.
    """
    settings = {"server_settings": {"application_name": LISTENER}}
    engine = create_async_engine(url, poolclass=NullPool, connect_args=settings)
    while True:
        try:
            async with engine.connect() as connection, aclosing(_heard(connection)) as heard:
                async for hint in heard:
                    yield hint
        except (SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
            log.warning("database_lost", fault=fault)
        await asyncio.sleep(RETRY_SECONDS)


async def _heard(connection: AsyncConnection) -> AsyncGenerator[Hint]:
    """Until the connection is lost."""
    heard: asyncio.Queue[str | None] = asyncio.Queue()
    raw: Any = (await connection.get_raw_connection()).driver_connection
    raw.add_termination_listener(lambda _: heard.put_nowait(None))
    await raw.add_listener(CHANNEL, lambda _, __, ___, payload: heard.put_nowait(payload))
    # Listening comes first: what is stored from here on is heard, what was before is read.
    heads = select(tables.meetings.c.id, tables.meetings.c.head)
    for meeting, head in (await connection.execute(heads)).all():
        yield Hint(meeting, head)
    await connection.commit()
    while (payload := await heard.get()) is not None:
        rev, _, meeting = payload.partition(" ")
        yield Hint(meeting, int(rev))
