"""The command line: serve, demo, pages, password, shortcut, backup, restore, verify, rehearse,
types.

What goes wrong is said in a sentence, never in a traceback.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import click

from meeting import __version__, texts
from meeting.errors import Refused, Stopped
from meeting.hangup import heeded
from meeting.settings import DATA, Settings, written

STARTED: Final = time.perf_counter()

Asked = TypeVar("Asked", bound=Callable[..., None])

_ANY_PATH: Final = click.Path(readable=False, path_type=Path)
"""Whether it can be read is seen when it is, and said in our own sentence."""


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


def _listening(command: Asked) -> Asked:
    """The options of whatever runs a server."""
    options = (
        click.option("--host", default="0.0.0.0", help="Listen here only, e.g. 127.0.0.1."),
        click.option("--port", help="Else 80, then 8080."),
        click.option("--url", help="The address people open, if it is not this machine's own."),
        click.option("--data", type=click.Path(path_type=Path), help="Data folder."),
        click.option(
            "--database", envvar="PHIEN_DATABASE", help="postgresql://…, else a file there."
        ),
        click.option("--json", "as_json", is_flag=True, help="Print one line of JSON when ready."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_listening
@click.option("--open", "opening", is_flag=True, help="Open the office's page here.")
def serve(
    host: str,
    port: str | None,
    url: str | None,
    data: Path | None,
    database: str | None,
    as_json: bool,
    opening: bool,
) -> None:
    """Start the server of this office."""
    from meeting import serving  # the server's libraries: `--help` need not wait for them

    with _said():
        settings = _settings(data or DATA, host, port, url, database)
        with contextlib.suppress(KeyboardInterrupt):
            serving.serve(settings, as_json=as_json, started=STARTED, opening=opening)


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@_listening
@click.option("--new", "anew", is_flag=True, help="Begin a new sample meeting.")
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

    with _said():
        settings = _settings(data or DATA / "demo", host, port, url, database)
        with contextlib.suppress(KeyboardInterrupt):
            serving.serve_demo(settings, files, anew=anew, as_json=as_json, started=STARTED)


@main.command()
@click.argument("file", type=_ANY_PATH)
@click.argument("folder", metavar="OUTDIR", type=_ANY_PATH)
@click.option("--width", type=click.IntRange(16, 9600), default=1600, help="In pixels (1600).")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder, for its settings.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def pages(file: Path, folder: Path, width: int, data: Path | None, as_json: bool) -> None:
    """Draw the pages of FILE into OUTDIR, as the server would. Ends with 2 if refused."""
    import asyncio  # `--help` need not wait for these

    from meeting import logs
    from meeting.pages import whole

    logs.faults_only()
    for asked in (heeded("SIGTERM"), heeded("SIGHUP")):  # leave nothing behind, as after Ctrl-C
        if asked is not None:
            signal.signal(asked, signal.default_int_handler)
    guard = _Guard(file.name)
    with _said():
        limits = written(data or DATA).pages
        try:
            drawn = asyncio.run(whole.draw_whole(file, folder, width, limits, STARTED, guard))
        except OSError as fault:
            why = str(fault.strerror or fault)
            raise Stopped("pages_unwritable", path=str(folder), why=why) from None
    if as_json:
        click.echo(whole.as_json(drawn))
    elif drawn.refused is None:
        shown = drawn.pages - len(drawn.failed_pages)
        seconds, mb = f"{drawn.seconds:.1f}", f"{drawn.bytes / 1_000_000:.1f}"
        where = {"folder": str(folder)}
        click.echo(texts.text("terminal.pages", pages=shown, seconds=seconds, mb=mb, **where))
        if drawn.failed_pages:
            failed = ", ".join(map(str, drawn.failed_pages))
            click.secho(texts.text("terminal.pages_failed", failed=failed), fg="yellow")
    if drawn.refused is not None:
        if not as_json:
            click.echo(
                guard.sentence or texts.text(f"refused.{drawn.refused}", **drawn.said), err=True
            )
        sys.exit(CannotRun.exit_code)


class _Guard:
    """What keeps a secret paper out of a meeting, for a file of this name. Nothing is on record."""

    def __init__(self, name: str) -> None:
        self.sentence = ""
        self._name = name

    def __call__(self, printed: Any) -> str | None:
        """With which code it is kept out, if it is; `printed`: on its first pages, or None."""
        from meeting.office import secrecy  # while the first pages are drawn

        names = [self._name]
        found = secrecy.by_names(names) if printed is None else secrecy.judge(names, printed)
        if not isinstance(found, secrecy.Certain):
            return None
        key = f"terminal.pages_secret_{found.reason}"
        self.sentence = texts.text(key, said=found.said, page=found.page)
        return f"secret_{found.reason}"


@main.command()
@click.argument("login")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.")
@click.option("--database", envvar="PHIEN_DATABASE", help="postgresql://…, else a file there.")
def password(login: str, data: Path | None, database: str | None) -> None:
    """Set a new password for LOGIN: while no server runs, or at any time with PostgreSQL."""
    import asyncio  # `--help` need not wait for these

    from meeting.office.forgotten import set_password

    def ask() -> str:
        new = click.prompt(texts.text("terminal.password_new", login=login), hide_input=True)
        if click.prompt(texts.text("terminal.password_again"), hide_input=True) != new:
            raise Stopped("password_differs")
        return str(new)

    with _said():
        folder = data or DATA
        asyncio.run(set_password(folder, database or written(folder).database, login, ask))
    click.echo(texts.text("terminal.password_done", login=login))


@main.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.")
def shortcut(data: Path | None) -> None:
    """Put an icon on the desktop that starts the server and opens the office's page."""
    from meeting.shortcut import NoShortcut, make

    arguments = ["--data", str(data.resolve())] if data else []
    try:
        path = make(arguments, data or DATA)
    except NoShortcut as fault:
        raise Sorry(texts.text("terminal.no_shortcut", why=str(fault))) from None
    click.echo(texts.text("terminal.shortcut", path=str(path)))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.")
