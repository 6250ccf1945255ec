"""Papers that change: mended, replaced, stood upright, taken back, destroyed."""

from __future__ import annotations

from typing import Any

import pytest

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol import views as v
from meeting.rules.state import MeetingState, Presented, Version, Withdrawn
from meeting.rules.visibility import addresses, audience_of, view
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, no, prepared, running

NEW = make.a_version("d1", 2, pages=36)


def shown_to(state: MeetingState, seat: str) -> v.View:
    return view(state, audience_of(state, state.seats[seat]))


def paper_of(state: MeetingState, seat: str, document: str = "d1") -> v.DocumentView | None:
    for item in shown_to(state, seat).agenda.values():
        if isinstance(item.documents, dict) and document in item.documents:
            return item.documents[document]
    return None


def open_to(state: MeetingState, seat: str) -> frozenset[str]:
    return addresses(state, audience_of(state, state.seats[seat]))


# Late papers


def test_a_paper_laid_down_in_the_meeting_is_late_and_says_so() -> None:
    minutes = running("i1").office(make.a_document("d9", "i1"))
    assert minutes.state.documents["d9"].late
    paper = paper_of(minutes.state, "tuyet", "d9")
    assert paper is not None
    assert paper.late is True
    assert not minutes.state.documents["d1"].late


# Mending what is written of a paper


def test_number_and_title_are_mended_and_the_paper_stays_where_it_is() -> None:
    minutes = prepared()
    asked = p.ChangeDocument("d1", "i1", " 186-BC/ĐU ", " Báo cáo ")
    assert minutes.does(make.OFFICE, asked) == [
        f.DocumentChanged("d1", "i1", "186-BC/ĐU", "Báo cáo")
    ]
    assert minutes.does(make.OFFICE, asked) == []
    document = minutes.state.documents["d1"]
    assert (document.number, document.title, document.position) == ("186-BC/ĐU", "Báo cáo", 1)


def test_a_paper_moves_to_another_item() -> None:
    minutes = prepared()
    minutes.office(p.ChangeDocument("d1", "i2", "1", "Báo cáo"))
    assert list(shown_to(minutes.state, "an").agenda["i2"].documents or ()) == ["d1", "d2"]


def test_a_paper_does_not_move_where_none_lie_nor_while_it_is_presented() -> None:
    minutes = running("i1")
    assert minutes.refuses(make.OFFICE, p.ChangeDocument("d1", "rest", "", "x")) == no(
        "item_recess"
    )
    assert minutes.refuses(make.OFFICE, p.ChangeDocument("d1", "i9", "", "x")) == no("item_unknown")
    minutes.does("sec", make.page("d1", 3))
    assert minutes.refuses(make.OFFICE, p.ChangeDocument("d1", "i2", "", "x")) == no(
        "document_presented"
    )
    minutes.office(p.ChangeDocument("d1", "i1", "", "x"))
    assert minutes.state.presented == Presented("d1", 1, 3)


def test_papers_are_put_in_order() -> None:
    minutes = prepared()
    order = ("d7", "d2", "d1b", "d1")
    assert minutes.does(make.OFFICE, p.OrderDocuments(order)) == [f.DocumentsOrdered(order)]
    assert [(d.id, d.position) for d in minutes.state.documents.values()] == [
        ("d7", 1),
        ("d2", 2),
        ("d1b", 3),
        ("d1", 4),
    ]
    assert minutes.does(make.OFFICE, p.OrderDocuments(order)) == []


@pytest.mark.parametrize("order", [("d1",), ("d1", "d1b", "d2", "d7", "d9"), ("d1",) * 4])
def test_an_order_of_other_papers_is_outdated(order: tuple[str, ...]) -> None:
    assert prepared().refuses(make.OFFICE, p.OrderDocuments(order)) == no("order_outdated")


