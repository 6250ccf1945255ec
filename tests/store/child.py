"""A process of its own that does one thing to a store: python -m tests.store.child WHAT FOLDER.

It says on standard output what it has done, one line each.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

from meeting.store.engine import open_store
from meeting.store.faults import NotStored, StoreFault
from meeting.store.meetings import Meetings
from meeting.store.sqlite import DATABASE
from tests.store.entries import answered, linked


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def write_for_ever(folder: Path) -> None:
    """Says each revision once it is stored, until killed."""
    meetings = Meetings(await open_store(folder))
    entries = linked(3)
    await meetings.append("m1", after=0, entries=entries, answers=answered(entries))
    while True:
        say(entries[-1][0].rev)
        after, entries = entries[-1][0].rev, linked(3, entries)
        await meetings.append("m1", after=after, entries=entries, answers=answered(entries))


async def come_and_go(folder: Path) -> None:
    """Says which threads are left of a store that was used, and of one that would not open."""
    store = await open_store(folder)
    meetings = Meetings(store)
    entries = linked(3)
    await meetings.append("m1", after=0, entries=entries, answers=[])
    await asyncio.gather(*(meetings.load("m1") for _ in range(5)))
    await store.close()
    (folder / DATABASE).write_bytes(b"no database at all" * 100)
    try:
        await open_store(folder)
    except StoreFault:
        say("refused")
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(timeout=10)
    say([thread.name for thread in threading.enumerate()])


async def fill_the_disk(folder: Path) -> None:
    """Says what became of writing into a file that may not grow, and after it may again."""
    import resource  # only there on POSIX

    store = await open_store(folder)
    meetings = Meetings(store)
    first = linked(2)
    await meetings.append("m1", after=0, entries=first, answers=answered(first))
    more = linked(2000, first)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    for _ in range(3):
        try:
            await meetings.append("m1", after=2, entries=more, answers=answered(more))
        except NotStored:
            say("not stored")
    say((await meetings.load("m1")).entries == first)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    await meetings.append("m1", after=2, entries=more, answers=answered(more))
    say((await meetings.load("m1")).entries == first + more)
    await store.close()


WHAT = {act.__name__: act for act in (write_for_ever, come_and_go, fill_the_disk)}

if __name__ == "__main__":
    asyncio.run(WHAT[sys.argv[1]](Path(sys.argv[2])))
