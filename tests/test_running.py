"""The one door of a meeting, on the real store: order, repeats, restarts, failures, codes.

What is published is in `test_publishing`.
"""

from __future__ import annotations

import asyncio

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.answers import Answer, Committed, Rejected, Retry
from meeting.protocol.log import Entry
from meeting.rules import replay
from meeting.rules.state import Presented
from meeting.running import BUSY_MS, NOT_STORED_MS, QUEUE_MOST
from meeting.store.meetings import Meetings as StoredMeetings
from tests.helpers import make
from tests.helpers.house import House

NOT_STORED = Retry(NOT_STORED_MS)


async def stored(house: House) -> list[Entry]:
    loaded = await StoredMeetings(house.store).load("btv")
    return [entry for entry, _ in loaded.entries]


# Order ---------------------------------------------------------------------------------------


async def test_what_waits_is_decided_in_the_order_it_came(house: House) -> None:
    await house.opened()
    head = house.running.state.rev
    asked: list[tuple[str, c.Command]] = [
        ("sec", make.page("d1", 2)),
        ("chair", make.page("d1", 3)),
        ("chair", c.TakePresenting()),
        ("sec", make.page("d1", 4)),
        ("chair", make.page("d1", 5)),
    ]
    assert await asyncio.gather(*(house.ask(*one) for one in asked)) == [
        Committed(head + 1),
        Rejected("not_presenter", {"name": "Người sec"}),
        Committed(head + 2),
        Rejected("not_presenter", {"name": "Người chair"}),
        Committed(head + 3),
    ]
    assert house.running.state.presented == Presented("d1", 1, 5)
    assert [entry.fact for entry in (await stored(house))[head:]] == [
        f.PageShown("d1", 1, 2),
        f.PresenterChanged("chair"),
        f.PageShown("d1", 1, 5),
    ]


async def test_more_than_a_batch_holds_is_answered_all_the_same(house: House) -> None:
    await house.opened()
    head = house.running.state.rev
    turns = [make.page("d1", 1 + n % 34) for n in range(600)]
    answers = await asyncio.gather(*(house.ask("sec", turn) for turn in turns))
    assert answers == [Committed(head + n) for n in range(1, 601)]
    assert replay(await stored(house)) == house.running.state


async def test_whom_the_queue_has_no_place_for_is_asked_to_come_again(house: House) -> None:
    head = house.running.state.rev
    full = [house.ask("an", c.OpenMeeting()) for _ in range(QUEUE_MOST)]
    last = house.ask("chair", c.OpenMeeting(), "one-too-many")
    answers = await asyncio.gather(*full, last)
    assert answers == [*[Rejected("not_allowed")] * QUEUE_MOST, Retry(BUSY_MS)]
    assert await house.ask("chair", c.OpenMeeting(), "one-too-many") == Committed(head + 1)


async def test_meetings_are_known_by_id_and_by_seat(house: House) -> None:
    assert house.meetings.all() == [house.running]
    assert (house.meetings.get("btv"), house.meetings.get("khác")) == (house.running, None)
    assert house.meetings.of_seat("anh") is house.running
    assert house.meetings.of_seat("nobody") is None


# Repeats -------------------------------------------------------------------------------------


async def test_a_repeated_id_gets_the_same_answer(house: House) -> None:
    """In the same batch, later, and after a restart; one fact comes of it."""
    head = house.running.state.rev
    first = await asyncio.gather(*(house.ask("chair", c.OpenMeeting(), "opening-1") for _ in "ab"))
    await house.done("sec", c.StartItem("i1"))
    later = await house.ask("chair", c.OpenMeeting(), "opening-1")
    await house.restart()
    restarted = await house.ask("chair", c.OpenMeeting(), "opening-1")
    assert [*first, later, restarted] == [Committed(head + 1)] * 4
    assert house.running.state.rev == head + 2


async def test_a_repeated_turn_is_the_same_turn_also_after_a_restart(house: House) -> None:
    await house.opened()
    turned = await house.ask("sec", make.page("d1", 2), "turn-0001")
    await house.done("sec", make.page("d1", 3))
    assert await house.ask("sec", make.page("d1", 2), "turn-0001") == turned
    await house.restart()
    assert await house.ask("sec", make.page("d1", 2), "turn-0001") == turned
    assert house.running.state.presented == Presented("d1", 1, 3)


