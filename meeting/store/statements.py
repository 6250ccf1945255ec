"""Statements put into words once for each kind of database, and given to SQLite's driver as they
are: most of the time of a small write would go into what SQLAlchemy does anew each time, and a page
turn waits for that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Connection, Delete, Insert, Update
from sqlalchemy.exc import IntegrityError


class Statement:
    """A change of one table.

    Args:
        change: its parameters are those of `bindparam`, and of an insert all columns in `columns`.
    """

    def __init__(self, change: Insert | Update | Delete, columns: Sequence[str] = ()) -> None:
        self._change = change
        self._columns = columns
        self._words: dict[str, tuple[str, list[str]]] = {}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> int:
        """Once for each of these rows of parameters, given as the driver takes them: no type of a
        column is asked. How many rows of the table it touched.

        Raises:
            IntegrityError: SQLAlchemy's, whichever the database.
            sqlite3.Error, SQLAlchemyError: whatever else the database says.
        """
        kind = connection.dialect.name
        if kind not in self._words:
            made = self._change.compile(
                dialect=connection.dialect, column_keys=list(self._columns) or None
            )
            self._words[kind] = (str(made), list(made.positiontup or ()))
        text, names = self._words[kind]
        values = [tuple(row[name] for name in names) for row in rows]
        if kind != "sqlite":
            given = values[0] if len(values) == 1 else values
            return connection.exec_driver_sql(text, given).rowcount
        try:
            return driver(connection).executemany(text, values).rowcount
        except sqlite3.IntegrityError as error:
            raise IntegrityError(text, None, error) from error


def driver(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection behind this one."""
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)
