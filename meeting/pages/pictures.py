"""Pictures made one PDF by a sandboxed process (sandbox/pictures.py), killed when it hangs."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal, cast, get_args

from meeting.pages.children import Handing, ended, said, start_child
from meeting.pages.limits import PagesLimits
from meeting.sandbox import command

PictureCode = Literal["picture_broken", "picture_too_large"]
CODES: Final = get_args(PictureCode)
ANSWER_BYTES: Final = 10_000

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_APPLE: Final = (b"heic", b"heix", b"heif", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")


class PictureRefused(Exception):
    """A picture cannot be used; `at` says which, counted from 0."""

    def __init__(self, code: PictureCode, at: int) -> None:
        super().__init__(code, at)
        self.code: PictureCode = code
        self.at = at


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so is a picture that can be used."""
    return head.startswith((_JPEG, _PNG))


def is_heic(head: bytes) -> bool:
    """Whether it is one as iPhones keep them, which nothing here can read."""
    return head[4:8] == b"ftyp" and head[8:12] in _APPLE


async def make_pdf(pictures: Path, sizes: Sequence[int], output: Path, limits: PagesLimits) -> None:
    """Make `output`, which must exist, a PDF of these pictures, one a page.

    Args:
        pictures: one after the other in one file.
        sizes: how many bytes each of them has.

    Raises:
        PictureRefused: one of them cannot be used, or costs too much.
        OSError: a file of ours cannot be opened, or no process can be had.
    """
    with ExitStack() as kept:
        handing = Handing(kept)
        settings = {
            "source": handing.over(pictures),
            "output": handing.over(output, os.O_RDWR),
            "sizes": list(sizes),
            "max_pixels": limits.picture_pixels,
            "memory_bytes": limits.picture_memory_bytes,
            "cpu_seconds": limits.picture_cpu_seconds,
            "output_bytes": limits.picture_output_bytes,
        }
        program = command("pictures", json.dumps(settings))
        process = await start_child(program, handing.descriptors)
    try:
        answer = await _answer(process, limits.picture_seconds)
    finally:
        await ended(process)
    if answer.get("pages") == len(sizes):
        return
    code, at = answer.get("code"), answer.get("at")
    known = code in CODES and isinstance(at, int) and 0 <= at < len(sizes)
    raise PictureRefused(cast(PictureCode, code), cast(int, at)) if known else _lost()


def _lost() -> PictureRefused:
    """Which picture was to blame died with the process: the first is named."""
    return PictureRefused("picture_broken", 0)


async def _answer(process: asyncio.subprocess.Process, seconds: float) -> dict[str, object]:
    try:
        async with asyncio.timeout(seconds):
            return await said(process, ANSWER_BYTES)
    except (EOFError, OSError, ValueError, TimeoutError):
        return {}
