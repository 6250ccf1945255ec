"""The composition root: settings in, one ASGI application out. It knows all the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import msgspec
import socketio

from meeting import access as accesses
from meeting import network, routes
from meeting.access import Access, Tries
from meeting.addressed import Addressed
from meeting.archive.archives import Archives
from meeting.archive.savings import Savings
from meeting.awake import Awake, hold_of_this_machine
from meeting.clock import Clock
from meeting.copies import Copies, typeface
from meeting.front import by_path
from meeting.limits import Paces, Reached
from meeting.live import Live
from meeting.logs import Lately, Log
from meeting.meetings import Meetings
from meeting.metrics import Metrics
from meeting.office import erasing
from meeting.office.machine import Machine
from meeting.office.networks import Networks
from meeting.office.phones import PhoneTest
from meeting.office.register import Register
from meeting.office.screens import Screens
from meeting.office.templates import Templates
from meeting.pages import Pages
from meeting.pages.binding import BindingLimits
from meeting.pages.convert import Converter, installed
from meeting.pages.gate import Gate
from meeting.printing.prints import Prints
from meeting.publishing import Publication
from meeting.routes import health
from meeting.routes.office import uploads
from meeting.routes.pages import PageImages
from meeting.routes.shell import Shell
from meeting.running import RunningMeeting
from meeting.settings import Settings
from meeting.store.engine import Store, open_store
from meeting.store.faults import StoreFault
from meeting.store.meetings import Meetings as StoredMeetings
from meeting.store.networks import StoredNetworks
from meeting.store.offices import Offices
from meeting.store.space import LOW_BYTES, Space
from meeting.told import Told
from meeting.trials import Trials

STATIC: Final = Path(__file__).parent / "static"
SAMPLES: Final = next(
    (
        folder
        for folder in (Path(__file__).parent / "samples", Path(__file__).parents[1] / "samples")
        if folder.is_dir()
    ),
    Path(__file__).parent / "samples",
)
"""The sample meeting's folder: in the installed package, or beside it in the sources."""

SAMPLE_PAPER: Final = "2.2_du-thao-nghi-quyet-chuyen-doi-so.pdf"
CARD_TRIES_MOST: Final = 20
CARD_TRIES_SECONDS: Final = 60.0
SWEEP_SECONDS: Final = 30.0
log = Log("app")


