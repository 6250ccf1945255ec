"""The question whether a paper is a secret one, which may not come in, and its answer."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

SecrecyQuestion = Literal["name", "folder", "words", "stamp", "scan"]
"""What gave rise to it: a word run into others in the file's name, the name of its folder, a word
that is most often another, a mention on a page, a page without words to look through.
"""


class ConfirmedOrdinary(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody looked and said, under their name, that it is no secret paper."""

    by: Annotated[str, Meta(max_length=120)]
    asked: SecrecyQuestion
