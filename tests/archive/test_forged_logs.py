"""Logs no meeting wrote, their chains made anew: each is judged, none brings the check down."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from meeting.archive.annex import plain
from meeting.archive.checking import check
from meeting.archive.findings import sentences
from meeting.archive.papers import lay_out
from meeting.archive.shelf import Filed
from meeting.protocol import facts as f
from meeting.protocol.log import Entry, canonical, seal_of
from meeting.rules import replay
from meeting.rules.state import MeetingState
from tests.archive import story
from tests.archive.forging import ANNEX, Files, changed, unpacked

LOG: Final = f"{ANNEX}/nhat_ky.jsonl"

ODD: Final[tuple[Any, ...]] = (
    "",
    "x" * 500,
    "../../x",
    0,
    -1,
    2**62,
    True,
    None,
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "2026-12-10T07:30:00",
    "Nowhere/Nothing",
    "\0\ud7ff\u202e",
    [],
    ["chair", "chair"],
)


def leaves(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a message that can hold something else."""
    keys = value if isinstance(value, dict) else range(len(value))
    own = [(value, key) for key in keys]
    below = [value[key] for key in keys if isinstance(value[key], dict | list)]
    return own + [place for one in below for place in leaves(one)]


def written(entries: list[Entry]) -> Callable[[Files], None]:
    """The log with its chain and, where it can be folded, what must agree with it."""
    log = story.linked(entries)
    closings = [link for entry, link in log if isinstance(entry.fact, f.MeetingClosed)]
    state = MeetingState()
    with contextlib.suppress(Exception):
        state = replay(entries)

    def change(files: Files) -> None:
        if state.heading is not None:
            laid = lay_out(state, {sha256(body).hexdigest(): len(body) for body in files.values()})
            files[f"{ANNEX}/tom_tat.json"] = msgspec.json.encode(plain(state))
            files[f"{ANNEX}/tai_lieu.json"] = msgspec.json.encode(laid)
            seal = seal_of(closings[-1]) if closings and state.closed_at else ""
            info = files["bag-info.txt"].decode().rpartition("Phien-Seal")[0]
            files["bag-info.txt"] = f"{info}Phien-Seal: {seal}\n".encode()
        files[LOG] = b"".join(canonical(entry) + b"\n" for entry, _ in log)
        links = b"".join(link.hex().encode() + b"\n" for _, link in log)
        files[f"{ANNEX}/nhat_ky_ma.txt"] = links

    return change


@pytest.mark.parametrize("seed", range(10))
def test_whatever_a_log_says_it_is_judged(official: Filed, copied: Path, seed: int) -> None:
    chance = random.Random(seed)
    whole = copied.read_bytes()
    lines = unpacked(official.path)[1][LOG].split(b"\n")[:-1]
    tried, judged = 0, set[str]()
    while tried < 5:
        said = [msgspec.json.decode(line) for line in lines]
        for _ in range(chance.randint(1, 3)):
            place, key = chance.choice(leaves(chance.choice(said)))
            place[key] = chance.choice(ODD)
        if chance.random() < 0.3:
            del said[chance.randrange(len(said))]
        try:
            entries = [msgspec.convert(one, Entry) for one in said]
        except msgspec.ValidationError:
            continue
        tried += 1
        copied.write_bytes(whole)
        checked = changed(copied, written(entries))
        assert sentences(checked)
        judged.update(finding.code for finding in checked.findings if finding.fault)
    assert judged


def test_a_log_of_nothing_is_judged(copied: Path) -> None:
    assert not changed(copied, written([])).whole
    assert not check(copied).whole
