"""What the terminal shows while a rehearsal goes on: lines that stay, and one that changes."""

from __future__ import annotations

import contextlib
from typing import Final, TextIO

import click

_BACK: Final = "\r\x1b[K"


class Progress:
    """`out` is the terminal, or wherever it was led; a changing line is for terminals only. A
    terminal that is closed meanwhile is told nothing.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._changes = out.isatty()

    def say(self, line: str) -> None:
        self.clear()
        self._write(f"{line}\n")

    def show(self, line: str) -> None:
        """In place of the one shown before."""
        if self._changes:
            self._write(f"{_BACK}{line}")

    def clear(self) -> None:
        if self._changes:
            self._write(_BACK)

    def _write(self, letters: str) -> None:
        with contextlib.suppress(OSError):
            click.echo(letters, file=self._out, nl=False)
