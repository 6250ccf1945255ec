"""An open store, on each database in turn."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from meeting.store.engine import Store
from meeting.store.meetings import Meetings
from tests.store.places import Folder, Place, Postgres
from tests.store.server import postgres


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With everything in its name that means something in a URL."""
    return tmp_path / "dữ liệu #1?%20"


@pytest.fixture(scope="session")
def sockets() -> Iterator[str]:
    """A real PostgreSQL: the folder of its sockets."""
    if sys.platform == "win32":
        pytest.skip("started by POSIX means")
    with postgres() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, folder: Path) -> Place:
    if request.param == "sqlite":
        return Folder(folder)
    return Postgres(request.getfixturevalue("sockets"))


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    opened = await place.open()
    yield opened
    await opened.close()


@pytest.fixture
def meetings(store: Store) -> Meetings:
    return Meetings(store)
