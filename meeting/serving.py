"""Running a server in this process: listen, start, say so, serve until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import importlib.util
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click
import uvicorn
from msgspec import Struct

from meeting import demo, logs, network, running_here, terminal
from meeting.app import STATIC, Server, base_url
from meeting.clock import SystemClock
from meeting.errors import Stopped
from meeting.front import uvicorn_config
from meeting.hangup import heeded
from meeting.settings import Settings
from meeting.store.faults import LogBroken, StoreBusy, StoreFault
from meeting.texts import text

log = logs.Log("serving")

COLLECTOR: Final = (10_000, 50, 1_000_000)
"""After how many new objects the collector looks at the young, and after how many such looks at the
older and the oldest ones: seldom, as by itself it looks in the middle of a page turn, which is when
objects are made."""

YOUNG_SECONDS: Final = 0.25
"""It is told to look at the young and the older ones this often: a millisecond."""

COLLECT_SECONDS: Final = 600.0
"""It is told to look at all this often: with a thousand devices, a tenth of a second."""

AGAIN_SECONDS: Final = 5.0
"""Ctrl-C during a meeting has to come again within this."""


def serve(settings: Settings, *, as_json: bool, started: float, opening: bool = False) -> None:
    """Serve this office's meetings until interrupted; or lead to where they are served already.

    Args:
        opening: whether the office's page is opened in this machine's browser.
        started: `perf_counter()` when the command began.

    Raises:
        Stopped: it cannot run.
    """

    async def prepare(server: Server) -> Say:
        def say(ready: Ready) -> None:
            name = server.office.office.name if server.office.office else ""
            code = server.office.begin_code
            if as_json:
                terminal.say_office_as_json(ready.url, code, ready.ms)
            else:
                terminal.say_office(
                    name, code, ready.url, ready.other_urls, ready.here or _alone(settings, ready)
                )

        return say

    if running := running_here.found(settings.data):
        page = f"{running.here}/office/"
        if not (opening and running_here.open_office(running.here)):
            raise Stopped("already", url=page)
        click.echo(text("terminal.already", url=page))
        return
    _guarded(settings, prepare, started, opening=opening)


def serve_demo(
    settings: Settings, files: Sequence[Path], *, anew: bool, as_json: bool, started: float
) -> None:
    """Serve the sample meeting, or one on these files, until interrupted. As `serve`."""

    async def prepare(server: Server) -> Say:
        try:
            office = await demo.office(server)
            before = server.meetings.of_people()
            running, refused = await demo.prepare(server, files, anew=anew)
        except demo.SampleMissing:
            raise Stopped("no_sample") from None
        put_aside = bool(before) and running not in before
        links = demo.links(running.state, server.access, server.base_url)

        def say(ready: Ready) -> None:
            if as_json:
                terminal.say_ready_as_json(ready.url, links, office, ready.ms)
                return
            others, here = ready.other_urls, ready.here
            terminal.say_ready(running.state, ready.url, others, links, refused, here, office)
            terminal.say_which(running.state, settings.data, put_aside=put_aside)

        return say

    _guarded(settings, prepare, started)


class Ready(Struct, frozen=True):
    """How the server is reached: by everybody, by other networks, by this machine itself whatever
    becomes of the network ("" where that is no other way). `ms` since the command began.
    """

    url: str
    other_urls: Sequence[str]
    here: str
    ms: int


Say = Callable[[Ready], None]
"""Tells whoever started the server that it is ready."""


def _guarded(
    settings: Settings,
    prepare: Callable[[Server], Coroutine[Any, Any, Say]],
    started: float,
    *,
    opening: bool = False,
) -> None:
    with contextlib.ExitStack() as closing:
        path = _keep_log(settings.data, closing)
        try:
            _run(_serve(settings, prepare, started, opening=opening))
        except Stopped:
            raise
        except Exception as fault:
            log.warning("crashed", fault=fault)
            raise Stopped("crashed", path=str(path)) from None


def _keep_log(folder: Path, closing: contextlib.ExitStack) -> Path:
    """The log's file. Raises Stopped: the folder cannot be written."""
    try:
        return closing.enter_context(logs.kept(folder, _sentence))
    except OSError as error:
        raise Stopped("data_fault", folder=str(folder), why=str(error.strerror)) from None


def _sentence(part: str, path: Path) -> str:
    """What the terminal says of a fault."""
    return text("terminal.fault", where=part, path=str(path))


def _run(work: Coroutine[Any, Any, None]) -> None:
    if importlib.util.find_spec("uvloop") is None:
        asyncio.run(work)
        return
    import uvloop  # not to be had on Windows

    uvloop.run(work)


