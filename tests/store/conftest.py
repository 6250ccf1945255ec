"""A data folder and an open store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from meeting.store.engine import Store, open_store
from meeting.store.meetings import Meetings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With everything in its name that means something in a URL."""
    return tmp_path / "dữ liệu #1?%20"


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    opened = await open_store(folder)
    yield opened
    await opened.close()


@pytest.fixture
def meetings(store: Store) -> Meetings:
    return Meetings(store)
