"""What comes out: sizes, kinds of image, colours; made once, kept on disk and in memory."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image as Pictures

from meeting.pages import WIDTHS, Image, PageFailed, Pages, PagesLimits


def picture(image: Image) -> Pictures.Image:
    return Pictures.open(io.BytesIO(image.body))


def colours(image: Image) -> set[Any]:
    drawn = picture(image).convert("RGB")
    return {colour for _, colour in drawn.getcolors(drawn.width * drawn.height) or []}


def is_red(colour: tuple[int, int, int]) -> bool:
    red, green, blue = colour
    return red > 190 and green < 90 and blue < 90


async def failure(pages: Pages, sha256: str, page: int, width: int = 1600, turn: int = 0) -> str:
    with pytest.raises(PageFailed) as failed:
        await pages.image(sha256, page, width, turn)
    return failed.value.code


async def test_a_page_and_its_thumbnail_have_their_widths(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text())).sha256

    page, thumbnail = [await pages.image(sha256, 1, width) for width in WIDTHS]

    assert [picture(page).size, picture(thumbnail).size] == [(1600, 2264), (320, 452)]
    assert [page.media_type, thumbnail.media_type] == ["image/png", "image/png"]


async def test_plain_text_becomes_sixteen_greys(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text())).sha256

    found = colours(await pages.image(sha256, 1, 1600))

    assert len(found) <= 16
    assert {(0, 0, 0), (255, 255, 255)} <= found
    assert all(red == green == blue for red, green, blue in found)


async def test_a_red_stamp_stays_red_on_page_and_thumbnail(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.stamped())).sha256

    for width in WIDTHS:
        image = await pages.image(sha256, 1, width)
        drawn = picture(image).convert("RGB")
        on_the_ring = (round(450 * width / 595), round(650 * width / 595))
        assert image.media_type == "image/png"
        assert is_red(drawn.getpixel(on_the_ring))  # type: ignore[arg-type]  # three bands
        assert (255, 255, 255) in colours(image)


async def test_a_photograph_becomes_a_jpeg(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.photo())).sha256

    image = await pages.image(sha256, 1, 1600)

    assert (image.media_type, picture(image).format) == ("image/jpeg", "JPEG")
    assert picture(image).size == (1600, 2264)


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (100, 100, (1600, 1600)),
        (100, 2000, (500, 10_000)),
        (10, 14_000, (11, 16_000)),
        (14_000, 3, (1600, 1)),
    ],
)
async def test_no_shape_of_page_makes_too_many_pixels(
    pages: Pages, papers: Any, width: float, height: float, size: tuple[int, int]
) -> None:
    sha256 = (await pages.take_in(papers.sized(width, height))).sha256

    assert picture(await pages.image(sha256, 1, 1600)).size == size


async def test_a_smaller_pixel_limit_makes_a_smaller_image(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(limits=PagesLimits(max_pixels=10_000))
    sha256 = (await pages.take_in(papers.sized(100, 100))).sha256

    assert picture(await pages.image(sha256, 1, 1600)).size == (100, 100)


async def test_pages_that_do_not_exist_are_unknown(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text(2))).sha256

    assert await failure(pages, sha256, 0) == "page_unknown"
    assert await failure(pages, sha256, 3) == "page_unknown"
    assert await failure(pages, sha256, 1, width=1601) == "page_unknown"
    assert await failure(pages, "0" * 64, 1) == "page_unknown"
    assert await failure(pages, f"../{sha256}", 1) == "page_unknown"


@pytest.mark.parametrize("thing", ["null", "<< /Type /Pages /Kids [{n} 0 R] /Count 1 >>"])
async def test_a_broken_page_fails_alone(pages: Pages, papers: Any, thing: str) -> None:
    original = await pages.take_in(papers.second_page_replaced(thing))
    sha256 = original.sha256

    assert original.pages == 3
    assert await failure(pages, sha256, 2) == "page_failed"
    assert await failure(pages, sha256, 2) == "page_failed"
    assert pages.failed(sha256) == 1
    assert picture(await pages.image(sha256, 1, 320)).size == (320, 452)
    assert picture(await pages.image(sha256, 3, 320)).size == (320, 452)


async def test_two_who_wait_for_one_page_cost_one_rendering(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text())).sha256

    one, two = await asyncio.gather(*(pages.image(sha256, 1, 1600) for _ in range(2)))

    assert one == two
    assert pages.rendered == 1


async def test_one_who_stops_waiting_does_not_stop_the_other(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text())).sha256
    one, two = [asyncio.create_task(pages.image(sha256, 1, 1600)) for _ in range(2)]
    await asyncio.sleep(0)

    one.cancel()

    assert picture(await two).size == (1600, 2264)
    assert (one.cancelled(), pages.rendered) == (True, 1)


async def test_finished_pages_survive_a_restart(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    before = open_pages()
    sha256 = (await before.take_in(papers.text())).sha256
    image = await before.image(sha256, 1, 1600)
    await before.close()

    after = open_pages()

    assert await after.image(sha256, 1, 1600) == image
    assert (after.rendered, after.process_ids) == (0, ())


async def test_a_finished_page_cut_short_on_disk_is_drawn_again(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    before = open_pages()
    sha256 = (await before.take_in(papers.text())).sha256
    image = await before.image(sha256, 1, 1600)
    await before.close()
    file = tmp_path / "data" / "pages" / sha256[:2] / sha256 / "1-1600.png"
    file.write_bytes(image.body[:-20])

    after = open_pages()

    assert await after.image(sha256, 1, 1600) == image
    await after.close()  # whoever waits has it before the disk
    assert (after.rendered, file.read_bytes()) == (1, image.body)


async def test_memory_holds_what_was_used_last_up_to_its_limit(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages()
    sha256 = (await pages.take_in(papers.text(3))).sha256
    images = [await pages.image(sha256, page, 320) for page in (1, 2, 3)]
    two = sum(sorted(len(image.body) for image in images)[1:])

    tight = open_pages(cache_bytes=two)
    for page in (1, 2, 1, 3):
        await tight.image(sha256, page, 320)

    assert [tight.cached(sha256, page, 320) for page in (1, 2, 3)] == [images[0], None, images[2]]


async def test_a_prepared_document_is_made_whole_and_tells_its_progress(
    pages: Pages, papers: Any
) -> None:
    sha256 = (await pages.take_in(papers.text(3))).sha256
    told: list[tuple[str, int]] = []
    whole = asyncio.Event()

    def tell(document: str, finished: int) -> None:
        told.append((document, finished))
        if finished == 3:
            whole.set()

    pages.on_progress = tell
    pages.prepare(sha256, 3)
    await whole.wait()

    assert told == [(sha256, 1), (sha256, 2), (sha256, 3)]
    assert pages.progress(sha256) == 3


async def test_the_page_on_screen_is_made_first_and_its_document_after_it(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    pages = open_pages(workers=1)
    sha256 = (await pages.take_in(papers.text(3))).sha256
    in_memory: list[list[int]] = []
    whole = asyncio.Event()

    def look(document: str, finished: int) -> None:
        in_memory.append([n for n in (1, 2, 3) if pages.cached(document, n, 1600) is not None])
        if finished == 3:
            whole.set()

    pages.on_progress = look
    pages.focus(sha256, 2, 3)
    await whole.wait()

    assert in_memory == [[2], [2, 3], [1, 2, 3]]


async def test_what_there_was_no_room_for_is_kept_when_there_is_room_again(
    open_pages: Callable[..., Pages], papers: Any, tmp_path: Path
) -> None:
    low = True
    pages = open_pages(low=lambda: low)
    sha256 = (await pages.take_in(papers.text(3))).sha256
    whole = asyncio.Event()
    pages.on_progress = lambda _, finished: whole.set() if finished == 3 else None
    pages.prepare(sha256, 3)
    while not (pages.rendered == 6 and pages.figures()["making"] == 0):  # noqa: ASYNC110
        await asyncio.sleep(0)
    kept = tmp_path / "data" / "pages" / sha256[:2] / sha256
    assert (pages.progress(sha256), kept.exists()) == (0, False)

    low = False
    pages.room_again()
    await whole.wait()

    await pages.close()
    assert sorted(file.name for file in kept.glob("*-1600.png")) == [
        f"{page}-1600.png" for page in (1, 2, 3)
    ]
    assert pages.rendered <= 12


async def test_of_a_drawing_nothing_is_made_ahead_that_there_is_no_room_for(
    open_pages: Callable[..., Pages], tmp_path: Path
) -> None:
    pdf: Any = pymupdf.open()
    pdf.new_page(width=2384, height=1684).draw_line((100, 100), (2000, 1500))
    pdf.save(tmp_path / "plan.pdf")
    pages = open_pages(low=lambda: True)
    sha256 = (await pages.take_in(tmp_path / "plan.pdf")).sha256

    await pages.image(sha256, 1, 320)
    while pages.figures()["making"] > 0:  # noqa: ASYNC110 - nobody tells when
        await asyncio.sleep(0)

    assert pages.rendered == 1


async def test_a_page_that_cannot_be_kept_on_disk_is_shown(
    pages: Pages, papers: Any, tmp_path: Path
) -> None:
    sha256 = (await pages.take_in(papers.text())).sha256
    (tmp_path / "data" / "pages" / sha256[:2]).write_bytes(b"in the way")

    assert picture(await pages.image(sha256, 1, 320)).size == (320, 452)


async def test_progress_is_known_again_after_a_restart(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    before = open_pages()
    sha256 = (await before.take_in(papers.text(2))).sha256
    for page in (1, 2):
        for width in WIDTHS:
            await before.image(sha256, page, width)
    await before.close()
    after = open_pages()
    told: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()
    after.on_progress = lambda document, finished: told.set_result((document, finished))

    after.prepare(sha256, 2)

    assert await told == (sha256, 2)
    assert (after.progress(sha256), after.rendered) == (2, 0)


# Pages stood upright


def corner(image: Image) -> str:
    """In which corner of the page the ink lies."""
    drawn = picture(image).convert("L")
    width, height = drawn.size
    box = drawn.point([255 * (tone < 128) for tone in range(256)]).getbbox()
    assert box is not None
    left, top, right, bottom = box
    down = "top" if top + bottom < height else "bottom"
    return f"{down} {'left' if left + right < width else 'right'}"


async def test_a_page_is_turned_clockwise_by_quarters(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.sized(300, 400))).sha256

    turned = [await pages.image(sha256, 1, 1600, turn) for turn in range(4)]

    assert [corner(image) for image in turned] == [
        "top left",
        "top right",
        "bottom right",
        "bottom left",
    ]
    assert [picture(image).size for image in turned] == [
        (1600, 2133),
        (1600, 1200),
        (1600, 2133),
        (1600, 1200),
    ]
    assert await failure(pages, sha256, 1, turn=4) == "page_unknown"
    assert await failure(pages, sha256, 1, turn=-1) == "page_unknown"


@pytest.mark.parametrize("turn", [1, 2, 3])
async def test_no_turned_shape_makes_too_many_pixels(pages: Pages, papers: Any, turn: int) -> None:
    sha256 = (await pages.take_in(papers.sized(2000, 100))).sha256

    width, height = picture(await pages.image(sha256, 1, 1600, turn)).size

    assert (width, height) == ((500, 10_000) if turn % 2 else (1600, 80))


async def test_turned_pages_are_kept_beside_those_that_are_not(
    open_pages: Callable[..., Pages], papers: Any
) -> None:
    before = open_pages()
    sha256 = (await before.take_in(papers.text(2))).sha256
    images = [await before.image(sha256, 1, width, turn) for width in WIDTHS for turn in (0, 3)]
    await before.close()

    after = open_pages()

    again = [await after.image(sha256, 1, width, turn) for width in WIDTHS for turn in (0, 3)]
    assert (again, after.rendered, len({image.body for image in images})) == (images, 0, 4)


async def test_a_document_with_a_turned_page_is_made_as_it_stands(
    pages: Pages, papers: Any, tmp_path: Path
) -> None:
    sha256 = (await pages.take_in(papers.text(3))).sha256
    whole = asyncio.Event()

    def tell(_: str, finished: int) -> None:
        if finished == 3:
            whole.set()

    pages.on_progress = tell
    pages.prepare(sha256, 3, {2: 1})
    await whole.wait()

    assert (pages.progress(sha256), pages.failed(sha256)) == (3, 0)
    made = {file.name for file in (tmp_path / "data" / "pages" / sha256[:2] / sha256).iterdir()}
    assert {name for name in made if "-1600" in name} == {
        "1-1600.png",
        "2-1600-1.png",
        "3-1600.png",
    }
    await pages.image(sha256, 2, 1600)
    assert pages.progress(sha256) == 3


async def test_a_page_that_a_paper_has_no_more_has_failed(pages: Pages, papers: Any) -> None:
    sha256 = (await pages.take_in(papers.text(1))).sha256

    pages.prepare(sha256, 2)

    assert await failure(pages, sha256, 2) == "page_failed"
    assert pages.failed(sha256) == 1
