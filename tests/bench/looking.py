"""How a page of a real browser is looked at closely: zoomed, moved, and what that took.

Everything is timed by the page's own clock. "Sharp" is what the page says of itself: all in sight
has come in the pixels of the screen.
"""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageChops
from playwright.async_api import CDPSession, Page

Place = tuple[float, float]

NEAR: Final = 2
"""A pixel whose tones differ no more from the colour around the page is bare."""
AROUND: Final = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"

LOOK: Final = """
window.look = {
  stage: () => document.querySelector("[role=region]"),
  sharp: () => window.look.stage()?.dataset.sharp === "true",
  // Whether a piece in sight is drawn in about the pixels of the screen.
  some() {
    const stage = window.look.stage().getBoundingClientRect();
    return [...document.querySelectorAll(".sharp canvas")].some((image) => {
      const { left, right, top, bottom, width } = image.getBoundingClientRect();
      const across = left < stage.right && right > stage.left;
      const down = top < stage.bottom && bottom > stage.top;
      return across && down && image.width / width / devicePixelRatio > 0.85;
    });
  },
  // Milliseconds until something, and until all in sight is sharp.
  async after(act) {
    const frame = () => new Promise(requestAnimationFrame);
    const began = performance.now();
    const took = () => performance.now() - began;
    const lies = () => JSON.stringify(document.querySelector(".sharp").getBoundingClientRect());
    const before = lies();
    await act();
    await frame();
    for (let waited = 0; lies() === before && waited < 9; waited += 1) await frame();
    let first = null;
    while (!window.look.sharp()) {
      first ??= window.look.some() ? took() : null;
      await frame();
    }
    return [first ?? took(), took()];
  },
  zoom(label, times) {
    return window.look.after(() => {
      const button = () => document.querySelector(`[aria-label="${label}"]`);
      for (let tap = 0; tap < times; tap += 1) button().click();
    });
  },
  move(x, y) {
    const by = { deltaX: x, deltaY: y, bubbles: true, cancelable: true };
    return window.look.after(() => window.look.stage().dispatchEvent(new WheelEvent("wheel", by)));
  },
};
"""


async def zooms(page: Page, label: str, times: int = 1) -> tuple[float, float]:
    """Milliseconds from the taps to the first sharp piece, and to all of them."""
    first, every = await page.evaluate(
        "([label, times]) => look.zoom(label, times)", [label, times]
    )
    return first, every


async def moves(page: Page, by: Place) -> float:
    """Milliseconds until all is sharp again."""
    _, every = await page.evaluate("([x, y]) => look.move(x, y)", list(by))
    return float(every)


class Frames:
    """What is seen on the stage while this block lasts, frame by frame."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page = page
        self._session = session
        self._pictures: list[bytes] = []
        self._taken: list[asyncio.Future[Any]] = []

    async def __aenter__(self) -> Frames:
        self._session.on("Page.screencastFrame", self._came)
        await self._session.send("Page.startScreencast", {"format": "png"})
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*self._taken)
        await self._session.send("Page.stopScreencast")
        self._session.remove_listener("Page.screencastFrame", self._came)

    async def barest(self) -> float:
        """The largest share of the stage that was bare in any of them."""
        box = await self._page.locator("[role=region]").bounding_box()
        size = self._page.viewport_size
        around = await self._page.evaluate(AROUND)
        assert box is not None
        assert size is not None
        found = [0.0]
        for content in self._pictures:
            with Image.open(io.BytesIO(content)) as picture:
                scale = picture.width / size["width"]
                x, y = box["x"], box["y"]
                inside = [scale * at for at in (x, y, x + box["width"], y + box["height"])]
                stage = picture.convert("RGB").crop(tuple(map(round, inside)))  # type: ignore[arg-type]
                found.append(bare(stage, around))
        return max(found)

    def _came(self, frame: dict[str, Any]) -> None:
        self._pictures.append(base64.b64decode(frame["data"]))
        taken = self._session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})
        self._taken.append(asyncio.ensure_future(taken))


def bare(stage: Image.Image, around: Sequence[int]) -> float:
    """The share of it that shows what lies around the page."""
    apart = [
        channel.point([abs(tone - wanted) <= NEAR for tone in range(256)], "1")
        for channel, wanted in zip(stage.split(), around, strict=True)
    ]
    same = ImageChops.logical_and(ImageChops.logical_and(apart[0], apart[1]), apart[2])
    return same.histogram()[255] / (stage.width * stage.height)


async def renderer_mb(session: CDPSession) -> float:
    """What the process of the one page of this browser holds, images that are decoded included.

    Args:
        session: of the browser.
    """
    found = await session.send("SystemInfo.getProcessInfo")
    pids = [one["id"] for one in found["processInfo"] if one["type"] == "renderer"]
    return max(map(_resident_kb, pids)) / 1024


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
