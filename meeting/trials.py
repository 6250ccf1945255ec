"""Trial copies follow their meeting in one thing: what is not to be read any more is taken from the
people who practise, too. Nothing goes the other way.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from meeting.logs import Log
from meeting.meetings import Meetings
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed, Rejected
from meeting.rules.copying import taken_back
from meeting.rules.state import Actor
from meeting.running import RunningMeeting
from meeting.store.faults import StoreFault
from meeting.texts import text

LOOK_SECONDS: Final = 1.0
"""What is taken back is gone from every device within two seconds."""

Seen = tuple[Mapping[str, object], Mapping[str, object], Mapping[str, object]]

log = Log("app")


class Trials:
    """Looks at the meetings that have a copy.

    Args:
        end: ends a copy that cannot be mended any more.
    """

    def __init__(
        self, meetings: Meetings, end: Callable[[RunningMeeting], Awaitable[None]]
    ) -> None:
        self._meetings = meetings
        self._end = end
        self._seen: dict[str, Seen] = {}
        self._laid: dict[str, Mapping[str, object]] = {}
        """The papers of each copy: one that is only just laid down is not looked at yet."""

    async def follow(self) -> None:
        """Until it is cancelled."""
        while True:
            there = {copy.id for copy in self._meetings.trial_copies()}
            self._seen = {one: seen for one, seen in self._seen.items() if one in there}
            self._laid = {one: laid for one, laid in self._laid.items() if one in there}
            for copy in self._meetings.trial_copies():
                try:
                    await self._look(copy)
                except (StoreFault, ValueError) as fault:  # it was ended meanwhile, or cannot be
                    log.warning("trial_not_ended", meeting=copy.id, fault=fault)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, copy: RunningMeeting) -> None:
        real = self._meetings.get(copy.trial_of)
        laid, self._laid[copy.id] = self._laid.get(copy.id), copy.state.documents
        if real is None or laid is not copy.state.documents:
            return
        state, seen = real.state, self._seen.get(copy.id)
        now = (state.items, state.documents, state.withdrawn)
        if seen is not None and all(one is known for one, known in zip(now, seen, strict=True)):
            return
        for command in taken_back(state, copy.state, text("trial.stricter")):
            answer = await copy.submit(Actor("office"), c.Sent(secrets.token_hex(12), command))
            if isinstance(answer, Rejected):
                await self._end(copy)
            if not isinstance(answer, Committed):
                return
        self._seen[copy.id] = now
