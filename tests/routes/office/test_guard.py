"""Every door by which a file comes in: secret papers stay out, doubtful ones need a name."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pymupdf
from PIL import Image

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.secrecy import ConfirmedOrdinary
from tests.routes.conftest import House
from tests.routes.office.conftest import ACCOUNT, Browser, refused
from tests.routes.office.test_papers import a_pdf, kept, laid, left_over, papers, seen, sends

mupdf: Any = pymupdf
FACES = Path(str(resources.files("fontpkg_be_vietnam_pro"))) / "files"
SECRETARY = ACCOUNT["name"]


def stamped(said: str = "MẬT") -> bytes:
    pdf = mupdf.open()
    page = pdf.new_page(width=595, height=842)
    words = mupdf.TextWriter(page.rect)
    face = mupdf.Font(fontfile=str(next(FACES.rglob("BeVietnamPro-Bold.*"))))
    words.append((80, 100), said, font=face, fontsize=14)
    words.write_text(page)
    page.insert_text((80, 200), "12-BC/TU", fontsize=12)
    written: bytes = pdf.tobytes(no_new_id=True)
    return written


def a_scan(grey: int = 200) -> bytes:
    pdf = mupdf.open()
    page = pdf.new_page(width=595, height=842)
    page.insert_image(page.rect, stream=a_picture(grey))
    written: bytes = pdf.tobytes(no_new_id=True)
    return written


def a_picture(grey: int = 200, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 80), grey).save(out, kind)
    return out.getvalue()


async def doors(house: House, office: Browser) -> AsyncIterator[str]:
    """Where a file is sent to, one after the other, while each of them is open."""
    paper = await laid(office, a_pdf(1))
    yield "m/btv/files"
    yield f"m/btv/papers/{paper}/files"
    await house.does("chu", c.OpenMeeting(early=True), c.CloseMeeting())
    yield "m/btv/signed"


async def recorded(office: Browser, what: str) -> list[Any]:
    """Who did it, and to what."""
    _, rows = await office.asks("record")
    return [(row["by"], row["about"]) for row in rows if row["what"] == what]


async def test_a_stamped_paper_stays_out_at_every_door_and_the_attempt_is_on_record(
    house: House, office: Browser
) -> None:
    content, tried = stamped(), 0
    async for path in doors(house, office):
        before = house.state.rev
        status, said = await sends(office, f"{path}?name=bao-cao.pdf&ordinary=yes", content)
        at = said["data"]
        assert (status, said["code"], at["said"], at["page"]) == (409, "secret_stamp", "MẬT", 1)
        assert 120 < at["left"] < at["right"] < 220
        assert 95 < at["top"] < at["bottom"] < 130
        assert (left_over(house), kept(house, content)) == ([], False)
        assert house.state.rev == before
        tried += 1
        assert await recorded(office, "paper.refused_stamp") == [(SECRETARY, "")] * tried
    assert tried == 3


async def test_a_name_that_says_so_stays_out_whatever_is_in_it(
    house: House, office: Browser
) -> None:
    name, tried = quote("12-BC-MẬT.pdf"), 0
    async for path in doors(house, office):
        for content in (a_pdf(4), b"%PDF-1.7 broken", b"PK\3\4[Content_Types]"):
            answer = await sends(office, f"{path}?name={name}", content)
            assert answer == refused("secret_name", said="MẬT")
            assert (left_over(house), kept(house, content)) == ([], False)
            tried += 1
    assert await recorded(office, "paper.refused_name") == [(SECRETARY, "")] * tried
    assert tried == 9


async def test_an_ordinary_paper_has_nothing_to_answer(house: House, office: Browser) -> None:
    paper = await laid(office, a_pdf(2, "Mat do dan so"))
    assert house.state.documents[paper].pages == 2


async def test_a_doubtful_paper_is_laid_down_by_a_name_or_not_at_all(
    house: House, office: Browser
) -> None:
    _, file = await sends(office, "m/btv/files?name=anh.pdf", a_scan())
    assert file["doubt"] == {"question": "scan", "page": 1}
    paper = {"sha256": file["sha256"], "item": "1", "number": "", "title": "Bản đồ"}
    before = house.state.rev
    assert await office.does("m/btv/papers", {"papers": [paper]}) == refused(
        "secrecy_asked", question="scan", page=1
    )
    assert house.state.rev == before
    await office.does("m/btv/papers", {"papers": [{**paper, "ordinary": True}]})
    fact = await newest(house)
    assert isinstance(fact, f.DocumentAdded)
    assert fact.ordinary == ConfirmedOrdinary(SECRETARY, "scan")


async def newest(house: House) -> f.Fact:
    """The fact that was written down last."""
    loaded = await house.shell.meetings.stored(house.running.id)
    return loaded.entries[-1][0].fact


async def test_a_doubtful_version_or_signed_copy_is_kept_only_with_the_answer(
    house: House, office: Browser
) -> None:
    facts: list[f.Fact] = []
    async for path in doors(house, office):
        if path.endswith("btv/files"):
            continue
        content = a_scan(100 + len(facts))
        assert await sends(office, f"{path}?name=anh.pdf", content) == refused(
            "secrecy_asked", question="scan", page=1
        )
        assert (left_over(house), kept(house, content)) == ([], False)
        assert (await sends(office, f"{path}?name=anh.pdf&ordinary=yes", content))[0] == 200
        facts.append(await newest(house))
    replaced, signed = facts
    assert isinstance(replaced, f.DocumentReplaced)
    assert isinstance(signed, f.SignedCopyTakenIn)
    assert replaced.ordinary == signed.ordinary == ConfirmedOrdinary(SECRETARY, "scan")


async def test_a_name_is_judged_again_when_its_paper_is_laid_down(
    house: House, office: Browser
) -> None:
    _, file = await sends(office, "m/btv/files?name=a.pdf", a_pdf(1))
    paper = {"sha256": file["sha256"], "item": "1", "number": "", "title": "Báo cáo"}
    assert await office.does(
        "m/btv/papers", {"papers": [{**paper, "name": "TUYET MAT.pdf", "ordinary": True}]}
    ) == refused("secret_name", said="TUYET MAT")
    asked = {"name": "MẬT/a.pdf"}
    assert await office.does("m/btv/papers", {"papers": [paper | asked]}) == refused(
        "secrecy_asked", question="folder", page=0
    )


async def test_no_paper_comes_in_beside_the_guard(house: House, office: Browser) -> None:
    _, file = await sends(office, "m/btv/files?name=anh.pdf", a_scan())
    laying = {
        "type": "document.add", "document": "d9", "item": "1", "number": "", "title": "Ảnh",
        "sha256": file["sha256"], "pages": 1, "address": "x" * 22,
    }  # fmt: skip
    sent = {"id": "command-beside", "command": laying}
    assert await office.does("m/btv/command", sent) == refused("not_allowed", 403)
    assert "d9" not in house.state.documents


# Pictures


async def test_pictures_come_in_together_as_one_paper(house: House, office: Browser) -> None:
    pictures = [a_picture(0, "JPEG"), a_picture(99), a_picture(200)]
    said = "".join(f"&size={len(one)}" for one in pictures)
    names = "name=anh1.jpg&name=anh2.png&name=anh3.png"
    status, file = await sends(office, f"m/btv/files?{names}{said}", b"".join(pictures))
    assert (status, file["pages"], file["name"]) == (200, 3, "anh1.jpg")
    assert file["doubt"] == {"question": "scan", "page": 1}
    assert left_over(house) == []


async def test_one_picture_needs_no_more_than_itself(office: Browser) -> None:
    status, file = await sends(office, "m/btv/files?name=anh.jpg", a_picture(9, "JPEG"))
    assert (status, file["pages"]) == (200, 1)
    assert papers(await seen(office)).keys() == {"d1", "d2", "d3"}


async def test_pictures_that_cannot_be_used_are_refused_by_name(
    house: House, office: Browser
) -> None:
    good, bad = a_picture(), a_picture()[:40]
    both = f"m/btv/files?name=a.png&name=b.png&size={len(good)}&size={len(bad)}"
    apple = b"\0\0\0\x24ftypheic\0\0\0\0mif1heic"
    assert await sends(office, both, good + bad) == refused("picture_broken", name="b.png")
    assert await sends(office, "m/btv/files?name=a.heic", apple) == refused("file_heic")
    assert await sends(office, both, good) == refused("malformed", 400)
    assert await sends(office, "m/btv/files?name=a.png&name=b.png", good) == refused(
        "malformed", 400
    )
    one_secret = both.replace("b.png", "MAT.png").replace(f"={len(bad)}", f"={len(good)}")
    assert await sends(office, one_secret, good + good) == refused("secret_name", said="MAT")
    assert left_over(house) == []
