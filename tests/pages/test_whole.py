"""A whole file drawn into a folder: what is there afterwards, and what is said of it."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pictures

from meeting.pages import Pages, PagesLimits
from meeting.pages.convert import installed
from meeting.pages.whole import Drawn, Verdict, as_json, draw_whole


def let_in(_: object) -> None:
    """Nothing is kept out."""


async def drawn(
    file: Path, folder: Path, width: int = 1600, verdict: Verdict = let_in, **limits: Any
) -> Drawn:
    began = time.perf_counter()
    return await draw_whole(file, folder, width, PagesLimits(**limits), began, verdict)


def fifo(path: Path) -> Path:
    """Something to be read that never says anything; on Windows a folder."""
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
    else:
        path.mkdir()
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def size(image: Path) -> tuple[int, int]:
    return Pictures.open(io.BytesIO(image.read_bytes())).size


async def test_every_page_is_laid_down_by_its_number(papers: Any, tmp_path: Path) -> None:
    made = await drawn(papers.text(11), tmp_path / "to" / "pages", 700)

    names = files(tmp_path / "to" / "pages")
    images = [tmp_path / "to" / "pages" / name for name in names]
    assert names == [f"{number:02}.png" for number in range(1, 12)]
    assert {size(image) for image in images} == {(700, 990)}
    assert (made.pages, made.refused, made.failed_pages) == (11, None, [])
    assert made.bytes == sum(image.stat().st_size for image in images)
    assert made.first_page_ms is not None
    assert 0 < made.first_page_ms <= 1000 * made.seconds + 1


async def test_pages_are_what_the_server_makes_of_them(
    pages: Pages, papers: Any, tmp_path: Path
) -> None:
    path = papers.stamped()
    sha256 = (await pages.take_in(path)).sha256

    await drawn(path, tmp_path / "out")

    assert (tmp_path / "out" / "1.png").read_bytes() == (await pages.image(sha256, 1, 1600)).body


async def test_a_picture_is_drawn_as_the_paper_the_server_makes_of_it(tmp_path: Path) -> None:
    picture = tmp_path / "photo.jpg"
    Pictures.new("RGB", (600, 800), (20, 90, 160)).save(picture, dpi=(150, 150))

    made = await drawn(picture, tmp_path / "out", 320)

    assert (made.pages, made.refused, made.failed_pages) == (1, None, [])
    assert [size(tmp_path / "out" / name) for name in files(tmp_path / "out")] == [(320, 426)]


async def test_what_a_picture_may_cost_is_a_setting(tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    Pictures.new("RGB", (60, 80)).save(picture)

    made = await drawn(picture, tmp_path / "out", 320, picture_pixels=4_799)

    assert (made.refused, made.said) == ("picture_too_large", {"name": "photo.png"})


@pytest.mark.skipif(not installed(), reason="LibreOffice makes office files PDF")
async def test_an_office_file_is_drawn_where_libreoffice_is(tmp_path: Path) -> None:
    letter = tmp_path / "letter.rtf"
    letter.write_text(r"{\rtf1 Phi\u234?n h\u7885?p}")

    made = await drawn(letter, tmp_path / "out", 320)

    assert (made.pages, made.refused, files(tmp_path / "out")) == (1, None, ["1.png"])


async def test_an_office_file_names_the_program_that_saves_it_as_pdf(
    papers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    made = await drawn(papers.raw(b"PK\3\4 word/", "letter.docx"), tmp_path / "out")

    assert (made.refused, made.said) == ("file_from_office", {"program": "Word"})
    assert '"refused":"file_from_office"' in as_json(made)
    assert "Word" not in as_json(made)


async def test_what_an_earlier_run_left_of_a_page_goes(papers: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    await drawn(papers.photo(), out, 320)
    assert files(out) == ["1.jpg"]

    await drawn(papers.text(1), out, 320)

    assert files(out) == ["1.png"]
    assert size(out / "1.png") == (320, 452)


async def test_a_page_that_fails_is_named_and_the_others_are_drawn(
    papers: Any, tmp_path: Path
) -> None:
    made = await drawn(papers.second_page_replaced("null"), tmp_path / "out", 320)

    assert (made.pages, made.refused, made.failed_pages) == (3, None, [2])
    assert files(tmp_path / "out") == ["1.png", "3.png"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda papers: papers.locked(), "file_locked"),
        (lambda papers: papers.raw(b"<html>", "page.pdf"), "file_not_pdf"),
        (lambda papers: papers.folder / "none.pdf", "file_missing"),
        (lambda papers: papers.folder, "file_unreadable"),
        (lambda papers: fifo(papers.folder / "pipe"), "file_unreadable"),
        (lambda papers: papers.raw(b"", "empty.pdf"), "file_empty"),
        (lambda papers: papers.raw(b"\0\0\0\x24ftypheic\0\0\0\0", "a.heic"), "file_heic"),
    ],
)
async def test_what_cannot_be_shown_is_refused_and_leaves_nothing(
    papers: Any, tmp_path: Path, make: Any, code: str
) -> None:
    made = await drawn(make(papers), tmp_path / "out")

    made.seconds = 0.0
    assert made == Drawn(refused=code)
    assert files(tmp_path / "out") == []


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file of Linux")
@pytest.mark.parametrize("file", ["/proc/self/mem", "/dev/zero"])
async def test_what_cannot_be_read_to_its_end_is_no_fault_of_the_folder(
    tmp_path: Path, file: str
) -> None:
    made = await drawn(Path(file), tmp_path / "out")

    made.seconds = 0.0
    assert made == Drawn(refused="file_unreadable")
    assert files(tmp_path / "out") == []


async def test_a_file_of_more_pages_than_allowed_is_refused_though_they_could_be_drawn(
    papers: Any, tmp_path: Path
) -> None:
    made = await drawn(papers.text(3), tmp_path / "out", max_pages=2)

    assert (made.refused, files(tmp_path / "out")) == ("file_too_many_pages", [])


async def test_a_file_is_kept_out_by_what_is_printed_on_it_and_leaves_nothing(
    papers: Any, tmp_path: Path
) -> None:
    looked_through: list[list[int]] = []

    def keep_out(printed: Any) -> str:
        looked_through.append([page.page for page in printed])
        return "secret_stamp"

    made = await drawn(papers.text(11), tmp_path / "out", 320, keep_out)

    made.seconds = 0.0
    assert made == Drawn(refused="secret_stamp")
    assert looked_through == [[1, 2, 3, 4, 5]]
    assert files(tmp_path / "out") == []


async def test_a_file_nobody_can_look_into_may_be_kept_out_all_the_same(
    papers: Any, tmp_path: Path
) -> None:
    def keep_out(printed: Any) -> str | None:
        return "secret_name" if printed is None else None

    made = await drawn(papers.locked(), tmp_path / "out", 320, keep_out)

    assert (made.refused, files(tmp_path / "out")) == ("secret_name", [])
