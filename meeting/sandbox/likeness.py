"""How alike two pictures are to the eye: SSIM (Wang and others, 2004) in squares side by side."""

from __future__ import annotations

from typing import Any, Final

from PIL import Image, ImageMath

SQUARE: Final = 7
FLOOR_LIGHT: Final = (0.01 * 255) ** 2
FLOOR_CONTRAST: Final = (0.03 * 255) ** 2
CORRECTED: Final = SQUARE**2 / (SQUARE**2 - 1)
"""From the variance of the pixels of a square to that of which they are a sample."""


def likeness(one: Image.Image, other: Image.Image) -> float:
    """1.0 for the same pictures, less the less alike they are; the mean over their channels.

    Both are of one size and mode, and at least a square wide and high.
    """
    pairs = list(zip(one.split(), other.split(), strict=True))
    return sum(_of_channel(a.convert("F"), b.convert("F")) for a, b in pairs) / len(pairs)


def _of_channel(one: Image.Image, other: Image.Image) -> float:
    named = {
        "a": one.reduce(SQUARE),
        "b": other.reduce(SQUARE),
        "aa": _product(one, one),
        "bb": _product(other, other),
        "ab": _product(one, other),
    }

    def compared(of: dict[str, Any]) -> Any:
        a, b = of["a"], of["b"]
        light = (a * b * 2 + FLOOR_LIGHT) / (a * a + b * b + FLOOR_LIGHT)
        varied = (of["aa"] - a * a + of["bb"] - b * b) * CORRECTED
        together = (of["ab"] - a * b) * 2 * CORRECTED
        return light * (together + FLOOR_CONTRAST) / (varied + FLOOR_CONTRAST)

    squares: Any = ImageMath.lambda_eval(compared, **named)
    # The mean, by the C code that shrinks pictures.
    return float(squares.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))


def _product(one: Image.Image, other: Image.Image) -> Image.Image:
    product: Any = ImageMath.lambda_eval(lambda of: of["one"] * of["other"], one=one, other=other)
    return product.reduce(SQUARE)  # type: ignore[no-any-return]
