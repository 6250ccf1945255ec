"""The table of encodings tried: milliseconds and kilobytes of each for a page of each class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path


def table(papers: Mapping[str, Path], say: Callable[[str], None]) -> None:
    say("nothing yet")
