"""The text of papers, asked for by HTTP: words with their places, contents, what was looked for.

A place is four numbers, left, top, right and bottom, in ten-thousandths of the page as it is shown.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType


class WantedWords(Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked for: in all papers this viewer may read now, or in one of them alone.

    `shown`: the address of the paper on show; it comes first, in the version it is shown in.
    """

    text: str
    shown: str = ""
    alone: bool = False


class PageTextView(Struct, frozen=True):
    """The words of one page in reading order; none where it is a picture.

    `boxes`: four numbers for each word. `lines`, `blocks`: which words begin a line, a paragraph.
    """

    words: list[str]
    boxes: list[int]
    lines: list[int]
    blocks: list[int]


class TitleView(Struct, frozen=True):
    """An entry of a paper's own contents; `level` from 1."""

    level: int
    title: str
    page: int


class ContentsView(Struct, frozen=True):
    """A paper's own contents, and what its pages call themselves where that is not their number.

    `wordless`: there is no text in it, as in a scan.
    """

    titles: list[TitleView]
    labels: dict[str, str]
    wordless: Literal[True] | UnsetType = UNSET


class HitView(Struct, frozen=True):
    """Words that were looked for, a box for each line they stand on, and what stands around them.

    `exact`: with the marks they were typed with.
    """

    page: int
    boxes: list[list[int]]
    exact: bool
    before: str
    match: str
    after: str


class FoundPaper(Struct, frozen=True):
    """The hits in one paper, the exact ones first; `count` is all of them."""

    document: str
    version: int
    address: str
    count: int
    hits: list[HitView]


class FoundView(Struct, frozen=True):
    """What was found, by paper: the one on show first, then the order of the agenda.

    `more`: there was no time to look through everything. `unread`: papers that are being read yet.
    `wordless`: papers without text.
    """

    papers: list[FoundPaper]
    more: Literal[True] | UnsetType = UNSET
    unread: list[str] | UnsetType = UNSET
    wordless: list[str] | UnsetType = UNSET
