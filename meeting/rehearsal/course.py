"""The course of a rehearsal, from its first device to its last, and the meeting's end after it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import signal
import sys
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, Final

from meeting.errors import Stopped
from meeting.hangup import heeded
from meeting.rehearsal.crowd import Crowd
from meeting.rehearsal.figures import Figures, arrival_seconds, measured
from meeting.rehearsal.host import Host, own_host
from meeting.rehearsal.office import Office, http_client, server_of
from meeting.rehearsal.plan import LATE, Plan
from meeting.rehearsal.progress import Progress
from meeting.texts import text

SHOW_SECONDS: Final = 0.5
GONE_SECONDS: Final = 60.0
"""A server nobody is connected to for so long does not come back."""

ANSWERED_SECONDS: Final = 20.0
"""How long the last commands may take to be answered."""


INTERRUPTED: Final = 130
"""The exit status of whoever was stopped with Ctrl-C."""


def hold(plan: Plan, url: str | None, token: str, progress: Progress) -> Figures:
    """As `rehearse`, to its end; Ctrl-C ends it cleanly, with `SystemExit`.

    Whether its meeting was deleted is said where that is not a matter of course.
    """
    left: set[str] = set()
    try:
        with asyncio.Runner(loop_factory=_loop()) as runner:
            return runner.run(rehearse(plan, url, token, progress, left))
    except (KeyboardInterrupt, asyncio.CancelledError):
        progress.say(text("terminal.rehearse_interrupted"))
        if not left:
            progress.say(text("terminal.rehearse_deleted"))
        raise SystemExit(INTERRUPTED) from None
    finally:
        if left:
            progress.say(text("terminal.rehearse_left"))


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster loop where there is one: the simulated devices share this machine's cores."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop  # not to be had on Windows

    return uvloop.new_event_loop


async def rehearse(
    plan: Plan, url: str | None, token: str, progress: Progress, left: set[str]
) -> Figures:
    """Hold the rehearsal that was planned; its meeting is deleted afterwards, whatever happened.

    Args:
        url: a running server or its secretary's personal link; None starts a server for it.
        token: the secretary's code, where the link does not carry it.
        left: holds the address of a server of others while our meeting is on it: also at the end,
            if it could not be deleted.

    Raises:
        Stopped: it cannot be held.
    """
    _end_on_request()
    async with contextlib.AsyncExitStack() as stack:
        host = None
        if url is None:
            progress.say(text("rehearse.starting"))
            host = await stack.enter_async_context(own_host())
            url, token = host.link, ""
        address, code = server_of(url, token)
        http = await stack.enter_async_context(http_client())
        office = Office(address, code, http)
        try:
            return await _held(plan, office, host, progress, left)
        except Stopped:
            if host is not None and host.ended:
                raise Stopped("rehearse_server_ended", why=host.last_words()) from None
            raise


def _end_on_request() -> None:
    """What a service manager or a closed terminal says ends us as Ctrl-C does."""
    task = asyncio.current_task()
    assert task is not None
    if sys.platform == "win32":  # there are no such signals
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    if (gone := heeded("SIGHUP")) is not None:
        loop.add_signal_handler(gone, task.cancel)


async def _held(
    plan: Plan, office: Office, host: Host | None, progress: Progress, left: set[str]
) -> Figures:
    if host is None:
        left.add(office.url)  # before it is asked: stopped meanwhile, we do not learn its name
    try:
        begun = await office.begin(plan.tablets)
    except Stopped:
        left.clear()
        raise
    crowd = Crowd(office, begun, plan, Random())
    try:
        await crowd.set_up()
        progress.say(text("rehearse.begun", tablets=plan.tablets, url=office.url))
        delays = [0.0]
        await _beside(
            _meet(plan, crowd, host, progress),
            _shown(crowd, plan, progress, delays, office.url),
        )
        progress.say(text("rehearse.comparing"))
        wrong = await crowd.wrong()
        log = await office.log(begun.meeting)
        return measured(
            plan.tablets,
            crowd.everybody,
            crowd.members,
            crowd.turns,
            crowd.check_ins,
            log,
            wrong,
            max(delays),
        )
    finally:
        progress.clear()
        await crowd.leave()
        with contextlib.suppress(Stopped):  # what made it stop says more
            await office.end(begun.meeting)
            left.clear()


async def _meet(plan: Plan, crowd: Crowd, host: Host | None, progress: Progress) -> None:
    for missing in await crowd.arrive():
        why = text(f"terminal.{missing.key}", **missing.data)
        progress.say(text("rehearse.missing", why=why))
    await crowd.open()
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def at(seconds: float) -> None:
        await asyncio.sleep(max(0.0, started + seconds - loop.time()))

    late = crowd.members[: round(len(crowd.members) * LATE)]
    early = crowd.members[len(late) :]
    tasks = [
        asyncio.create_task(crowd.turn_pages(started + plan.seconds)),
        asyncio.create_task(crowd.read_alone(started + plan.seconds)),
        asyncio.create_task(crowd.check_in(early, plan.arrive)),
    ]
    try:
        if plan.cut_for:
            await at(plan.cut_at)
            progress.say(text("rehearse.cut", seconds=round(plan.cut_for)))
            await crowd.lose_the_network(plan.cut_for)
            progress.say(text("rehearse.mended"))
        await at(plan.late_at)
        tasks.append(asyncio.create_task(crowd.check_in(late, plan.pace)))
        if plan.restart and host is not None:
            await asyncio.sleep(plan.pace / 2)
            progress.say(text("rehearse.killed"))
            await host.kill()
            await host.start()
            progress.say(text("rehearse.restarted"))
        await at(plan.seconds)
        done, _ = await asyncio.wait(tasks, timeout=ANSWERED_SECONDS)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _shown(
    crowd: Crowd, plan: Plan, progress: Progress, delays: list[float], url: str
) -> None:
    """Show how it goes, again and again; note by how many seconds this was late.

    Raises:
        Stopped: nobody has been connected for long.
    """
    loop = asyncio.get_running_loop()
    started = heard = loop.time()
    while True:
        turns = crowd.turns
        last = max(arrival_seconds(turns[-1], crowd.members), default=0.0) if turns else 0.0
        progress.show(
            text(
                "rehearse.now",
                passed=_minutes(loop.time() - started),
                whole=_minutes(plan.arrive + plan.seconds),
                live=sum(m.state == "live" for m in crowd.members),
                tablets=plan.tablets,
                turns=len(turns),
                last=round(last * 1000),
                checkins=sum(act.committed for act in crowd.check_ins),
            )
        )
        due = loop.time() + SHOW_SECONDS
        await asyncio.sleep(SHOW_SECONDS)
        delays.append(loop.time() - due)
        if any(tablet.state == "live" for tablet in crowd.everybody):
            heard = loop.time()
        elif loop.time() - heard > GONE_SECONDS:
            raise Stopped("rehearse_no_server", url=url)


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


async def _beside(work: Coroutine[Any, Any, None], watch: Coroutine[Any, Any, None]) -> None:
    """Until the work is done, or one of the two fails."""
    tasks = [asyncio.create_task(work), asyncio.create_task(watch)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
