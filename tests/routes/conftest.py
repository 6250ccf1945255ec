"""A house: one server's routes over a real store, with a clock that is moved by hand."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from meeting import routes
from meeting.access import Access, Tries, cookie_name, load_key
from meeting.archive.archives import Archives
from meeting.archive.savings import Savings
from meeting.archive.sticks import on_macos
from meeting.awake import Awake, Hold
from meeting.clock import Times
from meeting.copies import Copies, typeface
from meeting.counts import Uncounted
from meeting.limits import Paces, Reached
from meeting.logs import Lately
from meeting.meetings import Meetings
from meeting.metrics import Metrics
from meeting.office.machine import Machine
from meeting.office.networks import Networks
from meeting.office.passwords import Passwords
from meeting.office.phones import PhoneTest
from meeting.office.register import Register
from meeting.office.screens import Screens
from meeting.office.templates import Templates
from meeting.pages import Pages
from meeting.printing.prints import Prints
from meeting.protocol import commands as c
from meeting.protocol.answers import Answer, Committed
from meeting.protocol.words import Sighting
from meeting.routes.shell import Shell
from meeting.rules.state import Actor, MeetingState
from meeting.running import RunningMeeting
from meeting.store.engine import open_store
from meeting.store.meetings import Meetings as StoredMeetings
from meeting.store.networks import StoredNetworks
from meeting.store.offices import Offices
from meeting.store.space import Space
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.helpers.office import QUICK

URL = "http://192.168.1.105:8080"
TRIES = 4


class House:
    """What a test may do besides knocking at the door with a browser."""

    def __init__(self, shell: Shell, clock: HandClock) -> None:
        self.shell = shell
        self.clock = clock
        self.app = routes.http(shell)

    @property
    def running(self) -> RunningMeeting:
        return self.shell.meetings.all()[-1]

    @property
    def state(self) -> MeetingState:
        return self.running.state

    def browser(self, **headers: str) -> httpx2.AsyncClient:
        """A browser with an empty cookie jar that does not go on by itself."""
        return self._browser(headers, raise_faults=True)

    def unsuspecting(self, **headers: str) -> httpx2.AsyncClient:
        """A browser that is shown our faults as a person's would be; others raise them."""
        return self._browser(headers, raise_faults=False)

    def browser_at(self, peer: str, url: str, **headers: str) -> httpx2.AsyncClient:
        """A browser on the machine with this address, which opens the server by this URL."""
        transport = httpx2.ASGITransport(app=self.app, client=(peer, 50_000))
        return httpx2.AsyncClient(transport=transport, base_url=url, headers=headers)

    def _browser(self, headers: dict[str, str], *, raise_faults: bool) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=raise_faults)
        return httpx2.AsyncClient(transport=transport, base_url=URL, headers=headers)

    async def prepare(self, *commands: c.Command) -> None:
        """The office lays down a meeting; the first command creates it."""
        for command in commands:
            if isinstance(command, c.CreateMeeting):
                running = self.shell.meetings.begin(command.meeting)
            else:
                running = self.running
            answer = await running.submit(make.OFFICE, self.sent(command))
            assert isinstance(answer, Committed), (command, answer)

    async def claim(self, seat: str, device: str = "") -> str:
        """Another device of this seat; its id."""
        device = device or f"{seat}-{secrets.token_hex(4)}"
        card = make.card(seat, self.state.seats[seat].card)
        answer = await self.running.submit(card, self.sent(c.ClaimDevice(device, "tablet")))
        assert isinstance(answer, Committed), answer
        return device

    async def act(self, seat: str, command: c.Command, sighting: Sighting = "none") -> Answer:
        """This seat's first device asks, at this moment."""
        known = self.state.devices_of(seat)
        device = known[0].id if known else await self.claim(seat)
        sent = c.Sent(secrets.token_hex(8), command, self.clock.seconds())
        return await self.running.submit(Actor("device", seat, device), sent, sighting=sighting)

    async def does(self, seat: str, *commands: c.Command) -> None:
        for command in commands:
            answer = await self.act(seat, command)
            assert isinstance(answer, Committed), (command, answer)

    def cookie(self, seat: str, device: str) -> dict[str, str]:
        """The header of a browser that is this device."""
        token = self.shell.access.device_token(self.running.id, seat, device)
        return {"cookie": f"{cookie_name(seat)}={token}"}

    async def browser_of(self, seat: str) -> httpx2.AsyncClient:
        """A browser that serves this seat."""
        return self.browser(**self.cookie(seat, await self.claim(seat)))

    def card(self, seat: str) -> str:
        """The path of the seat's personal link."""
        serial = self.state.seats[seat].card
        return f"/c/{self.shell.access.card_code(self.running.id, seat, serial)}"

    def digits(self, seat: str) -> str:
        return self.shell.access.card_digits(self.state)[seat]

    def shown_code(self) -> str:
        """The path in the QR on the room screen now."""
        return f"/q/{self.running.codes.scan_code(self.clock.seconds())}"

    def sent(self, command: c.Command) -> c.Sent:
        return c.Sent(secrets.token_hex(8), command)


