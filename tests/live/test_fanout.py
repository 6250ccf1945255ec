"""Frames go straight to the transports, in order; who cannot take them is brought up to date."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from engineio.packet import MESSAGE, Packet

from meeting.clock import Times
from meeting.fanout import Direct, Ordinary, frame
from meeting.protocol import commands as c
from meeting.protocol import patch
from meeting.protocol.answers import Committed
from meeting.sending import UNSENT_MOST, Connection
from tests.helpers import make
from tests.helpers.hall import Hall, hall, passing_on, sent, small_meeting
from tests.helpers.raw import Raw
from tests.helpers.tablet import WAIT_SECONDS, Tablet

FRAMES: Final = 10_000
PATIENT: Final = Times(ping=600, ping_timeout=600, deaf=600)
"""Nobody is let go while a test makes a device stall."""


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path / "data", times=PATIENT) as running:
        await running.lay_down(*small_meeting())
        yield running


async def joined(room: Hall, seat: str) -> Raw:
    raw = await Raw.opened(room.url, f"seat_{seat}={room.token(seat, await room.device(seat))}")
    async with asyncio.timeout(WAIT_SECONDS):
        await raw.joins(seat)
    return raw


async def resting(room: Hall, seat: str) -> tuple[Raw, Direct]:
    """A device that has joined, and the line to it with nothing on its way."""
    raw = await joined(room, seat)
    line = link_of(room, seat).line
    assert isinstance(line, Direct)
    await until(lambda: line.idle)
    return raw, line


def link_of(room: Hall, seat: str) -> Connection:
    [link] = [link for link in room.server.live.connections if link.actor.seat == seat]
    return link


async def test_every_device_is_written_to_directly(room: Hall) -> None:
    raws = [await joined(room, seat) for seat in ("chu", "thu", "an", "man")]
    assert [type(link.line) for link in room.server.live.connections] == [Direct] * 4
    for raw in raws:
        raw.leave()


async def test_an_idle_line_takes_a_frame_whole(room: Hall) -> None:
    raw, line = await resting(room, "an")
    assert line.offer(frame("signal", {"type": "bye", "after_ms": 7}))
    async with asyncio.timeout(WAIT_SECONDS):
        while (heard := await raw.event())[0] != "signal":
            pass
    assert heard == ("signal", {"type": "bye", "after_ms": 7})
    raw.leave()


GOODBYE: Final = bytes([0x88, 0x80, 0, 0, 0, 0])
"""A close frame as a client sends it."""

ENDINGS: Final[dict[str, Callable[[Direct], None]]] = {
    "device says goodbye": lambda line: line._protocol.data_received(GOODBYE),
    "server stops": lambda line: line._protocol.shutdown(),
    "ended": lambda line: line.end(),
    "aborted": lambda line: line.abort(),
}


@pytest.mark.parametrize("ending", [GOODBYE, b""], ids=["close", "gone"])
async def test_nothing_is_written_once_the_device_says_goodbye_or_is_gone(
    room: Hall, ending: bytes
) -> None:
    raw, line = await resting(room, "an")
    if ending:
        raw.writer.write(ending)
    else:
        raw.leave()
    await until(lambda: not line.idle)
    assert not line.offer(frame("signal", {"type": "bye", "after_ms": 7}))
    await until(lambda: not room.server.live.connections)
    assert not line.idle
    raw.leave()


async def test_a_line_knows_of_a_closing_handshake_at_once(room: Hall) -> None:
    raw, line = await resting(room, "an")
    idle = []
    for closing in (True, False):
        line._protocol.close_sent = closing
        idle.append(line.idle)
    line._protocol.connection_lost(None)
    idle.append(line.idle)
    assert idle == [False, True, False]
    raw.leave()


@pytest.mark.parametrize("ends", ENDINGS.values(), ids=ENDINGS)
async def test_nothing_is_written_behind_the_end(
    room: Hall, ends: Callable[[Direct], None]
) -> None:
    raw, line = await resting(room, "an")
    ends(line)
    assert not line.offer(frame("signal", {"type": "bye", "after_ms": 7}))
    raw.leave()


async def test_a_connection_that_is_cancelled_ends(room: Hall) -> None:
    raw = await joined(room, "an")
    [serving] = [task for task in asyncio.all_tasks() if "run_asgi" in repr(task.get_coro())]
    serving.cancel()
    async with asyncio.timeout(WAIT_SECONDS):
        await asyncio.wait({serving})
    await until(lambda: not room.server.live.connections)
    raw.leave()


async def test_what_waits_in_the_queue_goes_first(room: Hall) -> None:
    raw, line = await resting(room, "an")
    line._outbox.put_nowait(Packet(MESSAGE, data='2["signal",{"type":"count","n":0}]'))
    assert not line.offer(frame("signal", {"type": "count", "n": 7}))
    line.send(frame("signal", {"type": "count", "n": 1}))
    await until(lambda: line.idle)
    assert line.offer(frame("signal", {"type": "count", "n": 2}))
    async with asyncio.timeout(WAIT_SECONDS):
        assert [n async for n in numbers(raw, 3)] == [0, 1, 2]
    raw.leave()


async def test_ten_thousand_frames_stay_in_order_while_a_device_stalls(room: Hall) -> None:
    reading, stalling = await joined(room, "an"), await joined(room, "ba")
    open_line, stuck_line = link_of(room, "an").line, link_of(room, "ba").line
    taken: list[int] = []

    async def read_all() -> list[int]:
        return [n async for n in numbers(reading, FRAMES)]

    listening = asyncio.create_task(read_all())
    for number in range(FRAMES):
        message = frame("signal", {"type": "count", "n": number, "fill": "x" * 50})
        open_line.send(message)
        if stuck_line.offer(message):
            taken.append(number)
        if number % 100 == 0:  # answers go another way than frames, and must not overtake them
            reading.says('429["signal",{"type":"idle","follows":true}]')
            await until(lambda: open_line.unsent < UNSENT_MOST / 10)
    async with asyncio.timeout(60):
        assert await listening == list(range(FRAMES))
        assert not stuck_line.idle
        assert 0 < len(taken) < FRAMES
        assert [n async for n in numbers(stalling, len(taken))] == taken
    reading.leave()
    stalling.leave()


async def test_who_stalled_gets_one_patch_over_all_it_missed(room: Hall) -> None:
    raw = await Raw.opened(room.url, f"seat_an={room.token('an', await room.device('an'))}")
    async with asyncio.timeout(WAIT_SECONDS):
        message = await raw.joins("an")
    link, view, rev = link_of(room, "an"), message["view"], message["rev"]
    number = 0
    while not link.missed:
        number += 50
        await office(room, range(number, number + 50))
    missed_from = room.running.state.rev
    await office(room, range(20_000, 20_020))
    patches = []
    async with asyncio.timeout(WAIT_SECONDS):
        while rev < room.running.state.rev:
            name, body = await raw.event()
            if name == "patch":
                assert body["from"] == rev
                view, rev = patch.apply(view, body["patch"]), body["to"]
                patches.append((body["from"], body["to"]))
    assert view == room.running.publishing.shown_to(link.audience or _never()).view
    assert [reach for reach in patches if reach[1] > missed_from] == [patches[-1]]
    assert not link.missed
    raw.leave()


async def test_behind_another_server_devices_get_ordinary_emits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with hall(tmp_path / "data", around=passing_on) as room:
        await room.lay_down(*small_meeting())
        tablets = [
            Tablet(room.url, seat, room.token(seat, await room.device(seat)))
            for seat in ("chu", "an")
        ]
        for tablet in tablets:
            await tablet.join()
        chair, member = tablets
        assert [type(link.line) for link in room.server.live.connections] == [Ordinary] * 2
        assert "libraries_unexpected" in [record.getMessage() for record in caplog.records]
        await room.act("chu", c.OpenMeeting())
        await room.act("chu", c.StartItem("1"))
        await chair.caught_up(room.running.state.rev)
        for page in range(1, 6):
            answer = await chair.turn("d1", page, at=room.server.shell.clock.seconds())
            assert answer["status"] == "committed", answer
            for tablet in tablets:  # who is slower than the next turn gets the newest only
                await tablet.caught_up(answer["rev"])
        assert member.turns == [("d1", page) for page in range(1, 6)]
        for tablet in tablets:
            await tablet.leave()


async def numbers(raw: Raw, count: int) -> AsyncIterator[int]:
    """The numbers of so many counted frames, as they come."""
    while count:
        packet = await raw.packet()
        if packet.startswith("42") and (body := json.loads(packet[2:])[1]).get("type") == "count":
            count -= 1
            yield body["n"]


async def office(room: Hall, numbers: range) -> None:
    """Many papers with long titles are laid down at once."""
    papers = [make.a_document(f"x{number}", "1", title="Đ" * 400) for number in numbers]
    asked = [room.running.submit(make.OFFICE, sent(paper)) for paper in papers]
    assert {type(answer) for answer in await asyncio.gather(*asked)} == {Committed}
    await until(lambda: room.running.publishing.rev == room.running.state.rev)


async def until(true: Callable[[], bool]) -> None:
    """Let the loop go on until it is so."""
    async with asyncio.timeout(WAIT_SECONDS):
        await asyncio.sleep(0)
        while not true():  # noqa: ASYNC110 - there is nothing to wait for but the loop's next round
            await asyncio.sleep(0)


def _never() -> Any:
    raise AssertionError
