"""Every command × everybody who might ask × every phase, against a table written for this test.

A row says who may give the command (letters) and when (letters); every other cell is refused,
and the table says with which code by the order of the questions: who are you, may you, now?
A new command without a row fails.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Final, get_args

import pytest

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.rules.state import Actor, MeetingState
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, prepared, running

ALLOWED: Final = """
    command                      who            when
    meeting.create               O              none
    meeting.change               O              before running
    seat.add                     O S W          before running
    seat.change                  O              before running
    seat.remove                  O              before
    seats.order                  O              before running
    item.add                     O              before running
    item.change                  O              before running
    item.remove                  O              before running
    items.order                  O              before running
    document.add                 O              before running closed
    document.change              O              before running
    documents.order              O              before running
    page.turn_upright            O C S          before running
    document.mark_to_collect     O              before running
    document.replace             O              before running
    document.withdraw            O S W          before running closed
    document.erase               O              before running closed locked
    file.note_refused            O              before running
    meeting.open                 O C S          before
    meeting.take_back_opening    O C S          running
    meeting.close                O C S          running
    meeting.reopen               O C S          closed
    meeting.continue_on_paper    O              before running closed
    signed_copy.take_in          O              closed
    file.lock                    O              closed
    meeting.delete               O              before
    item.start                   C S            running                      perishes
    page.show                    C S M G        running                      perishes
    presenter.take               C S            before running               perishes
    presenter.give               C S            before running               perishes
    followers.call               C S M G        running                      perishes
    attendance.check_in          C S W M G T    before running
    attendance.mark              O S W          before running closed
    attendance.correct           O S W          before running closed
    device.claim                 K              before running closed locked
    device.admit                 S W            before running
    device.decline               S W            before running
    device.revoke                S W            before running closed locked
    card.reissue                 O S W          before running closed locked
    card.revoke                  O S W          before running closed locked
"""
"""O office, K card, C chair, S secretary, W minute-taker, M member, G guest, T technician.

