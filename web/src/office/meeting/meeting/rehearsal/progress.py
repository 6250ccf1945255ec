"""What the terminal shows while a rehearsal goes on: lines that stay, and one that changes."""

from __future__ import annotations

from typing import Final, TextIO

import click

_BACK: Final = "\r\x1b[K"


class Progress:
    """`out` is the terminal, or wherever it was led; a changing line is for terminals only."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._changes = out.isatty()

    def say(self, line: str) -> None:
        self.clear()
        click.echo(line, file=self._out)

    def show(self, line: str) -> None:
        """In place of the one shown before."""
        if self._changes:
            click.echo(f"{_BACK}{line}", file=self._out, nl=False)

    def clear(self) -> None:
        if self._changes:
            click.echo(_BACK, file=self._out, nl=False)
