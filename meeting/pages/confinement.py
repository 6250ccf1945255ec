"""What the processes that open papers have given up, asked of a child that opens none."""

from __future__ import annotations

import asyncio
import json
from typing import Final

from meeting.pages.children import ended, start_child
from meeting.pages.limits import PagesLimits
from meeting.pages.pool import codes
from meeting.sandbox import command

TRIAL_SECONDS: Final = 5.0


async def on_trial(limits: PagesLimits) -> tuple[str, ...]:
    """Some of `sandbox.CONFINED`; () where no child can be started."""
    settings = {
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds_per_worker,
    }
    try:
        process = await start_child(command("trial", json.dumps(settings)))
    except OSError:
        return ()
    try:
        answer, _ = await asyncio.wait_for(process.communicate(), TRIAL_SECONDS)
        return codes(json.loads(answer))
    except (TimeoutError, ValueError):
        return ()
    finally:
        await ended(process)
