"""Papers are bound in a sandbox: every page, nothing hidden; one that fails spoils no other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from meeting.pages.binding import BindingLimits, Front, NotBound, Paper, Plate, bind

mupdf: Any = pymupdf

MISSING = "no such page"

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")


def a_front(folder: Path, strips: int, plates: int = 0) -> Front:
    """One page first, then plates, the page in place of one that cannot be printed, strips."""
    pdf = mupdf.open()
    for word in ("cover", *(f"plate {n}" for n in range(plates)), MISSING):
        pdf.new_page(width=595, height=842).insert_text((60, 100), word)
    for number in range(strips):
        pdf.new_page(width=510, height=14).insert_text((2, 10), f"strip {number}", fontsize=8)
    path = folder / "front.pdf"
    pdf.save(path)
    return Front(path, "The title")


def output(folder: Path) -> Path:
    path = folder / "bound.pdf"
    path.touch()
    return path


def words(page: Any) -> str:
    return " ".join(page.get_text().split())


async def test_papers_follow_the_front_each_page_with_its_strip(
    papers: Any, tmp_path: Path
) -> None:
    first, second = papers.text(2, "a.pdf"), papers.text(1, "b.pdf")
    bound = output(tmp_path)

    unfit = await bind(
        a_front(tmp_path, strips=3, plates=1),
        [Paper(first, 2, "A"), Plate("P"), Paper(second, 1, "B")],
        bound,
    )

    pdf = mupdf.open(bound)
    shown = [words(page) for page in pdf]
    assert unfit == {}
    assert [text.split(",")[0] for text in shown] == [
        "cover",
        "Page 1",
        "Page 2",
        "plate 0",
        "Page 1",
    ]
    assert [text[-7:] for text in shown if "Page" in text] == ["strip 0", "strip 1", "strip 2"]
    assert pdf.get_toc() == [[1, "A", 2], [1, "P", 4], [1, "B", 5]]
    assert pdf.metadata["title"] == "The title"


async def test_a_strip_hides_nothing_even_where_a_page_is_written_to_its_edge(
    papers: Any, tmp_path: Path
) -> None:
    pdf = mupdf.open()
    pdf.new_page(width=595, height=842).insert_text((60, 841), "last line")
    bound = output(tmp_path)

    await bind(a_front(tmp_path, strips=1), [Paper(papers.save(pdf, "edge.pdf"), 1, "")], bound)

    page = mupdf.open(bound)[1]
    [last], [strip] = page.search_for("last line"), page.search_for("strip 0")
    assert last.y1 - 3 < strip.y0  # the line's own box has room under its letters
    assert strip.y1 < 842 - 12
    assert (page.rect.width, page.rect.height) == (595, 842)


@pytest.mark.parametrize("rotated", [0, 90, 180, 270])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
async def test_pages_stand_as_they_are_shown(
    papers: Any, tmp_path: Path, rotated: int, quarters: int
) -> None:
    pdf = mupdf.open()
    page = pdf.new_page(width=400, height=600)
    page.draw_rect((0, 0, 100, 100), color=(1, 0, 0), fill=(1, 0, 0))
    page.draw_rect((300, 0, 400, 100), color=(0, 0, 1), fill=(0, 0, 1))
    page.set_rotation(rotated)
    path = papers.save(pdf, "turned.pdf")
    page.set_rotation((rotated + 90 * quarters) % 360)
    bound = output(tmp_path)

    await bind(a_front(tmp_path, 1), [Paper(path, 1, "", {1: quarters})], bound)

    assert corners(mupdf.open(bound)[1], 0.95) == corners(page, 1.0)


def corners(page: Any, share: float) -> dict[str, str]:
    """The colours at the corners of a page's upper share, in its middle."""
    picture = page.get_pixmap(alpha=False)
    wide, high = picture.width, picture.height * share
    inset = wide * (1 - share) / 2 + 12
    places = {
        "top left": (inset, 12),
        "top right": (wide - inset, 12),
        "bottom left": (inset, high - 12),
        "bottom right": (wide - inset, high - 12),
    }
    names = {(255, 0, 0): "red", (0, 0, 255): "blue", (255, 255, 255): "white"}
    return {
        name: names.get(picture.pixel(int(x), int(y))[:3], "?") for name, (x, y) in places.items()
    }


async def test_comments_and_form_fields_are_printed(papers: Any, tmp_path: Path) -> None:
    pdf = mupdf.open()
    page = pdf.new_page()
    page.add_freetext_annot((60, 60, 300, 90), "a comment")
    field = mupdf.Widget()
    field.field_name, field.field_type = "name", mupdf.PDF_WIDGET_TYPE_TEXT
    field.field_value, field.rect = "a filled field", mupdf.Rect(60, 100, 300, 120)
    page.add_widget(field)
    bound = output(tmp_path)

    await bind(a_front(tmp_path, 1), [Paper(papers.save(pdf, "form.pdf"), 1, "")], bound)

    assert words(mupdf.open(bound)[1]) == "a comment a filled field strip 0"


