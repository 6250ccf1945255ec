"""The papers of the meetings in these tests: the sample's by their titles, and two tiny ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pymupdf

_SAMPLE: Final = Path(__file__).parents[2] / "samples" / "sample_meeting.json"
_TITLES: Final = {
    row["number"]: row["title"] for row in json.loads(_SAMPLE.read_text("utf-8"))["documents"]
}

REPORT: Final[str] = _TITLES["186-BC/ĐU"]
SUBMISSION: Final[str] = _TITLES["214-TTr/VPTU"]
RESOLUTION: Final[str] = _TITLES["Dự thảo lần 3"]

PLAN: Final = "Kế hoạch mẫu"
LIST: Final = "Danh sách mẫu"
"""Titles of the tiny papers: a demo names a paper after its file."""


def tiny_papers(folder: Path) -> list[Path]:
    """A plan of three pages and a list of two; each page says in large figures which it is."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for title, pages in ((PLAN, 3), (LIST, 2)):
        document = pymupdf.open()
        for number in range(1, pages + 1):
            page = document.new_page(width=595, height=842)
            page.insert_text((72, 400), f"{number}/{pages}", fontsize=160)
        path = folder / f"{title}.pdf"
        document.save(path)
        document.close()
        made.append(path)
    return made
