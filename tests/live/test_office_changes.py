"""What the office changes while devices are connected: a seat goes, papers are replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.rules.visibility import audience_of
from tests.helpers import make
from tests.helpers.hall import Hall, hall, small_meeting
from tests.helpers.tablet import Tablet

EVERYBODY = ("chu", "thu", "an", "ba", "ca", "khach", "man")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path / "data") as running:
        await running.lay_down(*small_meeting())
        yield running


async def tablets(room: Hall, *seats: str) -> dict[str, Tablet]:
    joined = {}
    for seat in seats:
        one = joined[seat] = Tablet(room.url, seat, room.token(seat, await room.device(seat)))
        await one.join()
    return joined


async def leave(all_of_them: dict[str, Tablet]) -> None:
    for one in all_of_them.values():
        await one.leave()


async def see_the_same(room: Hall, all_of_them: dict[str, Tablet]) -> None:
    """Everybody has what somebody who joins now would be shown."""
    running = room.running
    await _caught_up(room, all_of_them)
    for one in all_of_them.values():
        seat = running.state.seats[one.seat]
        shown = running.publishing.shown_to(audience_of(running.state, seat))
        assert (one.view, one.gaps) == (shown.view, 0)


async def _caught_up(room: Hall, all_of_them: dict[str, Tablet]) -> None:
    for one in all_of_them.values():
        await one.caught_up(room.running.state.rev)


async def test_devices_of_a_seat_that_goes_are_sent_away_and_the_others_go_on(room: Hall) -> None:
    here = await tablets(room, *EVERYBODY)
    await room.lay_down(p.RemoveSeat("an"))
    gone = here.pop("an")
    await gone.gone.wait()
    assert gone.signals[-1] == {"type": "leave", "code": "device_revoked"}
    await see_the_same(room, here)
    # Who turns the pages may go, too; then signs of life come to the others as before.
    await room.lay_down(p.RemoveSeat("chu"))
    chair = here.pop("chu")
    await chair.gone.wait()
    assert room.running.state.presenter == "thu"
    beats = {seat: one.beat for seat, one in here.items()}
    for seat, one in here.items():
        await one.until(lambda one=one, seat=seat: one.beat > beats[seat])
    await room.act("thu", c.OpenMeeting())
    await see_the_same(room, here)
    assert room.running.room.seats.count("an") == room.running.room.seats.count("chu") == 0
    await leave({**here, "an": gone, "chu": chair})


async def test_a_paper_replaced_moves_no_screen_and_one_withdrawn_empties_all(room: Hall) -> None:
    here = await tablets(room, *EVERYBODY)
    await room.act("chu", c.OpenMeeting())
    await room.act("chu", c.StartItem("1"))
    await room.act("chu", make.page("d1", 3))
    await see_the_same(room, here)
    turned = {seat: list(one.turns) for seat, one in here.items()}
    before = {seat: one.view.get("presented") for seat, one in here.items()}
    await room.lay_down(make.a_version("d1", 2, pages=4))
    await see_the_same(room, here)
    assert {seat: one.view.get("presented") for seat, one in here.items()} == before
    assert {seat: one.turns for seat, one in here.items()} == turned
    assert before["an"] == {"item": "1", "document": "d1", "version": 1, "page": 3}
    await room.act("chu", make.page("d1", 3, version=2))
    await see_the_same(room, here)
    await room.act("thu", p.WithdrawDocument("d1", "phát nhầm"))
    rev = room.running.state.rev
    await see_the_same(room, here)
    for one in here.values():
        # One patch takes it away: nobody is left with a page whose paper is gone.
        assert [message["to"] for message in one.patches if message["to"] >= rev] == [rev]
        assert "presented" not in one.view
        assert "address-of-d1" not in str(one.view)
    await leave(here)


async def test_devices_of_a_meeting_that_was_deleted_are_sent_away_at_once(room: Hall) -> None:
    here = await tablets(room, *EVERYBODY)
    await room.lay_down(p.DeleteMeeting())
    for one in here.values():
        await one.gone.wait()
        assert one.signals[-1] == {"type": "leave", "code": "device_revoked"}
    await leave(here)
