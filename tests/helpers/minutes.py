"""Minutes of a meeting: commands replayed on the rules, with what each wrote into the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from msgspec import UNSET, UnsetType

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.log import Entry
from meeting.protocol.words import Method, Sighting
from meeting.rules import decide, fold
from meeting.rules.roles import TABLE
from meeting.rules.state import Actor, MeetingState, Moment
from tests.helpers import make

Refusal = tuple[str, dict[str, str | int]]


def no(code: str, **data: str | int) -> Refusal:
    """A refusal as `Minutes.refuses` gives it."""
    return code, data


class Minutes:
    """A meeting whose clock is set by hand. Seats act by name, with their first device."""

    def __init__(self) -> None:
        self.state = MeetingState()
        self.entries: list[Entry] = []
        self.now: datetime = make.clock("07:00")

    def at(self, clock: str) -> Self:
        """It is now so late ("07:30"), by the wall clock of the room."""
        self.now = make.clock(clock)
        return self

    def does(
        self,
        who: Actor | str,
        command: c.Command,
        *,
        age: float | UnsetType | None = UNSET,
        if_rev: int | None = None,
        sighting: Sighting = "fresh",
        method: Method = "digits",
        waiting: Iterable[c.Waiting] = (),
    ) -> list[f.Fact]:
        """The facts this command wrote; the state is after them.

        Args:
            age: seconds since the act. A device says it where the command perishes, and of any
                other only after an outage: left out, it is 0.2 there and not said here.

        Raises:
            Refused: as `decide`.
        """
        actor = make.device(who) if isinstance(who, str) else who
        if isinstance(age, UnsetType):
            age = 0.2 if TABLE[type(command)].perishable else None
        moment = Moment(
            now=self.now,
            age=age,
            if_rev=if_rev,
            sighting=sighting,
            method=method,
            waiting={row.device: row for row in waiting},
        )
        added = decide(self.state, actor, command, f"command-{len(self.entries)}", moment)
        after = self.state
        for entry in added:
            after = fold(after, entry)
        self.state = after
        self.entries += added
        return [entry.fact for entry in added]

    def refuses(self, who: Actor | str, command: c.Command, **moment: Any) -> Refusal:
        """Code and data with which this command is refused; nothing else may come of it."""
        before, log = self.state, list(self.entries)
        try:
            facts = self.does(who, command, **moment)
        except Refused as refusal:
            assert (self.state is before, self.entries) == (True, log)
            return refusal.code, refusal.data
        raise AssertionError(f"was not refused but wrote {facts}")

    def office(self, *commands: c.Command) -> Self:
        for command in commands:
            self.does(make.OFFICE, command)
        return self

    def arrives(self, *seats: str) -> Self:
        """These people use their card and check in."""
        for seat in seats:
            self.does(make.card(seat), c.ClaimDevice(device=f"{seat}-1", kind="tablet"))
            if self.state.seats[seat].on_roll:
                self.does(seat, c.CheckIn())
        return self


def prepared(**heading: Any) -> Minutes:
    """A meeting before its opening; every seat has a device, and nobody has checked in.

    Items i0, i1 (papers d1, d1b), i2 (d2), rest (a recess), i7 (d7), limited to chair, an and
    the secretary. hoa is guest of i1; xuan of i1 and i2.
    """
    minutes = Minutes().office(
        make.a_meeting(**heading),
        make.a_seat("chair", "chair", votes=True),
        make.a_seat("sec", "secretary"),
        make.a_seat("taker", "minute_taker"),
        make.a_seat("an", votes=True),
        make.a_seat("anh", votes=True),
        make.a_seat("tuyet"),
        make.a_seat("hoa", "guest", items=("i1",)),
        make.a_seat("xuan", "guest", items=("i2", "i1")),
        make.a_seat("tech", "technician"),
        make.a_seat("wall", "screen"),
        make.an_item("i0"),
        make.an_item("i1", rapporteur="an", starts="07:45", ends="08:25"),
        make.an_item("i2"),
        make.an_item("rest", recess=True),
        make.an_item("i7", limited_to=("sec", "chair", "an")),
        make.a_document("d1", "i1", pages=34),
        make.a_document("d1b", "i1", pages=5),
        make.a_document("d2", "i2", pages=11),
        make.a_document("d7", "i7", pages=3),
    )
    for seat in minutes.state.seats:
        minutes.does(make.card(seat), c.ClaimDevice(device=f"{seat}-1", kind="tablet"))
    return minutes


def running(item: str = "", **heading: Any) -> Minutes:
    """The same meeting, opened by the chair at 07:30, on this item if one is named."""
    minutes = prepared(**heading).at("07:30")
    minutes.does("chair", c.OpenMeeting())
    if item:
        minutes.does("sec", c.StartItem(item=item))
    return minutes


def closed() -> Minutes:
    """The same meeting after page 7 of d1 was presented, closed by the chair at 11:30."""
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    minutes.at("11:30").does("chair", c.CloseMeeting())
    return minutes


def locked() -> Minutes:
    """The same meeting, its file locked by the office at 12:00."""
    minutes = closed().at("12:00")
    return minutes.office(p.LockFile(number="12-HS/TU"))
