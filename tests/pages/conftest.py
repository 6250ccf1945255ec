"""PDFs built on the spot, and a `Pages` that is closed at the end. Nothing here judges."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

from meeting.pages import Pages

mupdf: Any = pymupdf
A4 = (595, 842)


class Papers:
    """Writes PDF files into one folder and returns their paths."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, pdf: Any, name: str, **options: Any) -> Path:
        path = self.folder / name
        pdf.save(path, **options)
        return path

    def text(self, pages: int = 1, name: str = "text.pdf") -> Path:
        pdf = mupdf.open()
        for number in range(1, pages + 1):
            page = pdf.new_page(width=A4[0], height=A4[1])
            for line in range(40):
                page.insert_text((60, 60 + 18 * line), f"Page {number}, line {line} of the paper")
        return self.save(pdf, name)

    def headed(self) -> Path:
        """A page with the head of an official paper, drawn from the bottom up."""
        pdf = mupdf.open()
        page = pdf.new_page(width=A4[0], height=A4[1])
        for line, bold in (("ve chuyen doi so", 1), ("TO TRINH", 1), ("So 214-TTr/VPTU", 0),
                           ("VAN PHONG", 0)):  # fmt: skip
            below = {"VAN PHONG": 0, "So 214-TTr/VPTU": 1, "TO TRINH": 2}.get(line, 3)
            font = "hebo" if bold else "helv"
            page.insert_text((60, 60 + 20 * below), line, fontname=font)
        return self.save(pdf, "headed.pdf", no_new_id=True)

    def stamped(self) -> Path:
        """Black text; a thin red ring around (400, 650) with radius 50, in points."""
        pdf = mupdf.open("pdf", self.text().read_bytes())
        pdf[0].draw_circle((400, 650), 50, color=(0.85, 0.1, 0.1), width=3)
        return self.save(pdf, "stamped.pdf")

    def photo(self) -> Path:
        grey = Image.radial_gradient("L").resize((600, 800))
        picture = Image.merge("RGB", (grey, grey.rotate(90).resize(grey.size), grey.rotate(180)))
        out = io.BytesIO()
        picture.save(out, "PNG")
        pdf = mupdf.open()
        page = pdf.new_page(width=A4[0], height=A4[1])
        page.insert_image(page.rect, stream=out.getvalue())
        return self.save(pdf, "photo.pdf")

    def sized(self, width: float, height: float, ink: Any = (0, 0, 0)) -> Path:
        pdf = mupdf.open()
        pdf.new_page(width=width, height=height).insert_text((1, 10), "x", color=ink)
        return self.save(pdf, "sized.pdf")

    def locked(self) -> Path:
        pdf = mupdf.open("pdf", self.text().read_bytes())
        return self.save(
            pdf, "locked.pdf", encryption=mupdf.PDF_ENCRYPT_AES_256, user_pw="u", owner_pw="o"
        )

    def second_page_replaced(self, thing: str) -> Path:
        """Three pages, of which the second is the PDF object given; `{n}` is its own number."""
        pdf = mupdf.open("pdf", self.text(3).read_bytes())
        number = pdf.page_xref(1)
        pdf.update_object(number, thing.replace("{n}", str(number)))
        return self.save(pdf, "second_page_replaced.pdf")

    def raw(self, content: bytes, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    folder = tmp_path / "papers"
    folder.mkdir()
    return Papers(folder)


@pytest.fixture
async def open_pages(tmp_path: Path) -> AsyncIterator[Callable[..., Pages]]:
    """Makes any number of `Pages` on one data folder; all are closed at the end."""
    opened: list[Pages] = []

    def open_one(**options: Any) -> Pages:
        opened.append(Pages(tmp_path / "data", **options))
        return opened[-1]

    (tmp_path / "data" / "originals").mkdir(parents=True)
    yield open_one
    for pages in opened:
        await pages.close()


@pytest.fixture
async def pages(open_pages: Callable[..., Pages]) -> Pages:
    made = open_pages()
    await made.start()
    return made
