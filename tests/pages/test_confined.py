"""What a child that was shut in can still do, tried from inside; and what it can without one or
the other of the kernel's means.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from meeting.sandbox import CONFINED, ROOT, command, kernel, landlock, seccomp
from meeting.sandbox.seccomp import ABSENT, ALLOW, DENY, KILL

LIMITS: Final = json.dumps({"memory_bytes": 2_000_000_000, "cpu_seconds": 60})


def on_trial(*before: str) -> list[str]:
    """What a child says it has given up."""
    asked = [*before, *command("trial", LIMITS)]
    done = subprocess.run(asked, capture_output=True, timeout=60, check=True)
    return list(json.loads(done.stdout))


FILTERS: Final = Path("/proc/sys/kernel/seccomp/actions_avail")

can_filter = FILTERS.exists() and kernel.processor() is not None
given_up = on_trial() if sys.platform == "linux" else []
linux = pytest.mark.skipif(sys.platform != "linux", reason="what is confined with is Linux's")
filtered = pytest.mark.skipif(not can_filter, reason="no seccomp here")
locked = pytest.mark.skipif(landlock.version() < 1, reason="no Landlock here")

BEGINNING: Final = """
import ctypes, json, mmap, os, resource, socket, subprocess, sys, threading
sys.path.insert(0, sys.argv[1])
from meeting.sandbox import confine, kernel, landlock, seccomp
own = os.open(sys.argv[2], os.O_RDWR)
"""

TRIED: Final = """
def started():
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()

def called(name, *arguments):
    number = seccomp.NUMBERS[name][kernel.processor() != "x86_64"]
    return kernel.call(number, *arguments)

TRIALS = {
    "read": lambda: open("/etc/passwd"),
    "write": lambda: open(sys.argv[2] + "x", "w"),
    "list": lambda: os.listdir("/"),
    "remove": lambda: os.unlink(sys.argv[2]),
    "rename": lambda: os.rename(sys.argv[2], sys.argv[2] + "y"),
    "network": lambda: socket.socket(),
    "neighbours": lambda: socket.socket(socket.AF_UNIX),
    "pair": lambda: socket.socketpair(),
    "fork": lambda: os.fork() or os._exit(0),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "kill": lambda: os.kill(os.getppid(), 0),
    "limits": lambda: resource.getrlimit(resource.RLIMIT_CPU),
    "new code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC),
    "look into": lambda: called("ptrace", 16, os.getppid(), 0, 0),
    "rings": lambda: called("io_uring_setup", 1, 0),
    "bpf": lambda: called("bpf", 0, 0, 0),
    "namespace": lambda: called("unshare", 0x10000000),
    "other numbers": lambda: kernel.call(0x40000000 + 39),
    "compute": lambda: sum(range(9)),
    "memory": lambda: bytearray(50_000_000),
    "thread": started,
    "what is open": lambda: os.pread(own, 3, 0),
    "write what is open": lambda: os.pwrite(own, b"x", 0),
    "own memory": lambda: confine.held_bytes() or 1 / 0,
}

def came(trial):
    try:
        trial()
    except OSError as refused:
        return type(refused).__name__
    return "done"

os.write(1, json.dumps({name: came(trial) for name, trial in TRIALS.items()}).encode())
"""

DONE: Final = ("compute", "memory", "thread", "what is open", "write what is open", "own memory")


def inside(shutting: str, own: Path) -> dict[str, str]:
    """What came of each trial in a child that was shut in so."""
    own.write_bytes(b"own")
    code = BEGINNING + shutting + TRIED
    asked = [sys.executable, "-I", "-c", code, str(ROOT), str(own)]
    done = subprocess.run(asked, capture_output=True, timeout=60, check=True)
    return dict(json.loads(done.stdout))


@filtered
def test_a_child_that_is_shut_in_can_compute_and_use_what_is_open_and_nothing_else(
    tmp_path: Path,
) -> None:
    came = inside("confine.shut()", tmp_path / "own")

    assert {name for name, how in came.items() if how == "done"} == {*DONE}
    if kernel.processor() == "x86_64":
        assert came["other numbers"] == "OSError"  # there is no such call, as far as it can see


@filtered
def test_the_filter_alone_holds_as_much(tmp_path: Path) -> None:
    shutting = """
confine.held_bytes()
kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
seccomp.permit(seccomp.READING, seccomp.DENY)
"""
    came = inside(shutting, tmp_path / "own")

    assert {name for name, how in came.items() if how == "done"} == {*DONE}


@locked
def test_landlock_alone_holds_the_files(tmp_path: Path) -> None:
    shutting = """
confine.held_bytes()
kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
landlock.restrict()
"""
    came = inside(shutting, tmp_path / "own")

    files = ("read", "write", "list", "remove", "rename", "program")
    assert {came[name] for name in files} == {"PermissionError"}


@filtered
def test_a_kernel_with_neither_is_said_and_the_child_works(tmp_path: Path) -> None:
    """A kernel without: one that answers that there are no such calls."""
    without = """
