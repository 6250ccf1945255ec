"""What a member's device is sent, in bytes: over slow Wi-Fi, small is fast.

Sizes on the wire are those of whole WebSocket frames as a client reads them; how often is
reckoned with a loop whose time is a clock moved by hand.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.uri import parse_uri

from meeting import demo
from meeting.access import cookie_name
from meeting.clock import Times
from meeting.protocol import commands as c
from meeting.publishing import Publication, Publishing
from meeting.rules.visibility import Audience, audience_of, audiences
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.helpers.hall import Hall, hall
from tests.helpers.minutes import Minutes

TURN_MOST: Final = 200
JOINING_MOST: Final = 4 * 1024
PATCH_MOST: Final = 150
PATCHES_A_SECOND: Final = 5

FRAME_HEAD: Final = 4
"""Bytes before the payload of a frame from a server, for payloads of 126 to 65,535 bytes."""

WAIT_SECONDS: Final = 20.0


class Wire:
    """A member's connection, read by hand: each text that comes, with the bytes it cost."""

    def __init__(self, hall: Hall, seat: str, token: str) -> None:
        self._hall = hall
        self._seat = seat
        self._token = token

    async def __aenter__(self) -> Self:
        uri = parse_uri(
            f"{self._hall.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
        )
        self._reader, self._writer = await asyncio.open_connection(uri.host, uri.port)
        self._protocol = ClientProtocol(uri)
        request = self._protocol.connect()
        request.headers["Cookie"] = f"{cookie_name(self._seat)}={self._token}"
        self._protocol.send_request(request)
        self._flush()
        self._came: list[tuple[str, int]] = []
        await self.until("0")
        self._say("40" + json.dumps({"seat": self._seat, "protocol": 1}))
        await self.until("40")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def join(self) -> list[tuple[str, int]]:
        """All that comes for joining: view, beacon and answer."""
        self._say('421["join",{}]')
        return await self.until("431")

    async def until(self, start: str) -> list[tuple[str, int]]:
        """What came up to and with the first text that begins so."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not any(text.startswith(start) for text, _ in self._came):
                self._take(await self._reader.read(65_536))
        texts = [text.startswith(start) for text, _ in self._came]
        end = texts.index(True) + 1
        came, self._came = self._came[:end], self._came[end:]
        return came

    def _take(self, data: bytes) -> None:
        assert data, "the server ended the connection"
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                text = bytes(event.data).decode()
                self._came.append((text, len(event.serialize(mask=False))))
        self._flush()

    def _say(self, text: str) -> None:
        self._protocol.send_text(text.encode())
        self._flush()

    def _flush(self) -> None:
        self._writer.write(b"".join(self._protocol.data_to_send()))


def body(text: str) -> Any:
    """What an event carries."""
    return json.loads(text[2:])[1]


async def sample(hall: Hall) -> None:
    """The sample meeting, as `meeting demo` lays it down."""
    await demo.prepare(hall.server, (), anew=True)


def seat_of(hall: Hall, role: str) -> str:
    return next(seat.id for seat in hall.running.state.seats.values() if seat.role == role)


async def wire_of(hall: Hall, seat: str) -> Wire:
    return Wire(hall, seat, hall.token(seat, await hall.device(seat)))


async def test_joining_the_sample_meeting_is_small(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as house:
        await sample(house)
        chair = seat_of(house, "chair")
        longest = max(house.running.state.documents.values(), key=lambda paper: paper.pages)
        await house.act(chair, c.OpenMeeting())
        await house.act(chair, c.StartItem(longest.item))
        await house.act(chair, c.ShowPage(longest.id, 1, 7))
        async with await wire_of(house, seat_of(house, "member")) as wire:
            came = await wire.join()
    names = [text.partition("[")[2].split('"')[1] for text, _ in came]
    assert sorted(names) == ["beacon", "status", "view"]
    assert body(came[0][0])["view"]["presented"]["page"] == 7
    sizes = {name: size for name, (_, size) in zip(names, came, strict=True)}
    assert sum(sizes.values()) <= JOINING_MOST, sizes


async def test_a_page_turn_is_small(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as house:
        await sample(house)
        chair = seat_of(house, "chair")
        longest = max(house.running.state.documents.values(), key=lambda paper: paper.pages)
        await house.act(chair, c.OpenMeeting())
        await house.act(chair, c.StartItem(longest.item))
        await house.act(chair, c.ShowPage(longest.id, 1, 1))
        async with await wire_of(house, seat_of(house, "member")) as wire:
            await wire.join()
            sizes = []
            for page in range(2, longest.pages + 1):
                await house.act(chair, c.ShowPage(longest.id, 1, page))
                came = await wire.until('42["patch"')
                assert body(came[-1][0])["patch"]["presented"] == {"page": page}
                sizes.append(sum(size for text, size in came if not text.startswith('42["beacon"')))
    assert len(sizes) > 1
    assert max(sizes) <= TURN_MOST


class HandLoop(asyncio.SelectorEventLoop):
    """A loop whose time is a clock moved by hand."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__()
        self._clock_by_hand = clock

    def time(self) -> float:
        return self._clock_by_hand.seconds()


def test_five_hundred_check_ins_cost_a_members_device_little() -> None:
    """One every 2 ms, for a second; meanwhile nobody turns a page."""
    members = [f"m{number}" for number in range(500)]
    minutes = Minutes().office(
        make.a_meeting(),
        make.a_seat("chair", "chair", votes=True),
        make.a_seat("sec", "secretary"),
        *(make.a_seat(member, votes=True) for member in members),
    )
    for member in ("chair", *members):
        minutes.does(make.card(member), c.ClaimDevice(f"{member}-1", "tablet"))
    minutes.does("chair", c.OpenMeeting(early=True))
    clock = HandClock()
    began = clock.seconds()
    said: list[tuple[float, Publication]] = []
    publishing = Publishing(
        lambda: minutes.state,
        lambda publication: said.append((clock.seconds() - began, publication)),
        clock,
        Times().gather,
    )
    for audience in audiences(minutes.state):
        publishing.shown_to(audience)
    publishing.own_of(members[0])

    async def check_in() -> None:
        for member in members:
            publishing.changed(minutes.does(member, c.CheckIn()))
            clock.pass_by(0.002)
            await asyncio.sleep(0)  # what is due now is sent
        clock.pass_by(Times().gather)
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=lambda: HandLoop(clock)) as runner:
        runner.run(check_in())

    device = audience_of(minutes.state, minutes.state.seats[members[0]])
    patches = [(at, size_of(one, device)) for at, one in said if one.patches]
    assert publishing.rev == minutes.state.rev
    assert counted(said[-1][1], device) == {"present": 500, "voting_present": 500}
    assert sum(at < 1 for at, _ in patches) <= PATCHES_A_SECOND
    assert max(size for _, size in patches) <= PATCH_MOST
    own = [seat for _, one in said for seat, _ in one.own]
    assert own == [members[0]]


def size_of(publication: Publication, audience: Audience) -> int:
    message = dict(publication.patches)[audience]
    return FRAME_HEAD + len(b"42" + msgspec.json.encode(["patch", message]))


def counted(publication: Publication, audience: Audience) -> Any:
    return dict(publication.patches)[audience].patch["counts"]
