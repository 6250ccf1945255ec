"""A running meeting: the only door through which it changes.

Each meeting has one queue and one task. The task takes what waits, decides and applies each
command in turn on a provisional state, appends all facts in one transaction, and only then
makes the state current, answers, and publishes. No socket and no HTTP is known here.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, Final, Protocol

import msgspec
from msgspec import UNSET, Struct

from meeting.access import Tries
from meeting.checkin import Codes
from meeting.clock import Clock
from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.answers import Answer, Committed, Rejected, Retry
from meeting.protocol.log import CHAIN_START, Entry, link
from meeting.protocol.words import Method, Sighting
from meeting.publishing import Publication, Publishing
from meeting.room import Room
from meeting.rules import decide, fold
from meeting.rules.roles import TABLE
from meeting.rules.state import Actor, MeetingState, Moment

BATCH_MOST: Final = 256
QUEUE_MOST: Final = 2_000
"""More waiting commands than this and the door says: in a moment."""

BUSY_MS: Final = 800
NOT_STORED_MS: Final = 1_000
REMEMBERED_REFUSALS: Final = 5_000
"""Refusals of perishable commands are remembered in memory only, the newest so many."""

CODE_TRIES_MOST: Final = 5
CODE_TRIES_SECONDS: Final = 60.0

_UNSTORED: Final = frozenset({"not_signed_in", "device_revoked", "seat_unknown", "card_revoked"})
"""Refusals that say nothing of the command itself: the same id may be asked again later."""

_NOT_WORTH_DISK: Final = frozenset({"not_allowed", "wrong_phase", "code_needed", "malformed"})
"""Refusals anybody can provoke without end: remembered in bounded memory only."""

log = logging.getLogger("phien.running")


class Log(Protocol):
    """Where a meeting's facts are kept. Implemented by `meeting.store`."""

    async def append(
        self,
        meeting: str,
        *,
        after: int,
        entries: Sequence[tuple[Entry, bytes]],
        answers: Sequence[tuple[str, bytes, Answer]],
    ) -> None:
        """Store all of it in one transaction, or nothing and raise.

        Entries continue the log after revision `after`; the call returns once they are on disk.
        A cancelled caller does not cancel a transaction under way.
        """


class _Act(Struct):
    actor: Actor
    sent: c.Sent
    sighting: Sighting
    method: Method
    digest: bytes
    answer: asyncio.Future[Answer]


