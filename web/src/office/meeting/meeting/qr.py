"""QR codes as pictures that need no fetching: one SVG path, black on white."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Final

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_MODULES: Final = 4
"""The white border a reader needs (ISO/IEC 18004)."""

REMEMBERED: Final = 100


@lru_cache(REMEMBERED)
def svg(text: str) -> str:
    """`text` as an SVG document, one unit a module, scalable to any size. Takes 10 ms once."""
    code = qrcode.QRCode(border=QUIET_MODULES, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    runs = "".join(
        f"M{start} {y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _black_runs(row)
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{runs}"/></svg>'
    )


def wifi(name: str, password: str) -> str:
    """The QR by which phones join a Wi-Fi (WPA), or "" where no network is named."""
    return svg(wifi_text(name, password)) if name else ""


def wifi_text(name: str, password: str) -> str:
    """What that QR says, or "" where no network is named."""
    if not name:
        return ""
    kind = "WPA" if password else "nopass"
    return f"WIFI:T:{kind};S:{_quoted(name)};P:{_quoted(password)};;"


def _quoted(text: str) -> str:
    return "".join(f"\\{ch}" if ch in '\\;,:"' else ch for ch in text)


def _black_runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where black modules begin in a row, and how many stand together."""
    runs, place = [], 0
    for black, group in groupby(row):
        length = len(list(group))
        if black:
            runs.append((place, length))
        place += length
    return runs
