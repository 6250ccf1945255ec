"""Bản dự phòng and the zip that is sent ahead: all papers, under their items, once."""

from __future__ import annotations

import asyncio
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pymupdf
import pytest

from meeting.errors import Refused
from meeting.printing import ahead, packs
from meeting.printing.prints import Prints
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.rules.state import MeetingState
from tests.helpers import make
from tests.printing.conftest import NOW, Desk, laid_down, pages_of

mupdf: Any = pymupdf


def the_papers() -> list[c.AddDocument]:
    """Three papers of two items, and one of an item for two people alone."""
    return [
        make.a_document("d1", "1", 3, number="186-BC/ĐU", title="Báo cáo kinh tế"),
        make.a_document("d2", "2", 2, number="214-TTr/VPTU", title="Tờ trình: đường Bến Đá"),
        make.a_document("d3", "2", 1, number="", title="Đề cương"),
        make.a_document("d4", "3", 2, number="9-BC/TU", title="Việc riêng"),
    ]


def a_meeting(desk: Desk, *more: c.Command) -> MeetingState:
    return laid_down(
        make.a_meeting(),
        make.a_seat("chu", "chair", name="Đỗ Chủ Trì"),
        make.a_seat("thu", "secretary", name="Trần Thư Ký"),
        make.a_seat("an", name="Nguyễn Văn Ân"),
        make.an_item("1", title="Kinh tế năm 2026", starts="07:45", ends="08:25", rapporteur="an"),
        make.an_item("2", title="Xây dựng trường học"),
        make.an_item("3", title="Nhân sự", limited_to=("chu", "thu")),
        *(desk.lay(paper) for paper in the_papers()),
        *more,
    )


async def test_the_pack_has_every_paper_behind_a_cover_that_says_where_it_is(desk: Desk) -> None:
    state = a_meeting(desk)

    pages = pages_of(await desk.prints.pack(state, NOW))

    assert len(pages) == 1 + 3 + 2 + 1
    wanted = [
        "BẢN DỰ PHÒNG Hội nghị Ban Thường vụ, tháng 12/2026",
        "07:30, Thứ Năm 10/12/2026 Phòng họp A",
        "In lúc 07:00 ngày 10/12/2026",
        "1. Kinh tế năm 2026 07:45–08:25 · Trình bày: Nguyễn Văn Ân",
        "186-BC/ĐU Báo cáo kinh tế 1 3 2",
        "2. Xây dựng trường học",
        "214-TTr/VPTU Tờ trình: đường Bến Đá 1 2 5",
        "Đề cương 1 1 7",
        "3. Nhân sự Tài liệu của nội dung này in riêng, chỉ cho người được xem.",
    ]
    assert [said for said in wanted if said not in pages[0]] == []
    assert [text for text in pages if "Việc riêng" in text] == []


async def test_each_page_says_which_it_is_and_hides_nothing(desk: Desk) -> None:
    state = a_meeting(desk)

    pages = pages_of(await desk.prints.pack(state, NOW))

    assert pages[1:] == [
        "d1 1 chan-1 186-BC/ĐU · Bản 1 · Trang 1/3 2",
        "d1 2 chan-2 186-BC/ĐU · Bản 1 · Trang 2/3 3",
        "d1 3 chan-3 186-BC/ĐU · Bản 1 · Trang 3/3 4",
        "d2 1 chan-1 214-TTr/VPTU · Bản 1 · Trang 1/2 5",
        "d2 2 chan-2 214-TTr/VPTU · Bản 1 · Trang 2/2 6",
        "d3 1 chan-1 Đề cương · Bản 1 · Trang 1/1 7",
    ]


async def test_a_trials_pack_says_on_every_page_that_it_is_one(desk: Desk) -> None:
    state = laid_down(
        make.a_meeting(trial=True, trial_of="real"),
        make.an_item("1"),
        desk.lay(make.a_document("d1", "1", 1, number="186-BC/ĐU")),
    )

    cover, page = pages_of(await desk.prints.pack(state, NOW))

    assert "CHẠY THỬ" in cover
    assert page == "d1 1 chan-1 Chạy thử · 186-BC/ĐU · Bản 1 · Trang 1/1 2"


async def test_the_pack_of_an_item_has_its_papers_alone(desk: Desk) -> None:
    state = a_meeting(desk)

    pages = pages_of(await desk.prints.pack(state, NOW, "2"))

    assert len(pages) == 1 + 2 + 1
    assert "Nội dung 2. Xây dựng trường học" in pages[0]
    assert "Kinh tế" not in pages[0]


async def test_a_limited_item_is_printed_for_its_readers_by_name(desk: Desk) -> None:
    pages = pages_of(await desk.prints.pack(a_meeting(desk), NOW, "3"))

    assert "Chỉ dành cho: Đỗ Chủ Trì, Trần Thư Ký" in pages[0]
    assert pages[2] == "d4 2 chan-2 9-BC/TU · Bản 1 · Trang 2/2 3"


