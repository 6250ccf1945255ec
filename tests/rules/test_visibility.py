"""What each audience is shown, field by field; who may read which paper is in `test_reading`."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from meeting.clock import Times
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import views as v
from meeting.room import Room
from meeting.rules.state import MeetingState
from meeting.rules.visibility import (
    AT_ONCE,
    LASTING,
    WITH_ROLL,
    audience_of,
    expected,
    invited,
    own,
    roll,
    seat_touched,
    view,
)
from tests.helpers import make
from tests.helpers.facts import EVERY
from tests.helpers.minutes import closed, prepared, running

SEATS = ("chair", "sec", "taker", "an", "tuyet", "hoa", "xuan", "tech", "wall")


def seen_by(state: MeetingState, seat: str) -> v.View:
    return view(state, audience_of(state, state.seats[seat]))


def plain(state: MeetingState, seat: str) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(seen_by(state, seat))
    return shown


def paper(document: str, position: int, pages: int) -> v.DocumentView:
    return v.DocumentView(
        position=position,
        number=f"{document}-BC/TU",
        title=f"Báo cáo {document}",
        version=1,
        pages=pages,
        address=f"address-of-{document}",
    )


def test_a_member_sees_the_whole_meeting_but_papers_limited_to_others() -> None:
    minutes = running("i1")
    minutes.at("07:31").does("an", c.CheckIn())
    minutes.does("sec", make.page("d1", 7))
    minutes.does("sec", c.CallFollowers())
    state = minutes.state
    assert seen_by(state, "tuyet") == v.View(
        meeting=v.MeetingView(
            id="btv",
            title="Hội nghị Ban Thường vụ, tháng 12/2026",
            body="Ban Thường vụ",
            place="Phòng họp A",
            office="Văn phòng Tỉnh ủy Thanh Giang",
            starts_at=make.clock("07:30"),
            zone="Asia/Ho_Chi_Minh",
            phase="running",
            trial=False,
            rehearsal=False,
            address_form="dong_chi",
            help_name="Bộ phận kỹ thuật",
            help_phone="0900 000 000",
            wifi_name="HOP-A",
            opened_at=make.clock("07:30"),
        ),
        counts=v.CountsView(
            present=1,
            total=7,
            voting_present=1,
            voting_total=3,
            voting_needed=2,
            quorum=False,
        ),
        agenda={
            "i0": v.ItemView(1, "i0", "Nội dung i0"),
            "i1": v.ItemView(
                2,
                "i1",
                "Nội dung i1",
                "on",
                documents={"d1": paper("d1", 1, 34), "d1b": paper("d1b", 2, 5)},
                starts="07:45",
                ends="08:25",
                rapporteur="Người an",
            ),
            "i2": v.ItemView(
                3,
                "i2",
                "Nội dung i2",
                documents={"d2": paper("d2", 3, 11)},
            ),
            "rest": v.ItemView(4, "rest", "Nội dung rest", recess=True),
            "i7": v.ItemView(5, "i7", "Nội dung i7"),
        },
        presenter=v.PresenterView(seat="sec", name="Người sec", role="secretary"),
        turn=state.rev - 1,
        call=1,
        item="i1",
        presented=v.PresentedView(
            item="i1",
            document="d1",
            version=1,
            page=7,
        ),
    )


def test_who_may_be_given_the_turning_is_told_to_chair_and_desk() -> None:
    state = prepared().state
    seats = {seat: seen_by(state, seat).agenda["i1"].rapporteur_seat for seat in ("sec", "tuyet")}
    assert seats == {"sec": "an", "tuyet": UNSET}


def test_limited_papers_are_shown_to_those_named() -> None:
    state = prepared().state
    documents = {
        seat: list(plain(state, seat)["agenda"]["i7"].get("documents", {})) for seat in SEATS[:5]
    }
    assert documents == {"chair": ["d7"], "sec": ["d7"], "taker": [], "an": ["d7"], "tuyet": []}


def test_a_limited_page_is_presented_to_those_named_and_on_the_wall() -> None:
    minutes = running("i7")
    minutes.does("sec", make.page("d7", 2))
    shown = {seat for seat in SEATS if "presented" in plain(minutes.state, seat)}
    assert shown == {"chair", "sec", "an", "wall"}


def test_a_guest_sees_his_item_only_and_its_papers_only_while_it_is_on() -> None:
    ahead, on = prepared().state, running("i1")
    on.does("sec", make.page("d1", 7))
    after = closed().state
    agendas = [plain(state, "hoa")["agenda"] for state in (ahead, on.state, after)]
    assert [list(agenda) for agenda in agendas] == [["i1"]] * 3
    assert [list(agenda["i1"].get("documents", {})) for agenda in agendas] == [
        [],
        ["d1", "d1b"],
        [],
    ]
    assert [agenda["i1"].get("state", "ahead") for agenda in agendas] == ["ahead", "on", "done"]
    presented = ["presented" in plain(state, "hoa") for state in (ahead, on.state, after)]
    assert presented == [False, True, False]


def test_a_guest_does_not_learn_which_foreign_item_is_on() -> None:
    minutes = running("i2")
    minutes.does("sec", make.page("d2", 1))
    shown = plain(minutes.state, "hoa")
    assert ("item" in shown, "presented" in shown) == (False, False)


def test_the_wall_shows_the_presented_page_and_no_other_paper() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    shown = seen_by(minutes.state, "wall")
    listed = {d for item in shown.agenda.values() for d in item.documents or ()}
    assert listed == {"d1"}


def test_a_technician_sees_no_paper() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    shown = seen_by(minutes.state, "tech")
    assert {d for item in shown.agenda.values() for d in item.documents or ()} == set()
    assert (shown.presented, shown.item) == (msgspec.UNSET, "i1")


def test_refused_files_are_the_chairs_and_the_desks_business() -> None:
    minutes = prepared()
    assert all("refused_files" not in plain(minutes.state, seat) for seat in SEATS)
    minutes.office(c.NoteRefusedFile(name="quy-che.pdf", code="file_locked"))
    told = {seat: plain(minutes.state, seat).get("refused_files") for seat in SEATS}
    known = {"quy-che.pdf": "file_locked"}
    assert told == {seat: known if seat in ("chair", "sec", "taker") else None for seat in SEATS}


def test_after_the_close_members_still_read() -> None:
    shown = seen_by(closed().state, "tuyet")
    assert (shown.meeting.phase, shown.meeting.closed_at) == ("closed", make.clock("11:30"))
    assert (shown.item, shown.presented) == (msgspec.UNSET, msgspec.UNSET)
    assert shown.agenda["i1"].state == "done"
    assert list(shown.agenda["i1"].documents or ()) == ["d1", "d1b"]


def test_a_meeting_where_nobody_presents_names_nobody() -> None:
    minutes = prepared()
    nobody = msgspec.structs.replace(minutes.state, presenter="")
    assert seen_by(nobody, "an").presenter == v.PresenterView("", "", "secretary")


def test_the_roll_is_for_chair_and_desk_and_members_see_numbers() -> None:
    minutes = prepared().at("07:20")
    minutes.does("an", c.CheckIn())
    with_roll = {
        s for s in SEATS if audience_of(minutes.state, minutes.state.seats[s]).kind in WITH_ROLL
    }
    assert with_roll == {"chair", "sec", "taker"}
    for seat in set(SEATS):
        assert "Người anh" not in msgspec.json.encode(plain(minutes.state, seat)).decode()


def test_a_row_of_the_roll_says_how_somebody_stands() -> None:
    minutes = running().at("09:10")
    minutes.does("an", c.CheckIn(), method="scan", sighting="stale")
    came = minutes.state.rev
    minutes.does("sec", c.MarkAttendance(seat="anh", state="absent", reason="ốm"))
    minutes.does("sec", c.RevokeCard(seat="tech"))
    rows = roll(minutes.state)
    assert list(rows) == [seat for seat in minutes.state.seats if seat != "wall"]
    assert rows["an"] == v.RollRow(
        position=4,
        name="Người an",
        post="Chức vụ an",
        role="member",
        votes=True,
        attendance="late",
        devices={"an-1": v.DeviceView("tablet")},
        card=True,
        at=make.clock("09:10"),
        method="scan",
        sighting="stale",
        entry=came,
    )
    assert rows["anh"] == v.RollRow(
        position=5,
        name="Người anh",
        post="Chức vụ anh",
        role="member",
        votes=True,
        attendance="absent",
        devices={"anh-1": v.DeviceView("tablet")},
        card=True,
        at=make.clock("09:10"),
        method="hand",
        reason="ốm",
        entry=came + 1,
    )
    assert rows["tech"] == v.RollRow(
        position=9,
        name="Người tech",
        post="Chức vụ tech",
        role="technician",
        votes=False,
        attendance="none",
        devices={},
        card=False,
    )


def test_what_is_ones_own() -> None:
    minutes = prepared().at("07:20")
    minutes.does("an", c.CheckIn())
    minutes.does(make.card("an"), c.ClaimDevice(device="an-2", kind="phone"))
    assert own(minutes.state, minutes.state.seats["an"]) == v.OwnView(
        seat="an",
        name="Người an",
        post="Chức vụ an",
        role="member",
        votes=True,
        attendance="present",
        may=("attendance.check_in", "followers.call", "page.show"),
        devices=2,
        attendance_at=make.clock("07:20"),
    )
    assert own(minutes.state, minutes.state.seats["wall"]) == v.OwnView(
        "wall", "Người wall", "Chức vụ wall", "screen", False, "none", (), 1
    )


def test_whose_right_lasts() -> None:
    state = prepared().state
    lasting = {s for s in SEATS if audience_of(state, state.seats[s]).kind in LASTING}
    assert lasting == {"chair", "sec", "taker", "an", "tuyet"}


def tag_of(fact: f.Fact) -> str:
    return str(type(fact).__struct_config__.tag)


TOUCHES = """
    seat.added seat.changed seat.removed
    attendance.checked_in attendance.marked attendance.corrected
    device.claimed device.admitted device.revoked card.reissued card.revoked
