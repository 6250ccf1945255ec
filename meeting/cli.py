"""The command line: demo, rehearse, types.

What goes wrong is said in a sentence, never in a traceback.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click

from meeting import __version__, texts
from meeting.errors import Stopped
from meeting.settings import DATA, Settings, written

STARTED: Final = time.perf_counter()


class Sorry(click.ClickException):
    """Something a person can mend, said in their language; exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class CannotRun(Sorry):
    """The same where 1 means something else."""

    exit_code = 2


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
@click.option("--port", help="Else 80, then 8080.")
@click.option("--url", help="The address people open, if it is not this machine's own.")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.")
@click.option("--database", envvar="PHIEN_DATABASE", help="postgresql://…, else a file there.")
@click.option("--new", "anew", is_flag=True, help="Begin a new sample meeting.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON when ready.")
def demo(
    files: tuple[Path, ...],
    host: str,
    port: str | None,
    url: str | None,
    data: Path | None,
    database: str | None,
    anew: bool,
    as_json: bool,
) -> None:
    """Start the sample meeting, or one on FILES (PDF)."""
    from meeting import serving  # the server's libraries: `--help` need not wait for them

    try:
        folder = data or DATA / "demo"
        file = written(folder)
        settings = Settings(
            data=folder,
            host=host,
            port=_port(port),
            url=_address(url),
            database=database or file.database,
            times=file.times,
            ahead_rate=file.ahead_rate,
            reserve_bytes=file.reserve_bytes,
        )
        with contextlib.suppress(KeyboardInterrupt):
            serving.serve_demo(settings, files, anew=anew, as_json=as_json, started=STARTED)
    except Stopped as stopped:
        raise Sorry(texts.text(f"terminal.{stopped.key}", **stopped.data)) from None


@main.command()
@click.option(
    "--tablets", type=click.IntRange(1, 1000), default=25, help="Simulated members' devices."
)
@click.option(
    "--minutes", type=click.FloatRange(0.05, 240), default=3.0, help="How long they meet."
)
@click.option("--url", help="A running server: the secretary's personal link. Else one is started.")
@click.option(
    "--token", envvar="PHIEN_TOKEN", default="", help="The secretary's code (PHIEN_TOKEN)."
)
@click.option("--cut", type=click.FloatRange(0, 600), default=30.0, help="Seconds without network.")
@click.option("--restart", is_flag=True, help="Kill the server in the middle; not with --url.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON at the end.")
def rehearse(
    tablets: int,
    minutes: float,
    url: str | None,
    token: str,
    cut: float,
    restart: bool,
    as_json: bool,
) -> None:
    """Rehearse a meeting with simulated devices. Ends with 0 if good, 1 if not, 2 if it cannot."""
    from meeting.rehearsal import course, figures, verdict  # `--help` need not wait for them
    from meeting.rehearsal.plan import Plan
    from meeting.rehearsal.progress import Progress

    progress = Progress(sys.stderr if as_json else sys.stdout)
    try:
        if restart and url:
            raise Stopped("rehearse_restart_url")
        held = course.hold(Plan(tablets, minutes, cut, restart), url, token, progress)
    except Stopped as stopped:
        raise CannotRun(texts.text(f"terminal.{stopped.key}", **stopped.data)) from None
    progress.say(f"\n{verdict.words(held)}")
    if as_json:
        click.echo(figures.as_json(held))
    sys.exit(1 if verdict.faults(held) else 0)


def _port(asked: str | None) -> int | None:
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and 1 <= int(asked[:9]) <= 65535):
        raise Stopped("port_wrong", port=asked)
    return int(asked)


def _address(asked: str | None) -> str | None:
    """What people open: http or https, a host in plain letters, nothing after it."""
    if asked is None:
        return None
    try:
        parts = urlsplit(asked)
        plain = asked.isascii() and parts.scheme in ("http", "https") and parts.hostname
        if plain and parts.path in ("", "/") and not parts.query and not parts.fragment:
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        pass
    raise Stopped("url_wrong", url=asked)
