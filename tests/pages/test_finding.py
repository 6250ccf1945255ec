"""Looking for words as Vietnamese is typed: what is the same, what comes first, where it stands."""

from __future__ import annotations

from array import array

import pytest

from meeting.pages import finding
from meeting.pages.finding import (
    HITS_MOST,
    LETTERS_KNOWN,
    PageText,
    bare,
    find,
    query_of,
    spoken,
    stood,
)


def page(*lines: str) -> PageText:
    """Each word is 100 wide and 50 high, each line a hundred below the one before."""
    words: list[str] = []
    boxes, starts = array("H"), array("H")
    for row, line in enumerate(lines):
        starts.append(len(words))
        for column, word in enumerate(line.split()):
            words.append(word)
            left, top = 100 * (column % 100), 100 * row
            boxes.extend((left, top, left + 90, top + 50))
    return PageText(" ".join(words), boxes, starts, array("H", [0][: len(words)]))


def found(typed: str, *lines: str) -> list[tuple[str, bool]]:
    query = query_of(typed)
    assert query is not None
    return [(hit.match, hit.exact) for hit in find(query, 1, page(*lines))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đường", "duong"),
        ("ĐƯỜNG", "đường"),
        ("kỹ thuật", "ki thuat"),
        ("Lý Tự Trọng", "li tu trong"),
        ("quý", "quí"),
        ("y tế", "i te"),
        ("hoà", "hòa"),
        ("“Nghị quyết” – 2026", '"nghi quyet" - 2026'),
        ("ẳẵặẳ ệểễ ợởỡ ựửữ ỵỷỹ", "aaaa eee ooo uuu iii"),
    ],
)
def test_the_same_without_marks_and_case(one: str, other: str) -> None:
    assert bare(one) == bare(other)


@pytest.mark.parametrize(("one", "other"), [("tay", "tai"), ("thúy", "thúi"), ("đậu", "đa")])
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert bare(one) != bare(other)


@pytest.mark.parametrize("text", ["İstanbul ẞ ﬁ ŉ ΐ", "a\u0301b", "🙂 số", "Ǆ…", ""])
def test_letter_for_letter_whatever_the_letters(text: str) -> None:
    assert len(bare(text)) == len(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("hoà bình", "hòa bình", True),
        ("thuỷ", "thủy", True),
        ("kỹ thuật", "kĩ thuật", True),
        ("KẾT LUẬN", "kết luận", True),
        ("hoa", "hòa", False),
        ("so", "số", False),
        ("dan", "đan", False),
    ],
)
def test_spoken_alike_however_spelled(one: str, other: str, same: bool) -> None:
    assert (spoken(one) == spoken(other)) is same


def test_hits_say_whether_their_marks_are_those_typed() -> None:
    lines = ("Chuyển đổi số", "chuyen doi so và CHUYỂN ĐỔI SỐ", "chuyện đổi sổ")
    assert found("chuyển đổi số", *lines) == [
        ("Chuyển đổi số", True),
        ("chuyen doi so", False),
        ("CHUYỂN ĐỔI SỐ", True),
        ("chuyện đổi sổ", False),
    ]
    assert found("chuyen doi so", *lines)[1] == ("chuyen doi so", True)


def test_a_hit_begins_where_a_word_begins_and_may_end_within_one() -> None:
    assert found("an", "ban an ninh toàn an") == [("an", True), ("an", True)]
    assert found("nghi quy", "Nghị quyết số 1") == [("Nghị quy", False)]
    assert found("TTr", "214-TTr/VPTU (TTr)") == [("TTr", True), ("TTr", True)]


def test_a_phrase_goes_on_in_the_next_line_and_has_a_box_on_each() -> None:
    query = query_of("các cơ quan đảng")
    assert query is not None
    (hit,) = find(query, 7, page("trong các cơ", "quan đảng và", "Mặt trận"))
    assert (hit.page, hit.boxes) == (7, ((100, 0, 290, 50), (0, 100, 190, 150)))
    assert (hit.before, hit.match, hit.after) == ("trong ", "các cơ quan đảng", " và Mặt trận")


def test_around_a_hit_stand_whole_words_and_not_too_many() -> None:
    words = " ".join(f"từ{n}" for n in range(100))
    query = query_of("từ50")
    assert query is not None
    (hit,) = find(query, 1, page(words))
    assert hit.before == "từ41 từ42 từ43 từ44 từ45 từ46 từ47 từ48 từ49 "
    assert hit.after == " từ51 từ52 từ53 từ54 từ55 từ56 từ57 từ58 từ59 từ60 từ61 từ62 từ63 từ64"


@pytest.mark.parametrize("typed", ["", " ", "a", " đ ", "--- …", "\u0301\u0301"])
def test_too_little_is_not_looked_for(typed: str) -> None:
    assert query_of(typed) is None


def test_what_is_typed_is_taken_apart_and_cut_to_what_is_sensible() -> None:
    query = query_of("  ki\u0300  " + "x" * 1000)
    assert query is not None
    assert (query.bare[:4], len(query.bare)) == ("ki x", 100)


def test_no_more_hits_of_a_page_than_can_be_looked_at() -> None:
    assert len(found("so", "số " * 1000)) == HITS_MOST


def test_a_place_turns_with_its_page() -> None:
    box = (1000, 2000, 3000, 2500)
    assert [stood(box, quarters) for quarters in range(4)] == [
        box,
        (7500, 1000, 8000, 3000),
        (7000, 7500, 9000, 8000),
        (2000, 7000, 2500, 9000),
    ]


def test_a_page_with_every_letter_there_is_fills_no_memory() -> None:
    letters = "".join(map(chr, range(0x10000, 0x10000 + 2 * LETTERS_KNOWN)))
    assert len(bare(letters)) == len(letters)
    assert len(finding._BARE) == LETTERS_KNOWN
    assert bare("Đường") == "duong"
