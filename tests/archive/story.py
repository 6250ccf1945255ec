"""A whole meeting, played on the rules and filed away, with real papers from samples/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import pymupdf

from meeting.archive.bag import Bag, pack
from meeting.archive.shelf import Filed, Shelf, until_locked
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.log import CHAIN_START, Entry, link
from meeting.rules.state import Actor
from tests.helpers import make
from tests.helpers.minutes import Minutes

SAMPLES: Final = Path(__file__).parents[2] / "samples"
SUBMISSION: Final = SAMPLES / "2.1_to-trinh-214.pdf"
RESOLUTION: Final = SAMPLES / "2.2_du-thao-nghi-quyet-chuyen-doi-so.pdf"

ACCOUNT: Final = "acc1"
ACCOUNTS: Final = {ACCOUNT: "Trịnh Thị Lan", "acc2": "Người không làm gì"}
OFFICE: Final = Actor("office", device=ACCOUNT)

Log = list[tuple[Entry, bytes]]


class Papers:
    """Originals in a folder, as `pages` keeps them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def of(self, sha: str) -> Path:
        return self.folder / f"{sha}.pdf"

    def take(self, body: bytes) -> str:
        sha = sha256(body).hexdigest()
        self.of(sha).write_bytes(body)
        return sha

    def blank(self, text: str) -> str:
        """A small real PDF that says this."""
        document = pymupdf.open()
        document.new_page().insert_text((72, 72), text)
        return self.take(document.tobytes(no_new_id=True))


def linked(entries: Sequence[Entry]) -> Log:
    """A log with its hashes, however it came about."""
    previous, log = CHAIN_START, []
    for entry in entries:
        previous = link(previous, entry)
        log.append((entry, previous))
    return log


def prepared(papers: Papers, report: str = "") -> Minutes:
    """Body, roll, agenda and papers, an evening before. `report`: the SHA-256 of a larger one."""
    report = report or papers.blank("report")
    minutes = Minutes().at("06:00")
    for command in (
        make.a_meeting(title="Hội nghị Ban Thường vụ Tỉnh ủy (mở rộng), tháng 12/2026"),
        _person("chair", "Lương Minh Khải", "Bí thư Tỉnh ủy", "chair", votes=True),
        _person("anh", "Đoàn Thị Thục Anh", "Phó Bí thư Thường trực", votes=True),
        _person("k", "Điểu K'Rênh", "Chủ tịch Ủy ban MTTQ tỉnh", votes=True),
        _person("trang", "Đặng Công Tráng", "Giám đốc Công an tỉnh", votes=True),
        _person("dat", "Dương Hữu Đạt", "Chỉ huy trưởng Bộ CHQS tỉnh", votes=True),
        _person("hanh6", "Nguyễn Thị Hạnh", "Trưởng Ban Tuyên giáo và Dân vận", votes=True),
        _person("sec", "Phạm Thị Thùy Dương", "Phó Chánh Văn phòng", "secretary"),
        _person("taker", "Ngô Gia Huy", "Trưởng phòng Tổng hợp", "minute_taker"),
        _person("hanh20", "Nguyễn Thị Hạnh", "Phó Trưởng Ban Tuyên giáo và Dân vận"),
        _person("tech", "Trương Đăng Khoa", "Trưởng phòng Cơ yếu - CNTT", "technician"),
        make.a_seat("wall", "screen", post=""),
        _item("i0", "", "Điểm danh, khai mạc, thông qua chương trình", "07:30", "07:45", "sec"),
        _item("i1", "1", 'Tình hình KT-XH: "năm 2026"; nhiệm vụ 2027?', "07:45", "08:25", "anh"),
        _item("i2", "2", "Dự thảo Nghị quyết về chuyển đổi số", "08:25", "09:00", "chair"),
        _item("rest", "", "Giải lao", "09:20", "09:35", recess=True),
        _item("i7", "7", "Công tác cán bộ", "", "", "chair", limited_to=("sec", "chair", "anh")),
        _person("hoa", "Nguyễn Văn Hoà", "Giám đốc Sở Tài chính", "guest", items=("i1",)),
        _paper("d1", "i1", "186-BC/ĐU", "Báo cáo KT-XH, QP-AN năm 2026", report),
        _paper("d2", "i2", "214-TTr/VPTU", "Tờ trình", papers.take(SUBMISSION.read_bytes())),
        _paper("d3", "i2", "", "Dự thảo Nghị quyết", papers.take(RESOLUTION.read_bytes())),
        _paper("d4", "i2", "97-BC/UBKTTU", "Kết quả kiểm tra, giám sát", papers.blank("d4")),
        _paper("d7", "i7", "07-TTr/BTC", "Tờ trình về cán bộ", papers.blank("d7")),
        p.TurnPage("d2", 2, 1, "d2-turned"),
    ):
        minutes.does(OFFICE, command)
    return minutes


