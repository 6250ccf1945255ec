"""A locked file: refused with a code, sent once more with its password, taken in without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pymupdf

from tests.routes.conftest import House
from tests.routes.office.conftest import Browser, refused

mupdf: Any = pymupdf

PASSWORD: Final = "Đại hội 2026"
SENT: Final = "/office/api/m/btv/files?name=1.1_bao-cao.pdf"


def locked() -> bytes:
    pdf = mupdf.open()
    pdf.new_page(width=595, height=842).insert_text((72, 72), "Bao cao")
    options = {"user_pw": PASSWORD, "owner_pw": "o"}
    written: bytes = pdf.tobytes(encryption=mupdf.PDF_ENCRYPT_AES_256, **options)
    return written


async def sends(office: Browser, password: str | None = None) -> Any:
    said = {} if password is None else {"x-file-password": quote(password)}
    answer = await office.http.put(SENT, content=locked(), headers={"x-phien": "1"} | said)
    return answer.status_code, answer.json()


def left(house: House) -> list[Path]:
    return [*house.shell.pages.incoming.iterdir()]


async def test_a_locked_file_is_refused_then_taken_in_with_its_password(
    house: House, office: Browser
) -> None:
    before = left(house)
    assert await sends(office) == refused("file_locked")
    assert await sends(office, "sai") == refused("file_password_wrong")
    assert left(house) == before

    status, taken = await sends(office, PASSWORD)

    assert (status, taken["pages"]) == (200, 1)
    (kept,) = set(left(house)) - set(before)
    assert kept.name == f"{taken['sha256']}.pdf"
    assert not mupdf.open(kept).needs_pass


async def test_a_password_for_a_file_that_needs_none_does_no_harm(office: Browser) -> None:
    pdf = mupdf.open()
    pdf.new_page()
    headers = {"x-phien": "1", "x-file-password": "thua"}
    answer = await office.http.put(SENT, content=pdf.tobytes(), headers=headers)
    assert (answer.status_code, answer.json()["pages"]) == (200, 1)
