"""One untrusted PDF, opened at the first question."""

from __future__ import annotations

import json
from typing import Any, Final

import pymupdf

from meeting.sandbox.drawing import draw, matrix_of
from meeting.sandbox.encoding import encode
from meeting.sandbox.heads import heads
from meeting.sandbox.margins import content
from meeting.sandbox.pieces import Pieces
from meeting.sandbox.reading import label_of, outline_of
from meeting.sandbox.sheet import Sheet
from meeting.sandbox.unpacked import Unpacked
from meeting.sandbox.words import words_of

mupdf: Any = pymupdf

TOO_MUCH: Final = (MemoryError, mupdf.mupdf.FzErrorSystem)
"""What is raised when there is no more memory, by Python and by MuPDF."""

Answer = tuple[dict[str, Any], bytes]

MARGINS_WIDTH_MOST: Final = 400
"""The margins of a page are looked for while its thumbnail is drawn: there it costs nothing."""

PLAN_POINTS: Final = 1200
"""A page longer than A3 that lies is a drawing or a map: it will be looked at as wide as it comes.
One that stands does not come wider than others.
"""


def read_file(settings: dict[str, Any]) -> bytes:
    """The whole PDF, from the inherited descriptor, or by path where none can be inherited."""
    with open(settings["source"], "rb") as file:  # noqa: PTH123 - a descriptor has no Path
        return file.read(int(settings["max_file_bytes"]) + 1)


def _there(pdf: Any) -> int:
    """How many pages there are. A file may claim more: MuPDF counts them when it looks for one."""
    try:
        pdf.load_page(0)
    except TOO_MUCH:
        raise
    except Exception:
        pass  # whoever wants this very page is told so
    return int(pdf.page_count)


class Paper:
    """One PDF, opened at the first question."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.pdf: Any = None
        self._pieces = Pieces()
        self._unpacked = self._nothing_unpacked()
        self._sheet: tuple[int, Sheet] | None = None
        """The page that was drawn last: its thumbnail or its next piece is likely to follow."""

    def open(self) -> str | None:
        """Open the file; None when that went well, else why not."""
        data = read_file(self.settings)
        if not data:
            return "file_empty"
        if len(data) > self.settings["max_file_bytes"]:
            return "file_too_large"
        if b"%PDF-" not in data[:1024]:
            return "file_not_pdf"
        try:
            pdf = mupdf.open(stream=data, filetype="pdf")
            if pdf.needs_pass:
                return "file_locked"
            if pdf.page_count > self.settings["max_pages"]:
                return "file_too_many_pages"
            pages = _there(pdf)
        except TOO_MUCH:
            raise
        except Exception:
            return "file_broken"
        if pages == 0:
            # MuPDF's complaints tell a file whose pages are lost from one that has none.
            complaints = pdf.is_repaired or mupdf.TOOLS.mupdf_warnings()
            return "file_broken" if complaints else "file_empty"
        self.pdf = pdf
        return None

    def describe(self) -> Answer:
        code = None if self.pdf is not None else self.open()
        if code is not None:
            return {"code": code}, b""
        return {"pages": self.pdf.page_count}, b""

    def numbers(self) -> range:
        return range(1, self.pdf.page_count + 1)

    def text(self) -> Answer:
        """As the body: what is printed on the first pages (heads.py)."""
        return {}, json.dumps(heads(self.pdf)).encode()

    def read(self, page: int) -> Answer:
        """As the body: the words of a page (words.py), its label; with page 1, the outline."""
        if page not in self.numbers():
            return {"code": "page_unknown"}, b""
        try:
            found = self.pdf[page - 1]
            said = words_of(found) | {"label": label_of(found)}
            if page == 1:
                said["outline"] = outline_of(self.pdf)
        except TOO_MUCH:
            raise
        except Exception:
            return {"code": "page_failed"}, b""
        return {}, json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")

    def sheet(self, page: int) -> Sheet:
        """The page ready to be drawn. Raises whatever is wrong with it."""
        if self._sheet is None or self._sheet[0] != page:
            self._sheet = None  # its memory goes before the next one's is taken
            found = self.pdf[page - 1]
            if not self.pdf.xref_get_keys(found.xref):
                # MuPDF draws an empty sheet for it, which would pass for a page of the paper.
                raise ValueError("a page object without content")
            self._sheet = (page, Sheet(found))
        return self._sheet[1]

    def sheet_closely(self, page: int, width: int, turn: int) -> Sheet:
        """The page ready to be drawn in pieces, with its large pictures at hand."""
        if self._unpacked.page not in (0, page):  # another page's go first
            self._sheet, self._unpacked = None, self._nothing_unpacked()
            self.pdf = mupdf.open(stream=self.pdf.stream, filetype="pdf")
        sheet = self.sheet(page)
        if self._unpacked.bring(self.pdf, page, sheet, matrix_of(sheet, width, turn)):
            self._sheet = None
        return self.sheet(page)

    def come_closer(self, page: int, width: int, turn: int) -> Answer:
        """Have the large pictures of a drawing or a map at hand, before a piece is asked for."""
        if page not in self.numbers():
            return {"code": "page_unknown"}, b""
        try:
            if plan := self._is_plan(page):
                self._pieces.forget()
                self.sheet_closely(page, width, turn)
        except TOO_MUCH:
            raise
        except Exception:
            return {"code": "page_failed"}, b""
        return {"plan": plan}, b""

    def _is_plan(self, page: int) -> bool:
        return bool(max(self.sheet(page).rect[2:]) > PLAN_POINTS)

    def _nothing_unpacked(self) -> Unpacked:
        return Unpacked(int(self.settings["memory_bytes"]))

    def render(self, page: int, width: int, turn: int) -> Answer:
        if page not in self.numbers():
            return {"code": "page_unknown"}, b""
        try:
            self._pieces.forget()
            picture = draw(self.sheet(page), width, turn, int(self.settings["max_pixels"]))
            media_type, body = encode(picture)
        except TOO_MUCH:
            raise
        except Exception:
            return {"code": "page_failed"}, b""
        size = {"width": picture.width, "height": picture.height}
        header: dict[str, Any] = {"type": media_type, **size}
        if width <= MARGINS_WIDTH_MOST:
            header["box"] = content(picture)
            across = picture.width > picture.height
            header["plan"] = across and max(self.sheet(page).rect[2:]) > PLAN_POINTS
        return header, body

    def render_piece(self, page: int, width: int, turn: int, where: tuple[int, int, int]) -> Answer:
        """A piece of the page: left, top and longest side in pixels."""
        if page not in self.numbers():
            return {"code": "page_unknown"}, b""
        try:
            sheet = self.sheet_closely(page, width, turn)
            slow = self._unpacked.slow
            piece = self._pieces.draw(page, sheet, width, turn, where, in_strips=slow)
            if piece is None:
                return {"code": "page_unknown"}, b""
            media_type, body = encode(piece)
        except TOO_MUCH:
            raise
        except Exception:
            return {"code": "page_failed"}, b""
        return {"type": media_type, "width": piece.width, "height": piece.height}, body