def held(papers: Papers, report: str = "") -> Minutes:
    """The meeting, closed at 11:30."""
    minutes = prepared(papers, report)
    for seat in minutes.state.seats:
        minutes.does(make.card(seat), c.ClaimDevice(f"{seat}-1", "tablet"))
    for place, seat in enumerate(("chair", "anh", "k", "hanh6", "sec", "taker", "hanh20", "tech")):
        minutes.at(f"07:1{place}").does(seat, c.CheckIn(), method="scan" if place % 2 else "digits")
    minutes.does("sec", c.MarkAttendance("trang", "absent", reason="dự hội nghị do Bộ triệu tập"))
    minutes.does("sec", c.MarkAttendance("dat", "present"))
    minutes.at("07:29:30").does("chair", c.OpenMeeting(early=True))
    minutes.does("chair", p.TakeBackOpening("bấm nhầm"))
    minutes.at("07:31").does("chair", c.OpenMeeting())
    minutes.does("sec", c.CorrectAttendance("dat", "none", "ghi nhầm người"))
    minutes.does("sec", c.StartItem("i0"))
    minutes.at("07:46").does("sec", c.StartItem("i1"))
    for page in range(1, 6 if report else 2):
        minutes.at(f"07:5{page}").does("sec", make.page("d1", page))
    minutes.at("08:00").does("hoa", c.CheckIn())
    minutes.at("08:30").does("sec", c.StartItem("i2"))
    for minute, paper, page in ((31, "d2", 1), (33, "d2", 2), (40, "d3", 1)):
        minutes.at(f"08:{minute}").does("sec", make.page(paper, page))
    minutes.at("08:45").does(OFFICE, _version("d3", 2, papers.blank("ban 2")))
    minutes.at("08:46").does("sec", make.page("d3", 1, version=2))
    minutes.at("09:10").does("dat", c.CheckIn(), sighting="stale")
    minutes.at("09:20").does("sec", c.StartItem("rest"))
    late = _paper("d5", "i7", "", "Danh sách kèm theo", papers.blank("late"))
    minutes.at("09:40").does(OFFICE, late)
    minutes.at("10:00").does("sec", c.MarkAttendance("k", "left", reason="về tỉnh họp"))
    minutes.at("10:38").does("sec", c.StartItem("i7"))
    minutes.at("11:30").does("chair", c.CloseMeeting())
    return minutes


def filed_away(papers: Papers) -> Minutes:
    """The same, mended afterwards and locked."""
    return locked(held(papers), papers)


def locked(minutes: Minutes, papers: Papers) -> Minutes:
    """What is done after a meeting that was held."""
    at = make.clock("10:40")
    minutes.at("11:31").does("sec", p.ReopenMeeting("còn ý kiến cuối"))
    minutes.at("11:40").does("sec", c.CloseMeeting())
    minutes.at("12:00").does(OFFICE, p.WithdrawDocument("d4", "thu hồi sau hội nghị"))
    minutes.does(OFFICE, p.EraseDocument("d4"))
    minutes.does(OFFICE, c.CorrectAttendance("hanh6", "present", "đến từ sớm"))
    on_paper = p.ContinueOnPaper(at, "mất điện", at + timedelta(minutes=35), "Thảo luận trên giấy.")
    minutes.at("13:00").does(OFFICE, on_paper)
    signed = papers.blank("signed")
    minutes.at("15:00").does(OFFICE, p.TakeInSignedCopy("Biên bản (đã ký).pdf", signed, 1))
    minutes.at("16:00").does(OFFICE, p.LockFile("12/HS-TU"))
    return minutes


def shelf(folder: Path, papers: Papers) -> Shelf:
    folder.mkdir(exist_ok=True)
    made = Shelf(folder, papers.of)
    made.start()
    return made


def filed(folder: Path, minutes: Minutes, papers: Papers) -> Filed:
    """The file of a meeting that was played."""
    return shelf(folder, papers).file("btv", linked(minutes.entries), ACCOUNTS)


def bag_of(minutes: Minutes, papers: Papers) -> Bag:
    log = until_locked(linked(minutes.entries))
    return pack(log, ACCOUNTS, shelf(papers.folder / "shelf", papers).digests(log))


def _person(
    seat: str, name: str, post: str, role: str = "member", *, votes: bool = False, **said: object
) -> c.AddSeat:
    return make.a_seat(seat, role, name=name, post=post, votes=votes, **said)  # type: ignore[arg-type]


def _item(
    item: str, number: str, title: str, starts: str, ends: str, by: str = "", **said: object
) -> c.AddItem:
    return make.an_item(
        item, number=number, title=title, starts=starts, ends=ends, rapporteur=by, **said
    )


def _paper(document: str, item: str, number: str, title: str, sha: str) -> c.AddDocument:
    return make.a_document(document, item, 34, number=number, title=title, sha256=sha)


def _version(document: str, version: int, sha: str) -> p.ReplaceDocument:
    return p.ReplaceDocument(document, version, sha, 11, f"address-{document}-{version}")
