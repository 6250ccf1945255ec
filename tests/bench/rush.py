"""Everybody at once: 500 check-ins in a second, and 500 devices coming back, while pages turn.

    python -m tests.bench.rush [--devices 1000] [--rush 500] [--rounds 5] [--json FILE]

Each round is a server of its own, killed with SIGKILL after the last check-in was acknowledged;
what it acknowledged is then counted in the log on disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Final

from meeting.store.sqlite import DATABASE
from tests.bench.load import CAN_PIN, Load, load, percentile, resident_kb
from tests.bench.many import Prepared, prepare, served
from tests.bench.terminal import options_of

PAUSE_MS: Final = 20
QUIET_TURNS: Final = 100
CHECK_IN_MS: Final = 1_000
CHAIR, SCREEN, FIRST = 0, 1, 2
"""Places of the devices in the load; the members begin at `FIRST`."""


class Round:
    """One server with everybody joined."""

    def __init__(self, running: Load, prepared: Prepared, rush: int) -> None:
        self._load = running
        self._paper = prepared.paper
        self._everybody = list(range(FIRST, FIRST + len(prepared.members)))
        self._rushing = self._everybody[:rush]
        self._others = self._everybody[rush:]

    async def quiet(self) -> list[float]:
        return await self._turns(self._everybody, count=QUIET_TURNS)

    async def coming_back(self) -> dict[str, Any]:
        """The first devices lose the network and are back at once, all together."""
        turning = asyncio.create_task(self._turns(self._others), name="rush: turns")
        await self._load.do("cut", devices=self._rushing)
        back = await self._load.do("back", devices=self._rushing)
        await self._load.do("stop")
        last = await turning
        right = (await self._load.do("state"))["right"]
        return {
            "all_right_ms": back["ms"],
            "wrong_on_joining": back["late"],
            "wrong_at_end": [right[place] for place in self._everybody].count(False),
            "turns": last,
        }

    async def checking_in(self) -> dict[str, Any]:
        """The first devices check in within a second, by the digits on the room's screen."""
        digits = (await self._load.do("state"))["digits"]
        command = {"type": "attendance.check_in", "code": digits}
        turning = asyncio.create_task(self._turns(self._everybody), name="rush: turns")
        done = await self._load.do(
            "commands", devices=self._rushing, over_ms=CHECK_IN_MS, command=command
        )
        await self._load.do("stop")
        return {
            "answers": done["answers"],
            "answered_p99_ms": percentile(done["each"], 0.99),
            "all_answered_ms": done["ms"],
            "turns": await turning,
        }

    async def _turns(self, readers: list[int], **given: Any) -> list[float]:
        found = await self._load.do(
            "turns", chair=CHAIR, readers=readers, pause_ms=PAUSE_MS, **self._paper, **given
        )
        last: list[float] = found["last"]
        return last


async def one_round(laid_down: Path, prepared: Prepared, rush: int) -> dict[str, Any]:
    devices = [
        prepared.chair.device(keeps=True),
        prepared.screen.device(keeps=True),
        *(seat.device() for seat in prepared.members),
    ]
    async with served(laid_down) as server, load() as running:
        empty_kb = resident_kb(server.pid)
        await running.do("connect", host="127.0.0.1", port=server.port, devices=devices)
        full_kb = resident_kb(server.pid)
        meeting = Round(running, prepared, rush)
        quiet = await meeting.quiet()
        back = await meeting.coming_back()
        checked_in = await meeting.checking_in()
        await server.kill()
        answers = checked_in.pop("answers")
        rows = _rows_by_command(server.data / DATABASE)
    acknowledged = [id_ for id_, said in answers.items() if said["status"] == "committed"]
    return {
        "kb_per_device": (full_kb - empty_kb) / len(devices),
        "quiet_p99_ms": percentile(quiet, 0.99),
        "back": {**back, "turns_p99_ms": percentile(back.pop("turns"), 0.99)},
        "check_in": {
            **checked_in,
            "turns_p99_ms": percentile(checked_in.pop("turns"), 0.99),
            "acknowledged": len(acknowledged),
            "without_row": sum(id_ not in rows for id_ in acknowledged),
            "with_several_rows": sum(rows.get(id_, 0) > 1 for id_ in answers),
        },
    }


def _rows_by_command(database: Path) -> dict[str, int]:
    """How many facts each command wrote, read from the file a killed server left."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return dict(connection.execute("SELECT command, count(*) FROM facts GROUP BY command"))


def say(rounds: list[dict[str, Any]], devices: int, rush: int) -> str:
    def span(values: list[float], unit: str) -> str:
        return f"{median(values):.0f} ({min(values):.0f} to {max(values):.0f}) {unit}"

    ratios = [r["check_in"]["turns_p99_ms"] / r["quiet_p99_ms"] for r in rounds]
    return "\n".join(
        [
            f"{devices} devices, {len(rounds)} rounds; middle (least to most):",
            f"  memory per device {span([r['kb_per_device'] for r in rounds], 'KB')}",
            f"  page turn p99, quiet {span([r['quiet_p99_ms'] for r in rounds], 'ms')}",
            f"  {rush} check-ins in {CHECK_IN_MS} ms: "
            f"acknowledged {[r['check_in']['acknowledged'] for r in rounds]}, "
            f"without a row {sum(r['check_in']['without_row'] for r in rounds)}, "
            f"with several {sum(r['check_in']['with_several_rows'] for r in rounds)}",
            f"    answered p99 {span([r['check_in']['answered_p99_ms'] for r in rounds], 'ms')}",
            f"    page turn p99 {span([r['check_in']['turns_p99_ms'] for r in rounds], 'ms')}, "
            f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) x quiet",
            f"  {rush} come back at once: all right after "
            f"{span([r['back']['all_right_ms'] for r in rounds], 'ms')}, "
            f"wrong on joining {sum(r['back']['wrong_on_joining'] for r in rounds)}, "
            f"wrong at the end {sum(r['back']['wrong_at_end'] for r in rounds)}",
            f"    page turn p99 {span([r['back']['turns_p99_ms'] for r in rounds], 'ms')}",
        ]
    )


async def measure(folder: Path, devices: int, rush: int, rounds: int) -> list[dict[str, Any]]:
    laid_down = folder / "laid-down"
    prepared = await prepare(laid_down, devices)
    return [await one_round(laid_down, prepared, rush) for _ in range(rounds)]


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--devices", type=int, default=1000)
    options.add_argument("--rush", type=int, default=500)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json", type=Path, help="Write all figures to this file.")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rounds = asyncio.run(measure(Path(folder), asked.devices, asked.rush, asked.rounds))
    sys.stdout.write(say(rounds, asked.devices, asked.rush) + "\n")
    if asked.json:
        asked.json.write_text(json.dumps({"pinned": CAN_PIN, "rounds": rounds}, indent=1))


if __name__ == "__main__":
    main()
