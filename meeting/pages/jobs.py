"""Which page is drawn next. Pure: a queue in order of need, no tasks, no clock, no files."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

WIDTHS: Final = (1600, 320)
"""Widths made of every page ahead, in pixels: the page and its thumbnail."""
STEPS: Final = (320, 800, 1200, 1600, 2400)
"""Widths a whole page may be asked for in: a device takes what fits its screen."""
PLAN_WIDTHS: Final = (1200, 2400)
"""Widths made ahead of a drawing as well: before it is seen that it lies, tablets ask for the first
of them, and fine screens for the other one then."""
TILED: Final = (2400, 3200, 4800, 6400, 9600)
"""Widths a page may be asked for in, piece by piece: what is looked at closely."""
TILE: Final = 800
"""Sides of a piece in pixels. Those at the right and lower edge of a page are smaller."""
FAR: Final = 3200
"""Pieces of a page so wide, or less, are drawn as well where its pictures are still packed."""
TILES_MOST: Final = 2000
"""No page is cut into more pieces; one long as a ribbon is cut off there."""
PIECES_APART: Final = 6
"""Pieces of one page are made one after the other, in a process that has its pictures unpacked,
until more than so many of them wait: a few devices look at it, and another process is worth it."""
STALE_MOST: Final = 1000
"""Entries of the queue that count no more are cleared away when there are so many of them beyond
those that do: whoever leafs through a paper ranks all its pages anew each time."""
TEXT: Final = -1
"""In place of a width: not an image is to be made of the page, its words are to be read."""
CLOSER: Final = -2
"""In place of a width: a drawing is made ready to be looked at closely (closely.py)."""
TURNS: Final = range(4)
"""Quarters of a turn a page may be stood upright by."""
NEIGHBOURS: Final = 3
"""Pages this near to the one on screen are drawn before any thumbnail of the document."""


class Need(IntEnum):
    """How soon; the smaller, the sooner.

    NOW is on screen, ASKED is waited for, SHARPER is seen already, but not sharply; FOCUS belongs
    to the document on screen, LATER to another, DOUBTFUL to one that hurt a worker. TEXT is read
    when there is nothing to draw.
    """

    NOW = 0
    ASKED = 1
    SHARPER = 2
    FOCUS = 3
    LATER = 4
    DOUBTFUL = 5
    TEXT = 6


class Level(IntEnum):
    """For whom a work is done; one of a higher number gives way to one of a lower, in the end.

    PRESENTED: for those who look at the document on screen; WAITED: for somebody else; AHEAD: for
    nobody yet.
    """

    PRESENTED = 0
    WAITED = 1
    AHEAD = 2


@dataclass(frozen=True, slots=True)
class Work:
    """One image to make. Page 0 is the document itself: open it and count its pages.

    `turn`: quarters of a turn, clockwise, from how the file has the page. `tile`: 0 is the whole
    page; from 1, in rows, that piece of the page as it stands after the turn, `width` wide in all.
    """

    sha256: str
    page: int
    width: int
    turn: int = 0
    tile: int = 0

    @property
    def possible(self) -> bool:
        """Whether a page may be asked for so."""
        if self.turn not in TURNS:
            return False
        if self.tile == 0:
            return self.width in STEPS
        return self.width in TILED and 1 <= self.tile <= TILES_MOST

    @property
    def passing(self) -> bool:
        """Whether it is kept in memory only, and not made once nobody waits for it."""
        return self.tile != 0

    @property
    def closely(self) -> bool:
        """Whether it is best done where the page lies unpacked, or has it lie there so."""
        return self.width == CLOSER or (self.passing and self.width > FAR)

    def beside(self, other: Work) -> bool:
        """Whether both are of one page."""
        return (self.sha256, self.page) == (other.sha256, other.page)


Rank = tuple[int, ...]
"""Compared from the left; the first number is a `Need` or the priority somebody asked with."""

_Entry = tuple[Rank, int, Work]
"""The number tells those of one rank apart, first come first."""


class Queue:
    """Works in order of rank; each at most once, and none that was taken and is not done yet."""

    def __init__(self) -> None:
        self._ranks: dict[Work, Rank] = {}
        self._asked: dict[Work, int] = {}
        self._taken: set[Work] = set()
        self._by_document: dict[str, set[Work]] = {}
        self._order: dict[str, int] = {}
        self._doubtful: dict[str, bool] = {}
        """Documents; with True, it is so for good."""
        self._focus: tuple[str, int] | None = None
        self._heaps: dict[bool, list[_Entry]] = {False: [], True: []}
        """True: of documents under doubt, so that nobody has to look past all of their pages."""
        self._pushes = 0

    def __len__(self) -> int:
        return len(self._ranks)

    def __contains__(self, work: Work) -> bool:
        return work in self._ranks or work in self._taken

    def ask(self, work: Work, priority: int) -> None:
        """Somebody waits for it, though it was taken. Never makes a work wait longer than it would
        already.
        """
        self._asked[work] = min(priority, self._asked.get(work, priority))
        self._put(work)

    def prepare(self, work: Work) -> None:
        """Nobody waits for it yet."""
        self._put(work)

    def focus(self, sha256: str, page: int) -> None:
        """This page is on screen: rank its document anew, and the one that was there before."""
        before, self._focus = self._focus, (sha256, page)
        for document in {sha256, before[0] if before else sha256}:
            self._rank_anew(document)

    def focused(self, sha256: str) -> bool:
        return self._focus is not None and self._focus[0] == sha256

    def doubt(self, sha256: str, *, for_good: bool = True) -> None:
        """This document hurt a worker: what nobody waits for comes after all other works.

        Args:
            for_good: whether it did for certain; else it may be trusted again.
        """
        before = self._doubtful.get(sha256)
        self._doubtful[sha256] = for_good or bool(before)
        if before is None:
            self._rank_anew(sha256, moved=True)

    def trust(self, sha256: str) -> None:
        """It did no harm after all, unless that is certain by now."""
        if self._doubtful.get(sha256) is False:
            del self._doubtful[sha256]
            self._rank_anew(sha256, moved=True)

    def doubtful(self, sha256: str) -> bool:
        return sha256 in self._doubtful

    def level(self, work: Work) -> Level:
        waited = self._asked.get(work, Need.LATER) <= Need.SHARPER
        if self.focused(work.sha256) and (waited or self._background(work) == (Need.NOW,)):
            return Level.PRESENTED
        return Level.WAITED if waited else Level.AHEAD

    def elsewhere(self, work: Work) -> bool:
        """Whether it is a piece of another document than the one on screen."""
        return work.passing and self._focus is not None and not self.focused(work.sha256)

    def take(self, *, doubtful: bool = True, elsewhere: bool = True) -> Work | None:
        """Remove and return the work needed soonest.

        Args:
            doubtful: whether it may be of a document under doubt.
            elsewhere: whether it may be a piece that is `elsewhere`.
        """
        found = self.first(doubtful=doubtful, elsewhere=elsewhere)
        if found is not None:
            del self._ranks[found]
            self._by_document[found.sha256].discard(found)
            self._taken.add(found)
        return found

    def done(self, work: Work) -> None:
        """A work that was taken is done, well or not."""
        if work in self._taken:
            self._taken.remove(work)
            self._asked.pop(work, None)

    def put_back(self, work: Work) -> None:
        """A work that was taken is to be done another time; whoever asked for it still waits."""
        if work in self._taken:
            self._taken.remove(work)
            self._put(work)

    def first(self, *, doubtful: bool = True, elsewhere: bool = True) -> Work | None:
        """What `take` would take."""
        sides = (False, True) if doubtful else (False,)
        entries = [one for side in sides if (one := self._first(self._heaps[side], elsewhere))]
        return min(entries)[-1] if entries else None

    def _first(self, heap: list[_Entry], elsewhere: bool) -> _Entry | None:
        aside: list[_Entry] = []
        found: _Entry | None = None
        while heap and found is None:
            entry = heapq.heappop(heap)
            if not self._counts(entry, heap):
                continue
            aside.append(entry)
            work = entry[-1]
            if (elsewhere or not self.elsewhere(work)) and not self._follows_another(work):
                found = entry
        for entry in aside:
            heapq.heappush(heap, entry)
        return found

    def _counts(self, entry: _Entry, heap: list[_Entry]) -> bool:
        """Whether its work was not taken, nor ranked or doubted anew since."""
        rank, _, work = entry
        return self._ranks.get(work) == rank and heap is self._heaps[self.doubtful(work.sha256)]

    def _follows_another(self, work: Work) -> bool:
        """Whether it is a piece that waits for another of its page to be made first, or where that
        is worth it for its page to be made ready; one page at a time is.
        """
        if work.width == CLOSER:
            return any(one.width == CLOSER for one in self._taken)
        if not work.passing:
            return False
        page = [
            one
            for one in self._taken
            if one.beside(work) and (one.passing or (one.width == CLOSER and work.closely))
        ]
        waiting = (one.passing and one.beside(work) for one in self._by_document[work.sha256])
        return bool(page) and sum(waiting) <= PIECES_APART

    def leave(self, work: Work) -> None:
        """This one is not to be made any more, if it was not taken yet."""
        if self._ranks.pop(work, None) is not None:
            self._asked.pop(work, None)
            self._by_document[work.sha256].discard(work)

    def drop(self, sha256: str) -> None:
        """Nothing of this document is to be made any more."""
        for work in self._by_document.pop(sha256, set()):
            del self._ranks[work]
            self._asked.pop(work, None)

    def _rank_anew(self, sha256: str, *, moved: bool = False) -> None:
        """`moved`: under doubt, or no more."""
        for work in tuple(self._by_document.get(sha256, ())):
            self._put(work, moved=moved)
        if sum(map(len, self._heaps.values())) > 2 * len(self._ranks) + STALE_MOST:
            self._clear_stale()

    def _clear_stale(self) -> None:
        for heap in self._heaps.values():
            kept: dict[Work, _Entry] = {}
            for entry in heap:
                if self._counts(entry, heap):
                    kept[entry[-1]] = min(entry, kept.get(entry[-1], entry))
            heap[:] = kept.values()
            heapq.heapify(heap)

    def _put(self, work: Work, *, moved: bool = False) -> None:
        if work in self._taken:
            return
        rank, heap = self._rank(work), self._heaps[self.doubtful(work.sha256)]
        if self._ranks.get(work) == rank and not moved:
            return
        self._pushes += 1
        self._ranks[work] = rank
        self._by_document.setdefault(work.sha256, set()).add(work)
        heapq.heappush(heap, (rank, self._pushes, work))

    def _rank(self, work: Work) -> Rank:
        background = self._background(work)
        if work not in self._asked:
            return background
        asked = self._asked[work]
        return min((asked, 1) if self.doubtful(work.sha256) else (asked,), background)

    def _background(self, work: Work) -> Rank:
        """Rank of a work nobody waits for: the document on screen, then the others in order."""
        order = self._order.setdefault(work.sha256, len(self._order))
        if work.width == TEXT:
            return (Need.TEXT, order, work.page)
        thumbnail = int(work.width != WIDTHS[0])
        ahead = work.page - self._focus[1] if self._focus else 0
        on_screen = self.focused(work.sha256)
        if on_screen and ahead == 0 and not thumbnail:
            return (Need.NOW,)
        if self.doubtful(work.sha256):
            return (Need.DOUBTFUL, order, work.page, thumbnail)
        if on_screen and work.width == CLOSER:
            return (Need.FOCUS,)
        if not on_screen:
            return (Need.LATER, order, work.page, thumbnail)
        far = int(thumbnail or abs(ahead) > NEIGHBOURS)
        distance = 2 * ahead - 1 if ahead > 0 else -2 * ahead
        return (Need.FOCUS, far, distance, thumbnail)