async def test_papers_that_cannot_be_bound_are_named_and_nothing_is_written(
    papers: Any, tmp_path: Path
) -> None:
    whole = papers.text(1).read_bytes()
    pieces = [
        Paper(papers.text(1, "good.pdf"), 1, "good"),
        Paper(papers.locked(), 1, "locked"),
        Paper(papers.raw(whole[:60], "beginning.pdf"), 1, "beginning"),
        Paper(papers.text(3, "other.pdf"), 2, "not the paper that was counted"),
        Paper(papers.text(1, "last.pdf"), 1, "good"),
    ]
    bound = output(tmp_path)

    unfit = await bind(a_front(tmp_path, strips=6), pieces, bound)

    assert unfit == {1: "file_locked", 2: "file_broken", 3: "file_broken"}
    assert bound.read_bytes() == b""


async def test_a_paper_that_is_too_large_or_gone_is_named(papers: Any, tmp_path: Path) -> None:
    path = papers.text(4)
    front = a_front(tmp_path, strips=4)
    limits = BindingLimits(most_bytes=path.stat().st_size - 1)
    gone = Paper(tmp_path / "gone.pdf", 4, "")

    assert await bind(front, [gone], output(tmp_path)) == {0: "file_broken"}
    front.path.write_bytes(mupdf.open(front.path).tobytes(garbage=4, deflate=True, clean=True))
    assert await bind(front, [Paper(path, 4, "")], output(tmp_path), limits) == {
        0: "file_too_large"
    }


async def test_a_page_that_cannot_be_printed_says_so_in_its_place(
    papers: Any, tmp_path: Path
) -> None:
    path = papers.second_page_replaced("<<>>")
    bound = output(tmp_path)

    unfit = await bind(a_front(tmp_path, strips=3), [Paper(path, 3, "")], bound)

    shown = [words(page) for page in mupdf.open(bound)]
    assert unfit == {}
    assert [shown[1][:6], shown[2], shown[3][:6]] == ["Page 1", f"{MISSING} strip 1", "Page 3"]


@linux
async def test_a_page_that_unfolds_beyond_the_memory_limit_fails_alone(
    papers: Any, tmp_path: Path
) -> None:
    pdf = mupdf.open()
    for number in range(3):
        pdf.new_page().insert_text((60, 60), f"Page {number}")
    pdf.update_stream(pdf[1].get_contents()[0], b" " * 120_000_000, compress=True)
    path = papers.save(pdf, "bomb.pdf")
    bound = output(tmp_path)
    limits = BindingLimits(memory_bytes=300_000_000)

    unfit = await bind(a_front(tmp_path, strips=3), [Paper(path, 3, "")], bound, limits)

    assert unfit == {}
    assert [words(page) for page in mupdf.open(bound)] == [
        "cover",
        "Page 0 strip 0",
        f"{MISSING} strip 1",
        "Page 2 strip 2",
    ]


@linux
async def test_a_paper_at_which_the_process_ends_is_to_blame(papers: Any, tmp_path: Path) -> None:
    """The second has more pages than can be laid in a second of processor time."""
    many = 1000
    pdf = mupdf.open()
    for _ in range(many):
        pdf.new_page().insert_text((60, 60), "x")
    pieces = [
        Paper(papers.text(1, "good.pdf"), 1, ""),
        Paper(papers.save(pdf, "long.pdf"), many, ""),
    ]
    front = a_front(tmp_path, strips=many + 1)
    limits = BindingLimits(cpu_seconds=1)

    unfit = await bind(front, pieces, output(tmp_path), limits)

    assert unfit == {1: "file_broken"}


async def test_when_time_is_over_before_the_first_paper_no_paper_is_to_blame(
    papers: Any, tmp_path: Path
) -> None:
    front, limits = a_front(tmp_path, strips=1), BindingLimits(piece_seconds=0.0)

    with pytest.raises(NotBound):
        await bind(front, [Paper(papers.text(), 1, "")], output(tmp_path), limits)


@linux
async def test_a_book_larger_than_allowed_is_not_bound(papers: Any, tmp_path: Path) -> None:
    front, limits = a_front(tmp_path, strips=1), BindingLimits(output_bytes=1000)

    with pytest.raises(NotBound):
        await bind(front, [Paper(papers.text(), 1, "")], output(tmp_path), limits)
