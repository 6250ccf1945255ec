"""What benchmarks have in common: their options, a line said at once, an end with a verdict."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import NoReturn


def options_of(doc: str | None) -> argparse.ArgumentParser:
    """A parser whose help is the module's docstring as it stands."""
    return argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def say(line: str) -> None:
    """Seen now, though a program should be reading it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def end(faults: Iterable[str]) -> NoReturn:
    """With status 1 where a promise was broken, each told."""
    broken = [*faults]
    for fault in broken:
        say(f"BROKEN: {fault}")
    sys.exit(1 if broken else 0)
