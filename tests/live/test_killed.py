"""The process is killed while devices act: what was acknowledged is there, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.killed import killed


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_or_counted_twice(tmp_path: Path) -> None:
    verdict, _ = await killed(tmp_path / "data", runs=3, devices=10, seed=20261210)
    assert verdict.acknowledged > 0
    assert (verdict.lost, verdict.twice, verdict.changed_answers) == (0, 0, 0)
