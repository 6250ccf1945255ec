"""The sentences of a meeting's course: who answered for a paper that might have been secret."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec.structs import replace

from meeting.archive import course, words
from meeting.archive.telling import Known
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.secrecy import ConfirmedOrdinary
from meeting.rules import decide, fold
from meeting.rules.state import MeetingState, Moment
from tests.helpers import make
from tests.helpers.minutes import closed, prepared

BY_LAN = ConfirmedOrdinary("Trịnh Thị Lan", "scan")


def told(state: MeetingState, asked: c.Command) -> str:
    """What the file says of this command, given by the office."""
    [entry] = decide(state, make.OFFICE, asked, "asked", Moment(make.clock("07:00")))
    after = fold(state, entry)
    known = Known({}, {}, {}, {})
    known.learn(after)
    dial = words.Dial(ZoneInfo(make.ZONE), state.meeting.starts_at)
    return course.sentence(known, state, after, entry, dial)


def test_who_answered_for_a_paper_is_told_with_it() -> None:
    state = prepared().state
    ordinary = make.a_document("d9", "i1", number="", title="Bản đồ")
    assert told(state, ordinary) == ""
    assert told(state, replace(ordinary, ordinary=BY_LAN)) == (
        "Đưa vào tài liệu Bản đồ. Trịnh Thị Lan xác nhận không phải tài liệu mật"
    )


def test_who_answered_for_a_version_or_a_signed_copy_is_told_with_it() -> None:
    version = replace(make.a_version("d1", 2), ordinary=BY_LAN)
    assert told(prepared().state, version).endswith(
        "Trịnh Thị Lan xác nhận không phải tài liệu mật"
    )
    signed = p.TakeInSignedCopy("bien-ban.pdf", "ab" * 32, 2, BY_LAN)
    assert told(closed().state, signed) == (
        "Đưa bản ký vào hồ sơ: bien-ban.pdf. Trịnh Thị Lan xác nhận không phải tài liệu mật"
    )
