"""Keeping the machine from going to sleep while people meet on it.

Asked of the system, which may say no: then chair, desk and office are told. A lid that is closed,
or a battery that is empty, may be beyond anybody's asking.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from meeting.logs import Log
from meeting.protocol.machine import Sleep

LOOK_SECONDS: Final = 2.0
AGAIN_SECONDS: Final = 60.0
"""How long after a refusal it is asked again."""

SYSTEMD: Final = Path("/run/systemd/system")

ES_CONTINUOUS: Final = 0x80000000
ES_SYSTEM_REQUIRED: Final = 0x00000001

log = Log("awake")


class Hold:
    """What holds a machine awake. This one holds nothing: for a machine that never sleeps."""

    @property
    def holds(self) -> bool:
        """Whether it still does."""
        return False

    async def take(self) -> Sleep:
        """Keep the machine awake from now on; what became of it."""
        return "never"

    async def let_go(self) -> None:
        """It may sleep again. Twice is once."""


class Awake:
    """Holds the machine awake while it is wanted, from `start` to `close`.

    Args:
        wanted: whether people meet now.
        hold: what holds this machine awake.
    """

    def __init__(self, wanted: Callable[[], bool], hold: Hold) -> None:
        self._wanted = wanted
        self._hold = hold
        self._refused_at: float | None = None
        self._watching: asyncio.Task[None] | None = None
        self.sleep: Sleep = "may"

    def start(self) -> None:
        """Begin. To be called on the loop."""
        self._watching = asyncio.create_task(self._watch(), name="awake")

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._hold.let_go()

    async def _watch(self) -> None:
        while True:
            await self.look(asyncio.get_running_loop().time())
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, seconds: float) -> None:
        """Hold or let go, as it is wanted at this monotonic time."""
        if not self._wanted():
            await self._hold.let_go()
            self.sleep, self._refused_at = "may", None
            return
        if self._hold.holds or self.sleep == "never":
            return
        if self.sleep == "kept":  # what held it was refused, or ended by itself
            self.sleep = "failed"
        elif self._refused_at is None or seconds - self._refused_at >= AGAIN_SECONDS:
            self.sleep = await self._hold.take()
        else:
            return
        if self.sleep == "failed":
            self._refused_at = seconds
            log.warning("sleep_not_held")


class ByProgram(Hold):
    """Another program holds the machine awake for as long as it runs, and ends with this one; one
    that is refused ends soon.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: asyncio.subprocess.Process | None = None

    @property
    def holds(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def take(self) -> Sleep:
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,  # closed when we are gone, however we go
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the server
            )
        except OSError:
            return "failed"
        return "kept"

    async def let_go(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()
        self._process = None


class ByWindows(Hold):
    """Windows holds a machine awake for the thread that asked, as long as that lives."""

    def __init__(self) -> None:
        self._held = False

    @property
    def holds(self) -> bool:
        return self._held

    async def take(self) -> Sleep:
        self._held = _tell_windows(ES_CONTINUOUS | ES_SYSTEM_REQUIRED)
        return "kept" if self._held else "failed"

    async def let_go(self) -> None:
        if self._held:
            _tell_windows(ES_CONTINUOUS)
        self._held = False


def _tell_windows(state: int) -> bool:
    import ctypes  # whose `windll` is only there on Windows

    windows: Any = getattr(ctypes, "windll", None)
    return bool(windows and windows.kernel32.SetThreadExecutionState(state))


def hold_of_this_machine() -> Hold:
    """What this system has for it."""
    if sys.platform == "win32":
        return ByWindows()
    if sys.platform == "darwin":
        return ByProgram(["caffeinate", "-i", "-s", "-w", str(os.getpid())])
    if not SYSTEMD.is_dir():
        return Hold()  # nobody is there who would put it to sleep, or could be asked not to
    what = "--what=sleep:idle:handle-lid-switch"
    return ByProgram(["systemd-inhibit", what, "--who=Phien", "--why=Dang hop", "cat"])
