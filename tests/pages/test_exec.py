"""A program of others under its guard: what it may, and that nothing of it is left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from meeting.sandbox import command
from meeting.sandbox.exec import CUT_OFF, NOT_STARTED, TIME_UP
from tests.helpers.canary import Canary

SHELL: Final = "/bin/bash"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not Path(SHELL).exists(), reason="a shell under Linux"
)


def guarded(folder: Path, script: str, seconds: float = 60.0) -> subprocess.Popen[bytes]:
    settings: dict[str, Any] = {
        "program": [SHELL, "-c", script],
        "folder": str(folder),
        "environ": {"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        "memory_bytes": 1_000_000_000,
        "cpu_seconds": 60,
        "output_bytes": 1_000_000,
        "seconds": seconds,
    }
    asked = command("exec", json.dumps(settings))
    return subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def status(program: subprocess.Popen[bytes]) -> int:
    """With what it ends by itself; its stdin stays open."""
    return program.wait(60)


def alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    return work


def active(program: subprocess.Popen[bytes]) -> set[str]:
    assert program.stdout is not None
    return set(json.loads(program.stdout.readline())["confined"])


def test_its_own_folder_is_all_it_can_reach(tmp_path: Path, folder: Path) -> None:
    with Canary(tmp_path) as canary:
        script = f"""
            echo mine > mine
            cat {canary.path} > copied
            echo theirs > {canary.path}
            touch {tmp_path}/other
            exec 3<>/dev/tcp/127.0.0.1/{canary.port} && touch called
            exit 7
        """
        with guarded(folder, script) as program:
            held = active(program)
            assert status(program) == 7
        canary.look()
        assert canary.called == 0 or "network" not in held
        if "files" in held:
            assert canary.touched == 0
            assert [path.name for path in tmp_path.iterdir() if path != folder] == ["canary.txt"]
            assert (folder / "copied").read_text() == ""
    assert (folder / "mine").read_text() == "mine\n"


def test_when_its_time_is_up_nothing_of_it_is_left(folder: Path) -> None:
    script = "setsid sleep 600 & echo $! > away; sleep 600 & echo $! > near; wait"
    with guarded(folder, script, seconds=2.0) as program:
        assert status(program) == TIME_UP
    left = [int((folder / name).read_text()) for name in ("away", "near")]
    assert [process_id for process_id in left if alive(process_id)] == []


def test_when_nobody_waits_for_it_any_more_it_ends(folder: Path) -> None:
    with guarded(folder, "setsid sleep 600 & echo $! > away; echo ready > ready; wait") as program:
        active(program)
        assert program.stdin is not None
        program.stdin.close()
        assert status(program) == CUT_OFF
    if (folder / "away").exists():
        assert not alive(int((folder / "away").read_text()))


def test_a_program_that_is_not_there_is_said(folder: Path) -> None:
    with guarded(folder, "exit 3") as program:
        assert status(program) == 3
    settings = {
        "program": [str(folder / "nothing")],
        "folder": str(folder),
        "environ": {},
        "memory_bytes": 1_000_000_000,
        "cpu_seconds": 9,
        "output_bytes": 0,
        "seconds": 9,
    }
    asked = command("exec", json.dumps(settings))
    done = subprocess.run(asked, stdin=subprocess.PIPE, capture_output=True, timeout=60)
    assert done.returncode == NOT_STARTED
