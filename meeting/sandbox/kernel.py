"""What Linux and its C library do on request and Python has no function for. Elsewhere there is
nothing of it.
"""

from __future__ import annotations

import os
import sys
from typing import Final, Literal

Processor = Literal["x86_64", "aarch64"]

NO_NEW_PRIVILEGES: Final = 38
DIE_WITH_PARENT: Final = 1
ADOPT: Final = 36
"""What `prctl` is asked for, from <linux/prctl.h>."""

LARGE_BYTES: Final = -3
UNUSED_BYTES: Final = -1
"""What `mallopt` is told, from <malloc.h>: pieces larger than this go back to the system at once,
and of the others so many that are unused do not.
"""

PRCTL: Final[dict[Processor, int]] = {"x86_64": 157, "aarch64": 167}


def processor() -> Processor | None:
    """The processor whose system calls we know by number; None off Linux and on all others."""
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return None
    machine = os.uname().machine
    return "x86_64" if machine == "x86_64" else "aarch64" if machine == "aarch64" else None


def call(number: int, *arguments: int) -> int:
    """The system call with this number; addresses are passed as numbers.

    Raises:
        OSError: the kernel refuses it, or does not have it.
    """
    import ctypes  # only where a system call is made: there is no C library to load on Windows

    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    answer = int(libc.syscall(*(ctypes.c_long(one) for one in (number, *arguments))))
    if answer < 0:
        failed = ctypes.get_errno()
        raise OSError(failed, os.strerror(failed))
    return answer


def prctl(option: int, value: int) -> None:
    """Raises OSError where there is no such option, or no Linux."""
    known = processor()
    if known is None:
        raise OSError("not on this system")
    call(PRCTL[known], option, value, 0, 0, 0)


def mallopt(option: int, value: int) -> None:
    """Raises OSError where the C library has no such option."""
    if sys.platform != "linux":
        raise OSError("not on this system")
    import ctypes  # as above

    asked = getattr(ctypes.CDLL(None), "mallopt", None)
    if asked is None or not asked(option, value):
        raise OSError("not in this C library")