async def test_an_unknown_item_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        await desk.prints.pack(a_meeting(desk), NOW, "nine")

    assert refused.value.code == "item_unknown"


async def test_a_new_version_takes_the_place_of_the_old(desk: Desk) -> None:
    newer = make.a_document("d1-again", "1", 1)
    desk.lay(newer, "newer")
    before = await desk.prints.pack(a_meeting(desk), NOW)
    state = a_meeting(desk, p.ReplaceDocument("d1", 2, newer.sha256, 1, "somewhere"))

    after = await desk.prints.pack(state, NOW)

    pages = pages_of(after)
    assert pages[1] == "newer 1 chan-1 186-BC/ĐU · Bản 2 · Trang 1/1 2"
    assert "186-BC/ĐU Báo cáo kinh tế 2 1 2" in pages[0]
    assert (before.exists(), desk.kept()) == (False, ["pack.pdf"])


async def test_a_withdrawn_paper_is_in_no_pack(desk: Desk) -> None:
    state = a_meeting(desk, p.WithdrawDocument("d1", "có sai sót"))

    pages = pages_of(await desk.prints.pack(state, NOW))

    assert [text for text in pages if "186-BC" in text or "d1" in text] == []
    assert len(pages) == 1 + 2 + 1


async def test_pages_that_were_stood_upright_are_printed_so(desk: Desk) -> None:
    state = a_meeting(desk, p.TurnPage("d1", 2, 1, "elsewhere"))

    pdf = mupdf.open(await desk.prints.pack(state, NOW))

    assert [page.rect.width > page.rect.height for page in pdf][:4] == [False, False, True, False]


async def test_a_paper_that_cannot_be_bound_becomes_a_plate_and_the_rest_is_printed(
    desk: Desk,
) -> None:
    state = a_meeting(desk)
    spoilt = make.a_document("d2", "2").sha256
    pdf = mupdf.open(desk.original(spoilt))
    locked = desk.folder / "locked.pdf"
    pdf.save(locked, encryption=mupdf.PDF_ENCRYPT_AES_256, user_pw="u", owner_pw="o")
    locked.replace(desk.original(spoilt))
    desk.original(make.a_document("d3", "2").sha256).unlink()

    pages = pages_of(await desk.prints.pack(state, NOW))

    assert len(pages) == 1 + 3 + 1 + 1
    assert pages[4].startswith(
        "214-TTr/VPTU Tờ trình: đường Bến Đá Bản 1 · 2 trang "
        "Tài liệu này không in được vào bản dự phòng Tệp có mật khẩu."
    )
    assert pages[5].startswith("Đề cương Bản 1 · 1 trang Tài liệu này không in được")
    assert "Tệp có mật khẩu. In riêng từ tệp gốc. 1 2 5" in pages[0]


async def test_a_meeting_without_papers_has_a_pack_of_its_agenda(desk: Desk) -> None:
    state = laid_down(make.a_meeting(), make.an_item("1", title="Việc chung"))

    [cover] = pages_of(await desk.prints.pack(state, NOW))

    assert "1. Việc chung" in cover


async def test_what_is_printed_again_was_made_once(desk: Desk) -> None:
    state = a_meeting(desk)

    first, second = await asyncio.gather(
        desk.prints.pack(state, NOW), desk.prints.pack(state, make.clock("07:10"))
    )
    third = await desk.prints.pack(state, make.clock("08:00"))

    assert first == second == third
    assert "In lúc 08:00" not in pages_of(third)[0]


async def test_a_change_of_the_heading_or_the_agenda_makes_another_pack(desk: Desk) -> None:
    keys = [
        packs.plan(a_meeting(desk, *more)).key
        for more in (
            (),
            (p.ChangeDocument("d1", "1", "186-BC/ĐU", "Báo cáo khác"),),
            (p.OrderDocuments(("d2", "d1", "d3", "d4")),),
            (p.ChangeItem("2", "2", "Xây dựng cầu"),),
            (p.TurnPage("d1", 2, 1, "elsewhere"),),
        )
    ]

    # The order of papers of different items is nobody's concern here.
    assert [keys.index(key) for key in keys] == [0, 1, 0, 3, 4]


async def test_forgotten_packs_are_gone(desk: Desk) -> None:
    state = a_meeting(desk)
    await desk.prints.pack(state, NOW)
    await desk.prints.pack(state, NOW, "2")
    await desk.prints.ahead(state, NOW)
    kept = desk.kept()

    desk.prints.forget("btv")

    assert (kept, desk.kept()) == (["ahead.zip", "pack-2.pdf", "pack.pdf"], [])


