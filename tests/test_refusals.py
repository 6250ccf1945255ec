"""What a running meeting remembers of its refusals, and whose a seat's name is."""

from __future__ import annotations

import pytest

from meeting.protocol import commands as c
from meeting.protocol.answers import Committed, Rejected
from tests.helpers import make
from tests.helpers.house import House


@pytest.mark.parametrize(
    ("who", "asked", "refusal"),
    [
        ("an", c.CheckIn(), Rejected("code_needed")),
        ("an", c.OpenMeeting(), Rejected("not_allowed")),
        ("chair", c.CloseMeeting(), Rejected("wrong_phase", {"phase": "before"})),
    ],
)
async def test_a_refusal_anybody_can_provoke_is_kept_in_memory_only(
    house: House, who: str, asked: c.Command, refusal: Rejected
) -> None:
    kept = house.database("SELECT count(*) FROM answers")
    for number in range(20):
        assert await house.ask(who, asked, f"provoked-{number}") == refusal
    assert house.database("SELECT count(*) FROM answers") == kept
    if isinstance(asked, c.CheckIn):
        again = await house.ask(who, asked, "provoked-0", sighting="fresh")
    else:
        await house.done("chair", c.OpenMeeting())
        again = await house.ask(who, asked, "provoked-0")
    assert again == refusal
    await house.restart()
    if not isinstance(asked, c.OpenMeeting):
        head = house.running.state.rev
        answer = await house.ask(who, asked, "provoked-0", sighting="fresh")
        assert answer == Committed(head + 1)


async def test_a_seat_names_one_meeting(house: House) -> None:
    other = house.meetings.begin("khac")
    office = make.OFFICE
    first = await other.submit(office, c.Sent("create-0001", make.a_meeting("khac")))
    taken = await other.submit(office, c.Sent("add-an-0001", make.a_seat("an")))
    free = await other.submit(office, c.Sent("add-ut-0001", make.a_seat("ut")))
    assert (first, taken, free) == (Committed(1), Rejected("seat_exists"), Committed(2))
    assert (house.meetings.of_seat("an"), house.meetings.of_seat("ut")) == (house.running, other)
    assert await house.ask("sec", c.AddSeat("ut", "Út", "", "member")) == Rejected("seat_exists")
    await other.close()
