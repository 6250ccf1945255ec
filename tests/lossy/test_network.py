"""The parts of the lossy world itself: frames are found, lost and said twice as they should be."""

from __future__ import annotations

from random import Random

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode

from tests.lossy import frames
from tests.lossy.network import CLEAR, Network, Weather

SAID = [f"42{number}" for number in range(20)]


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
@pytest.mark.parametrize("mask", [True, False])
def test_a_frame_is_cut_off_where_it_ends(length: int, mask: bool) -> None:
    whole = Frame(Opcode.TEXT, b"x" * length).serialize(mask=mask)
    buffer = bytearray(whole[:-1])
    assert frames.take(buffer) is None
    buffer += whole[-1:] + b"\x81"
    assert frames.take(buffer) == whole
    assert buffer == b"\x81"


def test_events_are_told_from_heartbeats_and_answers() -> None:
    said = [b"2", b"430[]", b"42[]", b"42" + b"x" * 200, b"42" + b"x" * 70_000]
    told = [frames.is_event(Frame(Opcode.TEXT, text).serialize(mask=False)) for text in said]
    assert told == [False, False, True, True, True]


async def heard(weather: Weather) -> list[str]:
    """What arrives of what a server says, in this weather and then `end` in clear weather."""

    async def say(socket: ServerConnection) -> None:
        network.weather = weather
        for text in SAID:
            await socket.send(text)
        await socket.recv()
        network.weather = CLEAR
        await socket.send("end")
        await socket.wait_closed()

    arrived = []
    async with serve(say, "127.0.0.1", 0) as server:
        network = Network(server.sockets[0].getsockname()[1], Random(7))
        await network.start()
        address = network.url.replace("http", "ws")
        async with connect(address, compression=None, proxy=None) as socket:
            await socket.send("all said?")
            while (text := await socket.recv()) != "end":
                arrived.append(str(text))
        await network.stop()
    return arrived


async def test_clear_weather_changes_nothing() -> None:
    assert await heard(CLEAR) == SAID


async def test_frames_are_said_twice_in_order() -> None:
    assert await heard(Weather(twice=1.0)) == [text for text in SAID for _ in range(2)]


async def test_events_are_lost() -> None:
    assert await heard(Weather(events_lost=1.0)) == []


async def test_delays_keep_the_order() -> None:
    assert await heard(Weather(delay=0.5, longest=0.02)) == SAID
