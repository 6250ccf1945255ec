"""The lossy world, seed by seed: every device is right in the end, every act took effect once.

Planted faults show that the rig can fail. More seeds, and true scale: `tests.bench.lossy`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import uvloop

from tests.lossy.run import Outcome, house, run_seeds

SCALE = 0.05
SEEDS = 50
SIDE_BY_SIDE = 8

PATIENCE_SECONDS = 10.0
"""For a world that a planted fault keeps from healing."""

ROUNDS = 4
"""A planted fault shows in the first three seeds, on a machine that has any time for them."""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_device_is_right_and_every_act_took_effect_once(tmp_path: Path) -> None:
    async def run() -> list[Outcome]:
        async with house(tmp_path, SCALE) as running:
            return await run_seeds(range(SEEDS), running, side_by_side=SIDE_BY_SIDE)

    outcomes = uvloop.run(run())
    assert {outcome.seed: outcome.faults for outcome in outcomes if outcome.faults} == {}
    total = sum((outcome.figures for outcome in outcomes), Counter[str]())
    needed = (
        *("dropped", "twice", "delayed", "cut", "silenced", "http cut", "http silenced"),
        *("outage: cut", "outage: held", "outage: silent"),
        *("gaps", "doubts", "drops", "repeated", "answered twice"),
        *("ShowPage", "StartItem", "TakePresenting", "CheckIn", "MarkAttendance", "RevokeDevice"),
    )
    assert [name for name in needed if not total[name]] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("mutant", "said"),
    [
        ("forget_answers", "was answered"),
        ("relative_turn", "asked ShowPage"),
        ("lying_beacon", "is at"),
        ("late_turns", "after the tap"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, mutant: str, said: str) -> None:
    async def run() -> list[str]:
        faults: list[str] = []
        async with house(tmp_path, SCALE, mutant=mutant, patience=PATIENCE_SECONDS) as running:
            for number in range(ROUNDS):
                seeds = range(number * 3, number * 3 + 3)
                for outcome in await run_seeds(seeds, running, side_by_side=3):
                    faults += outcome.faults
                if any(said in fault for fault in faults):
                    break
        return faults

    faults = uvloop.run(run())
    assert any(said in fault for fault in faults), faults
