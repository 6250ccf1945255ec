"""Somebody sets the server's clock while a meeting runs: nothing of the meeting notices."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from tests.helpers.crowd import Crowd
from tests.helpers.process import Demo, free_port
from tests.rigs.verdict import Verdict, verdict

DEVICES: Final = 20
HOUR: Final = 3600.0
YEAR: Final = 365 * 24 * HOUR
BETWEEN_SECONDS: Final = 1.0
WAIT_SECONDS: Final = 20.0
RIGHTS: Final = {"not_signed_in", "device_revoked", "card_revoked", "code_needed", "code_wrong"}
A_TEST: Final = timedelta(minutes=10)

pytestmark = pytest.mark.slow


def set_clock(file: Path, seconds: float) -> None:
    """The wall clock is wrong by so much from now on."""
    partial = file.with_suffix(".partial")
    partial.write_text(str(seconds))
    partial.replace(file)


def column(data: Path, statement: str) -> Iterator[str]:
    with closing(sqlite3.connect(data / "phien.sqlite3")) as database:
        yield from (str(row[0]) for row in database.execute(statement).fetchall())


async def test_a_clock_that_jumps_changes_no_order_and_drops_no_right(tmp_path: Path) -> None:
    file, data = tmp_path / "clock", tmp_path / "data"
    set_clock(file, 0.0)
    demo = Demo(data, free_port(), world=("--clock", str(file)))
    await demo.start()
    crowd = Crowd(demo, seed=20261210)
    started = datetime.now(UTC)
    try:
        await crowd.gather(DEVICES)
        crowd.act()
        joins = crowd.joins()
        for offset in (HOUR, -HOUR, YEAR, -YEAR, 0.0, 10 * HOUR):
            set_clock(file, offset)
            await asyncio.sleep(BETWEEN_SECONDS)
        await crowd.desk.until(lambda: crowd.desk.room["warnings"] == ["clock_jump"], WAIT_SECONDS)
        set_clock(file, 0.0)
        await crowd.desk.until(lambda: crowd.desk.room["warnings"] == [], WAIT_SECONDS)
        await crowd.rest()
        assert await crowd.everybody_is_right() == 0
        assert crowd.joins() == joins
    finally:
        await crowd.leave()
        await demo.kill()
    found = await verdict(crowd)
    assert found == Verdict(acknowledged=found.acknowledged)
    assert found.acknowledged > DEVICES
    refused = {answer.get("code") for act in crowd.acts for answer in act.answers}
    assert refused & RIGHTS == set()
    times = [datetime.fromisoformat(at) for at in column(data, "SELECT at FROM facts ORDER BY rev")]
    assert [late for late, soon in pairwise(times) if late > soon] == []
    assert [at for at in times if abs(at - started) > A_TEST] == []
    late = "SELECT fact FROM facts WHERE kind = 'attendance.checked_in' AND fact LIKE '%\"late\"%'"
    assert list(column(data, late)) == []
