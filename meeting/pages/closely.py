"""Made ready to be looked at closely: the large pictures of a drawing that is on somebody's screen
are unpacked before the first piece of it is asked for. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from pathlib import Path

from meeting.pages.jobs import CLOSER, STEPS, Need, Queue, Work
from meeting.pages.pool import Pool
from meeting.pages.workers import WorkerLost


class Closely:
    """Used from one event loop.

    Args:
        original: where a document lies.
        pump: has what is in the queue begun.
    """

    def __init__(
        self,
        pool: Pool,
        queue: Queue,
        original: Callable[[str], Path],
        pump: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._queue = queue
        self._original = original
        self._pump = pump

    def asked(self, work: Work, priority: int) -> None:
        """Somebody asks for this. As wide as it comes, whole, and not ahead: a fine screen shows
        it, and it may be a drawing.
        """
        if work.width == STEPS[-1] and not work.passing and priority <= Need.SHARPER:
            self._queue.prepare(Work(work.sha256, work.page, CLOSER, work.turn))
            self._pump()

    def on_screen(self, work: Work, ready: Mapping[str, Set[Work]]) -> None:
        """This page is, in some width. Where it has been made as wide as it comes, fine screens
        have it already, or will soon.

        Args:
            ready: what has been made, by document.
        """
        if (fine := replace(work, width=STEPS[-1])) in ready.get(work.sha256, ()):
            self.asked(fine, Need.NOW)

    async def make(self, work: Work) -> None:
        """Never fails: what is not at hand is unpacked when a piece is drawn."""
        try:
            await self._pool.come_closer(work, self._original(work.sha256))
        except (WorkerLost, TimeoutError):
            self._queue.doubt(work.sha256)
        except OSError:
            return
