"""The office's own settings and its bodies. Meetings not opened yet follow the office."""

from __future__ import annotations

import secrets

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol.facts import MeetingCreated
from meeting.protocol.office import BodyView, OfficeView
from meeting.protocol.preparing import ChangeMeeting
from meeting.routes.office.entry import account_of, answering, changing, read
from meeting.routes.replies import reply
from meeting.routes.shell import Shell
from meeting.rules.state import Actor


def routes(shell: Shell) -> list[Route]:
    async def office(request: Request) -> Response:
        account_of(shell, request)
        return reply(shell.office.office)

    async def change_office(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        asked, before = await read(request, OfficeView), shell.office.office
        await shell.office.change_office(account, asked)
        if before is not None:
            if before.wifi_name != asked.wifi_name:  # a meeting that is on still names it
                await shell.networks.know(account, before.wifi_name, before.wifi_password)
            await _follow(shell, Actor("office", device=account.id), before, asked)
        return reply(shell.office.office)

    async def bodies(request: Request) -> Response:
        account_of(shell, request)
        return reply([*shell.office.bodies.values()])

    async def change_body(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        asked = await read(request, BodyView)
        if asked.id != request.path_params["body"]:
            raise Refused("malformed")
        await shell.office.change_body(account, asked)
        return reply(asked)

    return [
        Route("/office/api/office", answering(office)),
        Route("/office/api/office", answering(change_office), methods=["PUT"]),
        Route("/office/api/bodies", answering(bodies)),
        Route("/office/api/bodies/{body}", answering(change_body), methods=["PUT"]),
    ]


async def _follow(shell: Shell, by: Actor, before: OfficeView, now: OfficeView) -> None:
    """Have the meetings that are ahead say the Wi-Fi and the help line of now, where they said
    those of before: a meeting held elsewhere keeps its own.
    """
    for running in shell.meetings.of_people():
        heading = running.state.meeting
        asked = _followed(heading, before, now)
        if running.state.phase == "before" and asked != _change(heading):
            await running.submit(by, c.Sent(secrets.token_hex(12), asked))


def _followed(heading: MeetingCreated, before: OfficeView, now: OfficeView) -> ChangeMeeting:
    asked = _change(heading)
    if heading.wifi_name == before.wifi_name:
        asked = replace(asked, wifi_name=now.wifi_name)
    if (heading.help_name, heading.help_phone) == (before.help_name, before.help_phone):
        asked = replace(asked, help_name=now.help_name, help_phone=now.help_phone)
    return asked


def _change(heading: MeetingCreated) -> ChangeMeeting:
    """The change that changes nothing."""
    return ChangeMeeting(
        **{
            name: getattr(heading, name)
            for name in ChangeMeeting.__struct_fields__
            if name != "wifi_password"
        }
    )
