"""The bag of a whole meeting: accepted by others' software, the same each time, told in words."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import get_args
from urllib.parse import quote

import bagit
import openpyxl

from meeting.archive import course, summary
from meeting.archive.record import read
from meeting.archive.shelf import Filed, until_locked, wanted
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.facts import Fact
from meeting.protocol.log import CHAIN_START, Entry, link
from tests.archive import story
from tests.archive.story import ACCOUNTS, OFFICE, Papers
from tests.helpers import make
from tests.helpers.minutes import Minutes

ROOT = "Hồ sơ 12-HS-TU - Ban Thường vụ - 2026-12-10"


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as file:
        return [name.removeprefix(f"{ROOT}/") for name in file.namelist()]


def text_of(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as file:
        whole = next(one for one in file.namelist() if one.partition("/")[2] == name)
        return file.read(whole).decode()


def words_of(page: str) -> str:
    """What a page says, without its look."""
    body = re.sub(r"(?s)<style>.*?</style>", "", page)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_bag_is_accepted_by_the_standards_library(official: Filed, tmp_path: Path) -> None:
    with zipfile.ZipFile(official.path) as file:
        assert file.testzip() is None
        file.extractall(tmp_path)
    [top] = tmp_path.iterdir()
    bag = bagit.Bag(str(top))
    assert bag.validate()
    assert bag.info["Internal-Sender-Identifier"] == "12/HS-TU"
    assert sorted(bag.algorithms) == ["sha256", "sha512"]


def test_the_same_log_gives_the_same_bytes(official: Filed, papers: Papers, tmp_path: Path) -> None:
    again = story.filed(tmp_path, story.filed_away(papers), papers)
    assert again.path.name == official.path.name
    assert again.path.read_bytes() == official.path.read_bytes()
    assert again.name == f"{ROOT}.zip"


def test_the_official_file_is_made_once(official: Filed, papers: Papers) -> None:
    before = official.path.stat()
    minutes = story.filed_away(papers)
    minutes.does(OFFICE, c.RevokeCard("anh"))
    again = story.filed(official.path.parent, minutes, papers)
    assert (again, again.path.stat()) == (official, before)


def test_a_kept_file_that_was_damaged_is_made_anew(papers: Papers, tmp_path: Path) -> None:
    minutes = story.filed_away(papers)
    first = story.filed(tmp_path, minutes, papers)
    whole = first.path.read_bytes()
    first.path.write_bytes(whole[:1000])
    assert story.filed(tmp_path, minutes, papers) == first
    assert first.path.read_bytes() == whole


def test_what_lies_where(official: Filed) -> None:
    pages = [f"data/{folder}" for folder in PAGES]
    sheets = [path.replace(".html", ".xlsx") for path in pages]
    annex = [f"data/99_Phu_luc_ky_thuat/{name}" for name in ANNEX]
    tags = ["00_DOC_TRUOC.html", "bag-info.txt", "bagit.txt"]
    tags += [f"{kind}-{how}.txt" for kind in ("manifest", "tagmanifest") for how in HASHES]
    everything = [*tags, "data/00_DOC_TRUOC.html", *pages, *sheets, *annex, *PAPERS]
    assert sorted(names(official.path)) == sorted(everything)


HASHES = ("sha256", "sha512")
PAGES = (
    "01_Chuong_trinh/chuong_trinh.html",
    "02_Danh_sach/danh_sach.html",
    "03_Diem_danh/diem_danh.html",
    "04_Tai_lieu/danh_muc.html",
    "05_Dien_bien/dien_bien.html",
    "06_Ban_ky/ban_ky.html",
)
ANNEX = (
    "README.txt",
    "kiem_tra.py",
    "nguoi_thuc_hien.json",
    "nhat_ky.jsonl",
    "nhat_ky_ma.txt",
    "tai_lieu.json",
    "tom_tat.json",
)
ITEM_1 = "data/04_Tai_lieu/02_Nội dung 1 - Tình hình KT-XH- năm 2026"
ITEM_2 = "data/04_Tai_lieu/03_Nội dung 2 - Dự thảo Nghị quyết về"
ITEM_7 = "data/04_Tai_lieu/05_Nội dung 7 - Công tác cán bộ"
PAPERS = (
    f"{ITEM_1}/01_186-BC-ĐU Báo cáo KT-XH, QP-AN năm 2026.pdf",
    f"{ITEM_2}/01_214-TTr-VPTU Tờ trình.pdf",
    f"{ITEM_2}/02_Dự thảo Nghị quyết (bản 1).pdf",
    f"{ITEM_2}/03_Dự thảo Nghị quyết (bản 2).pdf",
    f"{ITEM_7}/01_07-TTr-BTC Tờ trình về cán bộ.pdf",
    f"{ITEM_7}/02_Danh sách kèm theo.pdf",
    "data/04_Tai_lieu/99_Da_thu_hoi/01_97-BC-UBKTTU Kết quả kiểm tra, giám sát.html",
    "data/06_Ban_ky/01_Biên bản (đã ký).pdf",
)


def test_names_are_short_enough_for_windows_and_composed(official: Filed) -> None:
    with zipfile.ZipFile(official.path) as file:
        whole = file.namelist()
    assert max(map(len, whole)) <= 200
    assert [name for name in whole if unicodedata.normalize("NFC", name) != name] == []
    assert [name for name in whole if re.search(r'[<>:"\\|?*]|[ .]/|[ .]$', name)] == []


def test_the_first_page_says_what_it_is_and_opens_by_itself(official: Filed) -> None:
    page = text_of(official.path, "00_DOC_TRUOC.html")
    said = words_of(page)
    assert "Hồ sơ chính thức số 12/HS-TU" in said
    assert "Tiếp tục trên giấy" in said
    assert "Đủ số thành viên theo quy định." in said
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    below = {
        path.replace("data/", "", 1)
        for path in names(official.path)
        if path.startswith("data/04_") and path.endswith(".pdf")
    }
    inner = text_of(official.path, "data/00_DOC_TRUOC.html")
    for path in below:
        quoted = quote(path)
        assert f'href="data/{quoted}"' in page
        assert f'href="{quoted}"' in inner


def test_who_was_there_in_the_words_of_the_minutes(papers: Papers) -> None:
    record = read(story.linked(story.filed_away(papers).entries), ACCOUNTS)
    assert summary.voting(record) == (
        "Có mặt: 05 đồng chí (01 đồng chí đến lúc 09 giờ 10 phút; "
        "01 đồng chí về lúc 10 giờ 00 phút). "
        "Vắng mặt: 01 đồng chí (đồng chí Đặng Công Tráng, dự hội nghị do Bộ triệu tập)."
    )
    assert summary.others(record) == "Có mặt: 04 đồng chí. Vắng mặt: không."
    assert summary.guests(record) == "Có mặt: 01 đồng chí. Vắng mặt: không."


def test_a_correction_counts_and_what_it_mended_does_not(papers: Papers) -> None:
    minutes = story.held(papers)
    minutes.does("sec", c.CorrectAttendance("anh", "none", "nhầm người"))
    record = read(story.linked(minutes.entries), {})
    assert {one.seat.id: one.attended for one in record.presences() if one.seat.votes} == {
        "chair": True,
        "anh": False,
        "k": True,
        "trang": False,
        "dat": True,
        "hanh6": True,
    }
    assert "đồng chí Đoàn Thị Thục Anh, chưa điểm danh" in summary.voting(record)


def test_who_acted_for_the_office_is_named(papers: Papers) -> None:
    record = read(story.linked(story.filed_away(papers).entries), ACCOUNTS)
    said = {(one.what, one.who) for one in record.course}
    assert ("Khóa hồ sơ, số 12/HS-TU", "Trịnh Thị Lan (văn phòng)") in said
    assert ("Bế mạc", "Phạm Thị Thùy Dương (thay chủ trì)") in said
    assert ("Bế mạc", "Lương Minh Khải") in said


def test_only_those_of_the_office_who_acted_are_written_down(official: Filed) -> None:
    said = text_of(official.path, "data/99_Phu_luc_ky_thuat/nguoi_thuc_hien.json")
    assert said == '{\n "acc1": "Trịnh Thị Lan"\n}\n'


def test_which_page_was_shown_when_and_by_whom(papers: Papers) -> None:
    record = read(story.linked(story.filed_away(papers).entries), ACCOUNTS)
    clock, known = record.dial.clock, record.known
    assert [
        (clock(s.since), clock(s.until) if s.until else "", s.document, s.version, s.page, s.who)
        for s in record.showings
    ] == [
        ("07:51", "08:30", "d1", 1, 1, "Phạm Thị Thùy Dương"),
        ("08:31", "08:33", "d2", 1, 1, "Phạm Thị Thùy Dương"),
        ("08:33", "08:40", "d2", 1, 2, "Phạm Thị Thùy Dương"),
        ("08:40", "08:46", "d3", 1, 1, "Phạm Thị Thùy Dương"),
        ("08:46", "09:20", "d3", 2, 1, "Phạm Thị Thùy Dương"),
    ]
    assert known.paper("d3", 1) == "Dự thảo Nghị quyết (bản 1)"


def test_a_withdrawn_paper_is_a_note_with_hash_and_reason(official: Filed, papers: Papers) -> None:
    page = next(path for path in names(official.path) if "99_Da_thu_hoi" in path)
    said = words_of(text_of(official.path, page))
    gone = story.filed_away(papers).state.withdrawn["d4"]
    assert gone.document.sha256 in said
    assert "thu hồi sau hội nghị" in said
    assert "Đã hủy trên máy chủ." in said
    assert papers.of(gone.document.sha256).read_bytes() not in official.path.read_bytes()


def test_tables_are_sheets_too(official: Filed) -> None:
    with zipfile.ZipFile(official.path) as file:
        body = file.read(f"{ROOT}/data/03_Diem_danh/diem_danh.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    assert book.sheetnames == ["Điểm danh", "Các lần ghi"]
    rows = [[cell or "" for cell in row] for row in book["Điểm danh"].iter_rows(values_only=True)]
    who = [5, "Dương Hữu Đạt", "Chỉ huy trưởng Bộ CHQS tỉnh", "x"]
    stale = "Tự điểm danh, gõ bốn số trên màn hình phòng họp (mã cũ)"
    assert rows[7] == [*who, "Đến muộn", "09:10", "", stale, ""]


def test_what_a_person_wrote_is_never_a_formula_or_markup(papers: Papers, tmp_path: Path) -> None:
    minutes = story.prepared(papers)
    minutes.does(OFFICE, make.a_seat("bad", name='=1+1<b>"x"', post="<script>alert(1)</script>"))
    filed = story.filed(tmp_path, minutes, papers)
    page = text_of(filed.path, "data/02_Danh_sach/danh_sach.html")
    assert "<script>" not in page
    assert "=1+1&lt;b&gt;" in page
    with zipfile.ZipFile(filed.path) as file:
        sheet = next(name for name in file.namelist() if name.endswith("danh_sach.xlsx"))
        book = openpyxl.load_workbook(io.BytesIO(file.read(sheet)))
    cells = [cell for row in book["Danh sách"].iter_rows() for cell in row]
    assert [one.data_type for one in cells if str(one.value).startswith("=")] == ["s"]


def test_before_it_is_locked_it_is_provisional_and_does_not_stay(
    papers: Papers, tmp_path: Path
) -> None:
    filed = story.filed(tmp_path, story.held(papers), papers)
    said = words_of(text_of(filed.path, "00_DOC_TRUOC.html"))
    assert (filed.kept, filed.name) == (False, "Hồ sơ tạm - Ban Thường vụ - 2026-12-10.zip")
    assert "Hồ sơ tạm (chưa có biên bản)" in said
    story.shelf(tmp_path, papers)
    assert list(tmp_path.iterdir()) == []


def test_a_trial_says_so_everywhere(papers: Papers, tmp_path: Path) -> None:
    minutes = Minutes().office(make.a_meeting(trial=True), make.a_seat("chair", "chair"))
    filed = story.filed(tmp_path, minutes, papers)
    assert filed.name == "Chạy thử - Hồ sơ tạm - Ban Thường vụ - 2026-12-10.zip"
    with zipfile.ZipFile(filed.path) as file:
        pages = [name for name in file.namelist() if name.endswith(".html")]
        silent = [name for name in pages if "Chạy thử" not in words_of(file.read(name).decode())]
    assert silent == []


def test_a_meeting_that_was_only_created_has_a_file(papers: Papers, tmp_path: Path) -> None:
    filed = story.filed(tmp_path, Minutes().office(make.a_meeting()), papers)
    assert "Hội nghị chưa bế mạc" in words_of(text_of(filed.path, "00_DOC_TRUOC.html"))


def test_a_lost_paper_is_said_to_be_lost_and_the_file_does_not_stay(tmp_path: Path) -> None:
    own = Papers(tmp_path / "papers")
    minutes = story.filed_away(own)
    lost, wrong = minutes.state.documents["d2"], minutes.state.documents["d7"]
    whole = own.of(wrong.sha256).read_bytes()
    own.of(lost.sha256).unlink()
    own.of(wrong.sha256).write_bytes(b"%PDF-1.7 something else")
    filed = story.filed(tmp_path / "shelf", minutes, own)
    said = words_of(text_of(filed.path, "00_DOC_TRUOC.html"))
    assert "máy chủ không còn tệp của: Tờ trình; Tờ trình về cán bộ." in said
    assert not filed.kept
    own.of(wrong.sha256).write_bytes(whole)
    own.take(story.SUBMISSION.read_bytes())
    assert story.filed(tmp_path / "shelf", minutes, own).kept


def test_the_log_ends_where_the_file_was_locked(papers: Papers) -> None:
    minutes = story.filed_away(papers)
    locked = len(minutes.entries)
    minutes.does(OFFICE, c.RevokeCard("anh"))
    log = story.linked(minutes.entries)
    assert [len(until_locked(log)), len(log)] == [locked, locked + 2]
    assert len(wanted(log)) == 7


def test_a_line_of_the_log_is_what_its_hash_was_made_from(official: Filed) -> None:
    log = text_of(official.path, "data/99_Phu_luc_ky_thuat/nhat_ky.jsonl").split("\n")[:-1]
    said = text_of(official.path, "data/99_Phu_luc_ky_thuat/nhat_ky_ma.txt").split("\n")[:-1]
    previous, links = CHAIN_START, []
    for line in log:
        previous = hashlib.sha256(b"phien-log-1\n" + previous + line.encode()).digest()
        links.append(previous.hex())
    assert links == said


def test_every_fact_has_its_place_in_the_course_or_is_left_to_the_log() -> None:
    told = [set(course.SENTENCES), set(course.WHILE_ON), set(course.UNTOLD)]
    assert set.union(*told) == set(get_args(Fact))
    assert sum(map(len, told)) == len(get_args(Fact))


def test_a_meeting_of_a_thousand_entries_is_told_whole(papers: Papers) -> None:
    minutes = story.held(papers)
    first = minutes.entries[0]
    assert isinstance(first, Entry)
    assert link(CHAIN_START, first) == story.linked(minutes.entries)[0][1]
    minutes.at("11:31").does("sec", p.ReopenMeeting("tiếp"))
    minutes.does("sec", c.StartItem("i1"))
    for turn in range(1000):
        minutes.does("sec", make.page("d1", turn % 34 + 1))
    record = read(story.linked(minutes.entries), {})
    assert len(record.showings) == 1005
