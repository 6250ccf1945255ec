"""What the office's page and the server say to each other by HTTP, around the meetings.

Commands to a meeting are in `commands` and `preparing`, here as everywhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from meeting.protocol.words import AddressForm, Id, Line, Presenting

Login = Annotated[str, Meta(max_length=80)]
Password = Annotated[str, Meta(max_length=400)]
PersonName = Annotated[str, Meta(max_length=120)]

BodyKind = Literal["thuong_truc", "ban_thuong_vu", "ban_chap_hanh", "other"]

OfficeAct = Literal[
    "office.created",
    "office.changed",
    "office.imported",
    "body.added",
    "body.changed",
    "account.added",
    "account.closed",
    "account.signed_in",
    "password.changed",
    "password.forgotten",
    "template.added",
    "template.renamed",
    "template.deleted",
    "meeting.deleted",
    "paper.refused_name",
    "paper.refused_stamp",
]
"""What is recorded of the office. `password.forgotten`: a new one was set on the server machine.
`paper.refused_…`: a file was sent that is a secret paper; nothing of it is kept.
"""


class OfficeView(Struct, frozen=True, forbid_unknown_fields=True):
    """Who runs this server, and what every meeting takes over from it."""

    name: Line
    zone: Line
    wifi_name: Line
    wifi_password: Line
    help_name: Line
    help_phone: Line
    address_form: AddressForm


class BodyView(Struct, frozen=True, forbid_unknown_fields=True):
    """A committee that meets. `word` is what a meeting of it is called; its quorum is
    quorum_present x present >= quorum_total x voting members.
    """

    id: Id
    kind: BodyKind
    name: Line
    word: Line
    quorum_present: Annotated[int, Meta(ge=1, le=100)]
    quorum_total: Annotated[int, Meta(ge=1, le=100)]
    address_form: AddressForm
    presenter: Presenting


class AccountView(Struct, frozen=True):
    """A secretary's own way in."""

    id: str
    name: str
    login: str
    closed: bool = False


class MeView(Struct, frozen=True):
    """How this browser stands with the office: `new` before there is one. `here`: it runs on the
    server machine itself. Without an account, `office` says nothing of the Wi-Fi. `converts`: files
    of office programs are made PDF here.
    """

    state: Literal["new", "signed_out", "signed_in"]
    here: bool
    office: OfficeView | None
    account: AccountView | None
    converts: bool = False


class RecordRow(Struct, frozen=True):
    """Something that was done. `by` is a person's name, "" for whoever sat at the server machine;
    `about` the name of the account, body, template or meeting, "" for the office itself.
    """

    at: datetime
    by: str
    what: OfficeAct
    about: str


class NewAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """A secretary to be let in."""

    name: PersonName
    login: Login
    password: Password


class BeginOffice(Struct, frozen=True, forbid_unknown_fields=True):
    """The first start: the office and its first secretary. `code` is what the server's terminal
    shows, for a browser on another machine.
    """

    office: OfficeView
    account: NewAccount
    code: Annotated[str, Meta(max_length=40)] = ""


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    login: Login
    password: Password


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """Of one's own account."""

    old: Password
    new: Password


class FileChecked(Struct, frozen=True):
    """What was found of a meeting's file: the verdict first. `seal` is the code of its last
    closing, `compared` whether it is the one that was given.
    """

    whole: bool
    sentences: list[str]
    seal: str
    compared: bool


class PersonMessage(Struct, frozen=True):
    """What is sent to one person alone: it holds a personal link and six digits."""

    seat: str
    name: str
    text: str


class MessageView(Struct, frozen=True):
    """What the office sends ahead. `text` is for everybody and holds nothing personal."""

    text: str
    people: tuple[PersonMessage, ...]
