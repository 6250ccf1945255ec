"""The house: one server, one browser, and everybody who came with a device."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from playwright.async_api import Browser, BrowserContext, Page

from tests.e2e.people import Person
from tests.helpers.process import Demo

Somebody = TypeVar("Somebody", bound=Person)

PATIENCE_MS = 20_000
"""For any one thing to appear; two cores draw pages and six browsers at once."""


class House:
    """Where a meeting is held. `links` are those a demo printed at its start."""

    def __init__(self, browser: Browser, demo: Demo) -> None:
        self.demo = demo
        self.url = demo.url
        self.links: dict[str, Any] = demo.ready.get("links", {})
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._people: list[Person] = []

    async def device(self, **options: Any) -> BrowserContext:
        """A device with nothing on it: a browser context with an empty cookie jar."""
        context = await self._browser.new_context(
            has_touch=True, reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        return context

    async def person(
        self,
        kind: type[Somebody],
        size: tuple[int, int],
        device: BrowserContext | None = None,
        **options: Any,
    ) -> Somebody:
        """Somebody with a page of this size, on a device of their own unless one is given."""
        page = await self._window(device or await self.device(**options))
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        came = kind(page, self.url)
        self._people.append(came)
        return came

    async def _window(self, device: BrowserContext) -> Page:
        """A window of its own: a page behind another one in the same window would not be drawn."""
        if not device.pages:
            return await device.new_page()
        first = await device.new_cdp_session(device.pages[0])
        about = await first.send("Target.getTargetInfo")
        same = about["targetInfo"]["browserContextId"]
        await first.detach()
        chromium = await self._browser.new_browser_cdp_session()
        async with device.expect_page() as opening:
            wanted = {"url": "about:blank", "newWindow": True, "browserContextId": same}
            await chromium.send("Target.createTarget", wanted)
        await chromium.detach()
        return await opening.value

    async def leave(self) -> None:
        for context in self._contexts:
            await context.close()

    def complaints(self) -> dict[str, list[str]]:
        """What browsers complained of, by the address each page was at."""
        return {p.page.url: p.complaints for p in self._people if p.complaints}


@contextlib.asynccontextmanager
async def opened(browser: Browser, demo: Demo) -> AsyncIterator[House]:
    """A house whose browsers must have had nothing to complain of when all have left."""
    house = House(browser, demo)
    try:
        yield house
        complaints = house.complaints()
        assert complaints == {}, complaints
    finally:
        await house.leave()
