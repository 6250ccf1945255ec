"""A running meeting: the only door through which it changes.

Each meeting has one queue and one task. The task takes what waits, decides and applies each
command in turn on a provisional state, appends all facts in one transaction, and only then
makes the state current, publishes, and answers. No socket and no HTTP is known here.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec
from msgspec import UNSET

from meeting import logs
from meeting.access import Tries
from meeting.batch import Act, Answered, Decided, decide_all
from meeting.checkin import Codes
from meeting.clock import Clock, Times
from meeting.counts import Counts
from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.answers import Answer, Committed, Rejected, Retry
from meeting.protocol.log import CHAIN_START, Entry, seal_of
from meeting.protocol.words import Method, Sighting
from meeting.publishing import Publication, Publishing
from meeting.room import Room
from meeting.rules import fold
from meeting.rules.state import Actor, MeetingState, Moment
from meeting.store.faults import HeadMoved, NotStored
from meeting.store.meetings import Meetings as StoredMeetings
from meeting.store.space import Disk

BATCH_MOST: Final = 256
QUEUE_MOST: Final = 2_000
"""More waiting commands than this and the door says: in a moment."""

TRIES_MOST: Final = 8
"""A batch that another process is ahead of so often waits a moment."""

BUSY_MS: Final = 800
NOT_STORED_MS: Final = 1_000
REMEMBERED_REFUSALS: Final = 5_000
"""Refusals of perishable commands are remembered in memory only, the newest so many."""

CODE_TRIES_MOST: Final = 5
CODE_TRIES_SECONDS: Final = 60.0

_EVENTS: Final[dict[type, logs.Event]] = {
    f.MeetingOpened: "meeting_opened",
    f.MeetingClosed: "meeting_closed",
}
_OUTCOMES: Final = {Committed: "committed", Retry: "retry"}

log = logs.Log("running")


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
        answers: dict[str, Answered],
        store: StoredMeetings,
        codes: Codes,
        clock: Clock,
        times: Times,
        publish: Callable[[RunningMeeting, Publication], None],
        taken: Callable[[str], bool],
        counts: Counts,
        disk: Disk,
    ) -> None:
        self.id = meeting
        self.state = MeetingState()
        self.room = Room(times)
        self._times = times
        self.codes = codes
        self.seal = ""
        """The code of the log's chain at the last closing, "" before that."""
        self._hash = CHAIN_START
        self.began: datetime | None = entries[0][0].at if entries else None
        """When it was created, None before that."""
        for entry, stored_hash in entries:
            self.state, self._hash = fold(self.state, entry), stored_hash
        self._note_seal(entries)
        self._answers = answers
        self._refusals: OrderedDict[str, Answered] = OrderedDict()
        self._tries: dict[str, Tries] = {}
        self._store = store
        self._clock = clock
        self._taken = taken
        self._counts = counts
        self._disk = disk
        self._queue: asyncio.Queue[Act | asyncio.Future[None] | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.publishing = Publishing(
            lambda: self.state,
            lambda publication: publish(self, publication),
            clock,
            times.gather,
            lambda: self.seal if self.state.closed_at else "",
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
    def is_there(self) -> bool:
        """Whether it was created and not deleted."""
        return self.state.heading is not None and self.state.gone is None

    @property
    def rehearsal(self) -> bool:
        """Whether this is a rehearsal, which people never see and which is deleted."""
        return self.throwaway and not self.trial_of

    @property
    def trial_of(self) -> str:
        """The meeting this is a throw-away copy of, for people to practise in; "" if it is none."""
        return self.state.heading.trial_of if self.state.heading and self.throwaway else ""

    @property
    def throwaway(self) -> bool:
        """Whether its rows may be deleted."""
        return self.state.heading is not None and self.state.heading.rehearsal

    @property
    def queued(self) -> int:
        """Commands that wait."""
        return self._queue.qsize()

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
            return self._said(actor, sent, Retry(BUSY_MS))
        digest = sha256(f"{actor.seat}\n".encode() + msgspec.json.encode(sent.command)).digest()
        if isinstance(sent.command, c.CheckIn) and sent.command.code and not self._known(sent.id):
            try:
                sighting, method = self._judge(actor, sent.command.code)
            except Refused as refusal:
                return self._said(actor, sent, Rejected(refusal.code, refusal.data))
        act = Act(actor, sent, sighting, method, digest, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(act)
        return await asyncio.shield(act.answer)

    async def look(self) -> None:
        """Take in what another process stored. Raises StoreFault where it cannot be read."""
        if self._task is not None and not self._closing:
            looked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._queue.put_nowait(looked)
            await asyncio.shield(looked)

    def _known(self, command_id: str) -> Answered | None:
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
            if looks := [one for one in waiting if isinstance(one, asyncio.Future)]:
                await self._look(looks)
            if batch := [one for one in waiting if isinstance(one, Act)]:
                await self._settle(batch)

    async def _settle(self, batch: list[Act]) -> None:
        """Decide a batch in order, store it whole, then make it current, publish and answer."""
        began = self._clock.seconds()
        try:
            done = await self._stored(batch)
        except Exception as fault:
            log.error("batch_not_stored", meeting=self.id, count=len(batch), fault=fault)
            self._counts.batch(len(batch), 0.0, stored=False)
            for act in batch:
                self._reply(act, Retry(NOT_STORED_MS))
            return
        took = self._clock.seconds() - began
        self.state, self._hash = done.state, done.head
        if self.began is None and done.entries:
            self.began = done.entries[0][0].at
        self._remember(done.fresh, done.stored)
        self._note_seal(done.entries)
        if done.entries:
            self._tell([entry.fact for entry, _ in done.entries])
        for act, answer in zip(batch, done.answers, strict=True):
            self._reply(act, answer)
        if done.entries or done.stored:
            self._counts.batch(len(batch), took, stored=True)

    async def _stored(self, batch: list[Act]) -> Decided:
        """A batch decided and stored: decided anew where another process was first, or where the
        disk took all of it no more and has room for the vital part.
        """
        behind = self._store.shared
        for _ in range(TRIES_MOST):
            if behind:
                await self._catch_up([act.sent.id for act in batch])
            done = decide_all(
                self.state,
                self._hash,
                batch,
                known=self._known,
                taken=self._taken,
                moment=self._moment,
                disk=self._disk,
            )
            if not done.entries and not done.stored:
                return done
            rows = [(command, digest, answer) for command, (digest, answer) in done.stored.items()]
            try:
                await self._store.append(
                    self.id, after=self.state.rev, entries=done.entries, answers=rows
                )
                return done
            except HeadMoved:
                behind = True
            except NotStored as fault:
                if not self._disk.ran_out(fault):
                    raise
        raise HeadMoved(self.id, self.state.rev)

    async def _look(self, looks: Sequence[asyncio.Future[None]]) -> None:
        try:
            await self._catch_up([])
        except Exception as fault:
            for look in looks:
                look.set_exception(fault)
        else:
            for look in looks:
                look.set_result(None)

    async def _catch_up(self, commands: Sequence[str]) -> None:
        """Take in the facts another process stored, like our own, and its answers to these."""
        tail = await self._store.tail(
            self.id, after=self.state.rev, link=self._hash, commands=commands
        )
        self._answers.update(tail.answers)
        if tail.entries:
            state = self.state
            for entry, _ in tail.entries:
                state = fold(state, entry)
            self.state, self._hash = state, tail.entries[-1][1]
            self._note_seal(tail.entries)
            self._tell([entry.fact for entry, _ in tail.entries])

    def _note_seal(self, entries: Sequence[tuple[Entry, bytes]]) -> None:
        for entry, link in entries:
            if isinstance(entry.fact, f.MeetingClosed):
                self.seal = seal_of(link)

    def _tell(self, facts: Sequence[f.Fact]) -> None:
        """Tell everybody what is current now."""
        self._tell_room(facts)
        for fact in facts:
            if event := _EVENTS.get(type(fact)):
                log.info(event, meeting=self.id, rev=self.state.rev)
        try:
            self.publishing.changed(facts)
        except Exception as fault:
            # What is stored stays; whoever missed it sees the beacon and asks for the view.
            log.error("publication_failed", meeting=self.id, fault=fault)

    def _moment(self, act: Act) -> Moment:
        sent = act.sent
        return Moment(
            now=self._clock.now(),
            age=None if sent.at is UNSET else self._clock.seconds() - float(sent.at),
            if_rev=None if sent.if_rev is UNSET else int(sent.if_rev),
            sighting=act.sighting,
            method=act.method,
            waiting=self.room.waiting,
            perish=self._times.perish,
            early=self._times.early,
        )

    def _tell_room(self, facts: Sequence[f.Fact]) -> None:
        """Whom the desk answered waits no longer, nor who chose a seat that is gone."""
        for fact in facts:
            if isinstance(fact, f.DeviceAdmitted | f.DeviceDeclined):
                self.room.answered(fact.device)
            if isinstance(fact, f.SeatRemoved):
                self.room.seat_gone(fact.seat)

    def _remember(self, fresh: dict[str, Answered], stored: dict[str, Answered]) -> None:
        self._answers.update(stored)
        for command_id, answered in fresh.items():
            if command_id not in stored:
                self._refusals[command_id] = answered
        while len(self._refusals) > REMEMBERED_REFUSALS:
            self._refusals.popitem(last=False)

    def _reply(self, act: Act, answer: Answer) -> None:
        self._said(act.actor, act.sent, answer)
        if not act.answer.done():
            act.answer.set_result(answer)

    def _said(self, actor: Actor, sent: c.Sent, answer: Answer) -> Answer:
        """Count an answer, and write down a refusal."""
        outcome = answer.code if isinstance(answer, Rejected) else _OUTCOMES[type(answer)]
        self._counts.answered(str(sent.command.__struct_config__.tag), outcome)
        if isinstance(answer, Rejected):
            log.info(
                "command_refused",
                meeting=self.id,
                seat=actor.seat,
                device=actor.device,
                command=sent.id,
                code=answer.code,
            )
        return answer
