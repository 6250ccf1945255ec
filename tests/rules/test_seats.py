"""Seats, their cards, and the devices that serve them."""

from __future__ import annotations

import pytest

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.words import Role
from meeting.rules.state import Device
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, no, prepared, running


def claim(device: str) -> c.ClaimDevice:
    return c.ClaimDevice(device=device, kind="tablet")


def live(minutes: Minutes, seat: str) -> list[str]:
    return [device.id for device in minutes.state.devices_of(seat)]


def test_a_seat_is_added_as_it_was_written() -> None:
    minutes = Minutes().office(make.a_meeting())
    asked = c.AddSeat(seat="an", name=" Trần Hữu An ", post=" Chánh VP ", role="member", votes=True)
    assert minutes.does(make.OFFICE, asked) == [
        f.SeatAdded("an", 1, "Trần Hữu An", "Chánh VP", "member", True, ())
    ]
    guest = make.a_seat("hoa", "guest", items=("i2", "i1"))
    assert minutes.does(make.OFFICE, guest) == [
        f.SeatAdded("hoa", 2, "Người hoa", "Chức vụ hoa", "guest", False, ("i1", "i2"))
    ]


def test_two_people_of_one_name_are_two_seats() -> None:
    minutes = Minutes().office(
        make.a_meeting(),
        make.a_seat("p06", name="Nguyễn Thị Hạnh"),
        make.a_seat("p20", name="Nguyễn Thị Hạnh"),
    )
    assert [seat.name for seat in minutes.state.seats.values()] == ["Nguyễn Thị Hạnh"] * 2


def test_items_are_for_guests_only() -> None:
    minutes = prepared()
    minutes.office(make.a_seat("new", items=("i1",)))
    assert minutes.state.seats["new"].items == frozenset()


def test_a_seat_has_its_own_id_and_a_name() -> None:
    minutes = prepared()
    assert minutes.refuses(make.OFFICE, make.a_seat("an")) == no("seat_exists")
    assert minutes.refuses(make.OFFICE, make.a_seat("new", name=" ")) == no("name_needed")


@pytest.mark.parametrize("role", ["guest", "technician", "screen"])
def test_who_is_no_member_does_not_vote(role: Role) -> None:
    asked = make.a_seat("new", role, votes=True)
    assert prepared().refuses(make.OFFICE, asked) == no("not_allowed")


def test_a_guest_is_invited_to_items_that_exist() -> None:
    unknown = make.a_seat("new", "guest", items=("i1", "i9"))
    assert prepared().refuses("sec", unknown) == no("item_unknown")
    nowhere = make.a_seat("new", "guest")
    assert running().refuses("sec", nowhere) == no("item_unknown")


def test_the_secretary_adds_people_while_they_come_in() -> None:
    minutes = running("i1")
    assert minutes.does("sec", make.a_seat("new", votes=True)) == [
        f.SeatAdded("new", 11, "Người new", "Chức vụ new", "member", True, ())
    ]
    assert len(minutes.does("sec", make.a_seat("lan", "guest", items=("i2",)))) == 1
    assert closed().refuses("sec", make.a_seat("new")) == no("wrong_phase", phase="closed")


def test_whoever_holds_the_desk_adds_people_too() -> None:
    minutes = running("i1")
    assert minutes.does("taker", make.a_seat("new")) == [
        f.SeatAdded("new", 11, "Người new", "Chức vụ new", "member", False, ())
    ]
    assert minutes.does("taker", make.a_seat("lan", "guest", items=("i2",))) == [
        f.SeatAdded("lan", 12, "Người lan", "Chức vụ lan", "guest", False, ("i2",))
    ]


@pytest.mark.parametrize("role", ["chair", "secretary", "minute_taker", "technician", "screen"])
def test_the_desk_adds_members_and_guests_only(role: Role) -> None:
    for minutes in (prepared(), running("i1")):
        for seat in ("sec", "taker", "chair", "an"):
            assert minutes.refuses(seat, make.a_seat("x", role)) == no("not_allowed")


