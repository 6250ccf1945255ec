"""Passwords and their hashes."""

from __future__ import annotations

import asyncio
import threading
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from meeting.errors import Refused
from meeting.office.passwords import HASHER, WAITING_MOST, Passwords
from tests.helpers.office import QUICK


class InPairs(PasswordHasher):
    """Each hash waits until another one is worked out beside it."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.most = self._now = 0
        self._pair = threading.Barrier(2, timeout=20)
        self._count = threading.Lock()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with self._count:
            self._now += 1
            self.most = max(self.most, self._now)
        self._pair.wait()
        made = super().hash(password, salt=salt)
        with self._count:
            self._now -= 1
        return made


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(QUICK)
    yield made
    made.close()


async def refusal(work: Any) -> str:
    with pytest.raises(Refused) as refused:
        await work
    return refused.value.code


async def test_a_password_fits_its_own_hash_only(passwords: Passwords) -> None:
    kept = await passwords.hashed("mùa xuân 2027")
    assert kept != await passwords.hashed("mùa xuân 2027"), "the same salt twice"
    assert await passwords.fits("mùa xuân 2027", kept)
    for wrong in ("mua xuan 2027", "mùa xuân 2027 ", "", "\0" * 400):
        assert not await passwords.fits(wrong, kept), wrong
    assert not await passwords.fits("mùa xuân 2027", None)
    assert not await passwords.fits("mùa xuân 2027", "no hash")


async def test_marks_are_the_same_however_a_keyboard_writes_them(passwords: Passwords) -> None:
    kept = await passwords.hashed(unicodedata.normalize("NFD", "mùa xuân ấm"))
    assert await passwords.fits(unicodedata.normalize("NFC", "mùa xuân ấm"), kept)


async def test_eight_letters_are_enough_marks_not_counted(passwords: Passwords) -> None:
    assert await refusal(passwords.hashed("1234567")) == "password_short"
    assert await refusal(passwords.hashed(unicodedata.normalize("NFD", "ấấấấấấấ"))) == (
        "password_short"
    )
    assert await passwords.hashed("12345678")


async def test_at_most_two_are_worked_out_at_a_time() -> None:
    pairs = InPairs()
    passwords = Passwords(pairs)  # which makes one by itself: with five more, three pairs
    try:
        await asyncio.gather(*(passwords.hashed(f"password-{number}") for number in range(5)))
    finally:
        passwords.close()
    assert pairs.most == 2


async def test_a_crowd_is_asked_to_come_back(passwords: Passwords) -> None:
    crowd = [passwords.hashed(f"password-{number}") for number in range(WAITING_MOST + 3)]
    answers = await asyncio.gather(*crowd, return_exceptions=True)
    codes = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert codes == ["server_busy"] * 3
    assert await passwords.hashed("password-again")


def test_a_hash_is_argon2id_with_as_much_memory_as_the_standard_asks_for() -> None:
    found = extract_parameters(HASHER.hash("password"))
    assert (found.type, found.memory_cost, found.time_cost) == (Type.ID, 64 * 1024, 3)
    assert (found.hash_len, found.salt_len) == (32, 16)
