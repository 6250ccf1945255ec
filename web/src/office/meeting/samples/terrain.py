"""The invented land of the drawing and the road through it: heights, contour lines, road axis.

Lengths are millimetres on the sheet (1 mm = 10 m at 1:10.000) with y downwards; heights are metres.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import acos, atan2, ceil, cos, degrees, exp, hypot, pi, sin, tan
from typing import NamedTuple

Point = tuple[float, float]

WIDTH, HEIGHT, STEP = 615, 440, 5
_HILLS = (  # x, y, metres above the plain, breadth
    (330, 90, 150, 70), (470, 70, 95, 48), (560, 250, 170, 75), (380, 350, 125, 62),
    (250, 60, 80, 45), (40, 60, 90, 60), (30, 250, 62, 42), (270, 420, 70, 40),
    (500, 400, 120, 66), (610, 20, 60, 40), (225, 255, 48, 32), (610, 140, 85, 40),
)  # fmt: skip
RIVER_MARKS = ((150, -8), (142, 70), (98, 150), (104, 230), (150, 300), (186, 380), (168, 448))
STREAM_MARKS = ((625, 196), (540, 190), (480, 222), (430, 212), (400, 186), (340, 196), (270, 168),
                (190, 192), (100, 205))  # fmt: skip
AXIS_MARKS = ((46, 398), (128, 326), (218, 346), (300, 262), (392, 268), (466, 160), (540, 156),
              (592, 66))  # fmt: skip
RADII = (30, 25, 40, 45, 40, 35)  # at each inner mark


def smooth(marks: Sequence[Point], pieces: int = 12) -> list[Point]:
    """A curve through all marks (Catmull-Rom), as points."""
    padded = [marks[0], *marks, marks[-1]]
    points: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for k in range(pieces):
            t = k / pieces
            points.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return [*points, marks[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    cubic = -a + 3 * b - 3 * c + d
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + cubic * t**3)


RIVER = smooth(RIVER_MARKS)
STREAM = smooth(STREAM_MARKS)


def _distance(x: float, y: float, line: Sequence[Point]) -> float:
    best = 1e9
    for (ax, ay), (bx, by) in pairwise(line):
        dx, dy = bx - ax, by - ay
        t = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
        best = min(best, hypot(x - ax - t * dx, y - ay - t * dy))
    return best


def height(x: float, y: float) -> float:
    """Metres above the sea at a place of the map."""
    land = 34 + 0.06 * x + 0.02 * (HEIGHT - y) + 3 * sin(x / 31) * cos(y / 27)
    land += sum(h * exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * s * s)) for a, b, h, s in _HILLS)
    for line, level, breadth in ((STREAM, 24 + 0.055 * x, 26), (RIVER, 22 - 0.01 * y, 40)):
        land = level + (land - level) * (1 - exp(-((_distance(x, y, line) / breadth) ** 2)))
    return land


def contours(every: int) -> Iterator[tuple[int, list[list[Point]]]]:
    """Each level that is a multiple of `every` metres, with its lines (marching squares)."""
    columns, rows = WIDTH // STEP + 1, HEIGHT // STEP + 1
    grid = [[height(i * STEP, j * STEP) for i in range(columns)] for j in range(rows)]
    lowest, highest = min(map(min, grid)), max(map(max, grid))
    for level in range(ceil(lowest / every) * every, int(highest) + 1, every):
        yield level, _level_lines(grid, level + 1e-6)


def _level_lines(grid: Sequence[Sequence[float]], level: float) -> list[list[Point]]:
    where: dict[tuple[int, int, int], Point] = {}
    next_to: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}

    def cut(i: int, j: int, down: int) -> list[tuple[int, int, int]]:
        """The grid edge from (i, j) to the right or down, if the level crosses it."""
        a, b = grid[j][i], grid[j + down][i + 1 - down]
        if (a < level) == (b < level):
            return []
        t = (level - a) / (b - a)
        where[i, j, down] = ((i + t * (1 - down)) * STEP, (j + t * down) * STEP)
        return [(i, j, down)]

    for j in range(len(grid) - 1):
        for i in range(len(grid[0]) - 1):
            edges = [*cut(i, j, 0), *cut(i + 1, j, 1), *cut(i, j + 1, 0), *cut(i, j, 1)]
            for a, b in zip(edges[::2], edges[1::2], strict=True):
                next_to.setdefault(a, []).append(b)
                next_to.setdefault(b, []).append(a)
    lines = []
    ends = [edge for edge, others in next_to.items() if len(others) == 1]
    for start in (*ends, *next_to):
        if not next_to[start]:
            continue
        line, at = [where[start]], start
        while next_to[at]:
            onward = next_to[at].pop()
            next_to[onward].remove(at)
            at = onward
            line.append(where[at])
        lines.append(line)
    return lines


class Curve(NamedTuple):
    """One bend of the road; lengths in metres, `turn` in degrees, places on the sheet."""

    mark: Point
    start: Point
    end: Point
    turn: float
    radius: float
    tangent: float
    length: float
    outer: float


def bends() -> list[Curve]:
    """The circular bend at every inner mark of the axis."""
    found = []
    for a, b, c, radius in zip(AXIS_MARKS, AXIS_MARKS[1:], AXIS_MARKS[2:], RADII, strict=False):
        back, on = _unit(b, a), _unit(b, c)
        turn = pi - acos(back[0] * on[0] + back[1] * on[1])
        t = radius * tan(turn / 2)
        start, end = (b[0] + back[0] * t, b[1] + back[1] * t), (b[0] + on[0] * t, b[1] + on[1] * t)
        outer = radius * (1 / cos(turn / 2) - 1)
        found.append(
            Curve(b, start, end, degrees(turn), radius * 10, t * 10, radius * turn * 10, outer * 10)
        )
    return found


def _unit(a: Point, b: Point) -> Point:
    length = hypot(b[0] - a[0], b[1] - a[1])
    return (b[0] - a[0]) / length, (b[1] - a[1]) / length


def axis() -> list[Point]:
    """The road as points about 1 mm apart: straights joined by arcs."""
    corners: list[Point] = [AXIS_MARKS[0]]
    for bend in bends():
        ax, ay = _unit(bend.start, bend.mark)
        bx, by = _unit(bend.mark, bend.end)
        side = 1 if ax * by - ay * bx > 0 else -1
        r = bend.radius / 10
        cx, cy = bend.start[0] - ay * r * side, bend.start[1] + ax * r * side
        first = atan2(bend.start[1] - cy, bend.start[0] - cx)
        steps = max(4, round(bend.length / 10))
        for k in range(steps + 1):
            angle = first + side * bend.length / bend.radius * k / steps
            corners.append((cx + r * cos(angle), cy + r * sin(angle)))
    corners.append(AXIS_MARKS[-1])
    points: list[Point] = []
    for a, b in pairwise(corners):
        steps = max(1, round(hypot(b[0] - a[0], b[1] - a[1])))
        points += [(a[0] + (b[0] - a[0]) * k / steps, a[1] + (b[1] - a[1]) * k / steps)
                   for k in range(steps)]  # fmt: skip
    return [*points, corners[-1]]


class Road:
    """The axis measured from its beginning, in metres."""

    def __init__(self) -> None:
        self.points = axis()
        self.chainage = [0.0]
        for a, b in pairwise(self.points):
            self.chainage.append(self.chainage[-1] + 10 * hypot(b[0] - a[0], b[1] - a[1]))
        self.length = self.chainage[-1]

    def at(self, metres: float) -> tuple[float, float, float]:
        """Place on the sheet and direction (radians) after so many metres."""
        for k, there in enumerate(self.chainage[1:]):
            if there >= metres or k == len(self.points) - 2:
                break
        (ax, ay), (bx, by) = self.points[k], self.points[k + 1]
        t = (metres - self.chainage[k]) / (self.chainage[k + 1] - self.chainage[k])
        return ax + (bx - ax) * t, ay + (by - ay) * t, atan2(by - ay, bx - ax)

    def crossing(self, line: Sequence[Point]) -> float:
        """Where the road first crosses a line, in metres. Raises ValueError when it never does."""
        for k, (a, b) in enumerate(pairwise(self.points)):
            for c, d in pairwise(line):
                det = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
                if abs(det) < 1e-9:
                    continue
                t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / det
                u = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / det
                if 0 <= t <= 1 and 0 <= u <= 1:
                    return self.chainage[k] + t * (self.chainage[k + 1] - self.chainage[k])
        raise ValueError("the road does not cross this water")
