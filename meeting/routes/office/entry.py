"""Who asks on the office's page: the account its cookie names, or a refusal.

Every route of the office begins with `account_of`; what changes something, with `changing`, too.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from meeting.access import same_origin
from meeting.errors import Refused
from meeting.logs import Log
from meeting.routes.replies import refusal
from meeting.routes.shell import Shell
from meeting.store.faults import DiskFull, StoreFault
from meeting.store.offices import Account

COOKIE: Final = "office"
KNOWN_COOKIE: Final = "office_known"
PATH: Final = "/office"

LASTS: Final = timedelta(hours=12)
LASTS_IN_A_MEETING: Final = timedelta(hours=36)
"""Nobody is asked for a password in the middle of a meeting."""

KNOWN_SECONDS: Final = 365 * 24 * 3600
BODY_MOST_BYTES: Final = 64 * 1024
LISTS_MOST_BYTES: Final = 2_000_000
"""Of a whole roll or agenda, or of many papers."""

Handler = Callable[[Request], Awaitable[Response]]
T = TypeVar("T")

log = Log("office")


def account_of(shell: Shell, request: Request) -> Account:
    """The account that is signed in.

    Raises:
        Refused: `not_signed_in`.
    """
    said = shell.access.unsigned("office", request.cookies.get(COOKIE))
    if said is not None:
        account, epoch, seconds = said
        age = shell.clock.now() - datetime.fromtimestamp(int(seconds), UTC)
        found = shell.office.signed_in(account, int(epoch))
        if found is not None and abs(age) <= _lasts(shell):
            return found
    raise Refused("not_signed_in")


def changing(request: Request) -> None:
    """For requests that change something: they come from our own page.

    Raises:
        Refused: `not_allowed`.
    """
    if not same_origin(request.headers) or "x-phien" not in request.headers:
        raise Refused("not_allowed")


async def read(request: Request, kind: type[T], most: int = BODY_MOST_BYTES) -> T:
    """The message in a request's body, of at most so many bytes.

    Raises:
        Refused: `malformed`.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refused("malformed")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("malformed") from None


def answering(handler: Handler) -> Handler:
    """A handler whose refusals, and faults of the disk, are answers."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            return refusal(refused)
        except DiskFull:
            return refusal(Refused("disk_full"))
        except StoreFault as fault:
            log.error("request_failed", fault=fault)
            return refusal(Refused("server_fault"))

    return answer


def let_in(shell: Shell, request: Request, account: Account, answer: Response) -> None:
    """Have the browser that gets this answer signed in as this account from now on."""
    seconds = int(shell.clock.now().timestamp())
    token = shell.access.signed("office", account.id, str(account.epoch), str(seconds))
    _set(answer, COOKIE, token, int(LASTS_IN_A_MEETING.total_seconds()))
    if not known(shell, request, account.login):
        of = shell.access.signed("office_known", account.id, secrets.token_hex(8))
        _set(answer, KNOWN_COOKIE, of, KNOWN_SECONDS)


def let_out(answer: Response) -> None:
    answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")


def known(shell: Shell, request: Request, login: str) -> str:
    """What tells this browser from a stranger's: it was signed in to this account before. ""
    where it was not.
    """
    said = shell.access.unsigned("office_known", request.cookies.get(KNOWN_COOKIE))
    account = shell.office.accounts.get(said[0]) if said else None
    return said[1] if said and account and account.login == login else ""


def _set(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path=PATH, httponly=True, samesite="strict")


def _lasts(shell: Shell) -> timedelta:
    meeting = any(running.state.phase == "running" for running in shell.meetings.of_people())
    return LASTS_IN_A_MEETING if meeting else LASTS
