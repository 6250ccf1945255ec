"""Which server runs on a data folder: its address in a small private file beside the lock.

Whoever starts a second one is led to the first.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from meeting.store.faults import StoreBusy
from meeting.store.lock import FolderLock
from meeting.store.sqlite import LOCK

FILE: Final = "address.json"
STARTING_SECONDS: Final = 10.0
"""How long a server that holds the lock may take to say where it is."""

LOOK_SECONDS: Final = 0.2
ANSWER_SECONDS: Final = 3.0


class Running(Struct, frozen=True):
    """A server that runs: how this machine reaches it, no slash at the end."""

    here: str


def say_where(folder: Path, here: str) -> None:
    """Write down how this machine reaches the server that runs on this folder.

    Raises:
        OSError: the folder cannot be written.
    """
    partial = folder / f"{FILE}.partial"
    number = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(msgspec.json.encode(Running(here)))
    os.replace(partial, folder / FILE)  # noqa: PTH105 - the atomic one on every system


def forget(folder: Path) -> None:
    """The server stops."""
    (folder / FILE).unlink(missing_ok=True)


def found(folder: Path, wait_seconds: float = STARTING_SECONDS) -> Running | None:
    """The server that runs on this folder, once it answers; None if none does.

    Waits for one that is only starting. A file left by one that was killed is not believed.
    """
    until = time.monotonic() + wait_seconds
    while _held(folder):
        running = _read(folder / FILE)
        if running is not None and _answers(running.here):
            return running
        if time.monotonic() >= until:
            return None
        time.sleep(LOOK_SECONDS)
    return None


def open_office(here: str) -> bool:
    """Open the office's page in this machine's browser; whether there is one."""
    import webbrowser  # no server that merely starts need wait for it

    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or _wayland()):
        return False  # the browser of a terminal would take the terminal
    return webbrowser.open(f"{here}/office/")


def _wayland() -> bool:
    return bool(os.environ.get("WAYLAND_DISPLAY"))


def _held(folder: Path) -> bool:
    """Whether somebody holds the folder's lock."""
    if not (folder / LOCK).exists():
        return False
    try:
        FolderLock(folder / LOCK).release()
    except StoreBusy:
        return True
    except OSError:
        return False
    return False


def _read(path: Path) -> Running | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Running)
    except (OSError, ValueError):
        return None


def _answers(here: str) -> bool:
    """Whether a server of ours is there. Whatever proxy is set is not asked."""
    import urllib.request  # only whoever starts a second server needs it

    if not here.startswith("http://"):
        return False
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{here}/healthz", timeout=ANSWER_SECONDS) as answer:
            return b'"version"' in answer.read(1000)
    except OSError:
        return False
