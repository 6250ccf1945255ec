"""What every route is handed: the running server's parts, put together by `app`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from meeting.access import Access, Tries
from meeting.clock import Clock
from meeting.pages import Pages
from meeting.running import Meetings


@dataclass(frozen=True)
class Shell:
    """`base_url` is what people open; `static` is the built web app's folder."""

    meetings: Meetings
    access: Access
    pages: Pages
    clock: Clock
    base_url: str
    static: Path
    code_tries: Tries
