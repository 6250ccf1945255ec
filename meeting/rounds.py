"""So much in one round of the event loop: what is more waits for the next rounds, first come, first
served. Between two rounds the loop does whatever else there is, such as turning a page.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class Rounds:
    """Used from one event loop.

    Args:
        most: how much is done in one round.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._done = 0
        self._line: deque[Callable[[], None]] = deque()
        self._counting = False

    def __len__(self) -> int:
        """How much waits."""
        return len(self._line)

    def take(self) -> bool:
        """Whether one more may be done now; if so it is counted."""
        if self._line or self._done >= self._most:
            return False
        self._count()
        return True

    def later(self, act: Callable[[], None]) -> None:
        """Do this in turn; for what may not be done now. It must not fail."""
        self._line.append(act)

    async def turn(self) -> None:
        """Come back when one more may be done."""
        if self.take():
            return
        waiting = asyncio.get_running_loop().create_future()
        self.later(lambda: None if waiting.done() else waiting.set_result(None))
        await waiting

    def _count(self) -> None:
        self._done += 1
        if not self._counting:
            self._counting = True
            asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        self._counting = False
        self._done = 0
        while self._line and self._done < self._most:
            self._count()
            self._line.popleft()()
