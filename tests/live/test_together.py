"""Several tablets on a real server: everyone is on the chair's page, and every answer is one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from meeting.protocol import commands as c
from tests.helpers.hall import Hall, hall, small_meeting
from tests.helpers.tablet import Tablet

EVERYBODY = ("chu", "thu", "an", "ba", "ca", "khach", "man")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path / "data") as running:
        await running.lay_down(*small_meeting())
        yield running


async def tablet(room: Hall, seat: str) -> Tablet:
    device = await room.device(seat)
    joined = Tablet(room.url, seat, room.token(seat, device))
    await joined.join()
    return joined


async def tablets(room: Hall, *seats: str) -> list[Tablet]:
    return [await tablet(room, seat) for seat in seats]


async def leave(*all_of_them: Tablet) -> None:
    for one in all_of_them:
        await one.leave()


async def refused(stranger: Tablet) -> str:
    """The code with which the door refuses this tablet."""
    with pytest.raises(socketio.exceptions.ConnectionError):
        await stranger.join()
    return stranger.refused


def fresh_view(room: Hall, seat: str) -> dict[str, Any]:
    from meeting.rules.visibility import audience_of  # read beside the state it is asked of

    state = room.running.state
    return room.running.publishing.shown_to(audience_of(state, state.seats[seat])).view


async def test_a_page_turn_reaches_everybody_who_may_see_it(room: Hall) -> None:
    all_of_them = await tablets(room, *EVERYBODY)
    await room.act("chu", c.OpenMeeting())
    await room.act("chu", c.StartItem("1"))
    chair = all_of_them[0]
    await chair.caught_up(room.running.state.rev)
    await chair.until(lambda: chair.beat > 0)
    for page in (1, 2, 4):
        answer = await chair.turn("d1", page)
        assert answer == {"status": "committed", "rev": room.running.state.rev}
        await chair.caught_up(answer["rev"])
    for one in all_of_them:
        await one.caught_up(room.running.state.rev)
        assert one.view == fresh_view(room, one.seat)
    turns = {one.seat: one.turns for one in all_of_them}
    followed = [("d1", 1), ("d1", 2), ("d1", 4)]
    assert turns == {
        "chu": followed,
        "thu": followed,
        "an": followed,
        "ba": followed,
        "man": followed,
        "khach": [],
        "ca": [],
    }
    assert [one.gaps for one in all_of_them] == [0] * len(EVERYBODY)
    await leave(*all_of_them)


async def test_whoever_joins_late_or_again_lands_on_the_right_page(room: Hall) -> None:
    chair = await tablet(room, "chu")
    await room.act("chu", c.OpenMeeting())
    await room.act("chu", c.StartItem("2"))
    await room.act("chu", c.ShowPage("d2", 1, 3))
    late = await tablet(room, "khach")
    assert late.turns == [("d2", 3)]
    await late.leave()
    await room.act("chu", c.ShowPage("d2", 1, 1))
    again = await tablet(room, "khach")
    assert again.turns == [("d2", 1)]
    await leave(chair, again)


async def test_a_guest_has_papers_only_while_the_item_is_on(room: Hall) -> None:
    guest = await tablet(room, "khach")
    assert guest.view["agenda"]["2"].get("documents", {}) == {}
    await room.act("chu", c.OpenMeeting())
    await room.act("chu", c.StartItem("2"))
    await guest.caught_up(room.running.state.rev)
    assert list(guest.view["agenda"]["2"].get("documents", {})) == ["d2"]
    await room.act("chu", c.StartItem("3"))
    await guest.caught_up(room.running.state.rev)
    assert guest.view["agenda"]["2"].get("documents", {}) == {}
    assert guest.view["agenda"]["2"]["state"] == "done"
    await guest.leave()


async def test_the_same_id_gets_the_same_answer_over_a_restart(tmp_path: Path) -> None:
    body = {"id": "the-same-one", "command": {"type": "meeting.open"}}
    async with hall(tmp_path / "data") as first:
        await first.lay_down(*small_meeting())
        device = await first.device("chu")
        chair = await tablet(first, "chu")
        answers = [await chair.call("command", body) for _ in range(3)]
        await chair.leave()
    async with hall(tmp_path / "data") as second:
        chair = Tablet(second.url, "chu", second.token("chu", device))
        await chair.join()
        answers.append(await chair.call("command", body))
        other = {**body, "command": {"type": "meeting.close"}}
        reused = await chair.call("command", other)
        state = second.running.state
        await chair.leave()
    assert answers == [{"status": "committed", "rev": state.rev}] * 4
    assert reused == {"status": "rejected", "code": "id_reused", "data": {}}
    assert state.phase == "running"


async def test_after_a_restart_the_meeting_is_where_it_was(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as first:
        await first.lay_down(*small_meeting())
        await first.act("chu", c.OpenMeeting())
        await first.act("chu", c.StartItem("1"))
        await first.act("chu", c.ShowPage("d1", 1, 4))
        await first.act("an", c.CheckIn())
        before = first.running.state
    async with hall(tmp_path / "data") as second:
        assert second.running.state == before


async def test_perishable_commands_that_come_late_are_refused(room: Hall) -> None:
    chair = await tablet(room, "chu")
    await room.act("chu", c.OpenMeeting())
    await room.act("chu", c.StartItem("1"))
    await chair.caught_up(room.running.state.rev)
    await chair.until(lambda: chair.beat > 0)
    too_late = {"status": "rejected", "code": "too_late", "data": {}}
    assert await chair.turn("d1", 2, at=chair.beat - 60) == too_late
    assert await chair.turn("d1", 2, if_rev=1) == too_late
    assert room.running.state.presented is None
    await chair.leave()


async def test_every_path_answers_and_no_event_can_be_forged(room: Hall) -> None:
    member, desk = await tablets(room, "an", "thu")
    no = {"status": "rejected", "data": {}}
    assert await member.call("disconnect", {}) == {**no, "code": "malformed"}
    assert await member.call("connect", {"seat": "chu"}) == {**no, "code": "malformed"}
    assert await member.call("vote", {}) == {**no, "code": "unknown_type"}
    assert await member.call("command", [1, 2]) == {**no, "code": "malformed"}
    assert await member.call("command", None) == {**no, "code": "malformed"}
    assert await member.call("signal", {"type": "shows"}) == {**no, "code": "malformed"}
    assert await member.send(c.OpenMeeting()) == {**no, "code": "not_allowed"}
    await room.act("chu", c.OpenMeeting())
    await member.caught_up(room.running.state.rev)
    assert member.view["meeting"]["phase"] == "running"
    await leave(member, desk)


@pytest.mark.parametrize(
    ("seat", "token", "code"),
    [
        ("an", "", "not_signed_in"),
        ("an", "an-1.aaaa", "not_signed_in"),
        ("nobody", "x", "not_signed_in"),
    ],
)
async def test_a_stranger_is_refused_at_the_door(
    room: Hall, seat: str, token: str, code: str
) -> None:
    assert await refused(Tablet(room.url, seat, token)) == code


async def test_another_seats_cookie_opens_nothing(room: Hall) -> None:
    device = await room.device("chu")
    borrowed = Tablet(room.url, "an", room.token("chu", device))
    assert await refused(borrowed) == "not_signed_in"


async def test_a_revoked_device_is_told_and_let_go(room: Hall) -> None:
    lost = await tablet(room, "an")
    device = await room.device("an")
    await room.act("thu", c.RevokeDevice(device))
    async with asyncio.timeout(20):
        await lost.gone.wait()
    await lost.leave()
    assert lost.signals[-1] == {"type": "leave", "code": "device_revoked"}
    again = Tablet(room.url, "an", room.token("an", device))
    assert await refused(again) == "device_revoked"


async def test_the_desk_sees_the_roll_and_the_room_members_see_numbers(room: Hall) -> None:
    desk, member = await tablets(room, "thu", "an")
    await member.call("signal", {"type": "idle", "follows": True})
    await desk.until(lambda: any(s["type"] == "room" and s["following"] for s in desk.signals))
    answer = await member.send(c.CheckIn(room.running.codes.digits(_now(room))))
    assert answer["status"] == "committed"
    await desk.caught_up(answer["rev"])
    await member.caught_up(answer["rev"])
    changes = [p["roll"].get("an", {}) for p in desk.patches if "roll" in p]
    rows = [change["attendance"] for change in changes if "attendance" in change]
    assert rows[-1] == "present"
    assert not any("roll" in p for p in member.patches)
    assert member.view["counts"]["present"] == 1
    await member.until(lambda: member.own["attendance"] == "present")
    assert not any(s["type"] == "room" for s in member.signals)
    await leave(desk, member)


async def test_wrong_digits_are_refused_and_soon_paused(room: Hall) -> None:
    member = await tablet(room, "an")
    on_show = {room.running.codes.digits(_now(room) - 30 * age) for age in range(20)}
    wrong = next(d for d in ("0000", "1111", "2222") if d not in on_show)
    codes = [(await member.send(c.CheckIn(wrong)))["code"] for _ in range(6)]
    assert codes == ["code_wrong"] * 5 + ["code_paused"]
    assert room.running.state.seats["an"].stand.state == "none"
    await member.leave()


async def test_checkins_are_gathered_but_page_turns_are_not(room: Hall) -> None:
    watcher = await tablet(room, "ca")
    await room.act("chu", c.OpenMeeting())
    await watcher.caught_up(room.running.state.rev)
    seen = len(watcher.patches)
    for number in range(12):
        seat = f"them{number}"
        await room.act("thu", c.AddSeat(seat, f"Người {number}", "", "member"))
    await watcher.caught_up(room.running.state.rev)
    assert len(watcher.patches) - seen < 12
    assert watcher.gaps == 0
    await watcher.leave()


def _now(room: Hall) -> float:
    return room.server.shell.clock.seconds()
