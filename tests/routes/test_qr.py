"""Codes are read back by a reader that is not ours."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from meeting import qr

MODULE = 6


@pytest.mark.parametrize(
    "text",
    [
        "http://192.168.1.105:8080/q/aaacvxkfy3hq2zmd7tbw5ouh",
        "http://10.0.0.2/c/2zmd7tbw5ouhaaacvxkfy3hqxx",
        'WIFI:T:WPA;S:HOP A;P:a"b<c>&d;;',
        "Phòng họp A, số 1",
    ],
)
def test_a_code_is_read_back(text: str) -> None:
    assert [found.text for found in zxingcpp.read_barcodes(_painted(qr.svg(text)))] == [text]


def test_a_code_holds_nothing_but_two_paths() -> None:
    """The text is drawn, never written: nothing in it can become markup."""
    root = ElementTree.fromstring(qr.svg('"/><script>alert(1)</script>'))
    tags = [element.tag.partition("}")[2] for element in root.iter()]
    assert (tags, "".join(root.itertext())) == (["svg", "path", "path"], "")


def test_a_code_has_a_quiet_border_of_four_modules() -> None:
    picture = _painted(qr.svg("1"))
    black = picture.point(lambda grey: 255 - grey).getbbox()
    edge = 4 * MODULE
    assert black == (edge, edge, picture.width - edge, picture.height - edge)


def _painted(svg: str) -> Image.Image:
    """The second path's modules, as a browser paints them."""
    root = ElementTree.fromstring(svg)
    size = int(root.attrib["viewBox"].split()[2]) * MODULE
    picture = Image.new("L", (size, size), 255)
    pen = ImageDraw.Draw(picture)
    path = list(root)[1].attrib["d"]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{to}v1h-{back}z" for x, y, to, back in runs) == path
    for x, y, to, _ in runs:
        left, top = int(x) * MODULE, int(y) * MODULE
        pen.rectangle((left, top, left + int(to) * MODULE - 1, top + MODULE - 1), fill=0)
    return picture
