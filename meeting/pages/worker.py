"""The sandboxed child: opens one untrusted PDF and draws its pages. Started by path with `-I`.

Imports the standard library, PyMuPDF and Pillow, nothing of ours. Speaks over stdin and stdout:
a message is a 4-byte big-endian length, that many bytes of JSON, then `body_bytes` raw bytes.
Asked: {"job": "open"}, {"job": "text"} of page 1, {"job": "render", "page": from 1, "width":
pixels, "turn": quarters clockwise}. Refused: {"code": …}. The rest is the parent's (pool.py).
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final

import pymupdf
from PIL import Image, ImageChops

mupdf: Any = pymupdf
"""PyMuPDF without its types, which cover only a part of it."""

OPEN_FILES: Final = 16
"""Descriptors a worker may hold: its pipes, the PDF, and a few for late imports."""
SIDE_PIXELS: Final = 16_000
"""Longest side of an image. Beyond this browsers stop decoding."""
REQUEST_BYTES: Final = 65_536
LINES_MOST: Final = 60
LINE_LETTERS: Final = 300
BOLD: Final = 16
"""The bit by which MuPDF says so; many fonts say it in their name only."""
OLD_FONTS: Final = (".vn", "vni-")
"""Fonts from before Unicode: what is printed reads as other letters."""

SAMPLE_WIDTH: Final = 800
"""Decisions about a picture are taken on every n-th pixel of it, about this many across."""
GREY_TOLERANCE: Final = 10
"""Channels this close are grey. Below the palest tints of tables, above colour conversion noise."""
PHOTO_SHARE: Final = 0.30
"""With more pixels than this outside its few common tones, a picture is a photograph or a scan."""
COMMON_TONES: Final = 8
MANY_COLOURS: Final = 16_384
"""A sample with more distinct tints than this is a picture; no palette is tried."""
DENSE_BYTES_PER_PIXEL: Final = 0.08
"""A PNG larger than this may be a noisy scan: JPEG is tried too. Dense text stays just below."""
COARSE_ERROR: Final = 48
"""A palette colour this far off, in one channel of 255, is seen."""
JPEG_QUALITY: Final = 82
PNG_LEVEL: Final = 4
"""Measured on text: level 4 is 10 % smaller than 1 for 5 ms more; 6 is 2 % smaller for 10 ms."""

TURNS: Final = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
"""Quarters of a turn, clockwise; Pillow counts the other way round."""

Picture = Image.Image
Answer = tuple[dict[str, Any], bytes]


def limit(settings: dict[str, Any]) -> None:
    """Give up memory, processor time, writing files and core dumps. Does nothing off POSIX."""
    try:
        import resource  # not on Windows
    except ImportError:
        return
    wanted = (
        ("RLIMIT_AS", settings["memory_bytes"]),
        ("RLIMIT_CPU", settings["cpu_seconds"]),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NOFILE", OPEN_FILES),
        ("RLIMIT_CORE", 0),
    )
    for name, value in wanted:
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (AttributeError, OSError, ValueError):
            # A kernel without one of them, or a lower hard limit already: the others still hold.
            continue


def held_bytes() -> int:
    """Memory this process holds now, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - no pathlib for one line
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


def read_file(settings: dict[str, Any]) -> bytes:
    """The whole PDF, from the inherited descriptor, or by path where none can be inherited."""
    source = settings["descriptor"] if "descriptor" in settings else settings["path"]
    with open(source, "rb") as file:  # noqa: PTH123 - a descriptor has no Path
        return file.read(int(settings["max_file_bytes"]) + 1)


