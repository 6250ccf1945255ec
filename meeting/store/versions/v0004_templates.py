"""Templates; meetings that were deleted, and what they were called in the office's record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "templates",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("skeleton", sa.Text, nullable=False),
    )
    op.add_column(
        "meetings", sa.Column("deleted", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("office_record", sa.Column("called", sa.Text, nullable=False, server_default=""))
