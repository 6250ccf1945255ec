"""What every audience of a meeting was last sent, and the patches that bring it up to date.

Every publication takes every audience to the same revision, so that a device can compare its
own with the beacon. What the room waits for goes out at once; the rest is gathered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from meeting.clock import Clock
from meeting.kept import Kept
from meeting.protocol import facts as f
from meeting.protocol import patch
from meeting.protocol.views import OwnMessage, PatchMessage
from meeting.rules import visibility
from meeting.rules.state import MeetingState
from meeting.rules.visibility import Audience

Drawing = Kept[MeetingState, dict[str, Any]]
"""A part of an audience's view, kept while what it shows is the same."""


class Publication(Struct, frozen=True):
    """What is to be sent now. `regrouped`: some seats changed their audience; look again."""

    rev: int
    patches: tuple[tuple[Audience, PatchMessage], ...]
    own: tuple[tuple[str, OwnMessage], ...]
    revoked: tuple[str, ...]
    regrouped: bool


class Shown(Struct, frozen=True):
    """What an audience has before it: the view at `rev`, and the roll where it sees that."""

    rev: int
    view: dict[str, Any]
    roll: dict[str, Any] | None


class Publishing:
    """The sending side of one running meeting.

    Args:
        state: gives the meeting's current state.
        send: takes each publication, on the loop, in order.
        gather: seconds; changes nobody waits for are sent at most this often.
        seal: the code of the log's chain at the closing, "" before that.
    """

    def __init__(
        self,
        state: Callable[[], MeetingState],
        send: Callable[[Publication], None],
        clock: Clock,
        gather: float,
        seal: Callable[[], str] = lambda: "",
    ) -> None:
        self._state = state
        self._send = send
        self._clock = clock
        self._shown: dict[Audience, Shown] = {}
        self._audiences: frozenset[Audience] = frozenset()
        self._alive = Kept(visibility.audiences, lambda state: (state.seats, state.items))
        self._numbers = Kept(visibility.numbers, lambda state: (state.seats, state.heading))
        self._drawings: dict[Audience, tuple[Drawing, Drawing]] = {}
        self._roll = Kept(_drawn_roll, lambda state: (state.seats, state.devices))
        self._own: dict[str, tuple[int, dict[str, Any]]] = {}
        self._rights: tuple[int, dict[Audience, frozenset[str]]] = (-1, {})
        self._rev = -1
        self._gather = gather
        self._seal = seal
        self._last = -gather
        self._later: asyncio.TimerHandle | None = None

    @property
    def rev(self) -> int:
        """The revision every audience was sent: what the beacon says."""
        return self._rev if self._rev >= 0 else self._state().rev

    def changed(self, facts: Sequence[f.Fact]) -> None:
        """These facts were stored and are in the state now."""
        if self._rev < 0:
            return
        touched = {seat for fact in facts if (seat := visibility.seat_touched(fact))}
        for seat in touched - self._state().seats.keys():
            self._own.pop(seat, None)
        revoked = tuple(fact.device for fact in facts if isinstance(fact, f.DeviceRevoked))
        own = tuple(
            (seat, message) for seat in sorted(touched) if (message := self._own_patch(seat))
        )
        if any(isinstance(fact, visibility.AT_ONCE) for fact in facts):
            self._publish(own, revoked)
            return
        wait = self._last + self._gather - self._clock.seconds()
        if wait <= 0:
            self._publish(own, revoked)
            return
        if own:
            self._send(Publication(self._rev, (), own, (), regrouped=False))
        if self._later is None:
            loop = asyncio.get_running_loop()
            self._later = loop.call_later(wait, self._publish, (), ())

    def close(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def shown_to(self, audience: Audience) -> Shown:
        """What somebody who joins now is to be shown: what the others of the audience have."""
        if self._rev < 0:
            self._rev = self._state().rev
        shown = self._shown.get(audience)
        if shown is None:
            if self._rev != self._state().rev:
                self._publish((), ())
            shown = self._shown[audience] = self._draw(audience)
        return shown

    def own_of(self, seat: str) -> tuple[int, dict[str, Any]]:
        """What is this seat's own, with its number."""
        if seat not in self._own:
            self._own[seat] = (0, self._own_view(seat))
        return self._own[seat]

    def addresses(self, audience: Audience) -> frozenset[str]:
        """The page addresses this audience may fetch at this moment."""
        state = self._state()
        rev, rights = self._rights
        if rev != state.rev:
            rights = {}
            self._rights = (state.rev, rights)
        if audience not in rights:
            rights[audience] = visibility.addresses(state, audience)
        return rights[audience]

    def _publish(self, own: tuple[tuple[str, OwnMessage], ...], revoked: tuple[str, ...]) -> None:
        self.close()
        state = self._state()
        self._rev, self._last = state.rev, self._clock.seconds()
        alive = self._alive.of(state)
        regrouped, self._audiences = alive != self._audiences, alive
        for audience in [audience for audience in self._shown if audience not in alive]:
            del self._shown[audience]
            self._drawings.pop(audience, None)
        patches = []
        for audience, old in self._shown.items():
            new = self._shown[audience] = self._draw(audience)
            patches.append((audience, between(old, new)))
        self._send(Publication(state.rev, tuple(patches), own, revoked, regrouped=regrouped))

    def _draw(self, audience: Audience) -> Shown:
        state = self._state()
        rows = self._roll.of(state) if audience.kind in visibility.WITH_ROLL else None
        drawing = self._drawings.get(audience)
        if drawing is None:
            drawing = self._drawings[audience] = (_agenda(audience), self._standing(audience))
        agenda, standing = drawing
        view = {"agenda": agenda.of(state), **standing.of(state)}
        view |= msgspec.to_builtins(visibility.turning(state, audience))
        return Shown(state.rev, view, rows)

    def _standing(self, audience: Audience) -> Drawing:
        numbers, seal = self._numbers.of, self._seal
        return Kept(
            lambda state: msgspec.to_builtins(
                visibility.standing(state, audience, numbers(state), seal())
            ),
            lambda state: (*visibility.standing_parts(state), numbers(state), seal()),
        )

    def _own_view(self, seat: str) -> dict[str, Any]:
        state = self._state()
        own: dict[str, Any] = msgspec.to_builtins(visibility.own(state, state.seats[seat]))
        return own

    def _own_patch(self, seat: str) -> OwnMessage | None:
        """The next patch of a seat somebody joined as, or None if nothing changed."""
        if seat not in self._own:
            return None
        n, old = self._own[seat]
        new = self._own_view(seat)
        change = patch.diff(old, new)
        if not change:
            return None
        self._own[seat] = (n + 1, new)
        return OwnMessage(n + 1, change)


def _agenda(audience: Audience) -> Drawing:
    return Kept(
        lambda state: msgspec.to_builtins(visibility.agenda(state, audience)),
        lambda state: visibility.agenda_parts(state, audience),
    )


def _drawn_roll(state: MeetingState) -> dict[str, Any]:
    rows: dict[str, Any] = msgspec.to_builtins(visibility.roll(state))
    return rows


def between(old: Shown, new: Shown) -> PatchMessage:
    """The patch that brings an audience from what it was shown to what it is shown now."""
    rows: dict[str, Any] = {}
    if old.roll is not None and new.roll is not None and old.roll is not new.roll:
        rows = patch.diff(old.roll, new.roll)
    change = patch.diff(old.view, new.view)
    return PatchMessage(from_=old.rev, to=new.rev, patch=change, roll=rows or UNSET)
