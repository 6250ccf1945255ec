"""`meeting rehearse` as its own process: what it measures, how it ends, what it leaves behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from meeting.protocol import commands as c
from meeting.rehearsal.verdict import COME_BACK_MOST_MS, TURN_MOST_MS
from meeting.store.engine import open_store
from meeting.store.meetings import Meetings as StoredMeetings
from meeting.texts import text
from tests.helpers.hall import Hall, hall, small_meeting
from tests.helpers.process import free_port
from tests.rehearsal.rows import keep_rows

WAIT_SECONDS: Final = 90.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the command keeps what it throws away."""
    folder = tmp_path / "thrown away"
    folder.mkdir()
    return folder


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall(tmp_path / "data") as house:
        await house.lay_down(*small_meeting())
        yield house


@contextlib.asynccontextmanager
async def started(
    folder: Path,
    *options: str,
    told: int = asyncio.subprocess.PIPE,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "meeting", "rehearse", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=told,
        env={**os.environ, "TMPDIR": str(folder), **(environment or {})},
        # A shell that runs these tests in the background has told them to ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def run(folder: Path, *options: str, **environment: str) -> tuple[int | None, str, str]:
    """To its end: exit status, stdout, stderr."""
    async with (
        started(folder, *options, environment=environment) as process,
        asyncio.timeout(WAIT_SECONDS),
    ):
        out, errors = await process.communicate()
        return process.returncode, out.decode(), errors.decode()


def link(house: Hall, seat: str = "thu") -> str:
    return f"{house.url}/c/{house.server.access.card_code('btv', seat, 1)}"


def says(done: tuple[int | None, str, str], key: str, **data: str) -> None:
    """It could not, and said why in one sentence."""
    assert done == (2, "", f"{text(f'terminal.rehearse_{key}', **data)}\n")


def expected_status(figures: dict[str, Any]) -> int:
    """A slow machine may well find that it is slow: that alone is no fault of ours."""
    slow = figures["turn_ms"]["p99"] > TURN_MOST_MS
    return int(slow or figures["reconnect_ms"]["p99"] > COME_BACK_MOST_MS)


@pytest.mark.slow
async def test_with_its_own_server_killed_in_the_middle_nothing_is_lost(folder: Path) -> None:
    options = ("--tablets", "8", "--minutes", "0.15", "--restart", "--json")
    status, out, errors = await run(folder, *options)
    figures = json.loads(out)
    assert out.count("\n") == 1
    assert text("rehearse.restarted") in errors
    assert list(figures) == [
        *("tablets", "turns", "turn_ms", "join_ms", "checkin"),
        *("reconnect_ms", "wrong_at_end", "lost"),
    ]
    assert list(figures["turn_ms"]) == ["p50", "p95", "p99", "last_p50"]
    assert (figures["tablets"], figures["wrong_at_end"], figures["lost"]) == (8, 0, 0)
    assert (figures["checkin"]["sent"], figures["checkin"]["stored"]) == (8, 8)
    assert figures["turns"] > 0
    assert status == expected_status(figures)
    assert list(folder.iterdir()) == []


@pytest.mark.slow
async def test_on_a_running_server_no_other_meeting_is_touched(house: Hall, folder: Path) -> None:
    before = house.running.head_hash
    options = ("--tablets", "4", "--minutes", "0.1", "--cut", "1")
    status, out, errors = await run(folder, *options, "--url", link(house))
    assert (status in (0, 1), errors) == (True, "")
    assert text("rehearse.checkins", stored=4, sent=4) in out
    assert text("rehearse.right") in out
    assert [(one.id, one.head_hash) for one in house.server.meetings.all()] == [("btv", before)]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_stopped_in_the_middle_it_deletes_its_meeting(
    house: Hall, folder: Path, tmp_path: Path, ending: signal.Signals
) -> None:
    options = ("--tablets", "3", "--minutes", "5", "--json", "--url", house.url)
    code = link(house).rpartition("/")[2]
    async with started(folder, *options, environment={"PHIEN_TOKEN": code}) as process:
        assert process.stderr is not None
        begun = text("rehearse.begun", tablets=3, url=house.url)
        async with asyncio.timeout(WAIT_SECONDS):
            assert (await process.stderr.readline()).decode().rstrip() == begun
            assert len(house.server.meetings.all()) == 2
            process.send_signal(ending)
            out, errors = await process.communicate()
    said = [text("terminal.rehearse_interrupted"), text("terminal.rehearse_deleted")]
    assert (process.returncode, out, errors.decode().splitlines()) == (130, b"", said)
    assert [one.id for one in house.server.meetings.all()] == ["btv"]
    await house.server.close()
    store = await open_store(tmp_path / "data")
    assert await StoredMeetings(store).ids() == ["btv"]
    await store.close()


async def test_a_terminal_that_is_closed_ends_it_as_well(house: Hall, folder: Path) -> None:
    ours, theirs = os.openpty()
    options = ("--tablets", "1", "--minutes", "5", "--json", "--url", link(house))
    async with started(folder, *options, told=theirs) as process:
        os.close(theirs)
        async with asyncio.timeout(WAIT_SECONDS):
            await asyncio.to_thread(os.read, ours, 1)  # it has begun
            os.close(ours)
            process.send_signal(signal.SIGHUP)
            await process.communicate()
    assert [one.id for one in house.server.meetings.all()] == ["btv"]


async def test_a_meeting_that_cannot_be_deleted_is_not_said_to_be(
    house: Hall, folder: Path, tmp_path: Path
) -> None:
    options = ("--tablets", "1", "--minutes", "5", "--json", "--url", link(house))
    async with started(folder, *options) as process:
        assert process.stderr is not None
        async with asyncio.timeout(WAIT_SECONDS):
            await process.stderr.readline()
            keep_rows(tmp_path / "data")
            process.send_signal(signal.SIGINT)
            _, errors = await process.communicate()
    said = [text("terminal.rehearse_interrupted"), text("terminal.rehearse_left")]
    assert (process.returncode, errors.decode().splitlines()) == (130, said)
    assert len(house.server.meetings.all()) == 2


@pytest.mark.slow
async def test_stopped_with_its_own_server_it_leaves_nothing_behind(folder: Path) -> None:
    async with started(folder, "--tablets", "2", "--minutes", "5", "--json") as process:
        assert process.stderr is not None
        async with asyncio.timeout(WAIT_SECONDS):
            await process.stderr.readline()
            begun = (await process.stderr.readline()).decode()
            url = begun.split()[-1]
            assert begun.rstrip() == text("rehearse.begun", tablets=2, url=url)
            process.send_signal(signal.SIGINT)
            await process.communicate()
    assert process.returncode == 130
    assert list(folder.iterdir()) == []
    with pytest.raises(OSError, match=str(port_of(url))):
        await asyncio.open_connection("127.0.0.1", port_of(url))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
async def test_killed_it_leaves_no_server_behind(folder: Path) -> None:
    async with started(folder, "--tablets", "1", "--minutes", "5", "--json") as process:
        assert process.stderr is not None
        async with asyncio.timeout(WAIT_SECONDS):
            await process.stderr.readline()
            url = (await process.stderr.readline()).decode().split()[-1]
            process.kill()
            while await answers(url):
                pass


async def answers(url: str) -> bool:
    """Whether anybody listens there, asked in so many words."""
    try:
        answer, ask = await asyncio.open_connection("127.0.0.1", port_of(url))
    except OSError:
        return False
    with contextlib.suppress(OSError):
        ask.write(b"GET /healthz HTTP/1.0\r\n\r\n")
        await answer.read()
    ask.close()
    return True


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


# What cannot be


async def test_a_server_of_others_is_not_killed(folder: Path) -> None:
    says(await run(folder, "--restart", "--url", "http://127.0.0.1:9/c/x"), "restart_url")


@pytest.mark.parametrize(
    ("options", "key", "data"),
    [
        (("--url", "192.168.1.105"), "url_wrong", {"url": "192.168.1.105"}),
        (("--url", "http://[::1"), "url_wrong", {"url": "http://[::1"}),
        (("--url", "http://127.0.0.1:9"), "no_token", {}),
    ],
)
async def test_what_is_no_address_is_said_in_a_sentence(
    folder: Path, options: Sequence[str], key: str, data: dict[str, str]
) -> None:
    says(await run(folder, *options), key, **data)


async def test_no_server_is_said_in_a_sentence(folder: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    says(await run(folder, "--url", url, "--token", "x" * 26), "no_server", url=url)


async def test_what_is_no_server_of_ours_is_said_in_a_sentence(folder: Path) -> None:
    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(other, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        says(await run(folder, "--url", url, "--token", "x" * 26), "not_phien", url=url)


async def test_only_a_secretarys_code_opens_the_door_while_nobody_meets(
    house: Hall, folder: Path
) -> None:
    wrong = await run(folder, "--url", house.url, "--token", "x" * 26)
    says(wrong, "token_wrong")
    says(await run(folder, "--url", link(house, "chu")), "not_secretary")
    await house.act("chu", c.OpenMeeting())
    says(await run(folder, "--url", link(house)), "not_now")
    assert [one.id for one in house.server.meetings.all()] == ["btv"]
