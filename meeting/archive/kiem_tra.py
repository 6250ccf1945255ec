#!/usr/bin/env python3
"""Kiểm tra hồ sơ cuộc họp. Chỉ cần Python 3.8 trở lên, không cần mạng.

    python kiem_tra.py [HỒ SƠ] [--head MÃ] [--json]

HỒ SƠ là tệp .zip hoặc thư mục đã giải nén; không ghi thì là hồ sơ chứa tệp này. Kết thúc bằng 0
nếu nguyên vẹn, 1 nếu không, 2 nếu không đọc được.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ALGORITHMS = ("sha256", "sha512")
ANNEX = "data/99_Phu_luc_ky_thuat/"
CHUNK = 1 << 20
TEXT_MOST, LOG_MOST, LINES_MOST = 16 << 20, 64 << 20, 500_000
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
UNREADABLE = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)

SENTENCES = {
    "not_a_file": "Không đọc được như một hồ sơ: tệp hỏng hoặc không phải hồ sơ cuộc họp.",
    "file_missing": "Thiếu tệp: {path}",
    "file_extra": "Có tệp lạ: {path}",
    "file_changed": "Tệp đã bị thay đổi: {path}",
    "file_unreadable": "Không đọc được tệp: {path}",
    "log_broken": "Nhật ký bị thay đổi từ mục {rev}.",
    "seal_differs": "Mã niêm phong ghi trong hồ sơ không khớp với nhật ký.",
    "head_none": "Nhật ký này chưa có lần bế mạc nào để so mã.",
    "head_earlier": "Mã đã nhập là của một lần bế mạc trước; sau đó hội nghị được mở lại.",
    "head_differs": "Mã đã nhập không khớp. Theo nhật ký này, mã là {seal}.",
}


PAGES = "Các trang và bảng chưa so với nhật ký: chỉ Phiên (meeting verify) so được."


class Folder:
    """Hồ sơ đã giải nén."""

    def __init__(self, top: Path) -> None:
        self.paths: dict[str, Path] = {}
        for whole in top.rglob("*"):
            if whole.is_symlink() or not whole.is_dir():
                path = whole.relative_to(top).as_posix()
                self.paths[unicodedata.normalize("NFC", path)] = whole
        if "bagit.txt" not in self.paths:
            raise ValueError("no bag")

    def pieces(self, path: str) -> Iterator[bytes]:
        if self.paths[path].is_symlink():
            raise ValueError("a link")
        with self.paths[path].open("rb") as file:
            yield from chunks(file)


class Zipped:
    """Hồ sơ còn trong tệp nén: một thư mục duy nhất."""

    def __init__(self, path: Path) -> None:
        self.file = zipfile.ZipFile(path)
        self.paths: dict[str, zipfile.ZipInfo] = {}
        files = [info for info in self.file.infolist() if not info.filename.endswith("/")]
        if len({info.filename.split("/")[0] for info in files}) != 1:
            raise ValueError("not one folder")
        for info in files:
            below = unicodedata.normalize("NFC", info.filename.partition("/")[2])
            if below in self.paths:
                raise ValueError("twice")
            self.paths[below] = info

    def pieces(self, path: str) -> Iterator[bytes]:
        with self.file.open(self.paths[path]) as member:
            yield from chunks(member)


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    piece = file.read(CHUNK)
    while piece:
        yield piece
        piece = file.read(CHUNK)


class Check:
    """Một lần kiểm tra: `found` là danh sách (mã, dữ liệu)."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, object]]] = []
        self.sums: dict[str, list[str]] = {}
        self.wrong: set[str] = set()
        self.seal, self.compared = "", False

    def run(self, bag: Folder | Zipped, head: str) -> None:
        self.bag = bag
        for path in self.bag.paths:
            try:
                sums = [hashlib.new(name) for name in ALGORITHMS]
                for piece in self.bag.pieces(path):
                    for one in sums:
                        one.update(piece)
                self.sums[path] = [one.hexdigest() for one in sums]
            except UNREADABLE:
                self.about("file_unreadable", path)
        self.manifests()
        seals = self.log()
        if seals is not None:
            self.compare(seals, head)

    def say(self, code: str, **data: object) -> None:
        self.found.append((code, data))

    def about(self, code: str, path: str) -> None:
        if path not in self.wrong:
            self.wrong.add(path)
            self.say(code, path=path)

    def read(self, path: str) -> bytes | None:
        if path not in self.bag.paths:
            self.about("file_missing", path)
            return None
        try:
            body, lines = bytearray(), 0
            most = LOG_MOST if path.startswith(ANNEX + "nhat_ky") else TEXT_MOST
            for piece in self.bag.pieces(path):
                body += piece
                lines += piece.count(b"\n")
                if len(body) > most or lines > LINES_MOST:
                    raise ValueError("too large")
            return bytes(body)
        except UNREADABLE:
            self.about("file_unreadable", path)
            return None

    def manifests(self) -> None:
        paths = set(self.bag.paths)
        payload = {path for path in paths if path.startswith("data/")}
        named = {f"tagmanifest-{name}.txt" for name in ALGORITHMS}
        tags = {path for path in paths - payload if not path.startswith("tagmanifest-")}
        for place, name in enumerate(ALGORITHMS):
            for kind, files in (("manifest", payload), ("tagmanifest", tags)):
                self.manifest(f"{kind}-{name}.txt", place, files)
        for path in sorted(paths - payload - tags - named):
            self.about("file_extra", path)
        if self.read("bagit.txt") not in (None, DECLARATION):
            self.about("file_changed", "bagit.txt")

    def manifest(self, name: str, place: int, files: set[str]) -> None:
        body = self.read(name)
        if body is None:
            return
        listed: dict[str, str] = {}
        try:
            lines = body.decode("utf-8").split("\n")
            if lines.pop():
                raise ValueError("cut short")
            for line in lines:
                checksum, gap, path = line.partition("  ")
                if not gap or not path or path in listed:
                    raise ValueError("no manifest")
                listed[path] = checksum
        except ValueError:
            self.about("file_unreadable", name)
            return
        for path in sorted(set(listed) | files):
            if path not in self.bag.paths:
                self.about("file_missing", path)
            elif path not in listed:
                self.about("file_extra", path)
            elif path in self.sums and self.sums[path][place] != listed[path]:
                self.about("file_changed", path)

    def log(self) -> list[str] | None:
        """Mã niêm phong của từng lần bế mạc và trạng thái cuối, nếu chuỗi mã không đứt."""
        log, codes = self.read(ANNEX + "nhat_ky.jsonl"), self.read(ANNEX + "nhat_ky_ma.txt")
        if log is None or codes is None:
            return None
        whole = log.endswith(b"\n") and codes.endswith(b"\n")
        lines, links = log.split(b"\n")[:-1], codes.split(b"\n")[:-1]
        previous, is_closed = bytes(32), False
        seals: list[str] = []
        for place, line in enumerate(lines, start=1):
            link = hashlib.sha256(b"phien-log-1\n" + previous + line).digest()
            try:
                entry = json.loads(line.decode("utf-8"))
                kind, rev = entry["fact"]["type"], entry["rev"]
            except (ValueError, KeyError, TypeError, RecursionError):
                kind, rev = "", 0
            if rev != place or place > len(links) or links[place - 1] != link.hex().encode():
                self.say("log_broken", rev=place)
                return None
            if kind == "meeting.closed":
                code = base64.b32encode(link[:10]).decode().lower()
                seals.append("-".join(code[at : at + 4] for at in range(0, 16, 4)))
                is_closed = True
            elif kind == "meeting.reopened":
                is_closed = False
            previous = link
        if len(lines) != len(links) or not lines or not whole:
            self.say("log_broken", rev=min(len(lines), len(links)) + 1)
            return None
        self.seal = seals[-1] if is_closed else ""
        return seals

    def compare(self, seals: list[str], head: str) -> None:
        said = ""
        for line in (self.read("bag-info.txt") or b"").decode("utf-8", "replace").split("\n"):
            label, _, value = line.partition(": ")
            if label == "Phien-Seal":
                said = value
        if said != self.seal:
            self.say("seal_differs")
        if not head:
            return
        if not self.seal:
            self.say("head_none")
        elif plain(head) == plain(self.seal):
            self.compared = True
        elif plain(head) in [plain(seal) for seal in seals]:
            self.say("head_earlier")
        else:
            self.say("head_differs", seal=self.seal)


