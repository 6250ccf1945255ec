"""Planted faults: each breaks one promise, and a rig has to notice.

They are put into a server's own process from outside; the product knows nothing of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, cast

from engineio.packet import MESSAGE, Packet
from msgspec.structs import replace

from meeting.fanout import Direct, Frame, frame
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.rules import DECIDE, fold
from meeting.rules.state import Actor, MeetingState, Moment
from meeting.running import RunningMeeting
from meeting.sending import Sending
from meeting.store.meetings import Meetings as StoredMeetings

SLOW_DISK_SECONDS: Final = 0.1
"""A commit takes this long where it is what a kill must hit: as on an old laptop."""

NEVER_SECONDS: Final = 1e6


def answer_before_commit() -> None:
    """The device hears "committed" while the transaction is still to be begun."""
    settle = RunningMeeting._settle

    async def settled(self: RunningMeeting, batch: list[Any]) -> None:
        store, waiting = self._store, {act.sent.id: act for act in batch}
        if self.state.phase != "running":  # the meeting has to come about
            return await settle(self, batch)

        class Hasty:
            async def append(self, meeting: str, *, answers: Any, **rest: Any) -> None:
                for command, _, answer in answers:
                    waiting[command].answer.set_result(answer)
                await asyncio.sleep(SLOW_DISK_SECONDS)
                await store.append(meeting, answers=answers, **rest)

            def __getattr__(self, name: str) -> Any:
                return getattr(store, name)

        self._store = cast(StoredMeetings, Hasty())
        try:
            await settle(self, batch)
        finally:
            self._store = store

    RunningMeeting._settle = settled  # type: ignore[method-assign]


def publish_before_commit() -> None:
    """Devices are shown what is not yet stored."""
    settle = RunningMeeting._settle

    async def settled(self: RunningMeeting, batch: list[Any]) -> None:
        store, running = self._store, self

        class Hasty:
            async def append(self, meeting: str, *, entries: Any, **rest: Any) -> None:
                for entry, _ in entries:
                    running.state = fold(running.state, entry)
                if entries:
                    running.publishing.changed([entry.fact for entry, _ in entries])
                await asyncio.sleep(SLOW_DISK_SECONDS)
                await store.append(meeting, entries=entries, **rest)

            def __getattr__(self, name: str) -> Any:
                return getattr(store, name)

        self._store = cast(StoredMeetings, Hasty())
        try:
            await settle(self, batch)
        finally:
            self._store = store

    RunningMeeting._settle = settled  # type: ignore[method-assign]


def forget_answers() -> None:
    """A command that is repeated is done again."""
    append = StoredMeetings.append

    async def forgetful(self: StoredMeetings, meeting: str, **given: Any) -> None:
        await append(self, meeting, **{**given, "answers": []})

    StoredMeetings.append = forgetful  # type: ignore[method-assign]
    RunningMeeting._known = lambda self, command_id: None  # type: ignore[method-assign]


def relative_turn() -> None:
    """A page turn means "the next one", whatever page was asked for."""
    show = DECIDE[c.ShowPage]

    def show_next(
        state: MeetingState, actor: Actor, asked: c.ShowPage, moment: Moment
    ) -> list[f.Fact]:
        shown = state.presented
        if shown is not None and shown.document == asked.document:
            pages = state.documents[asked.document].pages
            asked = replace(asked, page=shown.page % pages + 1)
        return show(state, actor, asked, moment)

    DECIDE[c.ShowPage] = show_next


def lying_beacon() -> None:
    """The beacon says that nobody has missed anything."""
    beacon = Sending._beacon

    def reassuring(self: Sending, running: RunningMeeting, n: int) -> Frame:
        return frame("beacon", replace(beacon(self, running, n).body, rev=0, n=0))

    Sending._beacon = reassuring  # type: ignore[method-assign]


def late_turns() -> None:
    """Whatever comes is taken as asked just now, on top of what everybody sees."""
    moment = RunningMeeting._moment

    def as_of_now(self: RunningMeeting, act: Any) -> Moment:
        known = moment(self, act)
        return replace(known, age=None if known.age is None else 0.0, if_rev=None)

    RunningMeeting._moment = as_of_now  # type: ignore[method-assign]


def unbounded_queue() -> None:
    """Whoever does not read is queued for without end, and nobody is ever let go."""

    def queued(self: Direct, message: Frame) -> bool:
        if not self._connection.closed:
            self._connection.server.ping_timeout = NEVER_SECONDS
            self._outbox.put_nowait(Packet(MESSAGE, data=message.packet))
        return True

    Direct.offer = queued  # type: ignore[method-assign]
    Sending.let_go = lambda self, links: None  # type: ignore[method-assign]


MUTANTS: Final[dict[str, Callable[[], None]]] = {
    "answer_before_commit": answer_before_commit,
    "publish_before_commit": publish_before_commit,
    "forget_answers": forget_answers,
    "relative_turn": relative_turn,
    "lying_beacon": lying_beacon,
    "late_turns": late_turns,
    "unbounded_queue": unbounded_queue,
}
