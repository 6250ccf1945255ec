"""A disk that takes no file larger than so many bytes, for as long as a block runs."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator

import pytest

needs_a_limit = pytest.mark.skipif(sys.platform == "win32", reason="a limit on files is POSIX's")


@contextlib.contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """Within it, writing more is an error of the system: EFBIG, as a full disk is ENOSPC."""
    import resource  # only there on POSIX

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
