"""Which meeting a request of the office's is about, and laying commands down in it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.requests import Request

from meeting.errors import Code, Refused
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.answers import Answer, Committed, Rejected
from meeting.routes.shell import Shell
from meeting.rules.state import Actor, Document, MeetingState
from meeting.running import RunningMeeting
from meeting.store.offices import Account

AT_ONCE: Final = 200
"""So many commands wait together: others find room beside them."""

WITH_FILES: Final = (c.AddDocument, p.ReplaceDocument, p.TakeInSignedCopy)
"""The commands by which a file gets into a meeting."""


def meeting_of(shell: Shell, request: Request) -> RunningMeeting:
    """The meeting in the path, be it a trial copy.

    Raises:
        Refused: `meeting_unknown`; a rehearsal is nobody's to look at.
    """
    running = shell.meetings.get(request.path_params["meeting"])
    if running is None or running.state.heading is None or running.rehearsal:
        raise Refused("meeting_unknown")
    return running


def actor(account: Account) -> Actor:
    return Actor("office", device=account.id)


async def laid_down(
    shell: Shell, running: RunningMeeting, account: Account, asked: Sequence[c.Command]
) -> Committed:
    """Give these commands, in their order; papers among them are then made ready.

    Raises:
        Refused: one was refused. What came before it stays, what comes after it may.
            `file_missing`, and nothing was done: a file among them was destroyed meanwhile.
    """
    rev = running.state.rev
    async with shell.settling:
        if running.state.heading is not None:  # a copy has what its meeting has
            await _refuse_destroyed(shell, asked)
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            sent = [c.Sent(secrets.token_hex(12), command) for command in some]
            answers = await asyncio.gather(*(running.submit(actor(account), one) for one in sent))
            rev = max(committed(answer).rev for answer in answers)
    prepare(shell, running.state, asked)
    return Committed(rev)


async def _refuse_destroyed(shell: Shell, asked: Sequence[c.Command]) -> None:
    for sha256 in [command.sha256 for command in asked if isinstance(command, WITH_FILES)]:
        if await shell.pages.pages_of(sha256) is None:
            raise Refused("file_missing")


def committed(answer: Answer) -> Committed:
    """The answer, if it was done.

    Raises:
        Refused: as it was refused; `server_busy` where it is to be asked again.
    """
    if isinstance(answer, Committed):
        return answer
    if isinstance(answer, Rejected):
        code: Code = answer.code  # type: ignore[assignment]  # it was made from one
        raise Refused(code, **answer.data)
    raise Refused("server_busy")


def prepare(shell: Shell, state: MeetingState, asked: Iterable[c.Command]) -> None:
    """Have the pages of papers made that these commands laid down, replaced or turned."""
    for command in asked:
        if isinstance(command, c.AddDocument | p.ReplaceDocument | p.TurnPage):
            paper = state.documents.get(command.document)
            if paper is not None:
                prepare_paper(shell, paper)


def prepare_paper(shell: Shell, paper: Document) -> None:
    shell.pages.prepare(paper.sha256, paper.pages, paper.turned)