class Document:
    """One PDF, opened at the first question."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.pdf: Any = None

    def open(self) -> str | None:
        """Open the file; None when that went well, else why not."""
        data = read_file(self.settings)
        if not data:
            return "file_empty"
        if len(data) > self.settings["max_file_bytes"]:
            return "file_too_large"
        if b"%PDF-" not in data[:1024]:
            return "file_not_pdf"
        try:
            pdf = mupdf.open(stream=data, filetype="pdf")
            if pdf.needs_pass:
                return "file_locked"
            pages = pdf.page_count
        except MemoryError:
            raise
        except Exception:
            return "file_broken"
        if pages == 0:
            # MuPDF's complaints tell a file whose pages are lost from one that has none.
            complaints = pdf.is_repaired or mupdf.TOOLS.mupdf_warnings()
            return "file_broken" if complaints else "file_empty"
        if pages > self.settings["max_pages"]:
            return "file_too_many_pages"
        self.pdf = pdf
        return None

    def describe(self) -> Answer:
        code = None if self.pdf is not None else self.open()
        if code is not None:
            return {"code": code}, b""
        return {"pages": self.pdf.page_count, "sizes": [self.size(n) for n in self.numbers()]}, b""

    def numbers(self) -> range:
        return range(1, self.pdf.page_count + 1)

    def size(self, page: int) -> list[float] | None:
        """Width and height in points as shown, None for a page that cannot be read."""
        try:
            box = self.pdf[page - 1].rect
        except MemoryError:
            raise
        except Exception:
            return None
        return [round(box.width, 2), round(box.height, 2)]

    def text(self) -> Answer:
        """The first lines of the first page from the top, each with whether it is bold."""
        try:
            lines = first_lines(self.pdf[0])
        except MemoryError:
            raise
        except Exception:
            lines = []
        return {"lines": lines}, b""

    def render(self, page: int, width: int, turn: int) -> Answer:
        if page not in self.numbers():
            return {"code": "page_unknown"}, b""
        try:
            found = self.pdf[page - 1]
            if not self.pdf.xref_get_keys(found.xref):
                # MuPDF draws an empty sheet for it, which would pass for a page of the paper.
                raise ValueError("a page object without content")
            picture = draw(found, width, turn, int(self.settings["max_pixels"]))
            media_type, body = encode(picture)
        except MemoryError:
            raise
        except Exception:
            return {"code": "page_failed"}, b""
        return {"type": media_type, "width": picture.width, "height": picture.height}, body


def first_lines(page: Any) -> list[tuple[str, bool]]:
    flags = mupdf.TEXTFLAGS_DICT & ~mupdf.TEXT_PRESERVE_IMAGES
    found = []
    for block in page.get_text("dict", flags=flags)["blocks"]:
        for line in block.get("lines", ()):
            spans = [span for span in line["spans"] if span["text"].strip()]
            fonts = [span["font"].rpartition("+")[2].lower() for span in spans]
            if spans and not any(font.startswith(OLD_FONTS) for font in fonts):
                text = "".join(span["text"] for span in line["spans"])[:LINE_LETTERS]
                bold = all(
                    span["flags"] & BOLD or "bold" in font
                    for span, font in zip(spans, fonts, strict=True)
                )
                left, top = line["bbox"][:2]
                found.append((round(top), left, text, bold))
    return [(text, bold) for _, _, text, bold in sorted(found)[:LINES_MOST]]


def fit(width: int, page_width: float, page_height: float, max_pixels: int) -> tuple[int, int]:
    """Pixels for a page of this shape: `width` wide unless that is too much in all or too tall."""
    if not (page_width > 0 and page_height > 0):
        raise ValueError("a page without an area")
    scale = width / page_width
    scale = min(scale, (max_pixels / page_width / page_height) ** 0.5, SIDE_PIXELS / page_height)
    return max(1, int(page_width * scale + 0.01)), max(1, int(page_height * scale + 0.01))


def draw(page: Any, width: int, turn: int, max_pixels: int) -> Picture:
    """The page `width` wide as it stands after `turn` quarters of a turn, clockwise."""
    box = page.rect
    if turn % 2:  # drawn as the file has it, on its side
        down, across = fit(width, box.height, box.width, max_pixels)
    else:
        across, down = fit(width, box.width, box.height, max_pixels)
    matrix = mupdf.Matrix(across / box.width, down / box.height)
    drawn = page.get_pixmap(matrix=matrix, alpha=False, annots=True)
    if drawn.width * drawn.height > 2 * max_pixels:
        raise ValueError("a page larger than it said")
    size = (drawn.width, drawn.height)
    picture = Image.frombuffer("RGB", size, drawn.samples_mv, "raw", "RGB", 0, 1)
    # Rounding outwards may add a row or a column.
    whole = picture if size == (across, down) else picture.crop((0, 0, across, down))
    return whole.transpose(TURNS[turn]) if turn else whole


def encode(picture: Picture) -> tuple[str, bytes]:
    """Media type and bytes. Looks at the pixels: text, a few colours, or a photograph."""
    colour = chroma(picture)
    coloured = colour.getextrema()[1] > GREY_TOLERANCE  # type: ignore[operator]  # one band
    flat = picture if coloured else picture.convert("L")
    if is_photo(every_nth(flat)):
        return "image/jpeg", save_photo(flat)
    if coloured:
        painted, bits = few_colours(picture, colour)
    else:
        painted, bits = sixteen_greys(flat), 4
    if painted is None:
        return "image/jpeg", save_photo(flat)
    body = save(painted, "PNG", bits=bits, compress_level=PNG_LEVEL)
    if len(body) > DENSE_BYTES_PER_PIXEL * picture.width * picture.height:
        photo = save_photo(flat)
        if len(photo) < 0.8 * len(body):
            return "image/jpeg", photo
    return "image/png", body


def few_colours(picture: Picture, colour: Picture) -> tuple[Picture | None, int]:
    """The picture in 16 colours (4 bits) or 64 (8 bits); None where that would be seen."""
    sample, sample_colour = every_nth(picture), every_nth(colour)
    for greys, colours, bits, share in ((8, 8, 4, 0.0005), (16, 48, 8, 0.002)):
        palette = choose_palette(sample, sample_colour, greys, colours)
        if palette is None:
            break
        if share_off(sample, paint(sample, palette)) <= share:
            return paint(picture, palette), bits
    return None, 0


def chroma(picture: Picture) -> Picture:
    """How far from grey each pixel is, 0 to 255."""
    red, green, blue = picture.split()
    return ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue))


def every_nth(picture: Picture) -> Picture:
    step = max(1, picture.width // SAMPLE_WIDTH)
    size = (max(1, picture.width // step), max(1, picture.height // step))
    return picture.resize(size, Image.Resampling.NEAREST)


def is_photo(sample: Picture) -> bool:
    """Whether tones are spread, as in photographs and scans, and not few, as in print."""
    histogram = sample.convert("L").histogram()
    tones = sorted((sum(histogram[at : at + 8]) for at in range(0, 256, 8)), reverse=True)
    return sum(tones[COMMON_TONES:]) > PHOTO_SHARE * sum(tones)


def sixteen_greys(grey: Picture) -> Picture:
    """The picture in 16 greys, of which the most common ones (paper, fills, ink) are exact."""
    histogram = grey.histogram()
    levels = [17 * n for n in range(16)]
    common = sorted(range(256), key=histogram.__getitem__)[-4:]
    for tone in common:  # the most common last, so that it keeps its place
        levels[(tone + 8) // 17] = tone
    nearest = [min(range(16), key=lambda n: abs(levels[n] - tone)) for tone in range(256)]
    painted = grey.point(nearest)
    painted.putpalette([tone for tone in levels for _ in range(3)])
    return painted


def choose_palette(sample: Picture, colour: Picture, greys: int, colours: int) -> Picture | None:
    """A palette of even greys, the commonest colours exactly, and the range of the others.

    Rare colours count as much as common ones: a small red stamp stays red on a blue page.
    None when there are too many.
    """
    tinted = Image.new("RGB", sample.size)
    tinted.paste(sample, mask=colour.point([255 * (v > GREY_TOLERANCE) for v in range(256)]))
    found: Any = tinted.getcolors(MANY_COLOURS)
    if found is None:
        return None
    counted = [tint for _, tint in sorted(found, reverse=True) if tint != (0, 0, 0)]
    exact = counted[: colours // 3]
    coarse = {tuple(v & 0xF0 for v in tint): tint for tint in counted}
    rest = Image.new("RGB", (max(1, len(coarse)), 1))
    rest.putdata(list(coarse.values()))
    room = colours - len(exact)
    spread = rest.quantize(room, method=Image.Quantize.MEDIANCUT).getpalette() or []
    values = [v * 255 // (greys - 1) for v in range(greys) for _ in range(3)]
    values += [v for tint in exact for v in tint] + spread[: room * 3]
    palette = Image.new("P", (1, 1))
    palette.putpalette(values)
    return palette


def paint(picture: Picture, palette: Picture) -> Picture:
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def share_off(picture: Picture, painted: Picture) -> float:
    """Share of the pixels whose colour is visibly wrong."""
    red, green, blue = ImageChops.difference(picture, painted.convert("RGB")).split()
    histogram = ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()
    return sum(histogram[COARSE_ERROR:]) / sum(histogram)


def save_photo(picture: Picture) -> bytes:
    # Full colour resolution: in a scan the text inside a red stamp must stay legible.
    return save(picture, "JPEG", quality=JPEG_QUALITY, subsampling=0)


def save(picture: Picture, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def answer(document: Document, request: dict[str, Any]) -> Answer:
    if request["job"] == "open":
        return document.describe()
    if request["job"] == "text":
        return document.text()
    return document.render(int(request["page"]), int(request["width"]), int(request["turn"]))


def serve(read: Callable[[int], bytes], out: BinaryIO, document: Document) -> None:
    """Answer until the parent closes the pipe."""
    while len(head := read(4)) == 4:
        size = int.from_bytes(head, "big")
        if size > REQUEST_BYTES:
            return
        request = json.loads(read(size))
        try:
            header, body = answer(document, request)
            last = False
        except MemoryError:
            # Nothing can be relied on any more: answer, then leave the place to a fresh process.
            opening = request["job"] == "open"
            header, body = {"code": "file_broken" if opening else "page_failed"}, b""
            last = True
        header |= {"body_bytes": len(body), "held_bytes": held_bytes()}
        raw = json.dumps(header).encode()
        out.write(len(raw).to_bytes(4, "big") + raw)
        out.write(body)
        out.flush()
        if last:
            return


def main() -> None:
    settings = json.loads(sys.argv[1])
    limit(settings)
    # The pipe is for answers alone: whatever a library prints goes nowhere.
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    mupdf.TOOLS.mupdf_display_errors(False)
    mupdf.TOOLS.mupdf_display_warnings(False)
    serve(sys.stdin.buffer.read, out, Document(settings))


if __name__ == "__main__":
    main()
