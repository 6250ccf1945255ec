"""The sentences the server itself writes: its own pages and the terminal. Data, and a loader.

The app's texts are in `web/src/i18n`; the refusals stand in both, word for word.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGE: Final = "vi"

_YOU: Final[dict[str, str]] = {"dong_chi": "đồng chí", "ong_ba": "ông/bà"}


@cache
def sentences(language: str) -> dict[str, str]:
    """All texts of a language, `vi` or `en`, by key."""
    texts: dict[str, str] = json.loads(
        (Path(__file__).parent / f"{language}.json").read_text("utf-8")
    )
    return texts


def text(key: str, form: str = "dong_chi", /, **params: str | int) -> str:
    """The sentence of this key. {you} and {You} address the reader by `form`.

    Raises:
        KeyError: no such key, or a parameter the sentence needs is missing.
    """
    you = _YOU[form]
    return sentences(LANGUAGE)[key].format(you=you, You=you[0].upper() + you[1:], **params)