def test_a_paper_added_after_one_was_taken_back_comes_last() -> None:
    minutes = prepared()
    minutes.office(p.WithdrawDocument("d1", "nhầm"), make.a_document("d9", "i1"))
    assert [(d.id, d.position) for d in minutes.state.documents.values()] == [
        ("d1b", 2),
        ("d2", 3),
        ("d7", 4),
        ("d9", 5),
    ]


# Standing a page upright


def test_a_page_is_stood_upright_under_another_address() -> None:
    minutes = prepared()
    asked = p.TurnPage("d1", 3, 1, "upright-1")
    assert minutes.does(make.OFFICE, asked) == [f.PageTurned("d1", 1, 3, 1, "upright-1")]
    document = minutes.state.documents["d1"]
    assert (document.turned, document.address) == ({3: 1}, "upright-1")
    assert {"address-of-d1", "upright-1"} <= open_to(minutes.state, "an")
    assert minutes.does(make.OFFICE, p.TurnPage("d1", 3, 1, "upright-2")) == []
    minutes.office(p.TurnPage("d1", 3, 0, "upright-3"))
    assert minutes.state.documents["d1"].turned == {}
    before = [(one.address, one.turned) for one in minutes.state.documents["d1"].before_turns]
    assert before == [("address-of-d1", {}), ("upright-1", {3: 1})]
    assert minutes.refuses(make.OFFICE, p.TurnPage("d1", 4, 1, "upright-1")) == no("malformed")


def test_what_is_to_be_collected_is_open_under_no_earlier_address() -> None:
    minutes = prepared()
    minutes.office(p.TurnPage("d1", 3, 1, "upright-1"))
    minutes.office(p.MarkToCollect("d1", collect=True, addresses=("marked-1",)))
    assert open_to(minutes.state, "an") & {"address-of-d1", "upright-1", "marked-1"} == {"marked-1"}


@pytest.mark.parametrize(
    ("by", "ends", "reader"),
    [
        ("chair", c.StartItem("i2"), "hoa"),
        ("sec", p.WithdrawDocument("d1", "nhầm"), "an"),
        (make.OFFICE, NEW, "an"),
    ],
    ids=["the guest's item is over", "withdrawn", "replaced"],
)
def test_an_earlier_address_ends_with_what_it_stood_for(
    by: Any, ends: c.Command, reader: str
) -> None:
    minutes = running("i1").office(p.TurnPage("d1", 3, 1, "upright-1"))
    assert "address-of-d1" in open_to(minutes.state, reader)
    minutes.does(by, ends)
    assert "address-of-d1" not in open_to(minutes.state, reader)


def test_only_pages_there_are_can_be_turned() -> None:
    asked = p.TurnPage("d1", 35, 1, "upright-1")
    assert prepared().refuses(make.OFFICE, asked) == no("page_unknown", pages=34)
    asked = p.TurnPage("d9", 1, 1, "upright-1")
    assert prepared().refuses(make.OFFICE, asked) == no("document_unknown")


def test_who_leads_turns_pages_of_papers_that_are_open_to_them() -> None:
    minutes = prepared()
    asked = p.TurnPage("d1", 3, 1, "upright-1")
    assert minutes.does(make.device("chair"), asked) == [f.PageTurned("d1", 1, 3, 1, "upright-1")]
    minutes.office(make.an_item("closed", limited_to=("an",)))
    minutes.office(make.a_document("d9", "closed", pages=2))
    asked = p.TurnPage("d9", 1, 1, "upright-9")
    assert minutes.refuses(make.device("chair"), asked) == no("not_allowed")
    assert minutes.does(make.OFFICE, asked) == [f.PageTurned("d9", 1, 1, 1, "upright-9")]


def test_no_two_papers_get_one_address() -> None:
    asked = p.TurnPage("d1", 3, 1, "address-of-d2")
    minutes = prepared()
    minutes.office(make.a_document("d2", "i1"))
    assert minutes.refuses(make.OFFICE, asked) == no("malformed")


# A new version


