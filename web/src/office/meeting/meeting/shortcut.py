"""An icon on the desktop that starts the server and opens the office's page.

Windows, Linux and macOS each have their own kind of file; nothing else is installed or changed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

NAME: Final = "Phiên"
PROGRAM_SECONDS: Final = 60.0

_POWERSHELL: Final = """
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
$desktop = [Environment]::GetFolderPath('Desktop')
$name = $env:PHIEN_NAME + '.lnk'
$path = Join-Path $desktop $name
New-Item -ItemType File -Force -Path $path | Out-Null
$link = (New-Object -ComObject Shell.Application).NameSpace($desktop).ParseName($name).GetLink
$link.Path = $env:PHIEN_PROGRAM
$link.Arguments = $env:PHIEN_ARGUMENTS
$link.WorkingDirectory = $env:USERPROFILE
$link.SetIconLocation($env:PHIEN_ICON, 0)
$link.Save()
$path
"""
"""Everything it is told comes by the environment: there is nothing to quote. By the shell's own
object, as that of scripts (WshShortcut) garbles letters that are not in the system's code page.
"""


class NoShortcut(Exception):
    """No icon could be made; the reason in the system's own words."""


def make(arguments: Sequence[str], folder: Path, *, desktop: Path | None = None) -> Path:
    """Put the icon on the desktop, over an older one.

    Args:
        arguments: what follows `meeting serve --open`.
        folder: where the icon's picture is kept.
        desktop: the desktop's folder, where the system need not be asked.

    Raises:
        NoShortcut: it could not be made.
    """
    command = [sys.executable, "-m", "meeting", "serve", "--open", *arguments]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform == "win32":
            return _on_windows(command, _picture(folder / "phien.ico"))
        if sys.platform == "darwin":
            return on_macos(command, desktop or Path.home() / "Desktop")
        return on_linux(command, _picture(folder / "phien.png"), desktop or _linux_desktop())
    except (OSError, subprocess.SubprocessError) as error:
        raise NoShortcut(str(error)) from error


def _on_windows(command: Sequence[str], icon: Path) -> Path:
    told = {
        "PHIEN_NAME": NAME,
        "PHIEN_PROGRAM": command[0],
        "PHIEN_ARGUMENTS": subprocess.list2cmdline(command[1:]),
        "PHIEN_ICON": str(icon),
    }
    done = subprocess.run(
        ["powershell", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL],
        env={**os.environ, **told},
        capture_output=True,
        check=False,
        timeout=PROGRAM_SECONDS,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").split("\n")
        raise NoShortcut(said[0].strip())
    return Path(done.stdout.decode("utf-8-sig", "replace").strip())


def on_linux(command: Sequence[str], icon: Path, desktop: Path) -> Path:
    """A desktop entry (freedesktop.org) that opens a terminal, where the server is stopped."""
    desktop.mkdir(parents=True, exist_ok=True)
    path = desktop / "phien.desktop"
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        f"Name={NAME}",
        "Comment=Họp không giấy",
        f"Exec={' '.join(map(_quoted, command))}",
        f"Icon={icon}",
        "Terminal=true",
        "Categories=Office;",
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    path.chmod(0o755)
    if gio := shutil.which("gio"):  # the desktop of GNOME asks for this, others for the mode
        trusted = [gio, "set", str(path), "metadata::trusted", "true"]
        subprocess.run(trusted, capture_output=True, check=False, timeout=PROGRAM_SECONDS)
    return path


def _quoted(argument: str) -> str:
    """An argument as a desktop entry has it."""
    escaped = "".join(f"\\{ch}" if ch in '"`$\\' else ch for ch in argument)
    doubled = escaped.replace("\\", "\\\\").replace("%", "%%")
    return f'"{doubled}"'


def _linux_desktop() -> Path:
    """The folder shown as the desktop, whatever its name is in the user's language."""
    if program := shutil.which("xdg-user-dir"):
        asked = [program, "DESKTOP"]
        done = subprocess.run(
            asked, capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS
        )
        found = Path(done.stdout.strip() or Path.home())
        if found != Path.home():
            return found
    return Path.home() / "Desktop"


def on_macos(command: Sequence[str], desktop: Path) -> Path:
    """A script that the Finder opens in a terminal."""
    desktop.mkdir(parents=True, exist_ok=True)
    path = desktop / f"{NAME}.command"
    path.write_text(f"#!/bin/sh\nexec {shlex.join(command)}\n", "utf-8")
    path.chmod(0o755)
    return path


def _picture(path: Path) -> Path:
    """The icon of the app, drawn for the desktop: a sheet of paper in the office's red."""
    side = 256
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((32, 16, 224, 240), radius=32, fill="#9b1c1c")
    for right, top in ((176, 88), (176, 128), (136, 168)):
        draw.rounded_rectangle((80, top - 10, right, top + 10), radius=10, fill="#ffffff")
    picture.save(path)
    return path
