"""What is printed is for whoever is signed in: PDFs with names people know, texts to send."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import httpx2
import pytest

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from tests.printing.conftest import a_paper, pages_of
from tests.routes.conftest import URL, House
from tests.routes.drawn import drawn
from tests.routes.office.conftest import Browser, elsewhere, refused

SHEETS = (
    "cards.pdf",
    "codes.pdf",
    "attendance.pdf",
    "summary.pdf",
    "pack.pdf",
    "item-2.pdf",
    "ahead.zip",
)


@pytest.fixture
def papers(house: House) -> None:
    """The files of the house's papers lie where those taken in do."""
    for document in house.state.documents.values():
        path = house.shell.pages.original(document.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        a_paper(path, document.pages, document.id)


async def printed(browser: Browser, sheet: str, meeting: str = "btv") -> httpx2.Response:
    return await browser.http.get(f"/office/m/{meeting}/print/{sheet}", headers=HTML)


HTML = {"accept": "text/html"}


def name_of(answer: httpx2.Response) -> str:
    return unquote(answer.headers["content-disposition"])


async def test_every_person_gets_a_card_with_the_link_that_lets_them_in(
    house: House, office: Browser
) -> None:
    answer = await printed(office, "cards.pdf")

    text = " ".join(pages_of(answer.content))
    seats = [seat for seat in house.state.seats.values() if seat.on_roll]
    digits = [house.digits(seat.id) for seat in seats]
    missing = [
        seat.name
        for seat, code in zip(seats, digits, strict=True)
        if seat.name not in text or f"{code[:3]} {code[3:]}" not in text
    ]
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    assert name_of(answer) == "inline; filename*=UTF-8''Thẻ vào họp.pdf"
    assert missing == []
    assert "Người wall" not in text


async def test_the_sheets_have_the_meetings_people(house: House, office: Browser) -> None:
    codes = await printed(office, "codes.pdf")
    attendance = await printed(office, "attendance.pdf")

    digits = house.digits("an")
    assert f"Nguyễn Văn Ân Chức vụ an {digits[:3]} {digits[3:]}" in " ".join(
        pages_of(codes.content)
    )
    assert "Hoàng Hoa Chức vụ hoa · nội dung 2" in " ".join(pages_of(attendance.content))
    assert [name_of(answer) for answer in (codes, attendance)] == [
        "inline; filename*=UTF-8''Mã vào họp.pdf",
        "inline; filename*=UTF-8''Danh sách điểm danh.pdf",
    ]


async def test_where_nothing_can_be_printed_the_way_is_back_to_the_office(
    house: House, office: Browser
) -> None:
    early = drawn(await printed(office, "summary.pdf"))
    assert (early.status, early.links) == (409, ["/office/"])
    stranger = drawn(await printed(elsewhere(house), "cards.pdf"))
    assert (stranger.status, stranger.links) == (401, ["/office/"])
    assert stranger.says[1:] == [
        "Đã hết thời gian đăng nhập. Mời đăng nhập lại.",
        "Về trang văn phòng",
    ]


async def test_the_summary_has_the_code_that_chair_and_desk_were_shown(
    house: House, office: Browser
) -> None:
    early = await printed(office, "summary.pdf")
    await house.prepare(c.OpenMeeting(), c.CloseMeeting())

    answer = await printed(office, "summary.pdf")

    seal = house.shell.meetings.all()[0].seal
    assert (early.status_code, "%PDF" in early.text) == (409, False)
    assert (answer.status_code, name_of(answer)) == (200, "inline; filename*=UTF-8''Tờ tóm tắt.pdf")
    assert len(seal) == 19
    assert seal in " ".join(pages_of(answer.content))


@pytest.mark.usefixtures("papers")
async def test_a_paper_that_is_destroyed_is_in_no_kept_pack_either(
    house: House, office: Browser, tmp_path: Path
) -> None:
    packs = tmp_path / "printing" / "packs"
    await printed(office, "pack.pdf")
    await printed(office, "ahead.zip")
    await house.prepare(p.WithdrawDocument("d2", "có sai sót"))
    kept = len([*packs.iterdir()])

    erase = {"id": "0123456789ab", "command": {"type": "document.erase", "document": "d2"}}
    status, _ = await office.does("m/btv/command", erase)

    assert (kept, status, [*packs.iterdir()]) == (2, 200, [])


@pytest.mark.usefixtures("papers")
async def test_the_packs_are_files_with_their_length(office: Browser) -> None:
    pack = await printed(office, "pack.pdf")
    item = await printed(office, "item-2.pdf")
    ahead = await printed(office, "ahead.zip")

    assert len(pages_of(pack.content)) == 1 + 34 + 3
    assert len(pages_of(item.content)) == 1 + 3
    assert [int(one.headers["content-length"]) for one in (pack, item, ahead)] == [
        len(one.content) for one in (pack, item, ahead)
    ]
    assert [name_of(one) for one in (pack, item, ahead)] == [
        "inline; filename*=UTF-8''Bản dự phòng.pdf",
        "inline; filename*=UTF-8''Bản dự phòng nội dung 2. Xây dựng trường học.pdf",
        "attachment; filename*=UTF-8''Tài liệu gửi trước, "
        "Hội nghị Ban Thường vụ, tháng 12-2026.zip",
    ]
    assert {one.headers["cache-control"] for one in (pack, item, ahead)} == {"no-store"}


async def test_the_message_has_each_persons_own_link(house: House, office: Browser) -> None:
    status, said = await office.asks("m/btv/message")

    texts = {one["seat"]: one["text"] for one in said["people"]}
    assert status == 200
    assert sorted(texts) == ["an", "ba", "chu", "hoa", "tech", "thu"]
    assert f"{URL}{house.card('an')}" in texts["an"].split()
    assert f"{URL}{house.card('an')}" not in texts["ba"]
    assert "/c/" not in said["text"]


async def test_a_link_on_a_card_lets_its_person_in(house: House, office: Browser) -> None:
    _, said = await office.asks("m/btv/message")
    [own] = [one["text"] for one in said["people"] if one["seat"] == "an"]
    [link] = [word for word in own.split() if word.startswith("http")]

    answer = await house.browser().get(link)

    assert "Nguyễn Văn Ân" in answer.text


@pytest.mark.parametrize("sheet", SHEETS)
async def test_strangers_are_told_to_sign_in(house: House, office: Browser, sheet: str) -> None:
    answer = await printed(elsewhere(house), sheet)

    assert answer.status_code == 401
    assert "%PDF" not in answer.text
    assert await elsewhere(house).asks("m/btv/message") == refused("not_signed_in", 401)


@pytest.mark.parametrize("sheet", SHEETS)
async def test_of_a_meeting_that_is_not_there_nothing_is_printed(
    office: Browser, sheet: str
) -> None:
    answer = await printed(office, sheet, "none")

    assert (answer.status_code, "Không tìm thấy cuộc họp này" in answer.text) == (404, True)


async def test_of_an_item_that_is_not_there_nothing_is_printed(office: Browser) -> None:
    answer = await printed(office, "item-9.pdf")

    assert (answer.status_code, "Không tìm thấy nội dung này" in answer.text) == (409, True)


async def test_a_card_that_was_revoked_is_not_printed(house: House, office: Browser) -> None:
    await house.prepare(c.RevokeCard("an"))

    cards = await printed(office, "cards.pdf")

    assert "Nguyễn Văn Ân" not in " ".join(pages_of(cards.content))


async def test_printing_cards_remembers_the_address_on_them(house: House, office: Browser) -> None:
    addresses = house.shell.prints.addresses
    before = addresses.changed("btv", "http://10.0.0.9")

    await printed(office, "codes.pdf")
    between = addresses.changed("btv", "http://10.0.0.9")
    await printed(office, "cards.pdf")

    assert (before, between) == (False, False)
    assert addresses.changed("btv", "http://10.0.0.9")
    assert not addresses.changed("btv", URL)
