"""An A1 drawing of 48 MB on a tablet: to its first sight, to sharp, and what the browser holds.

Run: `python -m tests.bench.drawing [--mb 48] [--runs 3] [--keep FILE]`

The drawing is made by this script: forty thousand strokes, four thousand figures, and an
aerial picture under them that takes most of the bytes. The tablet is a page of Chromium at
1180 × 820 with two pixels to one, whose processor is slowed four times. "Sharp" is what the page
says of itself: everything in sight has come in the pixels of the screen.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import pymupdf
from PIL import Image
from playwright.async_api import CDPSession, Page, async_playwright

from tests.e2e.house import opened
from tests.e2e.people import TABLET_LYING, Chair, Member
from tests.helpers.process import demo

mupdf: Any = pymupdf

A1: Final = (2384.0, 1684.0)
"""Points, lying."""

SLOWED: Final = 4
PATIENCE_MS: Final = 120_000
SHARP: Final = "() => document.querySelector('[role=region]')?.dataset.sharp === 'true'"
RESTED_MS: Final = 400
"""After the last movement a page has said by then that it is not sharp yet."""


def drawing(path: Path, megabytes: float, seed: int = 7) -> None:
    """Write it: as many bytes as asked for, nearly all of them in the picture."""
    chance = random.Random(seed)
    pdf = mupdf.open()
    page = pdf.new_page(width=A1[0], height=A1[1])
    page.insert_image(mupdf.Rect(60, 60, 1900, 1500), stream=aerial(int(megabytes * 1e6), chance))
    page.insert_font(fontname="helv")
    mupdf.TOOLS._insert_contents(page, lines(chance).encode(), True)
    pdf.save(path, deflate=True)


def lines(chance: random.Random) -> str:
    """Strokes, rectangles and figures all over the sheet, as a content stream."""
    drawn = ["q 0.4 w 0.1 0.1 0.4 RG 0.1 0.1 0.1 rg"]
    for number in range(40_000):
        x, y = chance.uniform(40, A1[0] - 80), chance.uniform(40, A1[1] - 80)
        across, down = chance.uniform(4, 60), chance.uniform(4, 60)
        if number % 3 == 0:
            drawn.append(f"{x:.1f} {y:.1f} {across:.1f} {down:.1f} re S")
        else:
            drawn.append(f"{x:.1f} {y:.1f} m {x + across:.1f} {y + down:.1f} l S")
    for number in range(4000):
        x, y = chance.uniform(40, A1[0] - 80), chance.uniform(40, A1[1] - 40)
        said = f"{number % 97}.{number % 10}0 m"
        drawn.append(f"BT /helv 5 Tf {x:.1f} {y:.1f} Td ({said}) Tj ET")
    return "\n".join([*drawn, "Q"])


def aerial(size: int, chance: random.Random) -> bytes:
    """A picture of fields and grain as JPEG, about so many bytes."""
    side = int((size / 0.557) ** 0.5)
    fields = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    across, down = int(side * 1.15), int(side / 1.15)
    ground = fields.resize((across, down), Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", (1024, 1024), chance.randbytes(1024 * 1024))
    sheet = Image.new("L", (across, down))
    for left in range(0, across, 1024):
        for top in range(0, down, 1024):
            sheet.paste(grain, (left, top))
    mixed = Image.blend(ground, sheet.convert("RGB"), 0.35)
    out = io.BytesIO()
    mixed.save(out, "JPEG", quality=90)
    return out.getvalue()


async def until_sharp(page: Page) -> float:
    """Milliseconds from now until everything in sight is sharp."""
    began = time.perf_counter()
    await page.wait_for_timeout(RESTED_MS)
    await page.wait_for_function(SHARP, timeout=PATIENCE_MS, polling=20)
    return (time.perf_counter() - began) * 1000


async def held_mb(session: CDPSession) -> float:
    """What the renderer of this page holds, images that are decoded included."""
    found = await session.send("SystemInfo.getProcessInfo")
    pids = [one["id"] for one in found["processInfo"] if one["type"] in ("renderer", "GPU")]
    return sum(_resident_kb(pid) for pid in pids) / 1024


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


async def one_run(folder: Path, paper: Path) -> dict[str, float]:
    figures: dict[str, float] = {}
    async with demo(folder, [paper]) as running, async_playwright() as playwright:
        program = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        about = await browser.new_browser_cdp_session()
        async with opened(browser, running) as house:
            chair = await house.person(Chair, TABLET_LYING)
            member = await house.person(Member, TABLET_LYING, device_scale_factor=2)
            await chair.comes_in(house.links["chair"])
            await member.comes_in(house.links["members"][0])
            session = await member.page.context.new_cdp_session(member.page)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            await chair.opens_the_meeting()
            await chair.goes_on()
            began = time.perf_counter()
            await chair.does(f"Trình chiếu {paper.stem.lower()}")
            await member.is_on(paper.stem, 1)
            figures["first sight"] = (time.perf_counter() - began) * 1000
            figures["sharp, whole page"] = await until_sharp(member.page)
            for scale in ("150 %", "225 %", "338 %", "506 %"):
                await member.taps("Phóng to")
                figures[f"sharp at {scale}"] = await until_sharp(member.page)
            await member.page.mouse.move(600, 400)
            await member.page.mouse.wheel(900, 500)
            figures["sharp after moving on"] = await until_sharp(member.page)
            figures["browser (MB)"] = await held_mb(about)
        await browser.close()
    return figures


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--mb", type=float, default=48.0)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--keep", type=Path, help="write the drawing here and stop")
    asked = options.parse_args()
    if asked.keep:
        drawing(asked.keep, asked.mb)
        return
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "Bản vẽ quy hoạch.pdf"
        drawing(paper, asked.mb)
        say(f"{paper.stat().st_size / 1e6:.1f} MB, {os.cpu_count()} cores, slowed {SLOWED} times,")
        say(f"load {os.getloadavg()[0]:.1f}; milliseconds unless said, median of {asked.runs}")
        runs = [asyncio.run(one_run(Path(folder) / str(n), paper)) for n in range(asked.runs)]
    for name in runs[0]:
        values = [run[name] for run in runs]
        say(f"{name:24}{statistics.median(values):8.0f}  ({min(values):.0f}–{max(values):.0f})")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
