"""One browser for all tests, and for each test a house of its own with empty devices."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.house import PATIENCE_MS, House, opened
from tests.e2e.papers import tiny_papers
from tests.helpers.process import demo, serve

BRISK = """
[times]
beacon = 1.0
ping = 1.5
ping_timeout = 2.5
offline = 3.0
lost = 1.0
come_back = 1.0
"""
"""What people wait for when the network goes comes sooner; all else takes its time."""

QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]

expect.set_options(timeout=PATIENCE_MS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("No program named chromium was found. On Debian: apt-get install chromium")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=program, args=QUIET)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def house(browser: Browser, tmp_path: Path) -> AsyncIterator[House]:
    """A meeting on two tiny papers, one item each, not yet opened."""
    papers = tiny_papers(tmp_path / "papers")
    async with demo(tmp_path / "data", papers) as running, opened(browser, running) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def brisk(browser: Browser, tmp_path: Path) -> AsyncIterator[House]:
    """As `house`, but a lost network is noticed sooner."""
    papers = tiny_papers(tmp_path / "papers")
    data = tmp_path / "data"
    data.mkdir()
    (data / "settings.toml").write_text(BRISK, "utf-8")
    async with demo(data, papers) as running, opened(browser, running) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def sample(browser: Browser, tmp_path: Path) -> AsyncIterator[House]:
    """The sample meeting, not yet opened."""
    async with demo(tmp_path / "data") as running, opened(browser, running) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def office(browser: Browser, tmp_path: Path) -> AsyncIterator[House]:
    """A server that was never started before: no office, no meeting."""
    async with serve(tmp_path / "data") as running, opened(browser, running) as house:
        yield house
