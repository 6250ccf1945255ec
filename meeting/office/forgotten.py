"""A new password without the old one, for whoever sits at the machine: while no server runs, or
beside those that share a PostgreSQL.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from meeting.clock import SystemClock
from meeting.errors import Stopped
from meeting.office.register import Register
from meeting.store.engine import open_store
from meeting.store.faults import StoreBusy, StoreFault
from meeting.store.offices import Offices


async def set_password(
    folder: Path, database: str | None, login: str, ask: Callable[[], str]
) -> None:
    """Ask for another password and set it, if there is an open account with this login.

    Args:
        ask: gives the password; may take its time, no server starts on a file meanwhile.

    Raises:
        Stopped: there is no such account, a server runs, or the data cannot be used.
        Refused: `password_short`.
    """
    if not database and not await asyncio.to_thread(folder.is_dir):
        raise Stopped("password_unknown", login=login, folder=str(folder))
    try:
        store = await open_store(folder, database)
    except StoreBusy:
        raise Stopped("password_busy", folder=str(folder)) from None
    except StoreFault as fault:
        raise Stopped("data_fault", folder=str(folder), why=str(fault)) from None
    register = Register(Offices(store), SystemClock())
    try:
        await register.start()
        if not register.knows(login):
            raise Stopped("password_unknown", login=login, folder=str(folder))
        await register.forgot(login, ask())
    except StoreFault as fault:
        raise Stopped("data_fault", folder=str(folder), why=str(fault)) from None
    finally:
        register.close()
        await store.close()
