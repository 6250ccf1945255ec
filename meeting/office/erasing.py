"""Destroying files: those of withdrawn papers, where that was decided and nobody else needs them;
those that were sent and never laid down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from meeting.clock import Clock
from meeting.logs import Log
from meeting.pages import Pages
from meeting.rules.state import MeetingState

UNLAID_KEPT: Final = timedelta(days=1)
"""So long a file that was sent waits to be laid down: over a night, and over a restart."""

AGAIN_SECONDS: Final = 3600.0

log = Log("office")


def to_erase(states: Iterable[MeetingState]) -> set[str]:
    """The contents (SHA-256) that were to be destroyed and that no paper, no signed copy and no
    paper only withdrawn has. What a throw-away copy shows does not count.
    """
    decided: set[str] = set()
    needed: set[str] = set()
    for state in states:
        if state.heading is None or state.heading.rehearsal:
            continue
        needed |= {copy.sha256 for copy in state.signed_copies}
        for document in state.documents.values():
            needed |= {version.sha256 for version in document.versions()}
        for gone in state.withdrawn.values():
            contents = {version.sha256 for version in gone.document.versions()}
            if gone.erased:
                decided |= contents
            else:
                needed |= contents
    return decided - needed


async def erase(states: Iterable[MeetingState], pages: Pages) -> None:
    """Do what was decided, as far as the disk will; what it will not is done at the next start."""
    for sha256 in sorted(to_erase(states)):
        try:
            await pages.erase(sha256)
        except OSError as fault:
            log.error("paper_not_erased", document=sha256[:8], fault=fault)


def referred_to(states: Iterable[MeetingState]) -> set[str]:
    """The contents (SHA-256) that anything is made of: papers in every version, those withdrawn
    included, and signed copies, in meetings, trial copies and rehearsals alike. Files and prints
    are made from these.
    """
    found: set[str] = set()
    for state in states:
        found |= {copy.sha256 for copy in state.signed_copies}
        for document in state.documents.values():
            found |= {version.sha256 for version in document.versions()}
        for gone in state.withdrawn.values():
            found |= {version.sha256 for version in gone.document.versions()}
    return found


async def keep_clear(
    states: Callable[[], Iterable[MeetingState]], pages: Pages, clock: Clock, settling: asyncio.Lock
) -> None:
    """Now, and every hour, until cancelled: `clear_unlaid`, while no file is laid down."""
    while True:
        async with settling:
            await clear_unlaid(states(), pages, clock.now())
        await asyncio.sleep(AGAIN_SECONDS)


async def clear_unlaid(states: Iterable[MeetingState], pages: Pages, now: datetime) -> None:
    """Destroy what was sent before yesterday and lies in no meeting.

    Args:
        states: of every meeting there is, whatever kind.
    """
    old = await pages.sent_before(now - UNLAID_KEPT)
    for sha256 in sorted(old - referred_to(states)):
        try:
            await pages.erase(sha256)
        except OSError as fault:
            log.error("paper_not_erased", document=sha256[:8], fault=fault)
