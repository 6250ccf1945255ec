"""Fonts from before Unicode, told by their names: what is printed with them, as Unicode.

TCVN3 (ABC): one code a letter, fonts named .Vn…; in those that end in H every letter is printed as
a capital. VNI: a base letter and a code for its marks, fonts named VNI-…. What reads as Unicode
already is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

# TCVN 5712:1993, from code A1 on. The fonts draw capitals with marks by another font, but some
# writers used the standard's own codes for them.
_TCVN3: Final = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉ"
    "ỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
TCVN3: Final = {0xA1 + at: letter for at, letter in enumerate(_TCVN3)}

_VNI_LETTERS: Final = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì",
}  # fmt: skip
_VNI_MARKS: Final = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309",
    "ã": "\u0302\u0303", "ä": "\u0302\u0323",
}  # fmt: skip
"""After a base letter; their capitals mean the same."""
VNI_LETTERS: Final = _VNI_LETTERS | {old.upper(): new.upper() for old, new in _VNI_LETTERS.items()}
VNI_MARKS: Final = _VNI_MARKS | {old.upper(): marks for old, marks in _VNI_MARKS.items()}

MODERN: Final = re.compile(r"[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
"""A letter that no code of an old font stands for: the text is Unicode already."""
_TCVN3_NAME: Final = re.compile(
    r"[._]vn|vn(arial|avant|book|century|courier|helv|times?(?!s? ?new))", re.IGNORECASE
)
_WEIGHT: Final = re.compile(
    r"[,-](bold|italic|oblique|regular|normal|roman|mt|ps)+$", re.IGNORECASE
)
VOWELS: Final = frozenset(
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
)
"""Every vowel of Vietnamese, with every tone."""

# fmt: off
_INITIALS: Final = frozenset((
    "b", "c", "ch", "d", "®", "§", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "q", "r", "s", "t", "th", "tr", "v", "x",
))
# fmt: on
"""What a syllable with ư may begin with, in TCVN3."""
_HYPHEN: Final = re.compile(r"([A-Za-z\xa1-\xff]*)-")
_BARE: Final = re.compile(r"[uUaA¬êëìíî]|ng|NG")
"""What follows an ư that begins its syllable: ưu, ưa, ưng, ươ and its tones."""

_PRIVATE: Final = {0xF000 + code: code for code in range(0x20, 0x100)}

Convert = Callable[[str], str]


def converter(font: str) -> Convert | None:
    """How text printed with this font becomes Unicode; None for a font of today.

    Args:
        font: its name in the PDF, with or without the mark of a subset.
    """
    name = font.rpartition("+")[2].strip()
    if name.lower().startswith(("vni-", "vni ")):
        return vni
    if _TCVN3_NAME.match(name):
        return tcvn3_capitals if _WEIGHT.sub("", name).endswith("H") else tcvn3
    return None


def outdated(printed: Iterable[tuple[str, str]]) -> set[str]:
    """Which of the fonts are from before Unicode, of fonts and what each prints on one page."""
    spans = [(font, text) for font, text in printed if converter(font)]
    # One that prints a letter they never had was given Unicode later.
    return {font for font, _ in spans} - {font for font, text in spans if MODERN.search(text)}


def tcvn3(text: str, capitals: bool = False) -> str:
    text = _codes(text)
    if MODERN.search(text):
        return text
    text = unicodedata.normalize("NFC", _with_u_horn(text, capitals).translate(TCVN3))
    return text.upper() if capitals else text


def tcvn3_capitals(text: str) -> str:
    return tcvn3(text, capitals=True)


def vni(text: str) -> str:
    text = _codes(text)
    if MODERN.search(text):
        return text
    out: list[str] = []
    for letter in text:
        marks = VNI_MARKS.get(letter)
        composed = unicodedata.normalize("NFC", out[-1] + marks) if out and marks else ""
        if composed in VOWELS:
            out[-1] = composed
        else:
            out.append(VNI_LETTERS.get(letter, letter))
    return "".join(out)


def _codes(text: str) -> str:
    """Symbol fonts have their codes in a private corner of Unicode."""
    return text.translate(_PRIVATE)


def _with_u_horn(text: str, capitals: bool) -> str:
    """The code of ư is that of a soft hyphen, which MuPDF hands over as a hyphen: where a syllable
    lacks its vowel it is taken back.
    """

    def back(found: re.Match[str]) -> str:
        initial, at = found[1], found.end()
        after = text[at : at + 1]
        if initial:
            # A capital or a figure after it begins something new, but in a font of capitals.
            new = after.isdigit() or ("A" <= after <= "Z" and not capitals)
            lacks = initial.lower() in _INITIALS and not new
        else:
            lacks = _BARE.match(text, at) is not None
        return f"{initial}\xad" if lacks else found[0]

    return _HYPHEN.sub(back, text) if "-" in text else text
