"""The child that runs a program of others on an untrusted file, shut in.

Lasts as long as the program; ends it, with all it started, when its time is up or when stdin is
closed: its parent wants no more, or is gone. On stdout it says in a line of JSON, each time the
program is started, what is active (confine.py); on exit by its status how it went. POSIX only.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from meeting.sandbox import kernel
from meeting.sandbox.confine import limit, shut_program

TIME_UP: Final = 124
NOT_STARTED: Final = 125
CUT_OFF: Final = 126
"""Exit statuses of ours; every other is the program's own, below 0 the signal that ended it."""

AGAIN: Final = 81
"""With this status LibreOffice asks to be started once more, as after making a new profile."""

OPEN_FILES: Final = 1024

SYSTEM: Final = tuple(
    map(
        Path,
        (
            *("/bin", "/lib", "/lib32", "/lib64", "/sbin", "/usr", "/opt", "/nix/store"),
            *("/etc/fonts", "/etc/ld.so.cache", "/etc/alternatives", "/etc/libreoffice"),
            *("/etc/localtime", "/etc/passwd", "/etc/nsswitch.conf", "/etc/papersize"),
            *("/var/spool/libreoffice", "/var/lib/libreoffice"),
            *("/dev/urandom", "/dev/random", "/dev/zero", "/var/cache/fontconfig"),
            *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
        ),
    )
)
"""What programs look at to run at all, and nothing that somebody keeps."""

NOWHERE: Final = (Path("/dev/null"),)
MEETING_PLACE: Final = Path("/tmp")
OFFICE_SOCKETS: Final = "OSL_PIPE_*"
"""LibreOffice makes a socket of its own there and nowhere else, and may not take it away."""


def main() -> None:
    settings = json.loads(sys.argv[1])
    with contextlib.suppress(OSError):  # what a parent of its own left behind comes to us
        kernel.prctl(kernel.ADOPT, 1)
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    status = NOT_STARTED
    try:
        until = time.monotonic() + float(settings["seconds"])
        while (status := _watched(_started(settings), woken, until)) == AGAIN:
            if time.monotonic() > until:
                break
            _end_all()
            _sweep()
    except (OSError, subprocess.SubprocessError):
        pass
    finally:
        _end_all()
        _sweep()
    sys.exit(status)


def _started(settings: dict[str, Any]) -> subprocess.Popen[bytes]:
    """The program in its own group, with nothing of ours but one folder."""
    folder = Path(settings["folder"])

    def give_up() -> None:
        active = limit(
            memory_bytes=int(settings["memory_bytes"]),
            cpu_seconds=int(settings["cpu_seconds"]),
            output_bytes=int(settings["output_bytes"]),
            files=OPEN_FILES,
        )
        active += shut_program(SYSTEM, (folder, *NOWHERE), (MEETING_PLACE,))
        os.write(said, json.dumps({"confined": active}).encode() + b"\n")

    said = os.dup(1)
    try:
        return subprocess.Popen(
            settings["program"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=settings["environ"],
            process_group=0,
            # Nothing else runs in this process: what preexec_fn is feared for cannot happen.
            preexec_fn=give_up,
        )
    finally:
        os.close(said)


def _watched(program: subprocess.Popen[bytes], woken: int, until: float) -> int:
    """The status to end with."""
    while program.poll() is None:
        left = until - time.monotonic()
        if left <= 0:
            return TIME_UP
        ready, _, _ = select.select([0, woken], [], [], left)
        if woken in ready:
            os.read(woken, 1024)
        if 0 in ready and not os.read(0, 1024):
            return CUT_OFF
    return program.returncode if program.returncode >= 0 else 128 - program.returncode


def _end_all() -> None:
    """Kill every process below this one, and wait until each is gone."""
    while True:
        for child in _children():
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _sweep() -> None:
    """Take away sockets that nobody listens at, as LibreOffice itself does when it finds them."""
    for path in MEETING_PLACE.glob(OFFICE_SOCKETS):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as caller:
            try:
                caller.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()


def _children() -> list[int]:
    """The processes whose parent is this one; those whose parent ends become so."""
    mine, found = str(os.getpid()), []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if status.read_bytes().rpartition(b") ")[2].split()[1].decode() == mine:
                found.append(int(status.parent.name))
    return found
