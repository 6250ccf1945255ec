"""Bản dự phòng: what the pack of paper consists of, for one item or for all. Pure.

The pack of all leaves out papers of limited items: it is copied for everybody, they are not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from meeting.errors import Refused
from meeting.printing.press import Job
from meeting.printing.sheets import item_name, mark, said, shared
from meeting.rules.state import Document, Item, MeetingState
from meeting.texts import text

FORM: Final = 2
"""Counts changes of the pack's look, so that packs of older programs are made anew."""


class Pack(Struct, frozen=True):
    """What is bound: `papers` in their order, laid out under `items`. `item` is "" for all."""

    item: str
    items: tuple[Item, ...]
    papers: tuple[Document, ...]
    key: str
    """Changes with everything that is printed, but the time of printing."""


def plan(state: MeetingState, item: str = "") -> Pack:
    """The pack as the meeting stands now.

    Raises:
        Refused: `item_unknown`.
    """
    if item and item not in state.items:
        raise Refused("item_unknown")
    items = [one for one in state.items.values() if item in ("", one.id)]
    papers = [
        paper
        for one in items
        for paper in state.documents.values()
        if paper.item == one.id and (item or not one.limited_to)
    ]
    heading = state.meeting
    printed = (
        FORM,
        heading.title,
        heading.body,
        heading.office,
        heading.place,
        heading.starts_at,
        heading.trial,
        heading.trial_of,
        [(item_name(one), bool(one.limited_to), _about(state, one)) for one in items],
        _readers(state, items) if item else "",
        [
            (*_row(paper), paper.item, paper.sha256, sorted(paper.turned.items()))
            for paper in papers
        ],
    )
    key = hashlib.sha256(msgspec.json.encode(printed)).hexdigest()[:32]
    return Pack(item, tuple(items), tuple(papers), key)


def front(state: MeetingState, pack: Pack, now: datetime, unfit: Mapping[str, str]) -> Job:
    """The pack's own pages: the cover with the list, plates, and strips for the papers' pages.

    Args:
        unfit: why a paper cannot be bound, by document.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    plates: list[dict[str, Any]] = []
    strips: list[dict[str, Any]] = []
    place = 1
    for paper in pack.papers:
        reason = unfit_text(unfit[paper.id]) if paper.id in unfit else ""
        version = text("print.version_number", number=paper.version)
        number, title, latest, pages, late, collect = _row(paper)
        collected = text("print.collect") if collect else ""
        row = {
            "number": number,
            "title": title,
            "version": str(latest),
            "pages": pages,
            "late": text("print.late") if late else "",
            "collect": collected,
            "reason": reason,
            "first": place,
        }
        rows.setdefault(paper.item, []).append(row)
        if reason:
            about = f"{version} · {text('print.page_count', pages=paper.pages)}"
            plates.append({**row, "about": about})
            place += 1
            continue
        name = paper.number or paper.title
        for page in range(1, paper.pages + 1):
            of = text("print.page_of", page=page, pages=paper.pages)
            stamp = " · ".join(filter(None, [mark(state), collected, name, version, of]))
            strips.append({"stamp": stamp, "at": place})
            place += 1
    one = pack.items[0] if pack.item else None
    data = {
        **shared(state, now),
        "t": said(
            state,
            *("pack", "why", "again", "readers", "number", "paper", "version", "pages", "from"),
            *("not_printed", "page_not_printed"),
        ),
        "item": text("print.item", name=item_name(one)) if one else None,
        "readers": _readers(state, pack.items) if one else "",
        "items": [
            {
                "name": item_name(item),
                "about": _about(state, item),
                "papers": rows.get(item.id, []),
                "note": _note(pack, item),
            }
            for item in pack.items
        ],
        "plates": plates,
        "strips": strips,
    }
    return Job("book", data, now)


def unfit_text(code: str) -> str:
    """Why a paper cannot be bound, in words."""
    known = {"file_locked", "file_too_large"}
    return text(f"print.unfit_{code}" if code in known else "print.unfit")


def _about(state: MeetingState, item: Item) -> str:
    span = f"{item.starts}–{item.ends}" if item.starts and item.ends else item.starts
    return " · ".join(filter(None, [span, _rapporteur(state, item)]))


def _rapporteur(state: MeetingState, item: Item) -> str:
    seat = state.seats.get(item.rapporteur)
    return text("print.rapporteur", name=seat.name) if seat else ""


def _readers(state: MeetingState, items: tuple[Item, ...] | list[Item]) -> str:
    """Who may have a limited item's papers; "" where it is everybody."""
    allowed = frozenset[str]().union(*(item.limited_to for item in items))
    return ", ".join(seat.name for seat in state.seats.values() if seat.id in allowed)


def _note(pack: Pack, item: Item) -> str:
    """Why a limited item has no papers in the pack of all."""
    return text("print.limited") if item.limited_to and not pack.item else ""


def _row(paper: Document) -> tuple[str, str, int, int, bool, bool]:
    """What the list says of a paper."""
    return paper.number, paper.title, paper.version, paper.pages, paper.late, paper.collect
