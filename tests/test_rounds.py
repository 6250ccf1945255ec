"""So much in each round of the loop, in order, and nothing is left behind."""

from __future__ import annotations

import asyncio

from meeting.rounds import Rounds


async def test_what_is_more_waits_for_the_next_rounds_in_order() -> None:
    rounds, done = Rounds(3), []
    for number in range(10):
        if rounds.take():
            done.append(number)
        else:
            rounds.later(lambda number=number: done.append(number))  # type: ignore[misc]
    lengths = [len(done)]
    while len(rounds):
        await asyncio.sleep(0)
        lengths.append(len(done))
    assert (done, lengths) == (list(range(10)), [3, 6, 9, 10])


async def test_nobody_overtakes_those_who_wait() -> None:
    rounds = Rounds(1)
    assert [rounds.take(), rounds.take()] == [True, False]
    done: list[str] = []
    rounds.later(lambda: done.append("first"))
    assert rounds.take() is False
    await asyncio.sleep(0)
    assert (done, rounds.take()) == (["first"], False)
    await asyncio.sleep(0)
    assert rounds.take() is True


async def test_who_gave_up_waiting_holds_up_nobody() -> None:
    rounds, done = Rounds(1), []

    async def comes(name: str) -> None:
        await rounds.turn()
        done.append(name)

    tasks = [asyncio.create_task(comes(name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert done == ["a", "c"]
