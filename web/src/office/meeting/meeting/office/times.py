"""Times of day as people write them on an agenda: 07:30–07:45, 7h30, 07g30, 7 giờ 30."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from meeting.office.written import folded, plain

_TIME: Final = re.compile(
    r"(?<![\d/.,])(\d{1,2})\s*"
    r"(?:[:hg]\s*(\d{2})(?!\d)(?::00)?|[hg](?![a-z0-9])|gio(?![a-z])(?:\s*(\d{2})(?!\d))?)"
    r"(?:\s*(?:phut|ph|p)(?![a-z]))?"
    r"|(?<![\d/.,])(\d{1,2})\.(\d{2})(?![\d./])"
)
_BETWEEN: Final = re.compile(
    r"[\s\-–—:,.;()]*(?:(?:tu|den|luc|khoang|bat dau|ket thuc)[\s\-–—:,.;()]*)*"
)


class Times(Struct, frozen=True):
    """`starts` and `ends` such as 07:45, "" where none is written. `rest` is what else was
    written; `whole`: nothing was.
    """

    starts: str = ""
    ends: str = ""
    whole: bool = False
    rest: str = ""


def written_times(text: str) -> Times:
    """The first two times of day in a text that begins with them."""
    said = plain(text)
    # Letter for letter, so that places in the one are places in the other.
    bare = "".join(folded(letter) or " " for letter in said)
    if len(bare) != len(said):
        return Times(rest=said)
    found: list[str] = []
    end = 0
    for match in _TIME.finditer(bare):
        hour = int(match[1] or match[4])
        minute = int(match[2] or match[3] or match[5] or 0)
        between = bare[end : match.start()]
        if hour > 23 or minute > 59 or len(found) == 2 or not _BETWEEN.fullmatch(between):
            break
        found.append(f"{hour:02d}:{minute:02d}")
        end = match.end()
    rest = said[end:].lstrip(" -–—:,.;)") if found else said
    starts, ends = [*found, "", ""][:2]
    return Times(starts, ends, bool(found) and not rest, rest)
