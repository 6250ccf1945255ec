"""Somebody who has a meeting's file, knows how it is made, and makes another one of it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from meeting.archive.bag import pack
from meeting.archive.checking import Checked, check
from meeting.archive.digests import Digest, digest
from meeting.archive.manifests import ALGORITHMS
from meeting.archive.zipping import Part, layout
from meeting.protocol.facts import Fact, SeatAdded
from meeting.protocol.log import Entry, canonical
from tests.archive import story
from tests.archive.story import ACCOUNTS

ANNEX: Final = "data/99_Phu_luc_ky_thuat"
PAPER: Final = "data/04_Tai_lieu/05_Nội dung 7 - Công tác cán bộ/02_Danh sách kèm theo.pdf"

Files = dict[str, bytes]


def unpacked(path: Path) -> tuple[str, Files]:
    """The folder in a zip file, and its files."""
    with zipfile.ZipFile(path) as file:
        bodies = {name: file.read(name) for name in file.namelist()}
    root = next(iter(bodies)).partition("/")[0]
    return root, {name.partition("/")[2]: body for name, body in bodies.items()}


def zipped(path: Path, root: str, files: Mapping[str, bytes]) -> None:
    """A zip file as we write it; without its manifests mended."""
    with zipfile.ZipFile(path) as before:
        stamp = before.infolist()[0].date_time
    known = {name: digest([body]) for name, body in files.items()}
    parts = [Part(f"{root}/{name}", one.size, one.crc) for name, one in known.items()]
    whole = layout(parts, datetime(*stamp, tzinfo=UTC))
    out = io.BytesIO()
    for head, body in zip(whole.heads, files.values(), strict=True):
        out.write(head + body)
    path.write_bytes(out.getvalue() + whole.tail)


def changed(path: Path, change: Callable[[Files], None], *, mended: bool = True) -> Checked:
    """Change files in a copy, make the manifests anew if said so, and check it."""
    root, files = unpacked(path)
    change(files)
    zipped(path, root, with_manifests(files) if mended else files)
    return check(path)


def with_manifests(files: Files) -> Files:
    """The same files, the manifests made anew."""
    new = {name: body for name, body in files.items() if "manifest-" not in name}
    payload = {name: body for name, body in new.items() if name.startswith("data/")}
    for how in ALGORITHMS:
        new[f"manifest-{how}.txt"] = _manifest(how, payload)
    tags = {name: body for name, body in new.items() if name not in payload}
    for how in ALGORITHMS:
        new[f"tagmanifest-{how}.txt"] = _manifest(how, tags)
    return dict(sorted(new.items(), key=lambda item: (item[0].startswith("data/"), item[0])))


def _manifest(how: str, files: Files) -> bytes:
    lines = (f"{hashlib.new(how, files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def endless(path: Path, people: int) -> None:
    """Have the log of a file add so many people at its beginning; the chain is made anew, and each
    costs more to fold than the one before.
    """
    root, files = unpacked(path)
    lines = files[f"{ANNEX}/nhat_ky.jsonl"].split(b"\n")[:-1]
    first, *others = [msgspec.json.decode(line, type=Entry) for line in lines]
    fact = SeatAdded("", 1, "", "", "member", False, ())
    added = [
        replace(first, rev=number + 2, fact=replace(fact, seat=f"s{number}"))
        for number in range(people)
    ]
    log = story.linked([first, *added, *(replace(one, rev=one.rev + people) for one in others)])
    files[f"{ANNEX}/nhat_ky.jsonl"] = b"".join(canonical(entry) + b"\n" for entry, _ in log)
    files[f"{ANNEX}/nhat_ky_ma.txt"] = b"".join(link.hex().encode() + b"\n" for _, link in log)
    zipped(path, root, with_manifests(files))


def forged(path: Path, forge: Callable[[list[Entry]], list[Entry]]) -> None:
    """Rewrite a whole file after another log: chain, summary, pages, manifests, all of it."""
    _, files = unpacked(path)
    lines = files[f"{ANNEX}/nhat_ky.jsonl"].split(b"\n")[:-1]
    entries = forge([msgspec.json.decode(line, type=Entry) for line in lines])
    papers: dict[str, Digest] = {}
    bodies: dict[str, bytes] = {}
    for body in files.values():
        known = digest([body])
        papers[known.sha256], bodies[known.sha256] = known, body
    bag = pack(story.linked(entries), ACCOUNTS, papers)
    made = {
        file.path: file.body if file.body is not None else bodies[file.digest.sha256]
        for file in bag.files
    }
    zipped(path, bag.root, made)


def saying(fact: Fact, place: Callable[[Entry], bool]) -> Callable[[list[Entry]], list[Entry]]:
    """Puts another fact where the first entry is that `place` finds."""

    def forge(entries: list[Entry]) -> list[Entry]:
        at = next(number for number, entry in enumerate(entries) if place(entry))
        return [*entries[:at], replace(entries[at], fact=fact), *entries[at + 1 :]]

    return forge
