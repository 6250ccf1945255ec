"""A meeting laid down again, as a trial."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import asdict, replace

from meeting.protocol import preparing as p
from meeting.rules.copying import taken_back, trial_copy
from meeting.rules.state import MeetingState
from tests.helpers import make
from tests.helpers.minutes import Minutes, closed, prepared


def counting(letter: str) -> Callable[[], str]:
    made = iter(f"{letter}{number}" for number in range(1, 1000))
    return lambda: next(made)


def copied(state: MeetingState) -> MeetingState:
    asked = trial_copy(state, "copy", counting("n"), counting("p"))
    return Minutes().office(*asked).state


def test_the_copy_says_what_it_is_and_of_which_meeting() -> None:
    real = prepared().state
    assert copied(real).meeting == replace(
        real.meeting, meeting="copy", trial=True, rehearsal=True, trial_of=real.meeting.meeting
    )


def test_everybody_everything_and_every_paper_is_there_again_under_other_ids() -> None:
    minutes = prepared()
    minutes.office(
        make.an_item("secret", limited_to=("chair", "sec"), rapporteur="chair"),
        make.a_document("upright", "i1", pages=3),
        p.TurnPage("upright", 2, 1, "turned"),
    )
    real = minutes.state
    copy = copied(real)
    names = dict(zip(real.seats, copy.seats, strict=True))
    items = dict(zip(real.items, copy.items, strict=True))
    assert set(names.values()).isdisjoint(names)
    assert set(items.values()).isdisjoint(items)
    for seat, again in zip(real.seats.values(), copy.seats.values(), strict=True):
        invited = frozenset(items[one] for one in seat.items)
        assert again == replace(seat, id=names[seat.id], items=invited)
    for item, anew in zip(real.items.values(), copy.items.values(), strict=True):
        assert anew == replace(
            item,
            id=items[item.id],
            rapporteur=names.get(item.rapporteur, ""),
            limited_to=frozenset(names[one] for one in item.limited_to),
        )
    for paper, twin in zip(real.documents.values(), copy.documents.values(), strict=True):
        own = {"id": twin.id, "item": items[paper.item], "address": twin.address}
        before = {"before_turns": twin.before_turns}
        assert asdict(twin) == {**asdict(paper), **own, **before}
    addresses = [one.address for paper in copy.documents.values() for one in paper.addressed()]
    real_ones = {one.address for paper in real.documents.values() for one in paper.addressed()}
    assert real_ones.isdisjoint(addresses)
    assert len(set(addresses)) == len(addresses)


def test_of_a_paper_the_newest_version_is_taken_and_what_was_withdrawn_is_not() -> None:
    minutes = prepared()
    minutes.office(
        make.a_document("new", "i1"),
        p.ReplaceDocument("new", 2, "b" * 64, 7, "address-2"),
        make.a_document("gone", "i1"),
        p.WithdrawDocument("gone", "Nhầm tệp"),
    )
    copy = copied(minutes.state)
    newest = list(copy.documents.values())[-1]
    assert (newest.version, newest.sha256, newest.pages, newest.older) == (1, "b" * 64, 7, ())
    assert (len(copy.documents), copy.withdrawn) == (len(minutes.state.documents), {})


def test_nothing_that_happened_comes_along() -> None:
    copy = copied(closed().state)
    assert (copy.phase, copy.opened_at, copy.presented, copy.devices) == ("before", None, None, {})
    assert {seat.stand.state for seat in copy.seats.values()} == {"none"}


def test_what_is_not_to_be_read_any_more_is_taken_from_the_copy_too() -> None:
    minutes = prepared()
    minutes.office(
        make.a_document("wrong", "i1", sha256="c" * 64),
        make.a_document("few", "i2", sha256="d" * 64),
        make.a_document("back", "i1", sha256="e" * 64),
        make.a_document("twice", "i1", sha256="f" * 64),
        make.a_document("again", "i1", sha256="f" * 64),
    )
    copy = copied(minutes.state)
    assert taken_back(minutes.state, copy, "x") == []
    minutes.office(
        p.WithdrawDocument("wrong", "Nhầm tệp"),
        p.ChangeItem("i2", "2", "Khác", limited_to=("chair",)),
        p.MarkToCollect("back", True, ("address-9",)),
        p.WithdrawDocument("twice", "Thừa"),
    )
    of = {paper.sha256: paper.id for paper in copy.documents.values()}
    asked = taken_back(minutes.state, copy, "Hẹp hơn")
    assert p.WithdrawDocument(of["c" * 64], "Nhầm tệp") in asked
    reasons = {one.document: one.reason for one in asked if isinstance(one, p.WithdrawDocument)}
    assert (reasons[of["c" * 64]], reasons[of["d" * 64]]) == ("Nhầm tệp", "Hẹp hơn")
    assert reasons[of["e" * 64]] == "Hẹp hơn"
    assert of["f" * 64] not in reasons, "the meeting still shows it"
    after = Minutes()
    after.state = copy
    assert taken_back(minutes.state, after.office(*asked).state, "x") == []
