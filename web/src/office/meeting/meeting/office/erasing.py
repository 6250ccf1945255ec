"""Destroying the files of withdrawn papers: what was decided, and nobody else needs."""

from __future__ import annotations

from collections.abc import Iterable

from meeting.logs import Log
from meeting.pages import Pages
from meeting.rules.state import MeetingState

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
