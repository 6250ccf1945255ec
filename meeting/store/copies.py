"""A copy of the SQLite file as it is at one moment, while a server goes on writing or none runs.

For backups, in a process of their own: nothing here writes to what is copied.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from meeting.store.faults import StoreFault
from meeting.store.sqlite import DATABASE


def copy_database(folder: Path, copy: Path) -> None:
    """Write the database of a data folder to the file `copy`, whole and in one piece.

    All of it is read in one transaction: a writer neither waits for it nor is seen half.

    Raises:
        StoreFault: there is no database, or it cannot be read or copied.
    """
    source = folder.resolve() / DATABASE
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(copy)) as writing,
        ):
            reading.execute("PRAGMA query_only=ON")
            reading.execute("PRAGMA busy_timeout=5000")
            reading.backup(writing, pages=-1)
    except sqlite3.Error as error:
        raise StoreFault(f"{source} cannot be copied: {error}") from error


def check_database(path: Path) -> None:
    """See that a database that nobody has open holds together.

    Raises:
        StoreFault: it does not.
    """
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as reading:
            found = reading.execute("PRAGMA integrity_check").fetchone()[0]
            tables = reading.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreFault(f"{path} cannot be read: {error}") from error
    if found != "ok" or not tables:  # a file without a byte holds together, too
        raise StoreFault(f"{path} is damaged")
