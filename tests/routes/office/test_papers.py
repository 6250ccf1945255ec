"""Papers on their way in: sent, proposed, laid down, replaced, taken back, destroyed."""

from __future__ import annotations

import asyncio
import io
import os
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from meeting.errors import Refused
from meeting.office import erasing
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.routes.office import which
from tests.helpers import make
from tests.routes.conftest import House
from tests.routes.office.conftest import Browser, refused

mupdf: Any = pymupdf
SAMPLES = Path(__file__).parents[3] / "samples"
SUBMISSION = (SAMPLES / "2.1_to-trinh-214.pdf").read_bytes()
NUMBER = "214-TTr/VPTU"
TITLE = (
    "Tờ trình về dự thảo Nghị quyết chuyển đổi số trong các cơ quan đảng, Mặt trận Tổ quốc "
    "giai đoạn 2026 - 2030"
)


def a_pdf(pages: int, said: str = "x") -> bytes:
    pdf = mupdf.open()
    for _ in range(pages):
        pdf.new_page(width=595, height=842).insert_text((72, 72), said)
    written: bytes = pdf.tobytes(no_new_id=True)
    return written


async def sends(office: Browser, path: str, content: bytes | AsyncIterator[bytes]) -> Any:
    answer = await office.http.put(f"/office/api/{path}", content=content, headers={"x-phien": "1"})
    return answer.status_code, answer.json()


async def laid(office: Browser, content: bytes, item: str = "1") -> str:
    """The id of a paper that was sent and laid down."""
    _, file = await sends(office, "m/btv/files?name=a.pdf", content)
    paper = {"sha256": file["sha256"], "item": item, "number": "", "title": "Một báo cáo"}
    status, answer = await office.does("m/btv/papers", {"papers": [paper]})
    assert status == 200, answer
    return list(papers(await seen(office)))[-1]


async def seen(office: Browser) -> Any:
    return (await office.asks("m/btv"))[1]


def papers(prepared: Any) -> dict[str, Any]:
    return {paper["id"]: paper for paper in prepared["documents"]}


def left_over(house: House) -> list[str]:
    return [path.name for path in house.shell.pages.incoming.iterdir() if path.suffix != ".pdf"]


def kept(house: House, content: bytes) -> bool:
    return house.shell.pages.original(sha256(content).hexdigest()).exists()


async def test_a_file_is_taken_in_with_what_it_is_likely_to_be(
    house: House, office: Browser
) -> None:
    assert await sends(office, "m/btv/files?name=NV2_to-trinh.pdf", SUBMISSION) == (
        200,
        {
            "sha256": sha256(SUBMISSION).hexdigest(),
            "pages": mupdf.open(stream=SUBMISSION).page_count,
            "bytes": len(SUBMISSION),
            "name": "NV2_to-trinh.pdf",
            "proposal": {"item": "2", "number": NUMBER, "title": TITLE},
        },
    )
    assert left_over(house) == []
    assert [*house.state.documents] == ["d1", "d2", "d3"]


async def test_a_file_that_says_nothing_is_proposed_by_its_name(office: Browser) -> None:
    _, file = await sends(office, "m/btv/files?name=03. Kế hoạch năm.pdf", a_pdf(1))
    assert file["proposal"] == {"item": "3", "number": "", "title": "Kế hoạch năm"}


async def test_papers_are_laid_down_in_the_order_of_the_table(
    house: House, office: Browser
) -> None:
    files = [await sends(office, f"m/btv/files?name={n}.pdf", a_pdf(n)) for n in (1, 2)]
    wanted = [
        {"sha256": file["sha256"], "item": "2", "number": " 1-BC/TU ", "title": f"Báo cáo {place}"}
        for place, (_, file) in enumerate(files, start=1)
    ]
    rev = house.state.rev + 2
    assert await office.does("m/btv/papers", {"papers": wanted}) == (
        200,
        {"status": "committed", "rev": rev},
    )
    laid_down = list(house.state.documents.values())[3:]
    assert [(one.item, one.number, one.title, one.pages, one.late) for one in laid_down] == [
        ("2", "1-BC/TU", "Báo cáo 1", 1, False),
        ("2", "1-BC/TU", "Báo cáo 2", 2, False),
    ]
    assert len({one.address for one in laid_down}) == 2


