"""What one meeting takes over from another, and what an office keeps of that under a name."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from meeting.protocol.words import ClockOrNone, Id, Line, Role

Place = Annotated[int, Meta(ge=0, lt=1000)]
"""Of a person on the roll beside it; the first is 0."""

TemplateName = Annotated[str, Meta(max_length=120)]


class CarriedRow(Struct, frozen=True, forbid_unknown_fields=True):
    """A person as on the roll that is taken over."""

    name: Annotated[str, Meta(max_length=120)]
    post: Line
    role: Role
    votes: bool


class CarriedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An item as on the agenda that is taken over. Guests it names are invited to it."""

    number: Annotated[str, Meta(max_length=12)]
    title: Line
    starts: ClockOrNone = ""
    ends: ClockOrNone = ""
    recess: bool = False
    rapporteur: Place | None = None
    limited_to: Annotated[tuple[Place, ...], Meta(max_length=1000)] = ()


class Skeleton(Struct, frozen=True, forbid_unknown_fields=True):
    """A meeting without anything that happened in it, and without its papers. `starts` is when it
    began by the clock: the items' times go with that.
    """

    roll: Annotated[tuple[CarriedRow, ...], Meta(max_length=1000)] = ()
    items: Annotated[tuple[CarriedItem, ...], Meta(max_length=1000)] = ()
    starts: ClockOrNone = ""


class Template(Struct, frozen=True):
    """A skeleton that the office kept for the meetings of a body."""

    id: str
    body: str
    name: str
    skeleton: Skeleton


class TemplateRow(Struct, frozen=True):
    """A template in the office's list; of its people so many are `guests` of items."""

    id: str
    body_id: str
    name: str
    people: int
    guests: int
    items: int


class Starts(Struct, frozen=True):
    """What a new meeting can start from beside an earlier one. `rolls`: by body that has not met
    here yet, how many people its roll has as it was carried here from another office.
    """

    templates: tuple[TemplateRow, ...]
    rolls: dict[str, int]


class NewTemplate(Struct, frozen=True, forbid_unknown_fields=True):
    """Keep this meeting's skeleton under a name."""

    meeting: Id
    name: TemplateName


class RenamedTemplate(Struct, frozen=True, forbid_unknown_fields=True):
    name: TemplateName


class CarriedTemplate(Struct, frozen=True, forbid_unknown_fields=True):
    """A template on its way to another office."""

    name: TemplateName
    skeleton: Skeleton
