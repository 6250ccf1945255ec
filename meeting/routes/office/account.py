"""First start, signing in and out, passwords, and who else may sign in."""

from __future__ import annotations

import hmac
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting.access import Tries
from meeting.errors import Refused
from meeting.office.register import login_of
from meeting.protocol.office import (
    AccountView,
    BeginOffice,
    MeView,
    NewAccount,
    NewPassword,
    OfficeView,
    SignIn,
)
from meeting.routes.here import from_here
from meeting.routes.office.entry import (
    account_of,
    answering,
    changing,
    known,
    let_in,
    let_out,
    read,
)
from meeting.routes.replies import reply
from meeting.routes.shell import Shell
from meeting.store.offices import Account

CODE_TRIES_MOST: Final = 5
CODE_TRIES_SECONDS: Final = 60.0


def routes(shell: Shell) -> list[Route]:
    tries = Tries(CODE_TRIES_MOST, CODE_TRIES_SECONDS)

    async def me(request: Request) -> Response:
        try:
            account = account_of(shell, request)
        except Refused:
            account = None
        return reply(_me(shell, request, account))

    async def begin(request: Request) -> Response:
        changing(request)
        asked = await read(request, BeginOffice)
        if shell.office.office is not None:
            raise Refused("office_exists")
        if not from_here(request):
            _check_code(asked.code)
        account = await shell.office.begin(asked.office, asked.account)
        return _welcome(shell, request, account)

    def _check_code(code: str) -> None:
        now = shell.clock.seconds()
        if tries.paused(now):
            raise Refused("code_paused")
        digits = "".join(filter(str.isdecimal, code))
        if not hmac.compare_digest(digits.encode(), shell.office.begin_code.encode()):
            tries.wrong(now)
            raise Refused("begin_code_wrong")

    async def sign_in(request: Request) -> Response:
        changing(request)
        asked = await read(request, SignIn)
        login = login_of(asked.login)
        who = known(shell, request, login) or ("here" if from_here(request) else "")
        return _welcome(shell, request, await shell.office.sign_in(login, asked.password, who))

    async def sign_out(request: Request) -> Response:
        changing(request)
        answer = reply(_me(shell, request, None))
        let_out(answer)
        return answer

    async def password(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        asked = await read(request, NewPassword)
        changed = await shell.office.change_password(account, asked.old, asked.new)
        return _welcome(shell, request, changed)

    async def forgot(request: Request) -> Response:
        changing(request)
        if not from_here(request):
            raise Refused("only_here")
        asked = await read(request, SignIn)
        return _welcome(shell, request, await shell.office.forgot(asked.login, asked.password))

    async def accounts(request: Request) -> Response:
        account_of(shell, request)
        return reply([_shown(account) for account in shell.office.accounts.values()])

    async def add(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        asked = await read(request, NewAccount)
        return reply(_shown(await shell.office.add_account(account, asked)))

    async def close(request: Request) -> Response:
        changing(request)
        account = account_of(shell, request)
        await shell.office.close_account(account, request.path_params["account"])
        return reply(_shown(shell.office.accounts[request.path_params["account"]]))

    async def record(request: Request) -> Response:
        account_of(shell, request)
        return reply(await shell.office.record())

    return [
        Route("/office/api/me", answering(me)),
        Route("/office/api/begin", answering(begin), methods=["POST"]),
        Route("/office/api/sign-in", answering(sign_in), methods=["POST"]),
        Route("/office/api/sign-out", answering(sign_out), methods=["POST"]),
        Route("/office/api/password", answering(password), methods=["POST"]),
        Route("/office/api/forgot", answering(forgot), methods=["POST"]),
        Route("/office/api/accounts", answering(accounts)),
        Route("/office/api/accounts", answering(add), methods=["POST"]),
        Route("/office/api/accounts/{account}/close", answering(close), methods=["POST"]),
        Route("/office/api/record", answering(record)),
    ]


def _welcome(shell: Shell, request: Request, account: Account) -> Response:
    answer = reply(_me(shell, request, account))
    let_in(shell, request, account, answer)
    return answer


def _me(shell: Shell, request: Request, account: Account | None) -> MeView:
    office, here = shell.office.office, from_here(request)
    if office is None:
        return MeView("new", here, None, None)
    if account is None:
        return MeView("signed_out", here, _without_wifi(office), None)
    return MeView("signed_in", here, office, _shown(account), shell.converter.ready)


def _without_wifi(office: OfficeView) -> OfficeView:
    return OfficeView(
        name=office.name,
        zone=office.zone,
        wifi_name="",
        wifi_password="",
        help_name=office.help_name,
        help_phone=office.help_phone,
        address_form=office.address_form,
    )


def _shown(account: Account) -> AccountView:
    return AccountView(account.id, account.name, account.login, account.closed_at is not None)
