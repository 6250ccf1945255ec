"""A database that will not delete a meeting, as one on a broken disk would not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from meeting.store.sqlite import DATABASE

_KEEP: Final = "CREATE TRIGGER kept BEFORE DELETE ON meetings BEGIN SELECT RAISE(ABORT, 'no'); END"


def keep_rows(data: Path) -> None:
    """From now on no meeting's rows can be deleted."""
    _run(data, _KEEP)


def let_rows_go(data: Path) -> None:
    """As before `keep_rows`."""
    _run(data, "DROP TRIGGER kept")


def _run(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / DATABASE)) as database, database:
        database.execute(statement)