@contextlib.asynccontextmanager
async def opened(folder: Path, clock: HandClock) -> AsyncIterator[House]:
    """A server over this folder, from its start to its end."""
    store = await open_store(folder)
    key = load_key(folder)
    meetings = Meetings(
        StoredMeetings(store), key, clock, lambda running, publication: None, Times()
    )
    await meetings.start()
    office = Register(Offices(store), clock, Passwords(QUICK))
    await office.start()
    networks = Networks(StoredNetworks(store), office)
    await networks.start()
    machine = Machine(
        folder,
        clock,
        Space(folder, 0),
        Awake(lambda: False, Hold()),
        Lately(),
        database="sqlite",
        urls=lambda: (URL,),
        settings={},
    )
    static = folder / "static"
    (static / ".vite").mkdir(parents=True, exist_ok=True)
    (static / ".vite" / "manifest.json").write_text(
        '{"src/style/plain.css": {"file": "assets/plain-1.css"}}', "utf-8"
    )
    pages = Pages(folder / "pages")
    await pages.start()
    copies = Copies(pages, typeface(), clock)
    prints = Prints(folder / "printing", pages.original)
    await prints.start()
    archives = Archives(folder / "archives", pages.original)
    await archives.start()
    savings = Savings(lambda: on_macos(folder / "sticks", Path("/proc")))
    shell = Shell(
        meetings=meetings,
        access=Access(key),
        office=office,
        networks=networks,
        templates=Templates(Offices(store), clock),
        pages=pages,
        copies=copies,
        clock=clock,
        base_url=lambda: URL,
        static=static,
        code_tries=Tries(TRIES, 60.0),
        sample=folder / "none.pdf",
        end=lambda rehearsal: meetings.end(rehearsal.id),
        machine=machine,
        phone=PhoneTest(hold_seconds=0.0),
        screens=Screens(),
        prints=prints,
        archives=archives,
        savings=savings,
        paces=Paces(),
        reached=Reached(Uncounted()),
        metrics=Metrics(),
    )
    try:
        yield House(shell, clock)
    finally:
        office.close()
        await archives.close()
        await savings.close()
        await prints.close()
        await copies.close()
        await pages.close()
        await meetings.close()
        await store.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def empty_house(tmp_path: Path, clock: HandClock) -> AsyncIterator[House]:
    """A server without a meeting."""
    async with opened(tmp_path, clock) as house:
        yield house


@pytest.fixture
async def house(empty_house: House) -> House:
    """A server with one meeting before its opening.

    Item 1 (paper d1), item 2 (paper d2), item 3 for chair and secretary alone (paper d3). `hoa`
    is a guest of item 2.
    """
    await empty_house.prepare(*a_meeting())
    return empty_house


def a_meeting(meeting: str = "btv", **heading: object) -> list[c.Command]:
    return [
        make.a_meeting(meeting, **heading),
        make.a_seat("hoa", "guest", name="Hoàng Hoa", items=("2",)),
        make.a_seat("chu", "chair", name="Đỗ Chủ Trì", votes=True),
        make.a_seat("thu", "secretary", name="Trần Thư Ký"),
        make.a_seat("an", name="Nguyễn Văn Ân", votes=True),
        make.a_seat("ba", name="Lê Thị Ba", post="Trưởng ban Đảng ủy", votes=True),
        make.a_seat("tech", "technician"),
        make.a_seat("wall", "screen"),
        make.an_item("1", title="Kinh tế năm 2026", starts="07:45"),
        make.an_item("2", title="Xây dựng trường học", starts="09:00"),
        make.an_item("3", title="Việc riêng", limited_to=("chu", "thu")),
        make.a_document("d1", "1", pages=34),
        make.a_document("d2", "2", pages=3),
        make.a_document("d3", "3", pages=2),
    ]
