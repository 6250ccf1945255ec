"""Screens that show four digits and wait for the office to say which meeting's they are.

In memory only: after a restart a screen shows other digits.
"""

from __future__ import annotations

import secrets
from typing import Final

from msgspec import Struct

from meeting.access import Tries
from meeting.errors import Refused
from meeting.limits import Bucket

WAITING_MOST: Final = 50
SILENT_SECONDS: Final = 30.0
"""A screen that is not heard for so long was switched off."""

DIGITS_SECONDS: Final = 600.0
"""After so long the digits are others."""

TRIES_MOST: Final = 5
TRIES_SECONDS: Final = 60.0
NEW_AT_ONCE: Final = 20
NEW_EACH_SECOND: Final = 0.5


class Room(Struct, frozen=True):
    """What a screen was taken into."""

    meeting: str
    seat: str
    device: str


class _Screen(Struct):
    digits: str
    since: float
    heard: float
    room: Room | None = None


class Screens:
    """All screens that wait. Seconds are monotonic."""

    def __init__(self) -> None:
        self._screens: dict[str, _Screen] = {}
        self._new = Bucket(NEW_AT_ONCE, NEW_EACH_SECOND)
        self._tries: dict[str, Tries] = {}

    def come(self, seconds: float) -> str:
        """A screen begins to wait; its secret name.

        Raises:
            Refused: `waiting_full`, too many wait or come at once.
        """
        self._drop_silent(seconds)
        if len(self._screens) >= WAITING_MOST or not self._new.take(seconds):
            raise Refused("waiting_full", waiting=WAITING_MOST)
        screen = secrets.token_hex(16)
        self._screens[screen] = _Screen(self._free_digits(), seconds, seconds)
        return screen

    def look(self, screen: str, seconds: float) -> str | Room | None:
        """What becomes of a screen that asks: its digits, or the room it was taken into; None if it
        is not known, any more or at all.
        """
        known = self._screens.get(screen)
        if known is None:
            return None
        known.heard = seconds
        if known.room is not None:
            return known.room
        if seconds - known.since >= DIGITS_SECONDS:
            known.digits, known.since = self._free_digits(), seconds
        return known.digits

    def typed(self, by: str, digits: str, seconds: float) -> str:
        """The screen that shows these digits.

        Args:
            by: who typed them; wrong ones slow down whoever guesses, and nobody else.

        Raises:
            Refused: `screen_unknown`, or `code_paused`.
        """
        tries = self._tries.setdefault(by, Tries(TRIES_MOST, TRIES_SECONDS))
        if tries.paused(seconds):
            raise Refused("code_paused", seconds=int(TRIES_SECONDS))
        self._drop_silent(seconds)
        plain = "".join(digit for digit in digits if digit in "0123456789")
        for name, screen in self._screens.items():
            if screen.room is None and screen.digits == plain:
                return name
        tries.wrong(seconds)
        raise Refused("screen_unknown")

    def take(self, screen: str, room: Room) -> None:
        """It is that room's from now on, and goes there when it asks next."""
        if known := self._screens.get(screen):
            known.room = room

    def _free_digits(self) -> str:
        taken = {screen.digits for screen in self._screens.values()}
        while (digits := f"{secrets.randbelow(10_000):04d}") in taken:
            pass
        return digits

    def _drop_silent(self, seconds: float) -> None:
        self._screens = {
            name: screen
            for name, screen in self._screens.items()
            if seconds - screen.heard <= SILENT_SECONDS
        }
