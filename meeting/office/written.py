"""How people write names and words, made comparable: whatever keyboard, font or habit they have."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 4096
"""Names of a roll are compared with many texts, one after another."""

_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""Grave, acute, tilde, hook and dot: written on one vowel of a syllable or on its neighbour."""

_MARKS: Final = re.compile(r"([^\w\s\x00-\x7f]{30})[^\w\s\x00-\x7f]+")
"""More marks on one letter than any has; dots of a long leader line, too."""

_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`\u2032", "'"))


def composed(text: str) -> str:
    """Letters and their marks put together. Of marks beyond counting the first stay: to sort them
    takes the square of their number, and nothing else in this process runs meanwhile.
    """
    return unicodedata.normalize("NFC", _MARKS.sub(r"\1", text))


def plain(text: str) -> str:
    """One line: composed letters, single spaces, nothing invisible."""
    kept = "".join(ch for ch in text if ch.isprintable() or ch.isspace())
    return " ".join(composed(kept).split())


def folded(text: str) -> str:
    """As somebody types it who skips accents and capitals: đ is d, Ủ is u."""
    bare = text.replace("đ", "d").replace("Đ", "D").translate(_APOSTROPHES)
    apart = unicodedata.normalize("NFD", bare)
    return plain("".join(ch for ch in apart if not unicodedata.combining(ch))).casefold()


def alike(text: str) -> str:
    """The same for spellings of one name that only habits tell apart: Hòa and Hoà, K'R and K’R.

    An and Ân stay two names.
    """
    return " ".join(_syllable(word) for word in plain(text).translate(_APOSTROPHES).split())


def _syllable(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.casefold())
    tones = "".join(ch for ch in apart if ch in _TONES)
    return unicodedata.normalize("NFC", "".join(ch for ch in apart if ch not in _TONES)) + tones


@lru_cache(REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The words of a text as `alike` writes them, without what stands between them."""
    return tuple(re.findall(r"[^\W_]+(?:['-][^\W_]+)*[\u0300-\u036f]*", alike(text)))


@lru_cache(REMEMBERED)
def bare_words(text: str) -> tuple[str, ...]:
    """The same without accents."""
    return words(folded(text))
