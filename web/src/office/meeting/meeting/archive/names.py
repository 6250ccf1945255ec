"""Names of files that Windows, macOS and Linux all take, Vietnamese letters kept."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DIVIDING: Final = re.compile(r"[:/\\]+")
_REFUSED: Final = re.compile(r'[<>"|?*%“”]+')
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Mn", "Me"})


def safe(text: str, most: int) -> str:
    """The text as a part of a file's name, of at most so many characters; "" if none is left.

    NFC. Marks that have no letter of their own, and whatever is not seen, are left out. Nothing
    here keeps a name from being one that Windows reserves: names begin with a number.
    """
    plain = "".join(
        " " if unicodedata.category(letter) in _UNSEEN else letter
        for letter in unicodedata.normalize("NFC", text)
    )
    plain = " ".join(_DIVIDING.sub("-", _REFUSED.sub("", plain)).split())
    if len(plain) > most:
        cut = plain[: most + 1].rpartition(" ")[0]
        plain = cut if len(cut) > most // 2 else plain[:most]
    return plain.strip(" .-_,;")


def numbered(place: int, text: str, most: int) -> str:
    """Such as `02_Tờ trình về chuyển đổi số`, the number not counted."""
    return "_".join(filter(None, [f"{place:02}", safe(text, most)]))
