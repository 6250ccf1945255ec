"""Our zip files are zip files, also where offsets need 64 bits; names that every system takes."""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.archive.names import numbered, safe
from meeting.archive.zipping import U32, Part, layout

STAMP = datetime(2026, 12, 10, 16, 30, 58, tzinfo=UTC)


def zipped(bodies: dict[str, bytes], most: int) -> bytes:
    parts = [Part(name, len(body), zlib.crc32(body)) for name, body in bodies.items()]
    whole = layout(parts, STAMP, most)
    made = b"".join(head + body for head, body in zip(whole.heads, bodies.values(), strict=True))
    assert len(made + whole.tail) == whole.length
    return made + whole.tail


@pytest.mark.parametrize(
    ("count", "most"), [(0, U32), (1, U32), (3, U32), (1, 0), (3, 100), (66_000, U32)]
)
def test_what_is_zipped_comes_out_again(count: int, most: int) -> None:
    bodies = {f"hồ sơ/{number}.txt": str(number).encode() for number in range(count)}
    with zipfile.ZipFile(io.BytesIO(zipped(bodies, most))) as file:
        assert file.testzip() is None
        assert file.namelist() == list(bodies)
        few = file.infolist()[:3]
        assert [file.read(one) for one in few] == list(bodies.values())[:3]
        assert {one.date_time for one in few} <= {(2026, 12, 10, 16, 30, 58)}


def test_a_file_too_large_for_a_zip_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be zipped"):
        layout([Part("a", 2**32, 0)], STAMP)


@given(st.text(max_size=300), st.integers(4, 80))
def test_any_text_becomes_a_name(text: str, most: int) -> None:
    name = safe(text, most)
    assert len(name) <= most
    assert not set(name) & set('<>:"/\\|?*%\0\n\r\t')
    assert name == name.strip(" .")
    assert unicodedata.normalize("NFC", name) == name
    name.encode()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tờ trình số 214-TTr/VPTU", "07_Tờ trình số 214-TTr-VPTU"),
        ("Tơ\u0300 tri\u0300nh", "07_Tờ trình"),
        ("../../etc/passwd", "07_etc-passwd"),
        ("CON", "07_CON"),
        ("...", "07"),
        ("Một tên rất dài được cắt ở chỗ trống", "07_Một tên rất dài được cắt ở"),
    ],
)
def test_names_as_people_read_them(text: str, name: str) -> None:
    assert numbered(7, text, 26) == name
