"""Things kept in an order: seats, items, documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from meeting.rules.state import Document, Item, Seat

Placed = TypeVar("Placed", Seat, Item, Document)


def reordered(things: Mapping[str, Placed], order: Sequence[str]) -> dict[str, Placed]:
    """The same things in another order, their positions written anew from 1."""
    return {key: replace(things[key], position=place) for place, key in enumerate(order, start=1)}
