"""All papers × all people, before, during and after their right, against a second policy.

The policy here is written from the rule as people say it, reads only the table of this file,
and shares nothing with `rules.visibility`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import msgspec
import pytest

from meeting.protocol import commands as c
from meeting.rules.state import MeetingState
from meeting.rules.visibility import addresses, audience_of, audiences, readable, view
from tests.helpers import make
from tests.helpers.minutes import Minutes

PEOPLE: Final = {
    "chair": "p01",
    "secretary": "p16",
    "minute_taker": "p17 taker2",
    "member": "p02 p03 p04 p05 p06 p07 p08 p09 p10 p11 p12 p13 p14 p15 p18 p19 p20 p21 p22 p23",
    "guest": "hoa lien phat thien duyen kiet vinh xuan triet nowhere",
    "technician": "p25",
    "screen": "wall wall2",
}

INVITED: Final = {
    "hoa": "i1",
    "lien": "i1",
    "phat": "i1",
    "thien": "i2",
    "duyen": "i2",
    "kiet": "i4",
    "vinh": "i4",
    "xuan": "i4 i6",
    "triet": "i6 i3",
    "nowhere": "",
}

LIMITED: Final = {
    "i3": "p01 p05 p16",
    "i7": "p01 p02 p03 p04 p05 p06 p07 p08 p09 p10 p11 p12 p13 p14 p15 p18",
}

PAPERS: Final = {
    "i0": "",
    "i1": "d11 d12 d13",
    "i2": "d21 d22 d23",
    "i3": "d31 d32",
    "rest": "",
    "i4": "d41 d42",
    "i5": "d51",
    "i6": "d61 d62",
    "i7": "d71",
    "i8": "d81",
}

PRESENTING: Final = ("p16", "p01")

ROLE: Final = {seat: role for role, seats in PEOPLE.items() for seat in seats.split()}
ITEM: Final = {paper: item for item, papers in PAPERS.items() for paper in papers.split()}


def may_read(seat: str, paper: str, on: str, presented: str) -> bool:
    """Whether this person may see this paper while this item is on and this page presented."""
    item = ITEM[paper]
    if ROLE[seat] == "technician":
        return False
    if ROLE[seat] == "screen":
        return paper == presented
    if ROLE[seat] == "guest":
        return item == on and item in INVITED[seat].split()
    return item not in LIMITED or seat in LIMITED[item].split()


def presenting(item: str) -> str:
    """Who presents this item: the secretary, or the chair where it is closed to the secretary."""
    return next(seat for seat in PRESENTING if item not in LIMITED or seat in LIMITED[item].split())


def the_evening_before() -> Minutes:
    minutes = Minutes().office(make.a_meeting())
    for seat, role in ROLE.items():
        items = tuple(INVITED.get(seat, "").split())
        minutes.office(make.a_seat(seat, role, items=items))  # type: ignore[arg-type]
    for item, papers in PAPERS.items():
        limited = tuple(LIMITED.get(item, "").split())
        minutes.office(make.an_item(item, recess=item == "rest", limited_to=limited))
        minutes.office(*(make.a_document(paper, item) for paper in papers.split()))
    for seat in PRESENTING:
        minutes.does(make.card(seat), c.ClaimDevice(device=f"{seat}-1", kind="computer"))
    return minutes


Moments = tuple[tuple[str, str, str, MeetingState], ...]


@cache
def the_whole_meeting() -> Moments:
    """(phase, item on, paper presented, state) at each moment that differs, twice through i1."""

    def moments() -> Iterator[tuple[str, str, str, MeetingState]]:
        minutes = the_evening_before()
        yield "before", "", "", minutes.state
        minutes.does("p16", c.OpenMeeting(early=True))
        yield "running", "", "", minutes.state
        for item in (*PAPERS, "i1"):
            turns_pages = presenting(item)
            minutes.does(turns_pages, c.TakePresenting())
            minutes.does("p16", c.StartItem(item=item))
            yield "running", item, "", minutes.state
            for paper in PAPERS[item].split():
                minutes.does(turns_pages, make.page(paper, 2))
                yield "running", item, paper, minutes.state
        minutes.does("p16", c.CloseMeeting())
        yield "closed", "", "", minutes.state

    return tuple(moments())


def test_the_fixture_is_as_large_as_it_should_be() -> None:
    phases = {phase for phase, _, _, _ in the_whole_meeting()}
    assert (len(ROLE) >= 30, len(PAPERS) >= 8, len(ITEM) >= 12) == (True, True, True)
    assert phases == {"before", "running", "closed"}
    assert set(LIMITED) | {"rest"} < set(PAPERS)
    assert {presenting(item) for item in PAPERS} == set(PRESENTING)
    shown = {presented for _, _, presented, _ in the_whole_meeting()}
    assert shown == {"", *ITEM}


@pytest.mark.parametrize("seat", ROLE)
def test_everybody_reads_what_they_may_and_nothing_else(seat: str) -> None:
    for phase, on, presented, state in the_whole_meeting():
        audience = audience_of(state, state.seats[seat])
        expected = frozenset(p for p in ITEM if may_read(seat, p, on, presented))
        told = (seat, phase, on, presented)
        assert (*told, readable(state, audience)) == (*told, expected)
        assert addresses(state, audience) == {f"address-of-{paper}" for paper in expected}


@pytest.mark.parametrize("seat", ROLE)
def test_a_view_names_exactly_the_papers_that_may_be_read(seat: str) -> None:
    for phase, on, presented, state in the_whole_meeting():
        seen = msgspec.to_builtins(view(state, audience_of(state, state.seats[seat])))
        listed = {d for item in seen["agenda"].values() for d in item.get("documents", {})}
        shown = seen.get("presented", {}).get("document", "")
        expected = {paper for paper in ITEM if may_read(seat, paper, on, presented)}
        told = (seat, phase, on, presented)
        assert (*told, listed) == (*told, expected)
        assert shown == (presented if presented in expected else "")
        text = msgspec.json.encode(seen).decode()
        assert {p for p in ITEM if f"address-of-{p}" in text or f"Báo cáo {p}" in text} == expected


@pytest.mark.parametrize("seat", ROLE)
def test_the_agenda_is_everybodys_and_a_guest_sees_only_his_items(seat: str) -> None:
    for _, on, _, state in the_whole_meeting():
        seen = msgspec.to_builtins(view(state, audience_of(state, state.seats[seat])))
        items = INVITED[seat].split() if ROLE[seat] == "guest" else list(PAPERS)
        assert set(seen["agenda"]) == set(items)
        assert seen.get("item", "") == (on if on in items else "")


def test_people_with_the_same_rights_share_an_audience() -> None:
    """chair; desk with and without i3; members: i3 and i7, i7, neither; 7 kinds of guests."""
    _, _, _, state = the_whole_meeting()[0]
    groups: dict[str, set[str]] = {}
    for seat in state.seats.values():
        audience = audience_of(state, seat)
        key = f"{audience.kind} {' '.join(sorted(audience.items))}"
        groups.setdefault(key, set()).add(seat.id)
    open_items = "i0 i1 i2 i4 i5 i6 i8 rest"
    assert groups == {
        "chair i0 i1 i2 i3 i4 i5 i6 i7 i8 rest": {"p01"},
        "desk i0 i1 i2 i3 i4 i5 i6 i8 rest": {"p16"},
        f"desk {open_items}": {"p17", "taker2"},
        "member i0 i1 i2 i3 i4 i5 i6 i7 i8 rest": {"p05"},
        "member i0 i1 i2 i4 i5 i6 i7 i8 rest": {
            *(f"p{n:02}" for n in range(2, 16) if n != 5),
            "p18",
        },
        f"member {open_items}": {"p19", "p20", "p21", "p22", "p23"},
        "guest i1": {"hoa", "lien", "phat"},
        "guest i2": {"thien", "duyen"},
        "guest i4": {"kiet", "vinh"},
        "guest i4 i6": {"xuan"},
        "guest i3 i6": {"triet"},
        "guest ": {"nowhere"},
        "technician ": {"p25"},
        "screen ": {"wall", "wall2"},
    }
    assert len(audiences(state)) == len(groups)
