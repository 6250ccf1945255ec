"""The icon on the desktop: what it starts, in each system's own kind of file."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from meeting import shortcut

STRANGE = 'Dữ liệu 100% của "An" $HOME `id` \\ bc'


def unescaped(value: str) -> list[str]:
    """An Exec line as a desktop reads it (Desktop Entry Specification 1.5)."""
    strings = value.replace("\\\\", "\\")
    arguments, inside, argument, taken = [], False, "", iter(strings)
    for ch in taken:
        if ch == '"':
            if inside:
                assert "%" not in argument.replace("%%", "")  # a lone one means a file
                arguments.append(argument.replace("%%", "%"))
            inside, argument = not inside, ""
        elif ch == "\\":
            argument += next(taken)
        elif inside:
            argument += ch
    return arguments


@pytest.mark.skipif(sys.platform != "linux", reason="of Linux")
def test_on_linux_it_is_a_desktop_entry(tmp_path: Path) -> None:
    data = tmp_path / "data"
    path = shortcut.make(["--data", STRANGE], data, desktop=tmp_path / "Màn hình nền")
    lines = dict(line.split("=", 1) for line in path.read_text("utf-8").splitlines()[1:])
    assert unescaped(lines["Exec"]) == [
        *(sys.executable, "-m", "meeting", "serve", "--open", "--data", STRANGE)
    ]
    assert (lines["Name"], lines["Terminal"], lines["Type"]) == ("Phiên", "true", "Application")
    assert os.access(path, os.X_OK)
    with Image.open(lines["Icon"]) as icon:
        assert icon.size == (256, 256)


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_on_a_mac_it_is_a_script(tmp_path: Path) -> None:
    arguments = tmp_path / "arguments"
    written = f"import sys, pathlib; pathlib.Path({str(arguments)!r}).write_text(sys.argv[1])"
    path = shortcut.on_macos([sys.executable, "-c", written, STRANGE], tmp_path)
    assert path.name == "Phiên.command"
    subprocess.run([path], check=True)
    assert arguments.read_text("utf-8") == STRANGE
    assert shlex.split(path.read_text("utf-8").splitlines()[1])[-1] == STRANGE


@pytest.mark.skipif(sys.platform == "win32", reason="of other systems")
def test_a_desktop_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    with pytest.raises(shortcut.NoShortcut):
        shortcut.make([], tmp_path / "data", desktop=tmp_path / "file" / "Desktop")


def test_windows_is_told_everything_by_the_environment() -> None:
    """Nothing that could need quoting is in the script itself."""
    told = ("PHIEN_NAME", "PHIEN_PROGRAM", "PHIEN_ARGUMENTS", "PHIEN_ICON")
    assert [name for name in told if f"$env:{name}" not in shortcut._POWERSHELL] == []
    assert "{" not in shortcut._POWERSHELL
