"""Statements put into words once for each kind of database: two thirds of the time of a small write
would go into what SQLAlchemy does anew each time, and a page turn waits for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Delete, Insert, Update


class Statement:
    """A change of one table.

    Args:
        change: its parameters are those of `bindparam`, and of an insert all columns in `columns`.
    """

    def __init__(self, change: Insert | Update | Delete, columns: Sequence[str] = ()) -> None:
        self._change = change
        self._columns = columns
        self._words: dict[str, tuple[str, list[str]]] = {}

    def run(
        self, connection: Connection, rows: Sequence[Mapping[str, object]]
    ) -> CursorResult[Any]:
        """Once for each of these rows of parameters, given as the driver takes them: no type of a
        column is asked.

        Raises: what `Connection.exec_driver_sql` does.
        """
        kind = connection.dialect.name
        if kind not in self._words:
            made = self._change.compile(
                dialect=connection.dialect, column_keys=list(self._columns) or None
            )
            self._words[kind] = (str(made), list(made.positiontup or ()))
        text, names = self._words[kind]
        values = [tuple(row[name] for name in names) for row in rows]
        return connection.exec_driver_sql(text, values[0] if len(values) == 1 else values)