class Server:
    """Everything one server process runs. `start`, then `app` may be called; then `close`.

    Args:
        base_url: what people open; written on cards and codes.
        other_urls: further addresses, where this machine has several network cards.
        look: as `Addressed`.
    """

    def __init__(
        self,
        settings: Settings,
        base_url: str,
        clock: Clock,
        other_urls: Sequence[str] = (),
        look: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._addressed = Addressed(base_url, other_urls, look)
        self.metrics = Metrics()
        self.lately = Lately()
        self.awake = Awake(lambda: self.people_meet, hold_of_this_machine())
        self.space = Space(settings.data, settings.reserve_bytes)
        self.pages = Pages(
            settings.data / "pages",
            limits=settings.pages,
            counts=self.metrics,
            low=lambda: self.space.low,
            spare=True,
        )
        self.paces = Paces()
        self.reached = Reached(self.metrics)
        self._closing = AsyncExitStack()

    async def start(self) -> None:
        """Open the data folder and bring every meeting into memory.

        Raises:
            StoreBusy, StoreFault, LogBroken: the data cannot be used; nothing was changed.
        """
        self.lately.start()
        self._closing.callback(self.lately.close)
        store = await self._open_store()
        self._closing.push_async_callback(store.close)
        key = accesses.load_key(self._settings.data)
        self.access = Access(key)
        offices = Offices(store)
        self.office = Register(offices, self._clock)
        self._closing.callback(self.office.close)
        await self.office.start()
        self.networks = Networks(StoredNetworks(store), self.office)
        await self.networks.start()
        await self.pages.start()
        self.space.on_room = self.pages.room_again
        self._closing.push_async_callback(self.pages.close)
        self.copies = Copies(self.pages, typeface(), self._clock)
        self._closing.push_async_callback(self.copies.close)
        self.prints = Prints(
            self._settings.data / "printing",
            self.pages.original,
            lambda: self.space.low,
            BindingLimits(most_bytes=self._settings.pages.max_file_bytes),
        )
        await self.prints.start()
        self.archives = Archives(
            self._settings.data / "archives",
            self.pages.original,
            lambda: self.space.low,
            lambda: self.space.free() - LOW_BYTES,
        )
        await self.archives.start()
        self._closing.push_async_callback(self.archives.close)
        self.savings = Savings()
        self._closing.push_async_callback(self.savings.close)
        self._closing.push_async_callback(self.prints.close)
        told = Told(
            self._clock,
            self.space,
            self.awake,
            self._addressed,
            networks=self.networks,
            pages=self.pages,
            printed=self.prints.addresses,
        )
        self.live = Live(
            self.access,
            self._clock,
            self._settings.times,
            told.code,
            told.ready,
            self.paces,
            self.reached,
            told.warnings,
            self.metrics,
            self.copies.ready,
        )
        self._closing.push_async_callback(self.live.close)
        stored = StoredMeetings(store)
        self.meetings = Meetings(
            stored, key, self._clock, self._publish, self._settings.times, self.metrics, self.space
        )
        self._closing.push_async_callback(self.meetings.close)
        await self.meetings.start()
        await erasing.erase((one.state for one in self.meetings.all()), self.pages)
        converter = Converter(self._settings.data, installed(), self._settings.pages)
        await converter.start()
        self.shell = Shell(
            meetings=self.meetings,
            access=self.access,
            office=self.office,
            networks=self.networks,
            templates=Templates(offices, self._clock),
            pages=self.pages,
            copies=self.copies,
            clock=self._clock,
            base_url=lambda: self.base_url,
            static=STATIC,
            code_tries=Tries(CARD_TRIES_MOST, CARD_TRIES_SECONDS),
            sample=SAMPLES / SAMPLE_PAPER,
            end=self._end,
            machine=self._machine(),
            phone=PhoneTest(),
            screens=Screens(),
            prints=self.prints,
            archives=self.archives,
            savings=self.savings,
            paces=self.paces,
            reached=self.reached,
            metrics=self.metrics,
            metrics_token=health.load_token(self._settings.data),
            converter=converter,
        )
        for running in self.meetings.all():
            self.prepare(running)
        self.live.start(self.meetings)
        self.prints.keep_ready(
            lambda: [one.state for one in self.meetings.of_people()], self._clock.now
        )
        self.awake.start()
        self._closing.push_async_callback(self.awake.close)
        looking = asyncio.create_task(self._addressed.look_out(), name="app: addresses")
        self._closing.callback(looking.cancel)
        sweeping = asyncio.create_task(self._sweep(), name="app: what is over")
        self._closing.callback(sweeping.cancel)
        trials = asyncio.create_task(
            Trials(self.meetings, self._end).follow(), name="app: trial copies"
        )
        self._closing.callback(trials.cancel)
        if not self._settings.database:  # another process may have meetings we never heard of
            kept_clear = erasing.keep_clear(
                lambda: [one.state for one in self.meetings.all()],
                self.pages,
                self._clock,
                self.shell.settling,
            )
            clearing = asyncio.create_task(kept_clear, name="app: files never laid down")
            self._closing.callback(clearing.cancel)
        self._measure()
        self.app = by_path(
            images=PageImages(self.shell, Gate(self._clock, self._settings.ahead_rate)),
            rest=self.live.guarded(socketio.ASGIApp(self.live.server, routes.http(self.shell))),
            large=lambda scope: uploads.may_be_large(self.shell, scope),
        )

    async def _open_store(self) -> Store:
        """On a disk without room for so much as opening it, the reserve is given up for that."""
        folder, database = self._settings.data, self._settings.database
        try:
            store = await open_store(folder, database)
        except StoreFault as fault:
            if not self.space.ran_out(fault):
                raise
            store = await open_store(folder, database)
        await asyncio.to_thread(self.space.look)
        looking = asyncio.create_task(self.space.watch(), name="app: space on the disk")
        self._closing.callback(looking.cancel)
        return store

    def prepare(self, running: RunningMeeting) -> None:
        """Have all pages of a meeting's papers made, what is presented first."""
        self._focus(running)
        for document in running.state.documents.values():
            self.pages.prepare(document.sha256, document.pages, document.turned)

    def _measure(self) -> None:
        health.watch(self.metrics, self.shell, self._settings.data)
        self.metrics.watch(
            "devices_stale", "Devices with something unread.", lambda: len(self.live.sending.stale)
        )
        self.metrics.start()
        self._closing.callback(self.metrics.close)

    def _machine(self) -> Machine:
        settings = self._settings
        return Machine(
            settings.data,
            self._clock,
            self.space,
            self.awake,
            self.lately,
            database="postgresql" if settings.database else "sqlite",
            urls=lambda: self._addressed.all,
            settings={
                "port": settings.port,
                "url_is_set": settings.url is not None,
                "everywhere": settings.host in ("0.0.0.0", ""),
                "ahead_rate": settings.ahead_rate,
                "reserve_bytes": settings.reserve_bytes,
                **msgspec.structs.asdict(settings.times),
                **msgspec.structs.asdict(settings.pages),
            },
        )

    @property
    def base_url(self) -> str:
        """What people open."""
        return self._addressed.url

    @property
    def people_meet(self) -> bool:
        """Whether a meeting is on."""
        return any(one.state.phase == "running" for one in self.meetings.of_people())

    async def dismiss(self) -> None:
        """Settle what waits and answer it, then tell every device when to come back. Files that
        are made or checked are left.
        """
        await self.archives.close()
        await self.savings.close()
        await self.meetings.close()
        await self.live.close()

    async def close(self) -> None:
        """Settle what waits, let go of devices, end workers, close the store: what was started,
        the last first.
        """
        await self._closing.aclose()

    async def _end(self, rehearsal: RunningMeeting) -> None:
        """Nobody comes in any more, then its devices leave."""
        try:
            await self.meetings.end(rehearsal.id)
        finally:
            self.live.dismiss(rehearsal)
            self.copies.end(rehearsal.id)

    async def _sweep(self) -> None:
        """End the trial copies whose time is over; see that what was deleted is gone."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            for copy in self.meetings.left_behind():
                try:
                    await self._end(copy)
                except StoreFault as fault:
                    log.warning("trial_not_ended", meeting=copy.id, fault=fault)
            await self.meetings.clear_deleted()

    def _publish(self, running: RunningMeeting, publication: Publication) -> None:
        self.live.publish(running, publication)
        self._focus(running)
        self.copies.look(running)

    def _focus(self, running: RunningMeeting) -> None:
        if shown := running.state.presented:
            paper = running.state.documents[shown.document].version_of(shown.version)
            if paper is not None:
                self.pages.focus(paper.sha256, shown.page, paper.pages, paper.turned)


def base_url(settings: Settings, port: int) -> str:
    """The address people open: as set, or this machine's likely one."""
    if settings.url:
        return settings.url.rstrip("/")
    everywhere = settings.host in ("0.0.0.0", "")
    return network.url_of(network.addresses()[0] if everywhere else settings.host, port)
