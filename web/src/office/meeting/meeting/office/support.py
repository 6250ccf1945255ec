"""Tệp hỗ trợ: what whoever is asked for help needs, and nothing of what is met about.

Codes, versions, numbers and the log's own lines, read once more as if a stranger had written
them. No name, title, paper, token or link.
"""

from __future__ import annotations

import contextlib
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from meeting import __version__, logs
from meeting.logs import Ids
from meeting.protocol.machine import MachineView

LIBRARIES: Final = (
    "aiosqlite",
    "asyncpg",
    "httptools",
    "msgspec",
    "pillow",
    "pymupdf",
    "python-engineio",
    "python-socketio",
    "sqlalchemy",
    "starlette",
    "typst",
    "uvicorn",
    "uvloop",
    "websockets",
)

_SAID: Final = frozenset(
    {*Ids.__annotations__, "at", "level", "event", "part", "type", "where", "reason", "left_out"}
)
_PLAIN: Final = re.compile(r"[0-9A-Za-z_:./<>+ -]{1,300}")


class MeetingFigures(Struct, frozen=True):
    """A meeting by its id, in numbers."""

    id: str
    phase: str
    rev: int
    seats: int
    devices: int
    connected: int
    items: int
    documents: int
    trial: bool


def pack(
    view: MachineView,
    meetings: Iterable[MeetingFigures],
    settings: Mapping[str, Any],
    figures: bytes,
    folder: Path,
) -> bytes:
    """The whole file, a zip. Reads the log: to be called in a thread.

    Args:
        figures: the server's metrics, as Prometheus reads them.
        folder: the data folder.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (
            ("machine.json", _json(_nameless(view))),
            ("meetings.json", _json([*meetings])),
            ("settings.json", _json(dict(settings))),
            ("versions.json", _json(versions())),
            ("metrics.txt", figures),
            ("log.jsonl", b"".join(_lines(folder))),
        ):
            file.writestr(name, content)
    return packed.getvalue()


def versions() -> dict[str, str]:
    """Our own and our libraries'."""
    found = {"phien": __version__, "sqlite": sqlite3.sqlite_version}
    for name in LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):  # some are extras
            found[name] = metadata.version(name)
    return found


def _nameless(view: MachineView) -> MachineView:
    """Without titles; an address that is a name says whose it is, so only its port stays."""
    return replace(
        view,
        meetings_on=(),
        url=_numbers_only(view.url),
        other_urls=tuple(map(_numbers_only, view.other_urls)),
    )


def _numbers_only(url: str) -> str:
    parts = urlsplit(url)
    try:
        ip_address(parts.hostname or "")
    except ValueError:
        return f"{parts.scheme}://?:{parts.port or ''}"
    return url


def _lines(folder: Path) -> Iterator[bytes]:
    """What the log says, the oldest first."""
    older = [folder / f"{logs.FILE}.{number}" for number in range(logs.OLDER_FILES, 0, -1)]
    for path in (*older, folder / logs.FILE):
        try:
            written = path.read_bytes()
        except OSError:
            continue
        for line in written.splitlines():
            if kept := _kept(line):
                yield msgspec.json.encode(kept) + b"\n"


def _kept(line: bytes) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(line)
    except ValueError:
        return {}
    if not isinstance(said, dict) or said.get("event") not in logs.EVENTS:
        return {}
    return {key: value for key, value in said.items() if key in _SAID and _is_plain(value)}


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, int | float) or (
        isinstance(value, str) and _PLAIN.fullmatch(value) is not None
    )


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)
