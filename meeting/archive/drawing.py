"""The pages of the file: each whole in itself, opened without a network, printed on A4."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from meeting.archive import summary, words
from meeting.archive.papers import Laid
from meeting.archive.record import Record
from meeting.archive.tables import Cell, Link, Table
from meeting.protocol.words import Role
from meeting.rules.attendance import counts

_environment: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)

FOLDERS: Final = (
    ("01", "01_Chuong_trinh/chuong_trinh.html", "Chương trình"),
    ("02", "02_Danh_sach/danh_sach.html", "Danh sách thành phần dự"),
    ("03", "03_Diem_danh/diem_danh.html", "Kết quả điểm danh và từng lần ghi"),
    ("04", "04_Tai_lieu/danh_muc.html", "Tài liệu: mọi bản của mọi tài liệu"),
    ("05", "05_Dien_bien/dien_bien.html", "Diễn biến và các trang đã trình chiếu"),
    ("06", "06_Ban_ky/ban_ky.html", "Bản ký, đóng dấu"),
    ("99", "99_Phu_luc_ky_thuat/README.txt", "Phụ lục kỹ thuật, dành cho việc kiểm tra"),
)

_LED_BY: Final[tuple[Role, ...]] = ("chair", "secretary", "minute_taker")


def first_page(record: Record, laid: Sequence[Laid], entries: int, base: str) -> bytes:
    """What a person sees first.

    Args:
        base: the way from the page to the folders, "" or such as `data/`.
    """
    state, dial = record.state, record.dial
    here = [one for one in record.presences() if one.attended and one.seat.counted]
    voting_here = sum(one.seat.votes for one in here)
    numbers = counts(state)
    said = (
        ("Thành viên biểu quyết", summary.voting(record)),
        ("Đại biểu khác", summary.others(record)),
        ("Khách mời theo nội dung", summary.guests(record)),
    )
    return _drawn(
        "first.html",
        record,
        base=base,
        link=lambda path: base + quote(path),
        kind=words.OFFICIAL if record.official else words.PROVISIONAL,
        official=record.official,
        when=dial.full(state.meeting.starts_at),
        opened=dial.full(state.opened_at) if state.opened_at else "",
        closed=dial.full(state.closed_at) if state.closed_at else "",
        led=_led(record),
        warnings=_warnings(record, laid),
        counts=numbers,
        voting_here=voting_here,
        here=len(here),
        quorum=bool(numbers.voting_total) and voting_here >= numbers.voting_needed,
        attendance=[(who, sentence) for who, sentence in said if sentence],
        agenda=_agenda(record, laid),
        withdrawn=[_named(paper) for paper in laid if paper.withdrawn],
        folders=FOLDERS,
        seal=record.seal,
        entries=entries,
        last=dial.full(record.last_at),
    )


def table_page(record: Record, tables: Sequence[Table]) -> bytes:
    """Tables of one folder on one page."""

    sheet = f"{tables[0].name}.xlsx"
    return _drawn("table.html", record, tables=tables, rows=_rows, sheet=sheet)


def _rows(table: Table) -> Markup:
    """The rows of a table. There may be thousands, so they are not a template's business."""
    heads = ['<td class="number">' if column.short else "<td>" for column in table.columns]
    return Markup(
        "".join(
            f"<tr>{''.join(map(_cell, heads, row))}</tr>\n"  # one cell for each column
            for row in table.rows
        )
    )


def _cell(head: str, cell: Cell) -> str:
    if isinstance(cell, Link):
        return f'{head}<a href="../{quote(cell.path)}">{escape(cell.text)}</a></td>'
    return f"{head}{escape(cell)}</td>"


def withdrawn_page(record: Record, paper: Laid) -> bytes:
    """The note that lies where a withdrawn paper would."""
    at = record.dial.full(paper.withdrawn_at) if paper.withdrawn_at else ""
    return _drawn("withdrawn.html", record, paper=paper, withdrawn_at=at)


def marks(record: Record) -> list[str]:
    """What must be said of this meeting on every page."""
    trial = record.state.meeting.trial
    return [
        *([words.TRIAL] if trial else []),
        *([words.ON_PAPER] if record.state.on_paper else []),
    ]


def _drawn(template: str, record: Record, **shown: Any) -> bytes:
    page = _environment.get_template(template).render(
        state=record.state, heading=record.state.meeting, marks=marks(record), **shown
    )
    return page.encode()


def _led(record: Record) -> list[tuple[str, str]]:
    led = []
    for role in _LED_BY:
        people = [seat for seat in record.state.seats.values() if seat.role == role]
        names = "; ".join(", ".join(filter(None, [one.name, one.post])) for one in people)
        if names:
            led.append((words.ROLES[role], names))
    return led


def _warnings(record: Record, laid: Sequence[Laid]) -> list[str]:
    state, said = record.state, []
    if state.meeting.trial:
        said.append("Đây là bản chạy thử để tập, không phải hồ sơ của một cuộc họp thật.")
    for part in state.on_paper:
        until = f" đến {record.dial.clock(part.until)}" if part.until else ""
        since = record.dial.clock(part.since)
        course = f" Diễn biến: {part.course}" if part.course else ""
        said.append(
            f"Từ {since}{until} họp tiếp trên giấy. Lý do: {part.reason.rstrip('.')}.{course}"
        )
    lost = [paper for paper in laid if paper.lost]
    if lost:
        names = "; ".join(paper.title or paper.number for paper in lost)
        said.append(f"Khi lập hồ sơ, máy chủ không còn tệp của: {names}.")
    return said


def _agenda(record: Record, laid: Sequence[Laid]) -> list[dict[str, Any]]:
    """Items with when they began, and their papers, every version."""
    rows = []
    for item in record.state.items.values():
        started = record.started.get(item.id)
        rows.append(
            {
                "number": "" if item.recess else item.number,
                "planned": "–".join(filter(None, [item.starts, item.ends])),
                "started": record.dial.clock(started) if started else "",
                "title": item.title,
                "rapporteur": record.known.person(item.rapporteur) if item.rapporteur else "",
                "papers": [
                    _named(paper)
                    for paper in laid
                    if paper.item == item.id and not paper.withdrawn and not paper.signed
                ],
            }
        )
    return rows


def _named(paper: Laid) -> dict[str, str]:
    remarks = [
        f"bản {paper.version}" if paper.older or paper.version > 1 else "",
        "đã thay" if paper.older and not paper.withdrawn else "",
        "gửi muộn" if paper.late else "",
        words.COLLECT.lower() if paper.collect else "",
        "không còn tệp" if paper.lost else "",
    ]
    return {
        "path": paper.path,
        "name": " – ".join(filter(None, [paper.number, paper.title])) or "Tài liệu",
        "remark": ", ".join(filter(None, remarks)),
    }
