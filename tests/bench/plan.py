"""The A1 drawing that `tests.bench.drawing` looks at: made on the spot, as large as asked for.

Forty thousand strokes, four thousand figures, and an aerial picture under them that takes most of
the bytes.
"""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any, Final

import pymupdf
from PIL import Image

mupdf: Any = pymupdf

A1: Final = (2384.0, 1684.0)
"""Points, lying."""
BYTES_PER_PIXEL: Final = 0.557
"""Of the aerial picture, packed."""


def drawing(path: Path, megabytes: float, seed: int = 7) -> None:
    """Write it: as many bytes as asked for, nearly all of them in the picture."""
    chance = random.Random(seed)
    pdf = mupdf.open()
    page = pdf.new_page(width=A1[0], height=A1[1])
    page.insert_image(mupdf.Rect(60, 60, 1900, 1500), stream=aerial(int(megabytes * 1e6), chance))
    page.insert_font(fontname="helv")
    mupdf.TOOLS._insert_contents(page, lines(chance).encode(), True)
    pdf.save(path, deflate=True)


def lines(chance: random.Random) -> str:
    """Strokes, rectangles and figures all over the sheet, as a content stream."""
    drawn = ["q 0.4 w 0.1 0.1 0.4 RG 0.1 0.1 0.1 rg"]
    for number in range(40_000):
        x, y = chance.uniform(40, A1[0] - 80), chance.uniform(40, A1[1] - 80)
        across, down = chance.uniform(4, 60), chance.uniform(4, 60)
        if number % 3 == 0:
            drawn.append(f"{x:.1f} {y:.1f} {across:.1f} {down:.1f} re S")
        else:
            drawn.append(f"{x:.1f} {y:.1f} m {x + across:.1f} {y + down:.1f} l S")
    for number in range(4000):
        x, y = chance.uniform(40, A1[0] - 80), chance.uniform(40, A1[1] - 40)
        said = f"{number % 97}.{number % 10}0 m"
        drawn.append(f"BT /helv 5 Tf {x:.1f} {y:.1f} Td ({said}) Tj ET")
    return "\n".join([*drawn, "Q"])


def aerial(size: int, chance: random.Random) -> bytes:
    """A picture of fields and grain as JPEG, about so many bytes."""
    side = int((size / BYTES_PER_PIXEL) ** 0.5)
    fields = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    across, down = int(side * 1.15), int(side / 1.15)
    ground = fields.resize((across, down), Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", (1024, 1024), chance.randbytes(1024 * 1024))
    sheet = Image.new("L", (across, down))
    for left in range(0, across, 1024):
        for top in range(0, down, 1024):
            sheet.paste(grain, (left, top))
    mixed = Image.blend(ground, sheet.convert("RGB"), 0.35)
    out = io.BytesIO()
    mixed.save(out, "JPEG", quality=90)
    return out.getvalue()
