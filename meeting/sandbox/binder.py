"""The sandboxed child that binds papers into one PDF.

The job comes on stdin and news goes to
stdout, each a 4-byte big-endian length and JSON; see binding.py for both. Papers are untrusted:
one that fails is reported and the next is tried, one that kills this process is known by the last
news. Nothing is written when a paper failed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, Final

import pymupdf

from meeting.sandbox.confine import answers_only, limit, shut

mupdf: Any = pymupdf
"""PyMuPDF without its types, which cover only a part of it."""

SPARE_FILES: Final = 16
"""Descriptors beside the papers': the pipes, and a few for late imports."""

JOB_BYTES: Final = 16_000_000
FOOT_POINTS: Final = 28.0
"""At the foot of a page of A4: the strip, and under it the 5 mm that printers leave white."""

FOOT_SHARE: Final = 0.05
"""No more of a page's height than this."""

SIDE_POINTS: Final = 28.0
LARGEST_STRIP: Final = 2.5
"""On large drawings the strip grows no more than so many times."""

Say = Callable[[dict[str, Any]], None]


class Unfit(Exception):
    """A paper cannot be bound; the code says why."""


class Target:
    """The output, by its descriptor or path; MuPDF writes through it."""

    def __init__(self, where: int | str) -> None:
        self._file = open(where, "r+b")  # noqa: PTH123, SIM115 - a descriptor has no Path
        self._file.truncate(0)
        self.write = self._file.write
        self.seek = self._file.seek
        self.tell = self._file.tell
        self.truncate = self._file.truncate
        self.flush = self._file.flush

    def close(self) -> None:
        self._file.close()


def opened(source: int | str, most_bytes: int) -> Any:
    """The PDF from an inherited descriptor, or by path where none can be inherited."""
    with open(source, "rb") as file:  # noqa: PTH123 - a descriptor has no Path
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise Unfit("file_too_large")
    pdf = mupdf.open(stream=data, filetype="pdf")
    if pdf.needs_pass:
        raise Unfit("file_locked")
    return pdf


class Book:
    """What is being bound: the front matter first, then papers and plates in their order."""

    def __init__(self, front: Any, job: dict[str, Any]) -> None:
        self.front = front
        self.job = job
        self.plates = int(job["plates"])
        self.strip = front.page_count - int(job["strips"])
        """The front's page that is the next strip."""
        self.bound = mupdf.open()
        self.before = self.strip - self.plates - 1
        self.bound.insert_pdf(front, from_page=0, to_page=self.before - 1)
        self.contents: list[list[Any]] = []

    def add_plate(self, number: int, title: str) -> None:
        page = self.before + number
        self._begin(title)
        self.bound.insert_pdf(self.front, from_page=page, to_page=page)

    def add_paper(self, piece: dict[str, Any]) -> None:
        """Every page of the paper, or none of them."""
        first, strip = self.bound.page_count, self.strip
        try:
            paper = opened(piece["source"], self.job["most_bytes"])
            if paper.page_count != piece["pages"]:
                raise Unfit("file_broken")
            self._begin(piece["title"])
            paper.bake()  # what is drawn in comments and form fields is part of the page
            for number in range(paper.page_count):
                self._lay(paper, number, int(piece["turned"].get(str(number + 1), 0)))
        except BaseException:
            if self.bound.page_count > first:
                self.bound.delete_pages(first, self.bound.page_count - 1)
            self.strip = strip + piece["pages"]
            raise

    def _begin(self, title: str) -> None:
        self.contents.append([1, title, self.bound.page_count + 1])

    def _lay(self, paper: Any, number: int, quarters: int) -> None:
        """One page, a little smaller than it was, with its strip in the room that gives."""
        try:
            source = paper[number]
            if not paper.xref_get_keys(source.xref):
                raise ValueError("a page object without content")
            turn = (source.rotation + 90 * quarters) % 360
            source.set_rotation(0)
            box = source.rect
            across, down = box.width, box.height
            if not (0 < across <= 14_400 and 0 < down <= 14_400):
                raise ValueError("a page that cannot be printed")
            if turn % 180:
                across, down = down, across
            page = self.bound.new_page(width=across, height=down)
            foot = self._foot(across, down)
            if source.get_contents():
                upper = mupdf.Rect(0, 0, across, down - foot)
                page.show_pdf_page(upper, paper, number, rotate=-turn)
        except MemoryError:
            raise
        except Exception:
            page = self._missing(number)
        self._sign(page)

    def _missing(self, number: int) -> Any:
        """A page that says that the paper's page cannot be printed, in place of what there is."""
        wanted = self.contents[-1][2] + number
        if self.bound.page_count >= wanted:
            self.bound.delete_page(wanted - 1)
        page = self.bound.new_page(width=595, height=842)
        page.show_pdf_page(page.rect, self.front, self.before + self.plates)
        return page

    def _foot(self, across: float, down: float) -> float:
        """How high the strip is on a page of this size."""
        growth = min(LARGEST_STRIP, max(1.0, min(across, down) / 595))
        return min(float(FOOT_POINTS * growth), FOOT_SHARE * down)

    def _sign(self, page: Any) -> None:
        across, down = page.rect.width, page.rect.height
        foot = self._foot(across, down)
        side = min(SIDE_POINTS, across / 12)
        where = mupdf.Rect(side, down - foot, across - side, down - foot / 2)
        page.show_pdf_page(where, self.front, self.strip)
        self.strip += 1

    def save(self) -> int:
        """Write it; the number of pages."""
        self.bound.set_toc(self.contents)
        self.bound.set_metadata({"title": self.job["title"]})
        target = Target(self.job["output"])
        self.bound.save(target, garbage=1, deflate=True)
        target.close()
        return int(self.bound.page_count)


def bind(job: dict[str, Any], say: Say) -> None:
    book = Book(opened(job["front"], job["most_bytes"]), job)
    whole = True
    for at, piece in enumerate(job["pieces"]):
        say({"at": at})
        if "plate" in piece:
            book.add_plate(int(piece["plate"]), piece["title"])
            continue
        try:
            book.add_paper(piece)
        except MemoryError:
            raise
        except Exception as wrong:
            say({"unfit": at, "code": str(wrong) if isinstance(wrong, Unfit) else "file_broken"})
            whole = False
    if not whole:
        say({"pages": 0})
    else:
        say({"at": len(job["pieces"])})
        say({"pages": book.save()})


def main() -> None:
    settings = json.loads(sys.argv[1])
    limit(
        memory_bytes=settings["memory_bytes"],
        cpu_seconds=settings["cpu_seconds"],
        output_bytes=settings["output_bytes"],
        files=int(settings["files"]) + SPARE_FILES,
    )
    out = answers_only()
    shut()

    def say(news: dict[str, Any]) -> None:
        raw = json.dumps(news).encode()
        out.write(len(raw).to_bytes(4, "big") + raw)
        out.flush()

    size = int.from_bytes(sys.stdin.buffer.read(4), "big")
    if size <= JOB_BYTES:
        bind(json.loads(sys.stdin.buffer.read(size)), say)
