"""The technical annex: the whole log, its fold, where each paper lies, and a verifier that needs
nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from meeting.archive.papers import Laid
from meeting.archive.record import Record
from meeting.protocol.log import Entry, canonical

LOG: Final = "nhat_ky.jsonl"
LINKS: Final = "nhat_ky_ma.txt"
SUMMARY: Final = "tom_tat.json"
PAPERS: Final = "tai_lieu.json"
ACCOUNTS: Final = "nguoi_thuc_hien.json"
VERIFIER: Final = "kiem_tra.py"

_HERE: Final = Path(__file__).parent


def files(
    record: Record,
    laid: Sequence[Laid],
    entries: Sequence[tuple[Entry, bytes]],
    accounts: Mapping[str, str],
) -> dict[str, bytes]:
    """The annex's files by name. A line of the log is exactly what its hash was made from."""
    return {
        LOG: b"".join(canonical(entry) + b"\n" for entry, _ in entries),
        LINKS: b"".join(link.hex().encode() + b"\n" for _, link in entries),
        SUMMARY: _json(record.state),
        PAPERS: _json(laid),
        ACCOUNTS: _json(accounts),
        VERIFIER: (_HERE / VERIFIER).read_bytes().replace(b"\r\n", b"\n"),
        "README.txt": (_HERE / "templates" / "README.txt").read_bytes().replace(b"\r\n", b"\n"),
    }


def _json(value: object) -> bytes:
    """Keys and sets sorted, so that the same value is the same bytes; a line for each field."""
    return msgspec.json.format(msgspec.json.encode(plain(value)), indent=1) + b"\n"


def plain(value: object) -> Any:
    """As JSON has it, sorted; the numbers of pages, which are keys, as text."""
    return msgspec.to_builtins(value, str_keys=True, order="sorted")
