"""A meeting that was played and filed away, once for all who only look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from meeting.archive.shelf import Filed
from tests.archive import story
from tests.archive.story import Papers


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory, papers: Papers) -> Filed:
    """The official file of the whole meeting."""
    return story.filed(tmp_path_factory.mktemp("shelf"), story.filed_away(papers), papers)


@pytest.fixture
def copied(official: Filed, tmp_path: Path) -> Path:
    """A copy of it that may be changed."""
    copy = tmp_path / "ho-so.zip"
    copy.write_bytes(official.path.read_bytes())
    return copy