def plain(code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return plain.translate(str.maketrans("01i", "oll"))


def verdict(check: Check) -> str:
    if check.found:
        return "Hồ sơ này KHÔNG còn nguyên vẹn, hoặc không phải hồ sơ cần tìm."
    if check.compared:
        return f"Không thay đổi. Khớp với mã ghi trong phòng họp.\n{PAGES}"
    return f"Không thay đổi kể từ khi đóng gói; chưa so với mã ghi trong phòng họp.\n{PAGES}"


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", dict)(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top = Path(__file__).resolve().parents[2]
    parser.add_argument("bag", nargs="?", type=Path, default=top)
    parser.add_argument("--head", default="", help="mã đã ghi trong phòng họp")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    check = Check()
    try:
        bag = Folder(asked.bag) if asked.bag.is_dir() else Zipped(asked.bag)
        check.run(bag, asked.head)
    except UNREADABLE as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            sys.stderr.write(f"Không mở được: {fault}\n")
            return 2
        check.say("not_a_file")
    if asked.json:
        said = {
            "whole": not check.found,
            "seal": check.seal,
            "compared": check.compared,
            "findings": [{"code": code, "data": data} for code, data in check.found],
        }
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(verdict(check) + "\n")
        for code, data in check.found:
            sys.stdout.write("- " + SENTENCES[code].format(**data) + "\n")
        if check.seal:
            sys.stdout.write(f"Mã niêm phong theo nhật ký: {check.seal}\n")
    return 1 if check.found else 0


if __name__ == "__main__":
    sys.exit(main())
