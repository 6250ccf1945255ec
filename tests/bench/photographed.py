"""A copy of a paper to be collected, photographed and read back: whose was it, which device, when?

Run: `python -m tests.bench.photographed [--keep FOLDER]`; needs `tesseract` with Vietnamese. Each
sample page is marked, a quarter of it is photographed (cropped, turned by 7 degrees, made smaller,
with noise, as JPEG of quality 50), turned until the words lie straight, freed of the print by its
darkness, and read by OCR. Printed is, for each quarter, how alike the best line read is to what was
written (1 is letter by letter).
"""

from __future__ import annotations

import difflib
import io
import subprocess
import sys
from pathlib import Path
from typing import Final

import pymupdf
from PIL import Image, ImageChops, ImageFilter, ImageOps

from meeting.copies import typeface
from meeting.sandbox.encoding import encode
from meeting.sandbox.marking import SLANT, Base, Stamps
from tests.bench.terminal import options_of

SAMPLES: Final = Path(__file__).parents[2] / "samples"
PAGES: Final = (
    ("1.1_bao-cao-kinh-te-xa-hoi.pdf", 1),
    ("2.1_to-trinh-214.pdf", 1),
    ("4.2_binh-do-huong-tuyen.pdf", 1),
)
WRITTEN: Final = ("Nguyễn Thị Hoàng Anh", "máy 2 · 14:35 22/11/2026")
WIDTH: Final = 1600
TURNED: Final = 7.0
SMALLER: Final = 0.8
INK: Final = 34
"""Print is darker than its surroundings by more than this, a mark by less."""


def marked(paper: str, number: int) -> Image.Image:
    page = pymupdf.open(SAMPLES / paper)[number - 1]
    scale = WIDTH / page.rect.width
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
    picture = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)
    base = Base(encode(picture)[1], 6_000_000)
    stamp = Stamps(typeface().read_bytes()).stamp(WRITTEN, base.plain.size)
    return Image.open(io.BytesIO(base.copy(stamp)[1])).convert("RGB")


def quarters(page: Image.Image) -> list[Image.Image]:
    across, down = page.width // 2, page.height // 2
    corners = ((0, 0), (across, 0), (0, down), (across, down), (across // 2, down // 2))
    return [page.crop((left, top, left + across, top + down)) for left, top in corners]


def photograph(quarter: Image.Image) -> bytes:
    turned = quarter.rotate(TURNED, Image.Resampling.BICUBIC, expand=True, fillcolor=(120,) * 3)
    size = (int(turned.width * SMALLER), int(turned.height * SMALLER))
    taken = turned.resize(size, Image.Resampling.BICUBIC)
    noise = Image.effect_noise(size, 10).convert("RGB")
    out = io.BytesIO()
    ImageChops.add(taken, noise, 1, -128).save(out, "JPEG", quality=50)
    return out.getvalue()


def straightened(photo: bytes) -> Image.Image:
    """The words upright, large and black; print as white as the paper."""
    grey = Image.open(io.BytesIO(photo)).convert("L")
    grey = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    around = grey.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.BoxBlur(1))
    paper = grey.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.BoxBlur(12))
    darker = ImageChops.subtract(paper, around)
    ink = darker.point([255 * (v > INK + 40) for v in range(256)]).filter(ImageFilter.MaxFilter(5))
    darker.paste(0, mask=ink)
    letters = darker.point([min(255, max(0, (v - 14) * 8)) for v in range(256)])
    lying = ImageOps.invert(letters)
    return lying.rotate(-TURNED - SLANT, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def read(picture: Image.Image) -> list[str]:
    out = io.BytesIO()
    picture.save(out, "PNG")
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", "vie", "--psm", "11"],
        input=out.getvalue(),
        capture_output=True,
        check=True,
    )
    return [line for line in done.stdout.decode().splitlines() if line.strip()]


def alike(written: str, lines: list[str]) -> tuple[float, str]:
    """How alike the best place in what was read is to this, and that place."""
    best = (0.0, "")
    for line in lines:
        for at in range(max(1, len(line) - len(written) + 1)):
            said = line[at : at + len(written)]
            best = max(best, (difflib.SequenceMatcher(None, written, said).ratio(), said))
    return best


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--keep", type=Path, help="a folder for the photographs, to look at")
    asked = options.parse_args()
    for paper, number in PAGES:
        for place, quarter in enumerate(quarters(marked(paper, number)), start=1):
            photo = photograph(quarter)
            picture = straightened(photo)
            if asked.keep:
                (asked.keep / f"{paper[:3]}-{place}.jpg").write_bytes(photo)
                picture.save(asked.keep / f"{paper[:3]}-{place}.png")
            lines = read(picture)
            found = [alike(one, lines) for one in WRITTEN]
            said = "   ".join(f"{share:.2f} {text!r}" for share, text in found)
            sys.stdout.write(f"{paper[:3]} quarter {place}: {said}\n")


if __name__ == "__main__":
    main()
