"""The bag (BagIt, RFC 8493): every file of it, from a log, its papers' checksums and the names of
the office's accounts. Pure: the same log gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from meeting import __version__
from meeting.archive import annex, drawing, words
from meeting.archive.digests import Digest, digest
from meeting.archive.manifests import ALGORITHMS, DECLARATION
from meeting.archive.names import safe
from meeting.archive.papers import Laid, lay_out
from meeting.archive.record import Record, read
from meeting.archive.sheets import workbook
from meeting.archive.tables import ANNEX, all_tables
from meeting.archive.zipping import Layout, Part, layout
from meeting.protocol.log import Entry

FIRST: Final = "00_DOC_TRUOC.html"
ROOT_LETTERS: Final = 56
_SOURCES: Final = ("archive/*.py", "archive/templates/*", "protocol/*.py", "rules/*.py")


class File(Struct, frozen=True):
    """A file of the bag, its path below the bag's top; `body` is None for a paper, which is
    found by its SHA-256.
    """

    path: str
    digest: Digest
    body: bytes | None = None


class Bag(Struct, frozen=True):
    """All files of a bag. `root` is the folder it is in, and its zip file's name."""

    root: str
    stamp: datetime
    files: tuple[File, ...]
    record: Record
    laid: tuple[Laid, ...]

    def zipped(self) -> Layout:
        """The zip file around the files, in their order.

        Raises:
            ValueError: a file is too large.
        """
        parts = [
            Part(f"{self.root}/{file.path}", file.digest.size, file.digest.crc)
            for file in self.files
        ]
        return layout(parts, self.stamp)


@cache
def agent() -> str:
    """What makes bags here, as far as their bytes depend on it: another text, other bytes."""
    from xlsxwriter import __version__ as sheets  # only where a file is made

    package, read = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(path for pattern in _SOURCES for path in package.glob(pattern)):
        read.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return f"Phien {__version__} ({read.hexdigest()[:12]}), XlsxWriter {sheets}"


def pack(
    entries: Sequence[tuple[Entry, bytes]],
    accounts: Mapping[str, str],
    papers: Mapping[str, Digest],
    by: str = "",
) -> Bag:
    """The bag of a log that has an entry at least.

    Args:
        entries: the whole log with its hashes.
        accounts: the names of the office's accounts by id; those that acted are written down.
        papers: what is known of each file there is, by its SHA-256.
        by: what the bag says made it, if not this program.

    Raises:
        ValueError, KeyError: the entries are no meeting's log.
    """
    acted = {entry.device for entry, _ in entries if not entry.seat}
    named = {account: name for account, name in sorted(accounts.items()) if account in acted}
    record = read(entries, named)
    laid = lay_out(record.state, {sha256: known.size for sha256, known in papers.items()})
    stamp = record.dial.local(record.last_at).replace(tzinfo=None, microsecond=0)
    payload = sorted(_payload(record, laid, entries, named, stamp, papers), key=_path)
    info = _info(record, payload, stamp, by or agent())
    tags = sorted(_tags(record, laid, payload, len(entries), info), key=_path)
    return Bag(root_of(record), stamp, (*tags, *payload), record, tuple(laid))


def _path(file: File) -> str:
    return file.path


def _written(path: str, body: bytes) -> File:
    return File(path, digest([body]), body)


def _payload(
    record: Record,
    laid: Sequence[Laid],
    entries: Sequence[tuple[Entry, bytes]],
    accounts: Mapping[str, str],
    stamp: datetime,
    papers: Mapping[str, Digest],
) -> Iterator[File]:
    yield _written(f"data/{FIRST}", drawing.first_page(record, laid, len(entries), ""))
    for folder, tables in all_tables(record, laid).items():
        name = tables[0].name
        yield _written(f"data/{folder}/{name}.html", drawing.table_page(record, tables))
        yield _written(f"data/{folder}/{name}.xlsx", workbook(tables, stamp))
    for paper in laid:
        if paper.withdrawn:
            yield _written(f"data/{paper.path}", drawing.withdrawn_page(record, paper))
        elif paper.path:
            yield File(f"data/{paper.path}", papers[paper.sha256])
    for name, body in annex.files(record, laid, entries, accounts).items():
        yield _written(f"data/{ANNEX}/{name}", body)


def _tags(
    record: Record, laid: Sequence[Laid], payload: Sequence[File], entries: int, info: bytes
) -> Iterator[File]:
    tags = [
        _written("bagit.txt", DECLARATION),
        _written("bag-info.txt", info),
        _written(FIRST, drawing.first_page(record, laid, entries, "data/")),
        *(_written(f"manifest-{name}.txt", _manifest(name, payload)) for name in ALGORITHMS),
    ]
    yield from tags
    for name in ALGORITHMS:
        yield _written(f"tagmanifest-{name}.txt", _manifest(name, tags))


def _manifest(algorithm: str, files: Sequence[File]) -> bytes:
    lines = [f"{getattr(file.digest, algorithm)}  {file.path}\n" for file in files]
    return "".join(sorted(lines, key=lambda line: line.partition("  ")[2])).encode()


def _info(record: Record, payload: Sequence[File], stamp: datetime, by: str) -> bytes:
    heading = record.state.meeting
    said = {
        "Source-Organization": heading.office,
        "External-Description": heading.title,
        "External-Identifier": heading.meeting,
        "Internal-Sender-Identifier": record.state.file_number,
        "Internal-Sender-Description": words.OFFICIAL if record.official else words.PROVISIONAL,
        "Bagging-Date": stamp.date().isoformat(),
        "Payload-Oxum": f"{sum(file.digest.size for file in payload)}.{len(payload)}",
        "Bag-Software-Agent": by,
        "Phien-Seal": record.seal,
    }
    lines = [f"{label}: {' '.join(value.split())}\n" for label, value in said.items() if value]
    return "".join(lines).encode()


def root_of(record: Record) -> str:
    """The folder a bag is in, such as `Hồ sơ 12-HS - Ban Thường vụ - 2026-12-10`."""
    heading = record.state.meeting
    day = record.dial.local(record.state.opened_at or heading.starts_at).date().isoformat()
    kind = f"Hồ sơ {record.state.file_number}" if record.official else "Hồ sơ tạm"
    if heading.trial:
        kind = f"{words.TRIAL} - {kind}"
    room = ROOT_LETTERS - len(day) - 6
    start = safe(kind, room - 8)
    body = safe(heading.body or heading.title, room - len(start))
    return " - ".join(filter(None, [start, body, day]))
