"""Gói gửi trước: a zip of ordinary papers for members who must have them days before.

Papers of limited items, and those to be collected, are not in it. Blocking: called in threads.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from meeting.printing.packs import Pack
from meeting.printing.sheets import item_name, mark, moment, when
from meeting.rules.state import Document, MeetingState
from meeting.texts import text

INDEX: Final = "index.html"
FOLDER_LETTERS: Final = 60
FILE_LETTERS: Final = 90
"""Windows has 260 letters for a whole path, and the zip is unpacked somewhere."""

_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Laid(Struct, frozen=True):
    """A paper and where it lies in the zip."""

    paper: Document
    path: str


def lay(pack: Pack) -> list[Laid]:
    """Where every paper of the pack lies: folders by item, names as people call them."""
    laid: list[Laid] = []
    taken: set[str] = set()
    folders = {}
    for place, item in enumerate(pack.items, start=1):
        folder = clean(item_name(item), FOLDER_LETTERS) or str(place)
        folders[item.id] = _free(folder, "", taken)
    for paper in pack.papers:
        if paper.collect:
            continue
        name = clean(" ".join(filter(None, [paper.number, paper.title])), FILE_LETTERS)
        laid.append(Laid(paper, _free(f"{folders[paper.item]}/{name or '_'}", ".pdf", taken)))
    return laid


def write(
    state: MeetingState,
    pack: Pack,
    original: Callable[[str], Path],
    output: Path,
    now: datetime,
) -> None:
    """Write the zip. Raises OSError, also where a paper's file is not there."""
    laid = lay(pack)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED, strict_timestamps=False) as zipped:
        at = now.timetuple()[:6]
        page = zipfile.ZipInfo(INDEX, at)
        page.compress_type = zipfile.ZIP_DEFLATED
        zipped.writestr(page, index(state, pack, laid, now))
        for one in laid:
            entry = zipfile.ZipInfo(one.path, at)
            with original(one.paper.sha256).open("rb") as file, zipped.open(entry, "w") as into:
                while chunk := file.read(1 << 20):
                    into.write(chunk)


def index(state: MeetingState, pack: Pack, laid: list[Laid], now: datetime) -> str:
    """The page that opens the papers, without a network."""
    return _environment.get_template("ahead.html").render(
        meeting=state.meeting,
        when=when(state),
        mark=mark(state),
        how=text("ahead.how", state.meeting.address_form),
        made=text("ahead.made", **moment(state, now)),
        items=list(_items(pack, laid)),
    )


def _items(pack: Pack, laid: list[Laid]) -> Iterator[dict[str, Any]]:
    for item in pack.items:
        about = f"{item.starts}–{item.ends}" if item.starts and item.ends else item.starts
        yield {
            "name": item_name(item),
            "about": text("ahead.limited") if item.limited_to else about,
            "kept": text("ahead.collect")
            if any(paper.collect for paper in pack.papers if paper.item == item.id)
            else "",
            "papers": [
                {
                    "href": quote(one.path),
                    "name": one.paper.title or one.paper.number,
                    "about": " · ".join(filter(None, [
                        one.paper.number if one.paper.title else "",
                        text("print.version_number", number=one.paper.version)
                        if one.paper.version > 1 else "",
                        text("print.page_count", pages=one.paper.pages),
                    ])),
                }
                for one in laid
                if one.paper.item == item.id
            ],
        }  # fmt: skip


def clean(name: str, letters: int) -> str:
    """A name every system takes for a file: no strokes or colons, no dot or space at its end, and
    nothing invisible, such as what turns letters around; "" where nothing is left.
    """
    plain = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", name))
    plain = "".join(ch for ch in " ".join(plain.split()) if ch.isprintable())
    if len(plain) > letters:
        words = plain[: letters + 1].rpartition(" ")[0]
        plain = words if len(words) > letters // 2 else plain[:letters]
    plain = plain.rstrip(" .,;-").lstrip(" .")
    return f"{plain}_" if _RESERVED.match(plain) else plain


def _free(path: str, ending: str, taken: set[str]) -> str:
    """The path, or with a number behind it where another has it already."""
    wanted, number = f"{path}{ending}", 2
    while wanted.casefold() in taken:
        wanted, number = f"{path} ({number}){ending}", number + 1
    taken.add(wanted.casefold())
    return wanted
