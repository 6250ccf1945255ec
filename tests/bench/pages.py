"""PDF to page images: ours, Poppler's and PDFium's, side by side on a fixed packet.

Run: `python -m tests.bench.pages [--only drawing] [--times 4] [--runs 5] [--tried] [--keep FOLDER]`

Each side has two processes: `pdftoppm -png` twice over half the pages each, pypdfium2 with Pillow
likewise, ours `meeting pages` as it is. Whole commands are timed, one after the other. Ends
with status 1 where a promise is broken: 8 times faster in total and 3 in each class than pdftoppm,
0.6 of its bytes in total and no more in any class, and as good as a lossless drawing.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.bench import packet, tried
from tests.bench.sameness import compare
from tests.bench.terminal import end, options_of, say

WIDTH: Final = 1600
FASTER_IN_ALL, FASTER_EACH = 8.0, 3.0
BYTES_IN_ALL, BYTES_EACH = 0.6, 1.0
FURTHEST: Final = 8
LIKENESS: Final = 0.98
FADED: Final = 0.001
PRINT: Final = ("grey text", "coloured text", "drawing")
"""Classes judged by their furthest pixel; the others by their likeness."""
JUDGED_EVERY: Final = 4
PACKET: Final = {
    "grey text": 5,
    "coloured text": 5,
    "grey scan": 1,
    "colour scan": 1,
    "photograph": 1,
    "drawing": 5,
}
"""Pages of each class; as many times as was asked for."""

PDFIUM: Final = """
import sys, pypdfium2
paper, folder, first, last, width = sys.argv[1:]
pdf = pypdfium2.PdfDocument(paper)
for number in range(int(first) - 1, int(last)):
    page = pdf[number]
    picture = page.render(scale=int(width) / page.get_width()).to_pil()
    picture.save(f"{folder}/{number + 1}.png")
