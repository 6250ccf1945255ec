"""What is printed at the head of a document's first pages, as a sandboxed child read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of the page's width and height as it is shown."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page and where it stands. What was written before Unicode reads as Unicode where
    the font's name told so.
    """

    text: str
    bold: bool = False
    box: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Printed:
    """A page and its lines, what stands in comments and form fields included.

    `pictured`: the share of the page that pictures cover.
    """

    page: int
    lines: tuple[PrintedLine, ...] = ()
    pictured: float = 0.0


def printed_of(said: Any) -> tuple[Printed, ...]:
    """What a child said of the pages.

    Raises:
        LookupError, TypeError, ValueError: it is not what our child says.
    """
    return tuple(
        Printed(int(one["page"]), tuple(map(_line, one["lines"])), float(one["pictured"]))
        for one in said
    )


def _line(said: Any) -> PrintedLine:
    text, bold, left, top, right, bottom = said
    box = (float(left), float(top), float(right), float(bottom))
    return PrintedLine(str(text), bool(bold), box)
