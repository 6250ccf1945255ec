"""Bring a database to the tables of today, with Alembic set up in code instead of an ini file.

Imported only when there is something to do: Alembic costs a tenth of a second at start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from meeting.store.faults import StoreFault
from meeting.store.tables import metadata


def revisions() -> ScriptDirectory:
    """The steps in `versions/`."""
    folder = Path(__file__).parent
    return ScriptDirectory(folder, version_locations=[folder / "versions"])


def upgrade(connection: Connection) -> None:
    """Take every step that is missing, inside the transaction the caller has begun.

    Raises:
        StoreFault: the database is from a newer Phiên.
    """
    script = revisions()

    def missing(current: Any, context: MigrationContext) -> Any:
        try:
            return script._upgrade_revs("head", current)
        except CommandError as error:
            raise StoreFault(f"the database is from another version: {error}") from error

    with EnvironmentContext(Config(), script, fn=missing) as environment:
        environment.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        environment.run_migrations()
