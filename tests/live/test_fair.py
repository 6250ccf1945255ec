"""Whoever says too much, or reads nothing, is let go; nobody else notices, and the desk is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import socketio

from meeting.access import cookie_name
from meeting.clock import Times
from meeting.fanout import frame
from meeting.limits import COMMANDS_MOST, Bucket
from meeting.live import SOCKETS_MOST
from meeting.protocol import commands as c
from meeting.sending import ENDED_MOST, UNSENT_MOST
from meeting.strangers import AGAIN_MOST, FRAMES_MOST, NEW_EACH_SECOND
from tests.helpers.hall import Hall, hall, passing_on, sent, small_meeting
from tests.helpers.raw import Raw
from tests.helpers.tablet import WAIT_SECONDS, Tablet

SHORT: Final = Times(ping=0.2, ping_timeout=0.3, nameless=0.4, deaf=0.6, tick=0.1, beacon=0.1)

FLOODS: Final[dict[str, str]] = {
    "commands": '42["command",{"id":"aaaaaaaa","command":{"type":"meeting.open"}}]',
    "joins": '42["join",{}]',
    "huge arrays": '42["command",[' + "1," * 20_000 + "1]]",
    "deep": '42["command",' + "[" * 2_000 + "]" * 2_000 + "]",
    "forged connect": '42["connect",{"HTTP_COOKIE":"seat_chu=x"},{"seat":"chu"}]',
    "forged disconnect": '42["disconnect"]',
    "answers to no probe": "3",
    "upgrades": "5",
    "binary": '451-["join",{"_placeholder":true,"num":0}]',
    "nothing": "4",
}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path / "data") as running:
        await running.lay_down(*small_meeting())
        yield running


async def raw(room: Hall, seat: str) -> Raw:
    """A bare device of this seat that has joined."""
    token = room.token(seat, await room.device(seat))
    made = await Raw.opened(room.url, f"{cookie_name(seat)}={token}")
    await made.joins(seat)
    return made


async def tablet(room: Hall, seat: str) -> Tablet:
    made = Tablet(room.url, seat, room.token(seat, await room.device(seat)))
    await made.join()
    return made


async def a_page_turns(room: Hall, *watching: Tablet) -> None:
    """The chair opens and turns, and everybody watching has it."""
    await room.act("chu", c.OpenMeeting())
    await room.act("chu", c.StartItem("1"))
    await room.act("chu", c.ShowPage("d1", 1, 3))
    for one in watching:
        await one.until(lambda one=one: one.turns == [("d1", 3)])


@pytest.mark.parametrize("packet", FLOODS.values(), ids=FLOODS)
async def test_who_floods_is_let_go_and_kept_out_for_a_moment(room: Hall, packet: str) -> None:
    watcher, flooding = await tablet(room, "ba"), await raw(room, "an")
    async with asyncio.timeout(WAIT_SECONDS):
        reading = asyncio.create_task(flooding.ended())
        for _ in range(FRAMES_MOST * 5):
            if reading.done():
                break
            flooding.says(packet)
            await asyncio.sleep(0)
        await reading
    await until(lambda: {link.actor.seat for link in room.server.live.connections} == {"ba"})
    again = Tablet(room.url, "an", room.token("an", await room.device("an")))
    with pytest.raises(socketio.exceptions.ConnectionError):
        await again.join()
    assert again.refused == "server_busy"
    await a_page_turns(room, watcher)
    assert room.running.state.phase == "running"
    await watcher.leave()


async def test_a_few_of_the_largest_messages_are_a_flood(room: Hall) -> None:
    flooding = await raw(room, "an")
    flooding.says(*['42["command",[' + "0," * 31_000 + "0]]"] * 10)
    async with asyncio.timeout(WAIT_SECONDS):
        await flooding.ended()
    await until(lambda: not room.server.live.connections)


async def test_a_device_that_asks_too_often_is_asked_to_wait_and_loses_nothing(room: Hall) -> None:
    device = await tablet(room, "thu")
    headers = {"cookie": f"seat_thu={device.token}", "x-phien": "1"}
    own = await room.device("thu")
    soon = asyncio.get_running_loop().time() + 2  # nothing is given before
    for _ in range(COMMANDS_MOST):
        room.server.paces.allows("thu", own, soon)
    mark = sent(c.MarkAttendance("ba", "present"))
    said = {"id": mark.id, "command": {"type": "attendance.mark", "seat": "ba", "state": "present"}}
    async with httpx2.AsyncClient(base_url=room.url, headers=headers) as http:
        posted = await http.post("/s/thu/command", json=said)
    answer = await device.call("command", said)
    assert (posted.json()["status"], answer["status"]) == ("retry", "retry")
    while answer["status"] == "retry":
        await asyncio.sleep(answer["after_ms"] / 1000)
        answer = await device.call("command", said)
    assert answer["status"] == "committed"
    assert room.running.state.seats["ba"].stand.state == "present"
    await device.leave()


async def test_a_socket_that_never_says_who_it_is_is_ended(tmp_path: Path) -> None:
    async with hall(tmp_path / "data", times=SHORT) as room:
        await room.lay_down(*small_meeting())
        silent, refused = await Raw.opened(room.url), await Raw.opened(room.url)
        refused.says('40{"seat":"an"}')
        async with asyncio.timeout(WAIT_SECONDS):
            await asyncio.gather(silent.ended(), refused.ended())
        await until(lambda: not room.server.live.server.eio.sockets)


async def test_so_many_new_sockets_without_a_seat_and_no_more(room: Hall) -> None:
    desk = await tablet(room, "thu")
    opened, refused = await open_until_refused(room.url)
    assert refused == "HTTP/1.1 403 Forbidden"
    assert len(opened) >= NEW_EACH_SECOND
    member = await tablet(room, "an")
    await desk.until(lambda: "limit_sockets" in warnings(desk))
    assert desk.signals[-1]["type"] == "room"
    for one in opened:
        one.leave()
    await member.leave()
    await desk.leave()


@pytest.mark.parametrize("packet", ["", "x", "²", "9", "0{}", "4" + "[" * 30_000])
async def test_what_the_library_cannot_read_leaves_nothing_behind(
    room: Hall, packet: str, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in, stranger = await raw(room, "an"), await Raw.opened(room.url)
    for socket in (signed_in, stranger):
        socket.says(packet)
    signed_in.says('420["join",{}]')
    async with asyncio.timeout(WAIT_SECONDS):
        while (await signed_in.event())[0] != "view":
            pass
    for socket in (signed_in, stranger):
        socket.leave()
    await until(lambda: not room.server.live.server.eio.sockets)
    assert (room.server.live.connections, list(room.server.live.sending.stale)) == ([], [])
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("opcode", [0x89, 0x8A, 0x00], ids=["pings", "pongs", "empty pieces"])
async def test_frames_that_are_no_message_are_counted_too(room: Hall, opcode: int) -> None:
    watcher, flooding = await tablet(room, "ba"), await raw(room, "an")
    reading = asyncio.create_task(flooding.ended())
    if opcode == 0x00:
        flooding.writer.write(bytes([0x01, 0x80, 0, 0, 0, 0]))
    async with asyncio.timeout(WAIT_SECONDS):
        while not reading.done():
            flooding.writer.write(bytes([opcode, 0x80, 0, 0, 0, 0]) * 10)
            await asyncio.sleep(0)
    await until(lambda: {link.actor.seat for link in room.server.live.connections} == {"ba"})
    await a_page_turns(room, watcher)
    await watcher.leave()


async def test_a_device_has_so_many_sockets_and_a_further_one_ends_the_oldest(room: Hall) -> None:
    sockets = [await raw(room, "an") for _ in range(SOCKETS_MOST + 2)]
    async with asyncio.timeout(WAIT_SECONDS):
        await asyncio.gather(*(socket.ended() for socket in sockets[:2]))
    await until(lambda: len(room.server.live.connections) == SOCKETS_MOST)
    await a_page_turns(room)
    async with asyncio.timeout(WAIT_SECONDS):
        for socket in sockets[2:]:
            while (await socket.event())[1].get("patch", {}).get("presented") is None:
                pass
            socket.leave()


async def test_a_device_that_comes_again_and_again_has_to_wait(room: Hall) -> None:
    cookie = f"seat_an={room.token('an', await room.device('an'))}"
    opened, refused = await open_until_refused(room.url, cookie)
    assert len(opened) >= AGAIN_MOST
    assert refused == "HTTP/1.1 403 Forbidden"
    other = await tablet(room, "ba")
    for socket in opened:
        socket.leave()
    await other.leave()


async def test_behind_another_server_the_one_that_floods_is_let_go_and_no_other(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path / "data", around=passing_on) as room:
        await room.lay_down(*small_meeting())
        watcher, flooding = await tablet(room, "ba"), await raw(room, "an")
        reading = asyncio.create_task(flooding.ended())
        async with asyncio.timeout(WAIT_SECONDS):
            while not reading.done():
                flooding.says(FLOODS["joins"])
                await asyncio.sleep(0)
        await until(lambda: {link.actor.seat for link in room.server.live.connections} == {"ba"})
        await a_page_turns(room, watcher)
        await watcher.leave()


async def test_who_takes_nothing_is_let_go_and_the_others_go_on(tmp_path: Path) -> None:
    async with hall(tmp_path / "data", times=SHORT) as room:
        await room.lay_down(*small_meeting())
        deaf, watcher = await raw(room, "an"), await tablet(room, "ba")
        await until(lambda: {link.actor.seat for link in room.server.live.connections} == {"ba"})
        await a_page_turns(room, watcher)
        assert (watcher.gaps, watcher.gone.is_set()) == (0, False)
        deaf.leave()
        await watcher.leave()


async def test_many_who_take_nothing_are_let_go_a_few_at_a_time(tmp_path: Path) -> None:
    never = 600.0
    still = Times(beacon=never, tick=never, ping=never, ping_timeout=never, deaf=never)
    async with hall(tmp_path / "data", times=still) as room:
        await room.lay_down(*small_meeting())
        sockets = [await raw(room, seat) for seat in ("an", "ba", "ca") for _ in range(4)]
        live, too_much = room.server.live, frame("signal", "x" * (2 * UNSENT_MOST))

        async def remain(count: int) -> None:
            await until(lambda: len(live.connections) == count)

        for link in live.connections:
            link.line.send(too_much)
        for left in (12 - ENDED_MOST, 0):
            live.sending.let_go(live.connections)
            let_go = f'phien_devices_closed_total{{reason="deaf"}} {12.0 - left}\n'
            assert let_go in room.server.metrics.text().decode()
            await remain(left)
        for socket in sockets:
            socket.leave()


async def test_everybody_is_told_when_to_come_back_and_let_go(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as room:
        await room.lay_down(*small_meeting())
        first, second, deaf = await raw(room, "an"), await raw(room, "ba"), await raw(room, "ca")
        async with asyncio.timeout(WAIT_SECONDS):
            closing = asyncio.create_task(room.server.live.close())
            for device in (first, second):
                while (event := await device.event())[1].get("type") != "bye":
                    pass
                assert event == ("signal", {"type": "bye", "after_ms": 3000})
                await device.ended()
            await closing
        deaf.leave()


def test_a_bucket_gives_what_it_holds_and_fills_by_time() -> None:
    bucket = Bucket(3, each_second=2)
    assert [bucket.take(10.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(10.5), bucket.take(10.5)] == [True, False]
    assert [bucket.take(99.0) for _ in range(4)] == [True, True, True, False]
    # A clock that goes back gives nothing, nor does it when it comes forward again.
    assert [bucket.take(90.0), bucket.take(99.25)] == [False, False]
    assert bucket.take(99.5) is True


async def open_until_refused(url: str, cookie: str = "") -> tuple[list[Raw], str]:
    """Sockets opened one after the other, and what the first one that was refused was told."""
    opened: list[Raw] = []
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            try:
                opened.append(await Raw.opened(url, cookie))
            except ConnectionError as error:
                return opened, str(error)


def warnings(desk: Tablet) -> list[str]:
    """What the desk was last warned of."""
    told = [signal for signal in desk.signals if signal["type"] == "room"]
    return list(told[-1]["warnings"]) if told else []


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not true():  # noqa: ASYNC110 - there is nothing to wait for but the loop's next round
            await asyncio.sleep(0)
