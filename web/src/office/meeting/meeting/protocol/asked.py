"""What every command is. The commands themselves: `commands` in the room, `preparing` around it."""

from __future__ import annotations

from msgspec import Struct


class Asked(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """What every command is."""
