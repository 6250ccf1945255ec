"""The tables of the file: agenda, roll, attendance, papers, course. Rows of words, no layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from meeting.archive import words
from meeting.archive.papers import PAPERS, SIGNED, Laid
from meeting.archive.record import Entered, Presence, Record

SHORT: Final = 18


class Link(Struct, frozen=True):
    """Words that lead to a file of the bag, its path given below `data/`."""

    text: str
    path: str


Cell = str | int | Link


class Column(Struct, frozen=True):
    """`width` in letters, as spreadsheets measure it. What is short is not broken over lines."""

    title: str
    width: int

    @property
    def short(self) -> bool:
        return self.width <= SHORT


class Table(Struct, frozen=True):
    """`name` is its files' name; `sheet` at most 31 letters, as spreadsheets want it."""

    name: str
    sheet: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    empty: str = "Không có."


AGENDA: Final = "01_Chuong_trinh"
ROLL: Final = "02_Danh_sach"
ATTENDANCE: Final = "03_Diem_danh"
COURSE: Final = "05_Dien_bien"
ANNEX: Final = "99_Phu_luc_ky_thuat"


def all_tables(record: Record, laid: Sequence[Laid]) -> dict[str, list[Table]]:
    """The tables of every folder."""
    return {
        AGENDA: [agenda(record, laid)],
        ROLL: [roll(record)],
        ATTENDANCE: [attendance(record), entries(record)],
        PAPERS: [papers(record, laid)],
        COURSE: [course(record), showings(record)],
        SIGNED: [signed(laid)],
    }


def agenda(record: Record, laid: Sequence[Laid]) -> Table:
    state, known = record.state, record.known
    papers = Counter(paper.item for paper in laid if not paper.withdrawn and not paper.older)
    rows: list[tuple[Cell, ...]] = []
    for item in state.items.values():
        guests = [
            f"{seat.name} ({seat.post})" if seat.post else seat.name
            for seat in state.seats.values()
            if seat.role == "guest" and item.id in seat.items
        ]
        when = "–".join(filter(None, [item.starts, item.ends]))
        readers = [known.person(seat) for seat in state.seats if seat in item.limited_to]
        limited = f"Tài liệu chỉ dành cho: {', '.join(readers)}" if readers else ""
        rows.append(
            (
                "–" if item.recess else item.number,
                when,
                "\n".join(filter(None, [item.title, limited])),
                known.person(item.rapporteur) if item.rapporteur else "",
                "; ".join(guests),
                papers[item.id] or "",
            )
        )
    return Table(
        "chuong_trinh",
        "Chương trình",
        "Chương trình",
        (
            Column("Số", 6),
            Column("Giờ dự kiến", 14),
            Column("Nội dung", 60),
            Column("Người trình bày", 28),
            Column("Khách mời theo nội dung", 40),
            Column("Số tài liệu", 11),
        ),
        tuple(rows),
    )


def roll(record: Record) -> Table:
    seats = [seat for seat in record.state.seats.values() if seat.on_roll]
    rows = tuple(
        (place, seat.name, seat.post, words.ROLES[seat.role], "x" if seat.votes else "")
        for place, seat in enumerate(seats, start=1)
    )
    return Table(
        "danh_sach",
        "Danh sách",
        "Danh sách thành phần dự",
        (
            Column("TT", 5),
            Column("Họ và tên", 28),
            Column("Chức vụ, đơn vị", 55),
            Column("Vai trò", 24),
            Column("Biểu quyết", 11),
        ),
        rows,
    )


def attendance(record: Record) -> Table:
    rows = tuple(
        (
            place,
            one.seat.name,
            one.seat.post,
            "x" if one.seat.votes else "",
            outcome(one),
            record.dial.clock(one.came) if one.came else "",
            record.dial.clock(one.left) if one.left else "",
            _method(one.last) if one.last else "",
            one.last.reason if one.last else "",
        )
        for place, one in enumerate(record.presences(), start=1)
    )
    return Table(
        "diem_danh",
        "Điểm danh",
        "Kết quả điểm danh",
        (
            Column("TT", 5),
            Column("Họ và tên", 28),
            Column("Chức vụ, đơn vị", 50),
            Column("Biểu quyết", 11),
            Column("Kết quả", 20),
            Column("Giờ đến", 10),
            Column("Giờ về", 10),
            Column("Cách điểm danh", 40),
            Column("Lý do, ghi chú", 40),
        ),
        rows,
        note="Kết quả đã tính các lần sửa. Từng lần ghi có trong bảng “Các lần ghi điểm danh”.",
    )