def test_a_new_version_takes_the_place_and_the_old_one_is_kept() -> None:
    minutes = prepared()
    minutes.office(p.TurnPage("d1", 3, 1, "upright-1"))
    assert minutes.does(make.OFFICE, NEW) == [
        f.DocumentReplaced("d1", 2, NEW.sha256, 36, NEW.address, late=False)
    ]
    document = minutes.state.documents["d1"]
    number, title = document.number, document.title
    sha256 = make.a_document("d1", "i1").sha256
    first = Version(1, sha256, 34, "upright-1", {3: 1}, number=number, title=title)
    assert (document.version, document.pages, document.turned) == (2, 36, {})
    assert document.older == (first,)
    second = Version(2, NEW.sha256, 36, NEW.address, number=number, title=title)
    assert document.versions() == (first, second)
    assert document.version_of(1) == first
    assert document.version_of(3) is None
    assert minutes.does(make.OFFICE, NEW) == []


def test_a_version_on_top_of_another_than_was_seen_is_outdated() -> None:
    minutes = prepared()
    assert minutes.refuses(make.OFFICE, make.a_version("d1", 3)) == no("order_outdated")
    minutes.office(NEW)
    other = make.a_version("d1", 2, sha256="ff" * 32)
    assert minutes.refuses(make.OFFICE, other) == no("order_outdated")
    assert minutes.refuses(make.OFFICE, make.a_version("d9", 2)) == no("document_unknown")


def test_a_replaced_paper_moves_nobody_until_the_new_one_is_presented() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    turn = minutes.state.turn
    minutes.office(NEW)
    assert (minutes.state.presented, minutes.state.turn) == (Presented("d1", 1, 7), turn)
    paper = paper_of(minutes.state, "tuyet")
    assert paper is not None
    assert (paper.version, paper.address, paper.late) == (2, NEW.address, True)
    assert paper.older == {"1": v.VersionView(34, "address-of-d1")}
    assert {"address-of-d1", NEW.address} <= open_to(minutes.state, "tuyet")
    assert open_to(minutes.state, "wall") == {"address-of-d1", NEW.address}
    minutes.does("sec", make.page("d1", 8))
    assert minutes.state.presented == Presented("d1", 1, 8)
    minutes.does("sec", make.page("d1", 8, version=2))
    assert minutes.state.presented == Presented("d1", 2, 8)


def test_the_old_version_is_not_presented_anew() -> None:
    minutes = running("i1").office(NEW)
    assert minutes.refuses("sec", make.page("d1", 1)) == no("document_unknown")
    minutes.does("sec", make.page("d1", 1, version=2))
    assert minutes.refuses("sec", make.page("d1", 1)) == no("document_unknown")


def test_the_old_version_has_its_own_number_of_pages() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 34))
    minutes.office(make.a_version("d1", 2, pages=2))
    minutes.does("sec", make.page("d1", 33))
    assert minutes.refuses("sec", make.page("d1", 33, version=2)) == no("page_unknown", pages=2)


# Taking a paper back


def test_a_withdrawn_paper_is_gone_from_everybody_and_stays_on_record() -> None:
    minutes = running("i1").office(NEW).at("08:10")
    minutes.does("sec", make.page("d1", 7, version=2))
    hashes = (make.a_document("d1", "i1").sha256, NEW.sha256)
    document = minutes.state.documents["d1"]
    assert minutes.does("taker", p.WithdrawDocument("d1", " phát nhầm ")) == [
        f.DocumentWithdrawn("d1", "phát nhầm", hashes)
    ]
    state = minutes.state
    assert (state.presented, state.turn) == (None, state.rev)
    assert state.withdrawn == {"d1": Withdrawn(document, make.clock("08:10"), "phát nhầm")}
    gone = {"address-of-d1", NEW.address}
    assert [seat for seat in state.seats if open_to(state, seat) & gone] == []
    assert minutes.does("sec", p.WithdrawDocument("d1", "lần nữa")) == []


