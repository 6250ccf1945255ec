"""The office's register: its settings, its bodies and its accounts, in memory as they are stored.

Every act is recorded in the same transaction as what it does. Who may ask for it is decided by
whoever calls.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from meeting.clock import Clock
from meeting.errors import Refused
from meeting.logs import Log
from meeting.office.bodies import BODIES_MOST, defaults
from meeting.office.passwords import Passwords
from meeting.office.templates import TEMPLATES_MOST, merged
from meeting.office.waits import Waits
from meeting.protocol.machine import OfficeCarried
from meeting.protocol.office import BodyView, NewAccount, OfficeAct, OfficeView, RecordRow
from meeting.protocol.templates import CarriedRow, Skeleton, Template
from meeting.rules.skeletons import sound
from meeting.store.offices import Account, Act, Offices

RECORD_MOST: Final = 500
ACCOUNTS_MOST: Final = 200

log = Log("office")

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class Register:
    """The office of this server. `start` first; `close` last.

    `office` is None before the first start was gone through; `begin_code` is what somebody at
    another machine must know to go through it, eight digits, "" once there is an office.
    """

    def __init__(self, store: Offices, clock: Clock, passwords: Passwords | None = None) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._waits = Waits()
        self._writing = asyncio.Lock()
        self.office: OfficeView | None = None
        self.bodies: Mapping[str, BodyView] = {}
        self.rolls: Mapping[str, Sequence[CarriedRow]] = {}
        """By body: who was on its last roll at the office it was carried here from."""
        self.accounts: Mapping[str, Account] = {}
        self.begin_code = ""

    async def start(self) -> None:
        """Bring it into memory. Raises StoreFault where it cannot be read."""
        await self._load()
        if self.office is None:
            self.begin_code = f"{secrets.randbelow(10**8):08d}"

    def close(self) -> None:
        self._passwords.close()

    def signed_in(self, account: str, epoch: int) -> Account | None:
        """The open account with this id, if its password is still the one of this epoch."""
        found = self.accounts.get(account)
        return found if found and found.closed_at is None and found.epoch == epoch else None

    def knows(self, login: str) -> bool:
        """Whether somebody could sign in with this login."""
        return self._of_login(login_of(login)) is not None

    async def record(self) -> list[RecordRow]:
        """The newest of what was done, the newest first."""
        names = {account.id: account.name for account in self.accounts.values()}
        names |= {body.id: body.name for body in self.bodies.values()}
        return [
            RecordRow(
                act.at,
                names.get(act.account, ""),
                act.what,
                act.called or names.get(act.about, ""),
            )
            for act in await self._store.record(RECORD_MOST)
        ]

    async def note(self, by: Account, what: OfficeAct) -> None:
        """Put on record what somebody tried and was refused. Raises NotStored."""
        await self._store.keep(self._act(by.id, what))

    # The office itself

    async def begin(self, office: OfficeView, new: NewAccount) -> Account:
        """Create the office with its first secretary, and the usual bodies.

        Raises:
            Refused: `office_exists`, `name_needed`, `malformed`, or as `add_account`.
            NotStored: nothing was done.
        """
        _check_office(office)
        account = await self._made(new)
        async with self._writing:
            if self.office is not None:
                raise Refused("office_exists")
            bodies = {body.id: body for body in defaults(office)}
            created = self._act(account.id, "office.created")
            await self._store.keep(
                created, office=office, bodies=[*bodies.values()], account=account
            )
            self.office, self.bodies, self.begin_code = office, bodies, ""
            self.accounts = {account.id: account}
        return account

    async def change_office(self, by: Account, office: OfficeView) -> None:
        """Raises Refused: `name_needed` or `malformed`; NotStored: nothing was done."""
        _check_office(office)
        async with self._writing:
            if office != self.office:
                await self._store.keep(self._act(by.id, "office.changed"), office=office)
                self.office = office

    async def change_body(self, by: Account, body: BodyView) -> None:
        """Change a body, or add it at the end of the list where there is none of this id.

        Raises:
            Refused: `name_needed`; `malformed`, where there are too many.
            NotStored: nothing was done.
        """
        if not body.name.strip():
            raise Refused("name_needed")
        async with self._writing:
            if self.bodies.get(body.id) == body:
                return
            bodies = {**self.bodies, body.id: body}
            if len(bodies) > BODIES_MOST:
                raise Refused("malformed")
            what: OfficeAct = "body.changed" if body.id in self.bodies else "body.added"
            await self._store.keep(self._act(by.id, what, body.id), bodies=[*bodies.values()])
            self.bodies = bodies

    # Accounts

    async def sign_in(self, login: str, password: str, who: str) -> Account:
        """The account, if this is its password; as slow, and the same refusal, where there is none.

        Args:
            who: as `Waits.begin`.

        Raises:
            Refused: `sign_in_wrong`, `sign_in_wait` (with `seconds`), `server_busy`.
            NotStored: that somebody signed in could not be recorded.
        """
        account = await self._proven(login_of(login), password, who)
        await self._store.keep(self._act(account.id, "account.signed_in", account.id))
        return account

    async def change_password(self, account: Account, old: str, new: str) -> Account:
        """Give one's own account another password; what was signed before ends.

        Raises:
            Refused: `password_short`, or as `sign_in`.
            NotStored: nothing was done.
        """
        hashed = await self._passwords.hashed(new)
        proven = await self._proven(account.login, old, account.id)
        return await self._rehash(proven, hashed, self._act(account.id, "password.changed"))

    async def forgot(self, login: str, password: str) -> Account:
        """Set another password without the old one: for whoever sits at the server machine.

        Raises:
            Refused: `account_unknown`, `password_short`, `server_busy`.
            NotStored: nothing was done.
        """
        await self._look_again()
        account = self._of_login(login_of(login))
        if account is None:
            raise Refused("account_unknown")
        hashed = await self._passwords.hashed(password)
        return await self._rehash(account, hashed, self._act("", "password.forgotten"))

    async def take_in(self, by: Account, carried: OfficeCarried) -> None:
        """Take over bodies, their rolls and templates from another office; what this one has filled
        in of its own settings stays, and so do templates that are called otherwise.

        Raises:
            Refused: `carried_wrong`, where something is named twice, cannot be so, or is too much.
            NotStored: nothing was done.
        """
        async with self._writing:
            if self.office is None:
                raise Refused("not_signed_in")
            came = {one.body.id: one for one in carried.bodies}
            bodies = {**self.bodies, **{id_: one.body for id_, one in came.items()}}
            if len(came) != len(carried.bodies) or len(bodies) > BODIES_MOST:
                raise Refused("carried_wrong")
            known = {one.id: one for one in await self._store.templates()}
            templates = _templates(carried, [*known.values()])
            if len({**known, **templates}) > TEMPLATES_MOST:
                raise Refused("carried_wrong")
            rolls = {**self.rolls, **{id_: one.roll for id_, one in came.items() if one.roll}}
            office = _filled(self.office, carried.office)
            await self._store.keep(
                self._act(by.id, "office.imported"),
                office=office,
                bodies=[*bodies.values()],
                rolls=rolls,
                templates=templates,
            )
            self.office, self.bodies, self.rolls = office, bodies, rolls

    async def add_account(self, by: Account, new: NewAccount) -> Account:
        """Let another secretary in.

        Raises:
            Refused: `name_needed`, `login_wrong`, `login_taken`, `password_short`,
                `server_busy`, or `malformed` where there are too many.
            NotStored: nothing was done.
        """
        account = await self._made(new)
        async with self._writing:
            if self._of_login(account.login):
                raise Refused("login_taken")
            if len(self.accounts) >= ACCOUNTS_MOST:
                raise Refused("malformed")
            await self._put(account, self._act(by.id, "account.added", account.id))
        return account

    async def close_account(self, by: Account, account: str) -> None:
        """Nobody signs in with it any more, and whoever did is out.

        Raises:
            Refused: `account_unknown`, or `account_last` where nobody could sign in then.
            NotStored: nothing was done.
        """
        async with self._writing:
            found = self.accounts.get(account)
            if found is None:
                raise Refused("account_unknown")
            if found.closed_at is not None:
                return
            if sum(one.closed_at is None for one in self.accounts.values()) == 1:
                raise Refused("account_last")
            closed = replace(found, closed_at=self._clock.now())
            await self._put(closed, self._act(by.id, "account.closed", account))

    async def _made(self, new: NewAccount) -> Account:
        name, login = new.name.strip(), login_of(new.login)
        if not name:
            raise Refused("name_needed")
        if not _LOGIN.fullmatch(login):
            raise Refused("login_wrong")
        hashed = await self._passwords.hashed(new.password)
        return Account(secrets.token_hex(6), login, name, hashed, 1, self._clock.now())

    async def _proven(self, login: str, password: str, who: str) -> Account:
        await self._look_again()
        if seconds := self._waits.begin(login, who, self._clock.seconds()):
            log.warning("limit_reached", code="sign_in")
            raise Refused("sign_in_wait", seconds=seconds)
        account = self._of_login(login)
        kept = account.hash if account else None
        try:
            fits = await self._passwords.fits(password, kept, stranger=not who)
        except Refused:
            self._waits.not_judged(login, who)
            raise
        if not fits:
            raise Refused("sign_in_wrong")
        self._waits.right(login, who)
        # It may have been closed, or its password changed, while the hash was worked out.
        if account is None or self.signed_in(account.id, account.epoch) is None:
            raise Refused("sign_in_wrong")
        return account

    async def _rehash(self, account: Account, hashed: str, act: Act) -> Account:
        async with self._writing:
            current = self.accounts[account.id]
            changed = replace(current, hash=hashed, epoch=current.epoch + 1)
            await self._put(changed, replace(act, about=account.id))
        return changed

    async def _put(self, account: Account, act: Act) -> None:
        await self._store.keep(act, account=account)
        self.accounts = {**self.accounts, account.id: account}

    def _of_login(self, login: str) -> Account | None:
        open_ones = (one for one in self.accounts.values() if one.closed_at is None)
        return next((one for one in open_ones if one.login == login), None)

    def _act(self, by: str, what: OfficeAct, about: str = "") -> Act:
        return Act(self._clock.now(), by, what, about)

    async def _look_again(self) -> None:
        """Another process may have changed a password meanwhile, where several share a database."""
        if self._store.shared:
            async with self._writing:
                await self._load()

    async def _load(self) -> None:
        stored = await self._store.load()
        self.office = stored.office
        self.bodies = {body.id: body for body in stored.bodies}
        self.rolls = stored.rolls
        self.accounts = {account.id: account for account in stored.accounts}


def _templates(carried: OfficeCarried, known: Sequence[Template]) -> dict[str, Template]:
    """All that come, by id.

    Raises:
        Refused: `carried_wrong`, where one of them, or a roll, could not be laid down.
    """
    came: dict[str, Template] = {}
    for one in carried.bodies:
        names = {template.name for template in one.templates}
        sounds = [Skeleton(one.roll), *(template.skeleton for template in one.templates)]
        if len(names) != len(one.templates) or not all(map(sound, sounds)):
            raise Refused("carried_wrong")
        if not all(name.strip() for name in names):
            raise Refused("carried_wrong")
        came |= merged(known, one.body.id, one.templates)
    return came


def _filled(own: OfficeView, carried: OfficeView) -> OfficeView:
    """Our own settings; where there are none, what was carried here."""
    return replace(
        own,
        **{
            name: getattr(carried, name)
            for name in ("help_name", "help_phone")
            if not getattr(own, name)
        },
    )


def login_of(typed: str) -> str:
    """However a login is typed, with marks or capitals: what it is kept as."""
    letters = unicodedata.normalize("NFD", typed.strip().lower()).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _check_office(office: OfficeView) -> None:
    if not office.name.strip():
        raise Refused("name_needed")
    try:
        ZoneInfo(office.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("malformed") from None
