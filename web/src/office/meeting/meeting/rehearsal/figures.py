"""What a rehearsal measured, from what its tablets remember and what is on the server's disk."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from statistics import median

from msgspec import Struct

from meeting.protocol.rehearsals import RehearsalLog
from meeting.rehearsal.history import Act
from meeting.rehearsal.tablet import Tablet


class Spread(Struct, frozen=True):
    """Milliseconds; None where nothing was measured."""

    p50: float | None
    p95: float | None
    p99: float | None


class Figures(Struct, frozen=True):
    """`last_p50`: the median turn's slowest device. `wrong_at_end`: devices that did not show
    what the server shows, or never came in. `lost`: acknowledged, yet not on disk. `own_delay_ms`:
    by how much this machine, which plays all devices, was late itself at its busiest.
    """

    tablets: int
    turns: int
    turn_ms: Spread
    last_p50: float | None
    join_ms: Spread
    checkins_sent: int
    checkins_stored: int
    checkin_ms: Spread
    reconnect_ms: Spread
    wrong_at_end: int
    lost: int
    own_delay_ms: float


def measured(
    tablets: int,
    everybody: Sequence[Tablet],
    members: Sequence[Tablet],
    turns: Sequence[Act],
    check_ins: Sequence[Act],
    log: RehearsalLog,
    wrong: int,
    own_delay: float,
) -> Figures:
    """The figures of a rehearsal that is over.

    Args:
        tablets: how many members were asked for.
        turns: the page turns that were committed.
        log: read back from disk after the last command was answered.
        own_delay: seconds.
    """
    arrivals = [one for act in turns if (one := arrival_seconds(act, members))]
    acknowledged = {
        act.id
        for tablet in everybody
        for act in tablet.history.acts.values()
        if act.committed or any(answer["status"] == "committed" for answer in act.answers)
    }
    return Figures(
        tablets=tablets,
        turns=len(turns),
        turn_ms=_spread(seconds for one in arrivals for seconds in one),
        last_p50=_ms(median(max(one) for one in arrivals)) if arrivals else None,
        join_ms=_spread(m.history.joins[0] for m in members if m.history.joins),
        checkins_sent=len(check_ins),
        checkins_stored=sum(act.id in log.commands for act in check_ins),
        checkin_ms=_spread(act.settled_at - act.tapped for act in check_ins if act.committed),
        reconnect_ms=_spread(seconds for m in members for seconds in m.history.reconnects),
        wrong_at_end=wrong,
        lost=len(acknowledged - log.commands.keys()),
        own_delay_ms=_ms(own_delay),
    )


def arrival_seconds(turn: Act, members: Sequence[Tablet]) -> list[float]:
    """From the chair's tap to the arrival, at each device that was connected."""
    rev = turn.settled["rev"] if turn.settled else 0
    return [m.history.arrived[rev] - turn.tapped for m in members if rev in m.history.arrived]


def as_json(figures: Figures) -> str:
    """One line for programs."""
    turn, join, again = figures.turn_ms, figures.join_ms, figures.reconnect_ms
    return json.dumps(
        {
            "tablets": figures.tablets,
            "turns": figures.turns,
            "turn_ms": {
                "p50": turn.p50,
                "p95": turn.p95,
                "p99": turn.p99,
                "last_p50": figures.last_p50,
            },
            "join_ms": {"p50": join.p50, "p99": join.p99},
            "checkin": {
                "sent": figures.checkins_sent,
                "stored": figures.checkins_stored,
                "p99_ms": figures.checkin_ms.p99,
            },
            "reconnect_ms": {"p50": again.p50, "p99": again.p99},
            "wrong_at_end": figures.wrong_at_end,
            "lost": figures.lost,
        }
    )


def _spread(seconds: Iterable[float]) -> Spread:
    ordered = sorted(seconds)
    return Spread(*(_share(ordered, share) for share in (0.5, 0.95, 0.99)))


def _share(ordered: Sequence[float], share: float) -> float | None:
    """The nearest rank, in milliseconds: a value that was really measured."""
    if not ordered:
        return None
    return _ms(ordered[max(0, math.ceil(share * len(ordered)) - 1)])


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
