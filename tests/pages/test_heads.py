"""What the child reads at the head of a document, and stamped first pages judged by it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from meeting.office.secrecy import Asked, Certain, judge
from meeting.pages import Pages
from meeting.pages.printed import Printed

mupdf: Any = pymupdf
FACES = Path(str(resources.files("fontpkg_be_vietnam_pro"))) / "files"
Write = Callable[[Any], None]


def face(name: str) -> Any:
    return mupdf.Font(fontfile=str(next(FACES.rglob(f"BeVietnamPro-{name}.*"))))


def a_page(pdf: Any, write: Write, *, size: tuple[float, float] = (595, 842)) -> None:
    """An official paper's head; `write` adds to it."""
    page = pdf.new_page(width=size[0], height=size[1])
    lines = mupdf.TextWriter(page.rect)
    for at, text in ((60, "TỈNH ỦY THANH GIANG"), (80, "Số 12-BC/TU"), (160, "BÁO CÁO"),
                     (180, "kết quả công tác năm 2026, nhiệm vụ năm 2027")):  # fmt: skip
        lines.append((70, at), text, font=face("Regular"), fontsize=12)
    lines.write_text(page)
    write(page)


def stamp(
    text: str, at: tuple[float, float] = (80, 110), weight: str = "Bold", points: float = 14
) -> Write:
    def write(page: Any) -> None:
        words = mupdf.TextWriter(page.rect, color=(0.8, 0.1, 0.1))
        for line, said in enumerate(text.split("\n")):
            place = (at[0], at[1] + 1.25 * points * line)
            words.append(place, said, font=face(weight), fontsize=points)
        words.write_text(page)

    return write


def letters(text: str, apart: float) -> Write:
    def write(page: Any) -> None:
        for place, letter in enumerate(text):
            stamp(letter, (80 + apart * place, 110))(page)

    return write


def framed(text: str) -> Write:
    def write(page: Any) -> None:
        stamp(text)(page)
        page.draw_rect(mupdf.Rect(74, 92, 160, 116), color=(0.8, 0.1, 0.1), width=2)

    return write


def tilted(text: str) -> Write:
    def write(page: Any) -> None:
        words = mupdf.TextWriter(page.rect)
        words.append((300, 400), text, font=face("Black"), fontsize=40)
        words.write_text(page, morph=(mupdf.Point(300, 400), mupdf.Matrix(30)))

    return write


def old_face(name: str, text: str) -> Write:
    """Drawn with a font from before Unicode, known by its name alone."""

    def write(page: Any) -> None:
        page.insert_text((80, 110), text, fontname="helv", fontsize=14, encoding=0)
        number = next(font[0] for font in page.get_fonts() if font[4] == "helv")
        page.parent.xref_set_key(number, "BaseFont", f"/{name}")

    return write


def noted(text: str) -> Write:
    def write(page: Any) -> None:
        page.add_freetext_annot(mupdf.Rect(80, 95, 200, 120), text, fontsize=14)

    return write


STAMPED: dict[str, Write] = {
    "plain": stamp("MẬT"),
    "top secret": stamp("TUYỆT MẬT"),
    "secret": stamp("TỐI MẬT"),
    "light": stamp("MẬT", weight="Light"),
    "black": stamp("TỐI MẬT", weight="Black"),
    "slanted": stamp("MẬT", weight="Italic"),
    "small": stamp("MẬT", points=8),
    "large": stamp("TUYỆT MẬT", points=36),
    "in the corner": stamp("MẬT", (530, 20)),
    "at the foot": stamp("MẬT", (80, 820)),
    "beside the heading": stamp("TỐI MẬT", (420, 60)),
    "spaced": stamp("M Ậ T"),
    "wide": stamp("T Ố I   M Ậ T"),
    "letters apart": letters("MẬT", 34),
    "on two lines": stamp("TUYỆT\nMẬT"),
    "taken apart": stamp(unicodedata.normalize("NFD", "MẬT")),
    "framed": framed("MẬT"),
    "tilted": tilted("MẬT"),
    "in an old font": old_face(".VnTimeH", "mËt"),
    "in another old font": old_face("VNI-Times", "TUYEÄT MAÄT"),
}
"""Twenty first pages, by what is special about the stamp."""


async def printed(pages: Pages, folder: Path, *writes: Write, turn: int = 0) -> tuple[Printed, ...]:
    pdf = mupdf.open()
    for write in writes:
        a_page(pdf, write)
    if turn:
        pdf[0].set_rotation(turn)
    path = folder / "paper.pdf"
    pdf.save(path)
    return (await pages.take_in(path)).printed


async def test_every_stamped_first_page_is_refused(pages: Pages, tmp_path: Path) -> None:
    found = {
        name: judge(["bao-cao.pdf"], await printed(pages, tmp_path, write))
        for name, write in STAMPED.items()
    }
    assert len(STAMPED) == 20
    assert {name: one for name, one in found.items() if not isinstance(one, Certain)} == {}


async def test_the_place_is_where_the_stamp_stands(pages: Pages, tmp_path: Path) -> None:
    found = judge([], await printed(pages, tmp_path, stamp("MẬT", (420, 60))))
    assert isinstance(found, Certain)
    left, top, right, bottom = found.box
    assert (found.said, found.page) == ("MẬT", 1)
    assert 0.70 < left < 0.71 < right < 0.8
    assert 0.04 < top < 0.07 < bottom < 0.09


async def test_the_place_is_told_as_the_page_is_shown(pages: Pages, tmp_path: Path) -> None:
    found = judge([], await printed(pages, tmp_path, stamp("MẬT", (420, 60)), turn=90))
    assert isinstance(found, Certain)
    left, top, right, bottom = found.box
    assert 0.91 < left < right < 0.96
    assert 0.70 < top < bottom < 0.8


async def test_a_stamp_on_a_later_page_or_in_a_comment_is_seen(
    pages: Pages, tmp_path: Path
) -> None:
    def nothing(_: Any) -> None:
        return

    found = judge([], await printed(pages, tmp_path, nothing, nothing, stamp("TỐI MẬT")))
    assert isinstance(found, Certain)
    assert found.page == 3
    assert judge([], await printed(pages, tmp_path, nothing, nothing)) is None
    [noted_on] = await printed(pages, tmp_path, noted("DU THAO"))
    assert "DU THAO" in [line.text for line in noted_on.lines]


async def test_a_scan_has_no_words_and_is_asked_about(pages: Pages, papers: Any) -> None:
    photo = await pages.take_in(papers.photo())
    [page] = photo.printed
    assert (page.lines, page.pictured > 0.9) == ((), True)
    assert judge(["anh.pdf"], photo.printed) == Asked("scan", 1)


@pytest.mark.parametrize("said", ["Mật độ dân số", "ỦY BAN MẶT TRẬN", "Giữ bí mật kinh doanh"])
async def test_ordinary_words_are_left_alone(pages: Pages, tmp_path: Path, said: str) -> None:
    assert judge(["a.pdf"], await printed(pages, tmp_path, stamp(said))) is None
