"""The roll mended by the office: people changed, taken off, put in order; who turns pages then."""

from __future__ import annotations

import pytest

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.words import Role
from meeting.rules.visibility import audience_of as audience
from meeting.rules.visibility import roll, view
from tests.helpers import make
from tests.helpers.minutes import Minutes, no, prepared, running


def change(seat: str, role: Role = "member", **said: object) -> p.ChangeSeat:
    name, post = str(said.get("name", f"Người {seat}")), str(said.get("post", f"Chức vụ {seat}"))
    items = said.get("items", ())
    return p.ChangeSeat(
        seat,
        name,
        post,
        role,
        votes=said.get("votes") is True,
        items=tuple(items),  # type: ignore[arg-type]
    )


def small(presenter: str = "secretary") -> Minutes:
    return Minutes().office(make.a_meeting(presenter=presenter))


# What is written of a person


def test_a_persons_name_post_and_vote_are_mended_and_devices_stay() -> None:
    minutes = prepared().at("07:10")
    minutes.does("anh", c.CheckIn())
    asked = p.ChangeSeat("anh", "  Lê Thị\u0301 Ánh\u200b ", " Bí thư ", "member")
    assert minutes.does(make.OFFICE, asked) == [
        f.SeatChanged("anh", "Lê Thị\u0301 Ánh", "Bí thư", "member", False, ())
    ]
    assert minutes.does(make.OFFICE, asked) == []
    seat = minutes.state.seats["anh"]
    assert (seat.name, seat.votes, seat.stand.state) == ("Lê Thị\u0301 Ánh", False, "present")
    assert roll(minutes.state)["anh"].position == 5
    assert [device.id for device in minutes.state.devices_of("anh")] == ["anh-1"]


def test_a_member_made_guest_reads_only_what_the_person_is_invited_to() -> None:
    minutes = running("i1")
    minutes.office(change("anh", "guest", items=("i2",)))
    seat = minutes.state.seats["anh"]
    assert list(view(minutes.state, audience(minutes.state, seat)).agenda) == ["i2"]
    assert minutes.refuses(make.OFFICE, change("anh", "guest")) == no("item_unknown")


def test_a_changed_person_is_still_somebody_there_can_be() -> None:
    minutes = prepared()
    assert minutes.refuses(make.OFFICE, change("x")) == no("seat_unknown")
    assert minutes.refuses(make.OFFICE, change("an", name=" ")) == no("name_needed")
    assert minutes.refuses(make.OFFICE, change("an", "guest", votes=True)) == no("not_allowed")
    assert minutes.refuses(make.OFFICE, change("an", "guest", items=("i9",))) == no("item_unknown")


@pytest.mark.parametrize(("seat", "role"), [("an", "screen"), ("wall", "member")])
def test_nobody_becomes_a_screen_nor_a_screen_somebody(seat: str, role: Role) -> None:
    assert prepared().refuses(make.OFFICE, change(seat, role)) == no("not_allowed")


# Taking somebody off


def test_whoever_is_taken_off_loses_devices_and_leaves_no_trace_in_the_agenda() -> None:
    minutes = prepared()
    assert minutes.does(make.OFFICE, p.RemoveSeat("an")) == [
        f.DeviceRevoked("an-1", "an"),
        f.SeatRemoved("an"),
    ]
    state = minutes.state
    assert "an" not in state.seats
    assert state.devices_of("an") == []
    assert state.items["i1"].rapporteur == ""
    assert state.items["i7"].limited_to == {"chair", "sec"}
    assert [seat.position for seat in state.seats.values()] == list(range(1, 10))
    assert minutes.refuses("an", c.CheckIn()) == no("seat_unknown")
    assert minutes.refuses(make.card("an"), c.ClaimDevice("new", "phone")) == no("seat_unknown")
    assert minutes.refuses(make.OFFICE, p.RemoveSeat("an")) == no("seat_unknown")


def test_whoever_stands_on_record_or_is_the_only_reader_stays() -> None:
    minutes = prepared().at("07:10")
    minutes.does("anh", c.CheckIn())
    minutes.office(make.an_item("i8", limited_to=("tuyet",)))
    for seat in ("anh", "tuyet", "wall"):
        assert minutes.refuses(make.OFFICE, p.RemoveSeat(seat)) == no("seat_needed")


