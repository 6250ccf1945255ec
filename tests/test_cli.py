"""The command line as its own process: what it prints, how it ends, what it says when it cannot."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pymupdf
import pytest

from meeting.backup import BESIDE
from meeting.protocol.schema import schema
from meeting.store.sqlite import DATABASE
from meeting.texts import text
from tests.helpers.process import START_SECONDS, Demo, demo, free_port

mupdf: Any = pymupdf

COMMAND: Final = (sys.executable, "-m", "meeting")
LOOPBACK: Final = ("--host", "127.0.0.1")

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


def run(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """The command with these arguments, to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        env={**os.environ, "HOME": str(home)},
        check=False,
    )


def children(pid: int) -> set[int]:
    """The processes below this one, at any depth."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found |= {child} | children(child)
    return found


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A PDF of one page, so that a demo on it starts sooner than on the sample papers."""
    pdf = mupdf.open()
    pdf.new_page(width=300, height=420).insert_text((30, 60), "one page")
    path = tmp_path / "Tờ trình.pdf"
    pdf.save(path)
    return path


# What needs no server


def test_help_names_the_commands(tmp_path: Path) -> None:
    for asked in (("--help",), ("-h",)):
        done = run(*asked, home=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "họp không giấy" in done.stdout
        assert [
            name
            for name in ("serve", "demo", "pages", "password", "rehearse", "types")
            if name not in done.stdout
        ] == []
    for command in ("serve", "demo"):
        options = run(command, "--help", home=tmp_path).stdout
        wanted = ("--host", "--port", "--url", "--data", "--json")
        assert [o for o in wanted if o not in options] == []


def test_types_are_the_schema_of_all_messages(tmp_path: Path) -> None:
    done = run("types", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(json.dumps(schema()))


def test_pages_are_drawn_into_a_folder_and_said_in_one_line(tmp_path: Path, paper: Path) -> None:
    out = tmp_path / "out"
    done = run("pages", paper, out, "--width", "900", "--json", home=tmp_path)
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)
    assert list(said) == ["pages", "seconds", "bytes", "first_page_ms", "refused", "failed_pages"]
    assert (said["pages"], said["refused"], said["failed_pages"]) == (1, None, [])
    assert [path.name for path in out.iterdir()] == ["1.png"]
    assert said["bytes"] == (out / "1.png").stat().st_size

    done = run("pages", paper, out, home=tmp_path)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)
    assert str(out) in done.stdout