def _allow_many_connections() -> None:
    """A shell often allows 1,024 open files; each device is one, and so is each of its pages."""
    if sys.platform == "win32":
        return
    import resource  # only there on POSIX

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _let_the_collector_rest() -> None:
    """What is there at the start stays for ever, and need not be looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR)


async def _collect() -> None:
    while True:
        for _ in range(round(COLLECT_SECONDS / YOUNG_SECONDS)):
            await asyncio.sleep(YOUNG_SECONDS)
            gc.collect(1)
        gc.collect()


async def _serve(
    settings: Settings,
    prepare: Callable[[Server], Coroutine[Any, Any, Say]],
    started: float,
    *,
    opening: bool,
) -> None:
    """Listen, start, have everything prepared, serve, and say so."""
    if not (STATIC / "index.html").is_file():
        raise Stopped("no_web_app")
    with _listen(settings) as listener:
        port = int(listener.getsockname()[1])
        everywhere = _everywhere(settings)
        look = functools.partial(_urls, port)
        others = look()[1:] if everywhere else []
        server = Server(
            settings,
            base_url(settings, port),
            SystemClock(),
            others,
            look if everywhere else None,
        )
        try:
            await _start(server, settings)
            say = await prepare(server)

            def ready() -> None:
                ms = round((time.perf_counter() - started) * 1000)
                log.info("started", ms=ms)
                here = network.url_of("localhost", port) if _all_cards(settings) else ""
                say(Ready(server.base_url, others, here, ms))
                own = network.url_of(network.LOOPBACK if here else settings.host, port)
                with contextlib.suppress(OSError):  # a full disk is no reason not to meet
                    running_here.say_where(settings.data, own)
                if opening:
                    asyncio.get_running_loop().run_in_executor(None, running_here.open_office, own)

            _allow_many_connections()
            _let_the_collector_rest()
            collecting = asyncio.create_task(_collect(), name="serving: collector")
            serving = _Serving(
                uvicorn_config(server.app), ready, server.dismiss, lambda: server.people_meet
            )
            try:
                await serving.serve([listener])
            finally:
                running_here.forget(settings.data)
                collecting.cancel()
        finally:
            await server.close()
            log.info("stopped")


class _Serving(uvicorn.Server):
    """uvicorn, telling when it listens and, while every device still hears, that it stops."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        stopping: Callable[[], Coroutine[Any, Any, None]],
        people_meet: Callable[[], bool],
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping
        self._people_meet = people_meet
        self._asked_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C on a terminal, while people meet, asks first."""
        if sig == signal.SIGINT and _at_a_terminal() and self._asks(time.monotonic()):
            click.secho(f"\n  {text('terminal.stop_asked')}", bold=True)
            return
        super().handle_exit(sig, frame)

    def _asks(self, seconds: float) -> bool:
        """Whether somebody has to say it once more, at this monotonic time."""
        if self.should_exit or not self._people_meet():
            return False
        asked, self._asked_at = self._asked_at, seconds
        return asked is None or seconds - asked > AGAIN_SECONDS

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn does, but a signal that ended the serving is not raised again: what was
        started is closed first, by whoever called `serve`. A terminal that is closed stops it like
        SIGTERM, unless whoever started it has that ignored (nohup).
        """
        with super().capture_signals():
            if (gone := heeded("SIGHUP")) is not None:
                signal.signal(gone, self.handle_exit)
            yield
            self._captured_signals.clear()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._stopping()
        await super().shutdown(sockets)


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _listen(settings: Settings) -> socket.socket:
    try:
        return network.listen(settings.host, settings.port)
    except network.NoPort as taken:
        if not taken.port:
            raise Stopped("ports_taken") from None
        key = "port_denied" if taken.denied else "port_taken"
        raise Stopped(key, port=taken.port) from None
    except OSError as error:
        raise Stopped("host_wrong", host=settings.host, why=str(error)) from None


async def _start(server: Server, settings: Settings) -> None:
    folder = str(settings.data)
    try:
        await server.start()
    except StoreBusy:
        raise Stopped("data_busy", folder=folder) from None
    except LogBroken as broken:
        raise Stopped("log_broken", folder=folder, rev=broken.rev) from None
    except (StoreFault, OSError, ValueError) as fault:
        if settings.database and isinstance(fault, StoreFault):
            raise Stopped("database_fault", why=str(fault)) from None
        raise Stopped("data_fault", folder=folder, why=str(fault)) from None


def _alone(settings: Settings, ready: Ready) -> str:
    """The address, where it is this machine's alone; else ""."""
    alone = settings.url is None and settings.host in (network.LOOPBACK, "localhost")
    return ready.url if alone else ""


def _everywhere(settings: Settings) -> bool:
    """Whether people come by any address this machine happens to have."""
    return settings.url is None and _all_cards(settings)


def _all_cards(settings: Settings) -> bool:
    return settings.host in ("0.0.0.0", "")


def _urls(port: int) -> list[str]:
    """What people on a network open, the likely address first; none without a network."""
    found = [address for address in network.addresses() if address != network.LOOPBACK]
    return [network.url_of(address, port) for address in found]
