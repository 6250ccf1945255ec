"""Attendance in numbers, and the quorum."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from meeting.protocol import commands as c
from meeting.protocol.words import Attendance
from meeting.rules.attendance import Counts, counts
from meeting.rules.state import Stand
from tests.helpers import make
from tests.helpers.minutes import Minutes, prepared


def a_body(voting: int, others: int = 0, **heading: Any) -> Minutes:
    minutes = Minutes().office(make.a_meeting(**heading))
    minutes.office(*(make.a_seat(f"v{n}", votes=True) for n in range(voting)))
    minutes.office(*(make.a_seat(f"o{n}") for n in range(others)))
    return minutes


@pytest.mark.parametrize(
    ("voting", "needed"), [(1, 1), (2, 2), (3, 2), (15, 10), (16, 11), (25, 17)]
)
def test_quorum_is_two_thirds_in_whole_numbers(voting: int, needed: int) -> None:
    minutes = a_body(voting)
    minutes.arrives(*(f"v{n}" for n in range(needed - 1)))
    assert counts(minutes.state) == Counts(
        needed - 1, voting, needed - 1, voting, needed, quorum=False
    )
    minutes.arrives(f"v{needed - 1}")
    assert counts(minutes.state) == Counts(needed, voting, needed, voting, needed, quorum=True)


def test_thirteen_of_fifteen_are_a_quorum_and_nine_are_not() -> None:
    thirteen = a_body(15, others=10).arrives(*(f"v{n}" for n in range(13)))
    assert counts(thirteen.state) == Counts(13, 25, 13, 15, 10, quorum=True)
    nine = a_body(15, others=10).arrives(*(f"v{n}" for n in range(9)))
    nine.arrives(*(f"o{n}" for n in range(10)))
    assert counts(nine.state) == Counts(19, 25, 9, 15, 10, quorum=False)


def test_a_body_may_want_another_share() -> None:
    half = a_body(15, quorum_present=2, quorum_total=1).arrives(*(f"v{n}" for n in range(8)))
    assert counts(half.state) == Counts(8, 15, 8, 15, 8, quorum=True)
    everybody = a_body(3, quorum_present=1, quorum_total=1).arrives("v0", "v1")
    assert counts(everybody.state) == Counts(2, 3, 2, 3, 3, quorum=False)


def test_without_voting_members_there_is_no_quorum() -> None:
    assert counts(a_body(0, others=2).arrives("o0", "o1").state) == Counts(2, 2, 0, 0, 0, False)


def test_numbers_hold_neither_guests_nor_the_room_screen() -> None:
    minutes = prepared()
    minutes.at("07:20")
    for seat in ("chair", "an", "hoa", "xuan", "tech"):
        minutes.does(seat, c.CheckIn())
    assert counts(minutes.state) == Counts(3, 7, 2, 3, 2, quorum=True)


def test_present_late_and_returned_are_here_and_nobody_else() -> None:
    for state in get_args(Attendance):
        minutes = prepared()
        if state != "none":
            minutes.does("sec", c.CorrectAttendance(seat="an", state=state, reason="thử"))
        here = {"present": 1, "late": 1, "returned": 1}.get(state, 0)
        assert counts(minutes.state) == Counts(here, 7, here, 3, 2, quorum=False)


def test_the_sample_morning_counts_as_its_minutes_say() -> None:
    """13 of 15 at the opening; one absent with a reason; one at 09:10."""
    minutes = a_body(15, others=9)
    minutes.office(make.a_seat("sec", "secretary"), make.a_seat("chair", "chair"))
    minutes.at("07:25").arrives(*(f"v{n}" for n in range(15) if n not in (10, 11)), "sec", "chair")
    minutes.at("07:30").does("chair", c.OpenMeeting())
    minutes.does("sec", c.MarkAttendance(seat="v10", state="absent", reason="ốm"))
    assert counts(minutes.state) == Counts(15, 26, 13, 15, 10, quorum=True)
    minutes.at("09:10").arrives("v11")
    assert counts(minutes.state) == Counts(16, 26, 14, 15, 10, quorum=True)
    seats = minutes.state.seats
    assert seats["v11"].stand.state == "late"
    assert seats["v10"].stand == Stand(
        "absent", make.clock("07:30"), "hand", None, "ốm", seats["v10"].stand.entry
    )
