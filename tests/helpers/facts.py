"""One fact of every kind, for tests that want them all. A kind without one fails."""

from __future__ import annotations

from typing import Final, get_args

from meeting.protocol import facts as f
from meeting.protocol.secrecy import ConfirmedOrdinary
from tests.helpers import make

_AT = make.clock("07:30")

EVERY: Final[tuple[f.Fact, ...]] = (
    f.MeetingCreated(
        meeting="btv",
        title="Hội nghị",
        body="Ban Thường vụ",
        place="Phòng họp A",
        starts_at=_AT,
        zone=make.ZONE,
        presenter="secretary",
        office="Văn phòng",
        address_form="ong_ba",
        wifi_name="HOP-A",
        wifi_password="mật khẩu",
        help_name="Kỹ thuật",
        help_phone="0900 000 000",
        trial=True,
        quorum_present=3,
        quorum_total=2,
    ),
    f.SeatAdded("an", 1, "Điểu K'Rênh", 'Chủ tịch "UBMTTQ"', "guest", False, ("i1", "i2")),
    f.ItemAdded("i1", 1, "1", "Kinh tế", "07:45", "08:25", "an", False, ("an",)),
    f.DocumentAdded("d1", "i1", 1, "186-BC/ĐU", "Báo cáo", 1, "ab" * 32, 34, "x" * 22),
    f.FileRefusedNoted("mật.pdf", "file_locked"),
    f.MeetingOpened(),
    f.MeetingClosed(),
    f.ItemStarted("i1"),
    f.PageShown("d1", 1, 7),
    f.PresenterChanged("an"),
    f.FollowersCalled(),
    f.CheckedIn("an", "late", _AT, "scan", "stale"),
    f.AttendanceMarked("an", "absent", _AT, "ốm"),
    f.AttendanceCorrected("an", "present", _AT, "nhầm", of=12),
    f.DeviceClaimed("an-1", "an", "tablet"),
    f.DeviceAdmitted("w1", "an", "phone", 27, "fresh"),
    f.DeviceDeclined("w1", "an"),
    f.DeviceRevoked("an-1", "an"),
    f.CardReissued("an", 2),
    f.CardRevoked("an"),
    f.MeetingChanged(
        title="Hội nghị",
        place="Phòng họp B",
        starts_at=_AT,
        presenter="chair",
        address_form="dong_chi",
        wifi_name="HOP-B",
        wifi_password="",
        help_name="",
        help_phone="",
        quorum_present=2,
        quorum_total=1,
    ),
    f.SeatChanged("an", "Điểu K'Rênh", "Chủ tịch", "member", True, ()),
    f.SeatRemoved("an"),
    f.SeatsOrdered(("an", "anh")),
    f.ItemChanged("i1", "1", "Kinh tế", "07:45", "08:25", "", False, ("an",)),
    f.ItemRemoved("i1"),
    f.ItemsOrdered(("i2", "i1")),
    f.DocumentChanged("d1", "i1", "186-BC/ĐU", "Báo cáo"),
    f.DocumentsOrdered(("d2", "d1")),
    f.PageTurned("d1", 1, 7, 3, "y" * 22),
    f.DocumentMarkedToCollect("d1", collect=True, addresses=("v" * 22, "w" * 22)),
    f.DocumentReplaced(
        "d1", 2, "cd" * 32, 35, "z" * 22, late=True, ordinary=ConfirmedOrdinary("Lan", "scan")
    ),
    f.DocumentWithdrawn("d1", "phát nhầm", ("ab" * 32, "cd" * 32)),
    f.DocumentErased("d1", ("ab" * 32, "cd" * 32)),
    f.OpeningTakenBack("bấm nhầm"),
    f.MeetingReopened("bấm nhầm"),
    f.PaperContinued(_AT, None, "mất điện", "Biểu quyết giơ tay"),
    f.SignedCopyTakenIn("bien-ban.pdf", "ef" * 32, 3),
    f.FileLocked("12-HS/TU"),
    f.MeetingDeleted(),
)

if {type(fact) for fact in EVERY} != set(get_args(f.Fact)):
    raise AssertionError("a kind of fact has no example here")
