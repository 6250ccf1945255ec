"""The office's meetings: the list, beginning one, what it is now, commands, trial copies.

A meeting that was deleted is nowhere any more; the office's record says that it was there.
"""

from __future__ import annotations

import asyncio
import secrets
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.errors import Refused
from meeting.logs import Log
from meeting.office import erasing, shown
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.answers import Committed
from meeting.protocol.office import BodyView, OfficeView
from meeting.protocol.prepared import Created, EnterAs, Entrance, NewMeeting, Prepared
from meeting.protocol.templates import Skeleton
from meeting.protocol.words import Role
from meeting.routes.office.entry import account_of, answering, changing, read
from meeting.routes.office.which import WITH_FILES, actor, laid_down, meeting_of, prepare
from meeting.routes.replies import answered, reply
from meeting.routes.shell import Shell
from meeting.rules.copying import trial_copy
from meeting.rules.skeletons import laid_again, skeleton
from meeting.rules.state import Document
from meeting.running import RunningMeeting
from meeting.store.faults import StoreFault
from meeting.store.offices import Account
from meeting.texts import text

log = Log("office")


def routes(shell: Shell) -> list[Route]:
    copying = asyncio.Lock()  # one trial copy is made or ended at a time

    async def meetings(request: Request) -> Response:
        account_of(shell, request)
        known = [one for one in shell.meetings.all() if not one.rehearsal]
        return reply([shown.row(one.state) for one in reversed(known)])

    async def create(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        asked = await read(request, NewMeeting)
        body, office = shell.office.bodies.get(asked.body_id), shell.office.office
        if body is None or office is None:
            raise Refused("body_unknown")
        taken = await _taken_over(shell, asked)
        try:
            starts = f"{asked.starts_at.astimezone(ZoneInfo(office.zone)):%H:%M}"
        except OverflowError:  # beyond any calendar
            raise Refused("malformed") from None
        laid = laid_again(taken, _new_id, starts=starts, agenda=asked.agenda)
        if not any(isinstance(one, c.AddSeat) and one.role == "screen" for one in laid):
            laid.append(c.AddSeat(_new_id(), text("room.screen"), "", "screen"))
        meeting = secrets.token_hex(6)
        heading = _heading(meeting, asked, body, office)
        running = await begun(meeting, account, [heading, *laid])
        return reply(Created(running.id), 201)

    async def begun(meeting: str, account: Account, asked: list[c.Command]) -> RunningMeeting:
        """A meeting that was laid down whole, or, if it is thrown away again, not at all."""
        running = shell.meetings.begin(meeting)
        try:
            await laid_down(shell, running, account, asked)
        except BaseException:
            if running.state.heading is None or running.throwaway:
                await asyncio.shield(shell.end(running))
            raise
        return running

    async def one(request: Request) -> Response:
        account_of(shell, request)
        return reply(_prepared(shell, meeting_of(shell, request)))

    async def command(request: Request) -> Response:
        """As a device of a seat gives it, with the same answers."""
        changing(request)
        account = account_of(shell, request)
        running = meeting_of(shell, request)
        sent = await _password_kept(shell, account, await read(request, c.Sent))
        if isinstance(sent.command, WITH_FILES):
            raise Refused("not_allowed")  # these come with the file itself, past the guard
        answer = await running.submit(actor(account), sent)
        if isinstance(answer, Committed):
            prepare(shell, running.state, [sent.command])
            if isinstance(sent.command, p.DeleteMeeting):
                await put_away(running)
            if isinstance(sent.command, p.EraseDocument):
                shell.prints.forget(running.id)
                async with shell.settling:
                    await erasing.erase((one.state for one in shell.meetings.all()), shell.pages)
        return answered(answer)

    async def put_away(running: RunningMeeting) -> None:
        """What people practised in it goes with it."""
        shell.prints.forget(running.id)
        if running.trial_of:
            await shell.end(running)
            return
        async with copying:
            await end_copies(running.id)
        await shell.meetings.put_away(running)

    async def trial(request: Request) -> Response:
        """A copy to practise in, as the meeting is now; the one before it ends."""
        changing(request)
        account = account_of(shell, request)
        running = meeting_of(shell, request)
        if running.trial_of:
            raise Refused("not_allowed")
        if running.state.phase != "before":
            raise Refused("wrong_phase", phase=running.state.phase)
        async with copying:
            await end_copies(running.id)
            meeting = secrets.token_hex(6)
            state = running.state
            asked = trial_copy(state, meeting, _new_id, _new_address)
            copy = await begun(meeting, account, asked)
            if running.state.items is not state.items or running.state.documents != state.documents:
                await end_copies(running.id)  # it may show what was taken back meanwhile
                raise Refused("server_busy")
        return reply(Created(copy.id), 201)

    async def end_trial(request: Request) -> Response:
        """Named is the copy, or the meeting it was made of."""
        changing(request)
        account_of(shell, request)
        running = meeting_of(shell, request)
        async with copying:
            await end_copies(running.trial_of or running.id)
        return reply(Created(running.trial_of or running.id))

    async def end_copies(of: str) -> None:
        for copy in shell.meetings.trial_copies(of):
            try:
                await shell.end(copy)
            except StoreFault as fault:
                log.warning("trial_not_ended", meeting=copy.id, fault=fault)
                raise Refused("server_busy") from None

    async def enter(request: Request) -> Response:
        """The personal link by which the office's own browser comes in."""
        changing(request)
        account_of(shell, request)
        running = meeting_of(shell, request)
        role: Role = (await read(request, EnterAs)).role
        seats = [seat for seat in running.state.seats.values() if seat.role == role]
        if not seats:
            raise Refused("seat_unknown")
        valid = next((seat for seat in seats if seat.card_valid), None)
        if valid is None:
            raise Refused("card_revoked")
        code = shell.access.card_code(running.id, valid.id, valid.card)
        return reply(Entrance(f"/c/{code}"))

    of_one = "/office/api/m/{meeting}"
    return [
        Route("/office/api/meetings", answering(meetings)),
        Route("/office/api/meetings", answering(create), methods=["POST"]),
        Route(of_one, answering(one)),
        Route(f"{of_one}/command", answering(command), methods=["POST"]),
        Route(f"{of_one}/trial", answering(trial), methods=["POST"]),
        Route(f"{of_one}/end-trial", answering(end_trial), methods=["POST"]),
        Route(f"{of_one}/enter", answering(enter), methods=["POST"]),
    ]


def _new_id() -> str:
    return secrets.token_hex(6)


def _new_address() -> str:
    return f"p{secrets.token_urlsafe(16)}"


async def _taken_over(shell: Shell, asked: NewMeeting) -> Skeleton:
    """What a new meeting starts from; nothing where it names nothing.

    Raises:
        Refused: `meeting_unknown`, `template_unknown`; `malformed`, where it names two.
    """
    if sum(map(bool, (asked.like, asked.template, asked.carried))) > 1:
        raise Refused("malformed")
    if asked.template:
        return (await shell.templates.one(asked.template)).skeleton
    if asked.carried:
        return Skeleton(tuple(shell.office.rolls.get(asked.body_id, ())))
    if not asked.like:
        return Skeleton()
    like = shell.meetings.get(asked.like)
    if like is None or like.state.heading is None or like.rehearsal:
        raise Refused("meeting_unknown")
    return skeleton(like.state)


def _heading(
    meeting: str, asked: NewMeeting, body: BodyView, office: OfficeView
) -> c.CreateMeeting:
    return c.CreateMeeting(
        meeting=meeting,
        title=asked.title,
        body=body.name,
        place=asked.place,
        starts_at=asked.starts_at,
        zone=office.zone,
        presenter=asked.presenter,
        office=office.name,
        address_form=body.address_form,
        wifi_name=office.wifi_name,
        help_name=office.help_name,
        help_phone=office.help_phone,
        quorum_present=body.quorum_present,
        quorum_total=body.quorum_total,
        body_id=body.id,
    )


async def _password_kept(shell: Shell, account: Account, sent: c.Sent) -> c.Sent:
    """The command without the Wi-Fi's password, which the office keeps and no log has."""
    asked = sent.command
    if not isinstance(asked, p.ChangeMeeting) or isinstance(asked.wifi_password, UnsetType):
        return sent
    await shell.networks.know(account, asked.wifi_name, asked.wifi_password)
    return replace(sent, command=replace(asked, wifi_password=UNSET))


def _prepared(shell: Shell, running: RunningMeeting) -> Prepared:
    def made(paper: Document) -> tuple[int, int]:
        ready = min(shell.pages.progress(paper.sha256), paper.pages)
        return ready, shell.pages.failed(paper.sha256)

    url = shell.base_url()
    return shown.whole(
        running.state,
        made,
        seal=running.seal,
        wifi_password=shell.networks.password(running.state.meeting),
        base_url=url,
        address_changed=shell.prints.addresses.changed(running.id, url),
        cards_url=shell.prints.addresses.printed(running.id),
    )
