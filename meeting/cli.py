"""The command line: demo, types. What goes wrong is said in a sentence, never in a traceback."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import Any, Final

import click

from meeting import __version__, texts
from meeting.errors import Stopped
from meeting.settings import DATA, Settings

STARTED: Final = time.perf_counter()


class Sorry(click.ClickException):
    """Something a person can mend, said in their language; exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="meeting")
def main() -> None:
    """Phiên: họp không giấy. A paperless meeting server for tablets."""


@main.command()
def types() -> None:
    """Print the JSON Schema of all messages, for web/src/protocol.ts."""
    from meeting.protocol.schema import schema  # `demo` need not wait for it

    click.echo(json.dumps(schema(), ensure_ascii=False, indent=1))


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--host", default="0.0.0.0", help="Listen here only, e.g. 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="Else 80, then 8080.")
@click.option("--url", help="The address people open, if it is not this machine's own.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder.")
@click.option("--new", "anew", is_flag=True, help="Begin a new sample meeting.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON when ready.")
def demo(
    files: tuple[Path, ...],
    host: str,
    port: int | None,
    url: str | None,
    data: Path | None,
    anew: bool,
    as_json: bool,
) -> None:
    """Start the sample meeting, or one on FILES (PDF)."""
    from meeting import serving  # the server's libraries: `--help` need not wait for them

    settings = Settings(data=data or DATA / "demo", host=host, port=port, url=url)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            serving.serve_demo(settings, files, anew=anew, as_json=as_json, started=STARTED)
    except Stopped as stopped:
        raise Sorry(texts.text(f"terminal.{stopped.key}", **stopped.data)) from None
