"""The text of documents: read when there is time or when asked for, kept, found, destroyed."""

from __future__ import annotations

import gzip
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pymupdf
import pytest

from meeting.pages import PageFailed, Pages, PagesLimits
from meeting.pages.finding import query_of
from meeting.pages.jobs import TEXT, Need, Queue, Work
from meeting.pages.searching import Searching
from meeting.pages.texts import EMPTY, LOST_MOST, DocumentText

mupdf: Any = pymupdf
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")


async def whole(pages: Pages, sha256: str, count: int) -> DocumentText:
    """Every page, asked for one by one."""
    for number in range(1, count + 1):
        await pages.texts.page(sha256, number, count)
    return await pages.texts.document(sha256, count)


def kept(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "data").rglob("text.json.gz"))


async def test_a_page_is_read_when_it_is_asked_for(pages: Pages, papers: Any) -> None:
    original = await pages.take_in(papers.text(3))
    text = await pages.texts.page(original.sha256, 2, 3)
    assert text.text.startswith("Page 2, line 0 of the paper Page 2, line 1 of")
    assert (len(text.text.split()), len(text.boxes), len(text.lines)) == (280, 1120, 40)


@pytest.mark.parametrize("number", [0, 4, -1])
async def test_a_page_that_is_not_there_is_unknown(pages: Pages, papers: Any, number: int) -> None:
    original = await pages.take_in(papers.text(3))
    with pytest.raises(PageFailed) as failed:
        await pages.texts.page(original.sha256, number, 3)
    assert failed.value.code == "page_unknown"


def test_text_is_read_when_there_is_nothing_to_draw_or_somebody_waits_for_it() -> None:
    queue = Queue()
    queue.focus("b", 1)
    text, other = Work("b", 1, TEXT), Work("b", 2, TEXT)
    images = [Work("b", 1, 1600), Work("b", 1, 320), Work("a", 1, 1600), Work("a", 1, 320)]
    for work in (text, other, *images):
        queue.prepare(work)
    queue.ask(other, Need.SHARPER)
    assert [queue.take() for _ in range(6)] == [images[0], other, *images[1:], text]


async def test_all_of_a_document_is_read_that_is_prepared(pages: Pages, papers: Any) -> None:
    original = await pages.take_in(papers.text(3))
    pages.prepare(original.sha256, 3)
    document = await whole(pages, original.sha256, 3)
    assert [page is not None and page.text[:6] for page in document.pages] == [
        *("Page 1", "Page 2", "Page 3")
    ]


async def test_text_once_read_is_found_again_without_a_worker(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    first = open_pages()
    original = await first.take_in(papers.headed())
    read = await whole(first, original.sha256, 1)
    await first.close()

    again = open_pages()
    found = await again.texts.page(original.sha256, 1, 1)

    assert (found.text, list(found.boxes)) == (read.pages[0].text, list(read.pages[0].boxes))  # type: ignore[union-attr]
    assert again.process_ids == ()
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(b"{}"),
        gzip.compress(b'{"version":1,"outline":[],"pages":[]}'),
    ],
    ids=["empty", "no gzip", "no text", "no pages"],
)
async def test_a_kept_text_that_is_not_whole_is_read_anew(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path, content: bytes
) -> None:
    first = open_pages()
    original = await first.take_in(papers.headed())
    await whole(first, original.sha256, 1)
    (file,) = kept(tmp_path)
    file.write_bytes(content)

    again = open_pages()
    assert "TO TRINH" in (await again.texts.page(original.sha256, 1, 1)).text


async def test_a_destroyed_document_has_no_text_anywhere(
    pages: Pages, papers: Any, tmp_path: Path
) -> None:
    original = await pages.take_in(papers.text(2))
    await whole(pages, original.sha256, 2)
    assert len(kept(tmp_path)) == 1

    await pages.erase(original.sha256)

    assert kept(tmp_path) == []
    with pytest.raises(PageFailed):
        await pages.texts.page(original.sha256, 1, 2)
    query = query_of("paper")
    assert query is not None
    ((searched,), _) = await Searching(pages.texts).look(query, [(original.sha256, 2)], "an")
    assert searched.hits == ()


async def test_a_scan_says_that_it_has_no_words(pages: Pages, papers: Any) -> None:
    original = await pages.take_in(papers.photo())
    document = await whole(pages, original.sha256, 1)
    assert (document.wordless, document.pages) == (True, [document.pages[0]])


