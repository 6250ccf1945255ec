"""The room's Wi-Fi is gone: one sentence for the desk, not everybody's name."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.clock import Times
from meeting.room import TOGETHER_LEAST, Room

TIMES: Final = Times()
LATER: Final = TIMES.lost + 0.5
"""Seconds after which a lost connection is spoken of."""

SPREAD: Final = 4.5
"""Seconds over which the server finds out, ping by ping, that all of them are gone."""

WIFI: Final = ("wifi_lost",)


class Hall:
    """So many members, each with one device, all of them expected; somebody may be excused."""

    def __init__(self, members: int, times: Times = TIMES) -> None:
        self.room = Room(times)
        self.members = [f"m{number:02}" for number in range(members)]
        self.expected = set(self.members)
        self.come(*self.members)

    def come(self, *members: str) -> None:
        for member in members:
            self.room.came(member, member, f"{member}-1", reader=True)

    def go(self, seconds: float, *members: str) -> None:
        for member in members:
            self.room.went(member, seconds)

    def fall_out(self, at: list[float]) -> list[tuple[float, tuple[str, ...], tuple[str, ...]]]:
        """Members go at these seconds, in order; what changed of what was told, tick by tick."""
        changes = [(0.0, *self.told(0.0))]
        for tick in range(1, 1 + round((max(at) + LATER + TIMES.offline) / TIMES.tick)):
            now = tick * TIMES.tick
            for gone, member in zip(at, self.members, strict=False):
                if now - TIMES.tick < gone <= now:
                    self.go(gone, member)
            if (told := self.told(now)) != changes[-1][1:]:
                changes.append((now, *told))
        return changes[1:]

    def told(self, seconds: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The warnings and the names of the lost, at this moment."""
        said = self.room.signal(
            None,
            {},
            invited=self.expected,
            missed=self.expected,
            taken=frozenset(),
            warnings=frozenset(),
            seconds=seconds,
        )
        said = said or self.room.last
        assert said is not None
        return said.warnings, said.lost


def test_when_all_fall_out_within_the_pings_it_is_the_wifi_and_nobody_is_named() -> None:
    hall = Hall(20)
    for number, member in enumerate(hall.members):
        hall.go(100.0 + number * 0.2, member)
    assert hall.told(104.0 + LATER) == (WIFI, ())
    assert hall.told(1000.0) == (WIFI, ())


@pytest.mark.parametrize("members", [5, 8, 20, 60, 500])
def test_while_the_losses_are_being_found_out_nobody_is_named_either(members: int) -> None:
    first = 0.1
    at = [first + SPREAD * number / (members - 1) for number in range(members)]
    assert Hall(members).fall_out(at) == [(3.5, WIFI, ())]


def test_who_was_lost_before_most_of_them_is_named_for_that_while() -> None:
    at = [0.1, 0.1, 0.1] + [0.1 + SPREAD] * 17
    three = ("m00", "m01", "m02")
    assert Hall(20).fall_out(at) == [(3.5, (), three), (5.0, WIFI, ())]


def test_one_long_lost_stays_named_while_everybody_reloads() -> None:
    hall = Hall(10)
    hall.go(10.0, "m00")
    assert hall.told(20.0) == ((), ("m00",))
    hall.go(100.0, *hall.members[1:])
    assert [hall.told(100.5), hall.told(101.0), hall.told(101.5)] == [((), ("m00",))] * 3
    hall.come(*hall.members[1:])
    assert hall.told(100.0 + LATER) == ((), ("m00",))


def test_half_is_not_more_than_half() -> None:
    hall = Hall(12)
    hall.go(100.0, *hall.members[:6])
    assert hall.told(100.0 + LATER) == ((), tuple(hall.members[:6]))
    hall.go(100.5, hall.members[6])
    assert hall.told(100.5 + LATER) == (WIFI, ())


def test_three_of_four_are_still_named() -> None:
    hall = Hall(4)
    hall.go(100.0, *hall.members[: TOGETHER_LEAST - 1])
    assert hall.told(100.0 + LATER) == ((), tuple(hall.members[:3]))


def test_one_after_the_other_over_a_minute_is_no_fault_of_the_room() -> None:
    hall = Hall(10)
    for number, member in enumerate(hall.members):
        hall.go(100.0 + number * 6.0, member)
        assert hall.told(100.0 + number * 6.0 + LATER)[0] == ()
    assert hall.told(154.0 + LATER) == ((), tuple(hall.members))


def test_a_reload_of_everybody_is_no_fault_at_all() -> None:
    hall = Hall(10)
    hall.go(100.0, *hall.members)
    assert hall.told(101.0) == ((), ())
    hall.come(*hall.members)
    assert hall.told(100.0 + LATER) == ((), ())


def test_it_is_over_when_half_are_back_and_who_stays_away_is_named() -> None:
    hall = Hall(10)
    hall.go(100.0, *hall.members)
    assert hall.told(100.0 + LATER) == (WIFI, ())
    hall.come(*hall.members[:4])
    assert hall.told(130.0) == (WIFI, ())
    hall.come(hall.members[4])
    assert hall.told(131.0) == ((), tuple(hall.members[5:]))


def test_who_falls_out_meanwhile_or_was_out_before_belongs_to_it() -> None:
    hall = Hall(10)
    hall.go(10.0, "m00")
    assert hall.told(20.0) == ((), ("m00",))
    hall.go(100.0, *hall.members[1:7])
    assert hall.told(100.0 + LATER) == (WIFI, ("m00",))
    hall.go(120.0, *hall.members[7:])
    assert hall.told(120.0 + LATER) == (WIFI, ())


def test_who_is_not_expected_counts_on_neither_side() -> None:
    hall = Hall(5)
    hall.room.came("wall", "wall", "wall-1", reader=False)
    for number in range(20):
        hall.room.came(f"x{number}", f"x{number}", f"x{number}-1", reader=True)
    hall.go(100.0, *hall.members)
    assert hall.told(100.0 + LATER) == (WIFI, ())
    hall.expected.clear()
    assert hall.told(110.0) == ((), ())


def test_a_second_device_keeps_its_seat_in_the_room() -> None:
    hall = Hall(8)
    for member in hall.members[:4]:
        hall.room.came(f"{member}-cable", member, f"{member}-2", reader=True)
    hall.go(100.0, *hall.members)
    assert hall.told(100.0 + LATER) == ((), tuple(hall.members[4:]))


def test_the_times_are_the_servers() -> None:
    hall = Hall(6, TIMES.scaled(0.05))
    hall.go(100.0, *hall.members)
    assert hall.told(100.0 + 0.05 * LATER) == (WIFI, ())


@given(st.lists(st.tuples(st.integers(0, 7), st.booleans(), st.floats(0.0, 8.0)), max_size=60))
def test_nobody_who_is_here_is_ever_named_and_nobody_lost_is_forgotten(
    moves: list[tuple[int, bool, float]],
) -> None:
    hall = Hall(8)
    seconds, away = 100.0, dict[str, float]()
    for number, comes, wait in moves:
        seconds += wait
        member = hall.members[number]
        if comes and member in away:
            hall.come(member)
            del away[member]
        elif not comes and member not in away:
            hall.go(seconds, member)
            away[member] = seconds
        warnings, named = hall.told(seconds)
        lost = tuple(sorted(m for m, since in away.items() if seconds - since >= TIMES.lost))
        assert set(named) <= set(lost)
        assert warnings == WIFI or named == lost
