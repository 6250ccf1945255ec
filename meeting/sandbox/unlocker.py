"""The child that writes a copy of a locked PDF without its lock, given the password.

The password comes on stdin, the answer goes to stdout, each with a 4-byte big-endian length; the
answer is JSON, {} or {"code": …}. Nothing keeps the password (pages/unlocking.py).
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import pymupdf

from meeting.sandbox.binder import Target
from meeting.sandbox.confine import answers_only, limit, shut
from meeting.sandbox.paper import read_file

mupdf: Any = pymupdf

PASSWORD_BYTES: Final = 1000
"""Much more than any PDF looks at."""


def unlock(settings: dict[str, Any], password: str) -> str | None:
    """Write the copy; None when that went well, else why not."""
    data = read_file(settings)
    if len(data) > settings["max_file_bytes"]:
        return "file_too_large"
    try:
        pdf = mupdf.open(stream=data, filetype="pdf")
        if pdf.needs_pass and not pdf.authenticate(password):
            return "file_password_wrong"
        copy = Target(settings["output"])
        pdf.save(copy, encryption=mupdf.PDF_ENCRYPT_NONE)
        copy.close()
    except MemoryError:
        return "file_too_heavy"
    except OSError:
        return "file_too_large"  # larger without its lock than may be written
    except Exception:
        return "file_broken"
    return None


def main() -> None:
    settings = json.loads(sys.argv[1])
    limit(
        memory_bytes=settings["memory_bytes"],
        cpu_seconds=settings["cpu_seconds"],
        output_bytes=settings["max_file_bytes"],
    )
    out = answers_only()
    shut()
    size = int.from_bytes(sys.stdin.buffer.read(4), "big")
    if size > PASSWORD_BYTES:
        return
    code = unlock(settings, sys.stdin.buffer.read(size).decode())
    raw = json.dumps({"code": code} if code else {}).encode()
    out.write(len(raw).to_bytes(4, "big") + raw)
    out.flush()
