"""A locked paper is opened with its password; the password stays nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pymupdf
import pytest

from meeting.pages import FileRefused, Pages, PagesLimits

mupdf: Any = pymupdf

PASSWORD: Final = "mật khẩu của tổ"
OWNER: Final = "owner"


def locked(papers: Any, kind: int, user: str) -> Path:
    pdf = mupdf.open("pdf", papers.text(2).read_bytes())
    path: Path = papers.save(pdf, "locked.pdf", encryption=kind, user_pw=user, owner_pw=OWNER)
    return path


async def refusal(pages: Pages, path: Path, password: str, copy: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        await pages.unlock(path, password, copy)
    return refused.value.code


@pytest.mark.parametrize(
    ("kind", "user"),
    [
        (mupdf.PDF_ENCRYPT_AES_256, PASSWORD),
        (mupdf.PDF_ENCRYPT_AES_128, "abc"),
        (mupdf.PDF_ENCRYPT_RC4_40, "abc"),
    ],
)
async def test_a_locked_paper_is_taken_in_without_its_lock(
    pages: Pages, papers: Any, tmp_path: Path, kind: int, user: str
) -> None:
    path, copy = locked(papers, kind, user), tmp_path / "copy.pdf"
    for password in (user, OWNER):
        copy.touch()
        await pages.unlock(path, password, copy)

        original = await pages.take_in(copy)
        first = original.printed[0].lines[0]
        assert (original.pages, first.text) == (2, "Page 1, line 0 of the paper")
        assert b"/Encrypt" not in pages.original(original.sha256).read_bytes()


async def test_a_wrong_password_writes_nothing(pages: Pages, papers: Any, tmp_path: Path) -> None:
    path, copy = locked(papers, mupdf.PDF_ENCRYPT_AES_256, PASSWORD), tmp_path / "copy.pdf"
    copy.touch()

    wrong = ("", "sai", PASSWORD.upper(), "x" * 5000)
    assert {await refusal(pages, path, password, copy) for password in wrong[:3]} == {
        "file_password_wrong"
    }
    assert await refusal(pages, path, wrong[3], copy) == "file_broken"
    assert copy.read_bytes() == b""


async def test_what_is_no_pdf_is_refused(pages: Pages, papers: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"
    copy.touch()

    assert await refusal(pages, papers.raw(b"no pdf", "x.pdf"), "a", copy) == "file_broken"


async def test_a_copy_larger_than_allowed_is_refused_by_the_limit(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    path, copy = locked(papers, mupdf.PDF_ENCRYPT_AES_256, PASSWORD), tmp_path / "copy.pdf"
    copy.touch()
    pages = open_pages(limits=PagesLimits(max_file_bytes=path.stat().st_size - 1))

    assert await refusal(pages, path, PASSWORD, copy) == "file_too_large"


async def test_the_password_is_in_no_file(pages: Pages, papers: Any, tmp_path: Path) -> None:
    path, copy = locked(papers, mupdf.PDF_ENCRYPT_AES_256, PASSWORD), tmp_path / "copy.pdf"
    copy.touch()
    await pages.unlock(path, PASSWORD, copy)
    await pages.take_in(copy)

    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in written if PASSWORD.encode() in file] == []
