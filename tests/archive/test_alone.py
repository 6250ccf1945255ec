"""The verifier that lies in every file and needs nothing of ours: it finds what we find."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from meeting.archive import kiem_tra
from meeting.archive.checking import Finding, check
from meeting.archive.opening import LINES_MOST
from meeting.archive.shelf import Filed
from tests.archive.forging import ANNEX, PAPER, Files, changed


def alone(*said: str | Path) -> tuple[int, Any]:
    """What the verifier that stands alone says: its exit status and its findings."""
    command = [sys.executable, "-I", kiem_tra.__file__, *map(str, said), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    return done.returncode, json.loads(done.stdout)


def test_it_is_short_and_speaks_an_old_python() -> None:
    source = Path(kiem_tra.__file__).read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    assert len(source.splitlines()) <= 300
    imported = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= set(sys.stdlib_module_names)


def test_it_agrees_on_a_whole_file(official: Filed, tmp_path: Path) -> None:
    seal = check(official.path).seal
    whole = {"whole": True, "seal": seal, "findings": []}
    assert alone(official.path) == (0, {**whole, "compared": False})
    assert alone(official.path, "--head", seal.upper()) == (0, {**whole, "compared": True})
    with zipfile.ZipFile(official.path) as file:
        file.extractall(tmp_path)
    [script] = tmp_path.rglob("kiem_tra.py")
    done = subprocess.run([sys.executable, "-I", script], capture_output=True, check=False)
    assert done.returncode == 0
    first = "Không thay đổi kể từ khi đóng gói; chưa so với mã ghi trong phòng họp."
    assert done.stdout.decode().splitlines()[:2] == [first, kiem_tra.PAGES]


def same(path: Path, head: str = "") -> bool:
    """Whether it finds what `check` finds, as far as it looks."""
    known = set(kiem_tra.SENTENCES)
    ours = [
        {"code": finding.code, "data": finding.data}
        for finding in check(path, head).findings
        if finding.code in known
    ]
    status, theirs = alone(path, "--head", head)
    assert theirs["findings"] == ours
    assert status == (1 if ours else 0)
    return bool(ours)


def test_it_agrees_on_what_was_changed(official: Filed, copied: Path) -> None:
    def cut(files: Files) -> None:
        del files[PAPER]
        files["data/thêm.txt"] = b""
        files["data/01_Chuong_trinh/chuong_trinh.html"] += b" "
        files[f"{ANNEX}/nhat_ky.jsonl"] = files[f"{ANNEX}/nhat_ky.jsonl"].replace(b"09", b"08")

    changed(copied, cut, mended=False)
    assert same(copied)
    assert same(official.path, "aaaa-bbbb-cccc-dddd")
    whole = official.path.read_bytes()
    copied.write_bytes(whole[: len(whole) // 2])
    assert same(copied)
    assert not same(official.path, check(official.path).seal)


def test_it_agrees_on_bytes_that_changed_in_its_members(official: Filed, copied: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(official.path.read_bytes())) as file:
        infos = file.infolist()
    for info in infos[:: max(1, len(infos) // 8)]:
        whole = bytearray(official.path.read_bytes())
        at = info.header_offset + 30 + len(info.filename.encode()) + info.file_size // 2
        whole[at] ^= 1
        copied.write_bytes(whole)
        assert same(copied), info.filename


@pytest.mark.parametrize("name", [f"{ANNEX}/nhat_ky.jsonl", "manifest-sha256.txt", "bag-info.txt"])
def test_both_refuse_lines_without_end(copied: Path, name: str) -> None:
    def change(files: Files) -> None:
        files[name] = b"\n" * (LINES_MOST + 1)

    found = changed(copied, change, mended=not name.startswith("manifest-"))
    assert Finding("file_unreadable", {"path": name}) in found.findings
    assert same(copied)
