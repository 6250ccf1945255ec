"""What can go wrong with storing. None of it is a person's doing, so none is a `Refused`."""

from __future__ import annotations


class StoreFault(Exception):
    """The store cannot be opened, read or trusted."""


class StoreBusy(StoreFault):
    """Another process has this data folder open."""


class NotStored(StoreFault):
    """Nothing of what was handed over may be counted as stored: input or output failed.

    The store itself goes on: the next append may succeed. Only after a crash of the machine, or
    where the connection to a database was lost at the wrong moment, can something not stored turn
    up in the log, whole and in its place; repeating the same commands is therefore safe.
    """


class DiskFull(NotStored):
    """There is no room for it on the disk."""


class HeadMoved(StoreFault):
    """Somebody else wrote: the log does not end where the caller thought, or has an answer that
    the caller does not know. Nothing was written.
    """

    def __init__(self, meeting: str, after: int) -> None:
        super().__init__(f"meeting {meeting}: the head is not {after}")
        self.meeting = meeting
        self.after = after


class LogBroken(StoreFault):
    """A log does not hold together: something changed it, or part of it is gone.

    `rev` is the first revision that cannot be trusted.
    """

    def __init__(self, meeting: str, rev: int) -> None:
        super().__init__(f"meeting {meeting}: broken at {rev}")
        self.meeting = meeting
        self.rev = rev
