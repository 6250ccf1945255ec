"""What all tests share. Settings of pytest are in `pyproject.toml`; nothing is patched here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.helpers.house import House

# How long an example takes is the machine's affair.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Meetings over a store of their own, opened."""
    house = House(tmp_path / "data")
    await house.open()
    yield house
    await house.close()