def entries(record: Record) -> Table:
    places = {one.rev: place for place, one in enumerate(record.entered, start=1)}
    rows = []
    for one in record.entered:
        remarks = []
        if one.of:
            remarks.append(f"Sửa lần ghi số {places.get(one.of, '?')}")
        elif one.state != "none" and one.method == "hand" and one.at != one.written:
            remarks.append("Ghi sau")
        if one.mended:
            remarks.append(f"Đã sửa ở lần ghi số {places[one.mended]}")
        rows.append(
            (
                places[one.rev],
                record.dial.exact(one.written),
                record.known.person(one.seat),
                words.STATES[one.state],
                record.dial.clock(one.at),
                _method(one),
                one.who,
                one.reason,
                "; ".join(remarks),
            )
        )
    return Table(
        "cac_lan_ghi",
        "Các lần ghi",
        "Các lần ghi điểm danh",
        (
            Column("Lần", 5),
            Column("Giờ ghi", 11),
            Column("Người được ghi", 28),
            Column("Trạng thái", 20),
            Column("Thời điểm", 11),
            Column("Cách điểm danh", 40),
            Column("Ai ghi", 28),
            Column("Lý do", 40),
            Column("Ghi chú", 28),
        ),
        tuple(rows),
    )


def papers(record: Record, laid: Sequence[Laid]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for paper in laid:
        if paper.signed:
            continue
        remarks = [
            "Đã thu hồi" if paper.withdrawn else "",
            "tệp đã hủy" if paper.erased else "",
            "Gửi muộn" if paper.late else "",
            words.COLLECT if paper.collect else "",
            "Đã có bản thay thế" if paper.older and not paper.withdrawn else "",
            "Không còn tệp trên máy chủ khi lập hồ sơ" if paper.lost else "",
        ]
        rows.append(
            (
                record.known.item(paper.item),
                paper.number,
                Link(paper.title or paper.number, paper.path) if paper.path else paper.title,
                f"Bản {paper.version}",
                paper.pages,
                "; ".join(filter(None, remarks)),
            )
        )
    return Table(
        "danh_muc",
        "Danh mục tài liệu",
        "Danh mục tài liệu",
        (
            Column("Nội dung", 45),
            Column("Số, ký hiệu", 18),
            Column("Tên tài liệu", 60),
            Column("Bản", 8),
            Column("Số trang", 9),
            Column("Ghi chú", 34),
        ),
        tuple(rows),
        empty="Cuộc họp không có tài liệu.",
    )


def course(record: Record) -> Table:
    rows = tuple((record.dial.exact(one.at), one.what, one.who) for one in record.course)
    return Table(
        "dien_bien",
        "Diễn biến",
        "Diễn biến",
        (Column("Giờ", 18), Column("Việc", 80), Column("Người thực hiện", 36)),
        rows,
    )


def showings(record: Record) -> Table:
    known, rows = record.known, []
    for one in record.showings:
        rows.append(
            (
                record.dial.exact(one.since),
                record.dial.exact(one.until) if one.until else "",
                words.lasted(one.since, one.until) if one.until else "",
                known.item(one.item),
                known.paper(one.document, one.version),
                one.page,
                one.who,
            )
        )
    return Table(
        "trang_trinh_chieu",
        "Trang trình chiếu",
        "Các trang đã trình chiếu",
        (
            Column("Từ", 11),
            Column("Đến", 11),
            Column("Thời lượng", 11),
            Column("Nội dung", 45),
            Column("Tài liệu", 60),
            Column("Trang", 7),
            Column("Người trình chiếu", 30),
        ),
        tuple(rows),
        empty="Không trình chiếu trang nào.",
    )


def signed(laid: Sequence[Laid]) -> Table:
    return Table(
        "ban_ky",
        "Bản ký",
        "Bản ký, đóng dấu",
        (Column("Tệp", 60), Column("Số trang", 9)),
        tuple(
            (Link(paper.title, paper.path) if paper.path else paper.title, paper.pages)
            for paper in laid
            if paper.signed
        ),
        empty="Chưa có bản ký nào được đưa vào hồ sơ.",
    )


def outcome(one: Presence) -> str:
    """How somebody attended, in the words of the roll."""
    if not one.attended:
        return words.STATES["absent" if one.last and one.last.state == "absent" else "none"]
    late = one.late and one.seat.role != "guest"  # they come when their item does
    parts = [words.STATES["late" if late else "present"]]
    if one.left:
        parts.append(words.STATES["left"].lower())
    return ", ".join(parts)


def _method(one: Entered) -> str:
    stale = " (mã cũ)" if one.sighting == "stale" else ""
    return f"{words.METHODS[one.method]}{stale}"
