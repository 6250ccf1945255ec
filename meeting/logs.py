"""What the server writes down of itself: one JSON line an event, ids and codes, no words.

No name, title, reason, file name, address, code, cookie or link is ever in a line, whatever is
handed over: keys are a closed list, values look like ids or are left out, exceptions become
their types and the lines of our own files they came through. The people's record is `store`'s.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import re
import sqlite3
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final, Literal, TypedDict, Unpack, get_args

import msgspec
from msgspec import Struct

FILE: Final = "phien.log"
FILE_BYTES: Final = 1_000_000
OLDER_FILES: Final = 3

PACE_LINES: Final = 50
PACE_SECONDS: Final = 10.0
"""Of one event, at most so many lines in so long; the next line says how many were left out."""

OURS: Final = "phien"
PACKAGE: Final = Path(__file__).parent
FRAMES_MOST: Final = 12
CAUSES_MOST: Final = 6

LATELY_MOST: Final = 50

WEB_SERVER: Final = "uvicorn.error"
LEAVING: Final = "Cancel "
"""So begins what it says of downloads that are not through when the server stops."""

Event = Literal[
    "address_changed",
    "addresses_unknown",
    "attempt_not_recorded",
    "batch_not_stored",
    "clock_jumped",
    "command_failed",
    "command_refused",
    "crashed",
    "database_lost",
    "device_closed",
    "device_refused",
    "disk",
    "event_failed",
    "image_not_kept",
    "journal_not_folded",
    "library",
    "libraries_unexpected",
    "limit_reached",
    "meeting_closed",
    "meeting_not_removed",
    "meeting_opened",
    "page_failed",
    "pages_failed",
    "paper_not_erased",
    "print_failed",
    "publication_failed",
    "rehearsal_not_deleted",
    "request_failed",
    "reserve_failed",
    "sending_failed",
    "sleep_not_held",
    "started",
    "stopped",
    "text_failed",
    "text_not_kept",
    "tick_failed",
    "trial_not_ended",
    "worker_not_started",
]
"""What may be written down. `library`: somebody else's logger; only where and of what type."""

EVENTS: Final[frozenset[str]] = frozenset(get_args(Event))


class Ids(TypedDict, total=False):
    """What a line may say of an event, and nothing else.

    `code` is a refusal's or a reason; `document` the start of a paper's SHA-256; `ms` how long it
    took; `fault` the exception, of which the type and our own frames are written.
    """

    meeting: str
    seat: str
    device: str
    command: str
    code: str
    document: str
    page: int
    rev: int
    count: int
    ms: float
    fault: BaseException


_SAID: Final = tuple(key for key in Ids.__annotations__ if key != "fault")
_LIKE_AN_ID: Final = re.compile(r"[0-9A-Za-z_:.-]{1,64}")
_LIKE_A_CODE: Final = re.compile(r"[a-z_]{1,40}")
"""Ours have no digits: those of cards and check-in do."""


class Log:
    """The log of one part of the server, such as `live`."""

    def __init__(self, part: str) -> None:
        self._logger = logging.getLogger(f"{OURS}.{part}")

    def info(self, event: Event, **ids: Unpack[Ids]) -> None:
        """Something ordinary that whoever looks for a cause will want to know."""
        self._say(logging.INFO, event, ids)

    def warning(self, event: Event, **ids: Unpack[Ids]) -> None:
        """Something the operator should know of, though nothing of ours broke."""
        self._say(logging.WARNING, event, ids)

    def error(self, event: Event, **ids: Unpack[Ids]) -> None:
        """A fault. It is also one plain sentence on the terminal."""
        self._say(logging.ERROR, event, ids)

    def _say(self, level: int, event: Event, ids: Ids) -> None:
        if self._logger.isEnabledFor(level):
            # As `exc_info`, so that a developer's own handler shows the whole traceback.
            self._logger.log(
                level, event, exc_info=ids.get("fault"), extra={"ids": ids}, stacklevel=3
            )


def faults_only() -> None:
    """For a command that ends at once and says itself what it could not do."""
    logging.getLogger(OURS).setLevel(logging.ERROR)


