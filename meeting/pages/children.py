"""Child processes for what is not trusted: started alike, handed files, heard, ended for certain.

What a child is asked, and what its answer means, is whoever started it to say.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

KEPT_VARIABLES: Final = ("SYSTEMROOT",)
"""Python does not start on Windows without it; a child's environment holds nothing else."""

KILL_SECONDS: Final = 5.0
"""A process stuck in the kernel is not waited for longer."""


async def start_child(
    program: Sequence[str], descriptors: Sequence[int] = (), *, heard: bool = True
) -> asyncio.subprocess.Process:
    """A process that has nothing of ours but a pipe, closed when we are gone, however we go.

    Args:
        descriptors: it inherits these.
        heard: whether what it writes comes to us.

    Raises:
        OSError: there is none to be had.
    """
    return await asyncio.create_subprocess_exec(
        *program,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE if heard else asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=tuple(descriptors),
        env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
    )


async def ended(
    process: asyncio.subprocess.Process, patience: float = 0.0, *, killed: bool = False
) -> None:
    """Wait until the system has forgotten it; it is killed after so many seconds.

    Args:
        killed: it was already: of one that is gone asyncio complains.
    """
    if patience:
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience)
            return
    if not killed:
        with suppress(ProcessLookupError):
            process.kill()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), KILL_SECONDS)


class Handing:
    """How a child gets at files: by inherited descriptors; on Windows only by their paths."""

    def __init__(self, kept: ExitStack) -> None:
        self._kept = kept
        self.descriptors: list[int] = []

    def over(self, path: Path, flags: int = os.O_RDONLY) -> int | str:
        """What the child is told of this file. Raises OSError."""
        if os.name != "posix":
            path.stat()
            return str(path)
        descriptor = os.open(path, flags)
        self._kept.callback(os.close, descriptor)
        self.descriptors.append(descriptor)
        return descriptor


def framed(content: bytes) -> bytes:
    """As a child reads it: behind its length."""
    return len(content).to_bytes(4, "big") + content


async def said(process: asyncio.subprocess.Process, most_bytes: int) -> dict[str, Any]:
    """What a child says next.

    Raises:
        EOFError: it ended.
        ValueError: it says what none of ours would.
    """
    if process.stdout is None:
        raise EOFError
    size = int.from_bytes(await process.stdout.readexactly(4), "big")
    if size > most_bytes:
        raise ValueError("not our child's words")
    try:
        found = json.loads(await process.stdout.readexactly(size))
    except RecursionError:
        found = None
    if not isinstance(found, dict):
        raise ValueError("not our child's words")
    return found
