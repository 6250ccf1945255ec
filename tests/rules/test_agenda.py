"""Items and papers: laid down before the meeting, moved through in it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.words import Role
from meeting.rules.agenda import first_presenter, open_to
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


def test_a_member_who_may_not_read_the_next_item_gives_the_lease_back() -> None:
    minutes = running("i1")
    minutes.does("sec", c.GivePresenting(seat="anh"))
    assert minutes.does("sec", c.StartItem(item="i2")) == [f.ItemStarted(item="i2")]
    assert minutes.does("sec", c.StartItem(item="i7")) == [
        f.ItemStarted(item="i7"),
        f.PresenterChanged(seat="sec"),
    ]


def test_a_member_the_next_item_is_limited_to_keeps_the_lease() -> None:
    minutes = running("i1")
    minutes.does("sec", c.GivePresenting(seat="an"))
    assert minutes.does("sec", c.StartItem(item="i7")) == [f.ItemStarted(item="i7")]
    assert minutes.state.presenter == "an"


@pytest.mark.parametrize(
    ("wanted", "roles", "first"),
    [
        ("chair", {"an": "member", "sec": "secretary", "chair": "chair"}, "chair"),
        ("secretary", {"chair": "chair", "sec": "secretary", "sec2": "secretary"}, "sec"),
        ("chair", {"an": "member", "sec": "secretary"}, "sec"),
        ("secretary", {"an": "member", "chair": "chair"}, "chair"),
        ("secretary", {"an": "member", "taker": "minute_taker", "tech": "technician"}, ""),
        ("chair", {}, ""),
    ],
)
def test_who_turns_pages_unless_somebody_else_was_given_that(
    wanted: str, roles: dict[str, Role], first: str
) -> None:
    minutes = Minutes().office(make.a_meeting(presenter=wanted))
    minutes.office(*(make.a_seat(seat, role) for seat, role in roles.items()))
    minutes.office(make.an_item("i1"))
    assert first_presenter(minutes.state, minutes.state.items["i1"]) == first


def test_the_first_presenter_of_an_item_may_read_it() -> None:
    minutes = Minutes().office(
        make.a_meeting(),
        make.a_seat("sec", "secretary"),
        make.a_seat("chair", "chair"),
        make.an_item("i1", limited_to=("chair",)),
        make.an_item("i2"),
    )
    items = minutes.state.items
    assert [first_presenter(minutes.state, items[i]) for i in ("i1", "i2")] == ["chair", "sec"]


def test_a_guests_lease_goes_to_the_chair_where_there_is_no_secretary() -> None:
    minutes = Minutes().office(
        make.a_meeting(),
        make.a_seat("chair", "chair"),
        make.a_seat("hoa", "guest", items=("i1",)),
        make.an_item("i1"),
        make.an_item("i2"),
    )
    minutes.arrives("chair").does("chair", c.OpenMeeting(early=True))
    minutes.does("chair", c.StartItem(item="i1"))
    minutes.does("chair", c.GivePresenting(seat="hoa"))
    assert minutes.does("chair", c.StartItem(item="i2")) == [
        f.ItemStarted(item="i2"),
        f.PresenterChanged(seat="chair"),
    ]


def test_to_whom_the_papers_of_an_item_are_open() -> None:
    """i7 is limited to chair, an and the secretary; guests read where they are invited."""
    state = prepared().state
    readers = {
        item.id: {seat.id for seat in state.seats.values() if open_to(item, seat)}
        for item in state.items.values()
    }
    everybody = {"chair", "sec", "taker", "an", "anh", "tuyet"}
    assert readers == {
        "i0": everybody,
        "i1": {*everybody, "hoa", "xuan"},
        "i2": {*everybody, "xuan"},
        "rest": everybody,
        "i7": {"chair", "sec", "an"},
    }


def test_a_limited_item_is_open_to_guests_by_invitation_alone() -> None:
    minutes = Minutes().office(
        make.a_meeting(),
        make.a_seat("hoa", "guest", items=("i3",)),
        make.a_seat("lan", "guest"),
        make.a_seat("tech", "technician"),
        make.a_seat("wall", "screen"),
        make.an_item("i3", limited_to=("lan", "tech", "wall")),
    )
    item = minutes.state.items["i3"]
    assert [seat.id for seat in minutes.state.seats.values() if open_to(item, seat)] == ["hoa"]


# The rapporteur of each item presents it, where that was prepared


def test_before_the_first_item_the_secretary_presents_for_the_rapporteurs() -> None:
    assert prepared(presenter="rapporteur").state.presenter == "sec"
    assert running(presenter="rapporteur").state.presenter == "sec"


def test_each_item_goes_to_its_rapporteur_else_to_the_secretary() -> None:
    minutes = running(presenter="rapporteur")
    assert minutes.does("sec", c.StartItem(item="i1")) == [
        f.ItemStarted(item="i1"),
        f.PresenterChanged(seat="an"),
    ]
    assert minutes.does("an", make.page("d1", 1)) == [f.PageShown("d1", 1, 1)]
    assert minutes.does("sec", c.StartItem(item="i2")) == [
        f.ItemStarted(item="i2"),
        f.PresenterChanged(seat="sec"),
    ]
    assert minutes.does("chair", c.StartItem(item="i0")) == [f.ItemStarted(item="i0")]
    assert minutes.state.presenter == "sec"


def test_whoever_was_given_an_item_gives_the_lease_back_at_the_next() -> None:
    minutes = running("i2", presenter="rapporteur")
    minutes.does("sec", c.GivePresenting(seat="anh"))
    assert minutes.does("sec", c.StartItem(item="i1"))[1:] == [f.PresenterChanged(seat="an")]
    minutes.does("sec", c.GivePresenting(seat="anh"))
    assert minutes.does("sec", c.StartItem(item="i2"))[1:] == [f.PresenterChanged(seat="sec")]


@pytest.mark.parametrize(
    ("rapporteur", "limited_to", "first"),
    [
        ("an", (), "an"),
        ("", (), "sec"),
        ("an", ("chair", "an"), "an"),
        ("an", ("chair", "sec"), "sec"),
        ("an", ("chair",), "chair"),
        ("an", ("tuyet",), ""),
    ],
)
def test_a_rapporteur_presents_what_they_may_read(
    rapporteur: str, limited_to: tuple[str, ...], first: str
) -> None:
    minutes = prepared(presenter="rapporteur")
    minutes.office(make.an_item("i8", rapporteur=rapporteur, limited_to=limited_to))
    assert first_presenter(minutes.state, minutes.state.items["i8"]) == first


# The agenda mended by the office


def change(item: str, **said: object) -> p.ChangeItem:
    plain = p.ChangeItem(item=item, number=item, title=f"Nội dung {item}")
    return replace(plain, **said)


def test_an_item_is_mended_and_stays_where_it_is() -> None:
    minutes = prepared()
    asked = change("i1", number="1", title=" Kinh tế ", starts="08:00", limited_to=("sec", "an"))
    assert minutes.does(make.OFFICE, asked) == [
        f.ItemChanged("i1", "1", "Kinh tế", "08:00", "", "", False, ("an", "sec"))
    ]
    assert minutes.does(make.OFFICE, asked) == []
    item = minutes.state.items["i1"]
    assert (item.position, item.limited_to) == (2, frozenset({"an", "sec"}))
    readers = {seat.id for seat in minutes.state.seats.values() if open_to(item, seat)}
    assert readers == {"an", "sec", "hoa", "xuan"}


def test_an_item_is_mended_into_one_there_can_be() -> None:
    minutes = prepared()
    assert minutes.refuses(make.OFFICE, change("i9")) == no("item_unknown")
    assert minutes.refuses(make.OFFICE, change("i1", title=" ")) == no("name_needed")
    assert minutes.refuses(make.OFFICE, change("i1", rapporteur="x")) == no("seat_unknown")
    assert minutes.refuses(make.OFFICE, change("i1", recess=True)) == no("item_has_papers")


def test_papers_for_some_are_open_to_all_only_where_that_is_said() -> None:
    minutes = prepared()
    minutes.office(change("i1", limited_to=("sec",)))
    assert minutes.refuses(make.OFFICE, change("i1", title="Khác")) == no("readers_needed")
    assert minutes.does(make.OFFICE, change("i1", for_all=True)) != []
    assert minutes.state.items["i1"].limited_to == frozenset()
    minutes.office(make.an_item("i9", limited_to=("an",)), change("i9", recess=True))
    assert minutes.state.items["i9"].recess


def test_whoever_may_not_read_the_item_any_more_gives_the_lease_back() -> None:
    minutes = running("i1")
    minutes.does("sec", c.GivePresenting(seat="anh"))
    assert minutes.does(make.OFFICE, change("i1", limited_to=("sec", "an")))[1:] == [
        f.PresenterChanged(seat="sec")
    ]


def test_an_item_without_papers_that_was_not_reached_is_removed() -> None:
    minutes = prepared()
    assert minutes.does(make.OFFICE, p.RemoveItem("i0")) == [f.ItemRemoved("i0")]
    positions = {item.id: item.position for item in minutes.state.items.values()}
    assert positions == {"i1": 1, "i2": 2, "rest": 3, "i7": 4}
    assert minutes.refuses(make.OFFICE, p.RemoveItem("i0")) == no("item_unknown")
    assert minutes.refuses(make.OFFICE, p.RemoveItem("i1")) == no("item_has_papers")


def test_guests_are_invited_to_a_removed_item_no_more() -> None:
    minutes = office().office(make.a_seat("hoa", "guest", items=("i1",)), make.an_item("i1"))
    minutes.office(make.an_item("i2"), p.RemoveItem("i1"))
    assert minutes.state.seats["hoa"].items == frozenset()


def test_what_was_reached_stays_on_the_agenda() -> None:
    minutes = running("i0")
    assert minutes.refuses(make.OFFICE, p.RemoveItem("i0")) == no("item_reached")
    minutes.does("sec", c.StartItem("i1"))
    assert minutes.refuses(make.OFFICE, p.RemoveItem("i0")) == no("item_reached")


def test_the_agenda_is_put_in_order() -> None:
    minutes = prepared()
    order = ("i7", "rest", "i2", "i1", "i0")
    assert minutes.does(make.OFFICE, p.OrderItems(order)) == [f.ItemsOrdered(order)]
    assert minutes.does(make.OFFICE, p.OrderItems(order)) == []
    assert [item.position for item in minutes.state.items.values()] == [1, 2, 3, 4, 5]
    assert minutes.refuses(make.OFFICE, p.OrderItems(order[1:])) == no("order_outdated")
    assert minutes.refuses(make.OFFICE, p.OrderItems((*order, "i0"))) == no("order_outdated")
