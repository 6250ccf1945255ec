"""Looking at a screen in all sizes: nothing to miss with a finger, nothing off the side."""

from __future__ import annotations

from collections.abc import Mapping

from tests.e2e.people import LAPTOP, PHONE, TABLET, TABLET_LYING, WALL, Person

SIZES = {"phone": PHONE, "tablet": TABLET, "tablet lying": TABLET_LYING, "wall": WALL}

OFFICE_SIZES = {**SIZES, "laptop": LAPTOP}

FAULTS = """async () => {
  // A new size is laid out with the next frame, not at once.
  for (const _ of [1, 2]) await new Promise((done) => requestAnimationFrame(done));
  const faults = [];
  const wide = document.scrollingElement.scrollWidth - window.innerWidth;
  if (wide > 0) faults.push(`scrolls sideways by ${wide}`);
  const scrolls = (box) => box !== null && (scrolls(box.parentElement) ||
    (box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === "auto"));
  for (const control of document.querySelectorAll("button, a[href], summary, input, select")) {
    const box = control.getBoundingClientRect();
    if (!control.checkVisibility({ visibilityProperty: true }) || !box.width) continue;
    const labels = [...(control.labels ?? [])];
    const words = control.ariaLabel || control.innerText?.trim() ||
      labels.map((label) => label.innerText.trim()).join(" ");
    if (!words) faults.push(`no name: ${control.outerHTML.slice(0, 90)}`);
    // A box to tick, or a file to choose, is as large as the label around it.
    const within = ["checkbox", "file"].includes(control.type);
    const target = within ? labels[0].getBoundingClientRect() : box;
    if (target.height < 48) faults.push(`${Math.round(target.height)} px high: ${words}`);
    const over = Math.max(-box.left, box.right - window.innerWidth);
    if (over > 1 && !scrolls(control.parentElement))
      faults.push(`${Math.round(over)} px off the side: ${words}`);
  }
  return faults;
}"""


class Looking:
    """Looks at a screen in all sizes and keeps what is wrong there."""

    def __init__(self, sizes: Mapping[str, tuple[int, int]] = SIZES) -> None:
        self._sizes = sizes
        self.faults: dict[str, list[str]] = {}

    async def at(self, person: Person, screen: str) -> None:
        for name, (width, height) in self._sizes.items():
            await person.page.set_viewport_size({"width": width, "height": height})
            found: list[str] = await person.page.evaluate(FAULTS)
            if found:
                self.faults[f"{screen}, {name}"] = found
