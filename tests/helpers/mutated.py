"""PDFs changed at random so that they are broken in the ways that hurt; seeded."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import pymupdf
from PIL import Image

from tests.helpers import active_papers
from tests.helpers.canary import Canary

mupdf: Any = pymupdf

PASSWORD: Final = "u"
"""Of the one paper among the sources that needs one."""

SAMPLES: Final = Path(__file__).parents[2] / "samples"

OBJECT: Final = re.compile(rb"\d+ \d+ obj\b.*?\bendobj\b", re.DOTALL)
REFERENCE: Final = re.compile(rb"\b\d+ 0 R\b")
NUMBER: Final = re.compile(rb"(?<![\w.#])-?\d+(?:\.\d+)?(?![\w.])")
LENGTH: Final = re.compile(rb"/(?:Length|Size|Count|Prev|First|N|W|Width|Height)\s+\d+")
NAME: Final = re.compile(rb"/[A-Za-z][A-Za-z0-9]*")
ARRAY: Final = re.compile(rb"\[[^\[\]]{0,200}\]")
STREAM: Final = re.compile(rb"stream\r?\n(.{16,}?)endstream", re.DOTALL)

STRANGE: Final = (
    *(b"0", b"-1", b"1", b"2147483647", b"-2147483648", b"4294967296", b"99999999999999999999"),
    *(b"1e308", b"0.000000001", b"-0.5", b"65536", b"16777217", b"1000000"),
)
DEPTHS: Final = (100, 3000, 100_000)

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]


def flipped(chance: Random, paper: bytes, others: Sequence[bytes]) -> bytes:
    out = bytearray(paper)
    for _ in range(chance.choice((1, 2, 8, 64))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def flipped_in_a_stream(chance: Random, paper: bytes, _: Sequence[bytes]) -> bytes:
    found = [*STREAM.finditer(paper)]
    if not found:
        return flipped(chance, paper, ())
    begins, ends = chance.choice(found).span(1)
    return paper[:begins] + flipped(chance, paper[begins:ends], ()) + paper[ends:]


def cut_short(chance: Random, paper: bytes, _: Sequence[bytes]) -> bytes:
    return paper[: chance.randrange(8, len(paper))]


def cut_out(chance: Random, paper: bytes, _: Sequence[bytes]) -> bytes:
    begins = chance.randrange(len(paper))
    return paper[:begins] + paper[begins + chance.choice((1, 16, 512, 8192)) :]


def repeated(chance: Random, paper: bytes, _: Sequence[bytes]) -> bytes:
    begins = chance.randrange(len(paper))
    piece = paper[begins : begins + chance.choice((4, 64, 2048))]
    return paper[:begins] + piece * chance.choice((2, 50, 400)) + paper[begins:]


def spliced(chance: Random, paper: bytes, others: Sequence[bytes]) -> bytes:
    """An object of another paper, under the number of one of this."""
    found = [*OBJECT.finditer(paper)]
    strange = OBJECT.findall(chance.choice(others))
    if not found or not strange:
        return cut_out(chance, paper, ())
    here = chance.choice(found)
    number: bytes = here[0].partition(b" ")[0]
    other: bytes = chance.choice(strange)
    put: bytes = number + b" " + other.partition(b" ")[2]
    return paper[: here.start()] + put + paper[here.end() :]


def lying(chance: Random, paper: bytes, _: Sequence[bytes]) -> bytes:
    """A length or a count that is not so."""
    return _one(
        LENGTH, lambda said: said.partition(b" ")[0] + b" " + chance.choice(STRANGE), chance, paper
    )


def strange_number(chance: Random, paper: bytes, _: Sequence[bytes]) -> bytes:
    return _one(NUMBER, lambda _: chance.choice(STRANGE), chance, paper)


def nested(chance: Random, paper: bytes, _: Sequence[bytes]) -> bytes:
    depth = chance.choice(DEPTHS)
    opens, ends = chance.choice(((b"[", b"]"), (b"<</A", b">>"), (b"q ", b"Q "), (b"(", b")")))
    return _one(ARRAY, lambda said: opens * depth + said + ends * depth, chance, paper)


def referred_elsewhere(chance: Random, paper: bytes, _: Sequence[bytes]) -> bytes:
    """One object in another's place, perhaps in its own: rings among them."""
    others = REFERENCE.findall(paper)
    return _one(REFERENCE, lambda _: chance.choice(others), chance, paper)


