"""What the processes that open papers have given up, asked of a child that opens none."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Final

from meeting.pages.limits import PagesLimits
from meeting.pages.pool import codes
from meeting.pages.workers import KEPT_VARIABLES
from meeting.sandbox import command

TRIAL_SECONDS: Final = 5.0


async def on_trial(limits: PagesLimits) -> tuple[str, ...]:
    """Some of `sandbox.CONFINED`; () where no child can be started."""
    settings = {
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds_per_worker,
    }
    try:
        process = await asyncio.create_subprocess_exec(
            *command("trial", json.dumps(settings)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
        )
    except OSError:
        return ()
    try:
        said, _ = await asyncio.wait_for(process.communicate(), TRIAL_SECONDS)
        return codes(json.loads(said))
    except (TimeoutError, ValueError):
        return ()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
