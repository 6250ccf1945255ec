"""Pictures become one PDF: upright, without what a camera wrote beside them, and no bombs."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

from meeting.pages.limits import PagesLimits
from meeting.pages.pictures import PictureRefused, is_heic, is_picture, make_pdf

mupdf: Any = pymupdf
UPRIGHT, ON_ITS_SIDE = 1, 6
"""What a camera says of how it was held, in the numbers of EXIF."""
OWNER = "Nguyen Van Mau"


def picture(kind: str, size: tuple[int, int] = (300, 200), held: int = UPRIGHT) -> bytes:
    """Red at its left half as the sensor saw it, blue at its right."""
    made = Image.new("RGB", size, (20, 20, 200))
    made.paste((200, 20, 20), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = held, OWNER
    out = io.BytesIO()
    made.save(out, kind, exif=exif)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few hundred bytes that says it is this large."""

    def part(name: bytes, body: bytes) -> bytes:
        checked = name + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(bytes(1000)))
        + part(b"IEND", b"")
    )


async def made(folder: Path, pictures: Sequence[bytes], **limits: Any) -> bytes:
    source, output = folder / "pictures", folder / "paper.pdf"
    source.write_bytes(b"".join(pictures))
    output.write_bytes(b"")
    await make_pdf(
        source,
        [len(one) for one in pictures],
        output,
        PagesLimits(**limits),
    )
    return output.read_bytes()


async def refused(folder: Path, pictures: Sequence[bytes], **limits: Any) -> tuple[str, int]:
    with pytest.raises(PictureRefused) as caught:
        await made(folder, pictures, **limits)
    return caught.value.code, caught.value.at


async def test_pictures_become_the_pages_of_one_paper_in_their_order(tmp_path: Path) -> None:
    pictures = [picture("JPEG"), picture("PNG", (200, 300)), picture("JPEG", (400, 400))]
    pdf = mupdf.open(stream=await made(tmp_path, pictures))
    sizes = [(round(page.rect.width), round(page.rect.height)) for page in pdf]
    assert sizes == [(842, 561), (561, 842), (595, 595)]


async def test_the_same_pictures_make_the_same_paper(tmp_path: Path) -> None:
    pictures = [picture("JPEG"), picture("PNG")]
    assert await made(tmp_path, pictures) == await made(tmp_path, pictures)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_a_picture_stands_as_it_was_held_and_says_nothing_else(
    tmp_path: Path, kind: str
) -> None:
    content = picture(kind, held=ON_ITS_SIDE)
    assert OWNER.encode() in content
    written = await made(tmp_path, [content])
    assert OWNER.encode() not in written
    pdf = mupdf.open(stream=written)
    [(number, *_)] = pdf.get_page_images(0)
    kept = Image.open(io.BytesIO(pdf.extract_image(number)["image"]))
    assert (kept.size, dict(kept.getexif())) == ((200, 300), {})
    # Turned clockwise: what was left is on top.
    pixels = pdf[0].get_pixmap()
    tops = [pixels.pixel(pixels.width // 2, at) for at in (20, pixels.height - 20)]
    assert [red > blue for red, _, blue in tops] == [True, False]


async def test_large_pictures_are_made_as_large_as_print_needs(tmp_path: Path) -> None:
    pdf = mupdf.open(stream=await made(tmp_path, [picture("JPEG", (5000, 4000))]))
    assert pdf.get_page_images(0)[0][2:4] == (3508, 2806)


async def test_a_picture_that_is_no_photograph_takes_little_room(tmp_path: Path) -> None:
    pixels = 3 * 1000 * 1400
    assert len(await made(tmp_path, [picture("PNG", (1000, 1400))])) < pixels / 100


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
async def test_every_kind_of_png_lies_on_white_paper(tmp_path: Path, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (60, 40)).save(out, "PNG")
    pixels = mupdf.open(stream=await made(tmp_path, [out.getvalue()]))[0].get_pixmap()
    see_through = mode in ("LA", "RGBA")
    assert pixels.pixel(100, 100) == ((255, 255, 255) if see_through else (0, 0, 0))


async def test_what_is_no_picture_or_a_bomb_is_refused_by_its_place(tmp_path: Path) -> None:
    good = picture("JPEG")
    assert await refused(tmp_path, [good, b"no picture"]) == ("picture_broken", 1)
    assert await refused(tmp_path, [good[:500]]) == ("picture_broken", 0)
    assert await refused(tmp_path, [good, good, bomb(60_000)]) == ("picture_too_large", 2)
    assert await refused(tmp_path, [bomb(2000)]) == ("picture_broken", 0)
    gif = io.BytesIO()
    Image.new("P", (4, 4)).save(gif, "GIF")
    assert await refused(tmp_path, [gif.getvalue()]) == ("picture_broken", 0)


async def test_a_process_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert await refused(tmp_path, [picture("JPEG")], picture_seconds=0.0) == ("picture_broken", 0)


def test_pictures_are_known_by_how_they_begin() -> None:
    assert [is_picture(one) for one in (picture("JPEG"), picture("PNG"), b"GIF89a")] == [
        True, True, False,
    ]  # fmt: skip
    assert is_heic(b"\0\0\0\x24ftypheic\0\0\0\0")
    assert not is_heic(picture("JPEG"))
