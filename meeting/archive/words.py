"""The words of the file. It is a Vietnamese document whatever language the screens speak, so
they stand here and not in `texts`; a change of one changes the bytes of every file made later.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from meeting.protocol.words import AddressForm, Attendance, Method, Role

ROLES: Final[dict[Role, str]] = {
    "chair": "Chủ trì",
    "secretary": "Thư ký",
    "minute_taker": "Người ghi biên bản",
    "member": "Thành viên",
    "guest": "Khách mời theo nội dung",
    "technician": "Phục vụ kỹ thuật",
    "screen": "Màn hình phòng họp",
}

STATES: Final[dict[Attendance, str]] = {
    "none": "Chưa điểm danh",
    "present": "Có mặt",
    "late": "Đến muộn",
    "left": "Về sớm",
    "returned": "Trở lại",
    "absent": "Vắng mặt",
}

METHODS: Final[dict[Method, str]] = {
    "digits": "Tự điểm danh, gõ bốn số trên màn hình phòng họp",
    "scan": "Tự điểm danh, quét mã trên màn hình phòng họp",
    "desk": "Bàn thư ký mời vào",
    "hand": "Thư ký ghi",
}

YOU: Final[dict[AddressForm, str]] = {"dong_chi": "đồng chí", "ong_ba": "ông/bà"}

DAYS: Final = (
    "Thứ Hai",
    "Thứ Ba",
    "Thứ Tư",
    "Thứ Năm",
    "Thứ Sáu",
    "Thứ Bảy",
    "Chủ nhật",
)

OFFICIAL: Final = "Hồ sơ chính thức"
PROVISIONAL: Final = "Hồ sơ tạm (chưa có biên bản)"
TRIAL: Final = "Chạy thử"
ON_PAPER: Final = "Tiếp tục trên giấy"
COLLECT: Final = "Thu hồi sau họp"
OFFICE: Final = "Văn phòng"
MACHINE: Final = "Máy chủ của văn phòng"


class Dial(Struct, frozen=True):
    """Times as the office's clock on the wall shows them. `day` is the meeting's own day."""

    zone: ZoneInfo
    day: datetime

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def clock(self, at: datetime) -> str:
        """Such as 07:30; with the date where it is another day."""
        local = self.local(at)
        if local.date() == self.local(self.day).date():
            return f"{local:%H:%M}"
        return f"{local:%H:%M} {_date(local)}"

    def exact(self, at: datetime) -> str:
        """The same with seconds."""
        local = self.local(at)
        if local.date() == self.local(self.day).date():
            return f"{local:%H:%M:%S}"
        return f"{local:%H:%M:%S} {_date(local)}"

    def full(self, at: datetime) -> str:
        """Such as 07:30, Thứ Năm, ngày 10/12/2026."""
        local = self.local(at)
        return f"{local:%H:%M}, {DAYS[local.weekday()]}, ngày {_date(local)}"

    def spoken(self, at: datetime) -> str:
        """As minutes write it: 09 giờ 10 phút."""
        local = self.local(at)
        said = f"{local:%H} giờ {local:%M} phút"
        if local.date() == self.local(self.day).date():
            return said
        return f"{said} ngày {_date(local)}"


def _date(local: datetime) -> str:
    return f"{local.day:02}/{local.month:02}/{local.year:04}"


def lasted(since: datetime, until: datetime) -> str:
    """Such as 1:02:05 or 0:45."""
    seconds = max(0, round((until - since).total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
