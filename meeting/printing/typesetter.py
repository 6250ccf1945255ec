"""The child that sets type: a template and its data in, a PDF out. One job each; see `press`.

It is a process of its own because setting many pages takes processor time that the event loop
must not lose, and because a process can be stopped. Its input is our own, not somebody's file.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec
import typst

from meeting import qr
from meeting.sandbox import kernel

TEMPLATES: Final = Path(__file__).parent / "templates"


def typeface() -> Path:
    """The folder of Be Vietnam Pro, the typeface of the app, with every Vietnamese letter."""
    return Path(str(files("fontpkg_be_vietnam_pro") / "files"))


def typeset(job: dict[str, Any]) -> bytes:
    """The PDF of a job as `press` writes it. Raises typst.TypstError."""
    codes = {text: qr.svg(text) for text in job["codes"]}
    pdf = typst.compile(
        str(TEMPLATES / f"{job['template']}.typ"),
        root=str(TEMPLATES),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(typeface())]),
        format="pdf",
        sys_inputs={
            "data": msgspec.json.encode(job["data"]).decode(),
            "codes": msgspec.json.encode(codes).decode(),
        },
        timestamp=job["at"],
        pdf_tags=False,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst made no single file")
    return pdf


def main() -> None:
    with contextlib.suppress(OSError):  # where there is no such, it ends when all is set
        kernel.prctl(kernel.DIE_WITH_PARENT, signal.SIGKILL)
    job = msgspec.json.decode(sys.stdin.buffer.read())
    sys.stdout.buffer.write(typeset(job))
