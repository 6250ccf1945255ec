"""Personal copies of papers to be collected: whose they are, what is written on them, and which are
made ahead for the people in the room. Nothing of it is a fact, and nothing of it is stored.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from meeting.clock import Clock
from meeting.kept import Kept
from meeting.pages import Pages
from meeting.pages.cache import Image
from meeting.pages.jobs import WIDTHS, Need, Work
from meeting.pages.personal import Ahead, Copy, Lines, Personal
from meeting.protocol.signals import CopiesRow
from meeting.protocol.words import DeviceKind
from meeting.rules.state import Document, MeetingState, Version
from meeting.rules.visibility import audience_of
from meeting.running import RunningMeeting
from meeting.texts import text

AHEAD: Final = 2
"""So many pages after the presented one are made ahead."""

PROCESSES: Final = max(2, min(8, os.cpu_count() or 2))
"""At a leap to a page that nobody has made, a whole room waits for copies."""

FIRST_WIDTHS: Final[dict[DeviceKind, int]] = {"phone": 1200}
"""What a device of this kind is likely to ask for, until it has asked; others WIDTHS[0]."""

TYPEFACE: Final = "fontpkg_be_vietnam_pro"
"""The app's own, with every Vietnamese letter."""

May = dict[str, frozenset[str]]
"""The addresses each seat may read."""


class _Reader(Struct, frozen=True):
    """A device that is here: whose, what it may read, what is written on its copies."""

    holder: str
    kind: DeviceKind
    may: frozenset[str]
    lines: Lines


class _Shown(Struct, frozen=True):
    """The page of a paper to be collected that is presented now."""

    version: Version
    page: int


class Copies:
    """Used from one event loop.

    Args:
        font: the typeface's file.
    """

    def __init__(self, pages: Pages, font: Path, clock: Clock) -> None:
        self.personal = Personal(pages, font, clock, size=PROCESSES)
        self.personal.on_made = self._made
        self._clock = clock
        self._tables: dict[str, _Table] = {}
        self._widths: dict[str, int] = {}

    async def close(self) -> None:
        await self.personal.close()

    async def for_device(
        self,
        running: RunningMeeting,
        seat: str,
        device: str,
        address: str,
        work: Work,
        rank: int = Need.ASKED,
    ) -> Image:
        """This device's copy of a page. Whether it may have it is asked before and after.

        Raises as `Personal.image`.
        """
        holder = _holder(running.id, seat, device)
        if work.tile == 0 and work.width > WIDTHS[-1]:
            self._widths[holder] = work.width
        lines = self.lines(running, seat, device)
        return await self.personal.image(Copy(address, work, holder), lines, rank=rank)

    async def for_account(
        self, running: RunningMeeting, account: str, name: str, address: str, work: Work
    ) -> Image:
        """A copy for somebody of the office, who prepares the meeting. Raises as `for_device`."""
        holder = _holder(running.id, "", account)

        def lines() -> Sequence[str]:
            return (name, f"{text('copy.office')} · {self._minute(running.state)}")

        return await self.personal.image(Copy(address, work, holder), lines)

    def lines(self, running: RunningMeeting, seat: str, device: str) -> Lines:
        """What is written on a copy that is made now for this device."""

        def written() -> Sequence[str]:
            state = running.state
            known = state.seats.get(seat)
            name = known.name if known and known.on_roll else text("room.screen")
            own = [one.id for one in state.devices.values() if one.seat == seat]
            number = own.index(device) + 1 if device in own else 0
            return (name, f"{text('copy.device', number=number)} · {self._minute(state)}")

        return written

    def look(self, running: RunningMeeting) -> None:
        """The meeting changed, or who is here did: forget what may not be read any more, and make
        ahead what is presented.
        """
        table = self._tables.get(running.id)
        if table is None:
            if not any(paper.collect for paper in running.state.documents.values()):
                return
            table = self._tables[running.id] = _Table(self, running)
        if table.rights_changed():
            self.personal.drop(table.ended)
        if table.shown_changed():
            self.personal.make_ahead(running.id, self._wanted(table))

    def ready(self, running: RunningMeeting) -> CopiesRow | None:
        """For how many of the devices that are here the presented page's copy has been made; None
        where none is needed.
        """
        self.look(running)
        self.personal.drop_stale()
        table = self._tables.get(running.id)
        if table is None or table.shown is None:
            return None
        readers = table.shown_to
        return CopiesRow(sum(one.holder in table.have for one in readers), len(readers))

    def end(self, meeting: str) -> None:
        """The meeting is no longer there."""
        self._tables.pop(meeting, None)
        self.personal.make_ahead(meeting, ())
        self.personal.drop(lambda copy: _meeting(copy.holder) == meeting)
        self._widths = {
            holder: width for holder, width in self._widths.items() if _meeting(holder) != meeting
        }

    def _wanted(self, table: _Table) -> list[Ahead]:
        """The presented page and those after it, for all who are here; each width by itself, for a
        page is held ready in the width in which it is marked.
        """
        if table.shown is None:
            return []
        version, first = table.shown.version, table.shown.page
        by_width: dict[int, list[tuple[str, Lines]]] = {}
        for one in table.shown_to:
            width = self._widths.get(one.holder) or FIRST_WIDTHS.get(one.kind, WIDTHS[0])
            by_width.setdefault(width, []).append((one.holder, one.lines))
        return [
            Ahead(
                version.address,
                Work(version.sha256, page, width, version.turned.get(page, 0)),
                holders,
            )
            for page in range(first, min(first + AHEAD, version.pages) + 1)
            for width, holders in by_width.items()
        ]

    def _made(self, copy: Copy) -> None:
        table = self._tables.get(_meeting(copy.holder))
        if table and table.shown:
            presented = (table.shown.version.address, table.shown.page)
            if (copy.address, copy.work.page) == presented:
                table.have.add(copy.holder)

    def _minute(self, state: MeetingState) -> str:
        now = self._clock.now().astimezone(ZoneInfo(state.meeting.zone))
        return f"{now:%H:%M %d/%m/%Y}"


