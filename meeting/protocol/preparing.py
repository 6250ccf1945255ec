"""What the office asks before and after a meeting: mending what was laid down, filing it away.

Whoever may ask is decided in `rules`. What is asked in the room is in `commands`.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from meeting.protocol.asked import Asked
from meeting.protocol.secrecy import ConfirmedOrdinary
from meeting.protocol.words import (
    AddressForm,
    ClockOrNone,
    Id,
    IdOrNone,
    Instant,
    Line,
    Page,
    Presenting,
    Role,
    Sha256,
)

Order = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=2000)]
"""All of them, in the order wanted."""

Reason = Annotated[str, Meta(max_length=400)]


class ChangeMeeting(Asked, frozen=True, tag="meeting.change"):
    """Mend the heading. The password of the Wi-Fi is for the office to keep: no log has it."""

    title: Line
    place: Line
    starts_at: Instant
    presenter: Presenting
    address_form: AddressForm
    wifi_name: Line
    help_name: Line
    help_phone: Line
    quorum_present: Annotated[int, Meta(ge=1, le=100)]
    quorum_total: Annotated[int, Meta(ge=1, le=100)]
    wifi_password: Line | UnsetType = UNSET


class ChangeSeat(Asked, frozen=True, tag="seat.change"):
    """Mend what is written of a person. Cards and devices stay."""

    seat: Id
    name: Annotated[str, Meta(max_length=120)]
    post: Line
    role: Role
    votes: bool = False
    items: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()


class RemoveSeat(Asked, frozen=True, tag="seat.remove"):
    """Take a person off; only where nothing was entered of them yet."""

    seat: Id


class OrderSeats(Asked, frozen=True, tag="seats.order"):
    """Protocol order: the roll's first is the list's first."""

    seats: Order


class ChangeItem(Asked, frozen=True, tag="item.change"):
    """Mend an item, as `item.add` writes it. `for_all`: papers that only some could read are to be
    open to everybody; else an item that is limited is not left without anybody it is limited to.
    """

    item: Id
    number: Annotated[str, Meta(max_length=12)]
    title: Line
    starts: ClockOrNone = ""
    ends: ClockOrNone = ""
    rapporteur: IdOrNone = ""
    recess: bool = False
    limited_to: Annotated[tuple[Id, ...], Meta(max_length=1000)] = ()
    for_all: bool = False


class RemoveItem(Asked, frozen=True, tag="item.remove"):
    """Take an item off the agenda; one that has no papers and was not reached."""

    item: Id


class OrderItems(Asked, frozen=True, tag="items.order"):
    """The agenda's order."""

    items: Order


class ChangeDocument(Asked, frozen=True, tag="document.change"):
    """Mend what is written of a paper, or lay it under another item."""

    document: Id
    item: Id
    number: Annotated[str, Meta(max_length=80)]
    title: Line


class OrderDocuments(Asked, frozen=True, tag="documents.order"):
    """The papers' order, over all items."""

    documents: Order


class TurnPage(Asked, frozen=True, tag="page.turn_upright"):
    """Stand a page upright: `quarters` of a turn, clockwise, from how the file has it.

    The paper's pages get another `address`, for what is kept of the old one shows it lying.
    """

    document: Id
    page: Page
    quarters: Annotated[int, Meta(ge=0, le=3)]
    address: Id


class MarkToCollect(Asked, frozen=True, tag="document.mark_to_collect"):
    """Thu hồi sau họp: each page carries who reads it, and nobody does once the meeting is closed.
    `collect` false takes the mark off.

    Every version gets another address, the first first: what is kept of the old ones differs.
    """

    document: Id
    collect: bool
    addresses: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=1000)]


class ReplaceDocument(Asked, frozen=True, tag="document.replace"):
    """Lay a new version in the place of a paper. No screen changes before it is presented."""

    document: Id
    version: Annotated[int, Meta(ge=2, le=1000)]
    sha256: Sha256
    pages: Annotated[int, Meta(ge=1, le=5000)]
    address: Id
    ordinary: ConfirmedOrdinary | UnsetType = UNSET


class WithdrawDocument(Asked, frozen=True, tag="document.withdraw"):
    """Take a paper from all devices. What it was, and why it went, stays on record."""

    document: Id
    reason: Reason


class EraseDocument(Asked, frozen=True, tag="document.erase"):
    """Destroy the files of a withdrawn paper; their hashes stay."""

    document: Id


class TakeBackOpening(Asked, frozen=True, tag="meeting.take_back_opening"):
    """The meeting was opened by mistake."""

    reason: Reason


class ReopenMeeting(Asked, frozen=True, tag="meeting.reopen"):
    """The meeting was closed by mistake, or goes on."""

    reason: Reason


class ContinueOnPaper(Asked, frozen=True, tag="meeting.continue_on_paper"):
    """Enter afterwards that the meeting, or a part of it, was held on paper."""

    since: Instant
    reason: Reason
    until: Instant | UnsetType = UNSET
    course: Annotated[str, Meta(max_length=20_000)] = ""


class TakeInSignedCopy(Asked, frozen=True, tag="signed_copy.take_in"):
    """Lay a scan of what was signed and stamped into the file."""

    name: Line
    sha256: Sha256
    pages: Annotated[int, Meta(ge=1, le=5000)]
    ordinary: ConfirmedOrdinary | UnsetType = UNSET


class DeleteMeeting(Asked, frozen=True, tag="meeting.delete"):
    """Xóa cuộc họp: one made by mistake, and never opened."""


class LockFile(Asked, frozen=True, tag="file.lock"):
    """Khóa hồ sơ: nothing of the meeting changes any more; `number` is the file's."""

    number: Annotated[str, Meta(max_length=40)]
