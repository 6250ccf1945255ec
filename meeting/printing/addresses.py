"""Which address was on a meeting's cards when they were last printed."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Final

import msgspec

PARTIAL: Final = ".partial"


class Addresses:
    """One small file in the data folder. What cannot be read is as if it had not been printed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._printed: dict[str, str] = {}

    def load(self) -> None:
        """Blocks."""
        with contextlib.suppress(OSError, msgspec.DecodeError):
            self._printed = msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])

    def note(self, meeting: str, url: str) -> None:
        """These cards carry this address. Blocks. Raises OSError where it cannot be kept."""
        with self._writing:
            if self._printed.get(meeting) == url:
                return
            self._printed = {**self._printed, meeting: url}
            partial = self._path.with_name(self._path.name + PARTIAL)
            partial.write_bytes(msgspec.json.encode(self._printed))
            partial.replace(self._path)

    def printed(self, meeting: str) -> str:
        """What this meeting's cards say, "" where none were printed."""
        return self._printed.get(meeting, "")

    def changed(self, meeting: str, url: str) -> bool:
        """Whether cards of this meeting were printed, with another address than this."""
        return self._printed.get(meeting, url) != url
