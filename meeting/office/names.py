"""What a paper is likely to be: from the name of its file, and from the head of its first page.

The page knows number and title best, the file's name the item.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from meeting.office.written import folded, plain
from meeting.pages.printed import Printed, PrintedLine, upright

NAME_MOST: Final = 400
TITLE_MOST: Final = 300
ITEM_MOST: Final = 99
"""A larger number at a name's beginning is a document's, or a year."""

_KINDS: Final = (
    "báo cáo", "tờ trình", "thông báo", "nghị quyết", "kế hoạch", "kết luận", "chỉ thị",
    "quyết định", "hướng dẫn", "chương trình", "đề án", "phương án", "quy chế", "quy định",
    "biên bản", "giấy mời", "đề cương", "phụ lục", "công văn", "danh sách", "dự án", "quy hoạch",
    "báo cáo tóm tắt", "bản giải trình", "bài phát biểu", "lời khai mạc", "lời bế mạc",
    "thông báo kết luận", "đề cương tuyên truyền", "biểu số liệu", "tài liệu", "hợp đồng",
    "giấy giới thiệu", "thư mời", "công điện", "thông cáo", "thông tri", "tuyên bố", "lời kêu gọi",
)  # fmt: skip
_CODES: Final = (
    "bc", "ttr", "tb", "nq", "kh", "kl", "ct", "qd", "hd", "ctr", "da", "pa", "qc", "qyd", "bb",
    "gm", "cv", "dc", "tc", "tt", "qdi", "bcth", "to trinh",
)  # fmt: skip
"""What stands between number and issuer, folded: 214-TTr/VPTU."""

_OFFICES: Final = (
    "Ban Thường vụ", "Ban Chấp hành", "Ban Thường trực", "Tỉnh ủy", "Thành ủy", "Đảng ủy",
    "Đảng bộ", "Bộ Chính trị", "Ban Bí thư", "Trung ương", "Ủy ban nhân dân", "UBND", "HĐND",
    "Hội đồng nhân dân", "Mặt trận Tổ quốc", "MTTQ", "Việt Nam", "Đảng Cộng sản", "Quốc hội",
    "Chính phủ", "Ủy ban Kiểm tra", "Ban Tổ chức", "Ban Nội chính", "Ban Tuyên giáo và Dân vận",
)  # fmt: skip

ENDING: Final = re.compile(
    r"\.(?:pdf|docx?|docm|rtf|odt|xlsx?|xlsm|ods|csv|pptx?|ppsx?|odp|jpe?g|png|heic)$", re.I
)
"""What says of which kind a file is."""

_ITEM: Final = re.compile(
    r"(?:nội\s*dung|noi\s*dung|nv|nd|mục|muc|item)[\s_.-]*(?:số|so|thứ|thu)?[\s_.-]*(\d{1,2})"
    r"(?:[._](\d{1,2}))?(?!\d)[\s_.:)–-]*",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(r"(\d{1,2})(?:[._](\d{1,2}))?(?:[\s_.:)–-]+|$)(?!\d{4})")
_NUMBER_IN_NAME: Final = re.compile(
    r"(?<![^\W_])(\d{1,5})\s*[-_ ]\s*([^\W\d_]{2,4})\s*[-_/]\s*([^\W\d_][^\W_]*(?:-[^\W_]+)*)"
)
_DAY: Final = re.compile(
    r"(?:20\d{2}[-_. ]?[01]\d[-_. ]?[0-3]\d|[0-3]?\d[-_.][01]?\d[-_.]20\d{2})[-_. ]*"
)
_STAMP: Final = re.compile(r"[\s_-]*(?:\(\d+\)|copy|final|chinh thuc|signed|da ky|ban cuoi)$", re.I)

_SERIAL: Final = re.compile(
    r"S[ốôo]\u0301?\s*[:.]?\s*(\d{1,5}[a-z]?)\s*(?:([-–])\s*([^\W\d_]{1,5})\s*/|(/)\s*([^\W\d_]{1,5})\s*[-–])"
    r"\s*([^\W\d_][^\W_]*(?:\s?[-–&]\s?[^\W_]+)*)"
)
_YEARED: Final = re.compile(r"Số\s*[:.]?\s*(\d{1,5})\s*/\s*((?:19|20)\d\d)\s*/\s*([^\W\d_][\w-]*)")
_DRAFT: Final = re.compile(
    r"\(?\s*dự thảo(?:\s+(?:lần\s*(?:thứ\s*)?(\d{1,2})))?\b.*", re.IGNORECASE
)
_STOPS: Final = re.compile(
    r"(kính gửi|căn cứ|thực hiện|nơi nhận|số\s*[:.]|[-–—_=*\s]+$|[IVX]+[-.)\s]|\d{1,2}[.)]|[a-zđ]\)"
    r"|phần thứ|chương [ivx\d]|điều \d|mục lục|trang \d)",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(r"\(?\s*(?:v/v|về việc)\s*[:.]?\s*(.*)", re.IGNORECASE)
_PLACE_AND_DAY: Final = re.compile(r"^.{0,40},?\s*ngày\s.{0,20}tháng", re.IGNORECASE)
_HEAD: Final = 45
"""So many lines are the head of a page."""


class Said(Struct, frozen=True):
    """What a name or a page says; "" where it says nothing. `item` is an item's number."""

    item: str = ""
    number: str = ""
    title: str = ""


