"""Who is this: cookies, cards and tokens, signed with the server's secret.

Identity is per seat, not per browser: a device of a seat carries the cookie `seat_<seat>`.
Tokens hold no right of their own; what a device or card may do is asked of the meeting's state.
"""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import b32encode
from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from meeting.checkin import SIGHTING_SECONDS
from meeting.protocol.words import Sighting
from meeting.rules.state import MeetingState, Seat

KEY_BYTES: Final = 32
COOKIE_SECONDS: Final = 30 * 24 * 3600
CARDS_REMEMBERED: Final = 20_000
SAW_COOKIE: Final = "saw"


def cookie_name(seat: str) -> str:
    return f"seat_{seat}"


def load_key(folder: Path) -> bytes:
    """The server's secret, made on first use and readable by its owner only."""
    path = folder / "secret.key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} is not a key of {KEY_BYTES} bytes")
    return key


def new_address() -> str:
    """Under which the pages of a paper are served: 128 random bits."""
    return f"p{secrets.token_urlsafe(16)}"


class Seen(Struct, frozen=True):
    """What a device proved of the room screen, and when (monotonic seconds)."""

    meeting: str
    sighting: Sighting
    seconds: float


class Access:
    """Signs and reads what devices carry.

    Args:
        key: the server's secret.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        # Whoever comes with a card is looked for among all cards; five hundred come at once.
        self._card_mac = lru_cache(CARDS_REMEMBERED)(self._mac)

    def device_token(self, meeting: str, seat: str, device: str) -> str:
        """The value of the cookie by which a device is this seat's."""
        return f"{device}.{self._mac('device', meeting, seat, device)}"

    def device_of(self, token: str | None, meeting: str, seat: str) -> str | None:
        """The device a cookie's value names, if it was signed for this seat."""
        device = (token or "").partition(".")[0]
        if not device or not self._same(token, self.device_token(meeting, seat, device)):
            return None
        return device

    def card_code(self, meeting: str, seat: str, serial: int) -> str:
        """The unguessable part (130 bits) of a personal link."""
        return self._card_mac("card", meeting, seat, str(serial))

    def card_digits(self, state: MeetingState) -> dict[str, str]:
        """Six digits for every seat with a valid card, no two the same."""
        meeting, taken = state.meeting.meeting, {}
        for seat in state.seats.values():
            if not seat.card_valid:
                continue
            attempt = 0
            while (digits := self._digits(meeting, seat, attempt)) in taken:
                attempt += 1
            taken[digits] = seat.id
        return {seat: digits for digits, seat in taken.items()}

    def seat_of_card(self, state: MeetingState, code: str) -> Seat | None:
        """The seat whose valid card carries this code or these six digits."""
        if len(code) == 6 and code.isdecimal():
            found = (seat for seat, digits in self.card_digits(state).items() if digits == code)
            return state.seats.get(next(found, ""))
        for seat in state.seats.values():
            expected = self.card_code(state.meeting.meeting, seat.id, seat.card)
            if seat.card_valid and self._same(code, expected):
                return seat
        return None

    def saw(self, seen: Seen) -> str:
        """The value of the cookie "this device saw the room screen"."""
        body = f"{seen.meeting}.{seen.sighting}.{int(seen.seconds)}"
        return f"{body}.{self._mac('saw', body)}"

    def seen(self, token: str | None) -> Seen | None:
        body, _, mac = (token or "").rpartition(".")
        if not self._same(mac, self._mac("saw", body)):
            return None
        meeting, sighting, seconds = body.rsplit(".", 2)
        return Seen(meeting, "fresh" if sighting == "fresh" else "stale", float(seconds))

    def sighting(self, token: str | None, meeting: str, seconds: float) -> Sighting:
        """What the `saw` cookie is worth in this meeting now: good for a while, then `stale`."""
        seen = self.seen(token) if token else None
        if seen is None or seen.meeting != meeting:
            return "none"
        return seen.sighting if 0 <= seconds - seen.seconds <= SIGHTING_SECONDS else "stale"

    def signed(self, purpose: str, *parts: str) -> str:
        """Parts (without dots) that come back from a browser as they left."""
        body = ".".join(parts)
        return f"{body}.{self._mac(purpose, body)}"

    def unsigned(self, purpose: str, token: str | None) -> list[str] | None:
        body, _, mac = (token or "").rpartition(".")
        return body.split(".") if self._same(mac, self._mac(purpose, body)) else None

    def _digits(self, meeting: str, seat: Seat, attempt: int) -> str:
        mac = self._card_mac("digits", meeting, seat.id, str(seat.card), str(attempt))
        return f"{int(sha256(mac.encode()).hexdigest(), 16) % 1_000_000:06d}"

    def _mac(self, *parts: str) -> str:
        digest = hmac.digest(self._key, "|".join(parts).encode(), sha256)
        return b32encode(digest[:16]).decode().rstrip("=").lower()

    def _same(self, given: str | None, expected: str) -> bool:
        return hmac.compare_digest((given or "").encode(), expected.encode())


class Tries:
    """How often something guessable may be got wrong before everybody has to wait a little."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._wrong: deque[float] = deque(maxlen=most)

    def paused(self, seconds: float) -> bool:
        return len(self._wrong) == self._most and seconds - self._wrong[0] < self._seconds

    def wrong(self, seconds: float) -> None:
        self._wrong.append(seconds)


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something comes from one of our own pages."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == headers.get("host")
    except ValueError:
        return False