async def test_a_command_that_changed_nothing_is_remembered_too(house: House) -> None:
    await house.opened()
    head = house.running.state.rev
    assert await house.ask("chair", c.StartItem("i1"), "again-i1") == Committed(head)
    await house.done("chair", c.StartItem("i2"))
    await house.restart()
    assert await house.ask("chair", c.StartItem("i1"), "again-i1") == Committed(head)
    assert house.running.state.item == "i2"


async def test_an_id_is_for_one_command_of_one_seat(house: House) -> None:
    opened = await house.ask("chair", c.OpenMeeting(), "opening-1")
    for _ in range(2):
        assert await house.ask("chair", c.CloseMeeting(), "opening-1") == Rejected("id_reused")
        assert await house.ask("sec", c.OpenMeeting(), "opening-1") == Rejected("id_reused")
        assert await house.ask("chair", c.OpenMeeting(), "opening-1") == opened
        await house.restart()
    started = (house.ask("sec", c.StartItem(item), "start-0001") for item in ("i1", "i2"))
    together = await asyncio.gather(*started)
    assert together == [Committed(house.running.state.rev), Rejected("id_reused")]
    assert house.running.state.item == "i1"


async def test_another_device_of_the_seat_may_repeat(house: House) -> None:
    await house.done(make.card("chair"), c.ClaimDevice("chair-2", "phone"))
    opened = await house.ask("chair", c.OpenMeeting(), "opening-1")
    assert await house.ask(make.device("chair", 2), c.OpenMeeting(), "opening-1") == opened


async def test_a_refused_durable_command_stays_refused_after_a_restart(house: House) -> None:
    refused = Rejected("attendance_reason_needed")
    asked = c.MarkAttendance("an", "absent")
    assert await house.ask("sec", asked, "mark-0001") == refused
    await house.restart()
    assert await house.ask("sec", asked, "mark-0001") == refused
    await house.done("an", c.CheckIn(), sighting="fresh")
    assert await house.ask("sec", asked, "mark-0001") == refused
    assert house.database("SELECT count(*) FROM answers WHERE command = 'mark-0001'") == 1
    assert len(await stored(house)) == house.running.state.rev


async def test_a_refused_turn_stays_refused_while_the_server_runs(house: House) -> None:
    await house.opened()
    refused = Rejected("not_presenter", {"name": "Người sec"})
    assert await house.ask("chair", make.page("d1", 2), "turn-0001") == refused
    await house.done("chair", c.TakePresenting())
    assert await house.ask("chair", make.page("d1", 2), "turn-0001") == refused
    await house.restart()
    head = house.running.state.rev
    assert await house.ask("chair", make.page("d1", 2), "turn-0001") == Committed(head + 1)


async def test_who_was_nobody_may_ask_the_same_again_once_they_are_somebody(house: House) -> None:
    new = make.device("an", 2)
    assert await house.ask(new, c.CheckIn(), "check-in-1", sighting="fresh") == Rejected(
        "not_signed_in"
    )
    await house.done(make.card("an"), c.ClaimDevice("an-2", "phone"))
    head = house.running.state.rev
    answer = await house.ask(new, c.CheckIn(), "check-in-1", sighting="fresh")
    assert answer == Committed(head + 1)


# Restart, failure, cancelling ----------------------------------------------------------------


async def test_after_a_restart_the_meeting_is_where_it_was(house: House) -> None:
    await house.opened()
    await house.done("an", c.CheckIn(), sighting="fresh")
    await house.done("sec", make.page("d1", 7))
    state, head_hash = house.running.state, house.running.head_hash
    await house.restart()
    assert (house.running.state, house.running.head_hash) == (state, head_hash)
    await house.done("sec", make.page("d1", 8))
    await house.restart()
    assert house.running.state.presented == Presented("d1", 1, 8)