class RunningMeeting:
    """One meeting that is in memory.

    Args:
        entries: its whole log so far, with each entry's hash.
        answers: what was answered to which command id, with the digest of who asked what.
        publish: takes what every audience is to be sent; called on the loop, never awaited.
        taken: whether a seat of another meeting has this id; a seat's id names one meeting.
    """

    def __init__(
        self,
        meeting: str,
        *,
        entries: Sequence[tuple[Entry, bytes]],
        answers: dict[str, tuple[bytes, Answer]],
        store: Log,
        codes: Codes,
        clock: Clock,
        publish: Callable[[RunningMeeting, Publication], None],
        taken: Callable[[str], bool],
    ) -> None:
        self.id = meeting
        self.state = MeetingState()
        self.room = Room()
        self.codes = codes
        self._hash = CHAIN_START
        for entry, stored_hash in entries:
            self.state, self._hash = fold(self.state, entry), stored_hash
        self._answers = answers
        self._refusals: OrderedDict[str, tuple[bytes, Answer]] = OrderedDict()
        self._tries: dict[str, Tries] = {}
        self._store = store
        self._clock = clock
        self._taken = taken
        self._queue: asyncio.Queue[_Act | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.publishing = Publishing(
            lambda: self.state, lambda publication: publish(self, publication), clock
        )

    def start(self) -> None:
        """Begin to take commands. To be called once, on the loop."""
        self._task = asyncio.create_task(self._run(), name=f"meeting {self.id}")

    async def close(self) -> None:
        """Settle what waits, then stop; whoever asks later is told to ask again."""
        self._closing = True
        if self._task is not None:
            self._queue.put_nowait(None)
            await self._task
        self.publishing.close()

    @property
    def head_hash(self) -> bytes:
        """The hash of the newest entry."""
        return self._hash

    async def submit(
        self, actor: Actor, sent: c.Sent, *, sighting: Sighting = "none", method: Method = "scan"
    ) -> Answer:
        """Ask for one thing; always answered. A cancelled caller does not cancel the command.

        Args:
            sighting: what the device proved of the room screen by scanning, judged on arrival.
        """
        if self._task is None or self._closing or self._queue.qsize() >= QUEUE_MOST:
            return Retry(BUSY_MS)
        digest = sha256(f"{actor.seat}\n".encode() + msgspec.json.encode(sent.command)).digest()
        if isinstance(sent.command, c.CheckIn) and sent.command.code and not self._known(sent.id):
            try:
                sighting, method = self._judge(actor, sent.command.code)
            except Refused as refusal:
                return Rejected(refusal.code, refusal.data)
        act = _Act(
            actor, sent, sighting, method, digest, asyncio.get_running_loop().create_future()
        )
        self._queue.put_nowait(act)
        return await asyncio.shield(act.answer)

    def _known(self, command_id: str) -> tuple[bytes, Answer] | None:
        return self._answers.get(command_id) or self._refusals.get(command_id)

    def _judge(self, actor: Actor, code: str) -> tuple[Sighting, Method]:
        """The code's age is judged once, here, when the request arrives."""
        now = self._clock.seconds()
        tries = self._tries.setdefault(actor.device, Tries(CODE_TRIES_MOST, CODE_TRIES_SECONDS))
        if tries.paused(now):
            raise Refused("code_paused", seconds=int(CODE_TRIES_SECONDS))
        method: Method = "digits" if len(code) == 4 else "scan"
        judge = self.codes.judge_digits if method == "digits" else self.codes.judge_scan
        sighting = judge(code, now)
        if sighting == "none":
            tries.wrong(now)
            raise Refused("code_wrong")
        return sighting, method

    async def _run(self) -> None:
        while not self._closing or not self._queue.empty():
            waiting = [await self._queue.get()]
            while len(waiting) < BATCH_MOST and not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            if batch := [act for act in waiting if act is not None]:
                await self._settle(batch)

    async def _settle(self, batch: list[_Act]) -> None:
        """Decide a batch in order, store it whole, then make it current, answer and publish."""
        state, head = self.state, self._hash
        entries: list[tuple[Entry, bytes]] = []
        fresh: dict[str, tuple[bytes, Answer]] = {}
        stored: dict[str, tuple[bytes, Answer]] = {}
        answers: list[Answer] = []
        for act in batch:
            known = fresh.get(act.sent.id) or self._known(act.sent.id)
            if known is not None:
                answers.append(known[1] if known[0] == act.digest else Rejected("id_reused"))
                continue
            answer: Answer
            try:
                if isinstance(act.sent.command, c.AddSeat) and self._taken(act.sent.command.seat):
                    raise Refused("seat_exists")
                added = decide(state, act.actor, act.sent.command, act.sent.id, self._moment(act))
                next_state, next_head = state, head
                linked: list[tuple[Entry, bytes]] = []
                for entry in added:
                    next_state, next_head = fold(next_state, entry), link(next_head, entry)
                    linked.append((entry, next_head))
            except Refused as refusal:
                answer = Rejected(refusal.code, refusal.data)
            except Exception:
                log.exception("meeting %s: command %s failed", self.id, act.sent.id)
                answer = Rejected("server_fault")
            else:
                state, head = next_state, next_head
                entries += linked
                answer = Committed(state.rev)
            answers.append(answer)
            if isinstance(answer, Rejected) and answer.code in _UNSTORED:
                continue
            fresh[act.sent.id] = (act.digest, answer)
            if state.rev and _lasting(act.sent.command, answer):
                stored[act.sent.id] = (act.digest, answer)
        if entries or stored:
            rows = [(command, digest, answer) for command, (digest, answer) in stored.items()]
            try:
                await self._store.append(
                    self.id, after=self.state.rev, entries=entries, answers=rows
                )
            except Exception:
                log.exception("meeting %s: batch not stored", self.id)
                for act in batch:
                    self._reply(act, Retry(NOT_STORED_MS))
                return
        self.state, self._hash = state, head
        self._remember(fresh, stored)
        for act, answer in zip(batch, answers, strict=True):
            self._reply(act, answer)
        if entries:
            facts = [entry.fact for entry, _ in entries]
            self._tell_room(facts)
            try:
                self.publishing.changed(facts)
            except Exception:
                # What is stored stays; whoever missed it sees the beacon and asks for the view.
                log.exception("meeting %s: not published", self.id)

    def _moment(self, act: _Act) -> Moment:
        sent = act.sent
        return Moment(
            now=self._clock.now(),
            age=None if sent.at is UNSET else self._clock.seconds() - float(sent.at),
            if_rev=None if sent.if_rev is UNSET else int(sent.if_rev),
            sighting=act.sighting,
            method=act.method,
            waiting=self.room.waiting,
        )

    def _tell_room(self, facts: Sequence[f.Fact]) -> None:
        """Whoever the desk answered waits no longer."""
        for fact in facts:
            if isinstance(fact, f.DeviceAdmitted | f.DeviceDeclined):
                self.room.answered(fact.device)

    def _remember(
        self, fresh: dict[str, tuple[bytes, Answer]], stored: dict[str, tuple[bytes, Answer]]
    ) -> None:
        self._answers.update(stored)
        for command_id, answered in fresh.items():
            if command_id not in stored:
                self._refusals[command_id] = answered
        while len(self._refusals) > REMEMBERED_REFUSALS:
            self._refusals.popitem(last=False)

    def _reply(self, act: _Act, answer: Answer) -> None:
        if not act.answer.done():
            act.answer.set_result(answer)


def _lasting(command: c.Command, answer: Answer) -> bool:
    """Whether an answer is kept on disk, so that it is the same after a restart."""
    if isinstance(answer, Rejected):
        return not TABLE[type(command)].perishable and answer.code not in _NOT_WORTH_DISK
    return True


class Archive(Log, Protocol):
    """The part of the store from which meetings come into memory."""

    async def ids(self) -> list[str]:
        """All meetings, the oldest first."""

    async def load(self, meeting: str) -> Any:
        """The meeting's log: `.entries` with hashes, `.answers` by command id."""


class Meetings:
    """All meetings of this server, in memory.

    Args:
        key: the server's secret, for check-in codes.
    """

    def __init__(
        self,
        store: Archive,
        key: bytes,
        clock: Clock,
        publish: Callable[[RunningMeeting, Publication], None],
    ) -> None:
        self._store = store
        self._key = key
        self._clock = clock
        self._publish = publish
        self._running: dict[str, RunningMeeting] = {}

    async def start(self) -> None:
        for meeting in await self._store.ids():
            loaded = await self._store.load(meeting)
            self._run(meeting, loaded.entries, loaded.answers)

    async def close(self) -> None:
        for running in self._running.values():
            await running.close()

    def begin(self, meeting: str) -> RunningMeeting:
        """A meeting with an empty log; its first command is `meeting.create`."""
        return self._run(meeting, [], {})

    def all(self) -> list[RunningMeeting]:
        """Every meeting that was created, the oldest first."""
        return [running for running in self._running.values() if running.state.heading]

    def get(self, meeting: str) -> RunningMeeting | None:
        return self._running.get(meeting)

    def of_seat(self, seat: str) -> RunningMeeting | None:
        """The meeting this seat is in."""
        return next((r for r in self._running.values() if seat in r.state.seats), None)

    def _run(
        self,
        meeting: str,
        entries: Sequence[tuple[Entry, bytes]],
        answers: dict[str, tuple[bytes, Answer]],
    ) -> RunningMeeting:
        running = RunningMeeting(
            meeting,
            entries=entries,
            answers=answers,
            store=self._store,
            codes=Codes(self._key, meeting),
            clock=self._clock,
            publish=self._publish,
            taken=lambda seat: self.of_seat(seat) not in (None, self._running.get(meeting)),
        )
        running.start()
        self._running[meeting] = running
        return running
