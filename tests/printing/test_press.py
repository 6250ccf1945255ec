"""The child that sets type goes with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from meeting.sandbox import ROOT, START, kernel

WAITED_FOR = 1 << 18
"""Bytes; no pipe takes as many before somebody reads."""

STARTS = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-I", "-c", *sys.argv[1:]], stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
child.wait()
"""


@pytest.mark.skipif(kernel.processor() is None, reason="Linux tells a child of its parent's end")
def test_what_sets_type_ends_with_the_server_however_that_ends() -> None:
    asked = (sys.executable, "-c", STARTS, START, str(ROOT), "meeting.printing.typesetter")
    kernel.prctl(kernel.ADOPT, 1)
    try:
        with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            assert server.stdout is not None
            assert server.stdin is not None
            child = int(server.stdout.readline())
            server.stdin.write(b" " * WAITED_FOR)  # until it reads; the pipe stays open
            server.kill()
            server.wait()
            ended, status = os.waitpid(child, 0)
    finally:
        kernel.prctl(kernel.ADOPT, 0)
    assert (ended, os.WTERMSIG(status)) == (child, signal.SIGKILL)
