"""Tình trạng máy, Tệp hỗ trợ, the phone test, a screen's four digits; what is carried elsewhere."""

from __future__ import annotations

import asyncio
import secrets
from typing import Final, cast

import msgspec
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting import __version__, qr
from meeting.errors import Code, Refused
from meeting.office import support
from meeting.office.phones import CAUSES
from meeting.office.screens import Room
from meeting.office.support import MeetingFigures
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed, Rejected
from meeting.protocol.machine import (
    BodyCarried,
    Carried,
    JoinScreen,
    MachineView,
    OfficeCarried,
    OfficeFiles,
    OpenMeetingRow,
    PhoneView,
)
from meeting.protocol.templates import CarriedRow, CarriedTemplate
from meeting.routes.office.entry import account_of, answering, changing, read
from meeting.routes.office.which import meeting_of
from meeting.routes.replies import HEADERS, reply
from meeting.routes.shell import Shell
from meeting.rules.state import Actor
from meeting.running import RunningMeeting

IMPORT: Final = "/office/api/import"
CARRIED_NAME: Final = "phien-cai-dat.json"
CARRIED_MOST_BYTES: Final = 8_000_000


def routes(shell: Shell) -> list[Route]:
    async def machine(request: Request) -> Response:
        account_of(shell, request)
        return reply(await _view(shell))

    async def support_file(request: Request) -> Response:
        account_of(shell, request)
        known = shell.machine
        packed = await asyncio.to_thread(
            support.pack,
            await _view(shell),
            [_figures(running) for running in shell.meetings.all()],
            known.settings,
            shell.metrics.text(),
            known.folder,
        )
        name = f"phien-ho-tro-{shell.clock.now():%Y%m%d-%H%M}.zip"
        return Response(packed, media_type="application/zip", headers=_download(name))

    async def phone(request: Request) -> Response:
        """The test that is on; `?anew=1` begins another."""
        account_of(shell, request)
        anew = request.query_params.get("anew") == "1"
        code = shell.phone.code(shell.clock.seconds(), anew=anew)
        url = f"{shell.base_url()}/try/{code}"
        causes = () if shell.phone.state == "done" else CAUSES
        if not await shell.machine.addresses():
            causes = ("no_network", *causes)
        return reply(PhoneView(shell.phone.state, url, qr.svg(url), causes))

    async def screen(request: Request) -> Response:
        """Whichever screen shows these digits becomes the room screen of this meeting."""
        changing(request)
        account = account_of(shell, request)
        asked = await read(request, JoinScreen)
        running = meeting_of(shell, request)
        waiting = shell.screens.typed(account.id, asked.digits, shell.clock.seconds())
        shell.screens.take(waiting, await _claimed(running))
        return reply({})

    async def carry(request: Request) -> Response:
        account_of(shell, request)
        office = shell.office.office
        if office is None:
            raise Refused("not_signed_in")
        templates = await shell.templates.all()
        carried = OfficeCarried(
            "phien-export-1",
            replace(office, wifi_name="", wifi_password=""),
            tuple(
                BodyCarried(
                    body,
                    _roll(shell, body.id),
                    tuple(
                        CarriedTemplate(one.name, one.skeleton)
                        for one in templates
                        if one.body == body.id
                    ),
                )
                for body in shell.office.bodies.values()
            ),
        )
        answer = reply(carried)
        answer.headers.update(_download(CARRIED_NAME))
        return answer

    async def take_in(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        asked = await _carried(request)
        await shell.office.take_in(account, asked)
        people = sum(len(one.roll) for one in asked.bodies)
        templates = sum(len(one.templates) for one in asked.bodies)
        return reply(Carried(len(asked.bodies), people, templates))

    return [
        Route("/office/api/machine", answering(machine)),
        Route("/office/support.zip", answering(support_file)),
        Route("/office/api/phone", answering(phone)),
        Route("/office/api/m/{meeting}/screen", answering(screen), methods=["POST"]),
        Route("/office/api/export", answering(carry)),
        Route(IMPORT, answering(take_in), methods=["POST"]),
    ]


def _office_files(shell: Shell) -> OfficeFiles:
    if not shell.converter.ready:
        return "none"
    return "well" if shell.converter.typefaces.like_times else "other_typefaces"


async def _view(shell: Shell) -> MachineView:
    known, office = shell.machine, shell.office.office
    addresses, flush_ms, confined = await asyncio.gather(
        known.addresses(), known.flush_ms(), shell.pages.confinement()
    )
    url, *others = known.urls
    meetings = shell.meetings.of_people()
    return MachineView(
        version=__version__,
        system=known.system,
        url=url,
        other_urls=tuple(others),
        addresses=addresses,
        database=known.database,
        disk_free_bytes=known.space.free(),
        disk_low=known.space.low,
        disk_full=known.space.full,
        flush_ms=flush_ms,
        storing=shell.metrics.storing,
        now=shell.clock.now(),
        zone=office.zone if office else "",
        astray_seconds=round(known.astray_seconds, 1),
        sleep=known.awake.sleep,
        running_seconds=round(known.running_seconds),
        meetings=len(meetings),
        meetings_on=tuple(
            OpenMeetingRow(one.id, one.state.meeting.title, len(one.room.seats))
            for one in meetings
            if one.state.phase == "running"
        ),
        devices=sum(len(one.room.seats) for one in meetings),
        workers=len(shell.pages.process_ids),
        pages_waiting=int(shell.pages.figures()["waiting"]),
        office_files=_office_files(shell),
        confined=confined,
        errors=known.errors(),
    )


def _figures(running: RunningMeeting) -> MeetingFigures:
    state = running.state
    return MeetingFigures(
        id=running.id,
        phase=state.phase,
        rev=state.rev,
        seats=len(state.seats),
        devices=len(state.devices),
        connected=len(running.room.seats),
        items=len(state.items),
        documents=len(state.documents),
        trial=state.meeting.trial,
    )


async def _claimed(running: RunningMeeting) -> Room:
    """A new device of the room's screen.

    Raises:
        Refused: as the meeting refuses it; `seat_unknown`, it has no screen; `server_busy`.
    """
    seat = next((one for one in running.state.seats.values() if one.role == "screen"), None)
    if seat is None:
        raise Refused("seat_unknown")
    device = secrets.token_hex(8)
    answer = await running.submit(
        Actor("card", seat.id, "", seat.card),
        c.Sent(secrets.token_hex(12), c.ClaimDevice(device, "screen")),
    )
    if isinstance(answer, Committed):
        return Room(running.id, seat.id, device)
    if isinstance(answer, Rejected):
        raise Refused(cast(Code, answer.code), **answer.data)
    raise Refused("server_busy")


def _roll(shell: Shell, body: str) -> tuple[CarriedRow, ...]:
    """Who was on this body's last roll: of its newest meeting, else as it was carried here."""
    for running in reversed(shell.meetings.of_people()):
        heading = running.state.meeting
        if heading.body_id == body and not heading.trial:
            seats = sorted(running.state.seats.values(), key=lambda seat: seat.position)
            return tuple(
                CarriedRow(seat.name, seat.post, seat.role, seat.votes)
                for seat in seats
                if seat.counted
            )
    return tuple(shell.office.rolls.get(body, ()))


async def _carried(request: Request) -> OfficeCarried:
    """The file in a request's body, larger than other messages.

    Raises:
        Refused: `carried_wrong`, it is no file of another office's.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > CARRIED_MOST_BYTES:
            raise Refused("carried_wrong")
    try:
        return msgspec.json.decode(body, type=OfficeCarried)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("carried_wrong") from None


def _download(name: str) -> dict[str, str]:
    return {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
