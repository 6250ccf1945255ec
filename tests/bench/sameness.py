"""How true page images are to a lossless drawing. Judges; shares nothing with what it judges."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pymupdf
from PIL import Image, ImageChops, ImageMath

mupdf: Any = pymupdf

WINDOW: Final = 7
OFFSETS: Final = ((0, 0), (3, 4), (5, 2))
"""Windows side by side, three times over, stand for a window around every pixel."""
SATURATED: Final = 80
"""Channels further apart than this are a colour anybody sees; it must not become less than half."""

Picture = Image.Image


@dataclass(frozen=True, slots=True)
class Sameness:
    """`furthest`: the largest difference of a channel, of 255. `faded`: share of the coloured
    pixels that are no longer coloured. `likeness`: SSIM of the greys.
    """

    furthest: int
    faded: float
    likeness: float


def compare(paper: Path, page: int, made: bytes) -> Sameness:
    """An image of a page (from 1) with what PyMuPDF draws at the same size."""
    with Image.open(io.BytesIO(made)) as opened:
        shown = opened.convert("RGB")
    true = lossless(paper, page, shown.width)
    if true.size != shown.size:
        raise ValueError(f"{shown.size} for a page of {true.size}")
    apart = ImageChops.difference(true, shown)
    furthest = max(int(most) for _, most in apart.getextrema())  # type: ignore[misc]
    return Sameness(furthest, _faded(true, shown), likeness(true.convert("L"), shown.convert("L")))


def lossless(paper: Path, page: int, width: int) -> Picture:
    pdf = mupdf.open(paper)
    sheet = pdf[page - 1]
    down = int(sheet.rect.height * width / sheet.rect.width + 0.01)
    matrix = mupdf.Matrix(width / sheet.rect.width, down / sheet.rect.height)
    drawn = sheet.get_pixmap(matrix=matrix, alpha=False)
    picture = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)
    return picture.crop((0, 0, width, down))


def likeness(one: Picture, other: Picture) -> float:
    """SSIM (Wang and others, 2004) with a uniform window, as scikit-image has it by default."""
    return sum(_likeness(one, other, *offset) for offset in OFFSETS) / len(OFFSETS)


def _likeness(one: Picture, other: Picture, left: int, top: int) -> float:
    box = (left, top, one.width, one.height)
    x, y = one.crop(box).convert("F"), other.crop(box).convert("F")
    mean = {
        "x": x.reduce(WINDOW),
        "y": y.reduce(WINDOW),
        "xx": _times(x, x).reduce(WINDOW),
        "yy": _times(y, y).reduce(WINDOW),
        "xy": _times(x, y).reduce(WINDOW),
    }
    light, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    of_sample = WINDOW**2 / (WINDOW**2 - 1)

    def compared(of: dict[str, Any]) -> Any:
        x, y = of["x"], of["y"]
        spread = (of["xx"] - x * x + of["yy"] - y * y) * of_sample + contrast
        joint = (of["xy"] - x * y) * 2 * of_sample + contrast
        return (x * y * 2 + light) / (x * x + y * y + light) * joint / spread

    values: Any = ImageMath.lambda_eval(compared, **mean)
    return float(values.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))


def _times(one: Picture, other: Picture) -> Picture:
    product: Any = ImageMath.lambda_eval(lambda of: of["one"] * of["other"], one=one, other=other)
    return product  # type: ignore[no-any-return]


def _faded(true: Picture, shown: Picture) -> float:
    coloured = _chroma(true).point([255 * (v > SATURATED) for v in range(256)])
    still = _chroma(shown).point([255 * (v > SATURATED // 2) for v in range(256)])
    lost = ImageChops.subtract(coloured, still).histogram()[255]
    return lost / max(1, coloured.histogram()[255])


def _chroma(picture: Picture) -> Picture:
    red, green, blue = picture.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    return ImageChops.subtract(most, least)
