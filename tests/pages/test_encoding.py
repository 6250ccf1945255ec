"""What a drawn page becomes: few tones exactly, photographs as good as they have to be."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from meeting.sandbox.encoding import encode
from meeting.sandbox.png import GREY, only_runs, png
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


def squares(*colours: tuple[int, int, int]) -> Picture:
    """A white sheet with each of these colours on it, the later ones on less of it."""
    picture = Image.new("RGB", SIZE, "white")
    for place, colour in enumerate(colours):
        left, top = 20 + 30 * (place % 30), 20 + 30 * (place // 30)
        side = max(1, 24 - place // 12)
        picture.paste(colour, (left, top, left + side, top + side))
    return picture


def test_two_rare_colours_are_one_where_that_is_near_enough_to_both() -> None:
    often = [(17 * (n % 15), 34 * (n // 15 % 8), 102 * (n // 120)) for n in range(239)]
    sides = [17 * n + side for n in range(0, 15, 2) for side in (2, 17)]
    rare = [(tone, 255, 204) for tone in sides] + [(51, tone, 255) for tone in sides]
    page = squares(*often, *rare)

    kind, body = encode(page)

    shown = opened(body)
    assert (kind, shown.mode) == ("image/png", "P")
    assert len(shown.convert("RGB").getcolors() or []) == 256 == len([*often, *rare, "white"]) - 16
    assert furthest(shown, page) <= 8


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


def test_edges_that_never_repeat_are_packed_as_runs_and_letters_are_not() -> None:
    soft = grain("soft").point([255 if tone > 30 else 0 for tone in range(256)])
    edges = ImageChops.lighter(soft, grain("tones"))
    letters = Image.new("L", SIZE, 255)
    letter = grain("letter", (24, 24)).point([255 * (tone > 128) for tone in range(256)])
    for place in range(900):
        letters.paste(letter, (10 + 31 * (place % 30), 10 + 23 * (place // 30)))

    empty = Image.new("L", SIZE, 255)

    found = [only_runs(picture.tobytes()) for picture in (edges, letters, empty)]

    assert found == [True, False, False]
    for picture in (edges, letters):
        assert opened(png(picture, GREY, 8)).tobytes() == picture.tobytes()
