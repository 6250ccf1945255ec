"""What must be so at the end, told from the log on disk and from what the tablets remember.

The checker shares nothing with the run but these two; it reads the database file itself.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from meeting.clock import Times
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import Entry, broken_at
from meeting.rehearsal.connection import FINAL
from meeting.rehearsal.history import Act
from meeting.rehearsal.tablet import Tablet
from meeting.rules import replay, visibility
from meeting.rules.state import MeetingState
from meeting.store.sqlite import DATABASE

CLOCKS_SECONDS: Final = 0.005
"""By how much two readings of one machine's clocks may differ here."""

FACTS: Final[dict[type, tuple[type, ...]]] = {
    c.OpenMeeting: (f.MeetingOpened,),
    c.StartItem: (f.ItemStarted, f.PresenterChanged),
    c.ShowPage: (f.PageShown,),
    c.TakePresenting: (f.PresenterChanged,),
    c.GivePresenting: (f.PresenterChanged,),
    c.CallFollowers: (f.FollowersCalled,),
    c.CheckIn: (f.CheckedIn,),
    c.MarkAttendance: (f.AttendanceMarked,),
    c.CorrectAttendance: (f.AttendanceCorrected,),
    c.RevokeDevice: (f.DeviceRevoked, f.PresenterChanged),
}
"""What a command may write, each kind once at most."""


@dataclass
class Log:
    """One meeting, read back from the disk."""

    entries: list[tuple[Entry, bytes]]
    answers: dict[str, dict[str, Any]]

    @property
    def state(self) -> MeetingState:
        return replay(entry for entry, _ in self.entries)


def read_log(data: Path, meeting: str) -> Log:
    """Straight from the file, while the server runs."""
    database = sqlite3.connect(f"file:{data / DATABASE}?mode=ro", uri=True)
    with contextlib.closing(database):
        rows = database.execute(
            "SELECT rev, at, command, seat, device, for_chair, fact, hash FROM facts "
            "WHERE meeting = ? ORDER BY rev",
            (meeting,),
        ).fetchall()
        answers = database.execute(
            "SELECT command, answer FROM answers WHERE meeting = ?", (meeting,)
        ).fetchall()
    return Log(
        [(_entry(*row[:-1]), row[-1]) for row in rows],
        {command: msgspec.json.decode(answer) for command, answer in answers},
    )


def _entry(
    rev: int, at: str, command: str, seat: str, device: str, for_chair: int, fact: str
) -> Entry:
    decoded = msgspec.json.decode(fact, type=f.Fact)
    moment = datetime.fromisoformat(at)
    return Entry(rev, moment, command, seat, device, bool(for_chair), decoded)


@dataclass
class Judge:
    """Args:
    ahead: the wall clock (s since 1970) less the monotonic one, as the server reads both.
    """

    log: Log
    times: Times
    ahead: float

    def faults(self, tablets: Iterable[Tablet]) -> list[str]:
        """Every promise that was broken, one line each."""
        known = list(tablets)
        acts = {act.id: act for tablet in known for act in tablet.history.acts.values()}
        return [
            *self._chain(),
            *(fault for act in acts.values() for fault in self._act(act)),
            *(fault for tablet in known for fault in self._tablet(tablet)),
        ]

    def _chain(self) -> Iterator[str]:
        broken = broken_at(self.log.entries)
        if broken is not None:
            yield f"the log breaks at {broken}"

    def _act(self, act: Act) -> Iterator[str]:
        name = f"{type(act.command).__name__} {act.id}"
        written = [entry for entry, _ in self.log.entries if entry.command == act.id]
        kinds = [type(entry.fact) for entry in written]
        if any(kinds.count(kind) > 1 for kind in kinds):
            yield f"{name} took effect {len(kinds)} times"
        if not set(kinds) <= set(FACTS[type(act.command)]):
            yield f"{name} wrote {kinds}"
        for entry in written:
            if not _fits(act.command, entry.fact):
                yield f"{name} asked {act.command}, wrote {entry.fact}"
        # Who serves the seat no longer is told so, whatever became of the command.
        answers = [answer for answer in act.answers if answer.get("code") not in FINAL]
        for other in answers[1:]:
            if other != answers[0]:
                yield f"{name} was answered {answers[0]} and {other}"
        if answers:
            yield from self._answered(name, act, answers[0], written)
        if act.durable and act.settled is None:
            yield f"{name} was never answered"
        if not act.durable:
            for entry in written:
                age = entry.at.timestamp() - self.ahead - act.tapped
                if age > self.times.perish + CLOCKS_SECONDS:
                    yield f"{name} took effect {age:.3f} s after the tap"

    def _answered(
        self, name: str, act: Act, answer: dict[str, Any], written: list[Entry]
    ) -> Iterator[str]:
        if answer["status"] == "rejected":
            if written:
                yield f"{name} was refused {answer['code']} and took effect"
            return
        stored = self.log.answers.get(act.id)
        if stored is None or stored.get("rev") != answer["rev"]:
            yield f"{name} was answered {answer}, stored is {stored}"
        if written and written[-1].rev != answer["rev"]:
            yield f"{name} was answered {answer}, written at {written[-1].rev}"

    def _tablet(self, tablet: Tablet) -> Iterator[str]:
        state, seat = self.log.state, tablet.seat
        if tablet.history.unvouched > self.times.offline:
            yield f"{seat} showed an unvouched page for {tablet.history.unvouched:.3f} s"
        device = state.devices[tablet.cookie.partition("=")[2].partition(".")[0]]
        if device.revoked or tablet.refusal:
            if not (device.revoked and tablet.refusal == "device_revoked" and not tablet.view):
                yield f"{seat} revoked: {device.revoked}, refused: {tablet.refusal!r}"
            return
        if tablet.state != "live":
            yield f"{seat} is {tablet.state}"
        if tablet.rev != state.rev:
            yield f"{seat} is at {tablet.rev}, the server at {state.rev}"
        place = state.seats[seat]
        right = visibility.view(state, visibility.audience_of(state, place))
        yield from _differences(f"{seat} view", tablet.view, _plain(right))
        own = _plain(visibility.own(state, place))
        yield from _differences(f"{seat} own", tablet.own, own)


def _plain(value: Any) -> dict[str, Any]:
    """As it comes over the wire."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return plain


def _differences(name: str, has: dict[str, Any], right: dict[str, Any]) -> Iterator[str]:
    for key in has.keys() | right.keys():
        if has.get(key) != right.get(key):
            yield f"{name}: {key} is {has.get(key)}, should be {right.get(key)}"


def _fits(command: c.Command, fact: f.Fact) -> bool:
    """Whether a fact says what was asked, where both name the same thing."""
    asked, wrote = msgspec.to_builtins(command), msgspec.to_builtins(fact)
    named = {"page", "document", "version", "item", "state", "reason"}
    if isinstance(command, c.CheckIn):
        return True  # the rules say as what somebody who comes counts
    return all(asked[key] == wrote[key] for key in named & asked.keys() & wrote.keys())


def effects(log: Log, acts: Iterable[Act]) -> dict[str, int]:
    """How many commands of each kind wrote something: a world where nothing happens is no test."""
    wrote = {entry.command for entry, _ in log.entries}
    counted: dict[str, int] = defaultdict(int)
    for act in acts:
        counted[type(act.command).__name__] += act.id in wrote
    return dict(counted)


if missing := set(FACTS) - set(get_args(c.Command)):
    raise AssertionError(f"not commands: {missing}")
