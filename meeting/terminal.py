"""What the terminal shows when a server is ready: addresses, a QR, links. Text or one JSON line."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import click
import qrcode

from meeting.demo import Links, Refusal
from meeting.rules.state import MeetingState
from meeting.texts import text

_WIDE = 72


def say_ready(
    state: MeetingState,
    url: str,
    other_urls: Sequence[str],
    links: Links,
    refused: Sequence[Refusal],
) -> None:
    """Print everything somebody needs to come in, the likely address first."""
    meeting = state.meeting
    rule = "━" * _WIDE
    click.echo(f"\n{rule}\n  {text('terminal.trial')}\n  {meeting.title}\n{rule}")
    click.echo(_code(url))
    click.secho(f"  {text('terminal.open')}   {url}", bold=True)
    for other in other_urls:
        click.echo(f"  {text('terminal.or_else')}   {other}")
    click.echo()
    click.echo(f"  {text('terminal.links')}\n")
    for key, link in (
        ("secretary", links.secretary),
        ("chair", links.chair),
        ("room", links.room),
        *(("member", link) for link in links.members[:3]),
        *(("guest", link) for link in links.guests[:1]),
    ):
        click.echo(f"  {text(f'terminal.{key}'):<22}{link}")
    click.echo(f"\n  {text('terminal.more', members=len(links.members))}")
    for refusal in refused:
        sentence = text(f"refused.{refusal.code}")
        click.secho(f"\n  ! {refusal.name}: {sentence}", fg="yellow")
    click.echo(f"\n  {text('terminal.stop')}\n")


def say_ready_as_json(url: str, links: Links, ready_ms: int) -> None:
    """Print one line for programs. `ready_ms` counts from the start of the command."""
    named = {
        "secretary": links.secretary,
        "chair": links.chair,
        "members": list(links.members),
        "room": links.room,
        "guests": list(links.guests),
    }
    click.echo(json.dumps({"url": url, "links": named, "ready_ms": ready_ms}))


def _code(url: str) -> str:
    """The address as a QR of half blocks, dark on light, wherever the terminal's colours are."""
    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(url)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return "\n".join("  " + line for line in out.getvalue().splitlines())