def backup(file: Path, data: Path | None) -> None:
    """Write everything that is kept to FILE, while a server runs or not."""
    from meeting import backup as backups

    with _said():
        done = backups.to_file(data or DATA, file, os.environ.get("PHIEN_DATABASE", ""))
    click.echo(texts.text("terminal.backup", path=str(file), files=done.files, mb=done.megabytes))
    if done.damaged:
        click.secho(texts.text("terminal.backup_damaged", number=len(done.damaged)), fg="yellow")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), help="Data folder, empty.")
def restore(file: Path, data: Path | None) -> None:
    """Lay the backup FILE into an empty data folder."""
    from meeting import backup as backups

    with _said():
        done = backups.from_file(file, data or DATA)
    made = done.made_at.astimezone()
    shown = {"date": f"{made:%d/%m/%Y}", "time": f"{made:%H:%M}", "folder": str(data or DATA)}
    click.echo(texts.text("terminal.restored", files=len(done.files), **shown))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--head", default="", help="The code written down in the meeting room.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def verify(file: Path, head: str, as_json: bool) -> None:
    """Check a meeting's FILE. Ends with 0 if it is whole, 1 if not, 2 if it cannot be read."""
    import asyncio  # `--help` need not wait for these

    from meeting.archive import findings
    from meeting.archive.apart import check_apart

    try:
        checked = asyncio.run(check_apart(file, head))
    except OSError as fault:
        why = str(fault.strerror or fault)
        raise CannotRun(texts.text("terminal.check_unreadable", path=str(file), why=why)) from None
    except Refused as refused:
        raise CannotRun(texts.text(f"refused.{refused.code}")) from None
    click.echo(findings.as_json(checked) if as_json else "\n".join(findings.sentences(checked)))
    sys.exit(0 if checked.whole else 1)


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


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """What stops a command is said in a sentence."""
    try:
        yield
    except Stopped as stopped:
        raise Sorry(texts.text(f"terminal.{stopped.key}", **stopped.data)) from None
    except Refused as refused:
        raise Sorry(texts.text(f"refused.{refused.code}")) from None


def _settings(
    folder: Path, host: str, port: str | None, url: str | None, database: str | None
) -> Settings:
    """As asked for, the rest as the folder's file has it. Raises Stopped: something is wrong."""
    file = written(folder)
    return Settings(
        data=folder,
        host=host,
        port=_port(port),
        url=_address(url),
        database=database or file.database,
        times=file.times,
        ahead_rate=file.ahead_rate,
        reserve_bytes=file.reserve_bytes,
        pages=file.pages,
    )


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
