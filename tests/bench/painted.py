"""From the chair's tap to the page painted on a member's tablet, in a real browser.

Run: `python -m tests.bench.painted [--turns 100] [--members 1] [--dpr 2] [--throttle 1]
[--wakes 5]`

Chair and members are pages of one Chromium on this machine, so the figures include all of them
drawing on its cores. Painted is what the browser says itself (Element Timing: the frame was
presented). Before each turn the next page lies decoded on every device, as while people read. At
the end the first member's tablet is away and comes back (`waking`).
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pymupdf
from playwright.async_api import async_playwright

from tests.bench.terminal import options_of
from tests.bench.waking import IS_PAINTED, PATIENCE_MS, READING_SECONDS, WAKING, wake_ups
from tests.e2e.house import opened
from tests.e2e.people import TABLET, TABLET_LYING, Chair, Member
from tests.helpers.process import demo

SAMPLE: Final = Path(__file__).parents[2] / "samples" / "1.1_bao-cao-kinh-te-xa-hoi.pdf"

WATCH: Final = """
const now = () => performance.timeOrigin + performance.now();
window.painted = {};
window.arrived = 0;
window.tapped = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.painted[entry.identifier] = performance.timeOrigin + entry.renderTime;
  }
}).observe({ type: "element", buffered: true });
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) {
      if (node instanceof HTMLImageElement) node.setAttribute("elementtiming", node.alt);
    }
  }
}).observe(document, { childList: true, subtree: true });
addEventListener("keydown", ({ timeStamp }) => {
  window.tapped = performance.timeOrigin + timeStamp;
}, true);
const Native = WebSocket;
window.WebSocket = class extends Native {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      if (String(data).includes('"patch"')) window.arrived = now();
    });
  }
};
"""
SAW: Final = """name => {
  const page = name.split(" ").pop();
  const asked = performance.getEntriesByType("resource")
    .filter(({ name }) => name.includes(`/${page}?w=`) && !name.endsWith("=320"));
  const fetched = Math.max(...asked.map(({ responseEnd }) => responseEnd));
  return {
    painted: window.painted[name],
    arrived: window.arrived,
    fetched: performance.timeOrigin + fetched,
  };
}"""


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def line(name: str, values: list[float]) -> str:
    figures = " ".join(
        f"p{int(part * 100)} {share(values, part):6.1f}" for part in (0.5, 0.95, 0.99)
    )
    return f"{name:34} {figures} max {max(values):6.1f} ms, {len(values)} paintings"


def waking(name: str, seconds: list[float]) -> str:
    return f"{name:34} p50 {share(seconds, 0.5):.2f} max {max(seconds):.2f} s, {len(seconds)} tries"


@dataclass
class Figures:
    """Milliseconds, one for each painting of a page that lay ready; `waking` in seconds."""

    from_tap: list[float] = field(default_factory=list)
    from_wire: list[float] = field(default_factory=list)
    chairs_own: list[float] = field(default_factory=list)
    not_ready: int = 0
    waking: dict[str, list[float]] = field(default_factory=dict)


async def measure(
    folder: Path, turns: int, members: int, dpr: float, throttle: float, wakes: int
) -> Figures:
    paper = long_paper(folder, turns + 1 + 2 * wakes)
    figures = Figures()
    async with demo(folder / "data", [paper]) as running, async_playwright() as playwright:
        program = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        async with opened(browser, running) as house:
            chair = await house.person(Chair, TABLET_LYING)
            followers = [
                await house.person(Member, TABLET, device_scale_factor=dpr) for _ in range(members)
            ]
            for person in (chair, *followers):
                await person.page.add_init_script(WAKING + WATCH)
            await chair.comes_in(house.links["chair"])
            for number, member in enumerate(followers):
                await member.comes_in(house.links["members"][number])
                session = await member.page.context.new_cdp_session(member.page)
                await session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
            await chair.opens_the_meeting()
            await chair.goes_on()
            await chair.does(f"Trình chiếu {paper.stem.lower()}")
            names = (f"{paper.stem}, trang {page}" for page in itertools.count(2))
            for name in itertools.islice(names, turns):
                await one_turn(name, chair, followers, figures)
            figures.waking = await wake_ups(wakes, names, chair, followers[0])
        await browser.close()
    return figures


async def one_turn(name: str, chair: Chair, followers: Sequence[Member], figures: Figures) -> None:
    await asyncio.sleep(READING_SECONDS)
    await chair.presses("ArrowRight")
    for person in (chair, *followers):
        await person.page.wait_for_function(IS_PAINTED, arg=name, timeout=PATIENCE_MS)
    tapped = float(await chair.page.evaluate("window.tapped"))
    figures.chairs_own.append((await chair.page.evaluate(SAW, name))["painted"] - tapped)
    for member in followers:
        saw = await member.page.evaluate(SAW, name)
        if saw["fetched"] > tapped:
            figures.not_ready += 1
            continue
        figures.from_tap.append(saw["painted"] - tapped)
        figures.from_wire.append(saw["painted"] - saw["arrived"])


def long_paper(folder: Path, pages: int) -> Path:
    """A paper of so many pages, those of the sample over and over."""
    document = pymupdf.open()
    sample = pymupdf.open(SAMPLE)
    while len(document) < pages:
        document.insert_pdf(sample)
    document.select(range(pages))
    path = folder / "Báo cáo dài.pdf"
    document.save(path)
    return path


def say(figures: Figures, members: int, dpr: float, throttle: float) -> str:
    lines = [
        f"{members} members, pixel ratio {dpr:g}, their processor slowed {throttle:g} times,",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        line("tap to painted, members", figures.from_tap),
        line("patch arrived to painted, members", figures.from_wire),
        line("tap to painted, the chair's own", figures.chairs_own),
        f"not fetched ahead in time: {figures.not_ready}",
        *(waking(name, seconds) for name, seconds in figures.waking.items() if seconds),
    ]
    return "\n".join(lines)


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--turns", type=int, default=100)
    options.add_argument("--members", type=int, default=1)
    options.add_argument("--dpr", type=float, default=2.0, help="tablet's pixels per CSS pixel")
    options.add_argument("--throttle", type=float, default=1.0, help="members' processor slowed")
    options.add_argument("--wakes", type=int, default=5, help="times a tablet is away, each way")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(
            measure(
                Path(folder), asked.turns, asked.members, asked.dpr, asked.throttle, asked.wakes
            )
        )
    sys.stdout.write(say(figures, asked.members, asked.dpr, asked.throttle) + "\n")


if __name__ == "__main__":
    main()