R, the room screen, may nothing. X are those who are nobody: see `NOBODY`.
"""

PEOPLE: Final[dict[str, tuple[str, Actor]]] = {
    "office": ("O", make.OFFICE),
    "card": ("K", make.card("an")),
    "chair": ("C", make.device("chair")),
    "secretary": ("S", make.device("sec")),
    "minute_taker": ("W", make.device("taker")),
    "member": ("M", make.device("an")),
    "guest": ("G", make.device("hoa")),
    "technician": ("T", make.device("tech")),
    "screen": ("R", make.device("wall")),
    "stranger": ("X", Actor("device", seat="an", device="nobody-knows")),
    "foreign_device": ("X", Actor("device", seat="chair", device="an-1")),
    "revoked_device": ("X", make.device("tuyet")),
    "old_card": ("X", make.card("tuyet", 1)),
    "foreign_seat": ("X", Actor("device", seat="elsewhere", device="an-1")),
}

NOBODY: Final = {
    "stranger": "not_signed_in",
    "foreign_device": "not_signed_in",
    "revoked_device": "device_revoked",
    "old_card": "card_revoked",
    "foreign_seat": "seat_unknown",
}

PHASES: Final = ("none", "before", "running", "closed", "locked")

SEATS: Final = ("chair", "sec", "taker", "an", "anh", "tuyet", "hoa", "xuan", "tech", "wall")

COMMANDS: Final[dict[str, c.Command]] = {
    "meeting.create": make.a_meeting(),
    "seat.add": make.a_seat("new"),
    "item.add": make.an_item("new"),
    "document.add": make.a_document("new", "i1"),
    "file.note_refused": c.NoteRefusedFile(name="x.pdf", code="file_broken"),
    "meeting.open": c.OpenMeeting(early=True),
    "meeting.close": c.CloseMeeting(),
    "item.start": c.StartItem(item="i2"),
    "page.show": make.page("d1", 3),
    "presenter.take": c.TakePresenting(),
    "presenter.give": c.GivePresenting(seat="anh"),
    "followers.call": c.CallFollowers(),
    "attendance.check_in": c.CheckIn(),
    "attendance.mark": c.MarkAttendance(seat="anh", state="present"),
    "attendance.correct": c.CorrectAttendance(seat="anh", state="present", reason="nhầm"),
    "device.claim": c.ClaimDevice(device="new", kind="phone"),
    "device.admit": c.AdmitDevices(devices=("w1",)),
    "device.decline": c.DeclineDevice(device="w1"),
    "device.revoke": c.RevokeDevice(device="anh-1"),
    "card.reissue": c.ReissueCard(seat="anh"),
    "card.revoke": c.RevokeCard(seat="anh"),
    "meeting.change": make.a_change(place="Phòng họp B"),
    "meeting.delete": p.DeleteMeeting(),
    "seat.change": p.ChangeSeat(seat="anh", name="Người Anh", post="", role="member"),
    "seat.remove": p.RemoveSeat(seat="anh"),
    "seats.order": p.OrderSeats(seats=SEATS[::-1]),
    "item.change": p.ChangeItem(item="i2", number="2", title="Nội dung khác"),
    "item.remove": p.RemoveItem(item="i0"),
    "items.order": p.OrderItems(items=("i7", "rest", "i2", "i1", "i0")),
    "document.change": p.ChangeDocument(document="d2", item="i2", number="9", title="Khác"),
    "documents.order": p.OrderDocuments(documents=("d7", "d2", "d1")),
    "page.turn_upright": p.TurnPage(document="d1", page=2, quarters=1, address="turned"),
    "document.mark_to_collect": p.MarkToCollect("d1", collect=True, addresses=("personal",)),
    "document.replace": make.a_version("d1", 2),
    "document.withdraw": p.WithdrawDocument(document="d1", reason="phát nhầm"),
    "document.erase": p.EraseDocument(document="d1b"),
    "meeting.take_back_opening": p.TakeBackOpening(reason="bấm nhầm"),
    "meeting.reopen": p.ReopenMeeting(reason="bấm nhầm"),
    "meeting.continue_on_paper": p.ContinueOnPaper(since=make.clock("07:00"), reason="mất điện"),
    "signed_copy.take_in": p.TakeInSignedCopy(name="bb.pdf", sha256="ab" * 32, pages=2),
    "file.lock": p.LockFile(number="12-HS/TU"),
}

TAGS: Final = {kind.__struct_config__.tag: kind for kind in get_args(c.Command)}


class Row:
    """One line of `ALLOWED`."""

    def __init__(self, line: str) -> None:
        words = line.split()
        self.tag = words[0]
        self.who = {word for word in words[1:] if len(word) == 1}
        self.when = {word for word in words[1:] if word in PHASES}
        self.perishes = words[-1] == "perishes"

    def outcome(self, letter: str, person: str, phase: str) -> str:
        """`done`, or the code of the refusal."""
        if phase == "none" and letter != "O":
            return "seat_unknown"
        if person in NOBODY:
            return NOBODY[person]
        if letter not in self.who:
            return "not_allowed"
        return "done" if phase in self.when else "wrong_phase"


ROWS: Final = {row.tag: row for row in map(Row, ALLOWED.strip().splitlines()[1:])}

CELLS: Final = [(tag, person, phase) for tag in TAGS for person in PEOPLE for phase in PHASES]


@cache
def a_meeting_in(phase: str, presenter: str) -> tuple[MeetingState, MeetingState]:
    """The state this phase begins with, and a deep copy of it to compare with afterwards."""
    if phase == "none":
        minutes = Minutes()
    elif phase == "before":
        minutes = prepared()
        minutes.does("chair", c.GivePresenting(seat="tuyet"))
    elif phase == "running":
        minutes = running("i1")
        minutes.does("sec", make.page("d1", 1))
        if presenter != minutes.state.presenter:
            minutes.does("sec", c.GivePresenting(seat=presenter))
    else:
        minutes = closed()
    if phase != "none":
        minutes.office(p.WithdrawDocument(document="d1b", reason="phát nhầm"))
        minutes.does("sec", c.RevokeDevice(device="tuyet-1"))
        minutes.does("sec", c.ReissueCard(seat="tuyet"))
    if phase == "locked":
        minutes.office(p.LockFile(number="12-HS/TU"))
    return minutes.state, deepcopy(minutes.state)


def ask(state: MeetingState, person: str, tag: str, age: float | None = 0.1) -> str:
    minutes = Minutes()
    minutes.state = state
    try:
        facts = minutes.does(
            PEOPLE[person][1], COMMANDS[tag], age=age, waiting=[make.waiting("w1", "anh")]
        )
    except Refused as refusal:
        assert minutes.state is state
        assert minutes.entries == []
        return refusal.code
    assert facts != []
    assert minutes.state.rev == state.rev + len(facts)
    return "done"


def presenter_for(person: str, tag: str) -> str:
    """Who holds the lease, so that only role and phase decide: see `test_presenting`."""
    seat = PEOPLE[person][1].seat
    wants_it = tag in ("page.show", "followers.call") and ROWS[tag].who >= {PEOPLE[person][0]}
    return seat if wants_it else "tuyet"


def test_every_command_has_a_row_and_an_example() -> None:
    tags = set(TAGS)
    assert (set(ROWS), set(COMMANDS)) == (tags, tags)
    assert {tag: type(command) for tag, command in COMMANDS.items()} == TAGS
    assert len(CELLS) >= 2000


@pytest.mark.parametrize(("tag", "person", "phase"), CELLS)
def test_cell(tag: str, person: str, phase: str) -> None:
    state, copy = a_meeting_in(phase, presenter_for(person, tag))
    expected = ROWS[tag].outcome(PEOPLE[person][0], person, phase)
    assert ask(state, person, tag) == expected
    assert state == copy


@pytest.mark.parametrize("tag", TAGS)
def test_what_perishes_is_refused_when_late_and_nothing_else_is(tag: str) -> None:
    row = ROWS[tag]
    for person, (letter, _) in PEOPLE.items():
        for phase in PHASES:
            state, _copy = a_meeting_in(phase, presenter_for(person, tag))
            fresh = row.outcome(letter, person, phase)
            late = "too_late" if fresh == "done" and row.perishes else fresh
            timeless = "malformed" if fresh == "done" and row.perishes else fresh
            assert ask(state, person, tag, age=3.5) == late
            assert ask(state, person, tag, age=None) == timeless
