"""What the server says to a command. Anything else means unknown: repeat the same id."""

from __future__ import annotations

from msgspec import Struct


class Committed(Struct, frozen=True, tag_field="status", tag="committed"):
    """Done and stored. `rev` is the head of the log after it."""

    rev: int


class Rejected(Struct, frozen=True, tag_field="status", tag="rejected"):
    """Not done, and repeating will not change that. `code` names the sentence to show."""

    code: str
    data: dict[str, str | int] = {}


class Retry(Struct, frozen=True, tag_field="status", tag="retry"):
    """Not done; ask again with the same id after so many milliseconds."""

    after_ms: int


Answer = Committed | Rejected | Retry
