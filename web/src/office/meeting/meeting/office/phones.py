"""Whether another machine can reach this one: a page it opens, and a connection it holds.

One test at a time, in memory; each under an address nobody can guess.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from ipaddress import ip_address
from typing import Final

from meeting.protocol.machine import PhoneCause, PhoneState

TEST_SECONDS: Final = 900.0
"""After so long a test is over, and its address leads nowhere."""

HOLD_SECONDS: Final = 3.0
"""How long a connection has to hold."""

CAUSES: Final[tuple[PhoneCause, ...]] = ("other_wifi", "guest_wifi", "firewall", "vpn")
"""Why nothing comes, the most likely first."""

_STEPS: Final[tuple[PhoneState, ...]] = ("waiting", "page", "done")


class PhoneTest:
    """The test that is on. Seconds are monotonic."""

    def __init__(self, hold_seconds: float = HOLD_SECONDS) -> None:
        self.hold_seconds = hold_seconds
        self.state: PhoneState = "waiting"
        self._code = ""
        self._since = 0.0

    def code(self, seconds: float, *, anew: bool = False) -> str:
        """The code of the test that is on, or of a new one where there is none, or `anew`."""
        if anew or not self._on(seconds):
            self._code, self._since, self.state = secrets.token_hex(8), seconds, "waiting"
        return self._code

    def knows(self, code: str, seconds: float) -> bool:
        """Whether this is the code of the test that is on."""
        same = secrets.compare_digest(self._code.encode(), code.encode())
        return self._on(seconds) and same

    def reached(self, step: PhoneState) -> None:
        """Another machine came this far. Nothing goes back."""
        if _STEPS.index(step) > _STEPS.index(self.state):
            self.state = step

    def _on(self, seconds: float) -> bool:
        return bool(self._code) and 0 <= seconds - self._since < TEST_SECONDS


def is_another(peer: str, own: Collection[str]) -> bool:
    """Whether whoever is connected from this address is not this machine itself.

    Args:
        own: the addresses this machine has.
    """
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    plain = getattr(address, "ipv4_mapped", None) or address
    return not plain.is_loopback and str(plain) not in own
