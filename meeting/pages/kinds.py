"""What kinds of files become papers, told by their names and how they begin; and each made a PDF.

Where files come from, and which become one paper, is for others to say.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Final

from meeting.errors import Refused
from meeting.pages.convert import ENDINGS, Converter, NotConverted
from meeting.pages.limits import PagesLimits
from meeting.pages.pictures import PictureRefused, is_heic, is_picture, make_pdf

HEAD_BYTES: Final = 1024
"""So much of a file's beginning tells what it is."""

_INSIDE: Final = ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"))
"""What a new file of a program has among its first names."""


async def as_pdf(
    sent: Path,
    head: bytes,
    names: Sequence[str],
    sizes: Sequence[int],
    made: Path,
    converter: Converter,
    limits: PagesLimits,
) -> Path:
    """The file that was sent where it is a PDF, else `made`, which is one now.

    Args:
        sent: one file, or several pictures one after the other, each of so many bytes.
        head: its first bytes, `HEAD_BYTES` or all.
        names: what each of them is called.
        made: an empty file.

    Raises:
        Refused: `file_heic`, `picture_broken`, `picture_too_large`; `file_from_office` where this
            machine cannot make it one, `conversion_failed`, `conversion_slow`; `malformed`.
        OSError: the disk is full, or no process can be had.
    """
    if len(sizes) > 1 or is_picture(head) or is_heic(head):
        if len(names) != len(sizes):
            raise Refused("malformed")
        await _from_pictures(sent, sizes, made, names, limits)
        return made
    if program := program_of(names[0], head):
        if not converter.ready:
            raise Refused("file_from_office", program=program)
        try:
            await converter.convert(sent, ending_of(names[0], head), made)
        except NotConverted as refused:
            raise Refused(refused.code, program=program) from None
        return made
    return sent


async def _from_pictures(
    sent: Path, sizes: Sequence[int], made: Path, names: Sequence[str], limits: PagesLimits
) -> None:
    heads = await asyncio.to_thread(_heads, sent, sizes)
    if any(is_heic(head) for head in heads):
        raise Refused("file_heic")
    try:
        await make_pdf(sent, sizes, made, limits)
    except PictureRefused as refused:
        raise Refused(refused.code, name=PurePath(names[refused.at]).name) from None


def _heads(path: Path, sizes: Sequence[int]) -> list[bytes]:
    """How each of the files begins that lie one after the other in one."""
    heads, at = [], 0
    with path.open("rb") as file:
        for size in sizes:
            file.seek(at)
            heads.append(file.read(min(size, HEAD_BYTES)))
            at += size
    return heads


def program_of(name: str, head: bytes) -> str:
    """The program that saves this file as PDF, if it is one of its own; "" if it is none."""
    return ENDINGS.get(ending, "") if (ending := ending_of(name, head)) else ""


def ending_of(name: str, head: bytes) -> str:
    """What the name of such a file ends in, or would if it had kept its own; "" if it is none."""
    if b"%PDF-" in head:
        return ""
    said = PurePath(name.replace("\\", "/")).suffix.lower()
    if said in ENDINGS:
        return said
    if head.startswith(b"PK\3\4"):
        for inside, ending in _INSIDE:
            if inside in head:
                return ending
        return ".docx" if b"[Content_Types]" in head else ""
    return ".doc" if head.startswith(b"\xd0\xcf\x11\xe0") else ""
