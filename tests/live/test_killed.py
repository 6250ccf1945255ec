"""The process is killed, or the plug pulled, while devices act: what was acknowledged is there.

Each rig is also shown the fault it is there for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.killed import killed
from tests.bench.power import cut, cut_unsynced
from tests.rigs.verdict import Verdict

DEVICES = 10

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def nothing_wrong(found: Verdict) -> Verdict:
    """What a verdict must be that acknowledged as many acts."""
    assert found.acknowledged > DEVICES
    return Verdict(acknowledged=found.acknowledged)


async def test_a_kill_loses_nothing_acknowledged_and_counts_nothing_twice(tmp_path: Path) -> None:
    found, back = await killed(tmp_path, runs=3, devices=DEVICES, seed=20261210)
    assert found == nothing_wrong(found)
    assert len(back) == 3


async def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path) -> None:
    found, back = await cut(tmp_path, cuts=6, devices=DEVICES, seed=20261210)
    assert found == nothing_wrong(found)
    assert len(back) == 6


async def test_the_power_cut_shows_a_server_that_does_not_wait_for_the_disk(
    tmp_path: Path,
) -> None:
    found = await cut_unsynced(tmp_path, devices=DEVICES, seed=20261210)
    assert found.lost > 0


@pytest.mark.parametrize(
    ("mutant", "shown_by"),
    [
        ("answer_before_commit", "lost"),
        ("publish_before_commit", "phantoms"),
        ("forget_answers", "otherwise"),
        ("relative_turn", "not_as_asked"),
    ],
)
async def test_the_kill_shows_a_planted_fault(tmp_path: Path, mutant: str, shown_by: str) -> None:
    """Where the kill falls is chance, so a few servers are tried until one is hit."""
    noticed = 0
    for attempt in range(6):
        found, _ = await killed(
            tmp_path / str(attempt),
            runs=3,
            devices=DEVICES,
            seed=attempt,
            world=lambda _: ("--mutant", mutant),
        )
        noticed = getattr(found, shown_by)
        if noticed:
            break
    assert noticed > 0
