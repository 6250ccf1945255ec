"""The course of a meeting in sentences: one for each fact that belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from meeting.archive import words
from meeting.archive.telling import Known
from meeting.protocol import facts as f
from meeting.protocol.log import Entry
from meeting.rules.state import MeetingState


class Told(Struct, frozen=True):
    """What a sentence is made from: the state before and after, and what things are called."""

    known: Known
    before: MeetingState
    after: MeetingState
    at: datetime
    dial: words.Dial

    def document(self, document: str) -> str:
        return self.known.paper(document)


def sentence(
    known: Known, before: MeetingState, after: MeetingState, entry: Entry, dial: words.Dial
) -> str:
    """What this entry says of the meeting's course; "" where it belongs to its preparation."""
    kind = type(entry.fact)
    if kind in WHILE_ON and before.phase == "before":
        return ""
    tell = SENTENCES.get(kind) or WHILE_ON.get(kind)
    return tell(Told(known, before, after, entry.at, dial), entry.fact) if tell else ""


def _opened(told: Told, fact: f.MeetingOpened) -> str:
    if fact.at is None:
        return "Khai mạc"
    return f"Khai mạc lúc {told.dial.clock(fact.at)} (ghi lại sau)"


def _closed(told: Told, fact: f.MeetingClosed) -> str:
    if fact.at is None:
        return "Bế mạc"
    return f"Bế mạc lúc {told.dial.clock(fact.at)} (ghi lại sau)"


def _shown(told: Told, fact: f.PageShown) -> str:
    """A turned page is told elsewhere; here only which paper came to the screens."""
    shown = told.before.presented
    if shown is not None and (shown.document, shown.version) == (fact.document, fact.version):
        return ""
    return f"Trình chiếu {told.known.paper(fact.document, fact.version)}"


def _on_paper(told: Told, fact: f.PaperContinued) -> str:
    until = f" đến {told.dial.clock(fact.until)}" if fact.until else ""
    said = f"{words.ON_PAPER} từ {told.dial.clock(fact.since)}{until}. Lý do: {fact.reason}"
    return f"{said}\n{fact.course}" if fact.course else said


def _laid_down(told: Told, fact: f.DocumentAdded) -> str:
    if not (fact.late or fact.ordinary):
        return ""
    verb = "Bổ sung" if fact.late else "Đưa vào"
    return f"{verb} tài liệu {told.document(fact.document)}{_ordinary(fact)}"


def _ordinary(fact: f.DocumentAdded | f.DocumentReplaced | f.SignedCopyTakenIn) -> str:
    """Who said that it is no secret paper, where that was asked."""
    return f". {fact.ordinary.by} xác nhận không phải tài liệu mật" if fact.ordinary else ""


def _replaced(told: Told, fact: f.DocumentReplaced) -> str:
    late = ", gửi muộn" if fact.late else ""
    paper = told.document(fact.document)
    return f"Thay bằng bản {fact.version}{late}: {paper}{_ordinary(fact)}"


def _marked_to_collect(told: Told, fact: f.DocumentMarkedToCollect) -> str:
    said = words.COLLECT if fact.collect else f"Bỏ “{words.COLLECT}”"
    return f"{said}: {told.document(fact.document)}"


def _checked_in(told: Told, fact: f.CheckedIn) -> str:
    return f"{words.STATES[fact.state]}: {told.known.person(fact.seat)}"


def _marked(told: Told, fact: f.AttendanceMarked) -> str:
    reason = f" ({fact.reason})" if fact.reason else ""
    return f"{words.STATES[fact.state]}: {told.known.person(fact.seat)}{reason}"


def _corrected(told: Told, fact: f.AttendanceCorrected) -> str:
    now = words.STATES[fact.state].lower()
    return f"Sửa điểm danh {told.known.person(fact.seat)}: {now}. Lý do: {fact.reason}"


def _presenter(told: Told, fact: f.PresenterChanged) -> str:
    if told.before.phase == "before":
        return ""
    return f"Giao quyền trình chiếu cho {told.known.person(fact.seat)}"


def _locked(_: Told, fact: f.FileLocked) -> str:
    return f"Khóa hồ sơ, số {fact.number}"


def _started(told: Told, fact: f.ItemStarted) -> str:
    return f"Chuyển đến: {told.known.item(fact.item)}"


SENTENCES: Final[dict[type, Callable[[Told, Any], str]]] = {
    f.MeetingCreated: lambda _, __: "Lập cuộc họp",
    f.MeetingOpened: _opened,
    f.OpeningTakenBack: lambda _, fact: f"Hủy việc khai mạc do bấm nhầm. Lý do: {fact.reason}",
    f.MeetingClosed: _closed,
    f.MeetingReopened: lambda _, fact: f"Mở lại sau bế mạc. Lý do: {fact.reason}",
    f.ItemStarted: _started,
    f.PageShown: _shown,
    f.FollowersCalled: lambda _, __: "Mời tất cả về trang đang trình chiếu",
    f.PresenterChanged: _presenter,
    f.CheckedIn: _checked_in,
    f.AttendanceMarked: _marked,
    f.AttendanceCorrected: _corrected,
    f.DocumentAdded: _laid_down,
    f.DocumentMarkedToCollect: _marked_to_collect,
    f.DocumentReplaced: _replaced,
    f.DocumentWithdrawn: lambda told, fact: (
        f"Thu hồi {told.document(fact.document)}. Lý do: {fact.reason}"
    ),
    f.DocumentErased: lambda told, fact: f"Hủy tệp đã thu hồi: {told.document(fact.document)}",
    f.PaperContinued: _on_paper,
    f.SignedCopyTakenIn: lambda _, fact: f"Đưa bản ký vào hồ sơ: {fact.name}{_ordinary(fact)}",
    f.FileLocked: _locked,
    f.MeetingDeleted: lambda _, __: "Xóa cuộc họp",
}
"""Of the course whenever it happens."""

WHILE_ON: Final[dict[type, Callable[[Told, Any], str]]] = {
    f.MeetingChanged: lambda _, __: "Sửa thông tin cuộc họp",
    f.SeatAdded: lambda told, fact: f"Bổ sung đại biểu: {told.known.person(fact.seat)}",
    f.SeatChanged: lambda told, fact: f"Sửa thông tin: {told.known.person(fact.seat)}",
    f.ItemAdded: lambda told, fact: f"Bổ sung chương trình: {told.known.item(fact.item)}",
    f.ItemChanged: lambda told, fact: f"Sửa chương trình: {told.known.item(fact.item)}",
    f.ItemRemoved: lambda told, fact: f"Bỏ khỏi chương trình: {told.known.item(fact.item)}",
    f.ItemsOrdered: lambda _, __: "Đổi thứ tự chương trình",
    f.DocumentChanged: lambda told, fact: f"Sửa thông tin: {told.document(fact.document)}",
}
"""Of the course only once the meeting has been opened; before, they prepare it."""

UNTOLD: Final[frozenset[type]] = frozenset(
    {
        f.FileRefusedNoted,
        f.DeviceClaimed,
        f.DeviceAdmitted,
        f.DeviceDeclined,
        f.DeviceRevoked,
        f.CardReissued,
        f.CardRevoked,
        f.SeatRemoved,
        f.SeatsOrdered,
        f.DocumentsOrdered,
        f.PageTurned,
    }
)
"""Machines and cards, and the order of lists: in the log, not in the course."""
