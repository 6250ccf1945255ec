"""Everything the office prints, for whoever hands it out: sheets as bytes, packs as files.

Packs are made once for what is in them and kept below one folder until they no longer hold.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from meeting.errors import Refused
from meeting.logs import Log
from meeting.pages.binding import BindingLimits, Front, NotBound, Paper, Plate, bind
from meeting.printing import ahead, packs, sheets
from meeting.printing.addresses import Addresses
from meeting.printing.packs import Pack
from meeting.printing.press import Press
from meeting.printing.sheets import Ways
from meeting.printing.summary import summary
from meeting.rules.state import MeetingState

LOOK_SECONDS: Final = 15.0
"""How often it is seen whether a pack should be made ahead of its printing."""

PARTIAL: Final = ".partial"

log = Log("printing")


class Prints:
    """Used from one event loop.

    Args:
        folder: holds what is kept; made at `start`. Its `packs` can be made again.
        original: where a paper's PDF lies, by its SHA-256.
        low: whether the disk has no room for packs.
        limits: what binding papers may cost.
    """

    def __init__(
        self,
        folder: Path,
        original: Callable[[str], Path],
        low: Callable[[], bool] = lambda: False,
        limits: BindingLimits | None = None,
    ) -> None:
        self._folder = folder / "packs"
        self._original = original
        self._low = low
        self._limits = limits
        self._press = Press()
        self._making: dict[Path, asyncio.Task[Path]] = {}
        self._ahead: asyncio.Task[None] | None = None
        self._seen: Mapping[str, str] = {}
        self.addresses = Addresses(folder / "addresses.json")

    async def start(self) -> None:
        """Make the folder and remove what an interrupted run left half written."""
        await asyncio.to_thread(self._begin)

    def keep_ready(
        self, meetings: Callable[[], Iterable[MeetingState]], now: Callable[[], datetime]
    ) -> None:
        """From now on packs are made ahead of their printing."""
        looking = self._keep_ready(meetings, now)
        self._ahead = asyncio.create_task(looking, name="printing: ahead")

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for partial in self._folder.glob(f"*{PARTIAL}"):
            partial.unlink(missing_ok=True)
        self.addresses.load()

    async def close(self) -> None:
        tasks = [task for task in (self._ahead, *self._making.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def cards(
        self, state: MeetingState, ways: Ways, url: str, now: datetime, wifi_password: str
    ) -> bytes:
        """The cards as a PDF; from now on the meeting's cards carry this address.

        This and all that follow raise Refused: `print_failed`.
        """
        job = await asyncio.to_thread(sheets.cards, state, ways, url, now, wifi_password)
        pdf = await self._press.set(job)
        await asyncio.to_thread(self.addresses.note, state.meeting.meeting, url)
        return pdf

    async def codes(self, state: MeetingState, ways: Ways, now: datetime) -> bytes:
        return await self._press.set(sheets.codes(state, ways, now))

    async def attendance(self, state: MeetingState, now: datetime) -> bytes:
        return await self._press.set(sheets.attendance(state, now))

    async def summary(self, state: MeetingState, seal: str, now: datetime) -> bytes:
        """Raises Refused, also: `wrong_phase`, it is not closed."""
        return await self._press.set(summary(state, seal, now))

    async def pack(self, state: MeetingState, now: datetime, item: str = "") -> Path:
        """The file of the pack, of one item or of all; it is there for as long as it holds.

        Raises Refused, also: `item_unknown`, `disk_low`.
        """
        plan = packs.plan(state, item)
        scope = f"pack-{item}" if item else "pack"
        return await self._once(
            self._path(state, scope, plan, "pdf"), lambda path: self._bind(state, plan, now, path)
        )

    async def ahead(self, state: MeetingState, now: datetime) -> Path:
        """The file of the zip that is sent ahead.

        Raises Refused, also: `disk_low`.
        """
        plan = packs.plan(state)

        async def write(path: Path) -> None:
            await asyncio.to_thread(ahead.write, state, plan, self._original, path, now)

        return await self._once(self._path(state, "ahead", plan, "zip"), write)

    def forget(self, meeting: str) -> None:
        """Drop every pack of a meeting, as when a paper in it is to be destroyed. Blocks a little;
        to be called on the event loop.
        """
        for path, task in list(self._making.items()):
            if path.name.startswith(f"{meeting}."):
                task.cancel()
        for path in self._folder.glob(f"{meeting}.*"):
            with contextlib.suppress(OSError):
                path.unlink()

    def _path(self, state: MeetingState, scope: str, plan: Pack, ending: str) -> Path:
        return self._folder / f"{state.meeting.meeting}.{scope}.{plan.key}.{ending}"

    async def _once(self, path: Path, make: Callable[[Path], Coroutine[Any, Any, None]]) -> Path:
        """However many want it, it is made once; made on even if they stop waiting."""
        if await asyncio.to_thread(path.exists):
            return path
        if self._low():
            raise Refused("disk_low")
        task = self._making.get(path)
        if task is None:
            task = asyncio.create_task(self._make(path, make), name=f"printing: {path.name}")
            self._making[path] = task
            task.add_done_callback(lambda ended: self._made(path, ended))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # the task was, not whoever waits for it
                raise Refused("print_failed") from None
            raise

    def _made(self, path: Path, ended: asyncio.Task[Path]) -> None:
        self._making.pop(path, None)
        if not ended.cancelled():
            ended.exception()  # told to those who wait; there may be nobody

    async def _make(self, path: Path, make: Callable[[Path], Coroutine[Any, Any, None]]) -> Path:
        partial = path.with_name(path.name + PARTIAL)
        try:
            await asyncio.to_thread(partial.touch)
            await make(partial)
            await asyncio.to_thread(self._admit, partial, path)
        except (OSError, NotBound) as fault:
            log.error("print_failed", code="pack", fault=fault)
            raise Refused("print_failed") from fault
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
        return path

    def _admit(self, partial: Path, path: Path) -> None:
        """The new one takes the place of those it succeeds; one being read stays until then."""
        partial.replace(path)
        meeting, scope, _, ending = path.name.split(".")
        for older in self._folder.glob(f"{meeting}.{scope}.*.{ending}"):
            if older != path:
                with contextlib.suppress(OSError):
                    older.unlink()

    async def _bind(self, state: MeetingState, plan: Pack, now: datetime, path: Path) -> None:
        """Bind; where papers cannot be bound, again with plates in their places."""
        unfit: dict[str, str] = {}
        matter = path.with_name(f"{path.name}.front{PARTIAL}")
        try:
            while True:
                set_type = await self._press.set(packs.front(state, plan, now, unfit))
                await asyncio.to_thread(matter.write_bytes, set_type)
                pieces = [
                    Plate(paper.title or paper.number)
                    if paper.id in unfit
                    else Paper(
                        self._original(paper.sha256),
                        paper.pages,
                        " ".join(filter(None, [paper.number, paper.title])),
                        paper.turned,
                    )
                    for paper in plan.papers
                ]
                front = Front(matter, state.meeting.title)
                found = await bind(front, pieces, path, self._limits)
                if not found:
                    return
                for at, code in found.items():
                    unfit[plan.papers[at].id] = code
                    log.warning("print_failed", code=code, document=plan.papers[at].sha256[:8])
        finally:
            await asyncio.to_thread(matter.unlink, missing_ok=True)

    async def _keep_ready(
        self, meetings: Callable[[], Iterable[MeetingState]], now: Callable[[], datetime]
    ) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.make_ready(list(meetings()), now())

    async def make_ready(self, states: Sequence[MeetingState], now: datetime) -> None:
        """Make the packs of meetings to come whose papers are as they were the last time, while no
        meeting needs the machine; drop packs that no longer hold.
        """
        await asyncio.to_thread(self.sweep, {one.meeting.meeting: one for one in states})
        coming = {
            one.meeting.meeting: one for one in states if one.phase == "before" and one.documents
        }
        before, self._seen = self._seen, {id_: packs.plan(one).key for id_, one in coming.items()}
        if any(one.phase == "running" for one in states):
            return
        for meeting, state in coming.items():
            if before.get(meeting) == self._seen[meeting]:
                with contextlib.suppress(Refused):
                    await self.pack(state, now)

    def sweep(self, states: Mapping[str, MeetingState]) -> None:
        """Remove packs that no longer hold, as of a paper withdrawn since. Blocks.

        Args:
            states: every meeting there is, by id.
        """
        for path in self._folder.iterdir():
            parts = path.name.split(".")
            if path.suffix != PARTIAL and not self._holds(states.get(parts[0]), *parts[1:3]):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _holds(self, state: MeetingState | None, scope: str, key: str) -> bool:
        item = scope.partition("-")[2]
        if state is None or (item and item not in state.items):
            return False
        return packs.plan(state, item).key == key
