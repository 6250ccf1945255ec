"""A rehearsal: a meeting of its own that a secretary's program begins, reads back and ends.

The secretary's code is the token. Only what was begun as a rehearsal can be read or ended here,
and there is one at a time. The program itself is `meeting.rehearsal`.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.access import Tries, new_address
from meeting.errors import Refused
from meeting.logs import Log
from meeting.pages import Original
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed, Rejected
from meeting.protocol.rehearsals import BeginRehearsal, RehearsalBegun, RehearsalLog
from meeting.protocol.words import Role
from meeting.routes.replies import refusal, reply
from meeting.routes.shell import Shell
from meeting.rules.state import Actor, MeetingState
from meeting.running import RunningMeeting
from meeting.store.faults import StoreFault
from meeting.texts import text

LEFT_SECONDS: Final = 15.0
"""A rehearsal in which nobody was connected for so long was left behind, and makes room."""

TOKEN_TRIES_MOST: Final = 20
TOKEN_TRIES_SECONDS: Final = 60.0

_OFFICE: Final = Actor("office")
_ITEM: Final = "1"
_PAPER: Final = "1"

log = Log("rehearsal")


def routes(shell: Shell) -> list[Route]:
    changing = asyncio.Lock()  # one is begun or ended at a time
    # Not those of the cards: a stranger with a program keeps nobody from typing six digits.
    tries = Tries(TOKEN_TRIES_MOST, TOKEN_TRIES_SECONDS)
    begun = {"seconds": -LEFT_SECONDS}

    def host(request: Request) -> MeetingState:
        """The meeting whose secretary asks.

        Raises:
            Refused: `not_signed_in`, `code_paused`, `card_unknown` or `not_allowed`.
        """
        scheme, _, code = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused("not_signed_in")
        for running in reversed(shell.meetings.of_people()):
            # Six digits are typed by people, never sent by programs.
            seat = shell.access.seat_of_card(running.state, code) if len(code) > 6 else None
            if seat is not None and seat.role != "secretary":
                raise Refused("not_allowed")
            if seat is not None:
                return running.state
        now = shell.clock.seconds()
        if tries.paused(now):
            raise Refused("code_paused")
        tries.wrong(now)
        raise Refused("card_unknown")

    def known(request: Request) -> RunningMeeting:
        """The rehearsal that the path names."""
        host(request)
        running = shell.meetings.get(request.path_params["meeting"])
        if running is None or not running.rehearsal:
            raise Refused("rehearsal_unknown")
        return running

    async def delete(rehearsal: RunningMeeting) -> None:
        """Its devices leave, memory and rows go. The caller holds `changing`.

        Raises:
            Refused: `server_busy`; its rows are still there, and it can be deleted again.
        """
        try:
            await shell.end(rehearsal)
        except StoreFault as fault:
            log.warning("rehearsal_not_deleted", meeting=rehearsal.id, fault=fault)
            raise Refused("server_busy") from None

    async def make_room() -> None:
        """End what was left behind.

        Raises:
            Refused: `rehearsal_not_now`, people are meeting; `rehearsal_on`, somebody is
                rehearsing; or as `delete`.
        """
        if any(_people_meet(running.state) for running in shell.meetings.of_people()):
            raise Refused("rehearsal_not_now")
        before = shell.clock.seconds() - LEFT_SECONDS
        for running in [one for one in shell.meetings.all() if one.rehearsal]:
            if begun["seconds"] > before or not running.room.deserted(before):
                raise Refused("rehearsal_on")
            await delete(running)

    async def lay_down(of: MeetingState, members: int) -> RunningMeeting:
        paper = await shell.pages.take_in(shell.sample)
        running = shell.meetings.begin(secrets.token_hex(6))
        begun["seconds"] = shell.clock.seconds()
        asked = _commands(running.id, of, paper, members, shell)
        answers = await asyncio.gather(
            *(running.submit(_OFFICE, c.Sent(secrets.token_hex(8), one)) for one in asked)
        )
        if not all(isinstance(answer, Committed) for answer in answers):
            await delete(running)
            codes = [answer.code for answer in answers if isinstance(answer, Rejected)]
            raise Refused("disk_low" if "disk_low" in codes else "server_busy")
        return running

    async def begin(request: Request) -> Response:
        try:
            of = host(request)
            asked = msgspec.json.decode(await request.body(), type=BeginRehearsal)
            async with changing:
                await make_room()
                running = await lay_down(of, asked.members)
        except Refused as refused:
            return refusal(refused)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return refusal(Refused("malformed"))
        return reply(_begun(running, shell), 201)

    async def stored(request: Request) -> Response:
        """From disk, not from memory."""
        try:
            found = await shell.meetings.stored(known(request).id)
        except Refused as refused:
            return refusal(refused)
        answered = {
            command: answer.rev
            for command, (_, answer) in found.answers.items()
            if isinstance(answer, Committed)
        }
        written = {entry.command: entry.rev for entry, _ in found.entries}
        return reply(RehearsalLog(len(found.entries), answered | written))

    async def end(request: Request) -> Response:
        try:
            async with changing:
                await delete(known(request))
        except Refused as refused:
            return refusal(refused)
        return Response(status_code=204)

    return [
        Route("/rehearsal", begin, methods=["POST"]),
        Route("/rehearsal/{meeting}", end, methods=["DELETE"]),
        Route("/rehearsal/{meeting}/log", stored, methods=["GET"]),
    ]


def _people_meet(state: MeetingState) -> bool:
    """Whether a meeting is on whose devices a rehearsal would slow down; a sample's may be."""
    return state.phase == "running" and not state.meeting.trial


