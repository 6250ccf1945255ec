"""What a simulated tablet remembers for whoever judges afterwards: nothing here decides anything.

Moments are `time.perf_counter()`, in seconds; revisions are the server's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Act:
    """One command as it was given: when the person tapped, and every answer that ever came."""

    id: str
    command: Any
    tapped: float
    at: float | None
    durable: bool
    answers: list[dict[str, Any]] = field(default_factory=list)
    settled: dict[str, Any] | None = None
    """The answer the screen went by; None while it is not known."""
    settled_at: float = 0.0
    tries: int = 0

    @property
    def committed(self) -> bool:
        """Whether the screen was told that it is done."""
        return self.settled is not None and self.settled["status"] == "committed"


@dataclass(frozen=True)
class Sight:
    """What stood on the screen from a moment on: a page at a revision, and whether a banner."""

    moment: float
    rev: int
    page: tuple[str, int] | None
    banner: bool
    dark: bool

    def looks_like(self, other: Sight) -> bool:
        return (self.page, self.banner, self.dark) == (other.page, other.banner, other.dark)


@dataclass
class History:
    """Everything one tablet saw and did.

    `arrived`: when each change of page or presenter arrived, by revision. `joins`: from opening
    a connection to the view, each time. `reconnects`: from losing the connection, or from the
    network's return, to the view. `unvouched`: the longest time a page stood there without the
    banner after the last sign that it was right. `gaps`, `doubts`: how often a message was seen
    to be missing, or supposed to be.
    """

    acts: dict[str, Act] = field(default_factory=dict)
    sights: list[Sight] = field(default_factory=list)
    arrived: dict[int, float] = field(default_factory=dict)
    joins: list[float] = field(default_factory=list)
    reconnects: list[float] = field(default_factory=list)
    unvouched: float = 0.0
    gaps: int = 0
    doubts: int = 0
    drops: int = 0
    byes: int = 0
    bytes_down: int = 0
    frames_down: int = 0
