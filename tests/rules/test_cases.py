"""What the web decides as the server does: the same cases, held against the rules."""

from __future__ import annotations

import json
from pathlib import Path

from meeting.rules.attendance import MOVES

CASES = Path(__file__).parents[1] / "cases"


def test_the_moves_the_desk_enters_plainly() -> None:
    moves = json.loads((CASES / "attendance_moves.json").read_text("utf-8"))
    assert {before: set(after) for before, after in moves.items()} == MOVES
