"""How long the next try has to wait."""

from __future__ import annotations

from meeting.office.waits import LANES_MOST, Waits


def tries(waits: Waits, number: int, seconds: float, who: str = "") -> list[int]:
    """So many wrong tries at one moment: what each was told."""
    return [waits.begin("an", who, seconds) for _ in range(number)]


def test_three_tries_are_free_and_each_wait_is_longer_up_to_a_minute() -> None:
    waits, seconds, told = Waits(), 50.0, []
    assert tries(waits, 3, seconds) == [0, 0, 0]
    for _ in range(8):
        wait = waits.begin("an", "", seconds)
        told.append(wait)
        assert waits.begin("an", "", seconds + wait - 0.5) == 1
        seconds += wait
        assert waits.begin("an", "", seconds) == 0
    assert told == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_wait_is_not_made_longer_by_asking_in_it() -> None:
    waits = Waits()
    assert tries(waits, 103, 0.0) == [0, 0, 0, *[2] * 100]
    assert waits.begin("an", "", 2.0) == 0


def test_many_at_once_count_as_many() -> None:
    assert tries(Waits(), 6, 0.0) == [0, 0, 0, 2, 2, 2]


def test_a_try_nobody_judged_does_not_count() -> None:
    waits = Waits()
    for _ in range(50):
        assert waits.begin("an", "", 0.0) == 0
        waits.not_judged("an", "")
    assert not waits._lanes
    assert tries(waits, 4, 0.0) == [0, 0, 0, 2]
    assert waits.begin("an", "", 2.0) == 0
    waits.not_judged("an", "")
    assert tries(waits, 2, 2.0) == [0, 4]
    waits.not_judged("nobody", "")


def test_being_right_or_an_hour_forgets() -> None:
    waits = Waits()
    tries(waits, 3, 0.0)
    waits.right("an", "")
    assert tries(waits, 4, 0.0) == [0, 0, 0, 2]
    assert tries(waits, 4, 3700.0) == [0, 0, 0, 2]


def test_logins_and_people_known_do_not_wait_for_each_other() -> None:
    waits = Waits()
    assert tries(waits, 4, 0.0)[-1] == 2
    assert tries(waits, 4, 0.0, "known") == [0, 0, 0, 2]
    assert waits.begin("binh", "", 0.0) == 0


def test_only_so_many_logins_are_remembered() -> None:
    waits = Waits()
    tries(waits, 3, 0.0)
    for number in range(LANES_MOST):
        waits.begin(f"login-{number}", "", 0.0)
    assert len(waits._lanes) == LANES_MOST
