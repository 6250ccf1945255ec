"""What running parts tell of themselves as they run; `metrics` counts it."""

from __future__ import annotations

from typing import Literal, Protocol

Closed = Literal["deaf", "flood", "nameless", "replaced", "revoked", "silent"]
"""Why the server ended a device's connection; one that the device ended is not counted."""

Limit = Literal["cards", "sockets", "waiting"]
"""A limit that strangers ran into."""


class Counts(Protocol):
    """What running parts tell as it happens. Each call is cheap and never raises."""

    def answered(self, command: str, outcome: str) -> None:
        """A command of this type was answered: `committed`, `retry`, or the code of a refusal."""

    def batch(self, commands: int, seconds: float, *, stored: bool) -> None:
        """So many commands were stored in one transaction that took so long, or could not be."""

    def sent(self, seconds: float) -> None:
        """Writing a publication to every device that reads took so long."""

    def closed(self, reason: Closed) -> None:
        """The server ended a device's connection."""

    def limited(self, limit: Limit) -> None:
        """Somebody ran into a limit."""

    def drawn(self, seconds: float, failed: str = "") -> None:
        """A page image was made, or failed with this code."""


class Uncounted:
    """Counts nothing: for whoever runs a part alone."""

    def answered(self, command: str, outcome: str) -> None:
        pass

    def batch(self, commands: int, seconds: float, *, stored: bool) -> None:
        pass

    def sent(self, seconds: float) -> None:
        pass

    def closed(self, reason: Closed) -> None:
        pass

    def limited(self, limit: Limit) -> None:
        pass

    def drawn(self, seconds: float, failed: str = "") -> None:
        pass
