"""The presented page and the lease on turning it."""

from __future__ import annotations

import pytest

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.rules.state import Presented
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, no, prepared, running


def test_the_presenter_turns_pages() -> None:
    minutes = running("i1")
    assert minutes.does("sec", make.page("d1", 7)) == [f.PageShown("d1", 1, 7)]
    assert minutes.does("sec", make.page("d1", 34)) == [f.PageShown("d1", 1, 34)]
    assert minutes.does("sec", make.page("d1b", 1)) == [f.PageShown("d1b", 1, 1)]
    assert minutes.state.presented == Presented("d1b", 1, 1)
    assert minutes.state.turn == minutes.state.rev


def test_showing_the_page_that_is_shown_changes_nothing() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    before = minutes.state
    assert minutes.does("sec", make.page("d1", 7), if_rev=1) == []
    assert minutes.state is before


def test_there_is_one_presenter_and_the_refusal_names_them() -> None:
    minutes = running("i1")
    assert minutes.refuses("chair", make.page("d1", 1)) == no("not_presenter", name="Người sec")
    assert minutes.refuses("an", make.page("d1", 1)) == no("not_presenter", name="Người sec")
    assert minutes.refuses("hoa", make.page("d1", 1)) == no("not_presenter", name="Người sec")


def test_only_pages_that_exist_of_the_item_that_is_on() -> None:
    minutes = running("i1")
    assert minutes.refuses("sec", make.page("d9", 1)) == no("document_unknown")
    assert minutes.refuses("sec", make.page("d1", 1, version=2)) == no("document_unknown")
    assert minutes.refuses("sec", make.page("d2", 1)) == no("item_not_on")
    assert minutes.refuses("sec", make.page("d1", 35)) == no("page_unknown", pages=34)
    assert minutes.refuses("sec", make.page("d1", 0)) == no("page_unknown", pages=34)


def test_nothing_is_presented_while_no_item_is_on() -> None:
    assert running().refuses("sec", make.page("d1", 1)) == no("item_not_on")
    assert prepared().refuses("sec", make.page("d1", 1)) == no("wrong_phase", phase="before")
    assert closed().refuses("sec", make.page("d1", 1)) == no("wrong_phase", phase="closed")


@pytest.mark.parametrize("age", [-1.0, 0.0, 3.0])
def test_a_fresh_turn_counts(age: float) -> None:
    assert running("i1").does("sec", make.page("d1", 2), age=age) == [f.PageShown("d1", 1, 2)]


@pytest.mark.parametrize("age", [-1.01, 3.01, 600.0, float("inf"), float("-inf"), float("nan")])
def test_a_turn_that_arrives_late_would_surprise_the_room(age: float) -> None:
    assert running("i1").refuses("sec", make.page("d1", 2), age=age) == no("too_late")


def test_a_turn_says_when_it_was_made() -> None:
    assert running("i1").refuses("sec", make.page("d1", 2), age=None) == no("malformed")


def test_a_turn_made_before_the_last_turn_arrived_is_too_late() -> None:
    minutes = running("i1")
    seen = minutes.state.rev
    minutes.does("sec", make.page("d1", 7))
    assert minutes.refuses("sec", make.page("d1", 3), if_rev=seen) == no("too_late")
    assert len(minutes.does("sec", make.page("d1", 3), if_rev=seen + 1)) == 1


def test_what_is_no_turn_makes_no_turn_too_late() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    seen = minutes.state.rev
    minutes.does("an", c.CheckIn())
    minutes.does("sec", c.CallFollowers())
    assert len(minutes.does("sec", make.page("d1", 8), if_rev=seen)) == 1


def test_a_change_of_presenter_makes_earlier_turns_too_late() -> None:
    minutes = running("i1")
    seen = minutes.state.rev
    minutes.does("chair", c.TakePresenting())
    minutes.does("sec", c.TakePresenting())
    assert minutes.refuses("sec", make.page("d1", 2), if_rev=seen) == no("too_late")


def test_chair_and_secretary_take_over_without_asking() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    assert minutes.does("chair", c.TakePresenting()) == [f.PresenterChanged(seat="chair")]
    assert minutes.state.presented == Presented("d1", 1, 7)
    assert minutes.does("chair", c.TakePresenting()) == []
    assert minutes.refuses("sec", make.page("d1", 8)) == no("not_presenter", name="Người chair")
    assert minutes.does("sec", c.TakePresenting()) == [f.PresenterChanged(seat="sec")]


def test_nobody_else_takes_over() -> None:
    for seat in ("taker", "an", "hoa", "tech", "wall"):
        assert running("i1").refuses(seat, c.TakePresenting()) == no("not_allowed")


def test_the_lease_is_given_before_and_during_the_meeting() -> None:
    before = prepared()
    assert before.does("sec", c.GivePresenting(seat="an")) == [f.PresenterChanged(seat="an")]
    during = running("i1")
    assert during.does("chair", c.GivePresenting(seat="an")) == [f.PresenterChanged(seat="an")]
    assert during.does("chair", c.GivePresenting(seat="an")) == []
    assert during.does("an", make.page("d1", 2)) == [f.PageShown("d1", 1, 2)]
    assert closed().refuses("sec", c.GivePresenting(seat="an")) == no("wrong_phase", phase="closed")