def test_the_first_seat_of_the_prepared_role_turns_pages() -> None:
    minutes = Minutes().office(make.a_meeting(presenter="chair"), make.a_seat("an"))
    assert minutes.state.presenter == ""
    minutes.office(make.a_seat("chair", "chair"))
    assert (minutes.state.presenter, minutes.state.turn) == ("chair", minutes.state.rev)
    minutes.office(make.a_seat("vice", "chair"))
    assert (minutes.state.presenter, minutes.state.turn) == ("chair", minutes.state.rev - 1)


def test_a_card_makes_a_device_of_its_seat() -> None:
    minutes = Minutes().office(make.a_meeting(), make.a_seat("an"))
    assert minutes.does(make.card("an"), c.ClaimDevice(device="x", kind="phone")) == [
        f.DeviceClaimed(device="x", seat="an", kind="phone")
    ]
    assert minutes.state.devices == {"x": Device("x", "an", "phone")}
    assert minutes.does(make.card("an"), claim("x")) == []


def test_claiming_checks_nobody_in() -> None:
    minutes = prepared()
    assert {seat.stand.state for seat in minutes.state.seats.values()} == {"none"}


def test_a_seat_uses_three_devices_and_no_fourth() -> None:
    minutes = prepared()
    minutes.does(make.card("an"), claim("an-2"))
    minutes.does(make.card("an"), claim("an-3"))
    assert minutes.refuses(make.card("an"), claim("an-4")) == no("devices_full", devices=3)
    minutes.does("sec", c.RevokeDevice(device="an-2"))
    assert len(minutes.does(make.card("an"), claim("an-4"))) == 1
    assert live(minutes, "an") == ["an-1", "an-3", "an-4"]


def test_a_device_stays_with_the_seat_it_served() -> None:
    minutes = prepared()
    assert minutes.refuses(make.card("anh"), claim("an-1")) == no("device_revoked")
    minutes.does("sec", c.RevokeDevice(device="an-1"))
    assert minutes.refuses(make.card("an"), claim("an-1")) == no("device_revoked")


def test_a_card_serves_before_during_and_after() -> None:
    for minutes in (prepared(), running(), closed()):
        assert len(minutes.does(make.card("an"), claim("an-2"))) == 1


def test_the_desk_admits_and_the_person_is_present_since_asking() -> None:
    minutes = prepared().at("07:22")
    asked = c.AdmitDevices(devices=("w1",))
    row = make.waiting("w1", "an", since="07:20", number=42, sighting="stale")
    assert minutes.does("taker", asked, waiting=[row]) == [
        f.DeviceAdmitted("w1", "an", "phone", 42, "stale"),
        f.CheckedIn("an", "present", make.clock("07:20"), "desk", "stale"),
    ]
    assert live(minutes, "an") == ["an-1", "w1"]


def test_admitted_twice_is_once() -> None:
    minutes = prepared()
    asked = c.AdmitDevices(devices=("w1", "w1"))
    assert len(minutes.does("sec", asked, waiting=[make.waiting("w1", "an")])) == 2
    before = minutes.state
    assert minutes.does("taker", asked) == []
    assert minutes.state is before


def test_all_waiting_come_in_at_once_and_each_person_counts_once() -> None:
    minutes = prepared().arrives("anh").at("07:25")
    waiting = [
        make.waiting("w1", "an", since="07:20"),
        make.waiting("w2", "an", since="07:21"),
        make.waiting("w3", "anh"),
        make.waiting("w4", "wall"),
    ]
    asked = c.AdmitDevices(devices=("w1", "w2", "w3", "w4"))
    assert minutes.does("sec", asked, waiting=waiting) == [
        f.DeviceAdmitted("w1", "an", "phone", 27, "fresh"),
        f.CheckedIn("an", "present", make.clock("07:20"), "desk", "fresh"),
        f.DeviceAdmitted("w2", "an", "phone", 27, "fresh"),
        f.DeviceAdmitted("w3", "anh", "phone", 27, "fresh"),
        f.DeviceAdmitted("w4", "wall", "phone", 27, "fresh"),
    ]


def test_who_asked_in_time_is_not_late_because_the_desk_was_slow() -> None:
    minutes = running().at("07:50")
    asked = c.AdmitDevices(devices=("w1", "w2"))
    waiting = [make.waiting("w1", "an", "07:34"), make.waiting("w2", "anh", "07:36")]
    facts = minutes.does("sec", asked, waiting=waiting)
    assert [fact.state for fact in facts if isinstance(fact, f.CheckedIn)] == ["present", "late"]


