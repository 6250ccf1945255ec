"""Every table. A change here needs a revision in `versions/`; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    false,
)

HEAD = "0004"
"""The revision in `versions/` that makes exactly these tables."""


class UtcTime(TypeDecorator[datetime]):
    """An instant in UTC, kept as ISO 8601 text with its offset because SQLite drops zones.

    Always with microseconds, so the order of the texts is the order of the instants. Another
    zone is refused, not converted: the text is part of what an entry's hash was made from.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else utc_time(value)


def utc_text(at: datetime) -> str:
    """Raises ValueError unless `at` is in UTC."""
    if at.utcoffset() != timedelta(0):
        raise ValueError(f"not in UTC: {at!r}")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def utc_time(text: str) -> datetime:
    """Raises ValueError unless `text` is as `utc_text` writes it."""
    at = datetime.fromisoformat(text)
    if utc_text(at) != text:
        raise ValueError(f"not in UTC: {text!r}")
    return at


metadata = MetaData()

meetings = Table(
    "meetings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("head", Integer, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
    Column("place", Integer, nullable=False, unique=True),  # in order of creation, by no clock
    Column("rehearsal", Boolean, nullable=False, server_default=false()),
    Column("deleted", Boolean, nullable=False, server_default=false()),
)
"""`rehearsal` repeats what the first fact says, `deleted` what the last one does, for the guards
that let only such meetings' facts go.
"""

facts = Table(
    "facts",
    metadata,
    Column("meeting", Text, ForeignKey("meetings.id"), primary_key=True),
    Column("rev", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("command", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("for_chair", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The log. `kind` repeats the fact's tag for whoever searches; the fact itself is JSON."""

answers = Table(
    "answers",
    metadata,
    Column("meeting", Text, ForeignKey("meetings.id"), primary_key=True),
    Column("command", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("answer", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What each command was answered; `digest` tells a repeat from another command under its id."""

offices = Table(
    "offices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("settings", Text, nullable=False),
)
"""At most one: the office that runs this server, and beside it the networks whose passwords it
knows. `settings` is JSON.
"""

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
)
"""The secretaries, those who left included. No two open ones have the same login."""

bodies = Table(
    "bodies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
"""The committees that meet; the whole of each is JSON."""

rolls = Table(
    "rolls",
    metadata,
    Column("body", Text, primary_key=True),
    Column("roll", Text, nullable=False),
)
"""A body's last roll where it was carried here from; each is JSON, in protocol order."""

templates = Table(
    "templates",
    metadata,
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("skeleton", Text, nullable=False),
)
"""Skeletons of meetings, kept under a name for a body; each skeleton is JSON."""

office_record = Table(
    "office_record",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("account", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("called", Text, nullable=False, server_default=""),
)
"""What was done in the office, and by whom. Rows are added, never changed."""