def test_the_lease_is_for_people_who_present() -> None:
    minutes = running("i1")
    assert minutes.refuses("sec", c.GivePresenting(seat="x")) == no("seat_unknown")
    for seat in ("taker", "tech", "wall"):
        assert minutes.refuses("sec", c.GivePresenting(seat=seat)) == no("not_allowed")


def test_a_guest_presents_only_while_his_item_is_on() -> None:
    assert prepared().refuses("sec", c.GivePresenting(seat="hoa")) == no("item_not_on")
    assert running("i2").refuses("sec", c.GivePresenting(seat="hoa")) == no("item_not_on")
    minutes = running("i1")
    assert minutes.does("sec", c.GivePresenting(seat="hoa")) == [f.PresenterChanged(seat="hoa")]
    assert minutes.does("hoa", make.page("d1", 3)) == [f.PageShown("d1", 1, 3)]


def test_nobody_presents_what_they_may_not_read() -> None:
    minutes = running("i7")
    for seat in ("anh", "tuyet"):
        assert minutes.refuses("sec", c.GivePresenting(seat=seat)) == no("not_allowed")
    assert minutes.refuses("sec", c.GivePresenting(seat="hoa")) == no("item_not_on")
    assert minutes.does("sec", c.GivePresenting(seat="an")) == [f.PresenterChanged(seat="an")]
    assert minutes.does("an", make.page("d7", 2)) == [f.PageShown("d7", 1, 2)]


def test_a_presenter_who_may_not_read_the_item_shows_none_of_its_pages() -> None:
    """i3 is limited to an: the chair takes the lease, and has nothing to show."""
    minutes = prepared()
    minutes.office(make.an_item("i3", limited_to=("an",)), make.a_document("d3", "i3", 2))
    minutes.does("chair", c.OpenMeeting(early=True))
    minutes.does("chair", c.StartItem(item="i3"))
    minutes.does("chair", c.TakePresenting())
    for number in (1, 9):
        assert minutes.refuses("chair", make.page("d3", number)) == no("not_allowed")
    assert minutes.refuses("chair", make.page("d1", 1)) == no("item_not_on")
    minutes.does("chair", c.GivePresenting(seat="an"))
    assert minutes.does("an", make.page("d3", 1)) == [f.PageShown("d3", 1, 1)]
    minutes.does("sec", c.StartItem(item="i1"))
    assert minutes.does("an", make.page("d1", 1)) == [f.PageShown("d1", 1, 1)]


def test_before_the_meeting_the_lease_is_given_whatever_the_first_item_is() -> None:
    assert len(prepared().does("sec", c.GivePresenting(seat="tuyet"))) == 1
    assert len(running().does("sec", c.GivePresenting(seat="tuyet"))) == 1


@pytest.mark.parametrize("asked", [c.TakePresenting(), c.GivePresenting(seat="an")])
def test_handing_the_lease_over_perishes(asked: c.Command) -> None:
    assert running("i1").refuses("chair", asked, age=4.0) == no("too_late")
    assert running("i1").refuses("chair", asked, age=None) == no("malformed")


def test_presenter_chair_and_secretary_call_everybody_to_the_page() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    minutes.does("sec", c.GivePresenting(seat="an"))
    turn = minutes.state.turn
    for seat in ("an", "chair", "sec"):
        assert minutes.does(seat, c.CallFollowers()) == [f.FollowersCalled()]
    assert (minutes.state.call, minutes.state.turn) == (3, turn)
    assert minutes.refuses("anh", c.CallFollowers()) == no("not_presenter", name="Người an")


def test_a_call_to_a_page_that_was_turned_meanwhile_is_too_late() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    seen = minutes.state.rev
    minutes.does("an", c.CheckIn())
    assert minutes.does("sec", c.CallFollowers(), if_rev=seen) == [f.FollowersCalled()]
    minutes.does("sec", make.page("d1", 8))
    for seat in ("sec", "chair"):
        assert minutes.refuses(seat, c.CallFollowers(), if_rev=seen) == no("too_late")
    now = minutes.state.rev
    assert minutes.does("chair", c.CallFollowers(), if_rev=now) == [f.FollowersCalled()]


def test_nobody_is_called_to_a_page_that_is_not_there() -> None:
    assert running("i1").refuses("sec", c.CallFollowers()) == no("page_unknown", pages=0)


def test_a_refusal_names_nobody_where_nobody_presents() -> None:
    minutes = Minutes().office(
        make.a_meeting(presenter="chair"), make.a_seat("sec", "secretary"), make.an_item("i1")
    )
    minutes.office(make.a_document("d1", "i1"))
    minutes.arrives("sec").does("sec", c.OpenMeeting(early=True))
    minutes.does("sec", c.StartItem(item="i1"))
    assert minutes.refuses("sec", make.page("d1", 1)) == no("not_presenter", name="")
    assert minutes.does("sec", c.TakePresenting()) == [f.PresenterChanged(seat="sec")]
