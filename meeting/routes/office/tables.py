"""Pasted and uploaded tables: read as a roll or an agenda, and laid down once looked over."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.errors import Refused
from meeting.office import sheets, tables
from meeting.office.agenda_table import read_agenda
from meeting.office.laying import foreseen, lay_agenda, lay_roll
from meeting.office.people_named import Named
from meeting.office.roll_table import read_roll
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.protocol.prepared import WantedAgenda, WantedRoll
from meeting.protocol.reading import AgendaColumn, RollColumn
from meeting.routes.office.entry import (
    LISTS_MOST_BYTES,
    account_of,
    answering,
    changing,
    read,
)
from meeting.routes.office.uploads import body_of
from meeting.routes.office.which import actor, laid_down, meeting_of
from meeting.routes.replies import reply
from meeting.routes.shell import Shell
from meeting.rules.state import MeetingState, Moment
from meeting.running import RunningMeeting
from meeting.store.offices import Account

TABLE_MOST_BYTES: Final = 5_000_000

Column = TypeVar("Column")


def routes(shell: Shell) -> list[Route]:
    laying = asyncio.Lock()
    """One table after the other: two worked out from the same state would undo each other."""

    async def roll_read(request: Request) -> Response:
        changing(request)
        account_of(shell, request)
        rows, said = await _rows(request), _said(request, list[RollColumn])
        return reply(await asyncio.to_thread(read_roll, rows, said))

    async def agenda_read(request: Request) -> Response:
        """`?meeting=` names the one among whose people those who present are looked for."""
        changing(request)
        account_of(shell, request)
        rows, said = await _rows(request), _said(request, list[AgendaColumn])
        people: list[Named] = []
        if meeting := request.query_params.get("meeting", ""):
            running = shell.meetings.get(meeting)
            if running is None or running.state.heading is None or running.rehearsal:
                raise Refused("meeting_unknown")
            people = [
                Named(seat.id, seat.name, seat.post)
                for seat in running.state.seats.values()
                if seat.on_roll
            ]
        return reply(await asyncio.to_thread(read_agenda, rows, people, said))

    async def lay(
        running: RunningMeeting,
        account: Account,
        work_out: Callable[[MeetingState], list[c.Command]],
    ) -> Response:
        """All of it, or, where one part would be refused, none. A long roll is worked out aside,
        so that no page turn waits for it.
        """
        async with laying:
            state, moment = running.state, Moment(shell.clock.now())
            asked = await asyncio.to_thread(work_out, state)
            await asyncio.to_thread(foreseen, state, actor(account), asked, moment)
            if not asked:
                return reply(Committed(running.state.rev))
            return reply(await laid_down(shell, running, account, asked))

    async def roll_laid(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        running = meeting_of(shell, request)
        wanted = await read(request, WantedRoll, LISTS_MOST_BYTES)
        return await lay(running, account, lambda state: lay_roll(state, wanted.people, _new_seat))

    async def agenda_laid(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        running = meeting_of(shell, request)
        wanted = await read(request, WantedAgenda, LISTS_MOST_BYTES)
        return await lay(running, account, lambda state: lay_agenda(state, wanted.items, _new_item))

    return [
        Route("/office/api/read/roll", answering(roll_read), methods=["POST"]),
        Route("/office/api/read/agenda", answering(agenda_read), methods=["POST"]),
        Route("/office/api/m/{meeting}/roll", answering(roll_laid), methods=["POST"]),
        Route("/office/api/m/{meeting}/agenda", answering(agenda_laid), methods=["POST"]),
    ]


async def _rows(request: Request) -> tables.Rows:
    """The table in a request: pasted text, or a file, whose name then stands in the address; or,
    where the columns are said, the rows that were read before, mended by hand.

    Raises:
        Refused: `table_unreadable`, `table_empty`, `table_too_large`.
    """
    try:
        body = await body_of(request, TABLE_MOST_BYTES)
    except Refused:
        raise Refused("table_too_large", rows=tables.ROWS_MOST) from None
    name = request.query_params.get("name", "").lower()
    if not name:
        text = body.decode("utf-8", "replace")
        mended = "columns" in request.query_params
        return await asyncio.to_thread(tables.of_cells if mended else tables.of_text, text)
    if name.endswith(".xlsx") or body.startswith(b"PK\3\4"):
        return await asyncio.to_thread(sheets.of_xlsx, body)
    if name.endswith((".csv", ".txt", ".tsv")):
        return await asyncio.to_thread(tables.of_csv, body)
    raise Refused("table_unreadable")


def _said(request: Request, kind: type[Column]) -> Column:
    """What the columns are, where `?columns=` says so: their names with commas between."""
    said = request.query_params.get("columns", "")
    try:
        return msgspec.convert(said.split(",") if said else [], kind)
    except msgspec.ValidationError:
        raise Refused("malformed") from None


def _new_seat() -> str:
    return secrets.token_hex(6)


def _new_item() -> str:
    return secrets.token_hex(4)
