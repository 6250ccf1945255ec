"""Passwords: kept as Argon2id hashes, worked out in threads, at most two at a time."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from meeting.errors import Refused

SHORTEST: Final = 8
AT_ONCE: Final = 2
WAITING_MOST: Final = 16
"""More than these in hand, and the next is asked to come back."""

STRANGERS_MOST: Final = 12
"""Of them so many for strangers: a flood of theirs leaves room for whoever is known here."""

HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
"""RFC 9106, section 4, with one lane: a hash takes one core from a meeting that runs, not four."""


class Passwords:
    """Makes and compares hashes. Whoever made it closes it."""

    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="office: password")
        self._in_hand = 0
        self._nobodys = self._threads.submit(hasher.hash, secrets.token_hex(16))

    async def hashed(self, password: str) -> str:
        """The hash to keep.

        Raises:
            Refused: `password_short`, `server_busy`.
        """
        plain = _written(password)
        if len(plain) < SHORTEST:
            raise Refused("password_short", characters=SHORTEST)
        return await self._worked_out(plain, None)

    async def fits(self, password: str, kept: str | None, *, stranger: bool = False) -> bool:
        """Whether this is the password whose hash was kept. None takes as long, and fits nothing.

        Args:
            stranger: nothing tells who asks from somebody who guesses.

        Raises:
            Refused: `server_busy`.
        """
        nobodys: str = await asyncio.wrap_future(self._nobodys)
        against = kept or nobodys
        most = STRANGERS_MOST if stranger else WAITING_MOST
        found = await self._worked_out(_written(password), against, most)
        return bool(found) and kept is not None

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def _worked_out(self, plain: str, against: str | None, most: int = WAITING_MOST) -> str:
        """The hash; or, if there is one to compare with, that one if it fits, else ""."""
        if self._in_hand >= most:
            raise Refused("server_busy")
        self._in_hand += 1
        loop = asyncio.get_running_loop()
        try:
            if against is None:
                return await loop.run_in_executor(self._threads, self._hasher.hash, plain)
            return await loop.run_in_executor(self._threads, self._compared, plain, against)
        finally:
            self._in_hand -= 1

    def _compared(self, plain: str, against: str) -> str:
        try:
            self._hasher.verify(against, plain)
        except (VerificationError, InvalidHashError):
            return ""
        return against


def _written(password: str) -> str:
    """However a keyboard puts a letter and its marks together."""
    return unicodedata.normalize("NFC", password)
