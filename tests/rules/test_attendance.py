"""Checking in, what the desk enters and mends, numbers and quorum."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any, get_args

import pytest

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.words import Attendance
from meeting.rules.attendance import Counts, counts
from meeting.rules.state import Stand
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, no, prepared, running

REASON = "dự hội nghị do Bộ triệu tập"


def mark(seat: str, state: Attendance, **said: str) -> c.MarkAttendance:
    return c.MarkAttendance(seat=seat, state=state, **said)  # type: ignore[arg-type]


def marked_at(seat: str, state: Attendance, at: datetime) -> c.MarkAttendance:
    return c.MarkAttendance(seat=seat, state=state, at=at)


def stand_of(minutes: Minutes, seat: str) -> Stand:
    return minutes.state.seats[seat].stand


def test_a_person_checks_in_before_the_opening() -> None:
    minutes = prepared().at("07:12")
    assert minutes.does("an", c.CheckIn(), method="scan") == [
        f.CheckedIn("an", "present", make.clock("07:12"), "scan", "fresh")
    ]
    head = minutes.state.rev
    assert stand_of(minutes, "an") == Stand(
        "present", make.clock("07:12"), "scan", "fresh", "", head
    )


def test_twice_is_once() -> None:
    minutes = prepared().at("07:12")
    minutes.does("an", c.CheckIn())
    before = minutes.state
    assert minutes.at("07:40").does("an", c.CheckIn()) == []
    assert minutes.does("an", c.CheckIn(), sighting="none") == []
    assert minutes.state is before


def test_a_second_device_of_the_seat_does_not_count_again() -> None:
    minutes = prepared().arrives("an")
    minutes.does(make.card("an"), c.ClaimDevice(device="an-2", kind="phone"))
    assert minutes.does(make.device("an", 2), c.CheckIn()) == []
    assert counts(minutes.state).present == 1


def test_checking_in_wants_the_room_screen_but_an_old_code_is_no_refusal() -> None:
    minutes = prepared()
    assert minutes.refuses("an", c.CheckIn(), sighting="none") == no("code_needed")
    assert minutes.does("an", c.CheckIn(), sighting="stale") == [
        f.CheckedIn("an", "present", make.clock("07:00"), "digits", "stale")
    ]


def test_five_minutes_after_the_opening_is_not_late_and_a_second_more_is() -> None:
    minutes = running().at("07:35")
    assert minutes.does("an", c.CheckIn()) == [
        f.CheckedIn("an", "present", make.clock("07:35"), "digits", "fresh")
    ]
    minutes.at("07:35:01")
    assert minutes.does("anh", c.CheckIn()) == [
        f.CheckedIn("anh", "late", make.clock("07:35:01"), "digits", "fresh")
    ]


def test_who_left_and_checks_in_again_has_returned() -> None:
    minutes = running().arrives("an").at("08:10")
    minutes.does("taker", mark("an", "left"))
    minutes.at("08:40")
    assert minutes.does("an", c.CheckIn()) == [
        f.CheckedIn("an", "returned", make.clock("08:40"), "digits", "fresh")
    ]


def test_who_was_marked_absent_may_come_after_all() -> None:
    minutes = running()
    minutes.does("sec", mark("an", "absent", reason=REASON))
    minutes.at("09:10").does("an", c.CheckIn())
    assert stand_of(minutes, "an") == Stand(
        "late", make.clock("09:10"), "digits", "fresh", "", minutes.state.rev
    )


def test_persons_check_in_until_the_close_and_the_room_screen_never() -> None:
    minutes = prepared()
    for seat in ("chair", "sec", "taker", "an", "hoa", "tech"):
        assert len(minutes.does(seat, c.CheckIn())) == 1
    assert minutes.refuses("wall", c.CheckIn()) == no("not_allowed")
    assert minutes.refuses(make.card("anh"), c.CheckIn()) == no("not_allowed")
    assert closed().refuses("anh", c.CheckIn()) == no("wrong_phase", phase="closed")


PLAIN = """
    none      present late absent
    absent    late
    present   left
    late      left
    left      returned
    returned  left
