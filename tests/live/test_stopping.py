"""A server that is stopped on purpose, in the middle of it all: answers, farewell, exit status."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.helpers.crowd import Crowd
from tests.helpers.process import Demo, free_port
from tests.rigs.verdict import Verdict, unanswered, verdict

DEVICES = 12
STOPPING_SECONDS = 20.0

pytestmark = pytest.mark.slow


async def test_stopping_answers_what_it_did_and_says_when_to_come_back(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "data", free_port())
    await demo.start()
    crowd = Crowd(demo, seed=20261210)
    try:
        await crowd.gather(DEVICES)
        deaf = crowd.tablets[-1]
        deaf.sleep()
        crowd.act()
        await asyncio.sleep(1.0)
        async with asyncio.timeout(STOPPING_SECONDS):
            status = await demo.stop()
    finally:
        await crowd.leave()
        await demo.kill()
    found = await verdict(crowd)
    hearing = [tablet for tablet in crowd.tablets if tablet is not deaf]
    assert status == 0
    assert found == Verdict(acknowledged=found.acknowledged)
    assert found.acknowledged > DEVICES
    assert await unanswered(crowd) <= {deaf.seat}
    assert [tablet.history.byes for tablet in hearing] == [1] * len(hearing)