async def test_what_cannot_be_stored_has_not_happened_and_the_same_id_succeeds_later(
    house: House,
) -> None:
    await house.opened()
    before, head_hash = house.running.state, house.running.head_hash
    house.database(
        "CREATE TRIGGER full BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    asked: list[tuple[str, c.Command, str]] = [
        ("sec", make.page("d1", 2), "turn-0001"),
        ("an", make.page("d1", 9), "turn-0002"),
        ("chair", c.CloseMeeting(), "closing-1"),
    ]
    failed = await asyncio.gather(*(house.ask(*one) for one in asked))
    assert failed == [NOT_STORED] * 3
    assert (house.running.state, house.running.head_hash) == (before, head_hash)
    assert len(await stored(house)) == before.rev

    house.database("DROP TRIGGER full")
    assert await asyncio.gather(*(house.ask(*one) for one in asked)) == [
        Committed(before.rev + 1),
        Rejected("not_presenter", {"name": "Người sec"}),
        Committed(before.rev + 2),
    ]
    assert replay(await stored(house)) == house.running.state


async def test_a_store_closed_underneath_loses_nothing_that_was_acknowledged(house: House) -> None:
    await house.opened()
    before = house.running.state
    await house.store.close()
    assert await house.ask("chair", c.CloseMeeting(), "closing-1") == NOT_STORED
    asked = c.MarkAttendance("an", "absent")
    refusal = await house.ask("sec", asked, "mark-0002")
    assert (refusal, house.running.state) == (NOT_STORED, before)
    # What is written nowhere is answered all the same.
    assert await house.ask("an", c.CloseMeeting(), "closing-2") == Rejected("not_allowed")
    await house.restart()
    assert house.running.state == before
    assert await house.ask("sec", asked, "mark-0002") == Rejected("attendance_reason_needed")
    assert await house.ask("chair", c.CloseMeeting(), "closing-1") == Committed(before.rev + 1)
    assert await house.ask("an", c.CloseMeeting(), "closing-2") == Rejected("not_allowed")


async def test_nothing_that_was_not_stored_is_said(house: House) -> None:
    await house.opened()
    house.running.publishing.own_of("an")
    said = list(house.said)
    await house.store.close()
    assert await house.ask("sec", make.page("d1", 2)) == NOT_STORED
    assert house.said == said


async def test_what_a_cancelled_caller_asked_for_still_counts(house: House) -> None:
    head = house.running.state.rev
    asked = asyncio.create_task(house.ask("chair", c.OpenMeeting(), "opening-1"))
    _, after = await asyncio.gather(cancel(asked), house.ask("sec", c.StartItem("i1")))
    assert asked.cancelled()
    assert after == Committed(head + 2)
    assert await house.ask("chair", c.OpenMeeting(), "opening-1") == Committed(head + 1)
    assert [entry.fact for entry in (await stored(house))[head:]] == [
        f.MeetingOpened(),
        f.ItemStarted("i1"),
    ]


