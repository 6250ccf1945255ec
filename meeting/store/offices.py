"""The office around the meetings: settings, bodies, accounts, and the record of what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meeting.protocol.office import BodyView, OfficeAct, OfficeView
from meeting.protocol.templates import CarriedRow, Skeleton, Template
from meeting.store import tables
from meeting.store.engine import Store
from meeting.store.faults import StoreFault

_encode = msgspec.json.Encoder().encode

THE_OFFICE = "office"
"""There is one; its row has this id."""


class Account(Struct, frozen=True):
    """A secretary's own way in. `hash` is the password's; `epoch` counts passwords, so that what
    was signed under an older one is worth nothing.
    """

    id: str
    login: str
    name: str
    hash: str
    epoch: int
    created_at: datetime
    closed_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Account({self.id!r})"  # what is printed may end up anywhere


class Act(Struct, frozen=True):
    """Something that was done. `account` is who did it, "" for the server machine; `about` the
    id of what it was done to, "" for the office itself; `called` its name, of what may be gone.
    """

    at: datetime
    account: str
    what: OfficeAct
    about: str = ""
    called: str = ""


class StoredOffice(Struct, frozen=True):
    """All but the record and the templates. Without an office nothing is there at all."""

    office: OfficeView | None
    bodies: list[BodyView]
    accounts: list[Account]
    rolls: dict[str, tuple[CarriedRow, ...]]


class Offices:
    """What a `Store` holds of the office."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.shared = store.shared

    async def load(self) -> StoredOffice:
        """Raises StoreFault where it cannot be read."""
        office, account, body = tables.offices, tables.accounts, tables.bodies
        roll = tables.rolls

        async def read(connection: AsyncConnection) -> StoredOffice:
            its_own = office.c.id == THE_OFFICE
            settings = await connection.scalar(select(office.c.settings).where(its_own))
            bodies = await connection.scalars(select(body.c.body).order_by(body.c.place))
            accounts = await connection.execute(
                select(account).order_by(account.c.created_at, account.c.id)
            )
            rolls = await connection.execute(select(roll.c.body, roll.c.roll))
            return StoredOffice(
                None if settings is None else msgspec.json.decode(settings, type=OfficeView),
                [msgspec.json.decode(row, type=BodyView) for row in bodies],
                [Account(**row._mapping) for row in accounts],
                {
                    body: msgspec.json.decode(rows, type=tuple[CarriedRow, ...])
                    for body, rows in rolls
                },
            )

        try:
            return await self._store.read("office", read)
        except msgspec.DecodeError as error:
            raise StoreFault("the office's settings are not as they were written") from error

    async def record(self, most: int) -> list[Act]:
        """The newest of what was done, the newest first."""
        row = tables.office_record.c

        async def read(connection: AsyncConnection) -> list[Act]:
            newest = select(row.at, row.account, row.what, row.about, row.called)
            found = await connection.execute(newest.order_by(row.place.desc()).limit(most))
            return [Act(*act) for act in found]

        return await self._store.read("office record", read)

    async def templates(self) -> list[Template]:
        """All of them, in no order. Raises StoreFault where they cannot be read."""
        row = tables.templates.c

        async def read(connection: AsyncConnection) -> list[Template]:
            found = await connection.execute(select(row.id, row.body, row.name, row.skeleton))
            return [
                Template(id_, body, name, msgspec.json.decode(skeleton, type=Skeleton))
                for id_, body, name, skeleton in found
            ]

        try:
            return await self._store.read("templates", read)
        except msgspec.DecodeError as error:
            raise StoreFault("the office's templates are not as they were written") from error

    async def keep(
        self,
        act: Act,
        *,
        office: OfficeView | None = None,
        bodies: Sequence[BodyView] | None = None,
        account: Account | None = None,
        rolls: Mapping[str, Sequence[CarriedRow]] | None = None,
        templates: Mapping[str, Template | None] | None = None,
    ) -> None:
        """Write down what was done, with what it made of the office: in one transaction.

        Args:
            bodies: all of them, in their order.
            rolls: all that were carried here, by body.
            templates: those that change, by id, as they are now; None goes.

        Raises NotStored: the database would not take it.
        """
        rows: list[tuple[Table, str, dict[str, Any]]] = []
        if office is not None:
            rows.append((tables.offices, THE_OFFICE, {"settings": _encode(office).decode()}))
        if account is not None:
            rows.append((tables.accounts, account.id, msgspec.structs.asdict(account)))
        done = msgspec.structs.asdict(act)

        def write(connection: Connection) -> None:
            for table, key, values in rows:
                connection.execute(delete(table).where(table.c.id == key))
                connection.execute(insert(table), {"id": key, **values})
            if bodies is not None:
                connection.execute(delete(tables.bodies))
                for place, body in enumerate(bodies, start=1):
                    written = {"id": body.id, "place": place, "body": _encode(body).decode()}
                    connection.execute(insert(tables.bodies), written)
            if rolls is not None:
                connection.execute(delete(tables.rolls))
                for of, people in rolls.items():
                    carried = {"body": of, "roll": _encode(people).decode()}
                    connection.execute(insert(tables.rolls), carried)
            for id_, template in (templates or {}).items():
                connection.execute(delete(tables.templates).where(tables.templates.c.id == id_))
                if template is not None:
                    connection.execute(insert(tables.templates), _template_row(template))
            connection.execute(insert(tables.office_record), done)

        await self._store.write("office", write)


def _template_row(template: Template) -> dict[str, str]:
    skeleton = _encode(template.skeleton).decode()
    return {**msgspec.structs.asdict(template), "skeleton": skeleton}
