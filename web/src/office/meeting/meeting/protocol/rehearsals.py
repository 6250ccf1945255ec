"""What a rehearsal says to its server by HTTP: begin one, who is in it, read its log back."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from meeting.protocol.words import Id

MEMBERS_MOST: Final = 1000


class BeginRehearsal(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /rehearsal`: a meeting of its own with so many members, beside chair and desk."""

    members: Annotated[int, Meta(ge=1, le=MEMBERS_MOST)]


class RehearsalBegun(Struct, frozen=True):
    """The meeting, its one item with one paper, and the code of everybody's personal link."""

    meeting: Id
    item: Id
    document: Id
    pages: int
    chair: str
    secretary: str
    screen: str
    members: tuple[str, ...]


class RehearsalLog(Struct, frozen=True):
    """What is on disk: the revision after each command that was committed, by the command's id."""

    rev: int
    commands: dict[str, int]
