"""The door every file comes in by: looked through for secret papers before any of it is kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import UNSET, UnsetType

from meeting.errors import Refused
from meeting.logs import Log
from meeting.office import secrecy
from meeting.office.secrecy import Asked, Certain
from meeting.pages import FileRefused, Original
from meeting.pages.printed import Printed
from meeting.protocol.office import OfficeAct
from meeting.protocol.secrecy import ConfirmedOrdinary
from meeting.routes.shell import Shell
from meeting.store.faults import StoreFault
from meeting.store.offices import Account

PER_MILLE: Final = 1000
SECRET: Final = ("secret_name", "secret_stamp")

log = Log("office")


async def taken_in(
    shell: Shell, account: Account, names: Sequence[str], path: Path, *, ask: bool
) -> tuple[Original, Asked | None]:
    """Take a PDF in, unless it is a secret paper; and what is to be asked about it.

    Args:
        names: of the file, or of the pictures it was made of, with the folders they lay in.
        ask: refuse as well where something is to be asked.

    Raises:
        Refused: `secret_name`, `secret_stamp` with the place, and the attempt is on record;
            `secrecy_asked`; or the file cannot be shown. Nothing of it is kept.
    """
    found: Certain | Asked | None = None

    def allow(printed: Sequence[Printed]) -> None:
        nonlocal found
        found = secrecy.judge(names, printed)
        _refuse(found)
        if ask and isinstance(found, Asked):
            raise Refused("secrecy_asked", question=found.question, page=found.page)

    try:
        original = await shell.pages.take_in(path, allow)
    except FileRefused as refused:
        raise Refused(refused.code, **refused.data) from None
    except Refused:
        await _record(shell, account, found)
        raise
    return original, found if isinstance(found, Asked) else None


@contextlib.asynccontextmanager
async def watching(shell: Shell, account: Account, names: Sequence[str]) -> AsyncIterator[None]:
    """While a file comes in: whatever else it is refused for, its name says what it says.

    Raises:
        Refused: `secret_name`, and that is on record.
    """
    try:
        yield
    except Refused as refused:
        if refused.code not in SECRET:
            certain = await asyncio.to_thread(secrecy.by_names, names)
            await refuse_secret(shell, account, certain)
        raise


async def answered(
    shell: Shell, account: Account, names: Sequence[str], sha256: str, *, ordinary: bool
) -> ConfirmedOrdinary | UnsetType:
    """What goes on record of a file that was taken in before and is laid down now.

    Args:
        ordinary: whether this account says that it is no secret paper.

    Raises:
        Refused: `secrecy_asked`: it does not, and has to; or as `taken_in`.
    """
    printed = await shell.pages.printed(sha256)
    found = await asyncio.to_thread(secrecy.judge, names, printed)
    await refuse_secret(shell, account, found)
    if not isinstance(found, Asked):
        return UNSET
    if not ordinary:
        raise Refused("secrecy_asked", question=found.question, page=found.page)
    return ConfirmedOrdinary(account.name, found.question)


async def refuse_secret(shell: Shell, account: Account, found: Certain | Asked | None) -> None:
    """Raises Refused where it is certain, once that is on record."""
    if isinstance(found, Certain):
        await _record(shell, account, found)
        _refuse(found)


def _refuse(found: Certain | Asked | None) -> None:
    if not isinstance(found, Certain):
        return
    if found.reason == "name":
        raise Refused("secret_name", said=found.said)
    left, top, right, bottom = (round(PER_MILLE * share) for share in found.box)
    raise Refused(
        "secret_stamp",
        said=found.said,
        page=found.page,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
    )


async def _record(shell: Shell, account: Account, found: Certain | Asked | None) -> None:
    """Who and when, and what gave it away: no name, no title, no content."""
    if not isinstance(found, Certain):
        return
    what: OfficeAct = "paper.refused_name" if found.reason == "name" else "paper.refused_stamp"
    try:
        await shell.office.note(account, what)
    except StoreFault as fault:
        log.error("attempt_not_recorded", code=what, fault=fault)
