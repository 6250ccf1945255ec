"""Which meetings are rehearsals, the only ones that may be deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # There was no rehearsal before there was this column.
    op.add_column(
        "meetings", sa.Column("rehearsal", sa.Boolean, nullable=False, server_default=sa.false())
    )