@posix
async def test_a_page_whose_reader_was_killed_has_no_words_and_is_read_when_asked_for_again(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    pages = open_pages(workers=1, limits=PagesLimits(text_seconds=1.5))
    original = await pages.take_in(papers.text(2))
    os.kill(pages.process_ids[0], signal.SIGSTOP)

    assert await pages.texts.page(original.sha256, 1, 2) is EMPTY
    assert (await pages.texts.page(original.sha256, 2, 2)).text != ""
    assert (await pages.texts.page(original.sha256, 1, 2)).text != ""
    assert len(kept(tmp_path)) == 1


@posix
async def test_a_paper_that_hurt_its_readers_is_left_alone_for_a_while(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=1, limits=PagesLimits(text_seconds=1.5))
    original = await pages.take_in(papers.text(LOST_MOST + 2))
    for page in range(1, LOST_MOST + 1):
        await pages.image(original.sha256, page, 320)
        os.kill(pages.process_ids[0], signal.SIGSTOP)
        assert await pages.texts.page(original.sha256, page, LOST_MOST + 2) is EMPTY
    assert await pages.texts.page(original.sha256, LOST_MOST + 1, LOST_MOST + 2) is EMPTY
    document = await pages.texts.document(original.sha256, LOST_MOST + 2)
    assert not document.wordless
    document.rests_until = 0.0
    assert (await pages.texts.page(original.sha256, LOST_MOST + 1, LOST_MOST + 2)).text != ""


@posix
async def test_a_page_that_kills_its_reader_twice_has_no_words_until_the_next_start(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    pages = open_pages(workers=1, limits=PagesLimits(text_seconds=1.5))
    original = await pages.take_in(papers.text(1))
    for width in (320, 800):
        await pages.image(original.sha256, 1, width)
        os.kill(pages.process_ids[0], signal.SIGSTOP)
        assert await pages.texts.page(original.sha256, 1, 1) is EMPTY
    assert await pages.texts.page(original.sha256, 1, 1) is EMPTY
    await pages.close()
    assert kept(tmp_path) == []

    again = open_pages()
    assert (await again.texts.page(original.sha256, 1, 1)).text != ""


async def test_what_a_child_should_not_say_is_no_text(
    open_pages: Callable[..., Pages], papers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = open_pages()
    original = await pages.take_in(papers.text(1))
    good: dict[str, Any] = {"words": ["a", "b"], "boxes": [1] * 8, "lines": [0], "blocks": [0]}
    wrong: list[Any] = [
        [],
        {},
        good | {"words": ["a", "b c"]},
        good | {"words": ["a"]},
        good | {"boxes": [1] * 7},
        good | {"boxes": [10_001] * 8},
        good | {"boxes": [-1] * 8},
        good | {"lines": [1]},
        good | {"lines": [0, 2]},
        good | {"blocks": [0, 0]},
        good | {"words": ["a" * 101, "b"]},
        {"words": ["a" * 100] * 801, "boxes": [1] * 3204, "lines": [0], "blocks": [0]},
        good | {"label": "i" * 21},
        good | {"outline": [[0, "x", 1]]},
        good | {"more": 1},
    ]
    said: list[bytes] = [*map(msgspec.json.encode, wrong), b"\xff\xfe", b"[" * 100_000]

    async def speaks(*_: object) -> bytes:
        return said[0]

    monkeypatch.setattr(pages._pool, "read", speaks)
    texts = []
    for body in [*said, msgspec.json.encode(good)]:
        said[0] = body
        pages.texts.drop(original.sha256)
        texts.append((await pages.texts.page(original.sha256, 1, 1)).text)
        for file in pages.original(original.sha256).parents[1].rglob("text.json.gz"):
            file.unlink()
    assert texts == [""] * len(said) + ["a b"]


async def test_contents_come_with_the_first_page_and_names_with_each(
    pages: Pages, papers: Any
) -> None:
    pdf = mupdf.open("pdf", papers.text(3).read_bytes())
    pdf.set_toc([[1, "Phần I", 1], [2, "Mục 1", 2]])
    pdf.set_page_labels([{"startpage": 0, "style": "r"}])
    original = await pages.take_in(papers.save(pdf, "contents.pdf"))
    document = await whole(pages, original.sha256, 3)
    assert document.outline == [(1, "Phần I", 1), (2, "Mục 1", 2)]
    assert [page and page.label for page in document.pages] == ["i", "ii", "iii"]


async def test_a_search_tells_exact_hits_first_and_counts_them_all(
    pages: Pages, papers: Any
) -> None:
    original = await pages.take_in(papers.text(3))
    await whole(pages, original.sha256, 3)
    query = query_of("line 3")
    assert query is not None
    ((searched,), finished) = await Searching(pages.texts).look(query, [(original.sha256, 3)], "an")
    assert finished
    # line 3, and 30 to 39, on each of three pages
    assert (searched.count, len(searched.hits), searched.whole) == (33, 33, True)
    assert [hit.page for hit in searched.hits] == [1] * 11 + [2] * 11 + [3] * 11
