"""The state is a value: it compares whole, and changing a copy leaves it as it was."""

from __future__ import annotations

from copy import deepcopy

import pytest
from msgspec.structs import replace

from meeting.rules.state import Device, MeetingState
from tests.helpers.minutes import closed, prepared


def test_two_meetings_that_went_the_same_way_are_equal() -> None:
    assert (closed().state, closed().entries) == (closed().state, closed().entries)
    assert closed().state != prepared().state


def test_state_cannot_be_written_to() -> None:
    state = prepared().state
    with pytest.raises(AttributeError):
        state.rev = 9  # type: ignore[misc]
    with pytest.raises(AttributeError):
        state.seats["an"].name = "Khác"  # type: ignore[misc]


def test_a_changed_seat_or_device_is_another_state() -> None:
    state = prepared().state
    copy = deepcopy(state)
    seat = replace(state.seats["an"], name="Khác")
    assert state.with_seat(seat).seats == {**copy.seats, "an": seat}
    device = Device("an-2", "an", "phone")
    assert state.with_device(device).devices == {**copy.devices, "an-2": device}
    assert state == copy


def test_devices_of_a_seat_are_those_that_serve_it_now() -> None:
    state = prepared().state.with_device(Device("an-3", "an", "phone"))
    state = state.with_device(Device("an-2", "an", "phone"))
    state = state.with_device(Device("an-1", "an", "tablet", revoked=True))
    assert [device.id for device in state.devices_of("an")] == ["an-3", "an-2"]
    assert state.devices_of("nobody") == []


def test_no_state_shares_what_it_starts_with() -> None:
    first, second = MeetingState(), MeetingState()
    assert first == second
    assert first.seats is not second.seats


def test_the_room_screen_is_on_no_roll_and_guests_are_in_no_number() -> None:
    seats = prepared().state.seats
    assert {seat.id for seat in seats.values() if not seat.on_roll} == {"wall"}
    assert {seat.id for seat in seats.values() if not seat.counted} == {"wall", "hoa", "xuan"}
