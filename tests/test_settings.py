"""The settings file: what it may say, and that all else is refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from meeting.clock import Times
from meeting.errors import Stopped
from meeting.settings import FILE, Written, written


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    assert written(tmp_path) == Written()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "as Windows saves it"])
def test_what_is_said_holds_and_the_rest_is_as_usual(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / FILE).write_bytes(mark + b"[times]\nbeacon = 1.5\noffline = 8.0\n")
    assert written(tmp_path) == Written(times=Times(beacon=1.5, offline=8.0))


@pytest.mark.parametrize(
    "said",
    [
        b"[times]\nbeacon = 0\n",
        b"[times]\nbeacon = 'two'\n",
        b"[times]\nbeecon = 2.0\n",
        b"[times]\nbeacon = 2,0\n",
        b"[times]\nbeacon = 10.0\n",
        b"[times]\noffline = 1.0\n",
        "[times]\n".encode("utf-16"),
        b"\x00",
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path: Path, said: bytes) -> None:
    (tmp_path / FILE).write_bytes(said)
    with pytest.raises(Stopped) as refused:
        written(tmp_path)
    assert (refused.value.key, refused.value.data["path"]) == (
        "settings_wrong",
        str(tmp_path / FILE),
    )


def test_a_folder_in_the_file_s_place_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(Stopped):
        written(tmp_path)
