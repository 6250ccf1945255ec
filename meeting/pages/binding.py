"""Papers bound into one PDF by a sandboxed process (sandbox/binder.py), killed when it hangs.

What stands before the papers, on plates and at the foot of pages comes in a PDF of our own; what is
bound, and who may have it, is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from meeting.pages.children import Handing, ended, framed, said, start_child
from meeting.pages.pool import FILE_CODES, FileCode
from meeting.sandbox import command

NEWS_BYTES: Final = 10_000


class NotBound(Exception):
    """Nothing was bound, and no paper is to blame."""


@dataclass(frozen=True, slots=True)
class BindingLimits:
    """What binding untrusted papers may cost."""

    memory_bytes: int = 3_000_000_000
    cpu_seconds: int = 300
    most_bytes: int = 50_000_000
    """Of one paper."""
    output_bytes: int = 2_000_000_000
    piece_seconds: float = 60.0
    save_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF to be bound. `turned`: quarters of a turn by page, counted from 1."""

    path: Path
    pages: int
    title: str
    turned: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plate:
    """Stands for a paper that cannot be bound; the front matter holds its page."""

    title: str


@dataclass(frozen=True, slots=True)
class Front:
    """A PDF of ours: pages that come first, one for each plate, one in place of a page that cannot
    be bound, then one strip for the foot of every page of every paper.
    """

    path: Path
    title: str


async def bind(
    front: Front,
    pieces: Sequence[Paper | Plate],
    output: Path,
    limits: BindingLimits | None = None,
) -> dict[int, FileCode]:
    """Bind the pieces in their order behind the front matter.

    Returns which pieces cannot be bound, by their place, and why; {} where `output`, which must
    exist, now holds the book.

    Raises:
        NotBound: it failed, but at no paper.
        OSError: a file of ours cannot be opened, or no process can be had.
    """
    limits = limits or BindingLimits()
    unfit: dict[int, FileCode] = {}
    with ExitStack() as handed:
        over = Handing(handed)
        job = _job(front, pieces, output, limits, over, unfit)
        if unfit:
            return unfit
        settings = {
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": limits.cpu_seconds,
            "output_bytes": limits.output_bytes,
            "files": len(over.descriptors),
        }
        process = await start_child(command("binder", json.dumps(settings)), over.descriptors)
    try:
        return await _bound(process, job, limits)
    finally:
        await ended(process)


def _job(
    front: Front,
    pieces: Sequence[Paper | Plate],
    output: Path,
    limits: BindingLimits,
    handing: Handing,
    unfit: dict[int, FileCode],
) -> dict[str, Any]:
    """The job as the child reads it; papers whose file is not there are noted in `unfit`."""
    laid: list[dict[str, Any]] = []
    plates = strips = 0
    for at, piece in enumerate(pieces):
        if isinstance(piece, Plate):
            laid.append({"plate": plates, "title": piece.title})
            plates += 1
            continue
        strips += piece.pages
        try:
            source = handing.over(piece.path)
        except OSError:
            unfit[at] = "file_broken"
            continue
        turned = {str(page): quarters for page, quarters in piece.turned.items()}
        laid.append(
            {"source": source, "pages": piece.pages, "title": piece.title, "turned": turned}
        )
    return {
        "front": handing.over(front.path),
        "title": front.title,
        "plates": plates,
        "strips": strips,
        "pieces": laid,
        "most_bytes": limits.most_bytes,
        "output": handing.over(output, os.O_RDWR),
    }


async def _bound(
    process: asyncio.subprocess.Process, job: dict[str, Any], limits: BindingLimits
) -> dict[int, FileCode]:
    """Follow the news until the book is whole, or the papers to blame are known."""
    out = process.stdin
    if out is None:
        raise NotBound
    unfit: dict[int, FileCode] = {}
    at, last = -1, len(job["pieces"])
    try:
        out.write(framed(json.dumps(job).encode()))
        while True:
            async with asyncio.timeout(limits.save_seconds if at == last else limits.piece_seconds):
                news = await said(process, NEWS_BYTES)
            if "at" in news:
                at = int(news["at"])
            elif "unfit" in news:
                code = news.get("code")
                unfit[int(news["unfit"])] = (
                    cast(FileCode, code) if code in FILE_CODES else "file_broken"
                )
            elif "pages" in news:
                return unfit
    except (EOFError, OSError, ValueError, TypeError, TimeoutError) as lost:
        if 0 <= at < last and "source" in job["pieces"][at]:
            return {**unfit, at: "file_broken"}
        raise NotBound from lost
