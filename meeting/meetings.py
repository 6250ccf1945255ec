"""All meetings of this server, in memory: brought from the store at start, found by id or seat.

What happens in one of them is `running`'s business.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from meeting.batch import Answered
from meeting.checkin import Codes
from meeting.clock import Clock, Times
from meeting.counts import Counts, Uncounted
from meeting.errors import Refused
from meeting.logs import Log
from meeting.protocol.log import Entry
from meeting.publishing import Publication
from meeting.running import RunningMeeting
from meeting.store.faults import StoreFault
from meeting.store.meetings import LoadedLog
from meeting.store.meetings import Meetings as StoredMeetings
from meeting.store.offices import Act
from meeting.store.space import Disk, Endless

REHEARSAL_LEFT: Final = timedelta(hours=1)
"""A rehearsal in which nothing happened for so long was left behind. A younger one may have
restarted the server on purpose and wants its meeting again.
"""

_UNCOUNTED: Final = Uncounted()
_ENDLESS: Final = Endless()

TRIAL_KEPT: Final = timedelta(days=3)
"""A trial copy lives this long, unless it or its meeting is ended before."""

DELETED_SEEN: Final = timedelta(minutes=2)
"""So long every other process on the same database has to see that a meeting was deleted."""

log = Log("meetings")


class Meetings:
    """All meetings of this server, in memory.

    Args:
        key: the server's secret, for check-in codes.
    """

    def __init__(
        self,
        store: StoredMeetings,
        key: bytes,
        clock: Clock,
        publish: Callable[[RunningMeeting, Publication], None],
        times: Times,
        counts: Counts = _UNCOUNTED,
        disk: Disk = _ENDLESS,
    ) -> None:
        self._times = times
        self._counts = counts
        self._disk = disk
        self._store = store
        self._key = key
        self._clock = clock
        self._publish = publish
        self._running: dict[str, RunningMeeting] = {}
        self._closing = False

    async def start(self) -> None:
        """Bring every meeting into memory; rehearsals and trial copies that were left behind are
        deleted.
        """
        for meeting in await self._store.ids():
            loaded = await self._store.load(meeting)
            running = self._run(meeting, loaded.entries, loaded.answers)
            quiet = self._clock.now() - loaded.entries[-1][0].at
            if running.rehearsal and quiet > REHEARSAL_LEFT:
                await self._clear_away(running)
        for running in self.left_behind():
            await self._clear_away(running)
        await self.clear_deleted()

    async def close(self) -> None:
        """Settle what waits in every meeting; from now on no other begins."""
        self._closing = True
        for running in list(self._running.values()):
            await running.close()

    def begin(self, meeting: str) -> RunningMeeting:
        """A meeting with an empty log; its first command is `meeting.create`.

        Raises:
            Refused: `server_busy`, when the server closes.
        """
        if self._closing:
            raise Refused("server_busy")
        return self._run(meeting, [], {})

    def all(self) -> list[RunningMeeting]:
        """Every meeting that was created and not deleted, the oldest first."""
        return [running for running in self._running.values() if running.is_there]

    def of_people(self) -> list[RunningMeeting]:
        """Every meeting but rehearsals and trial copies, the oldest first."""
        return [running for running in self.all() if not running.throwaway]

    def trial_copies(self, of: str = "") -> list[RunningMeeting]:
        """The copies in which people practise, of this meeting or of all, the oldest first."""
        copies = [running for running in self.all() if running.trial_of]
        return [running for running in copies if of in ("", running.trial_of)]

    def left_behind(self) -> list[RunningMeeting]:
        """The trial copies whose time is over: old, or their meeting is closed or gone."""
        before = self._clock.now() - TRIAL_KEPT
        over = []
        for copy in self.trial_copies():
            real = self.get(copy.trial_of)
            if (
                real is None
                or real.state.phase in ("closed", "locked")
                or (copy.began is not None and copy.began < before)
            ):
                over.append(copy)
        return over

    async def stored(self, meeting: str) -> LoadedLog:
        """A meeting's log as it is on disk now. Raises as the store's `load`."""
        return await self._store.load(meeting)

    async def end(self, meeting: str) -> None:
        """Settle what waits in a rehearsal or trial copy, delete its rows, and forget it.

        Raises:
            ValueError: there is no such meeting, or it is no rehearsal.
            StoreFault: its rows could not be deleted. It takes no commands any more, but is still
                known and can be ended again.
        """
        running = self._running.get(meeting)
        if running is None or not (running.throwaway or running.state.heading is None):
            raise ValueError(f"meeting {meeting} is no rehearsal")
        await running.close()
        if running.state.rev:
            with contextlib.suppress(ValueError):  # deleted the last time, and not known to be
                await self._store.delete(meeting)
        self._running.pop(meeting, None)

    async def _clear_away(self, rehearsal: RunningMeeting) -> None:
        try:
            await self.end(rehearsal.id)
        except StoreFault as fault:  # such as a full disk: no reason not to start
            log.warning("rehearsal_not_deleted", meeting=rehearsal.id, fault=fault)

    async def look(self, meeting: str, rev: int) -> None:
        """Take in what another process stored, where a hint says that the log reaches `rev`.

        Raises StoreFault where it cannot be read.
        """
        running = self._running.get(meeting)
        if running is not None:
            if running.state.rev < rev:
                await running.look()
            return
        loaded = await self._store.load(meeting)
        if loaded.entries and meeting not in self._running and not self._closing:
            self._run(meeting, loaded.entries, loaded.answers)

    def get(self, meeting: str) -> RunningMeeting | None:
        """The meeting of this id, if it was not deleted; one that just begins, too."""
        running = self._running.get(meeting)
        return None if running is None or running.state.gone else running

    def of_seat(self, seat: str) -> RunningMeeting | None:
        """The meeting this seat is in."""
        running = next((r for r in self._running.values() if seat in r.state.seats), None)
        return None if running is None or running.state.gone else running

    async def put_away(self, running: RunningMeeting) -> None:
        """Write down that this meeting was deleted, and have nothing of it left: at once where no
        other process has it before it, else after a while.

        Raises StoreFault: it could not be written; nobody finds it any more all the same.
        """
        await self._store.note(_deletion(running))
        if not self._store.shared:
            await self._remove(running)

    async def clear_deleted(self) -> None:
        """Do what is left of that, as far as the disk will."""
        before = self._clock.now() - DELETED_SEEN
        for running in list(self._running.values()):
            gone = running.state.gone
            if gone and (gone.at < before or not self._store.shared):
                try:
                    await (self.end(running.id) if running.throwaway else self._remove(running))
                except StoreFault as fault:
                    log.warning("meeting_not_removed", meeting=running.id, fault=fault)

    async def _remove(self, running: RunningMeeting) -> None:
        await running.close()
        with contextlib.suppress(ValueError):  # removed by another process
            await self._store.remove(running.id, _deletion(running))
        self._running.pop(running.id, None)

    def _run(
        self,
        meeting: str,
        entries: Sequence[tuple[Entry, bytes]],
        answers: dict[str, Answered],
    ) -> RunningMeeting:
        running = RunningMeeting(
            meeting,
            entries=entries,
            answers=answers,
            store=self._store,
            codes=Codes(self._key, meeting),
            clock=self._clock,
            times=self._times,
            publish=self._publish,
            taken=lambda seat: self.of_seat(seat) not in (None, self._running.get(meeting)),
            counts=self._counts,
            disk=self._disk,
        )
        running.start()
        self._running[meeting] = running
        return running


def _deletion(running: RunningMeeting) -> Act:
    gone = running.state.gone
    if gone is None:
        raise ValueError(f"meeting {running.id} was not deleted")
    title = running.state.meeting.title
    return Act(gone.at, gone.by, "meeting.deleted", running.id, title)
