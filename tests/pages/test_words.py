"""The words of a page: where they stand, in which order they are read, how many are too many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pymupdf
import pytest

from meeting.sandbox.reading import label_of, outline_of
from meeting.sandbox.words import LETTERS_MOST, WORDS_MOST, words_of

mupdf: Any = pymupdf


def a_page(width: float = 400, height: float = 800) -> Any:
    return mupdf.open().new_page(width=width, height=height)


def read(page: Any) -> str:
    """The words, a bar where a paragraph ends."""
    said = words_of(page)
    starts = set(said["blocks"]) - {0}
    return " ".join(("| " if at in starts else "") + word for at, word in enumerate(said["words"]))


def is_inked(page: Any, box: list[int]) -> bool:
    """Whether something black was drawn inside the box, and nothing just around it."""
    pixmap = page.get_pixmap(dpi=144, colorspace="gray")
    across, down = pixmap.width / 10_000, pixmap.height / 10_000
    left, top, right, bottom = (
        round(part * size) for part, size in zip(box, (across, down, across, down), strict=True)
    )

    def dark(x0: int, y0: int, x1: int, y1: int) -> bool:
        return any(pixmap.pixel(x, y)[0] < 128 for x in range(x0, x1) for y in range(y0, y1))

    around = (
        (left - 12, top - 6, left - 3, bottom + 6),
        (right + 3, top - 6, right + 12, bottom + 6),
    )
    return dark(left, top, right, bottom) and not any(dark(*side) for side in around)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_a_box_lies_on_its_word_however_the_page_lies_in_the_file(
    rotation: int, cropped: bool
) -> None:
    page = a_page()
    page.insert_text((120, 300), "WORD", fontsize=24)
    if cropped:
        page.set_cropbox(mupdf.Rect(50, 100, 390, 700))
    page.set_rotation(rotation)
    said = words_of(page)
    assert said["words"] == ["WORD"]
    assert is_inked(page, said["boxes"])


def test_what_was_drawn_first_is_read_last_if_it_stands_below() -> None:
    page = a_page()
    page.insert_text((50, 780), "12")
    page.insert_textbox(mupdf.Rect(40, 200, 360, 300), "second paragraph goes on")
    page.insert_textbox(mupdf.Rect(40, 60, 360, 100), "first paragraph")
    assert read(page) == "first paragraph | second paragraph goes on | 12"


def test_columns_are_read_one_after_the_other() -> None:
    page = a_page()
    page.insert_text((40, 40), "HEADING OVER BOTH COLUMNS OF THE PAGE HERE")
    for left, words in ((40, "left one|left two"), (240, "right one|right two")):
        for row, text in enumerate(words.split("|")):
            page.insert_text((left, 100 + 60 * row), text)
    assert read(page).replace("| ", "") == (
        "HEADING OVER BOTH COLUMNS OF THE PAGE HERE left one left two right one right two"
    )


def old_face(page: Any, font: str) -> None:
    """What is printed on this page says it is printed in a font of this name."""
    pdf = page.parent
    for number in range(1, pdf.xref_length()):
        if pdf.xref_get_key(number, "BaseFont")[0] != "null":
            pdf.xref_set_key(number, "BaseFont", f"/{font}")


@pytest.mark.parametrize(
    ("font", "printed", "text"),
    [
        ("#2EVnTime", "Céng hoµ x· héi", "Cộng hoà xã hội"),
        ("ABCDEF+#2EVnTimeH", "ch-¬ng tr×nh", "CHƯƠNG TRÌNH"),
        ("VNI-Times", "Ñoäc laäp töï do", "Độc lập tự do"),
        ("Helvetica", "Ñoäc laäp", "Ñoäc laäp"),
    ],
)
def test_old_fonts_are_read_as_they_look(
    tmp_path: Path, font: str, printed: str, text: str
) -> None:
    page = a_page()
    page.insert_text((40, 100), printed, fontname="helv")
    old_face(page, font)
    page.parent.save(tmp_path / "old.pdf")
    said = words_of(mupdf.open(tmp_path / "old.pdf")[0])
    assert said["words"] == text.split()
    assert len(said["boxes"]) == 4 * len(said["words"])


def test_a_page_of_a_million_words_gives_the_first_thousands() -> None:
    pdf = mupdf.open()
    page = pdf.new_page(width=5000, height=5000)
    rows = "".join(f"1 0 0 1 5 {5 * row} Tm ({'ab ' * 250}) Tj " for row in range(400))
    page.insert_text((1, 1), "x")
    xref = page.get_contents()[0]
    name = page.get_fonts()[0][4]
    pdf.update_stream(xref, f"BT /{name} 4 Tf {rows * 10} ET".encode())

    said = words_of(pdf[0])

    assert len(said["words"]) == WORDS_MOST
    assert len(said["boxes"]) == 4 * WORDS_MOST


def test_a_page_of_endless_words_gives_so_many_letters() -> None:
    pdf = mupdf.open()
    page = pdf.new_page(width=5000, height=5000)
    page.insert_text((1, 1), "x")
    name = page.get_fonts()[0][4]
    rows = "".join(f"1 0 0 1 5 {5 * row} Tm ({'m' * 90}) Tj " for row in range(1000))
    pdf.update_stream(page.get_contents()[0], f"BT /{name} 4 Tf {rows} ET".encode())

    said = words_of(pdf[0])

    assert said["words"] == ["m" * 90] * (LETTERS_MOST // 90)
    assert len(said["boxes"]) == 4 * len(said["words"])


def test_a_page_without_words_says_nothing() -> None:
    assert words_of(a_page()) == {"words": [], "boxes": [], "lines": [], "blocks": []}


def test_contents_and_names_of_pages_are_read_as_far_as_they_make_sense() -> None:
    pdf = mupdf.open()
    for _ in range(4):
        pdf.new_page()
    pdf.set_toc([[1, "I. TÌNH HÌNH", 1], [2, "1. Chung", 2], [1, " ", 3], [1, "x" * 900, 4]])
    pdf.set_page_labels(
        [{"startpage": 0, "style": "r"}, {"startpage": 2, "style": "D", "firstpagenum": 1}]
    )
    assert outline_of(pdf) == [(1, "I. TÌNH HÌNH", 1), (2, "1. Chung", 2), (1, "x" * 200, 4)]
    assert [label_of(page) for page in pdf] == ["i", "ii", "1", "2"]
