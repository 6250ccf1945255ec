"""Many devices acting on a demo that is killed under them, and a count of what was kept.

Each act is one durable command with an id of its own. Whatever is not answered is unknown and
repeated with the same id, as our own devices do; what was acknowledged must be in the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import secrets
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import socketio

from meeting.protocol import commands as c
from tests.helpers.process import Demo, claim
from tests.helpers.tablet import Tablet

ANSWER_SECONDS = 10.0


@dataclass
class Ledger:
    """What was acknowledged, by command id, with the revision that was said."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    changed_answers: int = 0

    def note(self, command_id: str, answer: Any) -> bool:
        """Whether this answer settles the command."""
        status = answer.get("status") if isinstance(answer, dict) else None
        if status == "committed":
            known = self.acknowledged.setdefault(command_id, answer["rev"])
            self.changed_answers += known != answer["rev"]
        return status in ("committed", "rejected")


@dataclass
class Verdict:
    """The log read back: acknowledged acts, how many are missing, how many are there twice."""

    acknowledged: int
    lost: int
    twice: int
    changed_answers: int


class Crowd:
    """Devices of added members, and the desk that marks them left so that they come back."""

    def __init__(self, demo: Demo, seed: int) -> None:
        self.demo = demo
        self.ledger = Ledger()
        self.chance = random.Random(seed)
        self._desk: tuple[str, str] = ("", "")
        self._members: list[tuple[str, str]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._digits = ""

    async def gather(self, devices: int) -> None:
        """Add that many members and give each a device."""
        async with httpx2.AsyncClient(base_url=self.demo.url) as http:
            self._desk = await claim(http, self.demo.ready["links"]["secretary"])
            self._screen = await claim(http, self.demo.ready["links"]["room"])
            desk = await self._tablet(*self._desk)
            for number in range(devices):
                seat = secrets.token_hex(6)
                added = await desk.send(c.AddSeat(seat, f"Người {number}", "", "member"))
                assert added["status"] == "committed", added
                card = await http.get(
                    f"/s/{self._desk[0]}/card/{seat}",
                    headers={"cookie": f"seat_{self._desk[0]}={self._desk[1]}"},
                )
                self._members.append(await claim(http, card.json()["link"]))
            await desk.leave()

    async def join_all(self) -> list[Tablet]:
        """Every member's device, joined."""
        return [await self._tablet(seat, token) for seat, token in self._members]

    def act(self) -> None:
        """Everybody acts, until `rest`."""
        self._tasks = [
            asyncio.create_task(self._watch_screen(), name="crowd: screen"),
            asyncio.create_task(self._mark_left(), name="crowd: desk"),
            *(
                asyncio.create_task(self._check_in(seat, token), name=f"crowd: {seat}")
                for seat, token in self._members
            ),
        ]

    async def rest(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def everybody_is_back(self) -> None:
        """Every device joins again, as after the server came back."""

        async def come_back(seat: str, token: str) -> None:
            tablet = await self._tablet(seat, token)
            await tablet.leave()

        everybody = (self._desk, *self._members)
        await asyncio.gather(*(come_back(seat, token) for seat, token in everybody))

    async def _tablet(self, seat: str, token: str) -> Tablet:
        tablet = Tablet(self.demo.url, seat, token)
        await tablet.join()
        return tablet

    async def _watch_screen(self) -> None:
        """Whoever sits in the room reads the digits off the screen."""
        while True:
            screen = Tablet(self.demo.url, *self._screen)
            with contextlib.suppress(socketio.exceptions.SocketIOError, TimeoutError):
                try:
                    await screen.join()
                    await screen.until(lambda signals=screen.signals: bool(signals))
                    self._digits = screen.signals[-1]["digits"]
                    await screen.gone.wait()
                finally:
                    await screen.leave()
            await asyncio.sleep(self.chance.uniform(0.02, 0.1))

    async def _check_in(self, seat: str, token: str) -> None:
        while True:
            if self._digits:
                await self._settle(seat, token, c.CheckIn(self._digits))
            await asyncio.sleep(self.chance.uniform(0, 0.05))

    async def _mark_left(self) -> None:
        while True:
            for seat, _ in self._members:
                await self._settle(*self._desk, c.MarkAttendance(seat, "left"))

    async def _settle(self, seat: str, token: str, command: c.Command) -> None:
        """One act: the same id again and again, over any connection, until it is answered."""
        body = {"id": secrets.token_hex(8), "command": msgspec.to_builtins(command)}
        headers = {"cookie": f"seat_{seat}={token}", "x-phien": "1"}
        while True:
            with contextlib.suppress(httpx2.HTTPError, socketio.exceptions.SocketIOError, OSError):
                async with httpx2.AsyncClient(
                    base_url=self.demo.url, timeout=ANSWER_SECONDS, verify=False
                ) as http:
                    while True:
                        answer = await http.post(f"/s/{seat}/command", json=body, headers=headers)
                        if self.ledger.note(body["id"], answer.json()):
                            return
            await asyncio.sleep(self.chance.uniform(0.02, 0.1))

    def verdict(self) -> Verdict:
        """Read the log back from the file itself."""
        acknowledged = self.ledger.acknowledged
        answered, written = _log_of(self.demo.data)
        return Verdict(
            acknowledged=len(acknowledged),
            lost=sum(answered.get(command) != rev for command, rev in acknowledged.items()),
            twice=sum(count > 1 for command, count in written.items() if command in acknowledged),
            changed_answers=self.ledger.changed_answers,
        )


def _log_of(data: Path) -> tuple[dict[str, int], dict[str, int]]:
    """By command id: the revision it was answered with, and how many facts it wrote."""
    database = sqlite3.connect(f"file:{data / 'phien.sqlite3'}?mode=ro", uri=True)
    with contextlib.closing(database):
        answers = database.execute("SELECT command, answer FROM answers").fetchall()
        counts = database.execute("SELECT command, count(*) FROM facts GROUP BY command").fetchall()
    said = {command: json.loads(answer).get("rev", 0) for command, answer in answers}
    return said, dict(counts)
