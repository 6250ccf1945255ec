"""Codes of the room screen: how long they are fresh, and that nothing else passes for one."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from meeting.checkin import Codes
from meeting.protocol.words import Sighting

KEY: Final = bytes(range(32))
CODES: Final = Codes(KEY, "btv")

SCAN_WINDOW, SCAN_FRESH = 8, 3
DIGITS_WINDOW, DIGITS_FRESH, DIGITS_KNOWN = 30, 4, 20

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"

moments = st.floats(0, 10**8, allow_nan=False)
"""A server's monotonic seconds, up to three years of them."""

delays = st.one_of(
    st.floats(0, 40),
    st.floats(0, 900),
    st.integers(0, 200).map(lambda windows: float(windows * SCAN_WINDOW)),
    st.integers(0, 40).map(lambda windows: float(windows * DIGITS_WINDOW)),
)
texts = st.one_of(
    st.text(max_size=40),
    st.text(LETTERS + LETTERS.upper() + "=0189 .", max_size=40),
    st.text(LETTERS, min_size=23, max_size=23),
)


def windows_between(shown: float, asked: float, length: int) -> int:
    return int(asked // length) - int(shown // length)


# The QR


@given(moments, delays)
@example(0.0, 23.9)
@example(0.0, 24.0)
@example(7.9, 16.0)
@example(7.9, 24.0)
def test_a_scanned_code_is_fresh_for_three_windows_and_old_for_good(
    shown: float, delay: float
) -> None:
    asked = shown + delay
    fresh = windows_between(shown, asked, SCAN_WINDOW) < SCAN_FRESH
    expected: Sighting = "fresh" if fresh else "stale"
    assert CODES.judge_scan(CODES.scan_code(shown), asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(80.0, "fresh"), (87.9, "fresh"), (103.9, "fresh"), (104.0, "stale"), (10**7, "stale")],
)
def test_the_code_that_appeared_at_80_s_is_fresh_until_104_s(
    asked: float, expected: Sighting
) -> None:
    assert CODES.judge_scan(CODES.scan_code(80.0), asked) == expected


@given(moments)
def test_the_code_changes_with_its_window_only(shown: float) -> None:
    begins = shown // SCAN_WINDOW * SCAN_WINDOW
    code = CODES.scan_code(shown)
    assert CODES.scan_code(begins) == code
    assert CODES.scan_code(begins + SCAN_WINDOW) != code
    assert len(code) == 23
    assert set(code) <= set(LETTERS)


@given(moments, st.floats(0.1, 10**6))
def test_a_code_from_before_the_server_machine_started_again_is_old(
    shown: float, ahead: float
) -> None:
    code = CODES.scan_code(shown + ahead)
    same_window = windows_between(shown, shown + ahead, SCAN_WINDOW) == 0
    assert CODES.judge_scan(code, shown) == ("fresh" if same_window else "stale")


@given(moments, st.integers(0, 22), st.sampled_from(LETTERS + "=0.ạ\u0660"))
def test_no_mutated_code_is_anything(shown: float, place: int, letter: str) -> None:
    code = CODES.scan_code(shown)
    mutated = code[:place] + letter + code[place + 1 :]
    assert CODES.judge_scan(mutated, shown) == ("fresh" if mutated == code else "none")


@given(moments, st.integers(0, 22))
def test_a_code_cut_short_or_made_longer_is_nothing(shown: float, length: int) -> None:
    code = CODES.scan_code(shown)
    changed = [code[:length], code + "a", code + "=", " " + code, code + "\n", code + code]
    assert [CODES.judge_scan(one, shown) for one in changed] == ["none"] * len(changed)


@given(moments, delays, st.binary(min_size=32, max_size=32).filter(lambda key: key != KEY))
def test_a_code_of_another_key_or_meeting_is_nothing(
    shown: float, delay: float, key: bytes
) -> None:
    for other in (Codes(key, "btv"), Codes(KEY, "btv2"), Codes(KEY, "BTV"), Codes(KEY, "")):
        assert CODES.judge_scan(other.scan_code(shown), shown + delay) == "none"


def test_a_code_typed_in_capitals_is_the_same_code() -> None:
    assert CODES.judge_scan(CODES.scan_code(80.0).upper(), 80.0) == "fresh"


@given(texts, moments)
@example("", 0.0)
@example("đ" * 23, 0.0)
@example("=" * 23, 0.0)
@example("\x00" * 23, 0.0)
def test_nothing_else_is_a_code(text: str, asked: float) -> None:
    assert CODES.judge_scan(text, asked) == "none"


# The digits


@given(moments, delays)
def test_digits_are_fresh_for_four_windows_and_known_for_twenty(shown: float, delay: float) -> None:
    """Among 10,000 some are shown twice; then the newest time counts."""
    digits, asked = CODES.digits(shown), shown + delay
    now = asked // DIGITS_WINDOW * DIGITS_WINDOW
    ages = [age for age in range(DIGITS_KNOWN) if CODES.digits(now - age * DIGITS_WINDOW) == digits]
    expected: Sighting = "none"
    if ages:
        expected = "fresh" if ages[0] < DIGITS_FRESH else "stale"
    assert CODES.judge_digits(digits, asked) == expected
    shown_ago = windows_between(shown, asked, DIGITS_WINDOW)
    if shown_ago < DIGITS_FRESH:
        assert expected == "fresh"
    elif shown_ago < DIGITS_KNOWN:
        assert expected != "none"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (3000.0, "fresh"),
        (3029.9, "fresh"),
        (3119.9, "fresh"),
        (3120.0, "stale"),
        (3599.9, "stale"),
        (3600.0, "none"),
        (2999.9, "none"),
    ],
)
def test_the_digits_that_appeared_at_3000_s_are_fresh_for_two_minutes(
    asked: float, expected: Sighting
) -> None:
    shown = CODES.digits(3000.0)
    others = [CODES.digits(3000.0 + 30 * n) for n in range(-20, 21) if n]
    assert shown not in others, "choose another key: these digits are shown twice"
    assert CODES.judge_digits(shown, asked) == expected


@given(moments)
def test_digits_are_four_and_stand_still_for_their_window(shown: float) -> None:
    begins = shown // DIGITS_WINDOW * DIGITS_WINDOW
    digits = CODES.digits(shown)
    assert (len(digits), digits.isascii(), digits.isdecimal()) == (4, True, True)
    assert CODES.digits(begins) == digits


def test_digits_of_another_key_or_meeting_are_others() -> None:
    """One in 10,000 may agree; a whole evening does not."""
    evening = [3000.0 + 30 * n for n in range(240)]
    own = [CODES.digits(at) for at in evening]
    for other in (Codes(bytes(32), "btv"), Codes(KEY, "btv2")):
        same = sum(other.digits(at) == shown for at, shown in zip(evening, own, strict=True))
        assert same <= 2


@given(st.one_of(texts, st.text("0123456789٠١٢٣", max_size=6)), moments)
@example("", 0.0)
@example("٠٠٠٠", 0.0)
def test_what_was_not_on_show_is_nothing(text: str, asked: float) -> None:
    on_show = {CODES.digits(asked - age * DIGITS_WINDOW) for age in range(DIGITS_KNOWN)}
    assert (CODES.judge_digits(text, asked) == "none") == (text not in on_show)


def test_scan_code_and_digits_do_not_pass_for_each_other() -> None:
    assert CODES.judge_scan(CODES.digits(80.0), 80.0) == "none"
    assert CODES.judge_digits(CODES.scan_code(80.0), 80.0) == "none"
