"""What may be set: at the start, and in `settings.toml` in the data folder.

Read only by those who put the server together; everyone below is handed values.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from meeting.clock import Times
from meeting.errors import Stopped
from meeting.pages.limits import PagesLimits
from meeting.store.space import RESERVE_BYTES

DATA: Final = Path.home() / ".local" / "share" / "phien"
"""Where a server keeps its data unless told otherwise."""

UTF8_MARK: Final = b"\xef\xbb\xbf"
"""What Windows puts before a text it saves as UTF-8."""

FILE: Final = "settings.toml"

AHEAD_RATE: Final = 12_500_000
"""100 Mbit: what the Wi-Fi of a large room carries beside the pages on screen."""

Rate = Annotated[int, Meta(ge=10_000)]


class Settings(Struct, frozen=True):
    """`url` is what people open, if the machine's own address is not it; no slash at its end.
    `ahead_rate`: bytes a second for all page images fetched ahead together. `database`: the URL
    of a PostgreSQL (postgresql://…) instead of a file in the data folder. `reserve_bytes`: kept
    free in the data folder for the end of a meeting on a full disk. `pages`: what an untrusted
    document may cost.
    """

    data: Path
    host: str = "0.0.0.0"
    port: int | None = None
    url: str | None = None
    database: str | None = None
    times: Times = Times()
    ahead_rate: int = AHEAD_RATE
    reserve_bytes: int = RESERVE_BYTES
    pages: PagesLimits = PagesLimits()


class Written(Struct, frozen=True, forbid_unknown_fields=True):
    """What `settings.toml` may hold: some of the settings, and two tables: seconds, `[times]`, and
    what a document may cost, `[pages]`.
    """

    database: str | None = None
    times: Times = Times()
    ahead_rate: Rate = AHEAD_RATE
    reserve_bytes: Annotated[int, Meta(ge=0)] = RESERVE_BYTES
    pages: PagesLimits = PagesLimits()


_UNKNOWN: Final = re.compile(r"unknown field `([^`]*)`(?: - at `\$\.?([^`]*)`)?")
_PLACE: Final = re.compile(r" - at `\$\.([^`]*)`")
_LINE: Final = re.compile(r"at line (\d+)")


def written(folder: Path) -> Written:
    """What stands in a data folder's file; the defaults where there is none.

    Raises:
        Stopped: the file cannot be read, or says something unknown.
    """
    path = folder / FILE
    try:
        text = path.read_bytes().removeprefix(UTF8_MARK)
        found = msgspec.toml.decode(text, type=Written)
    except FileNotFoundError:
        return Written()
    except (OSError, ValueError) as error:
        raise _stopped(path, error) from None
    if found.times.offline < 2 * found.times.beacon:
        raise Stopped("settings_offline", path=str(path))
    return found


def _stopped(path: Path, error: OSError | ValueError) -> Stopped:
    """What is wrong with the file, told by the place: the libraries' own words are English."""
    said = str(error)
    if isinstance(error, OSError):
        return Stopped("settings_unread", path=str(path))
    if unknown := _UNKNOWN.search(said):
        name = ".".join(part for part in (unknown[2], unknown[1]) if part)
        return Stopped("settings_unknown", path=str(path), name=name)
    if place := _PLACE.search(said):
        return Stopped("settings_value", path=str(path), name=place[1])
    if line := _LINE.search(said):
        return Stopped("settings_line", path=str(path), line=line[1])
    return Stopped("settings_not_text", path=str(path))
