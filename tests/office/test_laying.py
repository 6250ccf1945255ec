"""From the roll and agenda that are there to those that are wanted: the least that does it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from meeting.errors import Refused
from meeting.office.laying import foreseen, lay_agenda, lay_roll
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.prepared import WantedItem, WantedPerson
from meeting.rules.state import MeetingState, Moment
from tests.helpers import make
from tests.helpers.minutes import Minutes

NOW = Moment(make.clock("07:00"))


def ids() -> Callable[[], str]:
    made = iter(f"new{number}" for number in range(1, 100))
    return lambda: next(made)


def state(*commands: c.Command) -> MeetingState:
    return Minutes().office(make.a_meeting(), *commands).state


ROLL = state(
    make.a_seat("wall", "screen", name="Màn hình", post=""),
    make.a_seat("an", name="Trần Hữu An", post="Chánh Văn phòng", votes=True),
    make.a_seat("h6", name="Nguyễn Thị Hạnh", post="Trưởng Ban", votes=True),
    make.a_seat("h20", name="Nguyễn Thị Hạnh", post="Phó Trưởng Ban"),
    make.a_seat("hoa", "guest", name="Nguyễn Văn Hoà", post="GĐ Sở", items=("i1",)),
    make.an_item("i1", title="Kinh tế", number="1"),
    make.an_item("i2", title="Kiểm tra", number="2", limited_to=("an",)),
)


def wanted(state: MeetingState) -> list[WantedPerson]:
    """The roll as it is, as somebody would paste it."""
    return [
        WantedPerson(seat.name, seat.post, seat.role, seat.votes)
        for seat in state.seats.values()
        if seat.on_roll
    ]


def items(state: MeetingState) -> list[WantedItem]:
    return [WantedItem(item.number, item.title) for item in state.items.values()]


def after(asked: list[c.Command]) -> MeetingState:
    return foreseen(ROLL, make.OFFICE, asked, NOW)


def test_the_same_roll_again_changes_only_where_the_screen_stands() -> None:
    asked = lay_roll(ROLL, wanted(ROLL), ids())
    assert asked == [p.OrderSeats(("an", "h6", "h20", "hoa", "wall"))]
    assert lay_roll(after(asked), wanted(ROLL), ids()) == []


def test_people_are_added_mended_taken_off_and_put_in_order() -> None:
    an, h6, h20, _ = wanted(ROLL)
    new = WantedPerson("Vũ Đình Ẩn", "Chủ nhiệm", "member", True)
    asked = lay_roll(ROLL, [h6, new, replace(an, post="Ủy viên"), h20], ids())
    assert asked == [
        p.RemoveSeat("hoa"),
        c.AddSeat("new1", "Vũ Đình Ẩn", "Chủ nhiệm", "member", True),
        p.ChangeSeat("an", "Trần Hữu An", "Ủy viên", "member", True),
        p.OrderSeats(("h6", "new1", "an", "h20", "wall")),
    ]
    assert [seat.name for seat in after(asked).seats.values()] == [
        "Nguyễn Thị Hạnh",
        "Vũ Đình Ẩn",
        "Trần Hữu An",
        "Nguyễn Thị Hạnh",
        "Màn hình",
    ]


def test_two_of_one_name_are_told_apart_by_their_post() -> None:
    an, h6, h20, hoa = wanted(ROLL)
    asked = lay_roll(ROLL, [an, h20, h6, hoa], ids())
    assert asked == [p.OrderSeats(("an", "h20", "h6", "hoa", "wall"))]


def test_two_of_one_name_with_other_posts_are_people_nobody_knows() -> None:
    an, h6, h20, hoa = wanted(ROLL)
    asked = lay_roll(ROLL, [an, replace(h6, post="A"), replace(h20, post="B"), hoa], ids())
    assert [type(command) for command in asked] == [
        p.RemoveSeat,
        p.RemoveSeat,
        c.AddSeat,
        c.AddSeat,
        p.OrderSeats,
    ]


def test_who_is_named_by_seat_is_meant_whatever_else_is_written() -> None:
    an, *others = wanted(ROLL)
    asked = lay_roll(ROLL, [replace(an, seat="an", name="Trần Hữu Ân"), *others], ids())
    assert asked[0] == p.ChangeSeat("an", "Trần Hữu Ân", "Chánh Văn phòng", "member", True)
    for seat in ("nobody", "wall"):
        with pytest.raises(Refused) as refused:
            lay_roll(ROLL, [replace(an, seat=seat), *others], ids())
        assert refused.value.code == "order_outdated"
    with pytest.raises(Refused):
        lay_roll(ROLL, [replace(one, seat="an") for one in (an, *others)], ids())


def test_a_spelling_that_only_habits_tell_apart_is_the_same_person() -> None:
    *others, hoa = wanted(ROLL)
    asked = lay_roll(ROLL, [*others, replace(hoa, name="Nguyễn Văn Hòa")], ids())
    assert asked[0] == p.ChangeSeat("hoa", "Nguyễn Văn Hòa", "GĐ Sở", "guest", False, ("i1",))


def test_a_guests_items_stay_unless_others_are_said() -> None:
    *others, hoa = wanted(ROLL)
    invited = lay_roll(ROLL, [*others, replace(hoa, items=("i2",))], ids())
    assert invited[0] == p.ChangeSeat("hoa", hoa.name, hoa.post, "guest", False, ("i2",))
    member = lay_roll(ROLL, [*others, replace(hoa, role="member")], ids())
    assert member[0] == p.ChangeSeat("hoa", hoa.name, hoa.post, "member", False, ())


def test_the_same_agenda_again_changes_nothing() -> None:
    assert lay_agenda(ROLL, items(ROLL), ids()) == []


def test_items_are_added_mended_taken_off_and_put_in_order() -> None:
    one, two = items(ROLL)
    new = WantedItem("1", "Khai mạc", "07:30", "07:45", "an")
    asked = lay_agenda(ROLL, [new, replace(two, number="3"), replace(one, number="2")], ids())
    assert asked == [
        c.AddItem("new1", "1", "Khai mạc", "07:30", "07:45", "an"),
        p.ChangeItem("i2", "3", "Kiểm tra", limited_to=("an",)),
        p.ChangeItem("i1", "2", "Kinh tế"),
        p.OrderItems(("new1", "i2", "i1")),
    ]
    assert [(item.number, item.title) for item in after(asked).items.values()] == [
        ("1", "Khai mạc"),
        ("3", "Kiểm tra"),
        ("2", "Kinh tế"),
    ]
    assert lay_agenda(ROLL, [one], ids()) == [p.RemoveItem("i2")]


def test_who_may_read_an_item_stays_unless_it_is_said() -> None:
    one, two = items(ROLL)
    open_to_all = lay_agenda(ROLL, [one, replace(two, limited_to=())], ids())
    assert open_to_all == [p.ChangeItem("i2", "2", "Kiểm tra")]


def test_what_would_be_refused_is_said_before_anything_is_done() -> None:
    with pytest.raises(Refused) as refused:
        after(lay_roll(ROLL, wanted(ROLL)[1:], ids()))
    assert (refused.value.code, refused.value.data) == ("seat_needed", {"of": "Trần Hữu An"})
    laid = foreseen(ROLL, make.OFFICE, [make.a_document("d1", "i1")], NOW)
    with pytest.raises(Refused) as refused:
        foreseen(laid, make.OFFICE, lay_agenda(laid, items(laid)[1:], ids()), NOW)
    assert (refused.value.code, refused.value.data) == ("item_has_papers", {"of": "Kinh tế"})
