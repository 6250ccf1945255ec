"""Children are started with nothing of ours, heard in whole messages, and ended for certain."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from meeting.pages.children import Handing, ended, framed, said, start_child

posix = pytest.mark.skipif(os.name != "posix", reason="descriptors are inherited on POSIX only")


async def child(program: str, *descriptors: int) -> asyncio.subprocess.Process:
    return await start_child((sys.executable, "-I", "-c", program), descriptors)


def saying(message: bytes) -> str:
    return f"import sys; sys.stdout.buffer.write({framed(message)!r})"


async def test_a_child_knows_nothing_of_ours_and_reads_what_it_was_handed(tmp_path: Path) -> None:
    handed = tmp_path / "handed.txt"
    handed.write_text("giấy", "utf-8")
    program = (
        "import json, os, sys; asked = json.loads(sys.stdin.buffer.read()[4:]);"
        " read = open(asked['source'], encoding='utf-8').read();"
        " told = json.dumps({'read': read, 'knows': sorted(os.environ)}).encode();"
        " sys.stdout.buffer.write(len(told).to_bytes(4, 'big') + told)"
    )
    with ExitStack() as kept:
        handing = Handing(kept)
        asked = {"source": handing.over(handed)}
        process = await child(program, *handing.descriptors)
    assert process.stdin is not None
    process.stdin.write(framed(json.dumps(asked).encode()))
    process.stdin.write_eof()

    told = await said(process, 1000)
    await ended(process, patience=30.0)

    assert told["read"] == "giấy"
    assert {*told["knows"]} <= {"LC_CTYPE", "SYSTEMROOT"}
    assert process.returncode == 0


@pytest.mark.parametrize("message", [b"[]", b"7", b"{", b"[" * 5000, b"{" + b" " * 9000 + b"}"])
async def test_what_no_child_of_ours_would_say_is_nonsense(message: bytes) -> None:
    process = await child(saying(message))
    with pytest.raises(ValueError):  # noqa: PT011 - what a decoder says is its own
        await said(process, 8000)
    await ended(process)


async def test_a_child_that_ends_in_the_middle_of_a_message_has_ended() -> None:
    process = await child("import sys; sys.stdout.buffer.write(bytes([0, 0, 0, 9]) + b'{}')")
    with pytest.raises(EOFError):
        await said(process, 8000)
    await ended(process)


@posix
async def test_a_child_that_does_not_end_is_killed_once() -> None:
    process = await child("import time; time.sleep(1000)")

    await ended(process)
    await ended(process, killed=True)

    assert process.returncode == -9
