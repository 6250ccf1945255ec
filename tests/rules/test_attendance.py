"""Checking in, what the desk enters and what it mends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import get_args

import pytest

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.words import Attendance
from meeting.rules.attendance import counts
from meeting.rules.state import Stand
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, locked, no, prepared, running

REASON = "dự hội nghị do Bộ triệu tập"


def mark(seat: str, state: Attendance, **said: str) -> c.MarkAttendance:
    return c.MarkAttendance(seat=seat, state=state, **said)  # type: ignore[arg-type]


def marked_at(seat: str, state: Attendance, at: datetime) -> c.MarkAttendance:
    return c.MarkAttendance(seat=seat, state=state, at=at)


def mend(seat: str, state: Attendance, reason: str = "nhầm") -> c.CorrectAttendance:
    return c.CorrectAttendance(seat=seat, state=state, reason=reason)


def mended_at(seat: str, state: Attendance, at: datetime) -> c.CorrectAttendance:
    return c.CorrectAttendance(seat=seat, state=state, reason="nhầm", at=at)


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


def test_nobody_is_late_before_the_planned_time_however_early_it_was_opened() -> None:
    minutes = prepared().at("07:10")
    minutes.does("chair", c.OpenMeeting(early=True))
    for seat, at, state in (("an", "07:35", "present"), ("anh", "07:35:01", "late")):
        minutes.at(at).does(seat, c.CheckIn(), sighting="fresh")
        assert stand_of(minutes, seat).state == state


def test_an_outage_makes_nobody_late() -> None:
    """Tapped at 07:34:30, arrived at 07:44:30: the act counts."""
    minutes = running().at("07:44:30")
    assert minutes.does("an", c.CheckIn(), age=600.0) == [
        f.CheckedIn("an", "present", make.clock("07:34:30"), "digits", "fresh")
    ]
    head = minutes.state.rev
    assert minutes.entries[-1].at == make.clock("07:44:30")
    assert stand_of(minutes, "an") == Stand(
        "present", make.clock("07:34:30"), "digits", "fresh", "", head
    )


def test_late_is_decided_by_the_time_of_the_act() -> None:
    minutes = running().at("07:40")
    assert minutes.does("an", c.CheckIn(), age=300.0) == [
        f.CheckedIn("an", "present", make.clock("07:35"), "digits", "fresh")
    ]
    assert minutes.does("anh", c.CheckIn(), age=299.0) == [
        f.CheckedIn("anh", "late", make.clock("07:35:01"), "digits", "fresh")
    ]
    assert minutes.does("tuyet", c.CheckIn(), age=None) == [
        f.CheckedIn("tuyet", "late", make.clock("07:40"), "digits", "fresh")
    ]


@pytest.mark.parametrize(
    ("age", "counts_from"),
    [
        (None, "09:00"),
        (0.0, "09:00"),
        (1.0, "08:59:59"),
        (900.0, "08:45"),
        (901.0, "08:45"),
        (1e9, "08:45"),
        (float("inf"), "08:45"),
        (-1.0, "09:00"),
        (-1e9, "09:00"),
        (float("-inf"), "09:00"),
    ],
)
def test_an_outage_is_believed_for_a_quarter_of_an_hour(
    age: float | None, counts_from: str
) -> None:
    minutes = running().at("09:00")
    assert minutes.does("an", c.CheckIn(), age=age) == [
        f.CheckedIn("an", "late", make.clock(counts_from), "digits", "fresh")
    ]


def test_who_checks_in_before_the_opening_and_is_heard_after_it_is_present() -> None:
    minutes = running().at("07:41")
    assert minutes.does("an", c.CheckIn(), age=840.0) == [
        f.CheckedIn("an", "present", make.clock("07:27"), "digits", "fresh")
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


def test_who_was_excused_and_sits_there_at_the_opening_is_present() -> None:
    minutes = prepared()
    minutes.does("sec", mark("an", "absent", reason=REASON))
    minutes.at("07:25").does("an", c.CheckIn())
    assert stand_of(minutes, "an") == Stand(
        "present", make.clock("07:25"), "digits", "fresh", "", minutes.state.rev
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
    absent    present late
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


DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


@pytest.mark.parametrize(
    "at",
    [
        make.clock("09:21") + SECOND,
        make.clock("09:20") + 365 * DAY,
        make.clock("09:20") - 30 * DAY - SECOND,
        datetime(1970, 1, 1, tzinfo=UTC),
        # beyond what a calendar can say in UTC
        datetime.min.replace(tzinfo=EAST),
        datetime.max.replace(tzinfo=WEST),
    ],
)
def test_a_time_no_meeting_has_is_wrong(at: datetime) -> None:
    minutes = running().at("09:20")
    wrong = no("attendance_time_wrong")
    assert minutes.refuses("taker", marked_at("an", "late", at)) == wrong
    assert minutes.refuses("taker", mended_at("an", "late", at)) == wrong


@pytest.mark.parametrize("at", [make.clock("09:21"), make.clock("09:20") - 30 * DAY])
def test_a_time_may_be_a_minute_ahead_or_thirty_days_ago(at: datetime) -> None:
    minutes = running().at("09:20")
    assert minutes.does("taker", marked_at("an", "late", at)) == [
        f.AttendanceMarked("an", "late", at, "")
    ]
    assert minutes.does("taker", mended_at("anh", "late", at)) == [
        f.AttendanceCorrected("anh", "late", at, "nhầm", of=0)
    ]


def test_a_time_said_in_another_zone_is_the_same_time() -> None:
    minutes = running().at("09:20")
    said = make.clock("09:10").astimezone(EAST)
    minutes.does("taker", marked_at("an", "late", said))
    at = stand_of(minutes, "an").at
    assert at is not None
    assert (at, at.utcoffset()) == (make.clock("09:10"), timedelta(0))


def test_attendance_is_of_people_on_the_roll() -> None:
    minutes = running()
    assert minutes.refuses("sec", mark("x", "present")) == no("seat_unknown")
    assert minutes.refuses("sec", mark("wall", "present")) == no("seat_without_roll")
    assert minutes.refuses("sec", mend("x", "late")) == no("seat_unknown")
    assert minutes.refuses("sec", mend("wall", "late")) == no("seat_without_roll")


def test_the_roll_is_entered_and_mended_until_the_file_is_locked() -> None:
    minutes = closed()
    assert len(minutes.does("sec", mark("an", "present"))) == 1
    assert len(minutes.does("taker", mend("anh", "present", "quên điểm danh"))) == 1
    locked_away = no("wrong_phase", phase="locked")
    assert locked().refuses("sec", mark("an", "present")) == locked_away
    assert locked().refuses("taker", mend("an", "present", "quên")) == locked_away


def test_a_correction_names_the_entry_it_mends() -> None:
    minutes = running().at("07:36").arrives("an")
    entry = minutes.state.rev
    minutes.at("08:00")
    asked = c.CorrectAttendance(
        seat="an", state="present", reason=" ngồi trong phòng từ đầu ", at=make.clock("07:28")
    )
    assert minutes.does("taker", asked) == [
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


def test_a_correction_says_why() -> None:
    minutes = prepared().arrives("an")
    for reason in ("", " \t"):
        assert minutes.refuses("sec", mend("an", "left", reason)) == no("attendance_reason_needed")


def test_a_correction_that_says_no_time_keeps_the_time_of_the_entry() -> None:
    minutes = running().at("07:36").arrives("an")
    entry = minutes.state.rev
    assert minutes.at("08:00").does("taker", mend("an", "present")) == [
        f.AttendanceCorrected("an", "present", make.clock("07:36"), "nhầm", of=entry)
    ]
    assert stand_of(minutes, "an") == Stand(
        "present", make.clock("07:36"), "hand", None, "nhầm", minutes.state.rev
    )


def test_a_correction_of_nothing_entered_yet_counts_from_now() -> None:
    minutes = running().at("08:00")
    assert minutes.does("taker", mend("an", "present")) == [
        f.AttendanceCorrected("an", "present", make.clock("08:00"), "nhầm", of=0)
    ]


def test_a_wrong_reason_alone_can_be_corrected() -> None:
    minutes = running()
    minutes.does("sec", mark("an", "absent", reason="ốm"))
    entry = minutes.state.rev
    assert minutes.at("08:00").does("sec", mend("an", "absent", REASON)) == [
        f.AttendanceCorrected("an", "absent", make.clock("07:30"), REASON, of=entry)
    ]


def test_a_correction_changes_something() -> None:
    minutes = prepared().arrives("an")
    unchanged = no("attendance_unchanged")
    minutes.does("sec", mend("an", "late"))
    assert minutes.refuses("sec", mend("an", "late")) == unchanged
    assert minutes.refuses("sec", mend("an", "late", " nhầm ")) == unchanged
    assert minutes.refuses("sec", mended_at("an", "late", make.clock("07:00"))) == unchanged
    assert minutes.does("sec", mended_at("an", "late", make.clock("06:55"))) == [
        f.AttendanceCorrected("an", "late", make.clock("06:55"), "nhầm", of=minutes.state.rev - 1)
    ]
    assert len(minutes.does("sec", mend("an", "late", "khác"))) == 1
    assert len(minutes.does("sec", mend("an", "present", "khác"))) == 1


def test_who_never_came_cannot_be_corrected_to_have_never_come() -> None:
    minutes = prepared()
    unchanged = no("attendance_unchanged")
    assert minutes.refuses("sec", mend("an", "none")) == unchanged
    assert minutes.refuses("sec", mended_at("an", "none", make.clock("06:55"))) == unchanged
    minutes.does("sec", mend("an", "present"))
    minutes.does("sec", mend("an", "none", "ấn nhầm"))
    assert minutes.refuses("sec", mend("an", "none", "khác")) == unchanged


def test_only_the_desk_enters_and_mends() -> None:
    minutes = running()
    for seat in ("chair", "an", "hoa", "tech", "wall"):
        assert minutes.refuses(seat, mark("anh", "present")) == no("not_allowed")
        assert minutes.refuses(seat, mend("anh", "late")) == no("not_allowed")


def test_nobody_returns_before_they_left() -> None:
    minutes = running("i1").at("08:00").arrives("an")
    minutes.at("08:10").does("sec", c.MarkAttendance(seat="an", state="left"))
    minutes.at("08:12").does("an", c.CheckIn(), age=600.0)
    stand = minutes.state.seats["an"].stand
    assert (stand.state, stand.at) == ("returned", make.clock("08:10"))
