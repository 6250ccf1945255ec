"""What a roll says a person is in the meeting: in a column of its own, in brackets behind the
post, or at its end.
"""

from __future__ import annotations

import re
from typing import Final

from meeting.office.written import folded, plain
from meeting.protocol.words import Role

_SAID: Final[tuple[tuple[str, Role], ...]] = (
    (r"(nguoi )?chu tri( hoi nghi| cuoc hop| phien hop)?", "chair"),
    (r"(nguoi )?(thu ky )?ghi bien ban( hoi nghi| cuoc hop)?", "minute_taker"),
    (r"thu ky( hoi nghi| cuoc hop| phien hop)?", "secretary"),
    (r"(dai bieu |duoc )?(khach( moi)?|moi du|moi)( hop| du)?", "guest"),
    (r"(phuc vu )?ky thuat( vien)?|phuc vu", "technician"),
    (r"(thanh vien|uy vien|dai bieu)( chinh thuc)?", "member"),
)

_AT_THE_END: Final = re.compile(
    r"[\s,;:–-]+(chu tri( hoi nghi| cuoc hop| phien hop)?|ghi bien ban( hoi nghi| cuoc hop)?"
    r"|thu ky (hoi nghi|cuoc hop|phien hop))"
)
"""Thư ký alone may be a post, such as of an association."""


def role_said(text: str) -> Role | None:
    """The role these words name, if they are nothing else."""
    said = " ".join(re.findall(r"[a-z]+", folded(text)))
    for words, role in _SAID:
        if re.fullmatch(words, said):
            return role
    return None


def role_in(text: str) -> Role | None:
    """The first role that parts of the text name, such as of a column of remarks."""
    parts = re.split(r"[,;/()\n]+|\s[-–]\s", text)
    return next((role for part in parts if (role := role_said(part))), None)


def role_taken_out(text: str) -> tuple[str, Role | None]:
    """A post without the role written behind it, and the role."""
    said = plain(text)
    for bracket in re.finditer(r"\s*[(\[]([^()\[\]]*)[)\]]", said):
        role = role_in(bracket[1])
        if role is not None and role != "member":
            return plain(said[: bracket.start()] + said[bracket.end() :]).rstrip(" ,;-–"), role
    bare = "".join(folded(letter) or " " for letter in said)
    for end in _AT_THE_END.finditer(bare):
        if end.end() == len(bare) == len(said):
            return said[: end.start()], role_said(end[1])
    return said, None
