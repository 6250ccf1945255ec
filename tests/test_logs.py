"""The server's own log: closed keys, ids and codes, never words."""

from __future__ import annotations

import ast
import asyncio
import gc
import json
import logging
import stat
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from meeting import logs
from meeting.logs import FILE, FILE_BYTES, PACE_LINES, PACE_SECONDS, Lately, Log
from meeting.protocol import patch

PACKAGE = Path(logs.__file__).parent
log = Log("test")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The log is kept in this folder."""
    with logs.kept(tmp_path / "data", lambda part, path: ""):
        yield tmp_path / "data"


def lines(folder: Path) -> list[dict[str, Any]]:
    """What was written, without the time."""
    said = (folder / FILE).read_text("utf-8").splitlines()
    return [{key: value for key, value in json.loads(line).items() if key != "at"} for line in said]


def at(second: float, event: logs.Event) -> None:
    """This event, at this second of the wall clock."""
    said = {"name": "phien.test", "msg": event, "created": second}
    said |= {"levelno": logging.INFO, "levelname": "INFO"}
    logging.getLogger("phien.test").handle(logging.makeLogRecord(said))


def fault() -> BaseException:
    """One that came through our own code, with a person's words in it and in its cause."""
    try:
        try:
            raise OSError(28, "Nguyễn Văn Kín", "giấy mời.pdf")
        except OSError:
            patch.diff({"Nguyễn Văn Kín": {}}, None)  # type: ignore[arg-type]
    except TypeError as error:
        return error
    raise AssertionError


def test_a_line_holds_ids_and_codes(folder: Path) -> None:
    log.info("command_refused", meeting="btv", seat="an", device="an-1", command="x-1", code="late")
    log.warning("device_closed", code="deaf", ms=1234.56789, count=2)
    assert lines(folder) == [
        {
            "level": "info",
            "event": "command_refused",
            "part": "test",
            "meeting": "btv",
            "seat": "an",
            "device": "an-1",
            "command": "x-1",
            "code": "late",
        },
        {
            "level": "warning",
            "event": "device_closed",
            "part": "test",
            "code": "deaf",
            "count": 2,
            "ms": 1234.568,
        },
    ]


def test_times_are_utc(folder: Path) -> None:
    at(1_800_000_000.0, "started")
    assert json.loads((folder / FILE).read_text("utf-8"))["at"] == "2027-01-15T08:00:00.000Z"


def test_an_exception_is_its_types_and_our_own_lines(folder: Path) -> None:
    log.error("event_failed", fault=fault())
    [line] = lines(folder)
    assert {where.partition(":")[0] for where in line.pop("where")} == {"protocol/patch.py"}
    assert line == {
        "level": "error",
        "event": "event_failed",
        "part": "test",
        "type": "TypeError < OSError",
        "reason": "ENOSPC",
    }


@pytest.mark.parametrize("value", ["Nguyễn Văn An", "two words", "", "x" * 65, "a\nb", "/c/abc"])
def test_what_does_not_look_like_an_id_is_left_out(folder: Path, value: str) -> None:
    log.info("command_refused", seat=value, code=value)
    said = {"level": "info", "event": "command_refused", "part": "test"}
    assert lines(folder) == [{**said, "seat": "?", "code": "?"}]


def test_a_code_has_no_digits_as_those_of_cards_have(folder: Path) -> None:
    log.info("device_refused", code="482913")
    assert [line["code"] for line in lines(folder)] == ["?"]


def test_others_say_only_where_and_of_what_type(folder: Path) -> None:
    logging.getLogger("sqlalchemy.engine").error("[parameters: ('Kín',)]", exc_info=fault())
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request: Kín")
    logging.getLogger("uvicorn.error").info("Kín")
    logging.getLogger("phien.test").warning("Kín")
    said = [(line["level"], line["event"], line["part"], "where" in line) for line in lines(folder)]
    assert said == [
        ("error", "library", "sqlalchemy.engine", True),
        ("warning", "library", "uvicorn.error", True),
        ("warning", "library", "test", True),
    ]
    assert "Kín" not in (folder / FILE).read_text("utf-8")


def test_whoever_goes_in_the_middle_of_a_download_is_no_fault(folder: Path) -> None:
    uvicorn, lately = logging.getLogger("uvicorn.error"), Lately()
    lately.start()
    try:
        try:
            raise asyncio.CancelledError
        except asyncio.CancelledError as left:
            uvicorn.error("Exception in ASGI application\n", exc_info=left)
            log.error("request_failed", fault=left)
        uvicorn.error("Cancel %s running task(s), timeout graceful shutdown exceeded", 1)
        uvicorn.error("Exception in ASGI application\n", exc_info=ValueError("x"))
    finally:
        lately.close()
    assert [line["type"] for line in lines(folder)] == ["ValueError"]
    assert [late.code for late in lately.events] == ["ValueError"]


def test_a_fault_is_one_sentence_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logs.kept(tmp_path, lambda part, path: f"Có trục trặc: {part}, {path.name}"):
        log.info("started")
        log.warning("page_failed", page=3)
        logging.getLogger("uvicorn.error").error("no fault of ours")
        log.error("tick_failed", fault=fault())
    assert capsys.readouterr() == ("", "Có trục trặc: phien.test, phien.log\n")


def test_what_python_itself_would_print_is_reduced_too(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    class Last:
        def __del__(self) -> None:
            raise ValueError("Nguyễn Văn Kín")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("Nguyễn Văn Kín", stacklevel=1)
    hook = sys.unraisablehook
    Last()
    gc.collect()
    assert hook is sys.unraisablehook
    assert [(line["part"], line.get("type")) for line in lines(folder)] == [
        ("py.warnings", None),
        ("python", "ValueError"),
    ]
    assert capsys.readouterr() == ("", "")


def test_one_event_does_not_fill_the_file(folder: Path) -> None:
    for number in range(PACE_LINES * 3):
        at(1000.0 + number / 1000, "command_refused")
    log.info("started")
    at(1000.0 + PACE_SECONDS, "command_refused")
    at(1000.0 + PACE_SECONDS, "command_refused")
    line = {"level": "info", "event": "command_refused", "part": "test"}
    assert lines(folder) == [
        *[line] * PACE_LINES,
        {**line, "event": "started"},
        {**line, "left_out": 2 * PACE_LINES},
        line,
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
def test_old_files_are_as_private_as_the_new_one(folder: Path) -> None:
    (folder / FILE).write_bytes(b"." * FILE_BYTES)
    log.info("started")
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.glob(f"{FILE}*")}
    assert kept == {FILE: 0o600, f"{FILE}.1": 0o600}
    assert [line["event"] for line in lines(folder)] == ["started"]


def test_afterwards_everything_is_as_it_was(tmp_path: Path) -> None:
    def settings() -> list[object]:
        root, ours = logging.getLogger(), logging.getLogger("phien")
        return [
            [*root.handlers],
            root.level,
            ours.level,
            sys.unraisablehook,
            logging.raiseExceptions,
        ]

    before = settings()
    with logs.kept(tmp_path, lambda part, path: ""):
        assert settings() != before
    assert settings() == before


def test_no_part_has_another_way_to_log() -> None:
    """`live` names a logger for the libraries below it, which would make their own."""
    importing = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import) and "logging" in {alias.name for alias in node.names}
    }
    assert importing == {"logs.py", "metrics.py", "live.py"}


def test_no_event_is_listed_that_nothing_says() -> None:
    code = "".join(
        path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path.name != "logs.py"
    )
    silent = {event for event in get_args(logs.Event) if f'"{event}"' not in code}
    assert silent == {"library"}
