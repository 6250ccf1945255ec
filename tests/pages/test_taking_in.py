"""A PDF is taken in or refused with a code; a refusal leaves nothing behind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

import pytest

from meeting.pages import FileRefused, Original, Pages, PagesLimits
from tests.helpers.active_papers import paper


async def refusal(pages: Pages, path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        await pages.take_in(path)
    return refused.value.code


def originals(tmp_path: Path) -> list[str]:
    return sorted(file.name for file in (tmp_path / "data" / "originals").iterdir())


async def test_a_paper_is_kept_under_its_content(pages: Pages, papers: Any, tmp_path: Path) -> None:
    path = papers.text(3)
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()

    assert await pages.take_in(path) == Original(sha256, 3, len(content))
    assert (tmp_path / "data" / "originals" / f"{sha256}.pdf").read_bytes() == content


async def test_the_same_paper_twice_is_kept_once(pages: Pages, papers: Any, tmp_path: Path) -> None:
    path = papers.text(2)
    first = await pages.take_in(path)
    second = await pages.take_in(papers.raw(path.read_bytes(), "again.pdf"))

    assert first == second
    assert originals(tmp_path) == [f"{first.sha256}.pdf"]


async def test_files_that_cannot_be_shown_are_refused_and_not_kept(
    pages: Pages, papers: Any, tmp_path: Path
) -> None:
    whole = papers.text(1).read_bytes()
    files = {
        "locked": papers.locked(),
        "empty": papers.raw(b"", "empty.pdf"),
        "web page": papers.raw(b"<html><body>Hello</body></html>", "page.pdf"),
        "rubbish": papers.raw(b"%PDF-1.7\n" + bytes(range(256)) * 8, "rubbish.pdf"),
        "beginning": papers.raw(whole[:60], "beginning.pdf"),
        "no pages": papers.raw(no_pages(), "none.pdf"),
    }

    assert {name: await refusal(pages, path) for name, path in files.items()} == {
        "locked": "file_locked",
        "empty": "file_empty",
        "web page": "file_not_pdf",
        "rubbish": "file_broken",
        "beginning": "file_broken",
        "no pages": "file_empty",
    }
    assert originals(tmp_path) == []


async def test_a_paper_has_the_pages_that_are_there_whatever_it_claims(
    pages: Pages, papers: Any
) -> None:
    kids = b"/Kids [3 0 R]"
    claiming = paper().replace(b"/Count 1", b"/Count 3")
    claiming_all = claiming.replace(kids, b"/Kids []")

    original = await pages.take_in(papers.raw(claiming, "claiming.pdf"))

    assert original.pages == 1
    assert (await pages.image(original.sha256, 1, 320)).media_type == "image/png"
    assert await refusal(pages, papers.raw(claiming_all, "all.pdf")) == "file_broken"


async def test_too_large_and_too_long_are_refused(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    path = papers.text(4)
    small = open_pages(limits=PagesLimits(max_file_bytes=path.stat().st_size - 1))
    short = open_pages(limits=PagesLimits(max_pages=3))
    exact = open_pages(limits=PagesLimits(max_file_bytes=path.stat().st_size, max_pages=4))

    assert await refusal(small, path) == "file_too_large"
    assert await refusal(short, path) == "file_too_many_pages"
    assert originals(tmp_path) == []
    assert (await exact.take_in(path)).pages == 4


async def test_a_refusal_does_not_remove_the_same_paper_taken_in_before(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    path = papers.text(4)
    kept = await open_pages().take_in(path)

    assert await refusal(open_pages(limits=PagesLimits(max_pages=3)), path) == "file_too_many_pages"
    assert originals(tmp_path) == [f"{kept.sha256}.pdf"]


async def test_a_copy_left_half_written_is_removed_at_the_start(
    open_pages: Callable[..., Pages], tmp_path: Path
) -> None:
    (tmp_path / "data" / "originals" / "abc.partial").write_bytes(b"%PDF-")

    await open_pages().start()

    assert originals(tmp_path) == []


async def test_what_is_printed_is_judged_beside_the_loop(pages: Pages, papers: Any) -> None:
    judged: list[bool] = []
    await pages.take_in(papers.text(1), lambda _: judged.append(current_thread() is main_thread()))
    assert judged == [False]


def no_pages() -> bytes:
    """A correct PDF without a single page, cross-reference table included."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
    )
    out = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 3\n0000000000 65535 f \n" + table + trailer
