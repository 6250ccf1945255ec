"""Whether a rehearsal went well, and what to do if not, in words for whoever runs the office."""

from __future__ import annotations

from typing import Final

from meeting.rehearsal.figures import Figures
from meeting.texts import text

TURN_MOST_MS: Final = 1000.0
"""Whoever waits longer than this for the chair's page notices; judged at the slowest hundredth."""

COME_BACK_MOST_MS: Final = 10_000.0

OWN_DELAY_MOST_MS: Final = 250.0
"""A machine that was later than this itself is no fair judge of others."""


def faults(figures: Figures) -> list[str]:
    """What was not good, each with its remedy; the gravest first. None: all was well."""
    said = []
    if figures.lost:
        said.append(text("rehearse.lost", number=figures.lost))
    if missing := figures.checkins_sent - figures.checkins_stored:
        said.append(text("rehearse.checkins_missing", number=missing))
    if figures.wrong_at_end:
        said.append(text("rehearse.wrong", number=figures.wrong_at_end))
    if not figures.turns or figures.turn_ms.p99 is None:
        said.append(text("rehearse.no_turns"))
    elif figures.turn_ms.p99 > TURN_MOST_MS:
        said.append(text("rehearse.slow", seconds=_seconds(figures.turn_ms.p99)))
    back = figures.reconnect_ms.p99
    if back is not None and back > COME_BACK_MOST_MS:
        said.append(text("rehearse.back_slow", seconds=_seconds(back)))
    return said


def words(figures: Figures) -> str:
    """The verdict: good or not, the figures, and what to do."""
    wanting = faults(figures)
    lines = [text("rehearse.not_good" if wanting else "rehearse.good"), ""]
    lines.append(text("rehearse.size", tablets=figures.tablets, turns=figures.turns))
    if figures.turn_ms.p99 is not None and figures.last_p50 is not None:
        last, most = _seconds(figures.last_p50), _seconds(figures.turn_ms.p99)
        lines.append(text("rehearse.turns", last=last, most=most))
    lines.append(
        text(
            "rehearse.checkins",
            stored=figures.checkins_stored,
            sent=figures.checkins_sent,
        )
    )
    if figures.reconnect_ms.p99 is not None:
        lines.append(text("rehearse.back", seconds=_seconds(figures.reconnect_ms.p99)))
    if not figures.lost and not figures.wrong_at_end:
        lines.append(text("rehearse.right"))
    if wanting and figures.own_delay_ms > OWN_DELAY_MOST_MS:
        wanting.append(text("rehearse.here_busy"))
    return "\n".join([*lines, *(f"\n! {one}" for one in wanting)])


def _seconds(ms: float) -> str:
    """As people here write it: a comma, two decimals while that says something."""
    seconds = ms / 1000
    return f"{seconds:.2f}".replace(".", ",") if seconds < 10 else f"{seconds:.0f}"
