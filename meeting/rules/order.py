"""Things kept in an order: seats, items, documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.rules.state import Document, Item, Seat

Placed = TypeVar("Placed", Seat, Item, Document)


def is_another(things: Mapping[str, Placed], order: Sequence[str]) -> bool:
    """Whether this is another order of the same things than the one they have.

    Raises:
        Refused: `order_outdated`, when it is not one of exactly these.
    """
    if set(order) != set(things) or len(order) != len(things):
        raise Refused("order_outdated")
    return tuple(order) != tuple(things)


def reordered(things: Mapping[str, Placed], order: Sequence[str]) -> dict[str, Placed]:
    """The same things in another order, their positions written anew from 1."""
    return {key: replace(things[key], position=place) for place, key in enumerate(order, start=1)}
