"""An office's register over a data folder, with passwords that cost next to nothing."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher

from meeting.office.passwords import Passwords
from meeting.office.register import Register
from meeting.protocol.office import NewAccount, OfficeView
from meeting.store.engine import open_store
from meeting.store.offices import Offices
from tests.helpers.clock import HandClock

QUICK: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

OFFICE: Final = OfficeView(
    "Văn phòng Đảng ủy", "Asia/Ho_Chi_Minh", "HOP", "mua-xuan", "chị Dương", "0900", "dong_chi"
)
AN: Final = NewAccount("Nguyễn Văn Ân", "an", "mùa xuân 2027")
BA: Final = NewAccount("Lê Thị Ba", "ba", "mùa thu 2027")


@contextlib.asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Register]:
    """The register of this folder's office, while no server runs."""
    store = await open_store(folder)
    register = Register(Offices(store), HandClock(), Passwords(QUICK))
    try:
        await register.start()
        yield register
    finally:
        register.close()
        await store.close()
