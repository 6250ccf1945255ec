"""Whose copy it is can be told from any quarter of it, photographed; and the page can be read."""

from __future__ import annotations

import io
from typing import Any, Final

import pymupdf
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from meeting.copies import typeface
from meeting.sandbox.marking import NEAR_ENOUGH, TINT, Base, Stamps, places

mupdf: Any = pymupdf

PEOPLE: Final = tuple(
    (name, f"máy {number} · 14:{30 + number} 22/11/2026")
    for number, name in enumerate(
        ("Nguyễn Thị Hoàng Anh", "Lò Văn Ứng", "Điểu K’Rênh", "Trần Đỗ Quyên"), 1
    )
)
MOST: Final = 5_000_000
SIZE: Final = (1600, 2263)

TONES: Final = range(256)
CERTAIN: Final = [255 * (v > 200) for v in TONES]

Picture = Image.Image
Box = tuple[int, int, int, int]


def white() -> bytes:
    return saved(printed(Image.new("L", SIZE, 255)))


def dark() -> bytes:
    return saved(ImageOps.invert(printed(Image.new("L", SIZE, 255))))


def photo() -> bytes:
    tones = Image.effect_noise(SIZE, 60).filter(ImageFilter.GaussianBlur(3))
    across = Image.linear_gradient("L").rotate(90).resize(SIZE)
    return saved(Image.merge("RGB", (across, tones, ImageOps.invert(across))), "JPEG")


def coloured() -> bytes:
    page = printed(Image.new("L", SIZE, 255)).convert("RGB")
    page.paste((200, 30, 30), (900, 1500, 1300, 1520))
    page.paste((250, 244, 220), (100, 1700, 1500, 2000))
    return saved(page.quantize(64, dither=Image.Dither.NONE))


def printed(page: Picture) -> Picture:
    """Forty lines of print all over it."""
    pdf = mupdf.open()
    sheet = pdf.new_page(width=595, height=842)
    for line in range(44):
        sheet.insert_text(
            (60, 50 + 17 * line), f"Trang van ban hop, dong so {line} " * 3, fontsize=11
        )
    drawn = sheet.get_pixmap(matrix=mupdf.Matrix(1600 / 595, 1600 / 595), alpha=False)
    print_ = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples).convert("L")
    page.paste(print_, (0, 0))
    return page.quantize(16, dither=Image.Dither.NONE).convert("L")