async def cancel(task: asyncio.Task[Answer]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_closing_settles_what_waits(house: House) -> None:
    head = house.running.state.rev
    waiting = [
        asyncio.create_task(house.ask("chair", c.OpenMeeting())),
        asyncio.create_task(house.ask("sec", c.StartItem("i1"))),
        asyncio.create_task(house.ask("sec", make.page("d1", 2))),
    ]
    closing = asyncio.create_task(house.running.close())
    assert await asyncio.gather(*waiting) == [Committed(head + n) for n in (1, 2, 3)]
    await closing
    assert await house.ask("sec", make.page("d1", 3)) == Retry(BUSY_MS)
    await house.store.close()
    await house.open()
    assert house.running.state.presented == Presented("d1", 1, 2)


# Check-in codes ------------------------------------------------------------------------------


def stand(house: House, seat: str) -> tuple[str, str | None, str | None]:
    stand = house.running.state.seats[seat].stand
    return stand.state, stand.method, stand.sighting


def wrong_digits(house: House) -> str:
    def known(digits: str) -> bool:
        return house.running.codes.judge_digits(digits, house.clock.seconds()) != "none"

    return next(digits for digits in ("0000", "0001", "0002", "0003") if not known(digits))


async def test_digits_and_scanned_codes_check_in(house: House) -> None:
    seconds = house.clock.seconds()
    digits, scanned = house.running.codes.digits(seconds), house.running.codes.scan_code(seconds)
    await house.done("an", c.CheckIn(digits))
    await house.done("anh", c.CheckIn(scanned))
    house.clock.pass_by(9 * 60)
    await house.done("hoa", c.CheckIn(digits))
    await house.done("chair", c.CheckIn(scanned))
    assert {seat: stand(house, seat) for seat in ("an", "anh", "hoa", "chair")} == {
        "an": ("present", "digits", "fresh"),
        "anh": ("present", "scan", "fresh"),
        "hoa": ("present", "digits", "stale"),
        "chair": ("present", "scan", "stale"),
    }


async def test_a_code_is_judged_when_it_arrives_not_when_its_turn_comes(house: House) -> None:
    digits = house.running.codes.digits(house.clock.seconds())

    async def time_passes() -> None:
        house.clock.pass_by(1_200)

    arrived = house.ask("an", c.CheckIn(digits), "check-in-1")
    answer, _ = await asyncio.gather(arrived, time_passes())
    assert answer == Committed(house.running.state.rev)
    assert stand(house, "an") == ("present", "digits", "fresh")
    assert house.running.state.seats["an"].stand.at == house.clock.now()
    assert await house.ask("anh", c.CheckIn(digits)) == Rejected("code_wrong")


async def test_a_repeated_check_in_is_not_judged_again(house: House) -> None:
    asked = c.CheckIn(house.running.codes.digits(house.clock.seconds()))
    came = await house.ask("an", asked, "check-in-1")
    house.clock.pass_by(3_600)
    assert await house.ask("an", asked, "check-in-1") == came
    await house.restart()
    assert await house.ask("an", asked, "check-in-1") == came


async def test_five_wrong_codes_and_a_minutes_pause(house: House) -> None:
    wrong = c.CheckIn(wrong_digits(house))
    right = c.CheckIn(house.running.codes.digits(house.clock.seconds()))
    paused = Rejected("code_paused", {"seconds": 60})
    assert [await house.ask("an", wrong) for _ in range(7)] == [
        *[Rejected("code_wrong")] * 5,
        paused,
        paused,
    ]
    assert await house.ask("an", right, "check-in-1") == paused
    await house.done("anh", right)
    house.clock.pass_by(59.9)
    assert await house.ask("an", right, "check-in-1") == paused
    house.clock.pass_by(0.2)
    head = house.running.state.rev
    assert await house.ask("an", right, "check-in-1") == Committed(head + 1)
    assert stand(house, "an") == ("present", "digits", "fresh")


async def test_a_mistyped_code_may_be_typed_again(house: House) -> None:
    assert await house.ask("an", c.CheckIn(wrong_digits(house)), "check-in-1") == Rejected(
        "code_wrong"
    )
    right = c.CheckIn(house.running.codes.digits(house.clock.seconds()))
    head = house.running.state.rev
    assert await house.ask("an", right, "check-in-2") == Committed(head + 1)


# Faults that were found once ------------------------------------------------------------------


async def test_who_asks_while_the_meeting_closes_is_answered(house: House) -> None:
    closing = asyncio.create_task(house.running.close())
    asked = [asyncio.create_task(house.ask("chair", c.OpenMeeting())) for _ in range(300)]
    async with asyncio.timeout(20):
        await closing
        answers = await asyncio.gather(*asked)
    settled = [Committed(house.running.state.rev), Rejected("wrong_phase", {"phase": "running"})]
    assert all(answer in (Retry(BUSY_MS), *settled) for answer in answers)


async def test_a_refused_first_command_is_refused_and_no_fault(house: House) -> None:
    empty = house.meetings.begin("other")
    nameless = c.Sent("command-nameless", make.a_meeting("other", title=" "))
    assert await empty.submit(make.OFFICE, nameless) == Rejected("name_needed")
    named = c.Sent("command-named", make.a_meeting("other"))
    assert await empty.submit(make.OFFICE, named) == Committed(1)
