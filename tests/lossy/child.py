"""The real server as a process of its own, laying down one meeting after another when asked.

    python -m tests.lossy.child --data FOLDER [--mutant NAME]

Speaks lines of JSON: first its port; then, for each line read, a meeting with devices claimed.
Times come from the folder's `settings.toml`, as everybody's do. Ends when its input does.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import sys
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.rules.state import Actor
from meeting.settings import written
from tests.helpers import make
from tests.helpers.hall import Hall, hall, sent
from tests.helpers.mutants import MUTANTS

LOG = "lossy.log"
PAGES = 8


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--mutant", choices=sorted(MUTANTS))
    asked = options.parse_args()
    asked.data.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.WARNING, filename=asked.data / LOG)
    if asked.mutant:
        MUTANTS[asked.mutant]()
    uvloop.run(_serve(asked.data))


async def _serve(folder: Path) -> None:
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    async with hall(folder, times=written(folder).times) as running:
        _say({"url": running.url})
        while line := await orders.readline():
            _say(await _lay_down(running, int(line)))


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(msgspec.json.encode(message).decode() + "\n")
    sys.stdout.flush()


async def _lay_down(running: Hall, members: int) -> dict[str, Any]:
    """A meeting with that many members: its seats, each with a device, and what the clocks say."""
    server = running.server
    name = secrets.token_hex(5)
    laid = server.meetings.begin(name)
    for command in _meeting(name, members):
        answer = await laid.submit(make.OFFICE, sent(command))
        assert isinstance(answer, Committed), (command, answer)
    seats = []
    for seat in laid.state.seats.values():
        device = secrets.token_hex(6)
        claim = sent(c.ClaimDevice(device, "tablet"))
        answer = await laid.submit(Actor("card", seat.id, "", seat.card), claim)
        assert isinstance(answer, Committed), answer
        token = server.access.device_token(name, seat.id, device)
        seats.append({"seat": seat.id, "role": seat.role, "device": device, "token": token})
    clock = server.shell.clock
    return {
        "meeting": name,
        "wall": clock.now().timestamp(),
        "seconds": clock.seconds(),
        "seats": seats,
    }


def _meeting(name: str, members: int) -> list[c.Command]:
    """Three items, one of them limited; a guest of the second; a chair who turns the pages."""
    people = [f"{name}-{number}" for number in range(members)]
    limited = (f"{name}-chu", f"{name}-thu", *people[: members // 2])
    return [
        make.a_meeting(name, presenter="chair", starts_at=make.PASSED),
        make.a_seat(f"{name}-chu", "chair", votes=True),
        make.a_seat(f"{name}-thu", "secretary"),
        make.a_seat(f"{name}-man", "screen"),
        *(make.a_seat(seat, votes=True) for seat in people),
        make.an_item("1"),
        make.an_item("2"),
        make.an_item("3", limited_to=limited),
        make.a_seat(f"{name}-khach", "guest", items=("2",)),
        make.a_document("d1", "1", pages=PAGES),
        make.a_document("d2", "2", pages=PAGES),
        make.a_document("d3", "3", pages=PAGES),
    ]


if __name__ == "__main__":
    main()
