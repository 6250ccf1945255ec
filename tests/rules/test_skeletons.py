"""What a new meeting takes over from an earlier one: its roll, and its agenda."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from meeting.protocol import commands as c
from meeting.protocol.templates import CarriedItem, CarriedRow, Skeleton
from meeting.rules.skeletons import laid_again, skeleton, sound
from meeting.rules.state import MeetingState
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, prepared

CHAIR = CarriedRow("Bà Chủ", "Bí thư", "chair", True)
GUEST = CarriedRow("Ông Khách", "Giám đốc Sở", "guest", False)
TAKEN = Skeleton(
    (CHAIR, CarriedRow("Ông Thư", "", "secretary", False), GUEST),
    (
        CarriedItem("1", "Kinh tế", "07:45", "08:25", rapporteur=2),
        CarriedItem("", "Giải lao", "08:25", "08:40", recess=True),
        CarriedItem("2", "Nhân sự", rapporteur=0, limited_to=(0,)),
    ),
    "07:30",
)


def counting() -> Callable[[], str]:
    made = iter(f"n{number}" for number in range(1, 1000))
    return lambda: next(made)


def again(taken: Skeleton, *, starts: str = "07:30", agenda: bool = True) -> MeetingState:
    """A meeting that takes it over."""
    asked = laid_again(taken, counting(), starts=starts, agenda=agenda)
    return Minutes().office(make.a_meeting("new"), *asked).state


def test_what_is_taken_is_the_roll_and_the_agenda_without_guests_nobody_names() -> None:
    minutes = prepared()
    minutes.office(
        make.an_item("i8", starts="10:00", ends="10:30", rapporteur="hoa"),
        make.an_item("i9", limited_to=("chair", "sec")),
    )
    taken = skeleton(minutes.state)
    named = [seat for seat in minutes.state.seats.values() if seat.id not in ("xuan", "wall")]
    assert taken.roll == tuple(CarriedRow(s.name, s.post, s.role, s.votes) for s in named)
    places = {seat.id: place for place, seat in enumerate(named)}
    assert taken.items[-2:] == (
        CarriedItem("i8", "Nội dung i8", "10:00", "10:30", rapporteur=places["hoa"]),
        CarriedItem("i9", "Nội dung i9", limited_to=(places["chair"], places["sec"])),
    )
    assert (len(taken.items), taken.starts) == (len(minutes.state.items), "07:30")


def test_what_happened_is_not_taken() -> None:
    assert skeleton(closed().state) == skeleton(prepared().state)


def test_taken_over_whole_it_is_the_same_again() -> None:
    minutes = prepared()
    minutes.office(make.an_item("i9", limited_to=("chair",), rapporteur="chair"))
    taken = skeleton(minutes.state)
    assert skeleton(again(taken)) == taken


def test_a_guest_who_presents_is_invited_to_that_item_and_no_other() -> None:
    state = again(TAKEN)
    [guest] = [seat for seat in state.seats.values() if seat.role == "guest"]
    first, recess, second = state.items.values()
    assert (guest.items, first.rapporteur, recess.recess) == (
        frozenset({first.id}),
        guest.id,
        True,
    )
    chair = next(seat for seat in state.seats.values() if seat.role == "chair")
    assert (second.rapporteur, second.limited_to) == (chair.id, frozenset({chair.id}))


def test_the_roll_alone_is_everybody_but_guests() -> None:
    state = again(TAKEN, agenda=False)
    assert [(seat.name, seat.role, seat.votes) for seat in state.seats.values()] == [
        ("Bà Chủ", "chair", True),
        ("Ông Thư", "secretary", False),
    ]
    assert state.items == {}


@pytest.mark.parametrize(
    ("starts", "times"),
    [
        ("07:30", ["07:45", "08:25", "08:25", "08:40", "", ""]),
        ("14:00", ["14:15", "14:55", "14:55", "15:10", "", ""]),
        ("07:00", ["07:15", "07:55", "07:55", "08:10", "", ""]),
        ("23:30", ["23:45", "00:25", "00:25", "00:40", "", ""]),
    ],
)
def test_the_items_times_move_with_the_beginning(starts: str, times: list[str]) -> None:
    items = again(TAKEN, starts=starts).items.values()
    assert [time for item in items for time in (item.starts, item.ends)] == times


def test_a_limit_is_never_lost() -> None:
    """An item limited to nobody would be open to all."""
    minutes = prepared()
    minutes.office(make.an_item("i9", limited_to=("xuan",)))
    state = again(skeleton(minutes.state))
    assert [len(item.limited_to) for item in state.items.values()][-1] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        replace(TAKEN, roll=(replace(CHAIR, name=" \u200b"),)),
        replace(TAKEN, roll=(CHAIR, CHAIR, replace(GUEST, votes=True))),
        replace(TAKEN, roll=(CHAIR, CHAIR)),
        replace(TAKEN, items=(CarriedItem("1", " "),)),
        replace(TAKEN, items=(CarriedItem("1", "Kinh tế", limited_to=(0, 3)),)),
    ],
)
def test_what_could_not_be_laid_down_is_found_out(wrong: Skeleton) -> None:
    assert (sound(TAKEN), sound(Skeleton()), sound(wrong)) == (True, True, False)


def test_nothing_is_laid_down_of_nothing() -> None:
    assert laid_again(Skeleton(), counting(), starts="07:30", agenda=True) == []
    asked = laid_again(Skeleton((CHAIR,)), counting(), starts="07:30", agenda=True)
    assert asked == [c.AddSeat("n1", "Bà Chủ", "Bí thư", "chair", True)]
