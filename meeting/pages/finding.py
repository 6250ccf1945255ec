"""Looking for words on a page, as Vietnamese is typed: with its marks or without. Pure.

Case never counts, nor y for i where both are spelled, nor on which vowel a tone stands (hoà, hòa).
What was typed with its marks is found first, then what differs from it in marks alone. A hit begins
where a word begins.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LETTERS_KNOWN: Final = 20_000
"""More than any paper has; a file made to hurt may have every letter there is."""
PARTS: Final = 10_000
"""Places are told in parts of a page's width and height."""
LETTERS_LEAST: Final = 2
LETTERS_MOST: Final = 100
BEFORE_LETTERS: Final = 48
AFTER_LETTERS: Final = 72
"""Of the words around a hit that are told with it."""
HITS_MOST: Final = 200
"""On one page; there is no more to see on it."""

TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_SAME: Final = str.maketrans("đĐð“”„«»‘’‚–—‐‑−", 'ddd"""""\'\'\'-----')
_Y_AS_I: Final = re.compile(r"(?<![aeou])y|(?<=qu)y")
"""ky thuat, ly, quy are spelled with i as well; tay, thuy are other words than tai, thui."""


class _Bare(dict[int, str]):
    """Each letter without its marks and small: one letter for one."""

    def __missing__(self, code: int) -> str:
        letter = chr(code).translate(_SAME)
        bare = unicodedata.normalize("NFD", letter)[:1].lower()[:1] or letter
        if len(self) < LETTERS_KNOWN:
            self[code] = bare
        return bare


_BARE: Final = _Bare()


def bare(text: str) -> str:
    """Without marks and case, letter for letter: a place in it is the same place in `text`."""
    return _Y_AS_I.sub("i", text.translate(_BARE))


def spoken(text: str) -> str:
    """With its marks, however typed and spelled: the tone of each word comes last."""
    return " ".join(_word(word) for word in unicodedata.normalize("NFD", text.lower()).split())


def _word(word: str) -> str:
    rest = "".join(letter for letter in word if letter not in TONES)
    tones = "".join(letter for letter in word if letter in TONES)
    return _Y_AS_I.sub("i", rest) + tones


Box = tuple[int, int, int, int]
"""Left, top, right, bottom in ten-thousandths of the page as it is shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a page that were looked for: a box for each line they stand on.

    `exact`: with the marks they were typed with. The rest is what stands around them.
    """

    page: int
    boxes: tuple[Box, ...]
    exact: bool
    before: str
    match: str
    after: str


class PageText:
    """The words of one page in reading order.

    Args:
        text: the words, one space after each but the last.
        boxes: four numbers for each word (`Box`).
        lines: which words begin a line.
        blocks: which words begin a paragraph.
        label: what the page calls itself, such as iii.
    """

    __slots__ = ("blocks", "boxes", "label", "lines", "searched", "text")

    def __init__(
        self,
        text: str,
        boxes: array[int],
        lines: array[int],
        blocks: array[int],
        label: str = "",
    ) -> None:
        self.text = text
        self.boxes = boxes
        self.lines = lines
        self.blocks = blocks
        self.label = label
        self.searched = bare(text)

    @property
    def bytes(self) -> int:
        """About what it takes in memory."""
        return 500 + 3 * len(self.text) + 2 * len(self.boxes) + 2 * len(self.lines)


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. Made by `query_of`."""

    text: str
    bare: str


def query_of(typed: str) -> Query | None:
    """None for what is too little to be looked for."""
    text = " ".join(unicodedata.normalize("NFC", typed[: 4 * LETTERS_MOST]).split())[:LETTERS_MOST]
    text = text.strip()
    if sum(letter.isalnum() for letter in text) < LETTERS_LEAST:
        return None
    return Query(spoken(text), bare(text))


def find(query: Query, page: int, text: PageText) -> list[Hit]:
    """The hits on a page from its beginning, at most HITS_MOST."""
    return [hit_at(query, page, text, at) for at in places(query, text)]


def places(query: Query, text: PageText) -> Iterator[int]:
    """Where the hits of a page begin in its text, at most HITS_MOST."""
    return _places(query.bare, text.searched)


def exact_at(query: Query, text: PageText, at: int) -> bool:
    """Whether what begins there has the marks it was typed with."""
    return spoken(text.text[at : at + len(query.bare)]) == query.text


def _places(wanted: str, searched: str) -> Iterator[int]:
    at, found = searched.find(wanted), 0
    while at >= 0 and found < HITS_MOST:
        if at == 0 or not (searched[at - 1].isalnum() and wanted[0].isalnum()):
            found += 1
            yield at
        at = searched.find(wanted, at + len(wanted))


def hit_at(query: Query, page: int, of: PageText, at: int) -> Hit:
    """The hit that begins there."""
    text, end = of.text, at + len(query.bare)
    first = text.count(" ", 0, at)
    last = first + text.count(" ", at, end)
    return Hit(
        page,
        tuple(_boxes(of, first, last)),
        exact_at(query, of, at),
        _before(text, at),
        text[at:end],
        _after(text, end),
    )


def _boxes(of: PageText, first: int, last: int) -> Iterator[Box]:
    """One box for the words of each line."""
    while first <= last:
        line = bisect_right(of.lines, first)
        beyond = min(of.lines[line] if line < len(of.lines) else last + 1, last + 1)
        of_line = of.boxes[4 * first : 4 * beyond]
        yield min(of_line[::4]), min(of_line[1::4]), max(of_line[2::4]), max(of_line[3::4])
        first = beyond


def _before(text: str, at: int) -> str:
    part = text[max(0, at - BEFORE_LETTERS) : at]
    return part.partition(" ")[2] if at > BEFORE_LETTERS else part


def _after(text: str, end: int) -> str:
    part = text[end : end + AFTER_LETTERS]
    return part.rpartition(" ")[0] if end + AFTER_LETTERS < len(text) else part


def stood(box: Box, quarters: int) -> Box:
    """The same place on a page that was turned by so many quarters, clockwise."""
    left, top, right, bottom = box
    for _ in range(quarters % 4):
        left, top, right, bottom = PARTS - bottom, left, PARTS - top, right
    return left, top, right, bottom
