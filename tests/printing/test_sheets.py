"""Cards, the desk's sheet and the attendance sheet, read back from the PDFs that are printed."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from typing import Any

import pymupdf
import pytest
import zxingcpp
from PIL import Image

from meeting import qr
from meeting.errors import Refused
from meeting.printing import sheets
from meeting.printing.press import Job, Press
from meeting.printing.prints import Prints
from meeting.protocol import commands as c
from meeting.rules.state import MeetingState
from tests.helpers import make
from tests.printing.conftest import (
    NOW,
    SAMPLE,
    URL,
    Desk,
    laid_down,
    pages_of,
    the_sample,
    ways_of,
)

mupdf: Any = pymupdf

PASSWORD: str = SAMPLE["office"]["wifi_password"]

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VOWELS = "aăâeêioôơuưy"
MARKED = [
    letter
    for small in ("đ", *(unicodedata.normalize("NFC", v + tone) for v in VOWELS for tone in TONES))
    for letter in (small, small.upper())
    if small not in "aeiouy"
]
"""The 134 letters of Vietnamese that a typeface for English lacks."""


def on_roll(state: MeetingState) -> list[str]:
    return [seat.id for seat in state.seats.values() if seat.on_roll]


def read_codes(pdf: bytes, page: int) -> list[str]:
    """What a phone reads off a printed page."""
    picture = mupdf.open(stream=pdf)[page].get_pixmap(dpi=200)
    image = Image.open(io.BytesIO(picture.tobytes("png")))
    return sorted(found.text for found in zxingcpp.read_barcodes(image))


async def printed(job: Job) -> bytes:
    return await Press().set(job)


async def cards_of(state: MeetingState, url: str = URL, password: str = PASSWORD) -> bytes:
    return await printed(sheets.cards(state, ways_of(state), url, NOW, password))


def quarters(pdf: bytes) -> list[str]:
    """The text of each card, by its place on the sheets."""
    opened = mupdf.open(stream=pdf)
    found = []
    for page in opened:
        middle = mupdf.Point(page.rect.width / 2, page.rect.height / 2)
        for top in (0, middle.y):
            for left in (0, middle.x):
                card = mupdf.Rect(left, top, left + middle.x, top + middle.y)
                found.append(" ".join(page.get_text(clip=card).split()))
    return [text for text in found if text]


async def test_every_person_has_a_card_with_everything_needed_to_come_in() -> None:
    state = the_sample()
    ways = ways_of(state)

    cards = quarters(await cards_of(state))

    people = sheets.people(state)
    assert len(cards) == len(people) == 36
    for seat, card in zip(people, cards, strict=True):
        wanted = [
            "Văn phòng Tỉnh ủy Thanh Giang",
            "Hội nghị Ban Thường vụ Tỉnh ủy (mở rộng), tháng 12/2026",
            "07:30, Thứ Năm 10/12/2026",
            "Phòng họp A, Văn phòng Tỉnh ủy",
            seat.name,
            seat.post,
            "1 Vào Wi-Fi",
            "HOP-TINHUY",
            "thanhgiang26",
            "2 Vào họp",
            "192.168.1.105",
            ways[seat.id].spaced,
            "Cần giúp: chị Thùy Dương 0271 555 0148",
        ]
        assert [said for said in wanted if said not in card] == [], card


async def test_phones_read_the_wifi_and_the_personal_link_off_a_card() -> None:
    state = the_sample()
    people, ways = sheets.people(state), ways_of(state)
    pdf = await cards_of(state)

    wifi = qr.wifi_text("HOP-TINHUY", "thanhgiang26")
    assert [read_codes(pdf, page) for page in (0, 8)] == [
        sorted([wifi] * 4 + [ways[seat.id].link for seat in four])
        for four in (people[:4], people[32:])
    ]


async def test_cards_stand_in_protocol_order_and_say_what_guests_come_for() -> None:
    state = the_sample()

    cards = quarters(await cards_of(state))

    names = [seat.name for seat in sheets.people(state)]
    assert [name in card for name, card in zip(names, cards, strict=True)] == [True] * 36
    assert names[0] == "Lương Minh Khải"
    assert names[25] == "Nguyễn Văn Hoà"
    assert "Dự nội dung 1, dự kiến 07:45" in cards[25]
    assert [card for card in cards[:25] if "Dự nội dung" in card] == []


async def test_a_revoked_card_is_not_printed_and_the_sheet_of_codes_says_so() -> None:
    state = the_sample(c.RevokeCard("s2"))
    ways = ways_of(state)

    cards = quarters(await cards_of(state))
    pages = pages_of(await printed(sheets.codes(state, ways, NOW)))

    assert len(cards) == 35
    assert [card for card in cards if "Đoàn Thị Thục Anh" in card] == []
    assert "Đoàn Thị Thục Anh Phó Bí thư Thường trực, Chủ tịch HĐND tỉnh thẻ đã thu hồi" in pages[0]


async def test_a_trial_is_marked_on_every_card() -> None:
    cards = quarters(await cards_of(the_sample(trial=True, trial_of="real")))

    assert [card for card in cards if "CHẠY THỬ" not in card] == []


async def test_without_wifi_the_first_step_still_stands() -> None:
    state = the_sample(wifi_name="")
    pdf = await cards_of(state)
    links = sorted(ways_of(state)[seat.id].link for seat in sheets.people(state)[:4])

    assert "1 Vào Wi-Fi Chọn Wi-Fi của phòng họp." in quarters(pdf)[0]
    assert read_codes(pdf, 0) == links


LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Thảo Ngọc Bích Thủy Tiên"
LONG_POST = "Ủy viên Ban Thường vụ Tỉnh ủy, Phó Bí thư Thường trực Đảng ủy, " * 4


async def test_what_is_long_gets_smaller_and_stays_on_its_card() -> None:
    long = make.a_seat("long", name=LONG_NAME, post=LONG_POST)
    state = the_sample(
        long,
        title="Hội nghị Ban Chấp hành Đảng bộ tỉnh lần thứ mười hai (mở rộng) " * 3,
        place="Hội trường lớn, Trung tâm Hội nghị tỉnh, phường Thanh Giang, " * 2,
        wifi_name="MANG-HOP-TINH-UY-THANH-GIANG-TANG-3",
    )

    password = "mat-khau-rat-dai-de-thu-xem-sao-2026"
    cards = quarters(await cards_of(state, "http://192.168.100.105:8080", password))

    [card] = [card for card in cards if "Công Tằng" in card]
    ends = (LONG_NAME, LONG_POST.strip(), "192.168.100.105:8080", "Thẻ của riêng đồng chí")
    assert [said for said in ends if said not in card] == []


@pytest.mark.parametrize("slant", ["normal", "italic"])
async def test_the_typeface_has_every_vietnamese_letter(slant: str) -> None:
    """One that is missing would be drawn in another typeface, or as an empty box."""
    assert len(MARKED) == 134
    row = " ".join("".join(MARKED[at : at + 8]) for at in range(0, len(MARKED), 8))
    note = row if slant == "italic" else "x"
    state = laid_down(make.a_meeting(title=row, office=row, body=row), make.a_seat("an"))
    job = sheets.codes(state, ways_of(state), NOW)
    job.data["t"]["keep"] = note

    pdf = await printed(job)

    text = "".join("".join(pages_of(pdf)).split())
    assert text.count("".join(MARKED)) == (4 if slant == "italic" else 3)
    assert faces(pdf) <= {"BeVietnamPro-Regular", "BeVietnamPro-SemiBold", "BeVietnamPro-Italic"}


def faces(pdf: bytes) -> set[str]:
    fonts: Sequence[Any] = [font for page in mupdf.open(stream=pdf) for font in page.get_fonts()]
    return {font[3].partition("+")[2] for font in fonts}


async def test_the_sheet_of_codes_has_everybodys_six_digits() -> None:
    state = the_sample()
    ways = ways_of(state)

    whole = " ".join(pages_of(await printed(sheets.codes(state, ways, NOW))))

    rows = [
        f"{row} {seat.name} {seat.post} {ways[seat.id].spaced}"
        for row, seat in enumerate(sheets.people(state), start=1)
    ]
    assert [row for row in rows if row not in whole] == []


async def test_the_attendance_sheet_lists_everybody_in_order_with_room_to_sign() -> None:
    state = the_sample()

    pages = pages_of(await printed(sheets.attendance(state, NOW)))

    whole = " ".join(pages)
    people = sheets.people(state)
    places = [whole.index(f"{row} {seat.name} ") for row, seat in enumerate(people, start=1)]
    assert places == sorted(places)
    assert "DANH SÁCH ĐIỂM DANH" in pages[0]
    assert "Ký tên" in pages[0]
    assert whole.index("Khách mời theo nội dung") < whole.index("26 Nguyễn Văn Hoà")
    assert "Giám đốc Sở Tài chính · nội dung 1" in whole
    assert (
        "Danh sách có 25 người, trong đó 15 thành viên biểu quyết; "
        "cần có mặt ít nhất 10 thành viên biểu quyết."
    ) in whole


async def test_what_people_write_is_never_taken_for_orders() -> None:
    """Typst's own signs, in a name, are letters."""
    sly = '#panic("x") $a_1$ *b* @c \\u{41} [d] "e" // f'
    state = laid_down(make.a_meeting(title=sly), make.a_seat("an", name=sly, post=sly))

    [page] = pages_of(await printed(sheets.attendance(state, NOW)))

    assert page.count(sly) == 3


async def test_a_press_that_takes_too_long_is_stopped() -> None:
    state = laid_down(make.a_meeting(), make.a_seat("an"))

    with pytest.raises(Refused) as refused:
        await Press(seconds=0.0).set(sheets.attendance(state, NOW))

    assert refused.value.code == "print_failed"


async def test_cards_remember_the_address_they_were_printed_with(desk: Desk) -> None:
    state = laid_down(make.a_meeting(), make.a_seat("an"))
    known = desk.prints.addresses
    before = known.changed("btv", "http://10.0.0.9")

    await desk.prints.cards(state, ways_of(state), URL, NOW, PASSWORD)
    restarted = Prints(desk.folder / "printing", desk.original)
    await restarted.start()

    assert not before
    for addresses in (known, restarted.addresses):
        assert [addresses.changed("btv", url) for url in (URL, "http://10.0.0.9")] == [False, True]
    assert not known.changed("other", "http://10.0.0.9")
