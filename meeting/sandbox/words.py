"""The words of a page with their places, in the order in which they are read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import Any, Final

import pymupdf

from meeting.sandbox.fonts import converter, outdated

mupdf: Any = pymupdf

WORDS_MOST: Final = 8000
"""Of one page; a page densely printed in the smallest type has about 1,500."""
WORD_LETTERS: Final = 100
LETTERS_MOST: Final = 80_000
"""Of one page, as well."""
BLOCKS_MOST: Final = 800
"""A page of more pieces is read in the order in which it was written."""
PARTS: Final = 10_000
"""Places are told in parts of the page's width and height as it is shown."""

Box = tuple[float, float, float, float]
Word = tuple[str, Box]
Line = list[Word]
Block = list[Line]


def words_of(page: Any) -> dict[str, list[Any]]:
    """The words of a page in reading order.

    `words`; `boxes`: left, top, right and bottom of each, one after the other; `lines` and
    `blocks`: which words begin one.
    """
    turned, shown = page.rotation_matrix, page.rect
    words: list[str] = []
    letters = 0
    boxes: list[int] = []
    lines: list[int] = []
    blocks: list[int] = []
    for block in _in_order([_turned(block, turned) for block in _blocks(page)]):
        first = len(words)
        for line in block:
            begins = len(words)
            for text, box in line:
                place = _parts(box, shown.width, shown.height)
                text = text[:WORD_LETTERS]
                fits = len(words) < WORDS_MOST and letters + len(text) <= LETTERS_MOST
                if place and fits:
                    words.append(text)
                    letters += len(text)
                    boxes += place
            if len(words) > begins:
                lines.append(begins)
        if len(words) > first:
            blocks.append(first)
    return {"words": words, "boxes": boxes, "lines": lines, "blocks": blocks}


def _blocks(page: Any) -> list[Block]:
    """As the file has them, on the page as it lies in the file."""
    # A ligature is taken apart: nobody types one.
    flags = mupdf.TEXTFLAGS_WORDS & ~mupdf.TEXT_PRESERVE_LIGATURES
    read = page.get_textpage(flags=flags)
    found = read.extractWORDS()
    if len(found) <= WORDS_MOST and sum(len(word[4]) for word in found) <= LETTERS_MOST:
        old = outdated(
            (span["font"], span["text"])
            for block in read.extractDICT()["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        )
        if old:
            return list(_converted(read, old))
    blocks: dict[int, dict[int, Line]] = {}
    for left, top, right, bottom, text, block, line, _ in found[:WORDS_MOST]:
        place = blocks.setdefault(block, {}).setdefault(line, [])
        place += ((part, (left, top, right, bottom)) for part in clean(text).split())
    return [list(lines.values()) for lines in blocks.values()]


def _converted(read: Any, old: set[str]) -> Iterator[Block]:
    """The blocks of a page on which these fonts are from before Unicode."""
    for block in read.extractRAWDICT()["blocks"]:
        yield [_line(line["spans"], old) for line in block.get("lines", ())]


def _line(spans: list[dict[str, Any]], old: set[str]) -> Line:
    """A word may be printed with several fonts: each piece is converted by its own."""
    line: Line = []
    open_word = False
    for span in spans:
        convert = (converter(span["font"]) if span["font"] in old else None) or str
        piece, box = "", None
        for letter in [*span["chars"], None]:
            if letter is not None and not letter["c"].isspace():
                piece += letter["c"]
                box = letter["bbox"] if box is None else _around(box, letter["bbox"])
                continue
            if box is not None:
                text = clean(convert(piece))
                if open_word and line:
                    line[-1] = (line[-1][0] + text, _around(line[-1][1], box))
                else:
                    line.append((text, box))
                open_word = True
            if letter is not None:
                open_word = False
            piece, box = "", None
    return [word for word in line if word[0]]


def clean(text: str) -> str:
    """NFC, without what cannot be seen."""
    text = unicodedata.normalize("NFC", text[:LETTERS_MOST])
    return "".join(letter for letter in text if letter.isprintable() or letter.isspace())


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _turned(block: Block, matrix: Any) -> Block:
    """The same on the page as it is shown."""
    return [
        [(text, tuple(mupdf.Rect(box) * matrix)) for text, box in line] for line in block if line
    ]


def _parts(box: Box, width: float, height: float) -> list[int] | None:
    """The place in whole parts of the page; None for what lies beside it."""
    left, top, right, bottom = (
        round(PARTS * min(1.0, max(0.0, at / whole)))
        for at, whole in zip(box, (width, height, width, height), strict=True)
    )
    return [left, top, right, bottom] if left < right and top < bottom else None


def _in_order(blocks: list[Block]) -> list[Block]:
    """What stands above something and in the same column is read before it; all else as written.

    A foot drawn first comes last, columns stay whole.
    """
    blocks = [block for block in blocks if block]
    if len(blocks) > BLOCKS_MOST:
        return blocks
    places = [_place(block) for block in blocks]
    after: list[list[int]] = [[] for _ in blocks]
    before = [0] * len(blocks)
    for one, place in enumerate(places):
        for other, below in enumerate(places):
            if _above(place, below):
                after[one].append(other)
                before[other] += 1
    ready = [at for at, count in enumerate(before) if count == 0]
    heapify(ready)
    order = []
    while ready:
        at = heappop(ready)
        order.append(blocks[at])
        for other in after[at]:
            before[other] -= 1
            if before[other] == 0:
                heappush(ready, other)
    return order


def _place(block: Block) -> Box:
    place = block[0][0][1]
    for line in block:
        for _, box in line:
            place = _around(place, box)
    return place


def _above(one: Box, other: Box) -> bool:
    """Whether it is higher up in the same column. Lines may touch; so there are no circles."""
    touch = 0.3 * min(one[3] - one[1], other[3] - other[1])
    wide = min(one[2], other[2]) - max(one[0], other[0])
    return touch > 0 and wide > 0 and one[3] - touch <= other[1]