"""

SAID_AT_ONCE = """
    meeting.opened meeting.closed item.started page.shown presenter.changed followers.called
    device.revoked document.marked_to_collect document.replaced document.withdrawn
    meeting.opening_taken_back meeting.reopened file.locked
"""


@pytest.mark.parametrize("fact", EVERY, ids=tag_of)
def test_each_fact_declares_whose_own_it_touches_and_how_fast_it_is_said(fact: f.Fact) -> None:
    whose = getattr(fact, "seat", None) if tag_of(fact) in TOUCHES.split() else None
    assert seat_touched(fact) == whose
    assert isinstance(fact, AT_ONCE) == (tag_of(fact) in SAID_AT_ONCE.split())


# Who follows, and who is missed


def test_while_nothing_is_presented_everybody_is_invited() -> None:
    for minutes in (prepared(), running(), running("i1")):
        assert invited(minutes.state) == {*minutes.state.seats}


def test_invited_are_those_who_may_read_the_presented_page() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    assert {*minutes.state.seats} - invited(minutes.state) == {"tech"}
    minutes.does("sec", c.StartItem(item="i2"))
    minutes.does("sec", make.page("d2", 1))
    assert {*minutes.state.seats} - invited(minutes.state) == {"hoa", "tech"}
    minutes.does("sec", c.StartItem(item="i7"))
    minutes.does("sec", make.page("d7", 1))
    assert invited(minutes.state) == {"chair", "sec", "an", "wall"}


def test_a_guest_outside_the_presented_item_neither_follows_nor_lags() -> None:
    minutes, room = running("i2"), Room(Times())
    minutes.does("sec", make.page("d2", 1))
    for seat in ("hoa", "xuan"):
        room.came(seat, seat, f"{seat}-1", reader=True)
        room.shows(seat, None, follows=True)
    state, said = minutes.state, []
    for seconds in (0.0, 60.0):
        signal = room.signal(
            ("d2", 1),
            {},
            invited=invited(state),
            missed=expected(state),
            taken=frozenset(),
            warnings=frozenset(),
            seconds=seconds,
        )
        assert signal is not None
        said.append((signal.following, signal.alone, signal.behind))
    assert said == [(1, 0, ()), (1, 0, ("xuan",))]


def test_missed_are_people_of_the_roll_who_are_not_away_until_the_close() -> None:
    minutes = running()
    people = {*minutes.state.seats} - {"wall"}
    assert expected(minutes.state) == expected(prepared().state) == people
    minutes.does("sec", c.MarkAttendance("anh", "absent", reason="ốm"))
    minutes.does("an", c.CheckIn())
    minutes.does("sec", c.MarkAttendance("an", "left"))
    assert people - expected(minutes.state) == {"an", "anh"}
    minutes.does("an", c.CheckIn())
    assert people - expected(minutes.state) == {"anh"}
    minutes.does("chair", c.CloseMeeting())
    assert expected(minutes.state) == frozenset()
