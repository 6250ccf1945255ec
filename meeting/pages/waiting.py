"""What `Pages` gives and keeps account of: originals, and who waits for what. No work is done."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from meeting.pages.cache import Image
from meeting.pages.jobs import WIDTHS, Work
from meeting.pages.pool import FileRefused, Inspected, PageCode
from meeting.pages.printed import Printed

FAILURES_KEPT: Final = 1000


@dataclass(frozen=True, slots=True)
class Original:
    """A PDF that was taken in: its content address, number of pages and size in bytes, and what
    stands on its first pages, as far as it can be read.
    """

    sha256: str
    pages: int
    bytes: int
    printed: tuple[Printed, ...] = field(default=(), compare=False)


@dataclass(slots=True)
class Waiting:
    """People waiting for one image. The future is given a value even for a failure."""

    priority: int
    people: int = 0
    outcome: asyncio.Future[Image | PageCode] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


@dataclass(frozen=True, slots=True)
class Inspection:
    """A PDF to be opened and looked at."""

    path: Path
    outcome: asyncio.Future[Inspected | FileRefused | OSError] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Failures:
    """What could not be drawn, the newest of it.

    Args:
        seconds: how long it is not tried again.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._failed: OrderedDict[Work, tuple[PageCode, float]] = OrderedDict()

    def put(self, work: Work, code: PageCode, now: float) -> None:
        self._failed[work] = (code, now + self._seconds)
        if len(self._failed) > FAILURES_KEPT:
            self._failed.popitem(last=False)

    def lately(self, work: Work, now: float) -> PageCode | None:
        """Why it failed, if it is not to be tried again yet."""
        code, until = self._failed.get(work, (None, 0.0))
        return code if now < until else None

    def pages(self, sha256: str) -> set[int]:
        """The pages of a document that failed when last tried, thumbnails not counted."""
        return {w.page for w in self._failed if w.sha256 == sha256 and w.width == WIDTHS[0]}
