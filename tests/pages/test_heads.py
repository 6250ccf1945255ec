"""What the child reads at the head of a document, and stamped first pages judged by it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from meeting.office.names import Said, by_first_page
from meeting.office.secrecy import Asked, Certain, judge
from meeting.pages import Pages
from meeting.pages.printed import Printed, printed_of
from meeting.sandbox.heads import FIRST_PAGES, heads
from tests.office.test_secrecy import TITLES
from tests.pages.test_old_fonts import in_tcvn3, in_vni

mupdf: Any = pymupdf
FACES = Path(str(resources.files("fontpkg_be_vietnam_pro"))) / "files"
OLD_FACES = ("helv", "tiro", "cour", "tibo")
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


def old_face(name: str, text: str, at: tuple[float, float] = (80, 110)) -> Write:
    """Drawn with a font from before Unicode, known by its name alone."""

    def write(page: Any) -> None:
        faces = {font[3]: font[4] for one in page.parent for font in one.get_fonts()}
        face = faces.get(name) or next(one for one in OLD_FACES if one not in faces.values())
        page.insert_text(at, text, fontname=face, fontsize=14, encoding=0)
        number = next(font[0] for font in page.get_fonts() if font[4] == face)
        page.parent.xref_set_key(number, "BaseFont", f"/{name}")

    return write


def old_head(lines: Sequence[tuple[str, str]]) -> Write:
    """Lines below each other, each with its font."""

    def write(page: Any) -> None:
        for place, (name, text) in enumerate(lines):
            old_face(name, text, (70, 60 + 20 * place))(page)

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

OLD_HEADS: dict[str, Write] = {
    "TCVN3": old_head([
        (".VnTime", "§¶ng bé tØnh Thanh Giang"),
        (".VnTime", "Sè 214-TTr/VPTU"),
        (".VnTimeH,Bold", "tê tr×nh"),
        (".VnTime,Bold", "vÒ ch\xad¬ng tr×nh chuyÓn ®æi sè n¨m 2027"),
    ]),
    "VNI": old_head([
        ("VNI-Times", "Ñaûng boä tænh Thanh Giang"),
        ("VNI-Times", "Soá 214-TTr/VPTU"),
        ("VNI-Times-Bold", "TÔØ TRÌNH"),
        ("VNI-Times-Bold", "veà chöông trình chuyeån ñoåi soá naêm 2027"),
    ]),
}  # fmt: skip
"""The heads of first pages from before Unicode."""


def read(write: Write, *, head: bool = True, turn: int = 0) -> tuple[Printed, ...]:
    """As the child reads it, without the child."""
    pdf = mupdf.open()
    if head:
        a_page(pdf, write)
    else:
        write(pdf.new_page())
    pdf[0].set_rotation(turn)
    return printed_of(heads(mupdf.open("pdf", pdf.tobytes())))


def said(found: Certain | Asked | None) -> str:
    assert isinstance(found, Certain), found
    return found.said


async def printed(pages: Pages, folder: Path, *writes: Write) -> tuple[Printed, ...]:
    pdf = mupdf.open()
    for write in writes:
        a_page(pdf, write)
    path = folder / "paper.pdf"
    pdf.save(path)
    return (await pages.take_in(path)).printed


async def test_every_stamped_first_page_is_refused(pages: Pages, tmp_path: Path) -> None:
    writes = list(STAMPED.values())
    found: list[Printed] = []
    for at in range(0, len(writes), FIRST_PAGES):
        found += await printed(pages, tmp_path, *writes[at : at + FIRST_PAGES])
    judged = {
        name: judge(["bao-cao.pdf"], [page]) for name, page in zip(STAMPED, found, strict=True)
    }
    assert len(judged) == 20
    assert {name: one for name, one in judged.items() if not isinstance(one, Certain)} == {}


async def test_the_place_is_where_the_stamp_stands(pages: Pages, tmp_path: Path) -> None:
    found = judge([], await printed(pages, tmp_path, stamp("MẬT", (420, 60))))
    assert isinstance(found, Certain)
    left, top, right, bottom = found.box
    assert (found.said, found.page) == ("MẬT", 1)
    assert 0.70 < left < 0.71 < right < 0.8
    assert 0.04 < top < 0.07 < bottom < 0.09


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_stamped_page_that_lies_turned_is_refused_as_one_that_stands(turn: int) -> None:
    found = {name: judge([], read(write, turn=turn)) for name, write in STAMPED.items()}
    wanted = {name: said(judge([], read(write))) for name, write in STAMPED.items()}
    assert {name: said(one) for name, one in found.items()} == wanted
    assert {type(one) for one in found.values()} == {Certain}


PLACES = {
    0: (0.71, 0.05, 0.76, 0.08),
    90: (0.92, 0.71, 0.95, 0.76),
    180: (0.24, 0.92, 0.29, 0.95),
    270: (0.05, 0.24, 0.08, 0.29),
}
"""Where MẬT of 14 points at (420, 60) stands as the page is shown, by its turn."""


@pytest.mark.parametrize("turn", PLACES)
def test_the_place_is_told_as_the_page_is_shown(turn: int) -> None:
    found = judge([], read(stamp("MẬT", (420, 60)), turn=turn))
    assert isinstance(found, Certain)
    assert tuple(round(share, 2) for share in found.box) == PLACES[turn]


def test_beside_a_wide_gap_of_a_wide_page_a_stamp_stands_alone() -> None:
    def landscape(page: Any) -> None:
        page.set_mediabox(mupdf.Rect(0, 0, 842, 595))
        for text, left in (("TỈNH ỦY", 300.0), ("MẬT", 400.0)):
            stamp(text, (left, 300))(page)

    assert isinstance(judge([], read(landscape)), Certain)


@pytest.mark.parametrize("encoding", OLD_HEADS)
@pytest.mark.parametrize("turn", [0, 90])
def test_number_and_title_are_read_on_a_page_from_before_unicode(encoding: str, turn: int) -> None:
    wanted = Said(number="214-TTr/VPTU", title="Tờ trình về chương trình chuyển đổi số năm 2027")
    assert by_first_page(read(OLD_HEADS[encoding], head=False, turn=turn)) == wanted


@pytest.mark.parametrize(
    ("font", "write", "reads"),
    [
        (".VnTime", lambda title: in_tcvn3(title.lower()), str.lower),
        (".VnTimeH", lambda title: in_tcvn3(title.lower()), str.upper),
        ("VNI-Times", in_vni, str),
        ("VNI-Times", lambda title: in_vni(title.upper()), str.upper),
    ],
)
def test_ordinary_titles_in_an_old_font_are_read_and_never_refused(
    font: str, write: Callable[[str], str], reads: Callable[[str], str]
) -> None:
    pages = {title: read(old_face(font, write(title)), head=False) for title in TITLES}
    assert [pages[title][0].lines[0].text for title in TITLES] == list(map(reads, TITLES))
    found = {title: judge([], pages[title]) for title in TITLES}
    assert {title: one for title, one in found.items() if isinstance(one, Certain)} == {}


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


@pytest.mark.parametrize(("words", "pictured"), [(10, 1.0), (60, 0.0)])
def test_pictures_are_looked_for_where_there_are_few_words(words: int, pictured: float) -> None:
    def write(page: Any) -> None:
        picture = mupdf.Pixmap(mupdf.csGRAY, mupdf.IRect(0, 0, 8, 8), False)
        page.insert_image(page.rect, pixmap=picture, keep_proportion=False)
        for line in range(words // 10):
            page.insert_text((70, 100 + 20 * line), "mot hai ba bon nam sau bay tam chin muoi")

    assert read(write, head=False)[0].pictured == pictured


@pytest.mark.parametrize("said", ["Mật độ dân số", "ỦY BAN MẶT TRẬN", "Giữ bí mật kinh doanh"])
async def test_ordinary_words_are_left_alone(pages: Pages, tmp_path: Path, said: str) -> None:
    assert judge(["a.pdf"], await printed(pages, tmp_path, stamp(said))) is None
