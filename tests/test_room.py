"""The room: who waits with which number, who is counted, and whom nobody names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.clock import Times
from meeting.errors import Refused
from meeting.protocol.commands import Waiting
from meeting.protocol.signals import RoomSignal, WaitingRow
from meeting.protocol.words import Sighting
from meeting.room import WAITING_MOST, Room
from tests.helpers import make

SINCE: Final = make.clock("07:20")
PAGE: Final = ("d1", 7)
EVERYBODY: Final = frozenset({"an", "ba", "ca", "da", "man"})


def ask(room: Room, device: str, seconds: float = 0.0, seat: str = "an", number: int = 0) -> int:
    """This device asks at the desk; its number."""
    waiting = room.ask_in(
        device, seat, "phone", "fresh", since=SINCE, seconds=seconds, number=number
    )
    return waiting.number


def come(room: Room, socket: str, seat: str, device: str, *, reader: bool = True) -> None:
    """A connection opens, and its device says that it follows and shows no page yet."""
    room.came(socket, seat, device, reader=reader)
    room.shows(socket, None, follows=True)


def signal(
    room: Room,
    seconds: float,
    *,
    presented: tuple[str, int] | None = None,
    ready: Mapping[str, int] | None = None,
    invited: frozenset[str] = EVERYBODY,
    missed: frozenset[str] = EVERYBODY,
    taken: frozenset[str] = frozenset(),
) -> RoomSignal | None:
    return room.signal(
        presented,
        ready or {},
        invited=invited,
        missed=missed,
        taken=taken,
        warnings=set(),
        seconds=seconds,
    )


def told(room: Room, seconds: float, presented: tuple[str, int] | None = None) -> RoomSignal:
    """What chair and desk know at this moment, whether or not it is new."""
    known = signal(room, seconds, presented=presented) or room.last
    assert known is not None
    return known


# Waiting


def test_numbers_count_up_and_asking_again_keeps_them() -> None:
    room = Room(Times())
    assert [ask(room, f"w{n}") for n in range(3)] == [1, 2, 3]
    assert [ask(room, f"w{n}", 5.0) for n in range(3)] == [1, 2, 3]
    assert ask(room, "w1", seat="ba") == 2
    assert room.waiting["w1"].seat == "ba"


def test_a_number_is_given_anew_only_when_all_have_had_their_turn() -> None:
    room = Room(Times())
    given_out = []
    for number in range(99):
        given_out.append(ask(room, f"w{number}"))
        room.answered(f"w{number}")
    assert given_out == list(range(1, 100))
    assert ask(room, "again") == 1


def test_a_number_that_still_waits_is_passed_over() -> None:
    room = Room(Times())
    assert ask(room, "patient") == 1
    for number in range(98):
        ask(room, f"w{number}")
        room.answered(f"w{number}")
    assert ask(room, "next") == 2


def test_the_number_from_before_a_restart_is_kept_if_it_is_free() -> None:
    room = Room(Times())
    assert ask(room, "w1", number=27) == 27
    assert ask(room, "w2", number=27) == 1
    assert [ask(room, f"x{n}", number=n) for n in (0, -3, 100, 99)] == [2, 3, 4, 99]


@given(st.lists(st.tuples(st.integers(0, 59), st.booleans(), st.integers(-1, 101)), max_size=150))
def test_no_two_that_wait_have_one_number(acts: list[tuple[int, bool, int]]) -> None:
    room = Room(Times())
    for device, asks, number in acts:
        if not asks:
            room.answered(f"w{device}")
        elif len(room.waiting) < 50 or f"w{device}" in room.waiting:
            ask(room, f"w{device}", number=number)
        numbers = [waiting.number for waiting in room.waiting.values()]
        assert len(set(numbers)) == len(numbers)
        assert all(1 <= number <= 99 for number in numbers)


def test_fifty_wait_and_the_fifty_first_is_refused_until_one_is_answered() -> None:
    room = Room(Times())
    for number in range(50):
        ask(room, f"w{number}")
    with pytest.raises(Refused) as refused:
        ask(room, "one more")
    assert (refused.value.code, refused.value.data) == ("waiting_full", {"waiting": 50})
    assert len(room.waiting) == 50
    assert ask(room, "w7", 1.0) == 8
    room.answered("w7")
    assert ask(room, "one more") == 51


def test_who_saw_the_screen_goes_before_the_longest_silent_of_those_who_did_not() -> None:
    room = Room(Times())

    def come_to_wait(device: str, sighting: Sighting, seconds: float) -> None:
        room.ask_in(device, "an", "phone", sighting, since=SINCE, seconds=seconds)

    come_to_wait("saw", "stale", 0.0)
    for number in range(WAITING_MOST - 1):
        come_to_wait(f"w{number}", "none", 1.0 + number)
    come_to_wait("w0", "none", 60.0)
    with pytest.raises(Refused) as refused:
        come_to_wait("late", "none", 61.0)
    assert (refused.value.code, refused.value.data) == ("waiting_full", {"waiting": WAITING_MOST})
    come_to_wait("fresh", "fresh", 61.0)
    come_to_wait("stale", "stale", 62.0)
    assert len(room.waiting) == WAITING_MOST
    assert {"saw", "w0", "w3", "fresh", "stale"} <= set(room.waiting)
    assert {"w1", "w2", "late"} & set(room.waiting) == set()


def test_who_is_silent_for_two_minutes_waits_no_longer() -> None:
    room = Room(Times())
    ask(room, "w1", 0.0)
    ask(room, "w2", 0.0)
    ask(room, "w2", 60.0)
    assert set(told(room, 120.0).waiting) == {"w1", "w2"}
    assert set(told(room, 120.1).waiting) == {"w2"}
    assert set(told(room, 180.0).waiting) == {"w2"}
    assert told(room, 180.1).waiting == {}
    assert dict(room.waiting) == {}


def test_the_desk_sees_who_waits_and_whether_somebody_sits_there() -> None:
    room = Room(Times())
    ask(room, "w1", number=27)
    ask(room, "w2", seat="ba")
    said = signal(room, 0.0, taken=frozenset({"ba"}))
    assert said is not None
    assert said.waiting == {
        "w1": WaitingRow("an", 27, "phone", "fresh", SINCE, False),
        "w2": WaitingRow("ba", 1, "phone", "fresh", SINCE, True),
    }
    assert room.waiting["w1"] == Waiting("w1", "an", 27, "phone", "fresh", SINCE)


# Coming and going


def test_a_lost_connection_is_said_after_three_seconds_not_before() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    assert (told(room, 0.0).following, told(room, 0.0).lost) == (1, ())
    room.went("s1", 10.0)
    assert (told(room, 10.0).following, told(room, 10.0).lost) == (0, ())
    assert told(room, 12.9).lost == ()
    assert told(room, 13.0).lost == ("an",)
    come(room, "s2", "an", "an-1")
    assert (told(room, 14.0).following, told(room, 14.0).lost) == (1, ())


def test_a_reload_is_no_loss_even_later() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    room.went("s1", 10.0)
    come(room, "s2", "an", "an-1")
    assert told(room, 100.0).lost == ()


def test_the_old_connection_may_end_after_the_new_one_began() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    come(room, "s2", "an", "an-1")
    room.went("s1", 10.0)
    assert (told(room, 100.0).following, told(room, 100.0).lost) == (1, ())


def test_a_seat_with_another_device_is_not_lost() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    come(room, "s2", "an", "an-2")
    room.went("s1", 10.0)
    assert told(room, 20.0).lost == ()
    room.went("s2", 30.0)
    assert told(room, 33.0).lost == ("an",)


def test_a_connection_that_nobody_knows_may_end() -> None:
    room = Room(Times())
    room.went("s9", 10.0)
    assert (told(room, 20.0).lost, told(room, 20.0).following) == ((), 0)


def test_a_device_that_was_taken_away_is_no_loss() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    room.went("s1", 10.0)
    room.forget_seat("an")
    assert told(room, 20.0).lost == ()


def test_the_sockets_of_a_device_are_its_own() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    come(room, "s2", "an", "an-1")
    come(room, "s3", "an", "an-2")
    assert room.sockets_of("an-1") == ["s1", "s2"]
    room.went("s1", 0.0)
    assert (room.sockets_of("an-1"), room.sockets_of("an-9")) == (["s2"], [])


# Following, lagging, reading alone


def test_who_shows_another_page_for_six_seconds_is_behind() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    room.shows("s1", PAGE, follows=True)
    assert told(room, 0.0, PAGE).behind == ()
    turned = ("d1", 8)
    assert [told(room, at, turned).behind for at in (10.0, 15.9, 16.0)] == [(), (), ("an",)]
    room.shows("s1", turned, follows=True)
    assert told(room, 17.0, turned).behind == ()
    assert [told(room, at, PAGE).behind for at in (20.0, 25.9, 26.0)] == [(), (), ("an",)]


def test_who_catches_up_between_two_turns_starts_over() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    told(room, 0.0, PAGE)
    room.shows("s1", PAGE, follows=True)
    told(room, 5.0, PAGE)
    room.shows("s1", ("d1", 1), follows=True)
    assert [told(room, at, PAGE).behind for at in (5.5, 11.4, 11.5)] == [(), (), ("an",)]


def test_nobody_is_behind_when_nothing_is_presented() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    room.shows("s1", ("d1", 1), follows=True)
    assert [told(room, at).behind for at in (0.0, 100.0)] == [(), ()]


def test_the_screen_and_the_desk_are_neither_counted_nor_behind() -> None:
    room = Room(Times())
    come(room, "s1", "man", "man-1", reader=False)
    room.shows("s1", ("d1", 1), follows=False)
    told(room, 0.0, PAGE)
    said = told(room, 100.0, PAGE)
    assert (said.following, said.alone, said.behind) == (0, 0, ())


def test_devices_are_counted_not_seats() -> None:
    room = Room(Times())
    for number, seat in enumerate(("an", "an", "ba"), start=1):
        come(room, f"s{number}", seat, f"{seat}-{number}")
    room.shows("s3", ("d2", 1), follows=False)
    said = told(room, 0.0)
    assert (said.following, said.alone) == (2, 1)


def test_who_has_said_nothing_yet_is_not_counted() -> None:
    room = Room(Times())
    room.came("s1", "an", "an-1", reader=True)
    assert (told(room, 0.0).following, told(room, 0.0).alone) == (0, 0)
    room.shows("s1", None, follows=True)
    assert (told(room, 0.5).following, told(room, 0.5).alone) == (1, 0)


def test_who_may_not_read_the_page_neither_follows_nor_lags() -> None:
    room, an = Room(Times()), frozenset({"an"})
    for seat in ("an", "ba"):
        come(room, seat, seat, f"{seat}-1")
    signal(room, 0.0, presented=PAGE, invited=an)
    said = signal(room, 60.0, presented=PAGE, invited=an)
    assert said is not None
    assert (said.following, said.alone, said.behind) == (1, 0, ("an",))


def test_only_who_should_be_here_is_missed() -> None:
    room = Room(Times())
    for seat in ("an", "ba"):
        come(room, seat, seat, f"{seat}-1")
        room.went(seat, 0.0)
    said = signal(room, 10.0, missed=frozenset({"ba"}))
    assert said is not None
    assert said.lost == ("ba",)


def test_what_a_closed_connection_shows_is_nothing() -> None:
    room = Room(Times())
    room.shows("s9", PAGE, follows=False)
    said = told(room, 0.0)
    assert (said.following, said.alone) == (0, 0)


pages = st.sampled_from([None, PAGE, ("d1", 8), ("d2", 1)])


@given(st.lists(pages, max_size=20))
def test_what_the_room_says_is_the_same_whoever_reads_alone(
    turned: list[tuple[str, int] | None],
) -> None:
    """Put another in the place of the one who reads alone: not a byte changes."""

    def said(alone: str) -> list[bytes]:
        room, heard = Room(Times()), []
        for seat in ("an", "ba", "ca", "da"):
            come(room, seat, seat, f"{seat}-1")
            room.shows(seat, PAGE, follows=True)
        for at, page in enumerate(turned):
            room.shows(alone, page, follows=False)
            heard.append(msgspec.json.encode(signal(room, 4.0 * at, presented=PAGE)))
        return heard

    assert said("an") == said("ca")
    assert said("an")[1:] == [b"null"] * (len(turned) - 1)


def test_who_reads_alone_is_only_a_number() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    come(room, "s2", "ba", "ba-1")
    for socket in ("s1", "s2"):
        room.shows(socket, PAGE, follows=True)
    told(room, 0.0, PAGE)
    room.shows("s2", ("d2", 1), follows=False)
    said = told(room, 60.0, PAGE)
    assert said == RoomSignal(
        n=2, following=1, alone=1, lost=(), behind=(), waiting={}, ready={}, warnings=()
    )


# What is sent


def test_nothing_is_said_while_nothing_changes_and_n_counts_what_is_said() -> None:
    room = Room(Times())
    assert room.last is None
    first = signal(room, 0.0)
    assert first is not None
    assert first.n == 1
    assert [signal(room, at) for at in (0.5, 1.0, 1000.0)] == [None] * 3
    come(room, "s1", "an", "an-1")
    second = signal(room, 1001.0)
    assert second is not None
    assert (second.n, second.following) == (2, 1)
    assert room.last == second
    assert signal(room, 1001.5) is None
    third = signal(room, 1002.0, ready={"d1": 3})
    assert third is not None
    assert (third.n, third.ready) == (3, {"d1": 3})
    fourth = signal(room, 1002.5)
    assert fourth is not None
    assert (fourth.n, fourth.ready) == (4, {})


def test_time_alone_changes_what_is_said() -> None:
    room = Room(Times())
    come(room, "s1", "an", "an-1")
    room.went("s1", 0.0)
    assert signal(room, 0.0) is not None
    assert signal(room, 2.9) is None
    said = signal(room, 3.0)
    assert said is not None
    assert said.lost == ("an",)