def test_who_left_and_is_admitted_has_returned() -> None:
    minutes = running().arrives("an")
    minutes.does("sec", c.MarkAttendance(seat="an", state="left"))
    facts = minutes.does(
        "sec", c.AdmitDevices(devices=("w1",)), waiting=[make.waiting("w1", "an", "07:50")]
    )
    assert facts[1:] == [f.CheckedIn("an", "returned", make.clock("07:50"), "desk", "fresh")]


def admitted(facts: list[f.Fact]) -> list[str]:
    return [fact.device for fact in facts if isinstance(fact, f.DeviceAdmitted)]


def test_of_many_those_that_cannot_come_in_keep_nobody_out() -> None:
    asked = c.AdmitDevices(devices=("w1", "w2", "w3"))
    waiting = [make.waiting("w2", "an"), make.waiting("w3", "x")]
    for order in (asked.devices, asked.devices[::-1]):
        minutes = prepared()
        facts = minutes.does("sec", c.AdmitDevices(devices=order), waiting=waiting)
        assert admitted(facts) == ["w2"]
        assert live(minutes, "an") == ["an-1", "w2"]


def test_what_cannot_come_in_is_refused_where_nothing_else_comes_in() -> None:
    minutes = prepared()
    gone, unknown = c.AdmitDevices(devices=("w1",)), [make.waiting("w1", "x")]
    assert minutes.refuses("sec", gone) == no("not_waiting")
    assert minutes.refuses("sec", gone, waiting=unknown) == no("seat_unknown")
    both = c.AdmitDevices(devices=("w0", "w1"))
    assert minutes.refuses("sec", both) == no("not_waiting")
    assert minutes.refuses("sec", both, waiting=unknown) == no("seat_unknown")


def test_a_revoked_device_is_not_admitted_again() -> None:
    minutes = prepared()
    minutes.does("sec", c.RevokeDevice(device="an-1"))
    asked = c.AdmitDevices(devices=("an-1",))
    assert minutes.refuses("sec", asked) == no("not_waiting")
    assert minutes.refuses("sec", asked, waiting=[make.waiting("an-1", "an")]) == no("not_waiting")


def test_admission_gives_nobody_a_fourth_device() -> None:
    minutes = prepared()
    minutes.does(make.card("an"), claim("an-2"))
    waiting = [make.waiting("w1", "an"), make.waiting("w2", "an"), make.waiting("w3", "anh")]
    facts = minutes.does("sec", c.AdmitDevices(devices=("w1", "w2", "w3")), waiting=waiting)
    assert admitted(facts) == ["w1", "w3"]
    alone = c.AdmitDevices(devices=("w2",))
    assert minutes.refuses("sec", alone, waiting=waiting) == no("devices_full", devices=3)
    assert live(minutes, "an") == ["an-1", "an-2", "w1"]


def test_declining_is_on_record_and_changes_nothing() -> None:
    minutes = prepared()
    asked = c.DeclineDevice(device="w1")
    devices, seats = minutes.state.devices, minutes.state.seats
    assert minutes.does("sec", asked, waiting=[make.waiting("w1", "an")]) == [
        f.DeviceDeclined(device="w1", seat="an")
    ]
    assert (minutes.state.devices, minutes.state.seats) == (devices, seats)
    assert minutes.refuses("sec", asked) == no("not_waiting")


def test_a_revoked_device_does_nothing_more() -> None:
    minutes = running("i1")
    assert minutes.does("taker", c.RevokeDevice(device="an-1")) == [
        f.DeviceRevoked(device="an-1", seat="an")
    ]
    assert minutes.does("sec", c.RevokeDevice(device="an-1")) == []
    assert minutes.refuses("an", c.CheckIn()) == no("device_revoked")
    assert minutes.refuses("sec", c.RevokeDevice(device="zz")) == no("device_unknown")


def test_a_new_card_ends_the_devices_and_the_card_before() -> None:
    minutes = prepared()
    minutes.does(make.card("an"), claim("an-2"))
    assert minutes.does("sec", c.ReissueCard(seat="an")) == [
        f.DeviceRevoked(device="an-1", seat="an"),
        f.DeviceRevoked(device="an-2", seat="an"),
        f.CardReissued(seat="an", serial=2),
    ]
    assert minutes.refuses("an", c.CheckIn()) == no("device_revoked")
    assert minutes.refuses(make.card("an", 1), claim("new")) == no("card_revoked")
    assert minutes.refuses(make.card("an", 3), claim("new")) == no("card_revoked")
    assert len(minutes.does(make.card("an", 2), claim("new"))) == 1
    assert live(minutes, "an") == ["new"]