def test_a_device_waiting_for_a_seat_that_is_gone_is_not_let_in() -> None:
    minutes = prepared().office(p.RemoveSeat("anh"))
    refused = minutes.refuses("sec", c.AdmitDevices(("w1",)), waiting=[make.waiting("w1", "anh")])
    assert refused == no("seat_unknown")


# Protocol order


def test_the_roll_is_put_in_protocol_order() -> None:
    minutes = small().office(make.a_seat("a"), make.a_seat("b"), make.a_seat("c"))
    order = ("c", "a", "b")
    assert minutes.does(make.OFFICE, p.OrderSeats(order)) == [f.SeatsOrdered(order)]
    assert minutes.does(make.OFFICE, p.OrderSeats(order)) == []
    rows = roll(minutes.state)
    assert [(seat, row.position) for seat, row in rows.items()] == [("c", 1), ("a", 2), ("b", 3)]
    minutes.office(make.a_seat("d"))
    assert roll(minutes.state)["d"].position == 4


@pytest.mark.parametrize("order", [("a",), ("a", "b", "x"), ("a", "a"), ("a", "a", "b")])
def test_an_order_of_other_people_is_outdated(order: tuple[str, ...]) -> None:
    minutes = small().office(make.a_seat("a"), make.a_seat("b"))
    assert minutes.refuses(make.OFFICE, p.OrderSeats(order)) == no("order_outdated")


# Who turns the pages when the roll changes


def test_the_lease_of_who_is_taken_off_goes_to_the_next_who_may() -> None:
    minutes = prepared()
    assert minutes.does(make.OFFICE, p.RemoveSeat("sec")) == [
        f.DeviceRevoked("sec-1", "sec"),
        f.PresenterChanged("chair"),
        f.SeatRemoved("sec"),
    ]
    minutes.does(make.OFFICE, p.RemoveSeat("chair"))
    assert minutes.state.presenter == ""
    assert minutes.state.turn == minutes.state.rev


def test_whoever_was_waited_for_gets_the_lease_back() -> None:
    minutes = prepared().office(p.RemoveSeat("sec"))
    assert minutes.does(make.OFFICE, make.a_seat("new", "secretary"))[1:] == [
        f.PresenterChanged("new")
    ]
    assert len(minutes.does(make.OFFICE, make.a_seat("second", "secretary"))) == 1
    assert minutes.state.presenter == "new"


def test_the_lease_leaves_who_can_turn_no_pages_any_more() -> None:
    minutes = prepared()
    assert minutes.does(make.OFFICE, change("sec", "technician"))[1:] == [
        f.PresenterChanged("chair")
    ]
    assert minutes.does(make.OFFICE, change("anh", "secretary"))[1:] == []
    assert minutes.does(make.OFFICE, change("chair", "member"))[1:] == [f.PresenterChanged("anh")]


def test_mending_a_name_takes_the_lease_from_nobody() -> None:
    minutes = prepared()
    minutes.does("sec", c.GivePresenting("an"))
    minutes.office(change("an", name="Người An"), change("sec", "secretary", post="Khác"))
    assert minutes.state.presenter == "an"


def test_a_guest_invited_no_more_gives_the_lease_back() -> None:
    minutes = running("i1")
    minutes.does("sec", c.GivePresenting("hoa"))
    assert minutes.does(make.OFFICE, change("hoa", "guest", items=("i2",)))[1:] == [
        f.PresenterChanged("sec")
    ]


def test_who_turns_pages_follows_what_is_prepared_until_an_item_is_on() -> None:
    minutes = prepared()
    assert minutes.does(make.OFFICE, make.a_change(presenter="chair"))[1:] == [
        f.PresenterChanged("chair")
    ]
    minutes.does("chair", c.OpenMeeting(early=True))
    minutes.does("chair", c.StartItem("i1"))
    assert minutes.does(make.OFFICE, make.a_change(presenter="secretary"))[1:] == []