def saved(page: Picture, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    page.save(out, kind)
    return out.getvalue()


PAGES: Final = {"white": white, "dark": dark, "photo": photo, "coloured": coloured}


@pytest.fixture(scope="module")
def stamps() -> Stamps:
    return Stamps(typeface().read_bytes())


def masked(stamps: Stamps, lines: tuple[str, str], size: tuple[int, int] = SIZE) -> Picture:
    """Where the letters are expected on the whole page."""
    mask = Image.new("L", size)
    stamp = stamps.stamp(lines, size)
    for place in places(size, stamp.size):
        mask.paste(255, place, stamp)
    return mask


def photographed(page: Picture, quarter: Box) -> Picture:
    """A quarter of it, not quite straight, not quite as large, with noise, through JPEG 50."""
    taken = page.convert("L").crop(quarter).rotate(7, Image.Resampling.BICUBIC, fillcolor=128)
    small = taken.resize((taken.width * 4 // 5, taken.height * 4 // 5), Image.Resampling.BICUBIC)
    noisy = ImageChops.add(small, Image.effect_noise(small.size, 24), 1, -128)
    return Image.open(io.BytesIO(jpeg(noisy, 50)))


def jpeg(page: Picture, quality: int) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality)
    return out.getvalue()


def likeness(photo: Picture, mask: Picture, quarter: Box) -> float:
    """How much darker the photograph is where this mask has letters than close beside them, or
    lighter where it is dark: in tones of 255.
    """
    lying = mask.crop(quarter).rotate(7, Image.Resampling.BICUBIC).resize(photo.size)
    letters = lying.point(CERTAIN)
    beside = ImageChops.subtract(lying.filter(ImageFilter.MaxFilter(9)).point(CERTAIN), letters)
    around = photo.filter(ImageFilter.BoxBlur(20))
    # Ink is far off its surroundings, a mark is not: both count alike.
    apart = ImageChops.subtract(photo, around, 1, 128).point([min(158, max(98, v)) for v in TONES])
    dark = around.point([255 * (v < 96) for v in TONES])
    found = 0.0
    for sign, where in ((1, ImageOps.invert(dark)), (-1, dark)):
        here, near = (ImageChops.multiply(one, where).point(CERTAIN) for one in (letters, beside))
        if here.getbbox() and near.getbbox():
            share = ImageStat.Stat(where).mean[0] / 255
            step = ImageStat.Stat(apart, near).mean[0] - ImageStat.Stat(apart, here).mean[0]
            found += share * sign * step
    return found


def quarters(size: tuple[int, int]) -> list[Box]:
    across, down = size[0] // 2, size[1] // 2
    return [
        (left, top, left + across, top + down)
        for left, top in ((0, 0), (across // 2, down // 3), (across, down))
    ]


@pytest.mark.parametrize(
    ("kind", "at"), [("white", 0), ("white", 2), ("dark", 1), ("photo", 0), ("coloured", 1)]
)
def test_any_photographed_quarter_says_whose_copy_it_was(
    kind: str, at: int, stamps: Stamps
) -> None:
    masks = {lines: masked(stamps, lines) for lines in PEOPLE}
    base = Base(PAGES[kind](), MOST)
    whose = PEOPLE[2]
    _, body = base.copy(stamps.stamp(whose, SIZE))
    page = Image.open(io.BytesIO(body))
    quarter = quarters(SIZE)[at]
    photo = photographed(page, quarter)
    alike = {lines: likeness(photo, mask, quarter) for lines, mask in masks.items()}
    assert max(alike, key=lambda lines: alike[lines]) == whose, alike


@pytest.mark.parametrize("size", [(1600, 2263), (1600, 1131), (800, 1131), (2400, 1000)])
def test_every_quarter_holds_the_words_whole(size: tuple[int, int], stamps: Stamps) -> None:
    long = ("Nguyễn Phước Hoàng Trung Nguyên", "máy 12 · 14:35 22/11/2026")
    for lines in (*PEOPLE, long):
        stamp = stamps.stamp(lines, size)
        found = places(size, stamp.size)
        for left in range(0, size[0] // 2 + 1, 50):
            for top in range(0, size[1] // 2 + 1, 50):
                right, bottom = left + size[0] // 2, top + size[1] // 2
                assert any(
                    left <= x
                    and x + stamp.width <= right
                    and top <= y
                    and y + stamp.height <= bottom
                    for x, y in found
                ), (lines, left, top)


@pytest.mark.parametrize("kind", PAGES)
def test_the_page_under_the_words_can_be_read(kind: str, stamps: Stamps) -> None:
    """Light enough: no tone moves by much more than a fifth of black to white, and what no
    letter touches does not move at all.
    """
    body = PAGES[kind]()
    _, marked = Base(body, MOST).copy(stamps.stamp(PEOPLE[0], SIZE))
    one, other = (Image.open(io.BytesIO(of)).convert("RGB") for of in (body, marked))
    beside = ImageOps.invert(masked(stamps, PEOPLE[0]))
    apart = ImageChops.difference(one, other)
    furthest = max(at % 256 for at, count in enumerate(apart.histogram()) if count)
    untouched = apart.convert("L")
    lossy = kind == "photo"
    assert furthest <= 56 + 30 * lossy
    assert ImageStat.Stat(untouched, beside).mean[0] <= 1.5 * lossy


ONE_HUE: Final = [(255 - 17 * step, 255 - 17 * step, 255) for step in range(16)]
FULL: Final = [(255, 255, 255), *[(17 * n, 17 * m, 0) for n in range(16) for m in range(16)][:255]]


@pytest.mark.parametrize("colours", [ONE_HUE, FULL], ids=["print in one hue", "no room for more"])
def test_whatever_colours_a_page_has_no_letter_of_the_words_is_left_out(
    colours: list[tuple[int, int, int]], stamps: Stamps
) -> None:
    page = Image.new("P", (800, 1131))
    page.putpalette([tone for colour in colours for tone in colour])
    for number in range(1, len(colours)):
        page.paste(number, (20, 4 * number, 780, 4 * number + 2))
    base = Base(saved(page), MOST)
    nothing, words = Image.new("L", (9, 9)), stamps.stamp(PEOPLE[0], page.size)
    plain, marked = (
        Image.open(io.BytesIO(base.copy(stamp)[1])).convert("RGB") for stamp in (nothing, words)
    )
    red, green, blue = ImageChops.difference(plain, marked).split()
    apart = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    letters = masked(stamps, PEOPLE[0], page.size)
    least = next(at for at, count in enumerate(apart.histogram(letters)) if count)
    assert least >= TINT - NEAR_ENOUGH


def test_many_words_are_cut_and_strange_ones_do_no_harm(stamps: Stamps) -> None:
    for lines in (("N" * 120, "x"), ("", ""), ("漢字 \U0001f600", "\u202e abc"), ("a\nb", "\x00")):
        stamp = stamps.stamp(lines, SIZE)
        assert stamp.width <= 0.36 * SIZE[0]


def test_what_is_no_image_or_larger_than_any_page_is_refused() -> None:
    for body in (b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", white()[:1000]):
        with pytest.raises((OSError, ValueError, SyntaxError)):
            Base(body, MOST)
    with pytest.raises(ValueError, match="larger"):
        Base(white(), 1_000_000)
