"""The summary of a closed meeting, read back from the PDF that is printed."""

from __future__ import annotations

import pytest

from meeting.errors import Refused
from meeting.printing.press import Press
from meeting.printing.summary import summary
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.words import Attendance
from meeting.rules.state import MeetingState
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, prepared, running
from tests.printing.conftest import NOW, pages_of

SEAL = "q7xm-a2zp-kt5w-ogil"


async def printed(state: MeetingState) -> str:
    pdf = await Press().set(summary(state, SEAL, NOW))
    return " ".join(pages_of(pdf))


def held() -> Minutes:
    """Closed at 11:30: the chair and an came, anh left early, tuyet came late, hoa is a guest."""
    minutes = running("i1")
    entered: tuple[tuple[str, Attendance, str], ...] = (
        ("chair", "present", "07:30"),
        ("an", "present", "07:31"),
        ("anh", "present", "07:32"),
        ("hoa", "present", "07:45"),
        ("tuyet", "late", "08:10"),
        ("anh", "left", "10:00"),
    )
    for seat, state, at in entered:
        asked = c.MarkAttendance(seat=seat, state=state, at=make.clock(at))
        minutes.at(at).does("sec", asked)
    minutes.does("sec", c.MarkAttendance(seat="taker", state="absent", reason="đi công tác"))
    minutes.at("11:30").does("chair", c.CloseMeeting())
    return minutes


async def test_it_says_what_was_and_carries_the_code() -> None:
    text = await printed(held().state)

    wanted = [
        "TỜ TÓM TẮT",
        "Khai mạc: 07:30 ngày 10/12/2026",
        "Bế mạc: 11:30 ngày 10/12/2026",
        "trong đó 3/3 thành viên biểu quyết (cần có mặt ít nhất 2)",
        "Khách mời theo nội dung: 1/2 người đã dự.",
        "Đến muộn: Người tuyet (08:10).",
        "Về sớm: Người anh (10:00).",
        "Người taker (đi công tác)",
        "Người sec (chưa điểm danh)",
        "2 tài liệu",
        SEAL,
        "Giữ tờ này riêng với hồ sơ.",
    ]
    assert [said for said in wanted if said not in text] == [], text


async def test_of_an_official_file_it_says_the_number() -> None:
    minutes = held()
    before = await printed(minutes.state)
    minutes.at("12:00").office(p.LockFile(number="12-HS/TU"))

    assert "12-HS/TU" not in before
    assert "Hồ sơ chính thức số 12-HS/TU" in await printed(minutes.state)


async def test_what_was_held_on_paper_and_what_is_no_real_meeting_is_marked() -> None:
    real, trial = closed(), running(trial=True, trial_of="btv", rehearsal=True)
    real.office(
        p.ContinueOnPaper(
            since=make.clock("09:00"), until=make.clock("10:15"), reason="mất điện toàn tòa nhà"
        )
    )
    trial.at("11:30").does("chair", c.CloseMeeting())

    on_paper, practised = await printed(real.state), await printed(trial.state)

    assert "Họp trên giấy từ 09:00 đến 10:15: mất điện toàn tòa nhà" in on_paper
    assert ("CHẠY THỬ" in on_paper, "CHẠY THỬ" in practised) == (False, True)


@pytest.mark.parametrize("minutes", [prepared, lambda: running("i1")])
def test_before_the_closing_there_is_no_summary(minutes: type[Minutes]) -> None:
    state = minutes().state
    with pytest.raises(Refused) as refused:
        summary(state, "", NOW)
    assert (refused.value.code, refused.value.data) == ("wrong_phase", {"phase": state.phase})
