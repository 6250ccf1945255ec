"""The room's router is unplugged: who sits at the server machine goes on, the others come back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import asdict

from meeting.clock import Times
from meeting.protocol import commands as c
from tests.helpers.crowd import Crowd, everyone
from tests.helpers.process import Demo, free_port
from tests.rigs.router import Router
from tests.rigs.verdict import Verdict, verdict

TIMES: Final = Times().scaled(1 / 4)
WAIT_SECONDS: Final = 30.0

pytestmark = pytest.mark.slow


async def test_an_unplugged_router_stops_neither_secretary_nor_room_screen(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    times = "".join(f"{name} = {seconds}\n" for name, seconds in asdict(TIMES).items())
    (data / "settings.toml").write_text(f"[times]\n{times}")
    demo = Demo(data, free_port())
    router = Router(demo.port)
    await router.start()
    await demo.start()
    crowd = Crowd(demo, seed=20261210, url=router.url, times=TIMES)
    try:
        await crowd.gather(4)
        chair, desk, screen, *_ = crowd.tablets
        away = [tablet for tablet in crowd.tablets if tablet not in (desk, screen)]
        _, document, pages = crowd.longest()
        joins = crowd.joins()

        router.unplug()
        await everyone(away, lambda tablet: tablet.state == "offline")
        answers = [await desk.send(c.TakePresenting()), await desk.turn(document, 1, pages)]
        assert [answer and answer["status"] for answer in answers] == ["committed", "committed"]
        await screen.until(lambda: screen.shown == (document, pages), WAIT_SECONDS)
        assert [chair.shown, chair.state] == [None, "offline"]
        assert [desk.state, screen.state] == ["live", "live"]

        router.plug_in()
        await everyone(away, lambda tablet: tablet.state == "live")
        assert await crowd.everybody_is_right() == 0
        assert {tablet.shown for tablet in crowd.tablets} == {(document, pages)}
        assert crowd.joins()[1:3] == joins[1:3]
    finally:
        await crowd.leave()
        await router.close()
        await demo.kill()
    found = await verdict(crowd)
    assert found == Verdict(acknowledged=found.acknowledged)
