"""How late the server's loop is: a beat every few milliseconds, the late ones written down, each
with the processor time the server's process has used since the beat before: what is more than that
was the machine's, busy with others.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import time
from pathlib import Path
from typing import Final

from meeting.app import Server

BEAT_SECONDS: Final = 0.002
LATE_SECONDS: Final = 0.005
"""A beat later than this is written down: the moment by the machine's monotonic clock, how late it
was, and the processor time, all in seconds.
"""


def register(file: Path) -> None:
    """From the server's start on; the file is there when the process has ended."""
    late: list[tuple[float, float, float]] = []
    real = Server.start

    async def start(self: Server) -> None:
        await real(self)
        loop = asyncio.get_running_loop()

        def beat(due: float, used: float) -> None:
            now = time.monotonic()
            if now - due > LATE_SECONDS:
                late.append((now, now - due, time.process_time() - used))
            again = time.monotonic() + BEAT_SECONDS
            loop.call_later(BEAT_SECONDS, beat, again, time.process_time())

        beat(time.monotonic(), time.process_time())

    Server.start = start  # type: ignore[method-assign]
    atexit.register(lambda: file.write_text(json.dumps(late)))