async def test_a_paper_that_is_asked_for_twice_is_laid_down_once(
    house: House, office: Browser
) -> None:
    _, file = await sends(office, "m/btv/files?name=a.pdf", a_pdf(1))
    paper = {"document": "a1b2c3", "sha256": file["sha256"], "item": "1", "number": "", "title": ""}
    first = await office.does("m/btv/papers", {"papers": [{**paper, "name": "Kế hoạch.pdf"}]})
    again = await office.does("m/btv/papers", {"papers": [{**paper, "name": "Kế hoạch.pdf"}]})
    assert first == again
    assert [one.title for one in list(house.state.documents.values())[3:]] == ["Kế hoạch"]


async def test_a_paper_laid_down_during_the_meeting_is_late(house: House, office: Browser) -> None:
    await house.does("chu", c.OpenMeeting())
    paper = await laid(office, a_pdf(1))
    assert papers(await seen(office))[paper]["late"] is True


async def test_what_was_never_sent_is_not_laid_down(house: House, office: Browser) -> None:
    paper = {"sha256": "0" * 64, "item": "1", "number": "", "title": "Báo cáo", "name": "a.pdf"}
    known = len(house.state.documents)
    assert await office.does("m/btv/papers", {"papers": [paper]}) == refused(
        "file_missing", name="a.pdf"
    )
    assert len(house.state.documents) == known


def a_zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x" * 500)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "program"),
    [
        ("bao-cao.docx", a_zip("[Content_Types].xml", "word/document.xml"), "Word"),
        ("bao-cao.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "Word"),
        ("bao-cao", a_zip("[Content_Types].xml", "word/document.xml"), "Word"),
        ("bieu.xlsx", a_zip("[Content_Types].xml", "xl/workbook.xml"), "Excel"),
        ("trinh-chieu.pptx", a_zip("ppt/presentation.xml"), "PowerPoint"),
    ],
)
async def test_a_file_of_an_office_program_is_told_how_to_become_a_pdf(
    house: House, office: Browser, name: str, content: bytes, program: str
) -> None:
    assert await sends(office, f"m/btv/files?name={name}", content) == refused(
        "file_from_office", program=program
    )
    assert left_over(house) == []


async def test_a_pdf_is_one_whatever_it_is_called(office: Browser) -> None:
    status, file = await sends(office, "m/btv/files?name=bao-cao.docx", a_pdf(2))
    assert (status, file["pages"]) == (200, 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b"%PDF-1.7 nothing", "file_broken"), (b"hello", "file_not_pdf")],
)
async def test_what_cannot_be_read_is_refused_and_not_kept(
    house: House, office: Browser, content: bytes, code: str
) -> None:
    assert await sends(office, "m/btv/files?name=a.pdf", content) == refused(code)
    assert (left_over(house), kept(house, content)) == ([], False)


async def test_a_file_that_is_too_large_is_refused_and_not_kept(
    house: House, office: Browser
) -> None:
    house.shell.pages.most_bytes = 1000

    async def pieces() -> AsyncIterator[bytes]:
        """Of a size that is not announced."""
        for _ in range(20):
            yield bytes(100)

    assert await sends(office, "m/btv/files?name=a.pdf", bytes(1001)) == refused(
        "file_too_large", most=0
    )
    assert await sends(office, "m/btv/files?name=a.pdf", pieces()) == refused(
        "file_too_large", most=0
    )
    assert left_over(house) == []


