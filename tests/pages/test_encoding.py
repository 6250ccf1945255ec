"""What a drawn page becomes: few tones exactly, photographs as good as they have to be."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from meeting.sandbox.encoding import encode
from tests.bench.sameness import likeness

Picture = Image.Image

SIZE = (1000, 700)


def sheet(*inks: tuple[int, int, int], mode: str = "RGB") -> Picture:
    """Strokes of these colours with soft edges on white, as letters are drawn."""
    drawn = Image.new(mode, (2 * SIZE[0], 2 * SIZE[1]), "white")
    pen = ImageDraw.Draw(drawn)
    for place in range(400):
        ink = inks[place % len(inks)]
        left, top = 60 + place * 37 % 1850, 60 + place * 61 % 1260
        colour: Any = ink if mode == "RGB" else ink[0]
        pen.line((left, top, left + 33, top + 29), fill=colour, width=5)
    return drawn.resize(SIZE, Image.Resampling.BOX)


def grain(seed: str, size: tuple[int, int] = SIZE) -> Picture:
    dice = random.Random(seed)
    return Image.frombytes("L", size, dice.randbytes(size[0] * size[1]))


def opened(body: bytes) -> Picture:
    picture = Image.open(io.BytesIO(body))
    picture.load()
    return picture


def furthest(one: Picture, other: Picture) -> int:
    """The largest difference of a channel."""
    apart = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return max(int(most) for _, most in apart.getextrema())  # type: ignore[misc]


def test_black_print_becomes_sixteen_greys_of_four_bits() -> None:
    page = sheet((0, 0, 0))

    kind, body = encode(page)

    assert (kind, opened(body).mode, body[24:26]) == ("image/png", "L", bytes((4, 0)))
    assert furthest(opened(body), page) <= 8
    assert encode(page.convert("L")) == (kind, body)


def test_print_in_a_few_colours_keeps_each_of_them() -> None:
    page = sheet((0, 0, 0), (209, 23, 28), (23, 69, 148))

    kind, body = encode(page)

    assert (kind, opened(body).mode, body[25]) == ("image/png", "P", 3)
    assert furthest(opened(body), page) <= 8


def test_print_in_very_many_colours_keeps_them_too() -> None:
    inks = [(5 * n % 256, 83 * n % 256, 151 * n % 256) for n in range(100)]
    page = sheet(*inks)

    kind, body = encode(page)

    assert (kind, opened(body).mode, body[25]) == ("image/png", "RGB", 2)
    assert furthest(opened(body), page) <= 8


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("most", [4, 24])
def test_a_photograph_is_as_good_as_its_grain_asks(mode: str, most: int) -> None:
    bands = [
        ImageChops.add(
            grain(f"soft {band}", (25, 18)).resize(SIZE, Image.Resampling.BICUBIC),
            grain(f"fine {band}").point([128 - most + tone * most // 128 for tone in range(256)]),
            1,
            -128,
        )
        for band in mode
    ]
    photo = Image.merge(mode, bands) if len(bands) > 1 else bands[0]

    kind, body = encode(photo)

    assert (kind, opened(body).mode) == ("image/jpeg", mode)
    assert likeness(photo.convert("L"), opened(body).convert("L")) >= 0.98


@pytest.mark.parametrize("upright", [True, False])
def test_a_gradient_without_any_grain_is_no_print(upright: bool) -> None:
    slope = Image.linear_gradient("L").resize(SIZE)
    page = slope if upright else slope.transpose(Image.Transpose.ROTATE_90).resize(SIZE)

    assert encode(page)[0] == "image/jpeg"


def test_a_small_picture_beside_print_is_not_coarsened() -> None:
    page = sheet((0, 0, 0))
    soft = grain("soft", (12, 12)).resize((200, 180), Image.Resampling.BICUBIC)
    page.paste(soft.filter(ImageFilter.GaussianBlur(2)).convert("RGB"), (700, 450))

    kind, body = encode(page)

    assert kind == "image/png"
    assert furthest(opened(body), page) <= 2


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (900, 2), (3, 3), (40, 40)])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_size_can_be_encoded(size: tuple[int, int], mode: str) -> None:
    noise = Image.merge("RGB", [grain(band, size) for band in "RGB"]).convert(mode)

    _, body = encode(noise)

    assert opened(body).size == size
