"""The settings file: what it may say, and that all else is refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from meeting.clock import Times
from meeting.errors import Stopped
from meeting.pages import PagesLimits
from meeting.settings import FILE, Written, written


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    assert written(tmp_path) == Written()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "as Windows saves it"])
def test_what_is_said_holds_and_the_rest_is_as_usual(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / FILE).write_bytes(mark + b"[times]\nbeacon = 1.5\noffline = 8.0\n")
    assert written(tmp_path) == Written(times=Times(beacon=1.5, offline=8.0))


@pytest.mark.parametrize(
    ("said", "key", "where"),
    [
        (b"[times]\nbeacon = 0\n", "settings_value", {"name": "times.beacon"}),
        (b"[times]\nbeacon = 'two'\n", "settings_value", {"name": "times.beacon"}),
        (b"[times]\nbeecon = 2.0\n", "settings_unknown", {"name": "times.beecon"}),
        (b"[pages]\nmax_pages = 0\n", "settings_value", {"name": "pages.max_pages"}),
        (b"[pages]\npixels = 9\n", "settings_unknown", {"name": "pages.pixels"}),
        (b"speed = 2.0\n", "settings_unknown", {"name": "speed"}),
        (b"[times]\nbeacon = 2,0\n", "settings_line", {"line": "2"}),
        (b"[times]\nbeacon = 10.0\n", "settings_offline", {}),
        (b"[times]\noffline = 1.0\n", "settings_offline", {}),
        ("[times]\n".encode("utf-16"), "settings_not_text", {}),
        (b"\x00", "settings_line", {"line": "1"}),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(
    tmp_path: Path, said: bytes, key: str, where: dict[str, str]
) -> None:
    (tmp_path / FILE).write_bytes(said)
    with pytest.raises(Stopped) as refused:
        written(tmp_path)
    assert refused.value.key == key
    assert refused.value.data == {"path": str(tmp_path / FILE), **where}


def test_a_folder_in_the_file_s_place_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(Stopped) as refused:
        written(tmp_path)
    assert refused.value.key == "settings_unread"


def test_what_a_paper_may_cost_is_set_in_its_own_table(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"[pages]\nmax_pages = 800\npage_seconds = 7.5\n")
    assert written(tmp_path) == Written(pages=PagesLimits(max_pages=800, page_seconds=7.5))
