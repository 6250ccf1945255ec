"""How late the server's loop is: a beat every few milliseconds, the late ones written down."""

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
"""A beat later than this is written down, with the moment by the machine's monotonic clock."""


def register(file: Path) -> None:
    """From the server's start on; the file is there when the process has ended."""
    late: list[tuple[float, float]] = []
    real = Server.start

    async def start(self: Server) -> None:
        await real(self)
        loop = asyncio.get_running_loop()

        def beat(due: float) -> None:
            now = time.monotonic()
            if now - due > LATE_SECONDS:
                late.append((now, now - due))
            loop.call_later(BEAT_SECONDS, beat, time.monotonic() + BEAT_SECONDS)

        beat(time.monotonic())

    Server.start = start  # type: ignore[method-assign]
    atexit.register(lambda: file.write_text(json.dumps(late)))