def test_a_file_without_pages_to_draw_is_refused_with_2(tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"Dear Sir")
    done = run("pages", file, tmp_path / "out", "--json", home=tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["refused"] == "file_not_pdf"

    done = run("pages", file, tmp_path / "out", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [text("refused.file_not_pdf")]


def test_a_file_that_may_not_be_read_is_refused_in_the_same_line(tmp_path: Path) -> None:
    as_nobody = (
        "import os; os.access = lambda *_, **__: False; from meeting.cli import main; main()"
    )
    arguments = ["pages", str(tmp_path), str(tmp_path), "--json", "--data", str(tmp_path / "data")]
    done = subprocess.run(
        [sys.executable, "-c", as_nobody, *arguments],
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["refused"]) == (2, "file_unreadable")


@pytest.mark.parametrize("ending", ["SIGHUP", "SIGINT", "SIGTERM"])
def test_drawing_that_is_ended_leaves_nothing_of_its_own(tmp_path: Path, ending: str) -> None:
    number = getattr(signal, ending, None)
    if number is None or os.name != "posix":
        pytest.skip("no such signal here")
    file, out = tmp_path / "long.pdf", tmp_path / "out"
    pdf = mupdf.open()
    for _ in range(500):
        pdf.new_page(width=595, height=842).insert_text((72, 72), "Trang")
    pdf.save(file)
    drawing = subprocess.Popen([*COMMAND, "pages", file, out], stderr=subprocess.DEVNULL)
    while not list(out.glob("*.png")):  # it ends by itself if there never are any
        assert drawing.poll() is None
    drawing.send_signal(number)
    assert drawing.wait(START_SECONDS) == 1
    assert list(out.glob(".*")) == []


@pytest.mark.skipif(os.name != "posix", reason="no closed terminals")
def test_drawing_outlives_its_terminal_where_it_was_asked_to(tmp_path: Path, paper: Path) -> None:
    out = tmp_path / "out"
    drawing = subprocess.Popen(
        [*COMMAND, "pages", paper, out],
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN) and None,  # as nohup does
    )
    while not out.exists():
        assert drawing.poll() is None
    drawing.send_signal(signal.SIGHUP)
    assert drawing.wait(START_SECONDS) == 0


def test_a_secret_paper_is_refused_as_the_server_refuses_it(tmp_path: Path, paper: Path) -> None:
    stamped = tmp_path / "Báo cáo.pdf"
    pdf = mupdf.open()
    pdf.new_page(width=595, height=842).insert_text((420, 60), "MAÄT")  # as VNI fonts have it
    pdf.save(stamped)
    out = tmp_path / "out"

    done = run("pages", stamped, out, "--json", home=tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["refused"] == "secret_stamp"
    assert list(out.iterdir()) == []

    done = run("pages", paper.rename(tmp_path / "Bao cao MAT.pdf"), out, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [text("terminal.pages_secret_name", said="MAT")]
    assert list(out.iterdir()) == []


def test_a_paper_about_which_the_server_only_asks_is_drawn(tmp_path: Path, paper: Path) -> None:
    out = tmp_path / "out"
    done = run("pages", paper.rename(tmp_path / "BaoCaoMat.pdf"), out, "--json", home=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["refused"]) == (0, None)
    assert [path.name for path in out.iterdir()] == ["1.png"]


# What cannot be


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path, paper: Path) -> None:
    done = run("pages", paper, "/proc/x", home=tmp_path)
    assert says(done) == text("terminal.pages_unwritable", path="/proc/x", why=os.strerror(2))


@contextmanager
def busy_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def says(done: subprocess.CompletedProcess[str]) -> str:
    """The one line with which the command ended; it ended as it should when it cannot."""
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_a_busy_port_is_said_in_a_sentence(tmp_path: Path, paper: Path) -> None:
    with busy_port() as port:
        options: Sequence[str | Path] = ("--port", str(port), "--data", tmp_path / "data")
        done = run("demo", paper, *LOOPBACK, *options, home=tmp_path)
    assert says(done) == text("terminal.port_taken", port=port)


async def test_a_busy_data_folder_is_said_in_a_sentence(tmp_path: Path, paper: Path) -> None:
    data = tmp_path / "data"
    async with demo(data, [paper]) as running:
        port = str(free_port())
        done = run("demo", paper, *LOOPBACK, "--port", port, "--data", data, home=tmp_path)
        assert says(done) == text("terminal.data_busy", folder=str(data))
        assert await running.stop() == 0


@needs_proc
def test_a_database_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path) -> None:
    """Without the password."""
    options = ("--port", str(free_port()), "--data", str(tmp_path / "data"))
    there = "postgresql://an:secret@127.0.0.1:1/phien"
    done = run("demo", *LOOPBACK, *options, "--database", there, home=tmp_path)
    before, after = text("terminal.database_fault", why="|").split("|")
    said = says(done)
    assert said.startswith(before + "postgresql://127.0.0.1/phien: ")
    assert said.endswith(after)
    assert "secret" not in said


def test_data_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = run("demo", *LOOPBACK, "--port", str(free_port()), "--data", "/proc/x", home=tmp_path)
    why = os.strerror(2)
    assert says(done) == text("terminal.data_fault", folder="/proc/x", why=why)


def test_a_host_that_is_not_ours_is_said_in_a_sentence(tmp_path: Path) -> None:
    """An address of the range that belongs to nobody (RFC 5737): no name is looked up."""
    options = ("--port", str(free_port()), "--data", str(tmp_path / "data"))
    done = run("demo", "--host", "192.0.2.1", *options, home=tmp_path)
    before, after = text("terminal.host_wrong", host="192.0.2.1", why="|").split("|")
    said = says(done)
    assert (said.startswith(before), said.endswith(after)) == (True, True)


def test_a_secret_that_was_damaged_is_said_in_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret.key").write_bytes(b"short")
    done = run("demo", *LOOPBACK, "--port", str(free_port()), "--data", data, home=tmp_path)
    assert says(done).startswith(
        text("terminal.data_fault", folder=str(data), why="|").split("|")[0]
    )
    assert (data / "secret.key").read_bytes() == b"short"


# What runs


def test_json_is_one_line_with_the_keys_that_are_promised(tmp_path: Path, paper: Path) -> None:
    port = free_port()
    arguments = ("demo", str(paper), *LOOPBACK, "--port", str(port), "--data", str(tmp_path / "d"))
    with subprocess.Popen(
        [*COMMAND, *arguments, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        rest, errors = process.stdout.read(), process.stderr.read()
        status = process.wait(START_SECONDS)
    ready = json.loads(first)
    url = f"http://127.0.0.1:{port}"
    assert (rest, errors, status) == ("", "", 0)
    assert list(ready) == ["url", "links", "office", "ready_ms"]
    assert ready["url"] == url
    assert type(ready["ready_ms"]) is int
    office = ready["office"]
    assert (office["url"], office["login"]) == (f"{url}/office/", "thuky")
    assert len(office["password"]) >= 12
    links = ready["links"]
    assert list(links) == ["secretary", "chair", "members", "room", "guests"]
    everyone = [links["secretary"], links["chair"], links["room"], *links["members"]]
    assert all(link.startswith(f"{url}/c/") for link in [*everyone, *links["guests"]])
    assert len(set(everyone)) == len(everyone)


@needs_proc
async def test_asked_to_end_it_leaves_no_process_behind(tmp_path: Path) -> None:
    """The sample papers take a while to be made: its page workers are busy when it is asked."""
    running = Demo(tmp_path / "data", free_port())
    await running.start()
    before = children(running.pid)
    assert before
    assert await running.stop() == 0
    assert [pid for pid in before if alive(pid)] == []
    assert not (running.data / f"{DATABASE}-wal").exists(), "the store was not closed"
    await running.start()
    assert await running.stop() == 0


def test_the_terminal_shows_address_code_and_a_link_each(tmp_path: Path, paper: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = ("demo", str(paper), str(tmp_path / "thieu.pdf"), *LOOPBACK, "--port", str(port))
    with subprocess.Popen(
        [*COMMAND, *arguments, "--data", str(tmp_path / "d")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        last = text("terminal.stop")
        while last not in (line := process.stdout.readline()):
            assert line, lines
            lines.append(line.rstrip())
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        status = process.wait(START_SECONDS)
    shown = "\n".join(lines)
    assert status == 0
    assert text("terminal.trial") in shown
    assert f"{text('terminal.open')}   {url}" in shown
    assert (
        sum(set(line.strip()) <= set("█▀▄\N{NO-BREAK SPACE}") and "█" in line for line in lines)
        >= 12
    )
    links = [line.strip().partition(f"{url}/c/") for line in lines if f"{url}/c/" in line]
    roles = dict.fromkeys(label.strip() for label, _, _ in links)
    keys = ("secretary", "chair", "room", "member", "guest")
    assert list(roles) == [text(f"terminal.{key}") for key in keys]
    assert len({rest.split()[0] for _, _, rest in links}) == len(links)
    assert f"! thieu.pdf: {text('refused.file_missing')}" in shown
    assert "Traceback" not in shown


# What is kept, and the icon


async def test_a_running_server_is_backed_up_and_laid_down_elsewhere(
    tmp_path: Path, paper: Path
) -> None:
    data, file, new = tmp_path / "data", tmp_path / "all.zip", tmp_path / "new"
    async with demo(data, [paper]):
        done = run("backup", file, "--data", data, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(file) in done.stdout
    done = run("restore", file, "--data", new, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (new / "secret.key").read_bytes() == (data / "secret.key").read_bytes()
    originals = [
        sorted(path.name for path in (folder / "pages" / "originals").iterdir())
        for folder in (data, new)
    ]
    assert originals[0] == originals[1]
    async with demo(new) as running:  # and the meeting is there
        assert len(running.ready["links"]["members"]) > 1
    done = run("restore", file, "--data", new, home=tmp_path)
    assert says(done) == text("terminal.restore_not_empty", folder=str(new))


def test_nothing_to_back_up_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = run("backup", tmp_path / "all.zip", "--data", tmp_path / "none", home=tmp_path)
    assert says(done) == text("terminal.backup_no_data", folder=str(tmp_path / "none"))
    assert not (tmp_path / "all.zip").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the desktop of Linux")
def test_the_icon_is_put_on_the_desktop(tmp_path: Path) -> None:
    data = tmp_path / ".local" / "share" / "phien"
    done = run("shortcut", home=tmp_path)
    path = tmp_path / "Desktop" / "phien.desktop"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == text("terminal.shortcut", path=str(path))
    assert "serve" in path.read_text("utf-8")
    assert {one.name for one in data.iterdir()} <= set(BESIDE)
