"""Mẫu cuộc họp: what a new meeting can start from, and keeping, renaming, dropping of templates."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.errors import Refused
from meeting.protocol.templates import (
    NewTemplate,
    RenamedTemplate,
    Starts,
    Template,
    TemplateRow,
)
from meeting.routes.office.entry import account_of, answering, changing, read
from meeting.routes.replies import reply
from meeting.routes.shell import Shell
from meeting.rules.skeletons import skeleton


def routes(shell: Shell) -> list[Route]:
    async def starts(request: Request) -> Response:
        account_of(shell, request)
        met = {one.state.meeting.body_id for one in shell.meetings.of_people()}
        rolls = shell.office.rolls.items()
        return reply(
            Starts(
                tuple(_row(one) for one in await shell.templates.all()),
                {body: len(roll) for body, roll in rolls if roll and body not in met},
            )
        )

    async def add(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        asked = await read(request, NewTemplate)
        running = shell.meetings.get(asked.meeting)
        if running is None or running.state.heading is None or running.rehearsal:
            raise Refused("meeting_unknown")
        body = running.state.meeting.body_id
        if body not in shell.office.bodies:
            raise Refused("body_unknown")
        taken = skeleton(running.state)
        return reply(_row(await shell.templates.add(account, body, asked.name, taken)), 201)

    async def rename(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        asked = await read(request, RenamedTemplate)
        id_ = request.path_params["template"]
        return reply(_row(await shell.templates.rename(account, id_, asked.name)))

    async def drop(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        await shell.templates.delete(account, request.path_params["template"])
        return reply({})

    return [
        Route("/office/api/starts", answering(starts)),
        Route("/office/api/templates", answering(add), methods=["POST"]),
        Route("/office/api/templates/{template}", answering(rename), methods=["PUT"]),
        Route("/office/api/templates/{template}/delete", answering(drop), methods=["POST"]),
    ]


def _row(template: Template) -> TemplateRow:
    taken = template.skeleton
    return TemplateRow(
        template.id,
        template.body,
        template.name,
        people=sum(person.role != "screen" for person in taken.roll),
        guests=sum(person.role == "guest" for person in taken.roll),
        items=len(taken.items),
    )