def named_otherwise(chance: Random, paper: bytes, others: Sequence[bytes]) -> bytes:
    names = NAME.findall(chance.choice(others)) or [b"/X"]
    return _one(NAME, lambda _: chance.choice(names), chance, paper)


CHANGES: Final[tuple[Change, ...]] = (
    flipped,
    flipped_in_a_stream,
    cut_short,
    cut_out,
    repeated,
    spliced,
    lying,
    strange_number,
    nested,
    referred_elsewhere,
    named_otherwise,
)


def _one(
    pattern: re.Pattern[bytes], put: Callable[[bytes], bytes], chance: Random, paper: bytes
) -> bytes:
    found = [*pattern.finditer(paper)]
    if not found:
        return flipped(chance, paper, ())
    here = chance.choice(found)
    return paper[: here.start()] + put(here[0]) + paper[here.end() :]


def mutant(seed: int, number: int, sources: Sequence[bytes]) -> bytes:
    """The paper of this number: the same for the same seed and sources."""
    chance = Random(f"{seed}/{number}")
    paper = chance.choice(sources)
    for _ in range(chance.choice((1, 1, 2, 4))):
        paper = chance.choice(CHANGES)(chance, paper, sources) or b"%PDF-1.7\n"
    return paper


def sources(canary: Canary, folder: Path | None = None) -> list[bytes]:
    """Papers to change: the sample's, some made here, active ones, and those of a folder; of each
    a second one whose streams can be read, so that changes reach what they hold.
    """
    whole = [path.read_bytes() for path in sorted(SAMPLES.glob("*.pdf"))]
    whole += [*made().values(), *active_papers.papers(canary).values()]
    whole += [path.read_bytes() for path in sorted(folder.glob("*.pdf"))] if folder else []
    return [*whole, *filter(None, map(_opened_up, whole))]


def made() -> Mapping[str, bytes]:
    """Small papers with what the sample's do not have."""
    return {
        "pictures": _pictures(),
        "comments": _comments(),
        "printing forbidden": _locked(user=""),
        "locked": _locked(user=PASSWORD),
    }


def _opened_up(paper: bytes) -> bytes:
    mupdf.TOOLS.mupdf_display_errors(False)
    try:
        pdf = mupdf.open("pdf", paper)
        return bytes(pdf.tobytes(expand=255, garbage=0)) if pdf.page_count else b""
    except Exception:
        return b""  # broken as it is: the first one will do


def _pictures() -> bytes:
    pdf = mupdf.open()
    grey = Image.radial_gradient("L")
    for kind, picture in (
        ("JPEG", Image.merge("RGB", (grey, grey, grey.rotate(90)))),
        ("JPEG2000", grey),
        ("PNG", grey.convert("1")),
        ("PNG", grey.convert("LA")),
        ("TIFF", grey.convert("1")),
    ):
        out = io.BytesIO()
        picture.save(out, kind, **({"compression": "group4"} if kind == "TIFF" else {}))
        page = pdf.new_page(width=300, height=300)
        page.insert_image(page.rect, stream=out.getvalue())
    return bytes(pdf.tobytes(deflate=True))


def _comments() -> bytes:
    pdf = mupdf.open()
    page = pdf.new_page()
    for line in range(20):
        page.insert_text((60, 60 + 20 * line), f"Dong {line}", fontname="tiro")
    page.add_freetext_annot((60, 500, 200, 560), "ghi chú")
    page.add_highlight_annot((60, 50, 200, 70))
    page.add_ink_annot([[(60, 600), (90, 640), (120, 600)]])
    page.add_stamp_annot((300, 500, 400, 560))
    widget = mupdf.Widget()
    widget.rect, widget.field_type = mupdf.Rect(60, 700, 200, 730), mupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_name, widget.field_value = "o", "giá trị"
    page.add_widget(widget)
    pdf.set_toc([[1, "Phần một", 1]])
    return bytes(pdf.tobytes(use_objstms=1, deflate=True))


def _locked(user: str) -> bytes:
    pdf = mupdf.open()
    pdf.new_page().insert_text((60, 60), "Ai cung doc duoc")
    kind = mupdf.PDF_ENCRYPT_AES_128
    return bytes(pdf.tobytes(encryption=kind, user_pw=user, owner_pw="o"))
