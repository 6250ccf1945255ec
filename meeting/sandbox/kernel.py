"""Linux system calls that Python has no function for. Elsewhere there are none."""

from __future__ import annotations

import os
import sys
from typing import Final, Literal

Processor = Literal["x86_64", "aarch64"]

NO_NEW_PRIVILEGES: Final = 38
DIE_WITH_PARENT: Final = 1
ADOPT: Final = 36
"""What `prctl` is asked for, from <linux/prctl.h>."""

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
