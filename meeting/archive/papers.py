"""Where the papers of a meeting lie in the bag: every version, a note for each withdrawn one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from meeting.archive.names import numbered
from meeting.rules.state import Document, MeetingState, Version, Withdrawn

PAPERS: Final = "04_Tai_lieu"
SIGNED: Final = "06_Ban_ky"
WITHDRAWN: Final = "99_Da_thu_hoi"
FOLDER_LETTERS: Final = 40
FILE_LETTERS: Final = 64


class Laid(Struct, frozen=True):
    """One version of a paper, or a signed copy, and where it lies below `data/`.

    `older`: another version took its place. `lost`: the office had no such file any more when the
    bag was packed, or one with other bytes; then `path` is "" and nothing lies there. `size` in
    bytes, 0 where only a note lies there. `collect`: who read it read copies with their name on
    them; this is the paper without.
    """

    document: str
    item: str
    number: str
    title: str
    version: int
    pages: int
    sha256: str
    path: str
    size: int = 0
    late: bool = False
    older: bool = False
    withdrawn: bool = False
    erased: bool = False
    lost: bool = False
    signed: bool = False
    collect: bool = False
    withdrawn_at: datetime | None = None
    reason: str = ""


def lay_out(state: MeetingState, sizes: Mapping[str, int]) -> list[Laid]:
    """All papers in the agenda's order, the withdrawn ones after them, signed copies last.

    Args:
        sizes: bytes of each file there is, by its SHA-256.
    """
    laid: list[Laid] = []
    items = list(state.items.values())
    for place, item in enumerate(items, start=1):
        spoken = f"Nội dung {item.number} - {item.title}" if item.number else item.title
        named = numbered(place, spoken, FOLDER_LETTERS)
        number = 0
        for document in state.documents.values():
            if document.item != item.id:
                continue
            for version in document.versions():
                number += 1
                folder = f"{PAPERS}/{named}"
                laid.append(_version(document, version, folder, number, sizes))
    notes = 0
    for gone in state.withdrawn.values():
        for version in gone.document.versions():
            notes += 1
            laid.append(_note(gone, version, notes))
    for place, copy in enumerate(state.signed_copies, start=1):
        stem = copy.name.removesuffix(".pdf").removesuffix(".PDF")
        path = f"{SIGNED}/{numbered(place, stem, FILE_LETTERS)}.pdf"
        there = copy.sha256 in sizes
        laid.append(
            Laid(
                document="",
                item="",
                number="",
                title=copy.name,
                version=1,
                pages=copy.pages,
                sha256=copy.sha256,
                path=path if there else "",
                size=sizes.get(copy.sha256, 0),
                lost=not there,
                signed=True,
            )
        )
    return laid


def _version(
    document: Document, version: Version, folder: str, number: int, sizes: Mapping[str, int]
) -> Laid:
    there = version.sha256 in sizes
    return Laid(
        document=document.id,
        item=document.item,
        number=version.number,
        title=version.title,
        version=version.version,
        pages=version.pages,
        sha256=version.sha256,
        path=f"{folder}/{_file(document, version, number)}.pdf" if there else "",
        size=sizes.get(version.sha256, 0),
        late=version.late,
        older=version.version != document.version,
        lost=not there,
        collect=document.collect,
    )


def _note(gone: Withdrawn, version: Version, number: int) -> Laid:
    document = gone.document
    return Laid(
        document=document.id,
        item=document.item,
        number=version.number,
        title=version.title,
        version=version.version,
        pages=version.pages,
        sha256=version.sha256,
        path=f"{PAPERS}/{WITHDRAWN}/{_file(document, version, number)}.html",
        late=version.late,
        older=version.version != document.version,
        collect=document.collect,
        withdrawn=True,
        erased=gone.erased,
        withdrawn_at=gone.at,
        reason=gone.reason,
    )


def _file(document: Document, version: Version, number: int) -> str:
    written = " ".join(filter(None, [version.number, version.title]))
    stem = numbered(number, written, FILE_LETTERS)
    return f"{stem} (bản {version.version})" if document.version > 1 else stem
