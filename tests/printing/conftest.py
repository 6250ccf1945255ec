"""The sample meeting as it stands before its opening, ways into it, and a folder to print in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from meeting.printing.prints import Prints
from meeting.printing.sheets import Way, Ways
from meeting.protocol import commands as c
from meeting.rules.state import MeetingState
from tests.helpers import make
from tests.helpers.minutes import Minutes

mupdf: Any = pymupdf

URL = "http://192.168.1.105"
NOW = make.clock("07:00")
SAMPLES = Path(__file__).parents[2] / "samples"
SAMPLE: dict[str, Any] = json.loads((SAMPLES / "sample_meeting.json").read_text("utf-8"))


def laid_down(*commands: c.Command) -> MeetingState:
    """The state after the office asked all this."""
    minutes = Minutes()
    for command in commands:
        minutes.does(make.OFFICE, command)
    return minutes.state


def the_roll() -> list[c.Command]:
    """Everybody of the sample meeting; ids are s1, s2, … in the order written."""
    return [
        make.a_seat(
            f"s{row}",
            one["role"],
            name=one["name"],
            post=one["post"],
            votes=one.get("votes", False),
            items=tuple(one.get("guest_of", ())) if one["role"] == "guest" else (),
        )
        for row, one in enumerate(SAMPLE["seats"], start=1)
    ]


def the_agenda() -> list[c.Command]:
    """The sample's items; ids are their numbers, a recess is `recess`."""
    return [
        make.an_item(
            one["number"] or "recess",
            number=one["number"],
            title=one["title"],
            starts=one.get("starts", ""),
            ends=one.get("ends", ""),
            recess=one.get("recess", False),
            rapporteur=f"s{one['rapporteur_row']}" if one.get("rapporteur_row") else "",
            limited_to=tuple(f"s{row}" for row in one.get("limited_rows", ())),
        )
        for one in SAMPLE["items"]
    ]


def the_heading(**said: Any) -> c.CreateMeeting:
    office, heading = SAMPLE["office"], SAMPLE["meeting"]
    whole = {
        "title": heading["title"],
        "body": heading["body"],
        "place": heading["place"],
        "office": office["name"],
        "wifi_name": office["wifi_name"],
        "help_name": office["help_name"],
        "help_phone": office["help_phone"],
        **said,
    }
    return make.a_meeting("btv", **whole)


def the_sample(*more: c.Command, **said: Any) -> MeetingState:
    roll = the_roll()
    guests = [one for one in roll if isinstance(one, c.AddSeat) and one.role == "guest"]
    others = [one for one in roll if one not in guests]
    return laid_down(the_heading(**said), *others, *the_agenda(), *guests, *more)


def ways_of(state: MeetingState) -> Ways:
    """A link and digits of its own for everybody whose card is valid."""
    return {
        seat.id: Way(f"{URL}/c/{seat.id:a>26}", f"{place:06d}")
        for place, seat in enumerate(state.seats.values(), start=482_193)
        if seat.card_valid
    }


def pages_of(pdf: bytes | Path) -> list[str]:
    """The text of each page, white space made plain."""
    opened = mupdf.open(stream=pdf) if isinstance(pdf, bytes) else mupdf.open(pdf)
    return [" ".join(page.get_text().split()) for page in opened]


def a_paper(path: Path, pages: int, word: str = "Trang") -> Path:
    pdf = mupdf.open()
    for number in range(1, pages + 1):
        page = pdf.new_page(width=595, height=842)
        page.insert_text((60, 60), f"{word} {number}")
        page.insert_text((60, 835), f"chan-{number}")
    pdf.save(path)
    return path


class Desk:
    """Prints over a folder of papers; a paper's hash is the hash the maker gave its id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.papers = folder / "papers"
        self.papers.mkdir()
        self.prints = Prints(folder / "printing", self.original)

    def original(self, sha256: str) -> Path:
        return self.papers / f"{sha256}.pdf"

    def lay(self, document: c.AddDocument, word: str = "") -> c.AddDocument:
        a_paper(self.original(document.sha256), document.pages, word or document.document)
        return document

    def kept(self) -> list[str]:
        """The packs that are there, such as `pack-2.pdf`, whatever their content."""
        names = [path.name.split(".") for path in (self.folder / "printing" / "packs").iterdir()]
        return sorted(f"{name[1]}.{name[-1]}" for name in names)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    await made.prints.start()
    yield made
    await made.prints.close()
