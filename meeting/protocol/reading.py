"""What the office is shown of a table that was pasted, or of files that were taken in: guesses,
to be looked over before any of it is laid down.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from meeting.protocol.secrecy import SecrecyQuestion
from meeting.protocol.words import Role

RollColumn = Literal["", "tt", "name", "post", "unit", "votes", "role"]
AgendaColumn = Literal["", "number", "time", "starts", "ends", "title", "rapporteur", "guests"]
"""What a column of a pasted table is; "" is passed over."""

RollNote = Literal[
    "votes_missing",
    "chair_missing",
    "chairs_many",
    "secretary_missing",
    "rows_skipped",
    "name_twice",
    "name_doubtful",
    "vote_dropped",
]
"""What to look at: in the whole roll, or in one row. `votes_missing`: no column says who votes, so
nobody was marked. `vote_dropped`: a guest or technician was marked.
"""

AgendaNote = Literal[
    "times_missing",
    "rows_skipped",
    "rapporteur_unknown",
    "rapporteur_ambiguous",
    "time_unread",
    "guests_to_add",
]
"""What to look at: in the whole agenda, or in one row."""


class ReadPerson(Struct, frozen=True):
    """A row of a pasted roll."""

    name: str
    post: str
    role: Role
    votes: bool
    notes: tuple[RollNote, ...] = ()


class ReadRoll(Struct, frozen=True):
    """A pasted roll: its columns as guessed, its rows below the heading, and who they are."""

    columns: list[RollColumn]
    rows: list[list[str]]
    people: list[ReadPerson]
    notes: list[RollNote]


class ReadItem(Struct, frozen=True):
    """A row of a pasted agenda. `rapporteur` is the seat meant by `said`, "" if none or several;
    `guests` is what was written of people invited to this item.
    """

    number: str
    title: str
    starts: str
    ends: str
    rapporteur: str
    recess: bool
    said: str = ""
    guests: str = ""
    notes: tuple[AgendaNote, ...] = ()


class ReadAgenda(Struct, frozen=True):
    """A pasted agenda, as `ReadRoll`."""

    columns: list[AgendaColumn]
    rows: list[list[str]]
    items: list[ReadItem]
    notes: list[AgendaNote]


class Proposal(Struct, frozen=True):
    """What a file is likely to be: the id of its item, "" if it cannot be told, number, title."""

    item: str
    number: str
    title: str


class Doubt(Struct, frozen=True):
    """Why somebody has to say that a paper is no secret one. `page` is 0 where its name says so."""

    question: SecrecyQuestion
    page: int


class TakenIn(Struct, frozen=True):
    """A paper the server has taken in, under the name it came with."""

    sha256: str
    pages: int
    bytes: int
    name: str
    proposal: Proposal
    doubt: Doubt | UnsetType = UNSET
