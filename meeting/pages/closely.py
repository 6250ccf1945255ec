"""Made ready to be looked at closely: the large pictures of a drawing that is on somebody's screen
are unpacked before the first piece of it is asked for. Draws nothing. What is a drawing is known
by the widths that are made of drawings ahead, and for certain by the process that opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from pathlib import Path

from meeting.pages.jobs import CLOSER, PLAN_WIDTHS, STEPS, Need, Queue, Work
from meeting.pages.making import Making
from meeting.pages.pool import Pool
from meeting.pages.workers import WorkerLost


class Closely:
    """Used from one event loop.

    Args:
        original: where a document lies.
        ready: what has been made, by document.
    """

    def __init__(
        self,
        pool: Pool,
        queue: Queue,
        original: Callable[[str], Path],
        making: Making,
        ready: Mapping[str, Set[Work]],
    ) -> None:
        self._pool = pool
        self._queue = queue
        self._original = original
        self._making = making
        self._ready = ready
        self._plain: set[tuple[str, int]] = set()
        """Pages that are no drawing, whatever widths there are of them."""

    def asked(self, work: Work, priority: int) -> None:
        """Somebody asks for this. As wide as it comes, whole, and not ahead: a fine screen shows
        it, and it may be a drawing.
        """
        if work.width == STEPS[-1] and not work.passing and priority <= Need.SHARPER:
            self._prepare(work, PLAN_WIDTHS)

    def on_screen(self, work: Work) -> None:
        """This page is, in some width. Where it has been made as wide as it comes, fine screens
        have it already, or will soon.
        """
        self._prepare(work, STEPS[-1:])

    def _prepare(self, work: Work, widths: tuple[int, ...]) -> None:
        """Where the page has been made in these widths."""
        ready = self._ready.get(work.sha256, ())
        made = all(replace(work, width=width) in ready for width in widths)
        if made and (work.sha256, work.page) not in self._plain:
            self._queue.prepare(Work(work.sha256, work.page, CLOSER, work.turn))
            self._making.pump()

    async def make(self, work: Work) -> None:
        """Never fails: what is not at hand is unpacked when a piece is drawn."""
        try:
            if not await self._pool.come_closer(work, self._original(work.sha256)):
                self._plain.add((work.sha256, work.page))
        except (WorkerLost, TimeoutError):
            self._queue.doubt(work.sha256)
        except OSError:
            return
