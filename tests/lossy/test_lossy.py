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

MUTANT_SEEDS = 3
MUTANT_PATIENCE = 10.0


def _outcomes(folder: Path, seeds: int, **given: object) -> list[Outcome]:
    async def run() -> list[Outcome]:
        async with house(folder, SCALE, **given) as running:  # type: ignore[arg-type]
            return await run_seeds(range(1, seeds + 1), running, side_by_side=SIDE_BY_SIDE)

    return uvloop.run(run())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_device_is_right_and_every_act_took_effect_once(tmp_path: Path) -> None:
    outcomes = _outcomes(tmp_path, SEEDS)
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
    outcomes = _outcomes(tmp_path, MUTANT_SEEDS, mutant=mutant, patience=MUTANT_PATIENCE)
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    assert any(said in fault for fault in faults), faults
