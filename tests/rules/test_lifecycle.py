"""Creating, opening and closing a meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec import UNSET

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.log import Entry
from meeting.rules import fold, replay
from meeting.rules.state import Actor, Gone, MeetingState, OnPaper, SignedCopy
from meeting.rules.visibility import audience_of, view
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, locked, no, prepared, running


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
            help_name="Bộ phận kỹ thuật",
            help_phone="0900 000 000",
            trial=True,
            quorum_present=3,
            quorum_total=2,
        )
    ]
    assert (minutes.state.phase, minutes.state.rev) == ("before", 1)


def test_the_wifis_password_comes_into_no_log() -> None:
    minutes = prepared()
    asked = make.a_change(title="Phiên họp", wifi_password="mua-xuan-2027")
    [changed] = minutes.does(make.OFFICE, asked)
    assert isinstance(changed, f.MeetingChanged)
    assert changed.wifi_password is UNSET
    again = make.a_change(title="Phiên họp", wifi_password="hoa-mai-2027")
    assert minutes.does(make.OFFICE, again) == []


def test_tomorrows_meeting_is_not_opened_today_by_a_slip() -> None:
    minutes = prepared().at("07:29:59")
    for who in ("chair", "sec", make.OFFICE):
        assert minutes.refuses(who, c.OpenMeeting()) == no("early")
    assert minutes.refuses(make.OFFICE, c.OpenMeeting(at=make.clock("07:25"))) == no("early")
    assert minutes.does("chair", c.OpenMeeting(early=True)) == [f.MeetingOpened()]
    assert minutes.state.opened_at == make.clock("07:29:59")


@pytest.mark.parametrize("practice", [{"trial": True}, {"rehearsal": True, "trial": True}])
def test_who_practises_may_open_at_any_time(practice: dict[str, bool]) -> None:
    minutes = prepared(**practice).at("06:00")
    assert minutes.does("chair", c.OpenMeeting()) == [f.MeetingOpened()]


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
    minutes.does("sec", c.OpenMeeting(early=True))
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


# The heading mended


@pytest.mark.parametrize("year", [1, 26, 1999, 2200, 9999])
def test_a_year_that_was_mistyped_is_refused(year: int) -> None:
    starts_at = datetime(year, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-14)))
    assert Minutes().refuses(make.OFFICE, make.a_meeting(starts_at=starts_at)) == no("malformed")
    assert prepared().refuses(make.OFFICE, make.a_change(starts_at=starts_at)) == no("malformed")


def test_the_heading_is_mended_and_says_nothing_where_it_is_the_same() -> None:
    minutes = prepared()
    assert minutes.does(make.OFFICE, make.a_change()) == []
    asked = make.a_change(title="Hội nghị khác", starts_at=make.clock("08:00"), quorum_present=2)
    assert [type(fact) for fact in minutes.does(make.OFFICE, asked)] == [f.MeetingChanged]
    heading = minutes.state.meeting
    assert (heading.title, heading.starts_at) == ("Hội nghị khác", make.clock("08:00"))
    assert (heading.quorum_present, heading.meeting, heading.zone) == (2, "btv", make.ZONE)
    assert minutes.refuses(make.OFFICE, make.a_change(title=" ")) == no("name_needed")


# The true time, entered afterwards


def test_opening_and_closing_may_be_entered_with_their_true_times() -> None:
    minutes = prepared().at("12:00")
    asked = c.OpenMeeting(at=make.clock("07:34"))
    assert minutes.does(make.OFFICE, asked) == [f.MeetingOpened(make.clock("07:34"))]
    minutes.does("chair", c.CloseMeeting(at=make.clock("11:20")))
    state = minutes.state
    assert (state.opened_at, state.closed_at) == (make.clock("07:34"), make.clock("11:20"))


def test_a_true_time_has_passed_and_is_in_order() -> None:
    minutes = prepared().at("07:30")
    wrong = no("time_wrong")
    assert minutes.refuses("chair", c.OpenMeeting(at=make.clock("07:32"))) == wrong
    long_ago = datetime(2026, 9, 1, tzinfo=UTC)
    assert minutes.refuses("chair", c.OpenMeeting(at=long_ago)) == wrong
    never = datetime.max.replace(tzinfo=timezone(timedelta(hours=-7)))
    assert minutes.refuses("chair", c.OpenMeeting(at=never)) == wrong
    minutes.does("chair", c.OpenMeeting())
    minutes.at("09:00")
    assert minutes.refuses("chair", c.CloseMeeting(at=make.clock("07:29"))) == wrong


# Taken back


def test_an_opening_by_mistake_is_taken_back_as_if_it_had_not_been() -> None:
    minutes = running("i1")
    minutes.does("an", c.CheckIn())
    minutes.does("sec", make.page("d1", 3))
    minutes.does("chair", c.StartItem(item="i2"))
    assert minutes.does("sec", p.TakeBackOpening(" bấm nhầm ")) == [f.OpeningTakenBack("bấm nhầm")]
    state = minutes.state
    assert (state.phase, state.opened_at, state.presented) == ("before", None, None)
    assert (state.item, state.done, state.turn) == ("", frozenset(), state.rev)
    assert state.seats["an"].stand.state == "present"
    assert minutes.entries[-1].for_chair
    minutes.at("07:45").does("chair", c.OpenMeeting())
    assert minutes.state.opened_at == make.clock("07:45")


def test_nobody_came_late_to_a_meeting_whose_opening_is_taken_back() -> None:
    minutes = running()
    minutes.at("08:00").does("an", c.CheckIn(), sighting="fresh")
    minutes.does("sec", c.MarkAttendance(seat="anh", state="late"))
    late = minutes.state.seats["an"].stand
    assert (late.state, minutes.state.seats["anh"].stand.state) == ("late", "late")
    assert minutes.does("chair", p.TakeBackOpening("bấm nhầm")) == [
        f.OpeningTakenBack("bấm nhầm"),
        f.AttendanceCorrected("an", "present", make.clock("08:00"), "bấm nhầm", late.entry),
    ]
    assert (late.at, minutes.state.seats["anh"].stand.state) == (make.clock("08:00"), "late")


def test_a_closed_meeting_is_reopened_and_closed_again() -> None:
    minutes = closed()
    assert minutes.does("chair", p.ReopenMeeting("còn một nội dung")) == [
        f.MeetingReopened("còn một nội dung")
    ]
    state = minutes.state
    assert (state.phase, state.closed_at, state.done) == ("running", None, frozenset({"i1"}))
    minutes.does("chair", c.StartItem(item="i1"))
    minutes.at("12:10").does("chair", c.CloseMeeting())
    assert minutes.state.closed_at == make.clock("12:10")


def test_taking_back_and_reopening_want_a_reason() -> None:
    assert running().refuses("chair", p.TakeBackOpening(" ")) == no("reason_needed")
    assert closed().refuses("chair", p.ReopenMeeting("")) == no("reason_needed")


# Held on paper


def test_a_part_held_on_paper_is_entered_afterwards() -> None:
    minutes = running("i1").at("11:00")
    since, until = make.clock("09:00"), make.clock("10:30")
    asked = p.ContinueOnPaper(since, " mất điện ", until, " Biểu quyết giơ tay ")
    assert minutes.does(make.OFFICE, asked) == [
        f.PaperContinued(since, until, "mất điện", "Biểu quyết giơ tay")
    ]
    open_ended = p.ContinueOnPaper(until, "mất điện")
    minutes.office(open_ended)
    assert minutes.state.on_paper == (
        OnPaper(since, until, "mất điện", "Biểu quyết giơ tay"),
        OnPaper(until, None, "mất điện", ""),
    )


def test_a_part_held_on_paper_has_passed_and_has_a_reason() -> None:
    minutes = running("i1").at("11:00")
    since = make.clock("09:00")
    wrong = no("time_wrong")
    early = p.ContinueOnPaper(since, "mất điện", make.clock("08:59"))
    assert minutes.refuses(make.OFFICE, early) == wrong
    ahead = p.ContinueOnPaper(make.clock("11:02"), "mất điện")
    assert minutes.refuses(make.OFFICE, ahead) == wrong
    assert minutes.refuses(make.OFFICE, p.ContinueOnPaper(since, " ")) == no("reason_needed")


# Filed away


def test_signed_copies_are_taken_in_once_each() -> None:
    minutes = closed()
    asked = p.TakeInSignedCopy(" bien-ban.pdf ", "ab" * 32, 3)
    assert minutes.does(make.OFFICE, asked) == [f.SignedCopyTakenIn("bien-ban.pdf", "ab" * 32, 3)]
    assert minutes.does(make.OFFICE, asked) == []
    assert minutes.state.signed_copies == (SignedCopy("bien-ban.pdf", "ab" * 32, 3),)


def test_a_locked_file_has_a_number_and_is_not_reopened() -> None:
    minutes = closed()
    assert minutes.refuses(make.OFFICE, p.LockFile(" ")) == no("number_needed")
    assert minutes.does(make.OFFICE, p.LockFile(" 12-HS/TU ")) == [f.FileLocked("12-HS/TU")]
    assert (minutes.state.phase, minutes.state.file_number) == ("locked", "12-HS/TU")
    wrong = no("wrong_phase", phase="locked")
    assert minutes.refuses("chair", p.ReopenMeeting("nhầm")) == wrong
    assert minutes.refuses(make.OFFICE, p.LockFile("13")) == wrong
    assert replay(minutes.entries) == minutes.state


def test_a_locked_meeting_is_shown_as_closed_and_still_read() -> None:
    state = locked().state
    shown = view(state, audience_of(state, state.seats["an"]))
    assert (shown.meeting.phase, shown.meeting.locked) == ("closed", True)
    assert list(shown.agenda["i1"].documents or ()) == ["d1", "d1b"]


def test_the_seal_is_for_chair_and_desk() -> None:
    state = closed().state
    seals = {
        seat.id: view(state, audience_of(state, seat), seal="abcd-efgh").meeting.seal
        for seat in state.seats.values()
    }
    told = dict.fromkeys(("chair", "sec", "taker"), "abcd-efgh")
    assert {seat: seal for seat, seal in seals.items() if seal} == told


# Deleted


def test_a_meeting_made_by_mistake_is_deleted_and_its_devices_end() -> None:
    minutes = prepared()
    minutes.does("an", c.CheckIn())
    open_ones = [one for one in minutes.state.devices.values() if not one.revoked]
    account = Actor("office", device="a1")
    assert minutes.at("07:20").does(account, p.DeleteMeeting()) == [
        *(f.DeviceRevoked(one.id, one.seat) for one in open_ones),
        f.MeetingDeleted(),
    ]
    assert minutes.state.gone == Gone(make.clock("07:20"), "a1")
    assert {one.revoked for one in minutes.state.devices.values()} == {True}


def test_what_is_deleted_takes_no_command_any_more() -> None:
    minutes = prepared()
    minutes.office(p.DeleteMeeting())
    assert minutes.refuses(make.OFFICE, make.a_change(title="Khác")) == no("meeting_unknown")
    assert minutes.refuses(make.OFFICE, p.DeleteMeeting()) == no("meeting_unknown")
    claim = c.ClaimDevice(device="new", kind="phone")
    assert minutes.refuses(make.card("an"), claim) == no("meeting_unknown")
    assert minutes.refuses("an", c.CheckIn()) == no("device_revoked")


def test_a_meeting_that_was_held_is_never_deleted() -> None:
    taken_back = running()
    taken_back.does("chair", p.TakeBackOpening("bấm nhầm"))
    assert taken_back.refuses(make.OFFICE, p.DeleteMeeting()) == no("meeting_was_held")
    on_paper = prepared().at("11:00")
    on_paper.office(p.ContinueOnPaper(make.clock("07:30"), "mất điện"))
    assert on_paper.refuses(make.OFFICE, p.DeleteMeeting()) == no("meeting_was_held")
