"""The passwords of Wi-Fi networks that are not the office's own, by their names."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meeting.store.engine import Store
from meeting.store.faults import StoreFault
from meeting.store.tables import offices

ROW = "networks"
"""Beside the office's own settings, under this id."""


class StoredNetworks:
    """What a `Store` holds of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load(self) -> dict[str, str]:
        """Raises StoreFault where they cannot be read."""

        async def read(connection: AsyncConnection) -> dict[str, str]:
            known = await connection.scalar(select(offices.c.settings).where(offices.c.id == ROW))
            return {} if known is None else msgspec.json.decode(known, type=dict[str, str])

        try:
            return await self._store.read("networks", read)
        except msgspec.DecodeError as error:
            raise StoreFault("the networks are not as they were written") from error

    async def keep(self, known: Mapping[str, str]) -> None:
        """All of them, from now on. Raises NotStored: the database would not take it."""
        row = {"id": ROW, "settings": msgspec.json.encode(known).decode()}

        def write(connection: Connection) -> None:
            connection.execute(delete(offices).where(offices.c.id == ROW))
            connection.execute(insert(offices), row)

        await self._store.write("networks", write)