"""
"""What the desk enters without giving a reason for changing the record."""


@pytest.mark.parametrize(("before", "after"), [*product(get_args(Attendance), repeat=2)])
def test_the_desk_enters_plain_moves_and_mends_all_others(
    before: Attendance, after: Attendance
) -> None:
    minutes = running()
    if before != "none":
        minutes.does("sec", c.CorrectAttendance(seat="an", state=before, reason="chuẩn bị"))
    asked = mark("an", after, reason=REASON)
    allowed = {row.split()[0]: row.split()[1:] for row in PLAIN.strip().splitlines()}
    if after == before:
        assert minutes.refuses("taker", asked) == no("attendance_unchanged")
    elif after in allowed[before]:
        assert minutes.does("taker", asked) == [
            f.AttendanceMarked("an", after, make.clock("07:30"), REASON)
        ]
        assert stand_of(minutes, "an") == Stand(
            after, make.clock("07:30"), "hand", None, REASON, minutes.state.rev
        )
    else:
        assert minutes.refuses("taker", asked) == no("attendance_correct_instead")


def test_absent_wants_a_reason() -> None:
    minutes = prepared()
    assert minutes.refuses("sec", mark("an", "absent")) == no("attendance_reason_needed")
    assert minutes.refuses("sec", mark("an", "absent", reason=" \t")) == no(
        "attendance_reason_needed"
    )
    assert minutes.does("sec", mark("an", "absent", reason=f" {REASON} ")) == [
        f.AttendanceMarked("an", "absent", make.clock("07:00"), REASON)
    ]


def test_the_desk_enters_the_true_time() -> None:
    minutes = running().at("09:20")
    assert minutes.does("taker", marked_at("an", "late", make.clock("09:10"))) == [
        f.AttendanceMarked("an", "late", make.clock("09:10"), "")
    ]
    assert len(minutes.does("taker", marked_at("anh", "late", make.clock("09:21")))) == 1


def test_a_time_is_in_the_past_and_has_a_zone() -> None:
    minutes = running().at("09:20")
    wrong = no("attendance_time_wrong")
    for at in (make.clock("09:21:01"), make.clock("09:10").replace(tzinfo=None)):
        assert minutes.refuses("taker", marked_at("an", "late", at)) == wrong
        assert (
            minutes.refuses(
                "taker", c.CorrectAttendance(seat="an", state="late", reason="nhầm", at=at)
            )
            == wrong
        )


def test_attendance_is_of_people_on_the_roll() -> None:
    minutes = running()
    mend = c.CorrectAttendance(seat="x", state="late", reason="nhầm")
    assert minutes.refuses("sec", mark("x", "present")) == no("seat_unknown")
    assert minutes.refuses("sec", mark("wall", "present")) == no("seat_without_roll")
    assert minutes.refuses("sec", mend) == no("seat_unknown")
    wall = c.CorrectAttendance(seat="wall", state="late", reason="nhầm")
    assert minutes.refuses("sec", wall) == no("seat_without_roll")


def test_marking_ends_with_the_meeting_and_mending_does_not() -> None:
    minutes = closed()
    assert minutes.refuses("sec", mark("an", "present")) == no("wrong_phase", phase="closed")
    mend = c.CorrectAttendance(seat="an", state="present", reason="quên điểm danh")
    assert len(minutes.does("taker", mend)) == 1


def test_a_correction_names_the_entry_it_mends() -> None:
    minutes = running().at("07:36").arrives("an")
    entry = minutes.state.rev
    minutes.at("08:00")
    mend = c.CorrectAttendance(
        seat="an", state="present", reason=" ngồi trong phòng từ đầu ", at=make.clock("07:28")
    )
    assert minutes.does("taker", mend) == [
        f.AttendanceCorrected(
            "an", "present", make.clock("07:28"), "ngồi trong phòng từ đầu", of=entry
        )
    ]
    assert stand_of(minutes, "an") == Stand(
        "present",
        make.clock("07:28"),
        "hand",
        None,
        "ngồi trong phòng từ đầu",
        minutes.state.rev,
    )


def test_a_correction_says_why_and_changes_something() -> None:
    minutes = prepared().arrives("an")
    wanted = no("attendance_reason_needed")
    assert (
        minutes.refuses("sec", c.CorrectAttendance(seat="an", state="left", reason=" ")) == wanted
    )
    same = c.CorrectAttendance(seat="an", state="present", reason="nhầm")
    assert minutes.refuses("sec", same) == no("attendance_unchanged")
    same_time = c.CorrectAttendance(
        seat="an", state="present", reason="nhầm", at=make.clock("07:00")
    )
    assert minutes.refuses("sec", same_time) == no("attendance_unchanged")
    other_time = c.CorrectAttendance(
        seat="an", state="present", reason="nhầm", at=make.clock("06:55")
    )
    assert len(minutes.does("sec", other_time)) == 1


def test_only_the_desk_enters_and_mends() -> None:
    minutes = running()
    for seat in ("chair", "an", "hoa", "tech", "wall"):
        assert minutes.refuses(seat, mark("anh", "present")) == no("not_allowed")
        mend = c.CorrectAttendance(seat="anh", state="late", reason="nhầm")
        assert minutes.refuses(seat, mend) == no("not_allowed")


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
    minutes.does("sec", mark("v10", "absent", reason=REASON))
    assert counts(minutes.state) == Counts(15, 26, 13, 15, 10, quorum=True)
    minutes.at("09:10").arrives("v11")
    assert counts(minutes.state) == Counts(16, 26, 14, 15, 10, quorum=True)
    assert stand_of(minutes, "v11").state == "late"
    assert stand_of(minutes, "v10") == Stand(
        "absent", make.clock("07:30"), "hand", None, REASON, stand_of(minutes, "v10").entry
    )
