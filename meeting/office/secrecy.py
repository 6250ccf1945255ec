"""Whether a file is a secret paper, which may not come in: from its name, and from what is printed
on its first pages. Pure.

Certain is what the rules of protection prescribe: the stamp standing alone, and MAT as a word of
the file's name, as clerks write it. All else is at most one question to the secretary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Literal

from msgspec import Struct

from meeting.office.names import ENDING
from meeting.office.written import folded
from meeting.pages.printed import Box, Printed, PrintedLine, turned, upright
from meeting.protocol.secrecy import SecrecyQuestion

SCAN_WORDS: Final = 8
"""With fewer words than this a page that is mostly a picture is a scan, whatever the scanner wrote
on it.
"""
SCAN_SHARE: Final = 0.5
ALONE_EMS: Final = 1.5
"""Whatever stands nearer than this on the same line, in heights of the letters, belongs to it."""
PIECES_MOST: Final = 1000
"""Looked at on one page; the fullest table has fewer, a file made to hurt one for each letter."""
SPACED_EMS: Final = 4.0
"""Letters of one stamp are set apart no further than this."""

STAMPS: Final = {"MẬT": "MẬT", "TỐIMẬT": "TỐI MẬT", "TUYỆTMẬT": "TUYỆT MẬT"}

_OLD: Final = {
    "MËT": "MẬT", "TèIMËT": "TỐIMẬT", "TUYÖTMËT": "TUYỆTMẬT",
    "MAÄT": "MẬT", "TOÁIMAÄT": "TỐIMẬT", "TUYEÄTMAÄT": "TUYỆTMẬT",
    "TèI": "TỐI", "TUYÖT": "TUYỆT", "TOÁI": "TỐI", "TUYEÄT": "TUYỆT",
    "Ë": "Ậ", "AÄ": "Ậ",
}  # fmt: skip
"""How the same reads when it was written before Unicode, in TCVN3 and in VNI, with a font whose
name does not say so.
"""

_FIRST_WORDS: Final = frozenset({"TỐI", "TUYỆT"})
_BEFORE_CERTAIN: Final = frozenset({"BÍ", "BẢO", "THÂN", "CƠ", "NỘI", "CẨN", "TRÍCH"})
"""A line that ends so goes on in the next: BÍ | MẬT is a word that was broken, and no stamp."""

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_APART: Final = re.compile(r"\s{3,}|\t")

_NEXT: Final = frozenset(["tran", "do"])
"""After these words of a name it is mặt trận or mật độ, however it is written."""

_WORDS_NEXT: Final = frozenset(["ong", "khau", "ma", "thiet", "mia", "ngu", "gau"])
_WORDS_BEFORE: Final = frozenset(["bao", "than", "tui", "soi", "ong"])
"""mật ong, mật khẩu, mật mã, mật thiết; bảo mật, thân mật, túi mật."""

_BARE_NEXT: Final = _WORDS_NEXT | frozenset(
    ["bang", "duong", "nuoc", "dat", "cat", "hang", "troi", "phang", "san"]
)
_BARE_BEFORE: Final = _WORDS_BEFORE | frozenset(["tien", "co", "vang", "ra", "be", "nuoc", "guong"])
"""Without accents also: mặt bằng, mặt đường, mặt hàng; tiền mặt, có mặt, vắng mặt, bề mặt."""

_DOUBTFUL_NEXT: Final = frozenset(
    ["an", "mua", "rung", "can", "cong", "gia", "vo", "trai", "tien", "truoc", "sau", "ngoai"]
)  # fmt: skip
_DOUBTFUL_BEFORE: Final = frozenset(
    ["bi", "bo", "hai", "gap", "ben", "len", "nghi", "soc", "kham", "benh"]
)  # fmt: skip
"""bí mật; mất an toàn, bộ mặt, gặp mặt, nghỉ mát, khám mắt: somebody is asked."""

Reason = Literal["name", "stamp"]


class Certain(Struct, frozen=True):
    """The file is refused. `said` is the word or stamp; of a stamp also its page and where on it,
    as shares of width and height from the top left.
    """

    reason: Reason
    said: str
    page: int = 0
    box: Box = (0.0, 0.0, 0.0, 0.0)


class Asked(Struct, frozen=True):
    """Somebody has to say that it is no secret paper. `page` is 0 where the name gives rise."""

    question: SecrecyQuestion
    page: int = 0


def judge(names: Sequence[str], pages: Sequence[Printed]) -> Certain | Asked | None:
    """What stands in the way of taking a file in, if anything.

    Args:
        names: of the file, or of all that become one paper; with the folders they lay in.
        pages: the first pages, as far as they were read.
    """
    found = [*_of_names(names), *_of_pages(pages)]
    certain = [one for one in found if isinstance(one, Certain)]
    # A stamp says more than a name: it is shown where it stands.
    certain.sort(key=lambda one: one.reason != "stamp")
    return next(iter([*certain, *found]), None)


def by_names(names: Sequence[str]) -> Certain | None:
    """What is certain by the names alone, of a file that nobody can look into."""
    return next((one for one in _of_names(names) if isinstance(one, Certain)), None)


def _of_names(names: Iterable[str]) -> Iterator[Certain | Asked]:
    for name in names:
        *folders, last = re.split(r"[/\\]", unicodedata.normalize("NFC", name)) or [""]
        last = ENDING.sub("", last)
        yield from _of_words(_LETTERS.findall(last))
        for part in folders:
            if any(isinstance(one, Certain) for one in _of_words(_LETTERS.findall(part))):
                yield Asked("folder")
        humps = [word for run in _LETTERS.findall(last) for word in _humps(run)]
        if any(isinstance(one, Certain) for one in _of_words(humps)):
            yield Asked("name")


def _humps(run: str) -> list[str]:
    """The words of a run that only capitals tell apart: BaoCaoMat."""
    starts = [at for at in range(1, len(run)) if run[at - 1].islower() and run[at].isupper()]
    return [run[start:end] for start, end in zip([0, *starts], [*starts, len(run)], strict=True)]


def _of_words(words: Sequence[str]) -> Iterator[Certain | Asked]:
    """What the words of a name say, in whatever case and with or without accents."""
    bare = [folded(word) for word in words]
    for at, word in enumerate(words):
        if word.casefold() not in ("mật", "mat"):  # mặt, mất, mắt and mát are other words
            continue
        before, after = bare[at - 1] if at else "", bare[at + 1] if at + 1 < len(bare) else ""
        accented = word.casefold() == "mật"
        near = [*words[max(0, at - 1) : at], *words[at + 1 : at + 2]]
        shouted = word.isupper() and any(not one.isupper() for one in near)
        if after in _NEXT:
            continue
        if before == "bi" or _doubtful(before, after, doubted=not (accented or shouted)):
            yield Asked("words")
        elif shouted or not _harmless(before, after, accented=accented):
            said = f"{words[at - 1]} {word}" if before in ("toi", "tuyet") else word
            yield Certain("name", said)


def _harmless(before: str, after: str, *, accented: bool) -> bool:
    if accented:
        return after in _WORDS_NEXT or before in _WORDS_BEFORE
    return after in _BARE_NEXT or before in _BARE_BEFORE


def _doubtful(before: str, after: str, *, doubted: bool) -> bool:
    return doubted and (after in _DOUBTFUL_NEXT or before in _DOUBTFUL_BEFORE)


def _of_pages(pages: Sequence[Printed]) -> Iterator[Certain | Asked]:
    for page in pages:
        yield from _of_lines(page)
    if not pages:
        yield Asked("scan")
    for page in pages:
        if _without_words(page, first=page is pages[0]):
            yield Asked("scan", page.page)


def _without_words(page: Printed, *, first: bool) -> bool:
    words = [word for line in page.lines for word in re.findall(r"\w+", line.text)]
    if page.pictured > SCAN_SHARE:
        return len(words) < SCAN_WORDS
    return first and not words


def _of_lines(page: Printed) -> Iterator[Certain | Asked]:
    for lying, turn in upright(page):
        yield from _of_upright(lying, turn)


def _of_upright(page: Printed, turn: int) -> Iterator[Certain | Asked]:
    """Of a page that is turned back by so many quarters where a place on it is told."""
    pieces = list(islice((one for line in page.lines for one in _pieces(line)), PIECES_MOST))
    for run, alone in _runs(pieces, page.shape):
        stamp = STAMPS.get("".join(_letters(one) for one in run), "")
        if stamp and not alone:
            yield Asked("stamp", page.page)
        elif stamp:
            first = _above(pieces, run) if stamp == "MẬT" else None
            before = _letters(first) if first else ""
            if before in _FIRST_WORDS and first is not None:
                run, stamp = [first, *run], f"{before} {stamp}"
            if first is not None and _last_word(first) in _BEFORE_CERTAIN:
                yield Asked("stamp", page.page)
            else:
                yield Certain("stamp", stamp, page.page, turned(_around(run), turn))
    for piece in pieces:
        if _mentions(piece):
            yield Asked("stamp", page.page)


def _pieces(line: PrintedLine) -> Iterator[PrintedLine]:
    """A line, or its parts where a wide gap was typed into it."""
    text = line.text
    left, top, right, bottom = line.box
    at = 0
    for gap in [*_APART.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if part := text[at:end].strip():
            share = (right - left) / max(1, len(text))
            box = (left + share * at, top, left + share * end, bottom)
            yield PrintedLine(part, line.bold, box)
        at = gap.end() if gap else end


def _runs(pieces: Sequence[PrintedLine], shape: float) -> Iterator[tuple[list[PrintedLine], bool]]:
    """Pieces that may be one stamp, its letters set apart or not, and whether nothing stands
    beside them.
    """

    def ems(one: PrintedLine, other: PrintedLine) -> float:
        """The gap between them in heights of the letters."""
        height = min(one.box[3] - one.box[1], other.box[3] - other.box[1])
        return (other.box[0] - one.box[2]) / (max(1e-6, height) * shape)

    for row in _rows(pieces):
        for start in range(len(row)):
            run: list[PrintedLine] = []
            for end in range(start, min(len(row), start + len("TUYỆTMẬT"))):
                if len(row[end].text) > len("- T U Y Ệ T  M Ậ T -") + 4:
                    break
                if run and ems(run[-1], row[end]) > SPACED_EMS:
                    break
                run = [*run, row[end]]
                before = row[start - 1] if start else None
                after = row[end + 1] if end + 1 < len(row) else None
                near = (before and ems(before, run[0]) < ALONE_EMS) or (
                    after and ems(run[-1], after) < ALONE_EMS
                )
                yield run, not near


def _rows(pieces: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """Pieces that stand on one line of the page, from left to right."""
    rows: list[list[PrintedLine]] = []
    for piece in sorted(pieces, key=lambda one: (one.box[1] + one.box[3], one.box[0])):
        middle = (piece.box[1] + piece.box[3]) / 2
        last = rows[-1][0].box if rows else None
        if last and last[1] < middle < last[3]:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _above(pieces: Sequence[PrintedLine], run: Sequence[PrintedLine]) -> PrintedLine | None:
    """The line right above these pieces, or the piece right before them."""
    left, top, right, bottom = _around(run)
    height = bottom - top
    near = [
        one
        for one in pieces
        if one not in run
        and one.box[0] < right
        and one.box[2] > left - height
        and -height < top - one.box[3] < 1.2 * height
        and one.box[1] < top
    ]
    return max(near, key=lambda one: one.box[3], default=None)


def _around(run: Sequence[PrintedLine]) -> Box:
    return (
        min(one.box[0] for one in run),
        min(one.box[1] for one in run),
        max(one.box[2] for one in run),
        max(one.box[3] for one in run),
    )


def _letters(piece: PrintedLine) -> str:
    """The letters of a piece in capitals without what frames them; "" where they are no capitals
    or too much else is there.
    """
    text = unicodedata.normalize("NFC", piece.text)
    if re.search(r"[\d,;?%/]", text) or len(text) > 40:
        return ""
    letters = "".join(_LETTERS.findall(text))
    return _OLD.get(letters) or (letters if letters.isupper() else "")


def _last_word(piece: PrintedLine) -> str:
    words = _LETTERS.findall(unicodedata.normalize("NFC", piece.text))
    return words[-1].upper() if words else ""


def _mentions(piece: PrintedLine) -> bool:
    """Whether a line speaks of secrecy as a stamp does, though it is none: ĐỘ MẬT: TỐI MẬT."""
    words = _LETTERS.findall(unicodedata.normalize("NFC", piece.text))
    shown = " ".join(words)
    if shown.casefold() in ("mật", "tối mật", "tuyệt mật"):
        return not shown.isupper()
    for at, word in enumerate(words):
        if word.casefold() != "mật":
            continue
        before = words[at - 1].casefold() if at else ""
        after = words[at + 1].casefold() if at + 1 < len(words) else ""
        if before in ("tối", "tuyệt") or (before == "độ" and after != "độ"):
            return True
        if word == "MẬT" and folded(after) not in _NEXT | _WORDS_NEXT:
            return folded(before) not in _WORDS_BEFORE
    return False
