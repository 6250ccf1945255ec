"""Files of office programs made PDF by LibreOffice, where it is installed.

It runs on one file at a time, shut in where the system allows it (sandbox/exec.py), with a profile
made for the one run in which no macro runs and nothing linked is fetched. What comes out is as
untrusted as what went in.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any, Final, Literal

from meeting.pages import typefaces
from meeting.pages.children import KILL_SECONDS, ended, start_child
from meeting.pages.limits import PagesLimits
from meeting.pages.widths import fitted
from meeting.sandbox import command
from meeting.sandbox.exec import TIME_UP

ENDINGS: Final[Mapping[str, str]] = {
    ".doc": "Word", ".docx": "Word", ".docm": "Word", ".rtf": "Word", ".odt": "Word",
    ".xls": "Excel", ".xlsx": "Excel", ".xlsm": "Excel", ".ods": "Excel",
    ".csv": "Excel",
    ".ppt": "PowerPoint", ".pptx": "PowerPoint", ".pps": "PowerPoint", ".ppsx": "PowerPoint",
    ".odp": "PowerPoint",
}  # fmt: skip
"""What can be made PDF, and the program that would save it as PDF itself."""

FOLDERS: Final = "converting-"
"""How the folders of single runs begin; what a crash left of them goes at the next start."""

SPARE_SECONDS: Final = 10.0
"""Given to the child beyond its own time, to end what it started."""

CONVERTED: Final = "paper.pdf"
TYPEFACES: Final = "fonts.conf"
FLAT: Final = "paper.fods"
FLAT_MOST_BYTES: Final = 3_000_000
"""A larger spreadsheet, of more than some 20,000 cells, becomes PDF as it is. Measured: to read 20
megabytes keeps the loop from going on for a tenth of a second, in whatever thread.
"""

START_AGAIN: Final = 81
"""The status by which LibreOffice asks to be started once more: with a profile that is new."""
STARTS: Final = 2

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_PLACES: Final = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)

_SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "/org.openoffice.Office.Calc/Content/Update": {"Link": "1"},
    "/org.openoffice.Office.Java/VirtualMachine": {"Enable": "false"},
    # Whatever asks for a web address asks a closed door of this very machine.
    "/org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
    },
    "/org.openoffice.Setup/Office": {"ooSetupInstCompleted": "true"},
}
"""Of its own profile: links 0 and 1 are "never" in Writer and in Calc."""

ConversionCode = Literal["conversion_failed", "conversion_slow"]


class NotConverted(Exception):
    """No PDF came out."""

    def __init__(self, code: ConversionCode) -> None:
        super().__init__(code)
        self.code: ConversionCode = code


def installed() -> str:
    """Where LibreOffice lies on this machine, "" if nowhere."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        return next((place for place in _PLACES if Path(place).is_file()), "")
    # What stands there by that name is a script that starts it, and starts it again by itself:
    # shut in, the second one trips over the socket of the first.
    itself = Path(found).resolve().with_name("soffice.bin")
    return str(itself if itself.is_file() else found)