class _Table:
    """What there is to know of one meeting, worked out anew only where it changed: at a page turn
    with 500 devices nobody is looked at.
    """

    def __init__(self, copies: Copies, running: RunningMeeting) -> None:
        self._copies = copies
        self._running = running
        self._may: Kept[MeetingState, May] = Kept(
            self._allowed,
            lambda s: (s.seats, s.items, s.documents, s.devices, s.phase, s.item, _on_show(s)),
        )
        self._readers: Kept[May, list[_Reader]] = Kept(
            self._present, lambda may: (may, running.room.connected)
        )
        self._before: tuple[May | None, list[_Reader] | None] = (None, None)
        self.shown: _Shown | None = None
        self.have: set[str] = set()
        """The holders that have a copy of what is shown."""

    @property
    def shown_to(self) -> list[_Reader]:
        """The devices that are here and may read what is shown."""
        if self.shown is None:
            return []
        readers = self._readers.of(self._may.of(self._running.state))
        return [one for one in readers if self.shown.version.address in one.may]

    def rights_changed(self) -> bool:
        """Whether somebody may read something else than last time."""
        may = self._may.of(self._running.state)
        before, readers = self._before
        self._before = (may, readers)
        return may is not before

    def shown_changed(self) -> bool:
        """Whether another page is shown than last time, or to others."""
        now = _shown(self._running.state)
        readers = self._readers.of(self._may.of(self._running.state))
        may, before = self._before
        if now == self.shown and (readers is before or now is None):
            return False
        if now is None or self.shown is None or now != self.shown:
            self.have = set()
        self.shown, self._before = now, (may, readers)
        for one in self.shown_to:
            if now and self._copies.personal.has(now.version.address, now.page, one.holder):
                self.have.add(one.holder)
        return True

    def ended(self, copy: Copy) -> bool:
        """Whether whoever holds this copy may not read it any more."""
        meeting, seat, device = copy.holder.split("/")
        if meeting != self._running.id:
            return False
        state = self._running.state
        if not seat:
            return not any(
                copy.address == version.address
                for paper in state.documents.values()
                for version in paper.addressed()
            )
        known = state.devices.get(device)
        may = self._may.of(state).get(seat, frozenset())
        return known is None or known.revoked or copy.address not in may

    def _allowed(self, state: MeetingState) -> May:
        publishing = self._running.publishing
        return {
            seat.id: publishing.addresses(audience_of(state, seat)) for seat in state.seats.values()
        }

    def _present(self, may: May) -> list[_Reader]:
        running, devices = self._running, self._running.state.devices
        return [
            _Reader(
                _holder(running.id, seat, device),
                devices[device].kind,
                may[seat],
                self._copies.lines(running, seat, device),
            )
            for seat, device in running.room.connected
            if seat in may and device in devices
        ]


def typeface() -> Path:
    """The file of the letters that are written on copies."""
    return Path(str(files(TYPEFACE) / "files" / "BeVietnamPro-Medium.ttf"))


def _on_show(state: MeetingState) -> Document | None:
    """What is presented: the room screen may read nothing else."""
    return state.documents.get(state.presented.document) if state.presented else None


def _shown(state: MeetingState) -> _Shown | None:
    presented, paper = state.presented, _on_show(state)
    if presented is None or paper is None or not paper.collect:
        return None
    version = paper.version_of(presented.version)
    return _Shown(version, presented.page) if version else None


def _holder(meeting: str, seat: str, device: str) -> str:
    """Who holds a copy: a device of a seat, or, where that is "", an account of the office."""
    return f"{meeting}/{seat}/{device}"


def _meeting(holder: str) -> str:
    return holder.partition("/")[0]
