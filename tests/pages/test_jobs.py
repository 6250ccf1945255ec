"""The order in which pages are drawn."""

from __future__ import annotations

from meeting.pages.jobs import CLOSER, STALE_MOST, TEXT, WIDTHS, Need, Queue, Work

PAGE, THUMBNAIL = WIDTHS


def prepared(*documents: str, pages: int = 3) -> Queue:
    queue = Queue()
    for document in documents:
        for page in range(1, pages + 1):
            for width in WIDTHS:
                queue.prepare(Work(document, page, width))
    return queue


def drain(queue: Queue) -> str:
    """What comes out, as a1 for page 1 of document a and a1t for its thumbnail."""
    taken = []
    while (work := queue.take()) is not None:
        taken.append(f"{work.sha256}{work.page}{'t' if work.width == THUMBNAIL else ''}")
    return " ".join(taken)


def test_documents_are_prepared_one_after_the_other_page_by_page() -> None:
    assert drain(prepared("b", "a", pages=2)) == "b1 b1t b2 b2t a1 a1t a2 a2t"


def test_the_page_on_screen_comes_first_then_its_neighbours_then_its_document() -> None:
    queue = prepared("a", pages=1)
    for page in range(1, 10):
        for width in (THUMBNAIL, PAGE):
            queue.prepare(Work("b", page, width))

    queue.focus("b", 5)

    assert drain(queue) == ("b5 b6 b4 b7 b3 b8 b2 b5t b6t b4t b7t b3t b8t b2t b9 b9t b1 b1t a1 a1t")


def test_a_document_that_left_the_screen_goes_back_to_its_place() -> None:
    queue = prepared("a", "b", pages=2)
    queue.focus("b", 2)
    queue.focus("a", 2)

    assert drain(queue) == "a2 a1 a2t a1t b1 b1t b2 b2t"


def test_what_somebody_waits_for_comes_before_all_but_the_page_on_screen() -> None:
    queue = prepared("a", "b", pages=2)
    queue.focus("a", 1)
    queue.ask(Work("b", 2, PAGE), Need.ASKED)

    assert drain(queue) == "a1 b2 a2 a1t a2t b1 b1t b2t"


def test_asking_again_never_delays() -> None:
    queue = prepared("a")
    queue.ask(Work("a", 3, PAGE), Need.NOW)
    queue.ask(Work("a", 2, PAGE), Need.ASKED)
    queue.ask(Work("a", 3, PAGE), Need.LATER)
    queue.prepare(Work("a", 3, PAGE))

    assert drain(queue) == "a3 a2 a1 a1t a2t a3t"


def test_a_work_asked_for_keeps_its_place_when_the_focus_moves() -> None:
    queue = prepared("a", "b")
    queue.ask(Work("a", 3, PAGE), Need.ASKED)
    queue.focus("a", 1)
    queue.focus("b", 1)

    assert drain(queue) == "b1 a3 b2 b3 b1t b2t b3t a1 a1t a2 a2t a3t"


def test_a_document_that_hurt_a_worker_comes_last_unless_it_is_waited_for() -> None:
    queue = prepared("a", "b", pages=2)
    queue.doubt("a")
    queue.ask(Work("a", 2, THUMBNAIL), Need.ASKED)

    assert drain(queue) == "a2t b1 b1t b2 b2t a1 a1t a2"


def test_of_what_is_waited_for_the_documents_that_hurt_a_worker_come_last() -> None:
    queue = prepared("a", "b", pages=1)
    queue.doubt("a")
    queue.ask(Work("a", 1, PAGE), Need.ASKED)
    queue.ask(Work("b", 1, THUMBNAIL), Need.ASKED)

    assert drain(queue) == "b1t a1 b1 a1t"


def test_documents_under_doubt_are_left_where_they_are_to_be() -> None:
    queue = prepared("a", "b", pages=1)
    words = Work("a", 1, TEXT)
    queue.prepare(words)
    queue.doubt("a")
    queue.focus("a", 1)

    assert queue.take(doubtful=False) == Work("b", 1, PAGE)
    queue.doubt("b")
    assert queue.take(doubtful=False) is None
    assert [queue.take() for _ in range(5)] == [
        Work("a", 1, PAGE), Work("a", 1, THUMBNAIL), Work("b", 1, THUMBNAIL), words, None
    ]  # fmt: skip


def test_a_document_that_is_trusted_again_has_all_its_works() -> None:
    queue = prepared("a", "b", pages=1)
    queue.prepare(Work("a", 1, TEXT))
    queue.doubt("a", for_good=False)
    queue.trust("a")

    taken = [queue.take(doubtful=False) for _ in range(6)]
    assert taken[:2] == [Work("a", 1, PAGE), Work("a", 1, THUMBNAIL)]
    assert taken[4:] == [Work("a", 1, TEXT), None]


def test_pieces_of_other_papers_can_be_left_for_later_while_one_is_on_screen() -> None:
    queue = Queue()
    piece, other = Work("a", 1, 4800, 0, 1), Work("a", 1, PAGE)
    queue.ask(piece, Need.SHARPER)
    queue.ask(other, Need.LATER)

    assert queue.first(elsewhere=False) == piece
    queue.focus("b", 1)
    assert queue.first(elsewhere=False) == other
    queue.focus("a", 2)
    assert queue.first(elsewhere=False) == piece


def test_pieces_of_a_page_are_made_one_after_the_other_until_many_wait() -> None:
    queue = Queue()
    pieces = [Work("a", 1, 4800, 0, tile) for tile in range(1, 10)]
    for piece in pieces[:3]:
        queue.ask(piece, Need.SHARPER)
    queue.ask(Work("a", 2, 4800, 0, 1), Need.SHARPER)
    queue.ask(Work("a", 1, PAGE), Need.LATER)

    assert [queue.take() for _ in range(4)] == [
        pieces[0], Work("a", 2, 4800, 0, 1), Work("a", 1, PAGE), None
    ]  # fmt: skip
    queue.done(pieces[0])
    assert (queue.take(), queue.take()) == (pieces[1], None)
    for piece in pieces[3:]:
        queue.ask(piece, Need.SHARPER)
    assert (queue.take(), queue.take()) == (pieces[2], None)


def test_leafing_through_a_paper_does_not_fill_the_memory() -> None:
    queue = prepared("a", pages=100)
    for _ in range(10):
        for page in range(1, 101):
            queue.focus("a", page)
    assert (
        sum(map(len, queue._heaps.values())) <= 2 * len(queue) + STALE_MOST
    )  # 200 entries for each page turn
    assert drain(queue).split()[:3] == ["a100", "a99", "a98"]


def test_one_page_at_a_time_is_made_ready_to_be_looked_at_closely() -> None:
    queue = prepared("a", "b", pages=1)
    queue.focus("b", 1)
    ready, other = Work("b", 1, CLOSER), Work("b", 2, CLOSER)
    queue.prepare(ready)
    queue.prepare(other)
    piece, coarse = Work("b", 1, 4800, 0, 3), Work("b", 1, 3200, 0, 3)

    assert [queue.take() for _ in range(3)] == [Work("b", 1, PAGE), ready, Work("b", 1, THUMBNAIL)]
    queue.ask(piece, Need.SHARPER)
    queue.ask(coarse, Need.SHARPER)
    assert queue.take() == coarse
    queue.done(coarse)
    assert drain(queue) == "a1 a1t"
    queue.done(ready)
    assert [queue.take() for _ in range(3)] == [piece, other, None]
