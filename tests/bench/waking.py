"""How soon a tablet that was away shows the right page again; figures for `tests.bench.painted`.

Two ways of being away: without network until the banner was up, and asleep on a connection that
died without a word, which no browser notices by itself. Both end with the event that a browser
really gives, and are over when the page turned to meanwhile is painted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from playwright.async_api import expect

from tests.e2e.people import OUTAGE, VISIBILITY, Chair, Member

ASLEEP_SECONDS: Final = 3.0
"""Shorter than a device goes without a sign of the server: the slowest case, for nothing but what
it asks on waking can show that the connection is dead.
"""

READING_SECONDS: Final = 0.8
PATIENCE_MS: Final = 20_000
LOST: Final = "Mất kết nối."

WAKING: Final = """
window.woke = 0;
const awake = () => { window.woke = performance.timeOrigin + performance.now(); };
addEventListener("online", awake, true);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") awake();
}, true);
const Sociable = WebSocket;
const sockets = new Set();
window.WebSocket = class extends Sociable {
  constructor(...given) {
    super(...given);
    sockets.add(this);
    for (const type of ["message", "close", "error"]) {
      this.addEventListener(type, (event) => {
        if (this.dead) event.stopImmediatePropagation();
      });
    }
  }
  send(data) {
    if (!this.dead) super.send(data);
  }
};
window.silence = () => { for (const socket of sockets) socket.dead = true; };
"""
"""To be put into the page before anything else: sockets that can be made to die silently."""

SECONDS: Final = "name => (window.painted[name] - window.woke) / 1000"
IS_PAINTED: Final = "name => name in window.painted"


async def wake_ups(
    tries: int, names: Iterator[str], chair: Chair, member: Member
) -> dict[str, list[float]]:
    """Seconds from each awakening to the right page painted.

    Args:
        names: of the pages that follow the one on screen; each try turns to one more.
    """
    expect.set_options(timeout=PATIENCE_MS)
    member.forgive(OUTAGE)
    found: dict[str, list[float]] = {"network back to painted": [], "dead socket to painted": []}
    for _ in range(tries):
        for seconds, away in zip(found.values(), (_without_network, _asleep), strict=True):
            name = next(names)
            await asyncio.sleep(READING_SECONDS)
            await away(name, chair, member)
            await member.page.wait_for_function(IS_PAINTED, arg=name, timeout=PATIENCE_MS)
            await member.sees_no(LOST)
            seconds.append(float(await member.page.evaluate(SECONDS, name)))
    return found


async def _without_network(name: str, chair: Chair, member: Member) -> None:
    await member.page.context.set_offline(True)
    await member.sees(LOST)
    await _turned(name, chair)
    await member.page.context.set_offline(False)


async def _asleep(name: str, chair: Chair, member: Member) -> None:
    await member.page.evaluate(VISIBILITY, "hidden")
    await member.page.evaluate("silence()")
    await _turned(name, chair)
    await asyncio.sleep(ASLEEP_SECONDS)
    await member.page.evaluate(VISIBILITY, "visible")


async def _turned(name: str, chair: Chair) -> None:
    await chair.presses("ArrowRight")
    await chair.page.wait_for_function(IS_PAINTED, arg=name, timeout=PATIENCE_MS)
