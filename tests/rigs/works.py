"""How much the server's loop works while a page turns, whatever else the machine has to do.

Wall time says what people felt, and also what the machine's other processes did; this says what
ours did: processor time of the loop's own thread.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import time
from pathlib import Path
from typing import Any, Final

from meeting.app import Server
from meeting.protocol import commands as c
from meeting.protocol.answers import Answer
from meeting.publishing import Publication
from meeting.running import RunningMeeting
from meeting.sending import Sending

BEAT_SECONDS: Final = 0.001


def register(file: Path) -> None:
    """From the server's start on. The file is there when the process has ended: for each page turn
    when it was asked for (monotonic) and the work (ms) from the loop's last beat before that until
    every device was written to; what the loop did just before keeps a turn waiting too.
    """
    turns: list[tuple[float, float]] = []
    asked: list[tuple[float, float]] = []
    beaten = 0.0
    start, submit, publish = Server.start, RunningMeeting.submit, Sending.publish

    async def started(self: Server) -> None:
        await start(self)
        loop = asyncio.get_running_loop()

        def beat() -> None:
            nonlocal beaten
            beaten = time.thread_time()
            loop.call_later(BEAT_SECONDS, beat)

        beat()

    async def submitted(self: RunningMeeting, actor: Any, sent: c.Sent, **more: Any) -> Answer:
        if isinstance(sent.command, c.ShowPage):
            asked.append((time.monotonic(), beaten))
        return await submit(self, actor, sent, **more)

    def published(self: Sending, running: RunningMeeting, publication: Publication) -> None:
        publish(self, running, publication)
        if asked:
            at, before = asked.pop(0)
            turns.append((at, 1000 * (time.thread_time() - before)))

    Server.start = started  # type: ignore[method-assign]
    RunningMeeting.submit = submitted  # type: ignore[method-assign]
    Sending.publish = published  # type: ignore[method-assign]
    atexit.register(lambda: file.write_text(json.dumps(turns)))