class Converter:
    """One file at a time. `start` first.

    Args:
        folder: where the single runs have their own folders.
        program: LibreOffice, "" where there is none.
    """

    def __init__(
        self, folder: Path | None = None, program: str = "", limits: PagesLimits | None = None
    ) -> None:
        # LibreOffice runs in a folder of its own, and takes no other way to one for an address.
        self._folder = folder.absolute() if folder is not None else None
        self._program = program
        self._limits = limits or PagesLimits()
        self._turn = asyncio.Lock()
        self.typefaces = typefaces.Typefaces()

    @property
    def ready(self) -> bool:
        """Whether files can be made PDF here."""
        return bool(self._program) and self._folder is not None

    async def start(self) -> None:
        """Make the folder, take away what a crash left in it, and look which typefaces are here."""
        if self._folder is not None:
            await asyncio.to_thread(_cleared, self._folder)
        if self.ready:
            self.typefaces = await asyncio.to_thread(typefaces.installed)

    async def convert(self, path: Path, ending: str, output: Path) -> None:
        """Make `output` the PDF of this file, which is the kind of file its `ending` says.

        Raises:
            NotConverted: it is broken, locked, or takes too long.
            OSError: the disk is full, or no process can be had.
        """
        if self._folder is None or ending not in ENDINGS:
            raise NotConverted("conversion_failed")
        async with self._turn:
            run = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=FOLDERS, dir=self._folder))
            try:
                if not await asyncio.to_thread(_is_such, path, ending):
                    raise NotConverted("conversion_failed")
                source = await asyncio.to_thread(_prepared, run, path, ending)
                if lacking := self.typefaces.lacking:
                    await asyncio.to_thread(
                        (run / TYPEFACES).write_text, typefaces.without(lacking), "utf-8"
                    )
                if ENDINGS[ending] == "Excel":
                    await self._run(run, source, "fods")
                    better = await asyncio.to_thread(_fitted, run)
                    source = source if better is None else better
                await self._run(run, source, "pdf")
                made = run / "out" / CONVERTED
                if not await asyncio.to_thread(_is_file, made):
                    raise NotConverted("conversion_failed")
                await asyncio.to_thread(shutil.copyfile, made, output)
            finally:
                await asyncio.shield(asyncio.to_thread(shutil.rmtree, run, ignore_errors=True))

    async def _run(self, run: Path, source: Path, kind: str) -> None:
        """Lay the file into the folder `out` as another kind. Raises NotConverted, OSError."""
        asked = (
            self._program,
            f"-env:UserInstallation={(run / 'profile').as_uri()}",
            *("--headless", "--invisible", "--norestore", "--nolockcheck", "--nodefault"),
            *("--nologo", "--nofirststartwizard", "--convert-to", kind),
            *("--outdir", str(run / "out"), str(source)),
        )
        status = START_AGAIN
        for _ in range(STARTS):
            if sys.platform == "linux":
                status = await self._shut_in(asked, run)
            else:
                status = await self._beside(asked, run)
            if status != START_AGAIN:
                break
        if status == TIME_UP:
            raise NotConverted("conversion_slow")
        if status:
            raise NotConverted("conversion_failed")

    async def _shut_in(self, asked: Sequence[str], run: Path) -> int:
        """By a child that ends with its time, or when we let go of it, and all below it with it."""
        settings = {
            "program": asked,
            "folder": str(run),
            "environ": _environ(run),
            "seconds": self._limits.convert_seconds,
            "memory_bytes": self._limits.convert_memory_bytes,
            "cpu_seconds": self._limits.convert_cpu_seconds,
            "output_bytes": self._limits.convert_output_bytes,
        }
        child = await start_child(command("exec", json.dumps(settings)), heard=False)
        try:
            async with asyncio.timeout(self._limits.convert_seconds + SPARE_SECONDS):
                return await child.wait()
        except TimeoutError:
            return TIME_UP
        finally:
            if child.stdin is not None:
                child.stdin.close()
            await ended(child, KILL_SECONDS)

    async def _beside(self, asked: Sequence[str], run: Path) -> int:
        """Without the child, where the system has no way to shut it in: its own group, killed."""
        options: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        program = await asyncio.create_subprocess_exec(
            *asked,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=run,
            env={**os.environ, **_environ(run)},
            **options,
        )
        try:
            async with asyncio.timeout(self._limits.convert_seconds):
                return await program.wait()
        except TimeoutError:
            return TIME_UP
        finally:
            with suppress(ProcessLookupError, PermissionError):
                _kill_group(program)
            await ended(program, KILL_SECONDS)


def _environ(run: Path) -> dict[str, str]:
    """All it knows of the machine: its own folders, and letters as we write them."""
    return {
        "HOME": str(run),
        "TMPDIR": str(run / "tmp"),
        "TMP": str(run / "tmp"),
        "TEMP": str(run / "tmp"),
        "PATH": "/usr/local/bin:/usr/bin:/bin" if os.name == "posix" else os.environ["PATH"],
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        **({"FONTCONFIG_FILE": str(run / TYPEFACES)} if (run / TYPEFACES).exists() else {}),
    }


def _prepared(run: Path, path: Path, ending: str) -> Path:
    """The file under a name of ours, beside a fresh profile; the file's place."""
    for part in ("in", "out", "tmp", "profile/user"):
        (run / part).mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{escape(path)}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>\n"
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    (run / "profile/user/registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n{items}</oor:items>\n',
        "utf-8",
    )
    source = run / "in" / Path(CONVERTED).with_suffix(ending)
    shutil.copyfile(path, source)
    return source


def _fitted(run: Path) -> Path | None:
    """The spreadsheet with tables as wide as their pages; None where it is better as it came."""
    made, source = run / "out" / FLAT, run / "in" / FLAT
    if not _is_file(made) or made.stat().st_size > FLAT_MOST_BYTES:
        return None
    flat = fitted(made.read_text("utf-8", "replace"))
    if flat is None:
        return None
    source.write_text(flat, "utf-8")
    return source


def _is_such(path: Path, ending: str) -> bool:
    """Whether a file can be what its ending says: LibreOffice shows all else as letters."""
    if ending == ".csv":
        return True
    with path.open("rb") as file:
        head = file.read(8)
    old = head.startswith((_OLD_OFFICE, b"{\\rtf"))
    if ending in (".doc", ".xls", ".ppt", ".pps", ".rtf") and old:
        return True
    return zipfile.is_zipfile(path)


def _is_file(path: Path) -> bool:
    """Whether it is a file itself: a link could lead to somebody else's."""
    return path.is_file() and not path.is_symlink()


def _cleared(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{FOLDERS}*"):
        shutil.rmtree(left, ignore_errors=True)


def _kill_group(program: asyncio.subprocess.Process) -> None:
    if sys.platform == "win32":
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(program.pid)], check=False, capture_output=True
        )
    else:
        os.killpg(program.pid, signal.SIGKILL)
