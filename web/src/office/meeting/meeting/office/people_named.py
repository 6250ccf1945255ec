"""Which person of a roll a text names: by the whole name, the longest; told apart by the post."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from meeting.office.written import folded, words


class Named(Struct, frozen=True):
    """A person as the roll has them."""

    seat: str
    name: str
    post: str


Found = Literal["", "unknown", "ambiguous"]


def named_in(text: str, people: Sequence[Named]) -> tuple[str, Found]:
    """The seat of the one person this text names, else "" and why not."""
    for split in (words, _bare):
        said = split(text)
        found = [person for person in people if _stands_in(split(person.name), said)]
        if not found:
            continue
        longest = max(len(split(person.name)) for person in found)
        found = [person for person in found if len(split(person.name)) == longest]
        if len({tuple(split(person.name)) for person in found}) > 1:
            return "", "ambiguous"  # two people are named
        return _told_apart(text, found, split)
    return "", "unknown"


def _told_apart(
    text: str, found: Sequence[Named], split: Callable[[str], list[str]]
) -> tuple[str, Found]:
    """Of people of one name, the one whose post the text begins, as far as it tells them apart."""
    if len(found) == 1:
        return found[0].seat, ""
    said = split(text)
    begun = [max(_begun(said, split(part)) for part in _parts(person)) for person in found]
    best = max(begun)
    if best and begun.count(best) == 1:
        return found[begun.index(best)].seat, ""
    return "", "ambiguous"


def _parts(person: Named) -> list[str]:
    """What stands between the commas of a post: of Phó Trưởng Ban, Trưởng Ban is no part."""
    return re.split(r"[,;()]|\s[-–]\s", person.post)


def _begun(said: list[str], part: list[str]) -> int:
    """The most words of the text that are the first ones of a post's part."""
    for size in range(len(part), 0, -1):
        if _stands_in(part[:size], said):
            return size
    return 0


def _bare(text: str) -> list[str]:
    return words(folded(text))


def _stands_in(words_in_a_row: list[str], said: list[str]) -> bool:
    size = len(words_in_a_row)
    return size > 0 and any(
        said[at : at + size] == words_in_a_row for at in range(len(said) - size + 1)
    )
