"""The committees an office usually prepares meetings for, as they stand before it changes them."""

from __future__ import annotations

from typing import Final

from meeting.protocol.office import BodyKind, BodyView, OfficeView

BODIES_MOST: Final = 50

_USUAL: Final[tuple[tuple[str, BodyKind, str, str], ...]] = (
    ("thuong-truc", "thuong_truc", "Thường trực", "Cuộc họp"),
    ("ban-thuong-vu", "ban_thuong_vu", "Ban Thường vụ", "Hội nghị"),
    ("ban-chap-hanh", "ban_chap_hanh", "Ban Chấp hành", "Hội nghị"),
)
"""Id, kind, name, and what a meeting of it is called."""


def defaults(office: OfficeView) -> list[BodyView]:
    """Two thirds of the voting members are a quorum, as working rules commonly say."""
    return [
        BodyView(
            id=id_,
            kind=kind,
            name=name,
            word=word,
            quorum_present=3,
            quorum_total=2,
            address_form=office.address_form,
            presenter="secretary",
        )
        for id_, kind, name, word in _USUAL
    ]
