"""`meeting serve` and `meeting password` as an office uses them."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from click.testing import CliRunner, Result
from msgspec import to_builtins

from meeting import terminal
from meeting.cli import main
from meeting.errors import Refused
from meeting.texts import text
from tests.helpers.office import AN, OFFICE, opened
from tests.helpers.process import START_SECONDS, free_port

ANOTHER: Final = "trời nắng 2027"
SIGN_IN: Final = {"login": AN.login, "password": AN.password}


@contextmanager
def served(data: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A running server over this folder, by its address; stopped by Ctrl-C when the block ends."""
    port = str(free_port())
    where = ("--host", "127.0.0.1", "--port", port, "--data", str(data))
    command = [sys.executable, "-m", "meeting", "serve", *where, *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield f"http://127.0.0.1:{port}", process
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait(START_SECONDS)) == ("", 0)


def printed(process: subprocess.Popen[str]) -> str:
    """What the terminal says until it is ready."""
    assert process.stdout is not None
    lines: list[str] = []
    while text("terminal.office_stop") not in (lines or [""])[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], lines
    return "".join(lines)


def asks(url: str, path: str, said: object = None) -> dict[str, Any]:
    answer = httpx2.post(f"{url}/office/api/{path}", json=said, headers={"x-phien": "1"})
    found: dict[str, Any] = answer.json()
    return found


def types_in(typed: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["password", *arguments], input=typed)


def begun(data: Path) -> None:
    """An office with one account, An's, in this folder."""

    async def begin() -> None:
        async with opened(data) as register:
            await register.begin(OFFICE, AN)

    asyncio.run(begin())


def record(data: Path) -> list[tuple[str, str, str]]:
    """Who did what about whom, the oldest first."""

    async def read() -> list[tuple[str, str, str]]:
        async with opened(data) as register:
            rows = reversed(await register.record())
            return [(row.by, row.what, row.about) for row in rows]

    return asyncio.run(read())


def fits(data: Path, password: str) -> bool:
    """Whether An signs in with it."""

    async def sign_in() -> bool:
        async with opened(data) as register:
            try:
                await register.sign_in(AN.login, password, "")
            except Refused:
                return False
            return True

    return asyncio.run(sign_in())


# Serve


def test_the_first_start_says_where_the_office_is_created_and_with_which_code(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    with served(data, "--json") as (url, process):
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        assert list(line) == ["url", "office", "code", "ready_ms"]
        assert (line["url"], line["office"]) == (url, f"{url}/office/")
        assert len(line["code"]) == 8
        begin = {"office": to_builtins(OFFICE), "account": to_builtins(AN)}
        assert asks(url, "begin", begin)["state"] == "signed_in"
    with served(data) as (url, process):
        said = printed(process)
        assert OFFICE.name in said
        assert f"{url}/office/" in said
        assert text("terminal.begin_code", code="") not in said
        assert asks(url, "sign-in", SIGN_IN)["state"] == "signed_in"
        # and while it runs, nobody sets a password from outside
        done = types_in("", AN.login, "--data", str(data))
        sentence = text("terminal.password_busy", folder=str(data))
        assert (done.exit_code, done.output) == (1, f"{sentence}\n")


def test_the_terminal_shows_the_code_to_whoever_needs_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    there, here = "http://192.168.1.105:8080", "http://localhost:8080"
    code = text("terminal.begin_code", code="4821 7730")
    terminal.say_office("", "48217730", there, (), here)
    said = capsys.readouterr().out
    places = [said.index(part) for part in (f"{here}/office/", f"{there}/office/", code)]
    assert places == sorted(places)
    assert text("terminal.no_office") in said
    terminal.say_office("", "48217730", there, (), "")
    said = capsys.readouterr().out
    assert (f"{there}/office/" in said, code in said, "localhost" in said) == (True, True, False)
    terminal.say_office("", "48217730", here, (), here)
    said = capsys.readouterr().out
    assert (f"{here}/office/" in said, code in said) == (True, False)


# Password


def test_a_password_is_set_while_no_server_runs_and_that_is_recorded(tmp_path: Path) -> None:
    begun(tmp_path)
    done = types_in(f"{ANOTHER}\n{ANOTHER}\n", "AN", "--data", str(tmp_path))
    assert done.exit_code == 0
    assert text("terminal.password_done", login="AN") in done.output
    assert ANOTHER not in done.output
    assert (fits(tmp_path, AN.password), fits(tmp_path, ANOTHER)) == (False, True)
    assert record(tmp_path)[:2] == [
        (AN.name, "office.created", ""),
        ("", "password.forgotten", AN.name),
    ]


@pytest.mark.parametrize(
    ("login", "typed", "sentence"),
    [
        ("nobody", "", "terminal.password_unknown"),
        (AN.login, f"{ANOTHER}\n{AN.password}\n", "terminal.password_differs"),
        (AN.login, "ngắn\nngắn\n", "refused.password_short"),
    ],
    ids=["unknown", "differs", "short"],
)
def test_a_password_that_cannot_be_set_is_said_in_a_sentence(
    tmp_path: Path, login: str, typed: str, sentence: str
) -> None:
    begun(tmp_path)
    done = types_in(typed, login, "--data", str(tmp_path))
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == text(sentence, login=login, folder=str(tmp_path))
    assert fits(tmp_path, AN.password)


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    data = tmp_path / "none"
    done = types_in("", "an", "--data", str(data))
    assert done.output == f"{text('terminal.password_unknown', login='an', folder=str(data))}\n"
    assert not data.exists()
