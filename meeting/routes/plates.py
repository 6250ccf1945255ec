"""A plate in a page's place, as a picture: its number, and why it cannot be shown.

For what shows pages by <img> alone: thumbnails, the pages without script, the office. A browser
shows the body of a refusal, too, where it is one.
"""

from __future__ import annotations

import textwrap
from typing import Final

from meeting.texts import text

ACCEPTED: Final = "image/"
"""How the `accept` header of every browser begins that asks for a picture, and nothing else's."""

MEDIA_TYPE: Final = "image/svg+xml"

LINE_LETTERS: Final = 26
LINE_HEIGHT: Final = 46


def plate(page: int, code: str) -> bytes:
    """A sheet of A4 in SVG; it holds nothing of the paper."""
    lines = textwrap.wrap(text(f"refused.{code}"), LINE_LETTERS)
    said = "".join(
        f'<text x="298" y="{420 + LINE_HEIGHT * number}">{line}</text>'
        for number, line in enumerate(lines)
    )
    heading = text("table.plate", page=page)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842" width="595" height="842">'
        '<rect width="595" height="842" fill="#fff"/>'
        '<g font-family="sans-serif" font-size="34" text-anchor="middle" fill="#1B1F24">'
        f'<text x="298" y="340" font-size="56" font-weight="bold">{heading}</text>{said}</g></svg>'
    ).encode()
