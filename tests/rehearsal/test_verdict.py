"""What a rehearsal measures, and when it says that all is well."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from meeting.clock import Times
from meeting.protocol import commands as c
from meeting.protocol.rehearsals import RehearsalLog
from meeting.rehearsal.figures import Figures, Spread, as_json, measured
from meeting.rehearsal.history import Act
from meeting.rehearsal.plan import Plan
from meeting.rehearsal.tablet import Tablet
from meeting.rehearsal.verdict import (
    COME_BACK_MOST_MS,
    OWN_DELAY_MOST_MS,
    TURN_MOST_MS,
    faults,
    words,
)
from meeting.texts import text

GOOD = Figures(
    tablets=25,
    turns=60,
    turn_ms=Spread(12.0, 20.0, 31.0),
    last_p50=18.0,
    join_ms=Spread(9.0, 15.0, 30.0),
    checkins_sent=25,
    checkins_stored=25,
    checkin_ms=Spread(8.0, 9.0, 12.0),
    reconnect_ms=Spread(100.0, 200.0, 1250.0),
    wrong_at_end=0,
    lost=0,
    own_delay_ms=3.0,
)


def test_json_is_as_promised() -> None:
    assert json.loads(as_json(GOOD)) == {
        "tablets": 25,
        "turns": 60,
        "turn_ms": {"p50": 12.0, "p95": 20.0, "p99": 31.0, "last_p50": 18.0},
        "join_ms": {"p50": 9.0, "p99": 30.0},
        "checkin": {"sent": 25, "stored": 25, "p99_ms": 12.0},
        "reconnect_ms": {"p50": 100.0, "p99": 1250.0},
        "wrong_at_end": 0,
        "lost": 0,
    }


def test_a_good_rehearsal_says_what_it_saw() -> None:
    assert faults(GOOD) == []
    assert words(GOOD).split("\n") == [
        "KẾT QUẢ: TỐT, có thể họp.",
        "",
        "25 máy, 60 lần lật trang.",
        "Trang mới đến máy chậm nhất thường sau 0,02 giây; cứ 100 lượt thì 99 lượt không quá 0,03"
        " giây.",
        "Điểm danh: đã ghi 25/25 lượt.",
        "Mất kết nối xong, máy chậm nhất trở lại sau 1,25 giây.",
        "Không mất việc nào đã xác nhận; cuối buổi mọi máy đều đúng trang.",
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lost": 2}, text("rehearse.lost", number=2)),
        ({"checkins_stored": 22}, text("rehearse.checkins_missing", number=3)),
        ({"wrong_at_end": 1}, text("rehearse.wrong", number=1)),
        ({"turns": 0}, text("rehearse.no_turns")),
        ({"turn_ms": Spread(None, None, None)}, text("rehearse.no_turns")),
        (
            {"turn_ms": Spread(1.0, 1.0, TURN_MOST_MS + 500)},
            text("rehearse.slow", seconds="1,50"),
        ),
        (
            {"reconnect_ms": Spread(1.0, 1.0, COME_BACK_MOST_MS + 2000)},
            text("rehearse.back_slow", seconds="12"),
        ),
    ],
)
def test_what_was_not_good_is_said_with_its_remedy(changed: dict[str, Any], said: str) -> None:
    figures = replace(GOOD, **changed)
    assert faults(figures) == [said]
    assert words(figures).startswith(text("rehearse.not_good"))
    assert words(figures).endswith(f"\n! {said}")


def test_a_judge_that_was_late_itself_says_so() -> None:
    busy = replace(GOOD, own_delay_ms=OWN_DELAY_MOST_MS + 1)
    assert words(busy) == words(GOOD)
    slow = replace(busy, turn_ms=Spread(1.0, 1.0, TURN_MOST_MS + 500))
    assert words(slow).endswith(f"\n! {text('rehearse.here_busy')}")
    assert faults(slow) == [text("rehearse.slow", seconds="1,50")]


def test_nothing_that_was_not_measured_is_spoken_of() -> None:
    nothing = Spread(None, None, None)
    figures = replace(GOOD, turns=0, turn_ms=nothing, last_p50=None, reconnect_ms=nothing)
    assert words(figures).split("\n") == [
        text("rehearse.not_good"),
        "",
        text("rehearse.size", tablets=25, turns=0),
        text("rehearse.checkins", stored=25, sent=25),
        text("rehearse.right"),
        "",
        f"! {text('rehearse.no_turns')}",
    ]


def test_a_short_rehearsal_shortens_everything() -> None:
    whole = Plan(25, 3)
    assert (whole.arrive, whole.pace, whole.cut_at, whole.cut_for, whole.late_at) == (
        10.0,
        2.0,
        72.0,
        30.0,
        135.0,
    )
    short = Plan(25, 0.25)
    assert (short.arrive, short.pace, short.cut_at, short.cut_for, short.late_at) == (
        2.25,
        0.75,
        6.0,
        3.0,
        11.25,
    )


# What was measured, from what tablets remember

TURN, CHECK_IN = c.ShowPage("1", 1, 2), c.CheckIn("1234")
DONE = {"status": "committed"}


def an_act(id_: str, command: c.Command, tapped: float, settled_at: float, **said: Any) -> Act:
    act = Act(id_, command, tapped, None, durable=True)
    act.settled, act.settled_at = said, settled_at
    return act


async def test_figures_come_from_what_every_tablet_remembers() -> None:
    async with httpx2.AsyncClient() as http:
        tablets = [
            Tablet("http://127.0.0.1:9", seat, "", http=http, times=Times(), chance=Random(1))
            for seat in ("chu", "an", "ba")
        ]
        chair, an, ba = tablets
        turns = [
            an_act("turn-1", TURN, 10.0, 10.1, rev=7, **DONE),
            an_act("turn-2", TURN, 20.0, 20.1, rev=9, **DONE),
            an_act("turn-3", TURN, 30.0, 30.1, rev=11, **DONE),
        ]
        chair.history.acts = {act.id: act for act in turns}
        an.history.arrived = {7: 10.02, 9: 20.05}
        ba.history.arrived = {7: 10.04}
        an.history.joins, ba.history.joins = [0.5, 0.1], [0.25]
        an.history.reconnects = [1.0, 2.0]
        stored = an_act("in-an", CHECK_IN, 5.0, 5.5, rev=5, **DONE)
        refused = an_act("in-ba", CHECK_IN, 5.0, 5.5, status="rejected", code="code_wrong")
        an.history.acts, ba.history.acts = {"in-an": stored}, {"in-ba": refused}
        log = RehearsalLog(11, {"turn-1": 7, "turn-3": 11, "in-an": 5})
        figures = measured(3, tablets, [an, ba], turns, [stored, refused], log, 1, 0.25)
    assert figures == Figures(
        tablets=3,
        turns=3,
        turn_ms=Spread(40.0, 50.0, 50.0),
        last_p50=45.0,
        join_ms=Spread(250.0, 500.0, 500.0),
        checkins_sent=2,
        checkins_stored=1,
        checkin_ms=Spread(500.0, 500.0, 500.0),
        reconnect_ms=Spread(1000.0, 2000.0, 2000.0),
        wrong_at_end=1,
        lost=1,
        own_delay_ms=250.0,
    )


async def test_an_answer_that_came_late_counts_as_acknowledged() -> None:
    """The screen went by "not known", yet the server had said that it was done."""
    async with httpx2.AsyncClient() as http:
        tablet = Tablet("http://127.0.0.1:9", "an", "", http=http, times=Times(), chance=Random(1))
        act = an_act("gone", CHECK_IN, 5.0, 5.5, status="rejected", code="not_known")
        act.answers.append({"status": "committed", "rev": 4})
        tablet.history.acts = {"gone": act}
        figures = measured(1, [tablet], [tablet], [], [act], RehearsalLog(3, {}), 0, 0.0)
    assert (figures.lost, figures.checkins_stored) == (1, 0)
