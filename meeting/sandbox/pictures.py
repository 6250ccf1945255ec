"""The sandboxed child that makes a PDF of pictures, one a page, each upright and as large as A4.

Only their pixels come over: what a camera wrote beside them (place, time, owner) does not. It says
on stdout, after a 4-byte big-endian length, one JSON: {"pages": n}, or {"code": …, "at": which}.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Sequence
from typing import Any, Final

import pymupdf
from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

from meeting.sandbox.binder import Target
from meeting.sandbox.confine import OPEN_FILES, answers_only, limit, shut
from meeting.sandbox.encoding import is_picture

mupdf: Any = pymupdf

AT_HAND: Final = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)
"""Imported before the child is shut in; the last one reads which way up a picture was taken."""

FORMATS: Final = ("JPEG", "PNG")
LONGEST: Final = 3508
"""Pixels along the longer side: A4 at 300 dots an inch."""
SHORT_POINTS, LONG_POINTS = 595.0, 842.0
QUALITY: Final = 88

Picture = Image.Image


class Unfit(Exception):
    """A picture cannot be used; the code says why."""


def opened(content: bytes, max_pixels: int) -> Picture:
    """The picture upright, small enough, without colours to see through."""
    try:
        picture: Picture = Image.open(io.BytesIO(content), formats=FORMATS)
        width, height = picture.size
        if width < 1 or height < 1:
            raise Unfit("picture_broken")
        if width * height > max_pixels:
            raise Unfit("picture_too_large")
        picture.draft(picture.mode, (LONGEST, LONGEST))
        picture = ImageOps.exif_transpose(flat(picture))
        picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    except (Unfit, MemoryError):
        raise
    except Exception as wrong:
        raise Unfit("picture_broken") from wrong
    return picture


def flat(picture: Picture) -> Picture:
    """In grey or in colour; what can be seen through lies on white paper."""
    turned = picture.getexif()
    if picture.mode in ("1", "L", "I;16", "I"):
        made = picture.convert("L") if picture.mode in ("1", "L") else _of_16_bits(picture)
    elif picture.has_transparency_data:
        made = Image.new("RGBA", picture.size, "white")
        made.alpha_composite(picture.convert("RGBA"))
        made = made.convert("RGB")
    else:
        made = picture.convert("RGB")
    made.info = {"exif": turned.tobytes()} if turned else {}
    return made


def _of_16_bits(picture: Picture) -> Picture:
    return picture.convert("I").point([tone // 256 for tone in range(65_536)], "L")


def encoded(picture: Picture, *, lossless: bool) -> bytes:
    """JPEG, or PNG where it was one and is no photograph; without anything but pixels."""
    out = io.BytesIO()
    picture.info = {}
    if lossless and not is_picture(picture):
        picture.save(out, "PNG", compress_level=6)
    else:
        picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def lay(pdf: Any, content: bytes, max_pixels: int) -> None:
    lossless = content.startswith(b"\x89PNG")
    picture = opened(content, max_pixels)
    body = encoded(picture, lossless=lossless)
    wide = picture.width > picture.height
    across, down = (LONG_POINTS, SHORT_POINTS) if wide else (SHORT_POINTS, LONG_POINTS)
    scale = min(across / picture.width, down / picture.height)
    page = pdf.new_page(width=picture.width * scale, height=picture.height * scale)
    page.insert_image(page.rect, stream=body)


def make(settings: dict[str, Any], source: Any, target: Target) -> dict[str, Any]:
    pdf = mupdf.open()
    sizes: Sequence[int] = settings["sizes"]
    for at, size in enumerate(sizes):
        try:
            lay(pdf, source.read(size), int(settings["max_pixels"]))
        except Unfit as unfit:
            return {"code": str(unfit), "at": at}
        except MemoryError:
            return {"code": "picture_too_large", "at": at}
    pdf.save(target, no_new_id=True, deflate_images=True)  # what was PNG lies there unpacked
    target.close()
    return {"pages": len(sizes)}


def main() -> None:
    settings = json.loads(sys.argv[1])
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # ours is judged before anything is decoded
    source = open(settings["source"], "rb")  # noqa: PTH123, SIM115 - a descriptor has no Path
    target = Target(settings["output"])
    limit(
        memory_bytes=settings["memory_bytes"],
        cpu_seconds=settings["cpu_seconds"],
        output_bytes=settings["output_bytes"],
        files=OPEN_FILES,
    )
    out = answers_only()
    shut()
    raw = json.dumps(make(settings, source, target)).encode()
    out.write(len(raw).to_bytes(4, "big") + raw)
    out.flush()
