"""Fonts from before Unicode: every Vietnamese letter in both encodings, and what is left alone."""

from __future__ import annotations

import unicodedata
from typing import Final

import pytest

from meeting.sandbox.fonts import converter, tcvn3, tcvn3_capitals, vni

ROWS: Final = """
a  61 a   á  B8 aù  à  B5 aø  ả  B6 aû  ã  B7 aõ  ạ  B9 aï
ă  A8 aê  ắ  BE aé  ằ  BB aè  ẳ  BC aú  ẵ  BD aü  ặ  C6 aë
â  A9 aâ  ấ  CA aá  ầ  C7 aà  ẩ  C8 aå  ẫ  C9 aã  ậ  CB aä
e  65 e   é  D0 eù  è  CC eø  ẻ  CE eû  ẽ  CF eõ  ẹ  D1 eï
ê  AA eâ  ế  D5 eá  ề  D2 eà  ể  D3 eå  ễ  D4 eã  ệ  D6 eä
i  69 i   í  DD í   ì  D7 ì   ỉ  D8 æ   ĩ  DC ó   ị  DE ò
o  6F o   ó  E3 où  ò  DF oø  ỏ  E1 oû  õ  E2 oõ  ọ  E4 oï
ô  AB oâ  ố  E8 oá  ồ  E5 oà  ổ  E6 oå  ỗ  E7 oã  ộ  E9 oä
ơ  AC ô   ớ  ED ôù  ờ  EA ôø  ở  EB ôû  ỡ  EC ôõ  ợ  EE ôï
u  75 u   ú  F3 uù  ù  EF uø  ủ  F1 uû  ũ  F2 uõ  ụ  F4 uï
ư  AD ö   ứ  F8 öù  ừ  F5 öø  ử  F6 öû  ữ  F7 öõ  ự  F9 öï
y  79 y   ý  FD yù  ỳ  FA yø  ỷ  FB yû  ỹ  FC yõ  ỵ  FE î
đ  AE ñ
"""
"""Each letter, its code in TCVN 5712:1993 as glibc's `iconv` has it, and how VNI writes it."""

CELLS: Final = ROWS.split()
LETTERS: Final = [tuple(CELLS[at : at + 3]) for at in range(0, len(CELLS), 3)]
CAPITAL_CODES: Final = {"Ă": "A1", "Â": "A2", "Ê": "A3", "Ô": "A4", "Ơ": "A5", "Ư": "A6", "Đ": "A7"}


def in_tcvn3(text: str) -> str:
    """Small letters, as they were typed."""
    return text.translate({ord(letter): int(code, 16) for letter, code, _ in LETTERS})


def in_vni(text: str) -> str:
    pairs = {letter: pair for letter, _, pair in LETTERS}
    pairs |= {letter.upper(): pair.upper() for letter, pair in pairs.items()}
    return "".join(pairs.get(letter, letter) for letter in text)


def test_the_table_has_every_letter_with_marks_once() -> None:
    letters = [letter for letter, _, _ in LETTERS]
    assert (len(letters), len(set(letters))) == (73, 73)
    assert {unicodedata.normalize("NFC", letter) for letter in letters} == set(letters)


@pytest.mark.parametrize(("letter", "code", "_"), LETTERS)
def test_every_letter_of_tcvn3(letter: str, code: str, _: str) -> None:
    assert tcvn3(chr(int(code, 16))) == letter


@pytest.mark.parametrize(("letter", "code", "_"), LETTERS)
def test_every_capital_of_tcvn3_is_the_small_ones_code_in_a_font_of_capitals(
    letter: str, code: str, _: str
) -> None:
    assert tcvn3_capitals(chr(int(code, 16))) == letter.upper()


@pytest.mark.parametrize(("capital", "code"), CAPITAL_CODES.items())
def test_capitals_without_a_tone_have_codes_of_their_own(capital: str, code: str) -> None:
    assert tcvn3(chr(int(code, 16))) == capital


@pytest.mark.parametrize(("letter", "_", "pair"), LETTERS)
def test_every_letter_of_vni_small_and_capital(letter: str, _: str, pair: str) -> None:
    assert vni(pair) == letter
    assert vni(pair.upper()) == letter.upper()


def test_sentences_as_they_stand_in_old_papers() -> None:
    assert tcvn3("Céng hoµ x· héi chñ nghÜa ViÖt Nam") == "Cộng hoà xã hội chủ nghĩa Việt Nam"
    assert tcvn3_capitals("ñy ban nh©n d©n tØnh") == "ỦY BAN NHÂN DÂN TỈNH"
    assert vni("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam") == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert vni("ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC") == "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("tr-êng", "trường"),
        ("nh- vËy", "như vậy"),
        ("ch-¬ng tr×nh", "chương trình"),
        ("-u tiªn", "ưu tiên"),
        ("-íc tÝnh", "ước tính"),
        ("gi-êng", "giường"),
        ("®-îc", "được"),
        ("214-TTr/VPTU", "214-TTr/VPTU"),
        ("2021-2025", "2021-2025"),
        ("- Nªu", "- Nêu"),
        ("-Nªu", "-Nêu"),
        ("kinh tÕ-x· héi", "kinh tế-xã hội"),
        ("TØnh- huyÖn", "Tỉnh- huyện"),
        ("Q§-UBND", "QĐ-UBND"),
    ],
)
def test_the_letter_that_reads_as_a_hyphen_is_told_from_hyphens(printed: str, text: str) -> None:
    assert tcvn3(printed) == text


def test_a_font_of_capitals_tells_it_too() -> None:
    assert tcvn3_capitals("TR-êNG thpt") == "TRƯỜNG THPT"
    assert tcvn3_capitals("®¹i t-íng") == "ĐẠI TƯỚNG"


def test_codes_in_the_private_corner_of_a_symbol_font_are_read() -> None:
    hidden = "".join(chr(0xF000 + ord(letter)) for letter in "Céng hoµ")
    assert tcvn3(hidden) == "Cộng hoà"


def test_what_is_unicode_already_is_left_alone() -> None:
    for text in ("Độc lập – Tự do", "Ủy ban", "ưu tiên -"):
        assert (tcvn3(text), vni(text)) == (text, text)


@pytest.mark.parametrize(
    ("font", "wanted"),
    [
        (".VnTime", tcvn3),
        ("ABCDEF+.VnTime,Bold", tcvn3),
        (".VnTimeH", tcvn3_capitals),
        (".VnTimeH,Bold", tcvn3_capitals),
        (".VnArialH-BoldItalic", tcvn3_capitals),
        (".VnArial NarrowH", tcvn3_capitals),
        (".VnCentury Schoolbook", tcvn3),
        ("VnTime", tcvn3),
        ("VNI-Times", vni),
        ("XYZABC+VNI-Helve-Bold", vni),
        ("Times New Roman", None),
        ("SVN-Times New Roman", None),
        ("BeVietnamPro-Regular", None),
        ("Helvetica", None),
        ("VnTimesNewRoman", None),
        ("", None),
    ],
)
def test_a_font_is_known_by_its_name(font: str, wanted: object) -> None:
    assert converter(font) is wanted