def by_file(name: str) -> Said:
    """What the name of a file says, with or without the folders it lay in."""
    parts = re.split(r"[/\\]", name[-NAME_MOST:])
    *folders, last = [plain(part) for part in parts if part.strip()] or [""]
    stem = _DAY.sub("", ENDING.sub("", last), count=1)
    item, rest = _item_of(stem)
    number = ""
    if found := _NUMBER_IN_NAME.search(rest):
        kind = folded(found[2])
        if kind in _CODES:
            number = f"{found[1]}-{_code(found[2])}/{_issuer(found[3])}"
            before = re.sub(r"(?<![^\W_])s[oố][\s_.:]*$", "", rest[: found.start()], flags=re.I)
            rest = f"{before} {rest[found.end() :]}"
    if not item:
        item = next((known for part in reversed(folders) if (known := _item_of(part)[0])), "")
    return Said(item, number, _title_of(rest))


def by_first_page(pages: Sequence[Printed]) -> Said:
    """Number and title as official papers print them at their head.

    Args:
        pages: the first pages, as far as they were read.
    """
    ways = [page.lines for page, _ in upright(pages[0])] if pages else []
    lines = max(ways, key=len, default=())[:_HEAD]
    head = [PrintedLine(text, line.bold) for line in lines if (text := plain(line.text))]
    return Said(number=_serial(head), title=_heading(head)[:TITLE_MOST])


def together(file: Said, page: Said) -> Said:
    """The page's number and title, else the file's; the item the file's name says."""
    return Said(file.item, page.number or file.number, page.title or file.title)


def _item_of(stem: str) -> tuple[str, str]:
    """The number of the item a name begins with, and the rest of the name."""
    for begins in (_ITEM, _LEADING):
        found = begins.match(stem)
        if found is None or (begins is _LEADING and _coded(stem)):
            continue
        number = int(found[1])
        if number <= ITEM_MOST:
            return str(number), stem[found.end() :]
    return "", stem


def _coded(stem: str) -> bool:
    found = _NUMBER_IN_NAME.match(stem)
    return found is not None and folded(found[2]) in _CODES


def _code(written: str) -> str:
    """A kind's code as it is printed: TTr, QĐ; whatever case the file's name has."""
    known = {"ttr": "TTr", "ctr": "CTr", "qd": "QĐ", "da": "ĐA", "dc": "ĐC", "qyd": "QyĐ",
             "qdi": "QĐi"}  # fmt: skip
    if any(letter in "Đđ" for letter in written):
        return written.upper() if written.islower() else written
    return known.get(folded(written), written.upper())


def _issuer(written: str) -> str:
    return written if not written.islower() else written.upper()


def _title_of(rest: str) -> str:
    said = _STAMP.sub("", rest)
    said = re.sub(r"[_]+|(?<=\w)-(?=\w)", " ", said)
    said = plain(re.sub(r"\s{2,}", " ", said)).strip(" -–—_.,")
    return _capital(said)[:TITLE_MOST]


def _serial(head: Sequence[PrintedLine]) -> str:
    """Số ký hiệu: with whatever spaces, and as 214-TTr/VPTU or 12/BC-UBND; else which draft."""
    for line in head:
        # A number in the middle of a sentence is another paper's.
        for start in [0, *(gap.end() for gap in re.finditer(r"\s{2,}|\t", line.text))]:
            if found := _YEARED.match(line.text, start):
                return f"{found[1]}/{found[2]}/{found[3]}"
            if found := _SERIAL.match(line.text, start):
                issuer = re.sub(r"\s", "", found[6])
                if found[2]:
                    return f"{found[1]}-{found[3]}/{issuer}"
                return f"{found[1]}/{found[5]}-{issuer}"
    for line in head[:15]:
        if found := _DRAFT.fullmatch(line.text):
            return f"Dự thảo lần {int(found[1])}" if found[1] else "Dự thảo"
    return ""


def _heading(head: Sequence[PrintedLine]) -> str:
    """The kind of paper and what it is about, put together as one would say it."""
    for place, line in enumerate(head):
        kind = _kind(line.text)
        if kind is not None:
            about = _about(head[place + 1 :], bold=line.bold)
            return f"{_capital(kind)} {about}".strip() if about else _capital(kind)
    for place, line in enumerate(head):
        if found := _ABOUT.match(line.text):
            more = _about(head[place + 1 :], bold=line.bold, most=2)
            return _capital(_sentence(f"{found[1]} {more}".strip(" )")))
    return ""


def _kind(text: str) -> str | None:
    """The kind of paper this line names in capitals, with what else stands in it, in small ones."""
    if not text.isupper() or not (said := plain(text).strip(" *.:-")):
        return None
    small = said.lower()
    if any(small == kind or small.startswith(f"{kind} ") for kind in _KINDS):
        return _sentence(said)
    return None


def _about(lines: Sequence[PrintedLine], *, bold: bool, most: int = 5) -> str:
    """What follows the kind: the lines printed alike, up to what begins the text itself."""
    taken: list[str] = []
    for line in lines[:most]:
        text = line.text.strip()
        if _STOPS.match(text) or _PLACE_AND_DAY.match(text) or (bold and not line.bold):
            break
        if taken and text.isupper() and not taken[0].isupper():
            break
        taken.append(text)
        if text.endswith((".", ":")):
            break
        if not bold and len(" ".join(taken)) > 160:
            break
    about = _sentence(" ".join(taken).strip(" .:;*-_"))
    return about[:1].lower() + about[1:] if _ABOUT.match(about) else about


def _sentence(text: str) -> str:
    """Capitals throughout become small ones, but for the names of offices; short words may be."""
    if not text.isupper() or len(text) < 7:
        return text
    small = text.lower()
    for name in _OFFICES:
        small = re.sub(rf"(?<!\w){name.lower()}(?!\w)", name, small)
    return small


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
