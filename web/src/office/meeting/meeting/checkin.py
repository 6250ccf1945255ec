"""Check-in codes of the room screen: a QR and four digits that rotate. Pure, given key and time.

A code says which stretch of time it was shown in, by the server's monotonic seconds, so that
jumps of the wall clock do not matter. A code that is right but old is `stale`, never wrong.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from hashlib import sha256
from typing import Final

from meeting.protocol.words import Sighting

SCAN_SECONDS: Final = 8
SCAN_FRESH_WINDOWS: Final = 3
"""A scanned code is fresh for 24 s from when it first appeared."""

DIGITS_SECONDS: Final = 30
DIGITS_FRESH_WINDOWS: Final = 4
DIGITS_KNOWN_WINDOWS: Final = 20
"""Digits are fresh for 2 min and recognised as old for 10; four digits are too few for more."""

SIGHTING_SECONDS: Final = 15 * 60
"""How long "this device saw the room screen" holds, so that choosing a name has no clock."""

_MAC_BYTES: Final = 10


class Codes:
    """The codes of one meeting.

    Args:
        key: the server's secret.
        meeting: the meeting's id; codes of one meeting mean nothing in another.
    """

    def __init__(self, key: bytes, meeting: str) -> None:
        self._key = key
        self._meeting = meeting

    def scan_code(self, seconds: float) -> str:
        """What the QR carries now: 23 letters and digits."""
        return self._scan_code(int(seconds // SCAN_SECONDS))

    def digits(self, seconds: float) -> str:
        """The four digits on show now."""
        return self._digits(int(seconds // DIGITS_SECONDS))

    def judge_scan(self, code: str, seconds: float) -> Sighting:
        """How a scanned code stands now; `none` if it never was this meeting's."""
        if not code.isascii():
            return "none"
        try:
            raw = b32decode(code.upper() + "=" * (-len(code) % 8))
        except (NotBase32, ValueError):
            return "none"
        window = int.from_bytes(raw[:4], "big")
        if not hmac.compare_digest(self._scan_code(window), code.lower()):
            return "none"
        age = int(seconds // SCAN_SECONDS) - window
        return "fresh" if 0 <= age < SCAN_FRESH_WINDOWS else "stale"

    def judge_digits(self, digits: str, seconds: float) -> Sighting:
        """How four typed digits stand now; `none` if they were not on show lately."""
        if not digits.isascii():
            return "none"
        current = int(seconds // DIGITS_SECONDS)
        for age in range(DIGITS_KNOWN_WINDOWS):
            if hmac.compare_digest(self._digits(current - age), digits):
                return "fresh" if age < DIGITS_FRESH_WINDOWS else "stale"
        return "none"

    def _scan_code(self, window: int) -> str:
        stretch = (window % 2**32).to_bytes(4, "big")
        mac = self._mac("scan", window)[:_MAC_BYTES]
        return b32encode(stretch + mac).decode().rstrip("=").lower()

    def _digits(self, window: int) -> str:
        return f"{int.from_bytes(self._mac('digits', window)[:8], 'big') % 10_000:04d}"

    def _mac(self, purpose: str, window: int) -> bytes:
        message = f"checkin|{purpose}|{self._meeting}|{window}".encode()
        return hmac.digest(self._key, message, sha256)
