"""The passwords of the Wi-Fi that meetings are held in. No log has one: what is filed away and
handed in names the network only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from meeting.office.register import Register
from meeting.protocol.facts import MeetingCreated
from meeting.store.networks import StoredNetworks
from meeting.store.offices import Account

NETWORKS_MOST: Final = 100
"""The one that was named longest ago is forgotten then."""


class Networks:
    """By name: one that is the office's own has the password of its settings. `start` first."""

    def __init__(self, store: StoredNetworks, office: Register) -> None:
        self._store = store
        self._office = office
        self._writing = asyncio.Lock()
        self._known: Mapping[str, str] = {}

    async def start(self) -> None:
        """Bring them into memory. Raises StoreFault where they cannot be read."""
        self._known = await self._store.load()

    def password(self, heading: MeetingCreated) -> str:
        """Of the network this meeting names, "" where it has none or nobody knows it."""
        name, own = heading.wifi_name, self._office.office
        if own is not None and name == own.wifi_name:
            return own.wifi_password if name else ""
        older = heading.wifi_password or ""  # of a log from when it was written down there
        return self._known.get(name, older) if name else ""

    async def know(self, by: Account, name: str, password: str) -> None:
        """This is the password of the network with this name, wherever it is named.

        Raises:
            Refused: as `Register.change_office`.
            NotStored: nothing was done.
        """
        own = self._office.office
        if own is not None and name == own.wifi_name:
            await self._office.change_office(by, replace(own, wifi_password=password))
            return
        async with self._writing:
            if not name or self._known.get(name) == password:
                return
            others = [(one, said) for one, said in self._known.items() if one != name]
            known = dict([*others, (name, password)][-NETWORKS_MOST:])
            await self._store.keep(known)
            self._known = known
