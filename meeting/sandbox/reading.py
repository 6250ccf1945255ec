"""What a paper says of itself: its own contents, and the names its pages have for themselves. The
words of a page are in words.py, the lines of the first pages in heads.py.
"""

from __future__ import annotations

from typing import Any, Final

from meeting.sandbox.words import clean

TITLES_MOST: Final = 500
TITLE_LETTERS: Final = 200
LABEL_LETTERS: Final = 20
LEVELS_MOST: Final = 4


def outline_of(pdf: Any) -> list[tuple[int, str, int]]:
    """The document's own contents: level from 1, title, page from 1."""
    found = []
    for level, title, page in pdf.get_toc(simple=True):
        title = " ".join(clean(title).split())[:TITLE_LETTERS]
        if title and 1 <= page <= pdf.page_count and level <= LEVELS_MOST:
            found.append((level, title, page))
        if len(found) == TITLES_MOST:
            break
    return found


def label_of(page: Any) -> str:
    """What the page calls itself, such as iii; "" where it has no name of its own."""
    return clean(page.get_label() or "")[:LABEL_LETTERS]
