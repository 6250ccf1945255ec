"""Attendance the desk entered while the server could not be reached."""

from __future__ import annotations

from datetime import datetime

import pytest

from meeting.protocol import commands as c
from tests.helpers import make
from tests.helpers.minutes import Minutes, running


def at_of(minutes: Minutes, seat: str) -> datetime | None:
    return minutes.state.seats[seat].stand.at


@pytest.mark.parametrize(
    ("age", "at"),
    [(None, "08:00"), (0.0, "08:00"), (-5.0, "08:00"), (240.0, "07:56"), (36_000.0, "07:45")],
)
def test_what_the_desk_entered_during_an_outage_has_the_time_of_the_act(
    age: float | None, at: str
) -> None:
    minutes = running().at("08:00")
    minutes.does("sec", c.MarkAttendance("an", "present"), age=age)
    assert at_of(minutes, "an") == make.clock(at)
    minutes.does("sec", c.CorrectAttendance("anh", "present", reason="nhầm"), age=age)
    assert at_of(minutes, "anh") == make.clock(at)


def test_a_time_the_desk_says_itself_is_not_moved_by_an_outage() -> None:
    minutes = running().at("08:00")
    minutes.does("sec", c.MarkAttendance("an", "present", at=make.clock("07:31")), age=240.0)
    assert at_of(minutes, "an") == make.clock("07:31")
