"""Creating, opening and closing a meeting."""

from __future__ import annotations

import pytest

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import Entry
from meeting.rules import fold, replay
from meeting.rules.state import MeetingState
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, no, prepared, running


def test_meeting_is_created_as_the_office_says() -> None:
    minutes = Minutes()
    assert minutes.does(make.OFFICE, make.a_meeting(trial=True)) == [
        f.MeetingCreated(
            meeting="btv",
            title="Hội nghị Ban Thường vụ, tháng 12/2026",
            body="Ban Thường vụ",
            place="Phòng họp A",
            starts_at=make.clock("07:30"),
            zone="Asia/Ho_Chi_Minh",
            presenter="secretary",
            office="Văn phòng Tỉnh ủy Thanh Giang",
            address_form="dong_chi",
            wifi_name="HOP-A",
            wifi_password="mua-xuan-2027",
            help_name="Bộ phận kỹ thuật",
            help_phone="0900 000 000",
            trial=True,
            quorum_present=3,
            quorum_total=2,
        )
    ]
    assert (minutes.state.phase, minutes.state.rev) == ("before", 1)


def test_meeting_needs_a_title_and_a_zone_that_exists() -> None:
    minutes = Minutes()
    assert minutes.refuses(make.OFFICE, make.a_meeting(title="  ")) == no("name_needed")
    assert minutes.refuses(make.OFFICE, make.a_meeting(zone="Asia/Nowhere")) == no("malformed")
    assert minutes.refuses(make.OFFICE, make.a_meeting(zone="../etc")) == no("malformed")
    assert minutes.refuses(make.OFFICE, make.a_meeting(zone="")) == no("malformed")


def test_meeting_is_created_once_and_before_all_else() -> None:
    minutes = Minutes()
    assert minutes.refuses(make.OFFICE, make.a_seat("an")) == no("wrong_phase", phase="none")
    minutes.office(make.a_meeting())
    assert minutes.refuses(make.OFFICE, make.a_meeting()) == no("wrong_phase", phase="before")


def test_chair_opens_and_closes() -> None:
    minutes = prepared().at("07:30")
    assert minutes.does("chair", c.OpenMeeting()) == [f.MeetingOpened()]
    assert (minutes.state.phase, minutes.state.opened_at) == ("running", make.clock("07:30"))
    minutes.at("11:30")
    assert minutes.does("chair", c.CloseMeeting()) == [f.MeetingClosed()]
    assert (minutes.state.phase, minutes.state.closed_at) == ("closed", make.clock("11:30"))


def test_secretary_in_the_chairs_place_is_recorded_as_such() -> None:
    minutes = prepared()
    minutes.does("sec", c.OpenMeeting())
    minutes.does("chair", c.StartItem(item="i1"))
    minutes.does("sec", c.StartItem(item="i2"))
    minutes.does("sec", make.page("d2", 2))
    minutes.does("sec", c.CloseMeeting())
    assert [(entry.seat, entry.for_chair) for entry in minutes.entries[-5:]] == [
        ("sec", True),
        ("chair", False),
        ("sec", True),
        ("sec", False),
        ("sec", True),
    ]


def test_an_entry_says_who_when_and_by_which_command() -> None:
    minutes = prepared().at("07:31")
    head = minutes.state.rev
    minutes.does("sec", c.OpenMeeting())
    assert minutes.entries[-1] == Entry(
        rev=head + 1,
        at=make.clock("07:31"),
        command=f"command-{head}",
        seat="sec",
        device="sec-1",
        for_chair=True,
        fact=f.MeetingOpened(),
    )


def test_closing_puts_the_page_away_and_ends_the_item() -> None:
    state = closed().state
    assert (state.item, state.done, state.presented) == ("", frozenset({"i1"}), None)
    assert state.turn == state.rev


def test_a_meeting_is_opened_once_and_closed_once() -> None:
    assert prepared().refuses("chair", c.CloseMeeting()) == no("wrong_phase", phase="before")
    assert running().refuses("chair", c.OpenMeeting()) == no("wrong_phase", phase="running")
    assert closed().refuses("chair", c.CloseMeeting()) == no("wrong_phase", phase="closed")
    assert closed().refuses("sec", c.OpenMeeting()) == no("wrong_phase", phase="closed")


def test_members_neither_open_nor_close() -> None:
    assert prepared().refuses("an", c.OpenMeeting()) == no("not_allowed")
    assert running().refuses("taker", c.CloseMeeting()) == no("not_allowed")


def test_the_log_folds_to_the_state() -> None:
    minutes = closed()
    assert replay(minutes.entries) == minutes.state


def test_an_entry_out_of_place_is_not_folded() -> None:
    minutes = closed()
    with pytest.raises(ValueError, match="after revision"):
        fold(minutes.state, minutes.entries[-1])
    with pytest.raises(ValueError, match="after revision"):
        fold(MeetingState(), minutes.entries[1])


def test_a_phase_does_not_follow_itself() -> None:
    minutes = closed()
    last = minutes.entries[-1]
    again = Entry(last.rev + 1, last.at, "x" * 8, "", "", False, f.MeetingClosed())
    with pytest.raises(ValueError, match="in phase closed"):
        fold(minutes.state, again)


def test_a_state_without_a_meeting_has_no_heading() -> None:
    with pytest.raises(LookupError):
        _ = MeetingState().meeting
