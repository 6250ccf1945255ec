"""Lưu hồ sơ ra USB: what is plugged into the server machine, and how far a saving is."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

SavingState = Literal["making", "writing", "reading", "done", "failed"]
"""The file is made; it is written onto the stick; it is read again from it; it is there, and the
stick may be pulled out; it is not there.
"""


class StickRow(Struct, frozen=True):
    """A USB stick or another removable place. `id` holds while it stays plugged in."""

    id: str
    name: str
    free_bytes: int
    writable: bool


class SavingView(Struct, frozen=True):
    """The newest saving. `name`: what the file is called on the stick; `part`, from 0 to 1, of the
    state it is in; `code`: why it failed, with `mb` where megabytes are missing.
    """

    meeting: str
    stick: str
    name: str
    state: SavingState
    part: float
    code: str = ""
    mb: int = 0


class SticksView(Struct, frozen=True):
    """What is plugged in now; `saving` is null before anything was saved."""

    sticks: list[StickRow]
    saving: SavingView | None


class SaveOnto(Struct, frozen=True, forbid_unknown_fields=True):
    """Save onto this stick."""

    stick: Annotated[str, Meta(max_length=40)]


class ChecksView(Struct, frozen=True):
    """How many files are being checked, or wait for it."""

    checks: int
