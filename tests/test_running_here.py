"""Started twice, a server is found where it runs; closed while people meet, it asks first."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from meeting import running_here
from meeting.access import cookie_name
from meeting.running_here import Running
from meeting.store.lock import FolderLock
from meeting.store.sqlite import LOCK
from meeting.texts import text
from tests.helpers.process import START_SECONDS, claim, demo, free_port

COMMAND = (sys.executable, "-m", "meeting")

posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


@contextlib.contextmanager
def serving(
    data: Path, port: int, *, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[str]]:
    """`meeting serve`, ready; ended at the end."""
    arguments = ("serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(data), "--json")
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=stdin, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert json.loads(process.stdout.readline())["url"] == f"http://127.0.0.1:{port}"
            yield process
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def test_nobody_is_found_where_nobody_runs(tmp_path: Path) -> None:
    assert running_here.found(tmp_path / "none") is None
    running_here.say_where(tmp_path, "http://127.0.0.1:1")
    assert running_here.found(tmp_path) is None  # left by one that was killed
    running_here.forget(tmp_path)
    running_here.forget(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lock_without_an_answer_is_nobody(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / LOCK)
    for content in (
        None,
        "no json",
        '{"here":"file:///etc/passwd"}',
        '{"here":"http://127.0.0.1:1"}',
    ):
        if content is not None:
            (tmp_path / running_here.FILE).write_text(content, "utf-8")
        assert running_here.found(tmp_path, wait_seconds=0.0) is None
    lock.release()


def test_a_second_start_is_led_to_the_first(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with serving(data, port):
        assert running_here.found(data) == Running(f"http://127.0.0.1:{port}")
        if os.name == "posix":
            assert (data / running_here.FILE).stat().st_mode & 0o777 == 0o600
        again = subprocess.run(
            [*COMMAND, "serve", "--data", str(data), "--port", str(free_port())],
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        page = f"http://127.0.0.1:{port}/office/"
        assert (again.returncode, again.stdout) == (1, "")
        assert again.stderr.strip() == text("terminal.already", url=page)
        stale = tmp_path / "stale"
        stale.mkdir()
        (stale / LOCK).touch()
        running_here.say_where(stale, f"http://127.0.0.1:{port}")
        assert running_here.found(stale) is None  # another folder's server has the address now
    assert not (data / running_here.FILE).exists()


@posix
def test_a_second_start_from_the_icon_opens_the_page(tmp_path: Path) -> None:
    """In the browser of the machine: one that writes down what it was to open."""
    data, port = tmp_path / "data", free_port()
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >{opened}\n', "utf-8")
    browser.chmod(0o755)
    with serving(data, port):
        again = subprocess.run(
            [*COMMAND, "serve", "--open", "--data", str(data)],
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            env={**os.environ, "BROWSER": f"{browser} %s", "DISPLAY": ":0"},
            check=False,
        )
    page = f"http://127.0.0.1:{port}/office/"
    assert (again.returncode, again.stdout.strip(), again.stderr) == (
        0,
        text("terminal.already", url=page),
        "",
    )
    assert opened.read_text("utf-8").strip() == page


@posix
def test_ctrl_c_asks_first_while_people_meet(tmp_path: Path) -> None:
    """On a terminal: asked once, it goes on; asked again at once, it stops."""
    main, terminal = pty.openpty()
    port = free_port()
    arguments = ("demo", "--host", "127.0.0.1", "--port", str(port), "--data", str(tmp_path / "d"))
    with subprocess.Popen(
        [*COMMAND, *arguments, "--json"], stdin=terminal, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        links = json.loads(process.stdout.readline())["links"]
        asyncio.run(opened_meeting(links["chair"]))
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "\n"
        assert text("terminal.stop_asked") in process.stdout.readline()
        assert httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(START_SECONDS) == 0
    os.close(main)
    os.close(terminal)


@posix
@pytest.mark.parametrize("what", [signal.SIG_DFL, signal.SIG_IGN])
def test_a_terminal_that_is_closed_ends_it_unless_that_is_ignored(
    tmp_path: Path, what: signal.Handlers
) -> None:
    main, terminal = pty.openpty()
    port = free_port()
    arguments = ("demo", "--host", "127.0.0.1", "--port", str(port), "--data", str(tmp_path / "d"))
    with subprocess.Popen(
        [*COMMAND, *arguments, "--json"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, what) and None,
    ) as process:
        assert process.stdout is not None
        assert "links" in json.loads(process.stdout.readline())
        os.close(terminal)
        os.close(main)
        process.send_signal(signal.SIGHUP)
        if what == signal.SIG_IGN:
            assert httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
            process.terminate()
        assert process.wait(START_SECONDS) == 0


async def opened_meeting(chair: str) -> None:
    """The chair opens the meeting, by the same door as everybody."""
    async with httpx2.AsyncClient() as http:
        seat, token = await claim(http, chair)
        answer = await http.post(
            f"{chair.partition('/c/')[0]}/s/{seat}/command",
            json={"id": "open-the-meeting", "command": {"type": "meeting.open"}},
            headers={"cookie": f"{cookie_name(seat)}={token}", "x-phien": "1"},
        )
        assert answer.json()["status"] == "committed", answer.text


@posix
async def test_asked_to_end_by_the_system_it_ends(tmp_path: Path) -> None:
    async with demo(tmp_path / "data") as running:
        await opened_meeting(running.ready["links"]["chair"])
        assert await running.stop() == 0