async def test_a_disk_without_room_takes_nothing_in(house: House, office: Browser) -> None:
    house.shell.machine.space.low = True
    assert await sends(office, "m/btv/files?name=a.pdf", a_pdf(1)) == refused("disk_low", 507)


async def test_a_new_version_takes_the_place_of_the_old(house: House, office: Browser) -> None:
    paper = await laid(office, a_pdf(1))
    status, file = await sends(office, f"m/btv/papers/{paper}/files?name=b.pdf", a_pdf(3))
    assert (status, file["pages"]) == (200, 3)
    row = papers(await seen(office))[paper]
    assert (row["version"], row["pages"]) == (2, 3)
    assert row["older"] == [{"version": 1, "pages": 1, "late": False}]
    assert await sends(office, f"m/btv/papers/{paper}/files?name=b.pdf", a_pdf(3)) == refused(
        "file_same"
    )
    assert await sends(office, "m/btv/papers/no/files?name=b.pdf", a_pdf(4)) == refused(
        "document_unknown", 404
    )
    assert not kept(house, a_pdf(4))


async def test_pages_are_looked_at_in_every_version(office: Browser) -> None:
    paper = await laid(office, a_pdf(1))
    await sends(office, f"m/btv/papers/{paper}/files?name=b.pdf", a_pdf(2))
    for path, status in (("2?w=320", 200), ("2?w=320&version=1", 404), ("1?w=320&version=1", 200)):
        answer = await office.http.get(f"/office/api/m/btv/image/{paper}/{path}")
        assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")


async def test_the_signed_copy_is_taken_in_after_the_closing(house: House, office: Browser) -> None:
    path = "m/btv/signed?name=bien-ban-ky.pdf"
    assert await sends(office, path, a_pdf(2)) == refused("wrong_phase", phase="before")
    await house.does("chu", c.OpenMeeting(), c.CloseMeeting())
    status, file = await sends(office, path, a_pdf(2))
    assert status == 200
    assert (await seen(office))["signed_copies"] == [
        {"name": "bien-ban-ky.pdf", "sha256": file["sha256"], "pages": 2}
    ]


async def does(office: Browser, id_: str, **command: Any) -> None:
    sent = {"id": f"command-{id_}", "command": command}
    status, answer = await office.does("m/btv/command", sent)
    assert status == 200, answer


async def test_a_withdrawn_paper_can_be_destroyed_in_all_its_versions(
    house: House, office: Browser
) -> None:
    first, second = a_pdf(1), a_pdf(3)
    paper = await laid(office, first)
    await sends(office, f"m/btv/papers/{paper}/files?name=b.pdf", second)
    await office.http.get(f"/office/api/m/btv/image/{paper}/1?w=320")
    await does(office, "1", type="document.withdraw", document=paper, reason="Nhầm tệp")
    assert (kept(house, first), kept(house, second)) == (True, True)
    await does(office, "2", type="document.erase", document=paper)
    assert (kept(house, first), kept(house, second)) == (False, False)
    drawn = list((house.shell.pages.incoming.parent / "pages").rglob("*.*"))
    hashes = {sha256(one).hexdigest() for one in (first, second)}
    assert [path for path in drawn if path.parent.name in hashes] == []
    gone = (await seen(office))["withdrawn"]
    assert [(row["title"], row["reason"], row["erased"]) for row in gone] == [
        ("Một báo cáo", "Nhầm tệp", True)
    ]


async def test_what_another_paper_has_is_not_destroyed(house: House, office: Browser) -> None:
    content = a_pdf(2)
    paper, other = await laid(office, content), await laid(office, content, "2")
    await does(office, "1", type="document.withdraw", document=paper, reason="Hai lần")
    await does(office, "2", type="document.erase", document=paper)
    assert kept(house, content)
    await does(office, "3", type="document.withdraw", document=other, reason="Thu hồi")
    assert kept(house, content)
    await does(office, "4", type="document.erase", document=other)
    assert not kept(house, content)


