"""Which system calls a child may still make: a filter in the kernel's own small language.

Built and installed here, for the two processors whose calls we know by number. The language is
classic BPF, see seccomp(2) and <linux/seccomp.h>.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from meeting.sandbox.kernel import Processor, call, processor

ALLOW: Final = 0x7FFF0000
KILL: Final = 0x80000000
DENY: Final = 0x00050000 | errno.EPERM
ABSENT: Final = 0x00050000 | errno.ENOSYS
"""What becomes of a call. ABSENT: libraries then try an older one, which can be looked into."""

ARCHITECTURES: Final[dict[Processor, int]] = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SECCOMP: Final[dict[Processor, int]] = {"x86_64": 317, "aarch64": 277}
OTHER_NUMBERING: Final = 0x40000000
"""x86_64 has a second set of all calls from here on."""

SET_FILTER: Final = 1
EVERY_THREAD: Final = 1


class If(NamedTuple):
    """One argument, counted from 0, under a mask: `then` where it is one of the values."""

    argument: int
    mask: int
    values: tuple[int, ...]
    then: int
    otherwise: int


Verdict = int | If

WHOLE: Final = 0xFFFFFFFF
NEW_CODE: Final = 0x4
A_THREAD: Final = 0x10000
OF_A_DESCRIPTOR: Final = 0x1000
ABOUT_DESCRIPTORS: Final = (0, 1, 2, 3, 1030)
"""fcntl: duplicate, get and set flags; not: have signals sent to others."""

SIGNALS_TO_OTHERS: Final = (8, 10, 15)
PUSH_KEYS: Final = 0x5412
UNIX: Final = 1
NO_NEW_CODE: Final = If(2, NEW_CODE, (0,), ALLOW, DENY)

NUMBERS: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "read": (0, 63),
    "write": (1, 64),
    "futex": (202, 98),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "brk": (12, 214),
    "madvise": (28, 233),
    "lseek": (8, 62),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "close": (3, 57),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "fcntl": (72, 25),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "ftruncate": (77, 46),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getrandom": (318, 278),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "sigaltstack": (131, 132),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "restart_syscall": (219, 128),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "recvmsg": (47, 212),
    "clone": (56, 220),
    "clone3": (435, 435),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "socket": (41, 198),
    "ioctl": (16, 29),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "setns": (308, 268),
    "unshare": (272, 97),
    "bpf": (321, 280),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "fanotify_init": (300, 262),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "open_by_handle_at": (304, 265),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "syslog": (103, 116),
    "iopl": (172, None),
    "ioperm": (173, None),
}
"""Numbers on x86_64 and aarch64, from the kernel's own headers; None where there is no such."""

_LOOKED_INTO: Final[dict[str, Verdict]] = {
    "mmap": NO_NEW_CODE,
    "mprotect": NO_NEW_CODE,
    "newfstatat": If(3, OF_A_DESCRIPTOR, (OF_A_DESCRIPTOR,), ALLOW, DENY),
    "fcntl": If(1, WHOLE, ABOUT_DESCRIPTORS, ALLOW, DENY),
    "clone": If(0, A_THREAD, (A_THREAD,), ALLOW, DENY),
    "clone3": ABSENT,
}

READING: Final[dict[str, Verdict]] = {
    name: _LOOKED_INTO.get(name, ALLOW) for name in list(NUMBERS)[: list(NUMBERS).index("socket")]
}
"""All a child may do that has its files open: compute, read, write, end. Nothing is opened any
more, no process or program started, no code made, nobody spoken to but the parent.
"""

_HARMFUL: Final = list(NUMBERS)[list(NUMBERS).index("kill") :]

RUNNING: Final[dict[str, Verdict]] = {
    **dict.fromkeys(_HARMFUL, DENY),
    "socket": If(0, WHOLE, (UNIX,), ALLOW, DENY),
    "ioctl": If(1, WHOLE, (PUSH_KEYS,), DENY, ALLOW),
    "fcntl": If(1, WHOLE, SIGNALS_TO_OTHERS, DENY, ALLOW),
    "clone": If(0, 0x7E020000, (0,), ALLOW, DENY),
    "clone3": ABSENT,
}
"""What is taken from a program of others: network, signals to other processes, a look into them,
namespaces of its own, and whatever changes the machine.
"""

_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where `struct seccomp_data` has them; of an argument, the lower half comes first."""


def permit(verdicts: Mapping[str, Verdict], otherwise: int) -> None:
    """From now on, and in all children, what these say becomes of system calls.

    Raises:
        OSError: the kernel has no such filter, or this is a processor whose calls we do not know.
    """
    import ctypes  # only where there is a filter to install

    known = processor()
    if known is None:
        raise OSError("not on this system")
    steps = program(known, verdicts, otherwise)
    code = ctypes.create_string_buffer(b"".join(steps), 8 * len(steps))
    told = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    if call(SECCOMP[known], SET_FILTER, EVERY_THREAD, ctypes.addressof(told)):
        raise OSError("a thread has a filter of its own")


def program(known: Processor, verdicts: Mapping[str, Verdict], otherwise: int) -> list[bytes]:
    """The filter, step by step. Calls that another processor has are death: nothing of ours does
    that.
    """
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, ARCHITECTURES[known], 1, 0),
        _step(_RETURN, KILL),
        _step(_LOAD, _NUMBER),
    ]
    if known == "x86_64":
        steps += [_step(_AT_LEAST, OTHER_NUMBERING, 0, 1), _step(_RETURN, ABSENT)]
    for name, verdict in verdicts.items():
        number = NUMBERS[name][0 if known == "x86_64" else 1]
        if number is not None:
            decided = list(_decided(verdict))
            steps += [_step(_EQUAL, number, 0, len(decided)), *decided]
    return [*steps, _step(_RETURN, otherwise)]


def _decided(verdict: Verdict) -> Iterable[bytes]:
    if isinstance(verdict, int):
        yield _step(_RETURN, verdict)
        return
    yield _step(_LOAD, _ARGUMENTS + 8 * verdict.argument)
    yield _step(_AND, verdict.mask)
    for value in verdict.values:
        yield _step(_EQUAL, value, 0, 1)
        yield _step(_RETURN, verdict.then)
    yield _step(_RETURN, verdict.otherwise)


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
