"""What is still done on a disk that fills, and what is refused without being remembered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from meeting.batch import Act, Decided, decide_all
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.answers import Committed, Rejected
from meeting.rules.roles import TABLE
from meeting.rules.state import Moment
from meeting.store.faults import StoreFault
from tests.helpers import make
from tests.helpers.house import House


@dataclass
class Filled:
    """A disk as full as somebody says."""

    low: bool = False
    full: bool = False

    def ran_out(self, _: StoreFault) -> bool:
        return False


async def decided(folder: Path, disk: Filled, *asked: c.Command) -> Decided:
    """These commands of the office and the desk, on a prepared meeting."""
    house = House(folder)
    await house.open()
    batch = [
        Act(
            make.OFFICE if isinstance(command, c.AddDocument | c.AddItem) else make.device("sec"),
            c.Sent(f"command-{number}", command),
            "none",
            "hand",
            b"digest",
            asyncio.get_running_loop().create_future(),
        )
        for number, command in enumerate(asked)
    ]
    done = decide_all(
        house.running.state,
        house.running.head_hash,
        batch,
        known=lambda _: None,
        taken=lambda _: False,
        moment=lambda _: Moment(house.clock.now()),
        disk=disk,
    )
    await house.close()
    return done


async def test_a_disk_that_fills_takes_no_papers_and_all_the_rest(tmp_path: Path) -> None:
    asked = (make.a_document("d9", "i1", 3), make.an_item("i9"), make.a_seat("ut"))
    done = await decided(tmp_path, Filled(low=True), *asked)
    rev = done.state.rev
    assert done.answers == [Rejected("disk_low"), Committed(rev - 1), Committed(rev)]


async def test_a_full_disk_refuses_what_the_meeting_can_go_without(tmp_path: Path) -> None:
    asked = (make.a_seat("ut"), c.MarkAttendance("an", "present"), c.ReissueCard("an"))
    done = await decided(tmp_path, Filled(low=True, full=True), *asked)
    full = Rejected("disk_full")
    assert done.answers == [full, Committed(done.state.rev), full]
    assert (list(done.fresh), list(done.stored)) == (["command-1"], ["command-1"])


def test_what_a_meeting_cannot_go_its_course_without() -> None:
    assert {command for command, row in TABLE.items() if row.vital} == {
        c.OpenMeeting,
        c.CloseMeeting,
        c.StartItem,
        c.ShowPage,
        c.TakePresenting,
        c.GivePresenting,
        c.CallFollowers,
        c.CheckIn,
        c.MarkAttendance,
        c.CorrectAttendance,
        c.ClaimDevice,
        c.AdmitDevices,
        p.TakeBackOpening,
        p.ReopenMeeting,
        p.WithdrawDocument,
        p.EraseDocument,
    }
