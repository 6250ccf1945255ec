"""Cookies, cards and tokens: good for what they were signed for, and for nothing else."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.access import Access, Seen, Tries, cookie_name, load_key, same_origin
from meeting.protocol import commands as c
from meeting.protocol.words import Sighting
from meeting.rules import decide, fold
from meeting.rules.state import MeetingState, Moment
from tests.helpers import make

KEY: Final = bytes(range(32))
ACCESS: Final = Access(KEY)
OTHER_KEY: Final = Access(bytes(32))

SEATS: Final = 500
REPLACEMENTS: Final = "abcxyz279.=-|0AZđ "
"""What is put in place of each character: letters, digits and the marks between parts."""


def after(state: MeetingState, *commands: c.Command) -> MeetingState:
    """The state once the office has asked for all of these."""
    for command in commands:
        moment = Moment(make.clock("07:00"))
        for entry in decide(state, make.OFFICE, command, "prepare", moment):
            state = fold(state, entry)
    return state


def asked_by(state: MeetingState, seat: str, command: c.Command) -> MeetingState:
    moment = Moment(make.clock("07:10"))
    for entry in decide(state, make.device(seat), command, "desk", moment):
        state = fold(state, entry)
    return state


@pytest.fixture(scope="module")
def hall() -> MeetingState:
    """A secretary with a device, and enough members to make six hundred-thousands crowded."""
    members = [make.a_seat(f"m{number}") for number in range(SEATS - 1)]
    state = after(MeetingState(), make.a_meeting(), make.a_seat("thu", "secretary"), *members)
    claim = c.ClaimDevice("thu-1", "computer")
    for entry in decide(state, make.card("thu"), claim, "claim", Moment(make.clock("07:05"))):
        state = fold(state, entry)
    return state


def mutations(token: str) -> Iterable[str]:
    """The token with one character changed, missing, doubled or swapped with the next."""
    for place, was in enumerate(token):
        yield from (token[:place] + new + token[place + 1 :] for new in REPLACEMENTS if new != was)
        yield token[:place] + token[place + 1 :]
        yield token[:place] + was + token[place:]
        swapped = token[:place] + token[place : place + 2][::-1] + token[place + 2 :]
        if swapped != token:
            yield swapped
    yield from (token + "a", " " + token, token.upper(), "")


# A device's cookie


def test_a_device_is_what_its_cookie_names() -> None:
    token = ACCESS.device_token("btv", "an", "an-1")
    assert ACCESS.device_of(token, "btv", "an") == "an-1"
    assert cookie_name("an") == "seat_an"


def test_a_devices_cookie_is_nothing_for_another_seat_meeting_or_key() -> None:
    token = ACCESS.device_token("btv", "an", "an-1")
    assert ACCESS.device_of(token, "btv", "ba") is None
    assert ACCESS.device_of(token, "btv2", "an") is None
    assert OTHER_KEY.device_of(token, "btv", "an") is None
    assert ACCESS.device_of(None, "btv", "an") is None


ids = st.from_regex(r"\A[0-9A-Za-z][0-9A-Za-z_-]{0,31}\Z")


@given(st.lists(st.tuples(ids, ids, ids), min_size=2, max_size=2, unique=True))
def test_no_two_devices_have_one_signature(devices: list[tuple[str, str, str]]) -> None:
    one, other = (ACCESS.device_token(*device).partition(".")[2] for device in devices)
    assert one != other


def test_every_changed_character_of_a_devices_cookie_is_refused() -> None:
    token = ACCESS.device_token("btv", "an", "an-1")
    accepted = [one for one in mutations(token) if ACCESS.device_of(one, "btv", "an")]
    assert accepted == []


def test_what_was_signed_for_one_purpose_is_nothing_for_another(hall: MeetingState) -> None:
    card = ACCESS.card_code("btv", "an", 1)
    saw = ACCESS.saw(Seen("btv", "fresh", 100))
    wait = ACCESS.signed("wait", "btv", "fresh", "100")
    device = ACCESS.device_token("btv", "m1", "m1-1")
    assert ACCESS.device_of(f"1.{card}", "btv", "an") is None
    assert ACCESS.device_of(saw, "btv", "an") is None
    assert ACCESS.seen(wait) is None
    assert ACCESS.unsigned("wait", saw) is None
    assert ACCESS.seat_of_card(hall, device) is None
    assert ACCESS.seat_of_card(hall, device.partition(".")[2]) is None


# Cards


def test_five_hundred_cards_have_five_hundred_codes(hall: MeetingState) -> None:
    codes = [ACCESS.card_code("btv", seat.id, seat.card) for seat in hall.seats.values()]
    digits = ACCESS.card_digits(hall)
    assert len(set(codes)) == SEATS
    assert {len(code) for code in codes} == {26}
    assert len(digits) == len(set(digits.values())) == SEATS
    assert all(len(six) == 6 and six.isascii() and six.isdecimal() for six in digits.values())


def test_each_card_leads_to_its_own_seat(hall: MeetingState) -> None:
    digits = ACCESS.card_digits(hall)
    for seat in [*hall.seats.values()][::25]:
        code = ACCESS.card_code("btv", seat.id, seat.card)
        assert ACCESS.seat_of_card(hall, code) == seat
        assert ACCESS.seat_of_card(hall, digits[seat.id]) == seat


def test_no_two_cards_have_the_same_digits_however_crowded(hall: MeetingState) -> None:
    """Among 4,000 some six digits meet by chance; they are told apart all the same."""
    more = [make.a_seat(f"x{number}") for number in range(3500)]
    crowded = after(hall, *more)
    digits = ACCESS.card_digits(crowded)
    assert len(digits) == len(set(digits.values())) == SEATS + 3500


def test_a_card_is_nothing_in_another_meeting_or_under_another_key(hall: MeetingState) -> None:
    other = after(MeetingState(), make.a_meeting("btv2"), make.a_seat("m1"))
    code = ACCESS.card_code("btv", "m1", 1)
    assert ACCESS.seat_of_card(other, code) is None
    assert OTHER_KEY.seat_of_card(hall, code) is None
    assert ACCESS.card_digits(other)["m1"] != ACCESS.card_digits(hall)["m1"]
    assert OTHER_KEY.card_digits(hall)["m1"] != ACCESS.card_digits(hall)["m1"]


def test_every_changed_character_of_a_card_is_refused() -> None:
    state = after(MeetingState(), make.a_meeting(), make.a_seat("an"))
    code = ACCESS.card_code("btv", "an", 1)
    accepted = [one for one in mutations(code) if ACCESS.seat_of_card(state, one)]
    assert accepted == []


@pytest.mark.parametrize("nothing", ["", "0", "000", "٠٠٠٠٠٠", "đđđđđđ", "a" * 26, " " * 6])
def test_what_is_no_card_is_nobody(hall: MeetingState, nothing: str) -> None:
    assert ACCESS.seat_of_card(hall, nothing) is None


def test_a_card_issued_anew_is_another_and_the_old_one_is_void(hall: MeetingState) -> None:
    old_code, old_digits = ACCESS.card_code("btv", "m7", 1), ACCESS.card_digits(hall)["m7"]
    anew = asked_by(hall, "thu", c.ReissueCard("m7"))
    code, digits = ACCESS.card_code("btv", "m7", 2), ACCESS.card_digits(anew)["m7"]
    assert (code != old_code, digits != old_digits) == (True, True)
    assert ACCESS.seat_of_card(anew, code) == ACCESS.seat_of_card(anew, digits) == anew.seats["m7"]
    assert ACCESS.seat_of_card(anew, old_code) is None
    assert ACCESS.seat_of_card(anew, old_digits) is None
    unchanged = {seat: six for seat, six in ACCESS.card_digits(hall).items() if seat != "m7"}
    assert {s: six for s, six in ACCESS.card_digits(anew).items() if s != "m7"} == unchanged


def test_a_revoked_card_is_void(hall: MeetingState) -> None:
    code, digits = ACCESS.card_code("btv", "m7", 1), ACCESS.card_digits(hall)["m7"]
    revoked = asked_by(hall, "thu", c.RevokeCard("m7"))
    assert ACCESS.seat_of_card(revoked, code) is None
    assert ACCESS.seat_of_card(revoked, digits) is None
    assert "m7" not in ACCESS.card_digits(revoked)


# "This device saw the room screen"


@pytest.mark.parametrize("proved", ["fresh", "stale"])
@pytest.mark.parametrize(
    ("later", "good"), [(0.0, True), (899.9, True), (900.0, True), (900.1, False), (-1.0, False)]
)
def test_what_a_device_saw_is_good_for_fifteen_minutes(
    proved: Sighting, later: float, good: bool
) -> None:
    token = ACCESS.saw(Seen("btv", proved, 1000))
    expected = proved if good else "stale"
    assert ACCESS.sighting(token, "btv", 1000 + later) == expected


def test_what_a_device_saw_is_nothing_in_another_meeting_or_under_another_key() -> None:
    token = ACCESS.saw(Seen("btv", "fresh", 1000))
    assert ACCESS.sighting(token, "btv2", 1000) == "none"
    assert OTHER_KEY.sighting(token, "btv", 1000) == "none"
    assert ACCESS.sighting(None, "btv", 1000) == "none"
    assert ACCESS.sighting("", "btv", 1000) == "none"


def test_every_changed_character_of_what_it_saw_is_refused() -> None:
    token = ACCESS.saw(Seen("btv", "fresh", 1000))
    accepted = [one for one in mutations(token) if ACCESS.sighting(one, "btv", 1000) != "none"]
    assert accepted == []


# What a waiting page carries


def test_parts_come_back_as_they_left() -> None:
    token = ACCESS.signed("wait", "btv", "w1", "an", "27")
    assert ACCESS.unsigned("wait", token) == ["btv", "w1", "an", "27"]


def test_every_changed_character_of_a_waiting_page_is_refused() -> None:
    token = ACCESS.signed("wait", "btv", "w1", "an", "27")
    accepted = [one for one in mutations(token) if ACCESS.unsigned("wait", one) is not None]
    assert accepted == []
    assert ACCESS.unsigned("other", token) is None
    assert OTHER_KEY.unsigned("wait", token) is None
    assert ACCESS.unsigned("wait", None) is None


# Guessing


def test_tries_are_paused_after_the_most_and_go_on_when_the_oldest_is_over() -> None:
    tries = Tries(3, 60.0)
    for at in (0.0, 10.0, 20.0):
        assert not tries.paused(at)
        tries.wrong(at)
    assert [tries.paused(at) for at in (20.0, 59.9, 60.0)] == [True, True, False]
    tries.wrong(60.0)
    assert [tries.paused(at) for at in (60.0, 69.9, 70.0)] == [True, True, False]


def test_slow_mistakes_are_never_paused() -> None:
    tries = Tries(3, 60.0)
    for number in range(50):
        assert not tries.paused(number * 30.0)
        tries.wrong(number * 30.0)


# Our own pages


HOST: Final = "192.168.1.105:8080"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"origin": f"http://{HOST}"}, True),
        ({"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "http://192.168.1.66:8080"}, False),
        ({"origin": "http://192.168.1.105"}, False),
        ({"origin": "http://192.168.1.105:80801"}, False),
        ({"origin": f"http://{HOST}.example.com"}, False),
        ({"origin": f"http://user@{HOST}"}, False),
        ({"origin": f"http://example.com/{HOST}"}, False),
        ({"origin": f"http://{HOST}", "sec-fetch-site": "cross-site"}, False),
        ({"origin": f"http://{HOST}", "sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": ""}, False),
    ],
)
def test_what_changes_something_comes_from_our_own_pages(
    headers: dict[str, str], ours: bool
) -> None:
    assert same_origin({"host": HOST, **headers}) == ours


# The server's secret


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    assert len(key) == 32
    assert load_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    other = tmp_path / "other"
    other.mkdir()
    assert load_key(other) != key


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_secret_of_another_length_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(ValueError, match="is not a key"):
        load_key(tmp_path)
    assert (tmp_path / "secret.key").read_bytes() == content