@contextlib.contextmanager
def kept(folder: Path, sentence: Callable[[str, Path], str]) -> Iterator[Path]:
    """Within it, this process's log goes to a file in the folder; faults also to the terminal.

    Args:
        sentence: what the terminal says of a fault in this part, the whole of it in this file.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE
    full = _PrivateFile(path)
    full.setFormatter(_Line())
    brief = logging.StreamHandler()
    brief.setLevel(logging.ERROR)
    brief.addFilter(logging.Filter(OURS))
    brief.setFormatter(_Sentence(path, sentence))
    for handler in (full, brief):
        handler.addFilter(_is_told)
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    levels, raising = (root.level, ours.level), logging.raiseExceptions
    unraisable = sys.unraisablehook
    # A disk that is full cannot take the log either; that is no news for the terminal.
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    sys.unraisablehook = _unraisable
    root.setLevel(logging.WARNING)
    ours.setLevel(logging.INFO)
    for handler in (full, brief):
        root.addHandler(handler)
    try:
        yield path
    finally:
        for handler in (full, brief):
            root.removeHandler(handler)
            handler.close()
        root.setLevel(levels[0])
        ours.setLevel(levels[1])
        sys.unraisablehook = unraisable
        logging.captureWarnings(False)
        logging.raiseExceptions = raising


def _is_told(record: logging.LogRecord) -> bool:
    """What is left because whoever asked has gone, or because the server stops, is no fault."""
    left = bool(record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
    return not left and not (record.name == WEB_SERVER and str(record.msg).startswith(LEAVING))


def _unraisable(bad: sys.UnraisableHookArgs) -> None:
    """Python would print it, words and all."""
    logging.getLogger("python").error("unraisable", exc_info=bad.exc_value)


class Late(Struct, frozen=True):
    """Something that went wrong: when, what, in which part; its code and the types of a fault."""

    at: datetime
    level: str
    event: str
    part: str
    code: str


class Lately(logging.Handler):
    """The newest warnings and faults, in memory."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.addFilter(_is_told)
        self._late: deque[Late] = deque(maxlen=LATELY_MOST)

    def start(self) -> None:
        """Begin to listen, until `close`."""
        logging.getLogger().addHandler(self)

    def close(self) -> None:
        logging.getLogger().removeHandler(self)
        super().close()

    @property
    def events(self) -> list[Late]:
        """The newest first."""
        return [*reversed(self._late)]

    def emit(self, record: logging.LogRecord) -> None:
        line = line_of(record)
        code = line.get("code") or line.get("reason") or line.get("type", "")
        at = datetime.fromtimestamp(record.created, UTC)
        self._late.append(Late(at, line["level"], line["event"], line["part"], str(code)))


class _PrivateFile(RotatingFileHandler):
    """Readable by its owner only, each new file too; and never filled by one event alone."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=FILE_BYTES, backupCount=OLDER_FILES, encoding="utf-8")
        self._paces: dict[str, tuple[float, int]] = {}

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return TextIOWrapper(open(self.baseFilename, "ab", opener=private), encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        event = event_of(record)
        since, lines = self._paces.get(event, (0.0, 0))
        if not 0.0 <= record.created - since < PACE_SECONDS:
            record.left_out = max(0, lines - PACE_LINES)
            since, lines = record.created, 0
        self._paces[event] = (since, lines + 1)
        if lines < PACE_LINES:
            super().emit(record)


class _Line(logging.Formatter):
    """An event as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        return msgspec.json.encode(line_of(record)).decode()


class _Sentence(logging.Formatter):
    """A fault in one sentence, for whoever looks at the terminal."""

    def __init__(self, path: Path, sentence: Callable[[str, Path], str]) -> None:
        super().__init__()
        self._path = path
        self._sentence = sentence

    def format(self, record: logging.LogRecord) -> str:
        return self._sentence(record.name, self._path)


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is said of an event, and nothing else."""
    line: dict[str, Any] = {
        "at": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
        "level": record.levelname.lower(),
        "event": event_of(record),
        "part": _like_an_id(record.name.removeprefix(f"{OURS}.")),
    }
    ids: dict[str, Any] = getattr(record, "ids", {})
    line |= {key: _like_an_id(ids[key]) for key in _SAID if key in ids}
    if not _LIKE_A_CODE.fullmatch(line.get("code", "none")):
        line["code"] = "?"
    if line["event"] == "library":
        line["where"] = [f"{_like_an_id(record.module)}:{record.lineno}"]
    if record.exc_info and (fault := record.exc_info[1]) is not None:
        line |= reduced(fault)
    if left_out := getattr(record, "left_out", 0):
        line["left_out"] = left_out
    return line


def event_of(record: logging.LogRecord) -> str:
    """Which event it is; somebody else's messages may say anything, so they say nothing."""
    ours = record.name.partition(".")[0] == OURS
    return str(record.msg) if ours and record.msg in EVENTS else "library"


def _like_an_id(value: Any) -> Any:
    if isinstance(value, int | float):
        return round(value, 3)
    return value if isinstance(value, str) and _LIKE_AN_ID.fullmatch(value) else "?"


def reduced(fault: BaseException) -> dict[str, Any]:
    """What may be known of an exception: `type` with its causes, `where` it came through our own
    files, and the system's name (`reason`) where it has one, such as ENOSPC or SQLITE_FULL.
    """
    types: list[str] = []
    where: list[str] = []
    reason = ""
    cause: BaseException | None = fault
    while cause is not None and len(types) < CAUSES_MOST:
        types.append(type(cause).__name__)
        where += _frames(cause)
        reason = reason or _reason(cause)
        hidden = cause.__suppress_context__
        cause = cause.__cause__ or (None if hidden else cause.__context__)
    said: dict[str, Any] = {"type": " < ".join(types), "where": where[:FRAMES_MOST]}
    return said | ({"reason": reason} if reason else {})


def _frames(fault: BaseException) -> list[str]:
    """The lines of our own files, the innermost first."""
    frames = [
        f"{Path(frame.f_code.co_filename).relative_to(PACKAGE).as_posix()}:{line}"
        for frame, line in traceback.walk_tb(fault.__traceback__)
        if Path(frame.f_code.co_filename).is_relative_to(PACKAGE)
    ]
    return frames[::-1]


def _reason(fault: BaseException) -> str:
    if isinstance(fault, OSError) and fault.errno is not None:
        return errno.errorcode.get(fault.errno, str(fault.errno))
    if isinstance(fault, sqlite3.Error):
        return str(getattr(fault, "sqlite_errorname", ""))
    return ""