"""

Side = Callable[[Path, Path, int], None]


def poppler(paper: Path, folder: Path, pages: int) -> None:
    _both(
        [
            ["pdftoppm", "-png", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1",
             "-f", str(first), "-l", str(last), str(paper), str(folder / "page")]
            for first, last in _halves(pages)
        ]
    )  # fmt: skip


def pdfium(paper: Path, folder: Path, pages: int) -> None:
    _both(
        [
            [sys.executable, "-c", PDFIUM, str(paper), str(folder), str(first), str(last),
             str(WIDTH)]
            for first, last in _halves(pages)
        ]
    )  # fmt: skip


def ours(paper: Path, folder: Path, pages: int) -> None:
    command = Path(sys.executable).with_name("meeting")
    start = [str(command)] if command.exists() else [sys.executable, "-m", "meeting"]
    _both([[*start, "pages", str(paper), str(folder), "--width", str(WIDTH), "--json"]])


SIDES: Final[dict[str, Side]] = {"pdftoppm": poppler, "ours": ours, "pdfium": pdfium}


def _halves(pages: int) -> tuple[tuple[int, int], ...]:
    return ((1, pages // 2), (pages // 2 + 1, pages)) if pages > 1 else ((1, 1),)


def _both(commands: Sequence[Sequence[str]]) -> None:
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    statuses = [process.wait() for process in running]
    if any(statuses):
        raise SystemExit(f"{commands[0][0]} failed: {statuses}")


class Figures:
    """Seconds and bytes by class and side, one for each run."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], list[float]] = {}
        self.bytes: dict[tuple[str, str], int] = {}

    def run(self, name: str, side: str, paper: Path, pages: int, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        began = time.perf_counter()
        SIDES[side](paper, folder, pages)
        self.seconds.setdefault((name, side), []).append(time.perf_counter() - began)
        made = [file.stat().st_size for file in folder.iterdir()]
        if len(made) != pages:
            raise SystemExit(f"{side} made {len(made)} of {pages} pages of {name}")
        self.bytes[name, side] = sum(made)

    def times_faster(self, names: Sequence[str], than: str) -> list[float]:
        """Ours against another side, run by run."""

        def total(side: str) -> list[float]:
            return [sum(run) for run in zip(*(self.seconds[n, side] for n in names), strict=True)]

        return [theirs / mine for theirs, mine in zip(total(than), total("ours"), strict=True)]

    def share_of_bytes(self, names: Sequence[str], of: str) -> float:
        mine = sum(self.bytes[name, "ours"] for name in names)
        return mine / sum(self.bytes[name, of] for name in names)


def measure(
    folder: Path, pages: Mapping[str, int], runs: int, sides: Sequence[str]
) -> tuple[Figures, list[str]]:
    papers = packet.make(folder, pages)
    say(", ".join(f"{many} {name}" for name, many in pages.items()) + f"; {os.cpu_count()} cores")
    figures, faults = Figures(), []
    for run in range(runs):
        for name, paper in papers.items():
            for side in sides if run % 2 else sides[::-1]:
                figures.run(name, side, paper, pages[name], folder / "out" / name / side)
        say(f"run {run + 1} of {runs}, load {os.getloadavg()[0]:.1f}")
    for name, paper in papers.items():
        faults += judged(name, paper, folder / "out" / name / "ours")
    return figures, faults


def judged(name: str, paper: Path, folder: Path) -> list[str]:
    """What is not as good as promised on some of the pages."""
    images = sorted(folder.iterdir())[::JUDGED_EVERY]
    found = [compare(paper, int(image.stem), image.read_bytes()) for image in images]
    furthest = max(one.furthest for one in found)
    likeness, faded = min(one.likeness for one in found), max(one.faded for one in found)
    kinds = sorted({image.suffix[1:] for image in images})
    say(f"{name:14} furthest {furthest:3}, faded {faded:.4f}, SSIM {likeness:.4f}, {kinds}")
    bad = furthest > FURTHEST or faded > FADED if name in PRINT else likeness < LIKENESS
    return [f"{name} is not true to the paper"] if bad else []


def verdict(figures: Figures, names: Sequence[str], sides: Sequence[str]) -> list[str]:
    faults: list[str] = []
    say("")
    whole = [list(names)] if len(names) == len(PACKET) else []
    for group in [[name] for name in names] + whole:
        title = group[0] if len(group) == 1 else "in all"
        line = f"{title:14}"
        for side in sides:
            seconds = statistics.median(
                sum(run) for run in zip(*(figures.seconds[n, side] for n in group), strict=True)
            )
            size = sum(figures.bytes[name, side] for name in group) / 1_000_000
            line += f" {side} {seconds:6.2f} s {size:6.1f} MB"
        for other in [side for side in sides if side != "ours"]:
            faster = figures.times_faster(group, other)
            share = figures.share_of_bytes(group, other)
            line += f" | {other} {statistics.median(faster):5.1f}x"
            line += f" ({min(faster):.1f}-{max(faster):.1f}), bytes {share:.2f}"
            if other == "pdftoppm":
                least = FASTER_EACH if len(group) == 1 else FASTER_IN_ALL
                most = BYTES_EACH if len(group) == 1 else BYTES_IN_ALL
                if statistics.median(faster) < least:
                    faults.append(f"{title}: only {statistics.median(faster):.1f} times faster")
                if share > most:
                    faults.append(f"{title}: {share:.2f} of the bytes")
        say(line)
    return faults


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--times", type=int, default=4, help="how often the packet is 18 pages")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--sides", default="pdftoppm,ours,pdfium")
    options.add_argument("--only", default="", help="these classes, with commas between them")
    options.add_argument("--keep", type=Path, help="folder to leave papers and images in")
    options.add_argument("--tried", action="store_true", help="only the table of encodings tried")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        if asked.tried:
            tried.table(packet.make(folder, dict.fromkeys(packet.CLASSES, 2)), say)
            return
        sides = [side for side in asked.sides.split(",") if shutil.which(side) or side in SIDES]
        names = asked.only.split(",") if asked.only else list(PACKET)
        pages = {name: asked.times * PACKET[name] for name in names}
        figures, faults = measure(folder, pages, asked.runs, sides)
        faults += verdict(figures, names, sides)
    end(faults)


if __name__ == "__main__":
    main()
