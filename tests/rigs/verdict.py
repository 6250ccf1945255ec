"""What became of a crowd's acts: the log read back from disk, beside what devices remember."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.answers import Answer, Committed
from meeting.protocol.facts import Fact
from meeting.rehearsal.history import Act
from meeting.rules import fold
from meeting.rules.attendance import counts
from meeting.rules.state import MeetingState
from meeting.store.engine import open_store
from meeting.store.faults import StoreFault
from meeting.store.meetings import Meetings as StoredMeetings
from meeting.store.sqlite import DATABASE
from tests.helpers.crowd import Crowd


@dataclass
class Verdict:
    """Numbers of acknowledged acts, and of everything that must be zero.

    `lost`: acknowledged, not in the log. `twice`: in the log more than once. `otherwise`: two
    different answers to one id, or done though refused. `not_as_asked`: another page was shown.
    `phantoms`: revisions at which a device saw what the log does not say, or no longer said.
    `unreadable`: 1 if the log does not hold together, or is gone.
    """

    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    otherwise: int = 0
    not_as_asked: int = 0
    phantoms: int = 0
    unreadable: int = 0

    @property
    def wrong(self) -> int:
        return sum(count for name, count in asdict(self).items() if name != "acknowledged")

    def __str__(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in asdict(self).items())


async def verdict(crowd: Crowd) -> Verdict:
    """Read the folder of a server that runs no more, and compare."""
    acts = [act for act in crowd.acts if act.answers]
    committed = [act for act in acts if _committed(act)]
    found = Verdict(acknowledged=len(committed))
    found.otherwise = sum(any(a != act.answers[0] for a in act.answers) for act in acts)
    try:
        entries, answers = await _log(crowd.demo.data)
    except StoreFault:
        found.unreadable, found.lost = 1, len(committed)
        return found
    written = Counter(entry.command for entry in entries)
    facts = {entry.command: entry.fact for entry in entries}
    for act in acts:
        found.twice += written[act.id] > 1
        if not _committed(act):
            found.otherwise += written[act.id] > 0
            continue
        kept = answers.get(act.id)
        said = [answer["rev"] for answer in act.answers if answer["status"] == "committed"]
        found.lost += not isinstance(kept, Committed) or kept.rev != said[0]
        found.not_as_asked += not _as_asked(act, facts.get(act.id))
    taken_back = sum(tablet.taken_back for tablet in crowd.tablets)
    found.phantoms = _phantoms(crowd, entries) + taken_back
    return found


async def unanswered(crowd: Crowd) -> set[str]:
    """The seats with a command that is in the log, and of which their device never heard so."""
    _, answers = await _log(crowd.demo.data)
    return {
        tablet.seat
        for tablet in crowd.tablets
        for act in tablet.history.acts.values()
        if act.id in answers and not act.answers
    }


def _committed(act: Act) -> bool:
    return any(answer["status"] == "committed" for answer in act.answers)


def _as_asked(act: Act, fact: Fact | None) -> bool:
    """An act without a fact of its own found everything as it asked already."""
    if not isinstance(act.command, c.ShowPage) or fact is None:
        return True
    asked = act.command
    return fact == f.PageShown(asked.document, asked.version, asked.page)


async def _log(data: Path) -> tuple[Sequence[Any], dict[str, Answer]]:
    """The newest meeting's entries and answers.

    Raises:
        StoreFault: there is none, or it is not whole.
    """
    try:
        with closing(sqlite3.connect(data / DATABASE)) as database:
            whole = database.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise StoreFault("not a database") from error
    if whole != [("ok",)]:
        raise StoreFault("the database is torn")
    store = await open_store(data)
    try:
        stored = StoredMeetings(store)
        ids = await stored.ids()
        if not ids:
            raise StoreFault("the meeting is gone")
        loaded = await stored.load(ids[-1])
    finally:
        await store.close()
    return [entry for entry, _ in loaded.entries], {
        command: answer for command, (_, answer) in loaded.answers.items()
    }


def _phantoms(crowd: Crowd, entries: Sequence[Any]) -> int:
    """Revisions at which somebody saw what was never so."""
    false, state = dict(crowd.seen), MeetingState()
    for entry in entries:
        state = fold(state, entry)
        if entry.rev in false and false[entry.rev] <= _true(state):
            del false[entry.rev]
    return len(false)


def _true(state: MeetingState) -> set[tuple[Any, ...]]:
    """What a device may say it saw of this state: with the page, or without where it may not."""
    seen = (state.turn, counts(state).present)
    shown = state.presented
    return {seen, (*seen, shown.document, shown.page)} if shown else {seen}
