"""The disk fills while a meeting runs: it goes its course, and nothing is acknowledged falsely."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx2
import msgspec
import pytest

from meeting.protocol import commands as c
from meeting.rehearsal.tablet import Tablet
from meeting.store.space import LOW_BYTES, RESERVE
from tests.helpers.crowd import Crowd
from tests.helpers.process import Demo, free_port
from tests.rigs.verdict import Verdict, verdict

RESERVE_BYTES: Final = 1_000_000
PLENTY: Final = 1_000_000_000
WAIT_SECONDS: Final = 20.0

pytestmark = pytest.mark.slow


class Machine:
    """A demo on a disk that is as full as somebody says."""

    def __init__(self, folder: Path) -> None:
        self._free = folder / "free"
        self.has_room(PLENTY)
        self.data = folder / "data"
        self.data.mkdir()
        (self.data / "settings.toml").write_text(f"reserve_bytes = {RESERVE_BYTES}\n")
        self.demo = Demo(self.data, free_port(), world=("--disk", str(self._free)))
        self.crowd = Crowd(self.demo, seed=20261210)
        self._http = httpx2.AsyncClient(base_url=self.demo.url)
        self._asked = 0

    def has_room(self, free: int) -> None:
        """So much would be free without us."""
        partial = self._free.with_suffix(".partial")
        partial.write_text(str(free))
        partial.replace(self._free)

    def is_full(self) -> None:
        """As things stand nobody may write another byte."""
        files = [self.data / name for name in ("phien.sqlite3", "phien.sqlite3-wal", RESERVE)]
        self.has_room(sum(file.stat().st_size for file in files if file.exists()))

    async def warns(self, *codes: str) -> None:
        """Wait until the desk hears exactly these warnings."""
        desk = self.crowd.desk
        await desk.until(lambda: desk.room.get("warnings") == list(codes), WAIT_SECONDS)

    async def ask(self, tablet: Tablet, command: c.Command) -> str:
        """Ask once, by HTTP: `committed`, `retry`, or the code of the refusal."""
        self._asked += 1
        body = {
            "id": f"asked-{self._asked:04}",
            "command": msgspec.to_builtins(command),
            "at": tablet.now(),
        }
        headers = {"cookie": tablet.cookie, "x-phien": "1"}
        answer = await self._http.post(f"/s/{tablet.seat}/command", json=body, headers=headers)
        said = answer.json()
        return str(said.get("code", said["status"]))

    async def fills_up(self, desk: Tablet) -> str:
        """People are added until there is no room; the journal's own place is used up first."""
        said = "committed"
        for number in range(2000):
            said = await self.ask(desk, c.AddSeat(f"ut{number}", "Út", "", "member"))
            if said not in ("committed", "retry"):
                break
        return said

    async def turns_out(self, chair: Tablet, document: str, pages: int) -> tuple[str, int]:
        """Pages are turned until there is no room; what was said then, and the page it stays at."""
        shown, said = pages, "committed"
        for turn in range(2000):
            page = turn % pages + 1
            said = await self.ask(chair, c.ShowPage(document, 1, page))
            if said != "committed":
                break
            shown = page
        return said, shown

    async def reads(self, tablet: Tablet) -> list[int]:
        """What asking for the roll and for a page is answered with."""
        item = tablet.view["agenda"][tablet.view["item"]]
        document = next(iter(item.get("documents", {}).values()))
        paths = (f"/s/{tablet.seat}/roll", f"/p/{tablet.seat}/{document['address']}/1?w=320")
        headers = {"cookie": tablet.cookie}
        return [(await self._http.get(path, headers=headers)).status_code for path in paths]

    async def close(self) -> None:
        await self._http.aclose()
        await self.crowd.leave()
        await self.demo.kill()


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    machine = Machine(tmp_path)
    await machine.demo.start()
    try:
        await machine.crowd.gather(3)
        yield machine
    finally:
        await machine.close()


async def test_a_full_disk_leaves_the_meeting_its_course(machine: Machine) -> None:
    crowd = machine.crowd
    desk, chair, member = crowd.desk, crowd.chair, crowd.tablets[3]
    item, document, pages = crowd.longest()

    machine.has_room(LOW_BYTES)
    await machine.warns("disk_low")

    machine.is_full()
    assert await machine.fills_up(desk) == "disk_full"
    course: list[tuple[Tablet, c.Command, str]] = [
        (member, c.CheckIn(crowd.screen.code["digits"]), "committed"),
        (desk, c.MarkAttendance(member.seat, "left"), "committed"),
        (desk, c.CorrectAttendance(member.seat, "present", "bấm nhầm"), "committed"),
        (desk, c.RevokeCard(member.seat), "disk_full"),
        (chair, c.TakePresenting(), "committed"),
        (chair, c.StartItem(item), "committed"),
        (chair, c.ShowPage(document, 1, pages), "committed"),
        (chair, c.CallFollowers(), "committed"),
    ]
    assert [await machine.ask(tablet, asked) for tablet, asked, _ in course] == [
        outcome for _, _, outcome in course
    ]
    assert (machine.data / RESERVE).stat().st_size == 0
    await machine.warns("disk_full")
    await member.until(lambda: member.shown == (document, pages), WAIT_SECONDS)

    machine.is_full()
    said, shown = await machine.turns_out(chair, document, pages)
    assert [said, await machine.reads(desk)] == ["retry", [200, 200]]
    await member.until(lambda: member.shown == (document, shown), WAIT_SECONDS)


async def test_a_full_disk_is_remembered_over_a_restart_and_ends(machine: Machine) -> None:
    crowd, desk = machine.crowd, machine.crowd.desk
    newcomer = c.AddSeat("ut", "Út", "", "member")
    machine.is_full()
    assert await machine.fills_up(desk) == "disk_full"
    joins = crowd.joins()
    await machine.demo.kill()
    await machine.demo.start()
    await crowd.everybody_is_live(joins)
    assert await machine.ask(desk, newcomer) == "disk_full"
    assert await machine.ask(desk, c.MarkAttendance(crowd.tablets[3].seat, "late")) == "committed"
    await machine.warns("disk_full")

    machine.has_room(PLENTY)
    await machine.warns()
    assert (machine.data / RESERVE).stat().st_size == RESERVE_BYTES
    assert await machine.ask(desk, newcomer) == "committed"
    await machine.demo.kill()
    found = await verdict(crowd)
    assert found == Verdict(acknowledged=found.acknowledged)
