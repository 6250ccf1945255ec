"""Sets type in a child process (typesetter.py) within a time limit, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from meeting.errors import Refused
from meeting.logs import Log
from meeting.sandbox import ROOT, START

SECONDS: Final = 120.0
"""Five hundred cards, on a machine with other things to do, take a tenth of this."""

KEPT_VARIABLES: Final = ("SYSTEMROOT",)
"""Python does not start on Windows without it."""

log = Log("printing")


class Job(Struct, frozen=True):
    """What is to be set: a template's name, its data, the texts it shows as QR codes."""

    template: str
    data: dict[str, Any]
    at: datetime
    codes: tuple[str, ...] = ()


class Unset(Exception):
    """The child did not make a PDF; its last words, for whoever looks for the cause."""


class Press:
    """One job at a time; the others wait."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._free = asyncio.Semaphore(1)

    async def set(self, job: Job) -> bytes:
        """The PDF. Raises Refused: `print_failed`."""
        said = {**msgspec.structs.asdict(job), "at": int(job.at.timestamp())}
        async with self._free:
            try:
                return await self._set(msgspec.json.encode(said))
            except (OSError, TimeoutError, Unset) as fault:
                log.error("print_failed", code=job.template, fault=fault)
                raise Refused("print_failed") from fault

    async def _set(self, said: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", START, str(ROOT), "meeting.printing.typesetter"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
        )
        try:
            async with asyncio.timeout(self._seconds):
                pdf, complaint = await process.communicate(said)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0 or not pdf.startswith(b"%PDF-"):
            raise Unset(complaint.decode("utf-8", "replace")[-2000:])
        return pdf
