"""What people might ask in a meeting: mostly sense, some nonsense, drawn by a seeded `Random`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final, get_args

import msgspec

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.words import Attendance, Method, Role, Sighting
from meeting.rules.state import Actor, MeetingState, Moment
from tests.helpers import make

OFFICE_WORK: Final = (
    c.CreateMeeting,
    c.AddSeat,
    c.AddItem,
    c.AddDocument,
    c.NoteRefusedFile,
    p.ChangeMeeting,
    p.ChangeSeat,
    p.RemoveSeat,
    p.OrderSeats,
    p.ChangeItem,
    p.RemoveItem,
    p.OrderItems,
    p.ChangeDocument,
    p.OrderDocuments,
    p.TurnPage,
    p.MarkToCollect,
    p.ReplaceDocument,
    p.EraseDocument,
    p.ContinueOnPaper,
    p.TakeInSignedCopy,
    p.LockFile,
    p.DeleteMeeting,
)


class Chance:
    """Draws commands, actors and moments; most make sense, some are nonsense."""

    def __init__(self, random: Random, state: MeetingState) -> None:
        self.random, self.state = random, state
        self.seats = [*state.seats, "new1", "new2", "new3", "nobody"]
        self.items = [*state.items, "i8", "i9"]
        self.limited = [item.id for item in state.items.values() if item.limited_to]
        self.documents = [*state.documents, "d8", "d9"]
        self.withdrawn = [*state.withdrawn, *state.documents, "d9"]
        self.devices = [*state.devices, "w1", "w2", "w3", "w4", "zz"]

    def one(self, of: Any) -> Any:
        return self.random.choice(list(of))

    def some(self, of: Any, most: int) -> tuple[Any, ...]:
        return tuple(self.one(of) for _ in range(self.random.randint(0, most)))

    def actor(self, command: c.Command) -> Actor:
        if self.random.random() < (0.6 if isinstance(command, OFFICE_WORK) else 0.03):
            return make.OFFICE
        if self.random.random() < (0.8 if isinstance(command, c.ClaimDevice) else 0.03):
            return self.holder_of_a_card()
        if self.random.random() < 0.1:
            return Actor("device", seat=self.one(self.seats), device=self.one(self.devices))
        # most often somebody who may, most often with a device that serves them now
        known = [*self.state.seats] or ["nobody"]
        fitting = [seat for seat in self.fitting(command) if seat in known] or known
        seat = self.one(fitting if self.random.random() < 0.85 else known)
        mine = [device.id for device in self.state.devices_of(seat)] or [f"{seat}-1"]
        return Actor("device", seat=seat, device=self.one([*mine, *mine, f"{seat}-1"]))

    def fitting(self, command: c.Command) -> list[str]:
        match command:
            case c.ShowPage() | c.CallFollowers():
                return [self.state.presenter]
            case c.CheckIn():
                return [*self.state.seats]
            case c.OpenMeeting() | c.CloseMeeting() | c.StartItem():
                return ["chair", "sec"]
            case p.TakeBackOpening() | p.ReopenMeeting():
                return ["chair", "sec"]
            case c.TakePresenting() | c.GivePresenting():
                return ["chair", "sec"]
            case _:
                return ["sec", "sec", "taker"]

    def staff_seldom(self) -> str:
        """A seat to take devices from; a meeting whose desk has none goes nowhere."""
        others = [seat for seat in self.seats if seat not in ("sec", "chair", "taker")]
        return str(self.one(others if self.random.random() < 0.9 else self.seats))

    def holder_of_a_card(self) -> Actor:
        name = self.one([*self.seats, *["an", "sec"] * 6])
        seat = self.state.seats.get(name)
        return make.card(name, seat.card if seat and self.random.random() < 0.8 else 1)

    def new_device(self) -> str:
        """Seldom one that serves somebody already."""
        number = self.random.randrange(10**6)
        return str(self.one([*self.devices, *[f"new-{number}"] * len(self.devices)]))

    def turn(self) -> c.Command:
        here = [d.id for d in self.state.documents.values() if d.item == self.state.item]
        document = self.one([*here, *here, *here, *self.documents])
        known = self.state.documents.get(document)
        newest = known.version if known else 1
        return make.page(document, self.random.randint(0, 6), self.one([*[newest] * 7, 1, 2]))

    def version(self) -> c.Command:
        document = self.one([*self.documents, *self.state.documents])
        known = self.state.documents.get(document)
        version = self.one([*[known.version + 1 if known else 2] * 5, 2, 3])
        return make.a_version(document, version, self.random.randint(1, 9))

    def collecting(self) -> c.Command:
        document = self.one([*self.documents, *self.state.documents])
        known = self.state.documents.get(document)
        versions = self.one([*[known.version if known else 1] * 5, 1, 2])
        collect = self.random.random() < 0.6
        return p.MarkToCollect(document, collect, tuple(self.address() for _ in range(versions)))

    def mended(self) -> c.Command:
        shown = [self.state.presented.document] * 5 if self.state.presented else []
        document = self.one([*self.documents, *shown])
        item = self.one([*self.items, *(d.item for d in self.state.documents.values())])
        return p.ChangeDocument(
            document, item, "", self.one([f"Báo cáo {document}", f"Tên {document}"])
        )

    def order(self, things: Any) -> tuple[Any, ...]:
        """Mostly all of them."""
        shuffled = [*things]
        self.random.shuffle(shuffled)
        return tuple(shuffled if self.random.random() < 0.8 else shuffled[1:] or ["x"])

    def true_time(self) -> Any:
        """Of an opening or closing: seldom said."""
        return self.time() if self.random.random() < 0.2 else msgspec.UNSET

    def address(self) -> str:
        return f"address-{self.random.randrange(10**9)}"

    def time(self) -> Any:
        wrong = self.random.choice([None, None, -7200, -60, 0, 50, 4000, -31 * 24 * 3600])
        return msgspec.UNSET if wrong is None else NOON + timedelta(seconds=wrong)

    def command(self) -> c.Command:
        if self.state.heading is None and self.random.random() < 0.5:
            return make.a_meeting()
        return self.random.choices([make_one for make_one, _ in TRIES], WEIGHTS)[0](self)

    def moment(self, second: int) -> Moment:
        waiting = {
            device: make.waiting(device, self.one(self.seats), number=self.random.randint(1, 99))
            for device in self.some(["w1", "w2", "w3", "w4", "an-1"], 4)
        }
        return Moment(
            now=NOON + timedelta(seconds=second * 40),
            age=self.random.choice([0.1] * 15 + [2.9, 3.2, -5.0, 400.0, 4e6, None]),
            if_rev=self.random.choice([None, None, self.state.rev, self.state.rev - 4]),
            sighting=self.random.choice(get_args(Sighting)),
            method=self.random.choice(get_args(Method)),
            waiting=waiting,
        )


NOON: Final = make.clock("07:20")

TRIES: Final[list[tuple[Callable[[Chance], c.Command], float]]] = [
    (lambda _: make.a_meeting(), 1),
    (
        lambda x: make.a_seat(
            x.one(x.seats),
            x.one([*get_args(Role), "member", "guest"]),
            votes=x.one([True, False]),
            items=x.some(x.items, 3),
        ),
        4,
    ),
    (
        lambda x: make.an_item(
            x.one(x.items),
            title=x.one(["", "Mới", "Mới", "Mới"]),
            recess=x.one([True, False]),
            rapporteur=x.one(["", "an", "x"]),
            limited_to=x.some(x.seats, 2),
        ),
        3,
    ),
    (lambda x: make.a_document(x.one(x.documents), x.one(x.items), 9), 5),
    (lambda x: c.NoteRefusedFile(name=x.one(["a.pdf", "b.pdf", ""]), code="file_broken"), 2),
    (lambda x: c.OpenMeeting(at=x.true_time(), early=x.one([True, True, False])), 3),
    (lambda x: c.CloseMeeting(at=x.true_time()), 1),
    (lambda x: c.StartItem(item=x.one(x.items)), 10),
    (Chance.turn, 22),
    (lambda _: c.TakePresenting(), 6),
    (lambda x: c.GivePresenting(seat=x.one(x.seats)), 9),
    (lambda _: c.CallFollowers(), 7),
    (lambda _: c.CheckIn(), 14),
    (
        lambda x: c.MarkAttendance(
            seat=x.one(x.seats),
            state=x.one(get_args(Attendance)),
            at=x.time(),
            reason=x.one(["", "ốm"]),
        ),
        14,
    ),
    (
        lambda x: c.CorrectAttendance(
            seat=x.one(x.seats),
            state=x.one(get_args(Attendance)),
            at=x.time(),
            reason=x.one(["", "nhầm"]),
        ),
        8,
    ),
    (lambda x: c.ClaimDevice(device=x.new_device(), kind="tablet"), 7),
    (lambda x: c.AdmitDevices(devices=(x.one(x.devices), *x.some(x.devices, 3))), 8),
    (lambda x: c.DeclineDevice(device=x.one(["w1", "w2", *x.devices])), 4),
    (lambda x: c.RevokeDevice(device=x.one([f"{x.staff_seldom()}-1", *x.devices])), 3),
    (lambda x: c.ReissueCard(seat=x.staff_seldom()), 3),
    (lambda x: c.RevokeCard(seat=x.staff_seldom()), 2),
    (
        lambda x: make.a_change(title=x.one(["", "Khác"]), presenter=x.one(["chair", "secretary"])),
        1,
    ),
    (
        lambda x: p.ChangeSeat(
            seat=x.one(x.seats),
            name=x.one(["", "Tên mới", "Tên mới"]),
            post="",
            role=x.one([*get_args(Role), *["member", "guest"] * 4]),
            votes=x.one([True, False, False]),
            items=x.some(x.items, 3),
        ),
        4,
    ),
    (lambda x: p.RemoveSeat(seat=x.one(x.seats)), 2),
    (lambda x: p.OrderSeats(seats=x.order(x.state.seats)), 1),
    (
        lambda x: p.ChangeItem(
            item=x.one([*x.items, *x.limited]),
            number="",
            title=x.one(["", "Khác", "Khác"]),
            recess=x.one([True, False, False]),
            rapporteur=x.one(["", "an", "x"]),
            limited_to=x.one([(), x.some(x.state.seats or ["x"], 2)]),
            for_all=x.one([True, False, False]),
        ),
        3,
    ),
    (lambda x: p.RemoveItem(item=x.one(x.items)), 2),
    (lambda x: p.OrderItems(items=x.order(x.state.items)), 1),
    (Chance.mended, 5),
    (lambda x: p.OrderDocuments(documents=x.order(x.state.documents)), 1),
    (
        lambda x: p.TurnPage(
            x.one(x.documents), x.random.randint(1, 9), x.one(range(4)), x.address()
        ),
        2,
    ),
    (Chance.collecting, 3),
    (Chance.version, 6),
    (lambda x: p.WithdrawDocument(document=x.one(x.documents), reason=x.one(["", "nhầm"])), 2),
    (lambda x: p.EraseDocument(document=x.one(x.withdrawn)), 2),
    (lambda x: p.TakeBackOpening(reason=x.one(["", "nhầm"])), 1),
    (lambda x: p.ReopenMeeting(reason=x.one(["", "nhầm"])), 2),
    (
        lambda x: p.ContinueOnPaper(
            since=x.time() or NOON, reason=x.one(["", "mất điện"]), until=x.time()
        ),
        1,
    ),
    (lambda x: p.TakeInSignedCopy(name="bb.pdf", sha256=x.one(["ab", "cd"]) * 32, pages=2), 2),
    (lambda x: p.LockFile(number=x.one(["", "12"])), 1),
    (lambda _: p.DeleteMeeting(), 0.02),
]
WEIGHTS: Final = [weight for _, weight in TRIES]
