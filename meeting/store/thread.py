"""A thread of its own that does one thing after another for the loop.

An executor of the standard library does as much with two futures, three locks and two rounds of
the loop for each thing, and a page turn waits for all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_Work = tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Callable[[], Any]]


class WorkThread:
    """Begins with the first work and ends with `end`."""

    def __init__(self, name: str) -> None:
        self._waiting: SimpleQueue[_Work | None] = SimpleQueue()
        # A process that ends without `end` waits for no work: SQLite takes up from there.
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def do(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Have this done after what was asked before; what it returns or raises is the future's.

        What was asked is done, whether or not somebody still waits for it.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.put((loop, done, work))
        if self._thread.ident is None:
            self._thread.start()
        return done

    def end(self) -> None:
        """Wait until everything asked is done; nothing can be asked any more."""
        if self._thread.ident is not None:
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        while asked := self._waiting.get():
            loop, done, work = asked
            found, fault = None, None
            try:
                found = work()
            except BaseException as error:
                fault = error
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, done, found, fault)
            del asked, loop, done, work, found, fault  # no exception outlives who was told of it


def _settle(done: asyncio.Future[Any], found: Any, fault: BaseException | None) -> None:
    if done.cancelled():
        return
    if fault is None:
        done.set_result(found)
    else:
        done.set_exception(fault)
