"""What the terminal shows when a server is ready: addresses, a QR, links. Text or one JSON line."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
import qrcode

from meeting.demo import Links, Login, Refusal
from meeting.protocol.words import Role
from meeting.rules.state import MeetingState
from meeting.texts import text

_WIDE: Final = 72

_GLYPHS: Final = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▄█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    ".": (" ", " ", "▀"),
    ":": ("▄", "▄", " "),
}


def say_ready(
    state: MeetingState,
    url: str,
    other_urls: Sequence[str],
    links: Links,
    refused: Sequence[Refusal],
    here: str = "",
    office: Login | None = None,
) -> None:
    """Print everything somebody needs to come in; the address stands last, and largest.

    Args:
        here: how this machine reaches itself whatever becomes of the network; "" to leave out.
        office: how its secretary signs in, for who prepares meetings.
    """
    meeting = state.meeting
    rule = "━" * _WIDE
    click.echo(f"\n{rule}\n  {text('terminal.trial')}\n  {meeting.title}\n{rule}")
    click.echo(f"\n  {text('terminal.links')}\n")
    for key, link, name in _people(state, links):
        click.echo(f"  {text(f'terminal.{key}'):<20}{link}  {name}")
    if here:
        click.echo(f"\n  {text('terminal.here')}\n")
        for key, link in (("secretary", links.secretary), ("room", links.room)):
            click.echo(f"  {text(f'terminal.{key}'):<20}{here}{urlsplit(link).path}")
    if office:
        click.echo(f"\n  {text('terminal.office'):<20}{here or url}/office/  {_sign_in(office)}")
    for refusal in refused:
        sentence = text(f"refused.{refusal.code}", **refusal.data)
        click.secho(f"\n  ! {refusal.name}: {sentence}", fg="yellow")
    _say_address(url, other_urls)
    click.echo(f"\n  {text('terminal.stop')}")


def say_office(name: str, code: str, url: str, other_urls: Sequence[str], here: str) -> None:
    """Print where the office's page is, and what everybody opens.

    Args:
        name: the office's, "" before there is one.
        code: what creating it from another machine asks for, "" where there is one.
        here: how this machine reaches itself, so that it needs no code; "" where it cannot.
    """
    rule = "━" * _WIDE
    click.echo(f"\n{rule}\n  {name or text('terminal.no_office')}\n{rule}")
    if here:
        click.echo(f"\n  {text('terminal.office_here')}\n")
        click.secho(f"  {here}/office/", bold=True)
    if url != here:
        click.echo(f"\n  {text('terminal.office_there')}\n")
        click.secho(f"  {url}/office/", bold=not here)
        if code:
            digits = f"{code[:4]} {code[4:]}"
            click.secho(f"\n  {text('terminal.begin_code', code=digits)}", bold=True)
    _say_address(url, other_urls)
    click.echo(f"\n  {text('terminal.office_stop')}\n")


def say_office_as_json(url: str, code: str, ready_ms: int) -> None:
    """Print one line for programs. As `say_office`."""
    page = f"{url}/office/"
    click.echo(json.dumps({"url": url, "office": page, "code": code, "ready_ms": ready_ms}))


def say_which(state: MeetingState, folder: Path, *, put_aside: bool) -> None:
    """Say whether this is a new sample meeting beside an older one, or one that is over."""
    if put_aside:
        click.secho(f"  {text('terminal.anew', folder=str(folder))}", fg="yellow")
    elif state.phase in ("closed", "locked"):
        click.secho(f"  {text('terminal.closed')}", fg="yellow")
    click.echo()


def _people(state: MeetingState, links: Links) -> list[tuple[str, str, str]]:
    """Everybody with a link: what they are, the link, the name."""

    def named(key: str, role: Role, theirs: Sequence[str]) -> list[tuple[str, str, str]]:
        names = [seat.name for seat in state.seats.values() if seat.role == role]
        return [(key, link, name) for link, name in zip(theirs, names, strict=True)]

    return [
        *named("secretary", "secretary", [links.secretary]),
        *named("chair", "chair", [links.chair]),
        ("room", links.room, ""),
        *named("member", "member", links.members),
        *named("guest", "guest", links.guests),
    ]


def _sign_in(office: Login) -> str:
    """Login and password, or what to do where the password was said the first time."""
    key = "office_login" if office.password else "office_login_known"
    return text(f"terminal.{key}", login=office.login, password=office.password)


def _say_address(url: str, other_urls: Sequence[str]) -> None:
    """What everybody opens, as a QR and large."""
    click.echo(f"\n{_code(url)}\n")
    click.secho(f"  {text('terminal.open')}   {url}\n", bold=True)
    click.secho(_large(url.partition("://")[2]), bold=True)
    for other in other_urls:
        click.echo(f"\n  {text('terminal.or_else')}   {other}")


def _large(address: str) -> str:
    """Digits and dots three lines high, to be read from across the table; else as it is."""
    if not set(address) <= set(_GLYPHS):
        return f"  {address}"
    rows = zip(*(_GLYPHS[ch] for ch in address), strict=True)
    return "\n".join("  " + " ".join(row) for row in rows)


def say_ready_as_json(url: str, links: Links, office: Login, ready_ms: int) -> None:
    """Print one line for programs. `ready_ms` counts from the start of the command."""
    named = {
        "secretary": links.secretary,
        "chair": links.chair,
        "members": list(links.members),
        "room": links.room,
        "guests": list(links.guests),
    }
    signing_in = {"url": f"{url}/office/", "login": office.login, "password": office.password}
    line = {"url": url, "links": named, "office": signing_in, "ready_ms": ready_ms}
    click.echo(json.dumps(line))


def _code(url: str) -> str:
    """The address as a QR of half blocks, dark on light, wherever the terminal's colours are."""
    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(url)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return "\n".join("  " + line for line in out.getvalue().splitlines())
