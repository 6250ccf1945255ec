"""What is printed on a document's first pages, as a sandboxed child read it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

A4: Final = 297 / 210

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of the page's width and height as it is shown."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page and where it stands. What was written before Unicode reads as Unicode where
    the font's name told so. `turn`: the quarters by which it is turned, clockwise, as it is shown.
    """

    text: str
    bold: bool = False
    box: Box = (0.0, 0.0, 0.0, 0.0)
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Printed:
    """A page and its lines from the top, what stands in comments and form fields included.

    `pictured`: the share of the page that pictures cover; 0 where it has words enough.
    `shape`: its height over its width.
    """

    page: int
    lines: tuple[PrintedLine, ...] = ()
    pictured: float = 0.0
    shape: float = A4


def upright(page: Printed) -> Iterator[tuple[Printed, int]]:
    """A page for each way its lines lie, turned so that they stand upright; and the quarters,
    clockwise, by which it is turned back.
    """
    for turn in sorted({line.turn for line in page.lines}):
        lines = [
            replace(line, box=turned(line.box, -turn), turn=0)
            for line in page.lines
            if line.turn == turn
        ]
        lines.sort(key=lambda line: (line.box[1], line.box[0]))
        shape = 1 / page.shape if turn % 2 else page.shape
        yield replace(page, lines=tuple(lines), shape=shape), turn


def turned(box: Box, quarters: int) -> Box:
    """Where it is on its page when that is turned by so many quarters, clockwise."""
    for _ in range(quarters % 4):
        left, top, right, bottom = box
        box = (1 - bottom, left, 1 - top, right)
    return box


def printed_of(said: Any) -> tuple[Printed, ...]:
    """What a child said of the pages.

    Raises:
        ArithmeticError, LookupError, TypeError, ValueError: it is not what our child says.
    """
    return tuple(map(_page, said))


def _page(said: Any) -> Printed:
    pictured, shape = float(said["pictured"]), float(said["shape"])
    if not 0 < shape < math.inf:
        raise ValueError
    return Printed(int(said["page"]), tuple(map(_line, said["lines"])), pictured, shape)


def _line(said: Any) -> PrintedLine:
    text, bold, left, top, right, bottom, turn = said
    box = (float(left), float(top), float(right), float(bottom))
    return PrintedLine(str(text), bool(bold), box, int(turn) % 4)
