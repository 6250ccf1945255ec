"""Screens that wait: their digits, how long they hold, and how many there may be."""

from __future__ import annotations

import pytest

from meeting.errors import Refused
from meeting.office.screens import (
    DIGITS_SECONDS,
    NEW_AT_ONCE,
    SILENT_SECONDS,
    WAITING_MOST,
    Room,
    Screens,
)

ROOM = Room("btv", "wall", "d1")


def shown(screens: Screens, screen: str, seconds: float) -> str:
    found = screens.look(screen, seconds)
    assert isinstance(found, str)
    return found


def test_no_two_screens_show_the_same_digits() -> None:
    screens = Screens()
    waiting: list[str] = []
    seconds = 0.0
    for number in range(WAITING_MOST):
        seconds = number * 10.0
        for screen in waiting:
            screens.look(screen, seconds)
        waiting.append(screens.come(seconds))
    assert len({screens.look(screen, seconds) for screen in waiting}) == WAITING_MOST
    with pytest.raises(Refused, match="waiting_full"):
        screens.come(seconds)


def test_screens_that_come_all_at_once_are_slowed_down() -> None:
    screens = Screens()
    for _ in range(NEW_AT_ONCE):
        screens.come(0.0)
    with pytest.raises(Refused, match="waiting_full"):
        screens.come(0.0)
    screens.come(2.0)


def test_a_screen_that_was_switched_off_makes_place() -> None:
    screens = Screens()
    screen = screens.come(0.0)
    digits = shown(screens, screen, 0.0)
    with pytest.raises(Refused, match="screen_unknown"):
        screens.typed("an", digits, SILENT_SECONDS + 1)
    assert screens.look(screen, SILENT_SECONDS + 1) is None


def test_digits_are_others_after_a_while() -> None:
    screens = Screens()
    screen = screens.come(0.0)
    first = shown(screens, screen, 0.0)
    assert shown(screens, screen, DIGITS_SECONDS - 1) == first
    later = shown(screens, screen, DIGITS_SECONDS)
    assert later != first
    assert screens.typed("an", later, DIGITS_SECONDS) == screen


def test_a_screen_that_was_taken_goes_to_its_room() -> None:
    screens = Screens()
    screen = screens.come(0.0)
    screens.take(screens.typed("an", shown(screens, screen, 0.0), 0.0), ROOM)
    assert screens.look(screen, 1.0) == ROOM


def test_whoever_guesses_slows_down_nobody_else() -> None:
    screens = Screens()
    screen = screens.come(0.0)
    digits = shown(screens, screen, 0.0)
    wrong = "0000" if digits != "0000" else "1111"
    for _ in range(5):
        with pytest.raises(Refused, match="screen_unknown"):
            screens.typed("an", wrong, 0.0)
    with pytest.raises(Refused, match="code_paused"):
        screens.typed("an", digits, 0.0)
    assert screens.typed("ba", digits, 0.0) == screen
