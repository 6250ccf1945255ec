"""The PostgreSQL of the tests is never left behind, however the tests end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.server import ROOT

HELD = """
import sys
from tests.store.server import postgres
with postgres() as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="started by POSIX means")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_with_whoever_started_it(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HELD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as tests:
        assert tests.stdout
        assert tests.stderr
        folder = Path(tests.stdout.readline().strip())
        postmaster = (folder / "data" / "postmaster.pid").read_text().splitlines()[0]
        tests.send_signal(how)
        # The keeper of the server has this pipe, too: it ends when both have.
        tests.stderr.read()
    assert not folder.exists()
    state = ["ps", "-o", "stat=", "-p", postmaster]
    found = subprocess.run(state, check=False, capture_output=True, text=True).stdout.strip()
    assert found[:1] in ("", "Z")