def test_moving_to_another_device_keeps_attendance_and_lease() -> None:
    minutes = running("i1").arrives("an")
    minutes.does("sec", c.GivePresenting(seat="an"))
    stand = minutes.state.seats["an"].stand
    minutes.does("sec", c.ReissueCard(seat="an"))
    minutes.does(make.card("an", 2), claim("new"))
    assert (minutes.state.seats["an"].stand, minutes.state.presenter) == (stand, "an")


def test_a_revoked_card_is_nothing_until_a_new_one_is_issued() -> None:
    minutes = prepared()
    assert minutes.does("sec", c.RevokeCard(seat="an")) == [
        f.DeviceRevoked(device="an-1", seat="an"),
        f.CardRevoked(seat="an"),
    ]
    assert minutes.does("sec", c.RevokeCard(seat="an")) == []
    assert minutes.refuses(make.card("an"), claim("new")) == no("card_revoked")
    assert minutes.does("sec", c.ReissueCard(seat="an")) == [f.CardReissued(seat="an", serial=2)]
    assert len(minutes.does(make.card("an", 2), claim("new"))) == 1


def test_cards_are_of_seats() -> None:
    minutes = prepared()
    assert minutes.refuses("sec", c.ReissueCard(seat="x")) == no("seat_unknown")
    assert minutes.refuses("sec", c.RevokeCard(seat="x")) == no("seat_unknown")


def test_an_admitted_device_of_a_seat_without_card_ends_with_the_next_revocation() -> None:
    minutes = prepared()
    minutes.does("sec", c.RevokeCard(seat="an"))
    minutes.does("sec", c.AdmitDevices(devices=("w1",)), waiting=[make.waiting("w1", "an")])
    assert live(minutes, "an") == ["w1"]
    assert minutes.does("sec", c.RevokeCard(seat="an")) == [f.DeviceRevoked(device="w1", seat="an")]


def test_nobody_takes_their_own_seat_from_under_themselves() -> None:
    minutes = prepared()
    for desk in ("sec", "taker"):
        assert minutes.refuses(desk, c.RevokeDevice(device=f"{desk}-1")) == no("own_seat")
        assert minutes.refuses(desk, c.ReissueCard(seat=desk)) == no("own_seat")
        assert minutes.refuses(desk, c.RevokeCard(seat=desk)) == no("own_seat")


def test_another_device_of_ones_own_seat_and_another_desk_may_be_taken_away() -> None:
    minutes = prepared()
    minutes.does(make.card("sec"), claim("sec-2"))
    assert minutes.does("sec", c.RevokeDevice(device="sec-2")) == [f.DeviceRevoked("sec-2", "sec")]
    assert minutes.does("taker", c.ReissueCard(seat="sec")) == [
        f.DeviceRevoked("sec-1", "sec"),
        f.CardReissued("sec", 2),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Lê Thị Bảo ", "Lê Thị Bảo"),
        ("Le\u0302 Thi\u0323 Ba\u0309o", "Lê Thị Bảo"),
        ("Lê\u200b Thị\u00ad Bảo\ufeff", "Lê Thị Bảo"),
        ("\u202eLê Thị Bảo\n", "Lê Thị Bảo"),
    ],
)
def test_a_name_is_written_as_it_can_be_found(written: str, name: str) -> None:
    minutes = prepared()
    asked = c.AddSeat(seat="bao", name=written, post=written, role="member")
    minutes.does("sec", asked)
    seat = minutes.state.seats["bao"]
    assert (seat.name, seat.post) == (name, name)


@pytest.mark.parametrize("name", ["\u200b", " \u200b\u2060 ", "\ufeff", "\u202e\n"])
def test_a_name_that_cannot_be_seen_is_none(name: str) -> None:
    asked = c.AddSeat(seat="bao", name=name, post="", role="member")
    assert prepared().refuses("sec", asked) == no("name_needed")