async def test_a_file_that_is_destroyed_meanwhile_is_laid_down_nowhere(
    house: House, office: Browser
) -> None:
    """Whoever lays it down waits while files are being destroyed, then looks again."""
    content = a_pdf(2)
    _, file = await sends(office, "m/btv/files?name=a.pdf", content)
    running, [account] = house.shell.meetings.all()[0], house.shell.office.accounts.values()
    asked = make.a_document("d9", "1", sha256=file["sha256"])
    async with house.shell.settling:
        laying = asyncio.create_task(which.laid_down(house.shell, running, account, [asked]))
        await house.shell.pages.erase(file["sha256"])
    with pytest.raises(Refused) as missing:
        await laying
    assert (missing.value.code, "d9" in running.state.documents) == ("file_missing", False)


async def test_a_trial_copy_keeps_nothing_that_is_to_be_destroyed(
    house: House, office: Browser
) -> None:
    content = a_pdf(2)
    paper = await laid(office, content)
    await office.does("m/btv/trial")
    await does(office, "1", type="document.withdraw", document=paper, reason="Nhầm tệp")
    await does(office, "2", type="document.erase", document=paper)
    assert not kept(house, content)


async def test_what_was_decided_is_done_after_a_restart(house: House, office: Browser) -> None:
    content = a_pdf(2)
    paper = await laid(office, content)
    running = house.shell.meetings.all()[0]
    for command in (p.WithdrawDocument(paper, "Nhầm tệp"), p.EraseDocument(paper)):
        await running.submit(make.OFFICE, house.sent(command))
    assert kept(house, content)
    await erasing.erase([running.state], house.shell.pages)
    assert not kept(house, content)


async def test_what_was_sent_and_never_laid_down_goes_after_a_day(
    house: House, office: Browser
) -> None:
    """And nothing that a meeting, a trial copy or a meeting's file is made of ever does."""
    first, second, withdrawn, practised, signed, unlaid = (a_pdf(n) for n in range(1, 7))
    paper = await laid(office, first)
    await sends(office, f"m/btv/papers/{paper}/files?name=b.pdf", second)
    gone = await laid(office, withdrawn)
    await does(office, "1", type="document.withdraw", document=gone, reason="Nhầm tệp")
    _, trial = await office.does("m/btv/trial")
    _, file = await sends(office, f"m/{trial['id']}/files?name=c.pdf", practised)
    item = next(iter(house.shell.meetings.trial_copies("btv")[0].state.items))
    wanted = {"sha256": file["sha256"], "item": item, "number": "", "title": "Thử"}
    assert (await office.does(f"m/{trial['id']}/papers", {"papers": [wanted]}))[0] == 200
    await sends(office, "m/btv/files?name=d.pdf", unlaid)
    await does(office, "2", type="meeting.open", early=True)
    await does(office, "3", type="meeting.close")
    await sends(office, "m/btv/signed?name=e.pdf", signed)
    needed = [first, second, withdrawn, practised, signed]

    async def after(past: timedelta) -> list[bool]:
        states = [running.state for running in house.shell.meetings.all()]
        await erasing.clear_unlaid(states, house.shell.pages, datetime.now(UTC) + past)
        return [kept(house, content) for content in (*needed, unlaid)]

    assert await after(timedelta(hours=23)) == [True] * 6
    assert await after(timedelta(days=2)) == [True] * 5 + [False]


async def test_what_is_sent_again_counts_as_sent_now(house: House, office: Browser) -> None:
    content = a_pdf(1)
    for _ in range(2):
        _, file = await sends(office, "m/btv/files?name=a.pdf", content)
        sent_at = house.shell.pages.original(file["sha256"]).stat().st_mtime
        assert datetime.now(UTC).timestamp() - sent_at < 3600
        os.utime(house.shell.pages.original(file["sha256"]), (0, 0))
    await erasing.clear_unlaid([], house.shell.pages, datetime.now(UTC))
    assert not kept(house, content)
