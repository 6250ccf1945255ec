"""Large pictures of a page that is looked at closely: unpacked once, whatever they are."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import pymupdf
import pytest
from PIL import Image, ImageChops

from meeting.sandbox.drawing import draw_part, matrix_of
from meeting.sandbox.encoding import COARSE
from meeting.sandbox.paper import Paper
from meeting.sandbox.sheet import Sheet
from meeting.sandbox.unpacked import Unpacked

mupdf: Any = pymupdf

SIZE: Final = (2400, 2000)
"""Of the picture, in pixels: large enough to matter."""
PAGE: Final = (1200, 1000)
"""In points."""
CLOSE: Final = 4800
"""Pixels across: the picture is drawn larger than it is."""
FAR: Final = 1000
"""The picture is drawn at less than half of its size."""
ROOMY: Final = 2_000_000_000


def ground(mode: str = "RGB") -> Image.Image:
    across = Image.linear_gradient("L").resize(SIZE)
    down = across.transpose(Image.Transpose.ROTATE_180)
    whole = Image.merge("RGB", (across, down, Image.radial_gradient("L").resize(SIZE)))
    return whole.convert(mode)


def packed(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


class Plan:
    """A PDF of pages with a large picture each, as a worker has it."""

    def __init__(self, path: Path, *pictures: bytes, memory: int = ROOMY, size: Any = PAGE) -> None:
        pdf = mupdf.open()
        for picture in pictures:
            page = pdf.new_page(width=size[0], height=size[1])
            page.insert_image(page.rect, stream=picture)
            page.insert_text((100, 300), "A1", fontsize=200)
        pdf.save(path, deflate=True)
        limits = {"max_file_bytes": 50_000_000, "max_pages": 10, "max_pixels": 5_000_000}
        self.paper = Paper({"source": str(path), "memory_bytes": memory, **limits})
        self.paper.describe()

    def piece(self, width: int = CLOSE, page: int = 1) -> Image.Image:
        _, body = self.paper.render_piece(page, width, 0, (0, 0, 800))
        return Image.open(io.BytesIO(body)).convert("RGB")

    def packing(self) -> list[str]:
        pictures = self.paper.pdf[0].get_images(full=True)
        return [self.paper.pdf.xref_get_key(entry, "Filter")[1] for entry, *_ in pictures]


@pytest.mark.parametrize(
    ("mode", "kind", "packing"),
    [("RGB", "JPEG", "/DCTDecode"), ("L", "JPEG", "/DCTDecode"), ("CMYK", "JPEG", "/DCTDecode"),
     ("RGBA", "PNG", "/FlateDecode"), ("1", "PNG", "/FlateDecode"), ("P", "PNG", "/FlateDecode")],
)  # fmt: skip
def test_a_picture_unpacked_is_drawn_as_it_was(
    tmp_path: Path, mode: str, kind: str, packing: str
) -> None:
    plan = Plan(tmp_path / "plan.pdf", packed(ground(mode), kind))
    sheet = Sheet(plan.paper.pdf[0])
    before = draw_part(sheet, CLOSE, 0, (0, 0, 800, 800)).convert("RGB")
    as_stored = plan.packing()

    plan.piece()
    sheet = plan.paper.sheet_closely(1, CLOSE, 0)
    after = draw_part(sheet, CLOSE, 0, (0, 0, 800, 800)).convert("RGB")

    assert (as_stored, plan.packing()) == ([packing], ["null"])
    assert ImageChops.difference(before, after).getbbox() is None


def test_a_picture_drawn_at_half_of_its_size_stays_packed(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "plan.pdf", packed(ground(), "JPEG"))

    plan.piece(FAR)
    far = plan.packing()
    plan.piece(CLOSE)
    plan.piece(FAR)

    assert (far, plan.packing()) == (["/DCTDecode"], ["null"])


def test_a_large_sheet_is_made_ready_before_a_piece_of_it_is_asked_for(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "plan.pdf", packed(ground(), "JPEG"), size=(1300, 1000))
    small = Plan(tmp_path / "small.pdf", packed(ground(), "JPEG"), size=(800, 600))

    answers = [one.paper.come_closer(1, 9600, 0) for one in (plan, small)]

    assert answers == [({"plan": True}, b""), ({"plan": False}, b"")]
    assert (plan.packing(), small.packing()) == (["null"], ["/DCTDecode"])
    assert plan.paper.come_closer(2, 9600, 0) == ({"code": "page_unknown"}, b"")


def test_only_one_page_lies_unpacked(tmp_path: Path) -> None:
    pictures = [packed(ground(mode), "JPEG") for mode in ("RGB", "L")]
    plan = Plan(tmp_path / "plan.pdf", *pictures)

    first = plan.piece()
    second = plan.piece(page=2)
    between = plan.packing()
    again = plan.piece()

    assert (between, plan.packing()) == (["/DCTDecode"], ["null"])
    assert first.tobytes() == again.tobytes() != second.tobytes()


def test_with_little_memory_pieces_come_from_strips(tmp_path: Path) -> None:
    content = packed(ground(), "JPEG")
    roomy = Plan(tmp_path / "roomy.pdf", content)
    small = Plan(tmp_path / "small.pdf", content, memory=30_000_000)

    apart = ImageChops.difference(roomy.piece(), small.piece())
    sheet = small.paper.sheet(1)
    unpacked = Unpacked(30_000_000)
    unpacked.bring(small.paper.pdf, 1, sheet, matrix_of(sheet, CLOSE, 0))

    assert (small.packing(), unpacked.slow) == (["/DCTDecode"], True)
    assert max(high for _, high in apart.getextrema()) <= COARSE  # type: ignore[misc]  # RGB


def test_no_picture_takes_more_than_it_says(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "plan.pdf", packed(ground("L"), "PNG"))
    (entry,) = (picture[0] for picture in plan.paper.pdf[0].get_images())
    plan.paper.pdf.update_stream(entry, bytes(200_000_000))

    piece = plan.piece()

    unpacked = plan.paper.pdf.xref_stream_raw(entry)
    assert (piece.size, len(unpacked)) == ((800, 800), SIZE[0] * SIZE[1])


def test_a_broken_picture_leaves_the_rest_of_its_page(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "plan.pdf", packed(ground(), "JPEG"))
    (entry,) = (picture[0] for picture in plan.paper.pdf[0].get_images())
    plan.paper.pdf.update_stream(entry, b"no picture at all", compress=False)
    plan.paper.pdf.xref_set_key(entry, "Filter", "/DCTDecode")

    assert plan.piece().size == (800, 800)


def test_pictures_of_one_size_are_unpacked_each_as_large_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    plan = Plan(path, packed(ground("L"), "JPEG"))
    page = plan.paper.pdf[0]
    page.insert_image((0, 0, 600, 500), stream=packed(ground(), "JPEG"))
    changed = plan.paper.pdf.tobytes()
    path.write_bytes(changed)
    plan.paper.open()
    before = draw_part(Sheet(plan.paper.pdf[0]), CLOSE, 0, (0, 0, 2400, 2000)).convert("RGB")

    sheet = plan.paper.sheet_closely(1, CLOSE, 0)
    after = draw_part(sheet, CLOSE, 0, (0, 0, 2400, 2000)).convert("RGB")

    assert plan.packing() == ["null", "null"]
    assert ImageChops.difference(before, after).getbbox() is None
