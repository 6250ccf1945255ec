"""Items and papers: laid down before the meeting, moved through in it."""

from __future__ import annotations

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.rules.visibility import item_state
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, no, prepared, running


def office() -> Minutes:
    return Minutes().office(
        make.a_meeting(),
        make.a_seat("sec", "secretary"),
        make.a_seat("an"),
        make.a_seat("anh"),
    )


def test_items_stand_in_the_order_they_were_laid_down() -> None:
    minutes = office()
    asked = make.an_item(
        "i1",
        number="1",
        title="  Kinh tế - xã hội ",
        starts="07:45",
        ends="08:25",
        rapporteur="an",
        limited_to=("sec", "an"),
    )
    assert minutes.does(make.OFFICE, asked) == [
        f.ItemAdded(
            item="i1",
            position=1,
            number="1",
            title="Kinh tế - xã hội",
            starts="07:45",
            ends="08:25",
            rapporteur="an",
            recess=False,
            limited_to=("an", "sec"),
        )
    ]
    assert minutes.does(make.OFFICE, make.an_item("rest", recess=True)) == [
        f.ItemAdded("rest", 2, "rest", "Nội dung rest", "", "", "", True, ())
    ]


def test_an_item_laid_down_twice_is_there_once() -> None:
    minutes = office().office(make.an_item("i1"))
    assert minutes.does(make.OFFICE, make.an_item("i1", title="Khác")) == []


def test_an_item_needs_a_title_and_people_who_exist() -> None:
    minutes = office()
    assert minutes.refuses(make.OFFICE, make.an_item("i1", title=" ")) == no("name_needed")
    assert minutes.refuses(make.OFFICE, make.an_item("i1", rapporteur="x")) == no("seat_unknown")
    assert minutes.refuses(make.OFFICE, make.an_item("i1", limited_to=("an", "x"))) == no(
        "seat_unknown"
    )


def test_a_paper_lies_under_its_item() -> None:
    minutes = office().office(make.an_item("i1"))
    asked = make.a_document("d1", "i1", 34, number=" 186-BC/ĐU ", title=" Báo cáo ")
    assert minutes.does(make.OFFICE, asked) == [
        f.DocumentAdded(
            document="d1",
            item="i1",
            position=1,
            number="186-BC/ĐU",
            title="Báo cáo",
            version=1,
            sha256=asked.sha256,
            pages=34,
            address="address-of-d1",
        )
    ]
    assert minutes.does(make.OFFICE, asked) == []


def test_a_paper_needs_an_item_that_is_no_recess() -> None:
    minutes = office().office(make.an_item("rest", recess=True))
    assert minutes.refuses(make.OFFICE, make.a_document("d", "i9")) == no("item_unknown")
    assert minutes.refuses(make.OFFICE, make.a_document("d", "rest")) == no("item_recess")


def test_a_file_that_could_not_be_taken_in_is_noted_once() -> None:
    minutes = office()
    asked = c.NoteRefusedFile(name="quy-che.pdf", code="file_locked")
    assert minutes.does(make.OFFICE, asked) == [
        f.FileRefusedNoted(name="quy-che.pdf", code="file_locked")
    ]
    assert minutes.does(make.OFFICE, asked) == []
    other = c.NoteRefusedFile(name="quy-che.pdf", code="file_broken")
    assert len(minutes.does(make.OFFICE, other)) == 1
    assert minutes.state.refused_files == {"quy-che.pdf": "file_broken"}


def test_starting_an_item_ends_the_one_before_and_puts_its_page_away() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    assert minutes.does("chair", c.StartItem(item="i2")) == [f.ItemStarted(item="i2")]
    state = minutes.state
    assert (state.item, state.done, state.presented) == ("i2", frozenset({"i1"}), None)
    assert state.turn == state.rev
    assert [item_state(state, item) for item in state.items] == [
        "ahead",
        "done",
        "on",
        "ahead",
        "ahead",
    ]


def test_a_meeting_may_go_back_to_an_item() -> None:
    minutes = running("i1")
    minutes.does("sec", c.StartItem(item="i2"))
    minutes.does("sec", c.StartItem(item="i1"))
    assert (minutes.state.item, minutes.state.done) == ("i1", frozenset({"i2"}))


def test_starting_the_item_that_is_on_changes_nothing() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    before = minutes.state
    assert minutes.does("chair", c.StartItem(item="i1")) == []
    assert minutes.state is before


def test_an_item_must_exist_and_the_meeting_run() -> None:
    assert running().refuses("sec", c.StartItem(item="i9")) == no("item_unknown")
    assert prepared().refuses("sec", c.StartItem(item="i1")) == no("wrong_phase", phase="before")
    assert closed().refuses("sec", c.StartItem(item="i2")) == no("wrong_phase", phase="closed")


def test_starting_an_item_perishes() -> None:
    assert running().refuses("sec", c.StartItem(item="i1"), age=3.1) == no("too_late")
    assert running().refuses("sec", c.StartItem(item="i1"), age=None) == no("malformed")


def test_a_guest_who_presents_gives_the_lease_back_when_his_item_ends() -> None:
    minutes = running("i1")
    minutes.does("sec", c.GivePresenting(seat="hoa"))
    assert minutes.does("chair", c.StartItem(item="i2")) == [
        f.ItemStarted(item="i2"),
        f.PresenterChanged(seat="sec"),
    ]
    assert minutes.state.presenter == "sec"


def test_a_guest_of_both_items_keeps_the_lease() -> None:
    minutes = running("i1")
    minutes.does("sec", c.GivePresenting(seat="xuan"))
    assert minutes.does("chair", c.StartItem(item="i2")) == [f.ItemStarted(item="i2")]
    assert minutes.state.presenter == "xuan"


def test_the_lease_goes_back_to_the_chair_where_that_was_prepared() -> None:
    minutes = running("i1", presenter="chair")
    assert minutes.state.presenter == "chair"
    minutes.does("sec", c.GivePresenting(seat="hoa"))
    assert minutes.does("sec", c.StartItem(item="rest")) == [
        f.ItemStarted(item="rest"),
        f.PresenterChanged(seat="chair"),
    ]
