"""The room: who is connected right now, what they look at, who waits at the desk.

It is no fact: never logged, stored or archived. Chair and desk see numbers, and by name only
who lost the connection or lags behind; who reads alone appears by name nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Final

from msgspec import UNSET, Struct
from msgspec.structs import replace

from meeting.clock import Times
from meeting.errors import Refused
from meeting.protocol.commands import Waiting
from meeting.protocol.signals import CopiesRow, RoomSignal, WaitingRow
from meeting.protocol.words import DeviceKind, Sighting, WarningCode

WAITING_MOST: Final = 50

TOGETHER_LEAST: Final = 4
"""Fewer seats than this are named, also when they are more than half: no fault of the room's."""


class Presence(Struct):
    """One open connection. `follows` is None until the device says so; `wrong_since`: since
    when it shows another page than the room.
    """

    seat: str
    device: str
    reader: bool
    follows: bool | None = None
    page: tuple[str, int] | None = None
    wrong_since: float | None = None


class Room:
    """Everything here is by connection (`socket`, any unique string) or by waiting device."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._present: dict[str, Presence] = {}
        self._gone: dict[str, float] = {}
        self._cut_off: frozenset[str] = frozenset()
        self._waiting: dict[str, Waiting] = {}
        self._asked: dict[str, float] = {}
        self._next_number = 0
        self._sent: RoomSignal | None = None
        self._n = 0
        self._connected: tuple[tuple[str, str], ...] | None = None

    def came(self, socket: str, seat: str, device: str, *, reader: bool) -> None:
        """A connection opened. `reader`: it is counted as following or reading alone."""
        self._present[socket] = Presence(seat, device, reader)
        self._gone.pop(seat, None)
        self._connected = None

    def went(self, socket: str, seconds: float) -> None:
        """A connection ended, at this monotonic time."""
        presence = self._present.pop(socket, None)
        self._connected = None
        if presence and not any(p.seat == presence.seat for p in self._present.values()):
            self._gone[presence.seat] = seconds

    def shows(self, socket: str, page: tuple[str, int] | None, *, follows: bool) -> None:
        """What a device says it has painted: (document, page), or nothing."""
        if presence := self._present.get(socket):
            presence.page, presence.follows = page, follows

    @property
    def seats(self) -> list[str]:
        """The seat of every open connection."""
        return [presence.seat for presence in self._present.values()]

    @property
    def connected(self) -> tuple[tuple[str, str], ...]:
        """Seat and device of all that are here; the very same until somebody comes or goes."""
        if self._connected is None:
            present = ((one.seat, one.device) for one in self._present.values())
            self._connected = tuple(dict.fromkeys(present))
        return self._connected

    def sockets_of(self, device: str) -> list[str]:
        return [socket for socket, p in self._present.items() if p.device == device]

    def deserted(self, since: float) -> bool:
        """Whether nobody is connected, nor was after this monotonic time."""
        return not self._present and all(gone <= since for gone in self._gone.values())

    def forget_seat(self, seat: str) -> None:
        """Its devices were taken away: that is no lost connection."""
        self._gone.pop(seat, None)

    def seat_gone(self, seat: str) -> None:
        """There is no such seat any more: nobody is missed there, and nobody waits for it."""
        self.forget_seat(seat)
        for device in [w.device for w in self._waiting.values() if w.seat == seat]:
            self.answered(device)

    @property
    def waiting(self) -> Mapping[str, Waiting]:
        return self._waiting

    def ask_in(
        self,
        device: str,
        seat: str,
        kind: DeviceKind,
        sighting: Sighting,
        *,
        since: datetime,
        seconds: float,
        number: int = 0,
    ) -> Waiting:
        """A device nobody knows waits for the desk. Asking again keeps its number.

        Args:
            number: the number it had before a restart, kept if it is free.

        Raises:
            Refused: `waiting_full`.
        """
        known = self._waiting.get(device)
        if known is not None:
            self._asked[device] = seconds
            if known.seat != seat:
                known = self._waiting[device] = replace(known, seat=seat)
            return known
        if len(self._waiting) >= WAITING_MOST:
            self._make_place(sighting)
        taken = {waiting.number for waiting in self._waiting.values()}
        if not 1 <= number <= 99 or number in taken:
            number = self._free_number(taken)
        waiting = Waiting(device, seat, number, kind, sighting, since)
        self._waiting[device] = waiting
        self._asked[device] = seconds
        return waiting

    def _make_place(self, sighting: Sighting) -> None:
        """Who saw the room screen goes before the longest silent of those who did not."""
        unseen = [w.device for w in self._waiting.values() if w.sighting == "none"]
        if sighting == "none" or not unseen:
            raise Refused("waiting_full", waiting=WAITING_MOST)
        self.answered(min(unseen, key=lambda device: self._asked[device]))

    def _free_number(self, taken: set[int]) -> int:
        while True:
            self._next_number = self._next_number % 99 + 1
            if self._next_number not in taken:
                return self._next_number

    def answered(self, device: str) -> None:
        """It waits no longer: the desk let it in or sent it away, or it went by itself."""
        self._waiting.pop(device, None)
        self._asked.pop(device, None)

    def signal(
        self,
        presented: tuple[str, int] | None,
        ready: Mapping[str, int],
        *,
        invited: Set[str],
        missed: Set[str],
        taken: Set[str],
        warnings: Set[WarningCode],
        seconds: float,
        copies: CopiesRow | None = None,
    ) -> RoomSignal | None:
        """The room for chair and desk, or None if nothing changed since the last one.

        Args:
            presented: the page everybody should be on.
            ready: images made, by document, where some are still missing.
            invited: the seats that may read what is presented; nobody else follows or lags.
            missed: the seats whose lost connection matters, because they should be here.
            taken: the seats that a device serves already.
            warnings: what the machine wants known.
            seconds: the monotonic time now.
            copies: of what is presented, where each device has a copy of its own.
        """
        self._drop_silent(seconds)
        lost = self._lost(missed, seconds)
        self._cut_off = self._together(lost, missed, seconds)
        wifi: Set[WarningCode] = {"wifi_lost"} if self._cut_off & lost else set()
        readers = [p for p in self._present.values() if p.reader and p.seat in invited]
        fresh = RoomSignal(
            n=self._n,
            following=sum(p.follows is True for p in readers),
            alone=sum(p.follows is False for p in readers),
            lost=tuple(sorted(lost - self._cut_off)),
            behind=self._behind(readers, presented, seconds),
            waiting={
                w.device: WaitingRow(w.seat, w.number, w.kind, w.sighting, w.since, w.seat in taken)
                for w in self._waiting.values()
            },
            ready=dict(ready),
            warnings=tuple(sorted(warnings | wifi)),
            copies=copies or UNSET,
        )
        if self._sent is not None and fresh == self._sent:
            return None
        self._n += 1
        self._sent = replace(fresh, n=self._n)
        return self._sent

    @property
    def last(self) -> RoomSignal | None:
        """What chair and desk were told last, for one who joins now."""
        return self._sent

    def _lost(self, missed: Set[str], seconds: float) -> frozenset[str]:
        return frozenset(
            seat
            for seat, gone in self._gone.items()
            if seat in missed and seconds - gone >= self._times.lost
        )

    def _together(self, lost: frozenset[str], missed: Set[str], seconds: float) -> frozenset[str]:
        """The seats that lost the room's network: more than half of those connected, about at
        once. One fault, told in one sentence, until half of them are back; who falls out
        meanwhile belongs to them, and once it is told, who was out before.

        Known before the first of them counts as lost: they are found out one by one, and by
        then so many would have been named.
        """
        gone = {seat: at for seat, at in self._gone.items() if seat in missed}
        until = max([seconds - self._times.lost, *gone.values()])
        fresh = frozenset(seat for seat, at in gone.items() if until - at <= self._times.offline)
        still = self._cut_off & gone.keys()
        if 2 * len(still) > len(self._cut_off):
            return self._cut_off | (lost if still & lost else frozenset())
        here = {p.seat for p in self._present.values() if p.seat in missed}
        enough = len(fresh) >= TOGETHER_LEAST and len(fresh) > len(here)
        return fresh if enough else frozenset()

    def _behind(
        self, readers: list[Presence], presented: tuple[str, int] | None, seconds: float
    ) -> tuple[str, ...]:
        behind = set()
        for presence in readers:
            right = presented is None or not presence.follows or presence.page == presented
            if right:
                presence.wrong_since = None
            elif presence.wrong_since is None:
                presence.wrong_since = seconds
            elif seconds - presence.wrong_since >= self._times.behind:
                behind.add(presence.seat)
        return tuple(sorted(behind))

    def _drop_silent(self, seconds: float) -> None:
        silent = [d for d, asked in self._asked.items() if seconds - asked > self._times.waiting]
        for device in silent:
            self.answered(device)