async def test_packs_that_no_longer_hold_are_swept_away(desk: Desk) -> None:
    for item in ("", "1", "2"):
        await desk.prints.pack(a_meeting(desk), NOW, item)

    desk.prints.sweep({"btv": a_meeting(desk, p.WithdrawDocument("d1", "có sai sót"))})

    assert desk.kept() == ["pack-2.pdf"]


async def test_packs_are_made_before_they_are_asked_for_once_papers_are_left_alone(
    desk: Desk,
) -> None:
    state = a_meeting(desk)
    changed = a_meeting(desk, p.WithdrawDocument("d1", "có sai sót"))
    kept = []

    for seen in (state, changed, changed):
        await desk.prints.make_ready([seen], NOW)
        kept.append(desk.kept())

    assert kept == [[], [], ["pack.pdf"]]
    assert "186-BC" not in " ".join(pages_of(await desk.prints.pack(changed, NOW)))


async def test_while_a_meeting_is_on_no_pack_is_made_that_nobody_asked_for(desk: Desk) -> None:
    on = a_meeting(desk, c.OpenMeeting(early=True))
    coming = laid_down(
        make.a_meeting("next"), make.an_item("1"), desk.lay(make.a_document("n1", "1"))
    )

    for _ in range(3):
        await desk.prints.make_ready([on, coming], NOW)

    assert desk.kept() == []


async def test_on_a_disk_without_room_no_pack_is_made(desk: Desk) -> None:
    prints = Prints(desk.folder / "printing", desk.original, low=lambda: True)
    await prints.start()

    with pytest.raises(Refused) as refused:
        await prints.pack(a_meeting(desk), NOW)

    assert refused.value.code == "disk_low"


async def test_what_is_sent_ahead_has_ordinary_papers_in_folders_by_item(desk: Desk) -> None:
    state = a_meeting(desk)

    with zipfile.ZipFile(await desk.prints.ahead(state, NOW)) as zipped:
        names = zipped.namelist()
        originals = [
            desk.original(make.a_document(one, "1").sha256).read_bytes()
            for one in ("d1", "d2", "d3")
        ]
        page = zipped.read("index.html").decode()
        assert [zipped.read(name) for name in names[1:]] == originals

    assert names == [
        "index.html",
        "1. Kinh tế năm 2026/186-BC-ĐU Báo cáo kinh tế.pdf",
        "2. Xây dựng trường học/214-TTr-VPTU Tờ trình- đường Bến Đá.pdf",
        "2. Xây dựng trường học/Đề cương.pdf",
    ]
    assert [unquote(href) for href in re.findall('href="([^"]*)"', page)] == names[1:]
    assert re.findall(r"https?:|src=", page) == []
    assert "Việc riêng" not in page


async def test_papers_of_one_name_lie_beside_each_other() -> None:
    state = laid_down(
        make.a_meeting(),
        make.an_item("1", title="Kinh tế"),
        *(make.a_document(f"d{n}", "1", number="BC", title=title) for n, title in
          enumerate(["Số liệu", "số liệu", "Số liệu?"])),
    )  # fmt: skip

    laid = ahead.lay(packs.plan(state))

    assert [one.path for one in laid] == [
        "1. Kinh tế/BC Số liệu.pdf",
        "1. Kinh tế/BC số liệu (2).pdf",
        "1. Kinh tế/BC Số liệu (3).pdf",
    ]


def test_what_has_no_name_for_a_file_lies_in_the_zip_all_the_same() -> None:
    state = laid_down(
        make.a_meeting(),
        make.an_item("1", number="", title="\\. \\"),
        make.a_document("d1", "1", number="", title="??"),
    )
    assert [one.path for one in ahead.lay(packs.plan(state))] == ["1/_.pdf"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("186-BC/ĐU", "186-BC-ĐU"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("a\\b:c*d?e", "a-b-c-d-e"),
        ("hết. . ", "hết"),
        ("con", "con_"),
        ("\u202efdp.a\u200b", "fdp.a"),
        ("\\. \\", ""),
        ("NUL.2", "NUL.2_"),
        ("x" * 200, "x" * 90),
        ("chín chữ, " * 20, ("chín chữ, " * 9)[:-2]),
    ],
)
def test_names_are_such_as_every_system_takes(name: str, shown: str) -> None:
    assert ahead.clean(name, 90) == shown


def test_the_page_of_the_zip_takes_nothing_people_write_for_markup(tmp_path: Path) -> None:
    sly = '<img src=x onerror="alert(1)">'
    state = laid_down(
        make.a_meeting(title=sly),
        make.an_item("1", title=sly),
        make.a_document("d", "1", title=sly),
    )
    plan = packs.plan(state)

    page = ahead.index(state, plan, ahead.lay(plan), NOW)

    assert "<img" not in page