numbers = {"seccomp": (317, 277), "create": (444, 444)}
seccomp.NUMBERS.update(numbers)
kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
seccomp.permit(dict.fromkeys(numbers, seccomp.ABSENT), seccomp.ALLOW)
os.execv(sys.argv[3], sys.argv[3:])
"""
    (tmp_path / "own").touch()
    before = [sys.executable, "-I", "-c", BEGINNING + without, str(ROOT), str(tmp_path / "own")]

    assert on_trial(*before) == ["memory", "time"]


@linux
def test_what_was_given_up_is_named_as_everybody_names_it() -> None:
    assert {"memory", "time"} <= {*given_up} <= {*CONFINED}


@linux
def test_a_child_ends_with_its_parent_even_when_frozen() -> None:
    """As when the server is killed while a page takes long."""
    code = (
        BEGINNING.replace("own =", "own = 0 and")
        + """
import signal
reader, writer = os.pipe()
if (child := os.fork()) == 0:
    confine.limit(memory_bytes=10**9, cpu_seconds=60)
    confine.shut()
    os.write(writer, b"shut")
    while True:
        threading.Event().wait(1)
os.read(reader, 4)
os.kill(child, signal.SIGSTOP)
os.write(1, b"%d\\n" % child)
sys.stdin.read()
"""
    )
    asked = [sys.executable, "-I", "-c", code, str(ROOT), os.devnull]
    parent = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with parent, Adopting():
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        # It comes to us, as the nearest that adopts; or to the system, where none may.
        ended, status = os.waitpid(child, 0)
    assert (ended, os.WTERMSIG(status)) == (child, signal.SIGKILL)


class Adopting:
    """Inside, what loses its parent becomes a child of this process."""

    def __enter__(self) -> None:
        kernel.prctl(kernel.ADOPT, 1)

    def __exit__(self, *_: object) -> None:
        kernel.prctl(kernel.ADOPT, 0)


# ------------------------------------------------------- the filter itself, for both processors


def verdict(processor: kernel.Processor, rules: Any, other: int, number: int, *args: int) -> int:
    """What the filter says of a call, worked out as the kernel does."""
    architecture = seccomp.ARCHITECTURES[processor]
    data = struct.pack("=IIQ6Q", number, architecture, 0, *args, *[0] * (6 - len(args)))
    steps = [struct.unpack("=HBBI", one) for one in seccomp.program(processor, rules, other)]
    at, held = 0, 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        match code:
            case 0x20:
                (held,) = struct.unpack_from("=I", data, value)
            case 0x54:
                held &= value
            case 0x15:
                at += yes if held == value else no
            case 0x35:
                at += yes if held >= value else no
            case _:
                return int(value)


NAMES: Final = ("read", "mmap", "clone", "clone3", "openat", "connect", "fcntl", "kill")


@pytest.mark.parametrize(
    ("processor", "numbers"),
    [
        ("x86_64", (0, 9, 56, 435, 257, 42, 72, 62)),
        ("aarch64", (63, 222, 220, 435, 56, 203, 25, 129)),
    ],
)
def test_the_filter_says_the_same_on_both_processors(
    processor: kernel.Processor, numbers: tuple[int, ...]
) -> None:
    def of(name: str, *args: int) -> int:
        return verdict(processor, seccomp.READING, DENY, numbers[NAMES.index(name)], *args)

    assert [of("read"), of("openat"), of("connect"), of("kill")] == [ALLOW, DENY, DENY, DENY]
    assert [of("mmap", 0, 4096, prot) for prot in (3, 4, 7)] == [ALLOW, DENY, DENY]
    assert [of("clone", flags) for flags in (0x3D0F00, 17)] == [ALLOW, DENY]
    assert of("clone3") == ABSENT
    assert [of("fcntl", 3, option) for option in (3, 1030, 8)] == [ALLOW, ALLOW, DENY]


@pytest.mark.parametrize("processor", ["x86_64", "aarch64"])
def test_a_program_of_others_gets_no_network_and_no_other_process(
    processor: kernel.Processor,
) -> None:
    at = 0 if processor == "x86_64" else 1

    def of(name: str, *args: int) -> int:
        number = seccomp.NUMBERS[name][at]
        assert number is not None
        return verdict(processor, seccomp.RUNNING, ALLOW, number, *args)

    families = {"unix": 1, "inet": 2, "inet6": 10, "netlink": 16, "packet": 17, "vsock": 40}
    assert [name for name, family in families.items() if of("socket", family) == ALLOW] == ["unix"]
    assert {of(name) for name in ("kill", "tgkill", "ptrace", "bpf", "mount")} == {DENY}
    assert [of("clone", flags) for flags in (17, 0x10000000 | 17)] == [ALLOW, DENY]
    assert of("read") == ALLOW


def test_calls_of_another_processor_are_death() -> None:
    (_, wrong, dead, *_) = seccomp.program("x86_64", seccomp.READING, DENY)
    assert struct.unpack("=HBBI", wrong) == (0x15, 1, 0, 0xC000003E)
    assert struct.unpack("=HBBI", dead) == (0x06, 0, 0, KILL)
