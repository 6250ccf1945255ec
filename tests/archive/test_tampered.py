"""A byte changed anywhere in a meeting's file is found; one killed while made leaves no half."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from meeting.archive.checking import check
from tests.bench.archive_killed import killed
from tests.bench.tamper import tamper


def test_a_byte_changed_anywhere_is_found(copied: Path) -> None:
    outcome = tamper(copied, 300, seed=4)
    assert outcome.missed == []
    assert check(copied).whole


@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_whatever_is_killed_when_there_is_a_whole_file_or_none(tmp_path: Path) -> None:
    outcome = killed(tmp_path, 20, seed=4)
    assert (outcome.kills, outcome.half) == (20, 0)