def _commands(
    meeting: str, of: MeetingState, paper: Original, members: int, shell: Shell
) -> list[c.Command]:
    """What the office lays down: the same office and hall, invented people, one sample paper."""
    heading = of.meeting
    now = shell.clock.now()
    local = now.astimezone(ZoneInfo(heading.zone))
    title = text("rehearsal.title", time=f"{local:%H:%M}", date=f"{local:%d/%m/%Y}")

    def seat(name: str, role: Role, *, votes: bool = False) -> c.AddSeat:
        return c.AddSeat(secrets.token_hex(6), name, "", role, votes)

    return [
        c.CreateMeeting(
            meeting=meeting,
            title=title,
            body=text("rehearsal.body"),
            place=heading.place,
            starts_at=now,
            zone=heading.zone,
            presenter="chair",
            office=heading.office,
            address_form=heading.address_form,
            help_name=heading.help_name,
            help_phone=heading.help_phone,
            rehearsal=True,
        ),
        seat(text("terminal.chair"), "chair", votes=True),
        seat(text("terminal.secretary"), "secretary"),
        seat(text("room.screen"), "screen"),
        *(
            seat(text("rehearsal.member", number=number), "member", votes=True)
            for number in range(1, members + 1)
        ),
        c.AddItem(item=_ITEM, number="1", title=text("rehearsal.item")),
        c.AddDocument(
            document=_PAPER,
            item=_ITEM,
            number="",
            title=text("rehearsal.paper"),
            sha256=paper.sha256,
            pages=paper.pages,
            address=new_address(),
        ),
    ]


def _begun(running: RunningMeeting, shell: Shell) -> RehearsalBegun:
    def codes(role: Role) -> list[str]:
        """The codes of everybody with this role, in the order of their seats."""
        seats = running.state.seats.values()
        return [
            shell.access.card_code(running.id, seat.id, seat.card)
            for seat in seats
            if seat.role == role
        ]

    return RehearsalBegun(
        meeting=running.id,
        item=_ITEM,
        document=_PAPER,
        pages=running.state.documents[_PAPER].pages,
        chair=codes("chair")[0],
        secretary=codes("secretary")[0],
        screen=codes("screen")[0],
        members=tuple(codes("member")),
    )
