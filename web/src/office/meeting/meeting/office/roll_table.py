"""A pasted table read as a roll: who, with which post, voting or not. The rows' order stays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.office import columns
from meeting.office.standings import role_in, role_said, role_taken_out
from meeting.office.tables import Rows, heads_a_part, one_line
from meeting.office.written import alike, folded, plain
from meeting.protocol.reading import ReadPerson, ReadRoll, RollColumn, RollNote
from meeting.protocol.words import Role

NAME_MOST: Final = 120
POST_MOST: Final = 400

_COMRADE: Final = re.compile(r"(?:đồng chí|đ/\s?c|đ\.c\.?|đc\.)\s*:?\s*", re.IGNORECASE)
_SIR_OR_MADAM: Final = re.compile(r"(?:(?:ông|bà)\s+|(?:ô|b)\.\s*)", re.IGNORECASE)
"""A name of a family, too: Ông Ích Khiêm."""

_AFTER_NAME: Final = re.compile(r"\s+[-–—]\s+|\s*[,;:]\s*|\s*[-–—]\s+(?=[A-ZĐ])")
_VOTES_AT_END: Final = re.compile(
    r"[\s,;-]+(?:\(?x\)?|\[x\]|\(?(?:có )?(?:quyền )?biểu quyết\)?)$", re.IGNORECASE
)
_NO_VOTERS: Final = frozenset({"guest", "technician", "screen"})

_HEADS: Final = re.compile(
    r"danh sach|thanh phan|dai bieu|thanh vien|hoi nghi|cuoc hop|phien hop|khach moi"
)
"""What stands above people, not in their names."""

_PARTS: Final[tuple[tuple[str, Role], ...]] = (
    (r"khach moi|moi theo noi dung|moi rieng", "guest"),
    (r"ky thuat|phuc vu", "technician"),
)
"""What a line alone may say of those below it. Who is invited to all of it reads as a member."""


def read_roll(rows: Rows, said: Sequence[RollColumn] = ()) -> ReadRoll:
    """Who is on the roll.

    Args:
        rows: as `tables` or `sheets` give them.
        said: what the columns are, where the guess was put right.

    Raises:
        Refused: `table_empty`, nobody is in it; `malformed`, another number of columns was said.
    """
    kinds, rest = columns.of_roll(rows, said)
    at: dict[RollColumn, int] = {kind: place for place, kind in enumerate(kinds) if kind}
    if "name" not in at:
        raise Refused("table_empty")
    formal = sum(bool(_SIR_OR_MADAM.match(row[at["name"]])) for row in rest) > 1
    numbered = "tt" in at and sum(bool(row[at["tt"]]) for row in rest) * 2 > len(rest)
    people: list[ReadPerson] = []
    notes: list[RollNote] = []
    below: Role = "member"
    for row in rest:
        filled = [cell for cell in row if cell]
        if len(filled) == 1 and (part := _part(filled[0])) is not None:
            below = part
            continue
        if numbered and not row[at["tt"]] and len(filled) == 1 and not _person(filled[0]):
            notes.append("rows_skipped")
            continue
        if (person := _read(row, at, below, formal=formal)) is None:
            notes.append("rows_skipped")
        else:
            people.append(person)
    if not people:
        raise Refused("table_empty")
    voting_said = "votes" in at or any(person.votes for person in people)
    notes += _of_all(people, voting_said=voting_said)
    return ReadRoll(kinds, rest, _named_twice(people), list(dict.fromkeys(notes)))


def _read(
    row: list[str], at: dict[RollColumn, int], below: Role, *, formal: bool
) -> ReadPerson | None:
    def cell(kind: RollColumn) -> str:
        return row[at[kind]] if kind in at else ""

    written = one_line(cell("name"), ", ")
    marked = columns.is_mark(cell("votes"))
    if "votes" not in at and (end := _VOTES_AT_END.search(written)):
        written, marked = written[: end.start()], True
    posts = [one_line(cell(kind), ", ") for kind in ("post", "unit")]
    if "votes" not in at and (end := _VOTES_AT_END.search(posts[0])):
        posts[0], marked = posts[0][: end.start()], True
    name, role = role_taken_out(without_address(written, formal=formal))
    if not posts[0] or not columns.looks_a_name(name):
        # A list has name and post in one.
        name, *others = _AFTER_NAME.split(name, maxsplit=1)
        posts = [*others, *posts]
    post, role_behind = role_taken_out(", ".join(filter(None, map(plain, posts))))
    if not re.search(r"[^\W\d_]", name) or folded(name) in ("tong cong", "cong", "tong so"):
        return None
    role = role or role_behind or role_in(cell("role")) or role_said(post) or below
    notes: list[RollNote] = []
    if not columns.looks_a_name(name):
        notes.append("name_doubtful")
    if marked and role in _NO_VOTERS:
        notes.append("vote_dropped")
    return ReadPerson(
        name=plain(name)[:NAME_MOST],
        post=post[:POST_MOST],
        role=role,
        votes=marked and role not in _NO_VOTERS,
        notes=tuple(notes),
    )


def without_address(written: str, *, formal: bool) -> str:
    """A name as it stands on the roll. `formal`: others of the table are called Ông and Bà."""
    said = _COMRADE.sub("", plain(written), count=1) if _COMRADE.match(written) else written
    if found := _SIR_OR_MADAM.match(said):
        rest = said[found.end() :]
        if formal or len(_AFTER_NAME.split(rest)[0].split()) > 2:
            return rest
    return said


def _part(line: str) -> Role | None:
    """What a line alone says of those below it; None if it is somebody's."""
    if _person(line):
        return None
    said = folded(line)
    for words, role in _PARTS:
        if re.search(words, said):
            return role
    return "member" if heads_a_part(line) else None


def _person(line: str) -> bool:
    name = _AFTER_NAME.split(without_address(line, formal=True))[0]
    headed = line.endswith(":") or _HEADS.search(folded(name))
    return not headed and columns.looks_a_name(name)


def _of_all(people: Sequence[ReadPerson], *, voting_said: bool) -> list[RollNote]:
    roles = Counter(person.role for person in people)
    notes: list[RollNote] = []
    if not voting_said:
        notes.append("votes_missing")
    if roles["chair"] != 1:
        notes.append("chairs_many" if roles["chair"] else "chair_missing")
    if not roles["secretary"]:
        notes.append("secretary_missing")
    return notes


def _named_twice(people: Sequence[ReadPerson]) -> list[ReadPerson]:
    """People of one name are marked, so that nobody takes them for one person entered twice."""
    names = Counter(alike(person.name) for person in people)
    return [
        replace(person, notes=(*person.notes, "name_twice"))
        if names[alike(person.name)] > 1
        else person
        for person in people
    ]