def test_which_paper_was_withdrawn_and_why_is_for_chair_and_desk() -> None:
    minutes = running("i1").at("08:10")
    minutes.office(p.WithdrawDocument("d1", "nhầm"), p.WithdrawDocument("d7", "khác"))
    at = make.clock("08:10")
    told = {seat: shown_to(minutes.state, seat).withdrawn for seat in minutes.state.seats}
    first = v.WithdrawnView(at, "d1-BC/TU", "Báo cáo d1", "nhầm")
    second = v.WithdrawnView(at, "d7-BC/TU", "Báo cáo d7", "khác")
    plain = v.WithdrawnView(at)
    assert told["chair"] == told["sec"] == {"d1": first, "d7": second}
    assert told["taker"] == {"d1": first}
    assert told["an"] == told["wall"] == {"d1": plain, "d7": plain}
    assert told["anh"] == told["hoa"] == {"d1": plain}
    assert "tech" in told
    assert not told["tech"]


def test_withdrawing_another_paper_leaves_the_page_on_show() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    turn = minutes.state.turn
    minutes.does("sec", p.WithdrawDocument("d1b", "nhầm"))
    assert (minutes.state.presented, minutes.state.turn) == (Presented("d1", 1, 7), turn)


def test_withdrawing_wants_a_reason_and_a_paper() -> None:
    minutes = running("i1")
    assert minutes.refuses("sec", p.WithdrawDocument("d1", "  ")) == no("reason_needed")
    assert minutes.refuses("sec", p.WithdrawDocument("d9", "nhầm")) == no("document_unknown")


def test_what_was_withdrawn_does_not_come_back() -> None:
    minutes = running("i1")
    minutes.does("sec", p.WithdrawDocument("d1", "nhầm"))
    gone = no("document_withdrawn")
    assert minutes.refuses("sec", make.page("d1", 1)) == gone
    for asked in (
        make.a_document("d1", "i1"),
        NEW,
        p.ChangeDocument("d1", "i1", "", "x"),
        p.TurnPage("d1", 1, 1, "upright-1"),
    ):
        assert minutes.refuses(make.OFFICE, asked) == gone


def test_the_files_of_a_withdrawn_paper_can_be_destroyed_and_of_no_other() -> None:
    minutes = closed().office(p.WithdrawDocument("d1", "nhầm"))
    hashes = (make.a_document("d1", "i1").sha256,)
    asked = p.EraseDocument("d1")
    assert minutes.does(make.OFFICE, asked) == [f.DocumentErased("d1", hashes)]
    assert minutes.state.withdrawn["d1"].erased
    assert minutes.does(make.OFFICE, asked) == []
    assert minutes.refuses(make.OFFICE, p.EraseDocument("d2")) == no("document_unknown")


def test_an_item_whose_papers_were_withdrawn_can_be_removed() -> None:
    minutes = Minutes().office(
        make.a_meeting(), make.a_seat("chair", "chair"), make.an_item("i1"), make.an_item("i2")
    )
    minutes.office(make.a_document("d1", "i1"))
    assert minutes.refuses(make.OFFICE, p.RemoveItem("i1")) == no("item_has_papers")
    minutes.office(p.WithdrawDocument("d1", "nhầm"), p.RemoveItem("i1"))
    assert list(shown_to(minutes.state, "chair").agenda) == ["i2"]


def test_reading_goes_on_after_the_close_and_a_paper_may_still_be_taken_back() -> None:
    minutes = closed()
    minutes.does("sec", p.WithdrawDocument("d1", "nhầm"))
    assert paper_of(minutes.state, "an") is None
    minutes.office(make.a_document("d9", "i1"))
    assert minutes.state.documents["d9"].late


def test_who_presents_a_withdrawn_paper_may_call_nobody_to_it() -> None:
    minutes = running("i1")
    minutes.does("sec", make.page("d1", 7))
    minutes.does("sec", p.WithdrawDocument("d1", "nhầm"))
    assert minutes.refuses("sec", c.CallFollowers()) == no("page_unknown", pages=0)
