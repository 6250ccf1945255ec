"""Every setting of a server as one row: name, type, default. Given by the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec import Struct

DATA: Final = Path.home() / ".local" / "share" / "phien"
"""Where a server keeps its data unless told otherwise."""


class Settings(Struct, frozen=True):
    """`url` is what people open, if the machine's own address is not it; no slash at its end."""

    data: Path
    host: str = "0.0.0.0"
    port: int | None = None
    url: str | None = None
