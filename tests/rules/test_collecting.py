"""Papers to be collected after the meeting: marked by the office, read by nobody once it closes."""

from __future__ import annotations

import pytest
from msgspec import UNSET, UnsetType

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol import views as v
from meeting.rules.copying import trial_copy
from meeting.rules.state import MeetingState, Presented
from meeting.rules.visibility import addresses, audience_of, view
from tests.helpers import make
from tests.helpers.minutes import Minutes, no, prepared, running

MARK = p.MarkToCollect("d1", collect=True, addresses=("personal",))


def open_to(state: MeetingState, seat: str) -> frozenset[str]:
    return addresses(state, audience_of(state, state.seats[seat]))


def listed(state: MeetingState, seat: str) -> dict[str, v.DocumentView]:
    shown = view(state, audience_of(state, state.seats[seat]))
    return {
        document: paper
        for item in shown.agenda.values()
        if item.documents is not UNSET
        for document, paper in item.documents.items()
    }


def presenting() -> Minutes:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 3))
    return minutes


def test_the_office_marks_a_paper_and_takes_the_mark_off() -> None:
    minutes = prepared()
    assert minutes.does(make.OFFICE, MARK) == [
        f.DocumentMarkedToCollect("d1", collect=True, addresses=("personal",))
    ]
    assert minutes.does(make.OFFICE, MARK) == []
    assert listed(minutes.state, "an")["d1"].collect is True
    assert listed(minutes.state, "an")["d2"].collect is UNSET
    minutes.office(p.MarkToCollect("d1", collect=False, addresses=("plain",)))
    assert listed(minutes.state, "an")["d1"].collect is UNSET
    assert listed(minutes.state, "an")["d1"].address == "plain"


def test_what_devices_keep_under_the_old_addresses_is_no_longer_theirs() -> None:
    minutes = presenting()
    minutes.office(make.a_version("d1", 2))
    before = open_to(minutes.state, "an")
    minutes.office(p.MarkToCollect("d1", collect=True, addresses=("first", "second")))
    paper = listed(minutes.state, "an")["d1"]
    assert paper.older == {
        "1": v.VersionView(minutes.state.documents["d1"].older[0].pages, "first")
    }
    assert paper.address == "second"
    assert open_to(minutes.state, "an") - before == {"first", "second"}
    assert before - open_to(minutes.state, "an") == {"address-of-d1", "address-of-d1-2"}
    assert minutes.state.presented == Presented("d1", 1, 3)


def test_every_version_gets_an_address() -> None:
    minutes = prepared()
    minutes.office(make.a_version("d1", 2))
    assert minutes.refuses(make.OFFICE, MARK) == no("order_outdated")
    asked = p.MarkToCollect("d9", collect=True, addresses=("personal",))
    assert minutes.refuses(make.OFFICE, asked) == no("document_unknown")


@pytest.mark.parametrize(
    "taken",
    [
        ("address-of-d1-2", "new"),
        ("new", "address-of-d1"),
        ("address-of-d2", "new"),
        ("new", "new"),
    ],
)
def test_no_version_keeps_an_address_or_shares_one(taken: tuple[str, str]) -> None:
    minutes = prepared().office(make.a_version("d1", 2))
    asked = p.MarkToCollect("d1", collect=True, addresses=taken)
    assert minutes.refuses(make.OFFICE, asked) == no("malformed")


def test_a_new_version_of_a_marked_paper_is_marked_too() -> None:
    minutes = prepared().office(MARK)
    minutes.office(make.a_version("d1", 2))
    assert listed(minutes.state, "an")["d1"].collect is True


def test_at_the_closing_nobody_in_the_room_reads_it_any_more() -> None:
    minutes = presenting().office(MARK)
    everybody = ("chair", "sec", "taker", "an", "tuyet", "wall")
    assert all("personal" in open_to(minutes.state, seat) for seat in everybody)
    minutes.does("chair", c.CloseMeeting())
    assert not any("personal" in open_to(minutes.state, seat) for seat in minutes.state.seats)
    assert not any("d1" in listed(minutes.state, seat) for seat in minutes.state.seats)
    assert "d2" in listed(minutes.state, "an")
    assert minutes.state.documents["d1"].collect
    minutes.does("chair", p.ReopenMeeting("bấm nhầm"))
    assert "d1" in listed(minutes.state, "an")


def collected(state: MeetingState, seat: str) -> int | UnsetType:
    return view(state, audience_of(state, state.seats[seat])).collected


def test_whose_right_would_have_lasted_is_told_how_many_were_collected() -> None:
    minutes = presenting().office(MARK)
    told, not_told = ("chair", "sec", "taker", "an"), ("hoa", "tech", "wall")
    assert {collected(minutes.state, seat) for seat in minutes.state.seats} == {UNSET}
    minutes.does("chair", c.CloseMeeting())
    assert [collected(minutes.state, seat) for seat in told] == [1] * 4
    assert [collected(minutes.state, seat) for seat in not_told] == [UNSET] * 3
    minutes.does("chair", p.ReopenMeeting("bấm nhầm"))
    assert collected(minutes.state, "an") is UNSET


def test_nobody_is_told_of_collected_papers_of_items_that_were_not_open_to_them() -> None:
    minutes = running("i1").office(p.MarkToCollect("d7", collect=True, addresses=("personal",)))
    minutes.does("chair", c.CloseMeeting())
    seats = ("an", "anh", "hoa")
    assert [collected(minutes.state, seat) for seat in seats] == [1, UNSET, UNSET]


def test_a_trial_copy_is_marked_as_the_meeting_is() -> None:
    names = (f"n{number}" for number in range(1000))
    asked = trial_copy(
        prepared().office(MARK).state, "trial", lambda: next(names), lambda: next(names)
    )
    laid = next(one for one in asked if isinstance(one, c.AddDocument) and one.number == "d1-BC/TU")
    (mark,) = [one for one in asked if isinstance(one, p.MarkToCollect)]
    assert (mark.document, mark.collect, len(mark.addresses)) == (laid.document, True, 1)
