"""The child that checks one file and says what it found.

Its only argument is JSON; see `apart`. It gives up what it does not need before it opens anything,
and ends when whoever started it does.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from meeting.archive.apart import Examined
from meeting.archive.checking import check
from meeting.sandbox.confine import limit

OPEN_FILES: Final = 64


class Asked(Struct, frozen=True):
    """What is to be checked, and what it may cost."""

    path: str
    head: str
    memory_bytes: int
    cpu_seconds: int


def end_with_parent() -> None:
    """End at once when nobody holds the other end of stdin any more."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=wait, name="examiner: parent", daemon=True).start()


def main() -> None:
    asked = msgspec.json.decode(sys.argv[1], type=Asked)
    end_with_parent()
    limit(memory_bytes=asked.memory_bytes, cpu_seconds=asked.cpu_seconds, files=OPEN_FILES)
    try:
        examined = Examined(check(Path(asked.path), asked.head))
    except OSError as fault:
        if fault.errno is None:
            raise
        examined = Examined(errno=fault.errno, why=fault.strerror or "")
    sys.stdout.buffer.write(msgspec.json.encode(examined))
    sys.stdout.buffer.flush()
