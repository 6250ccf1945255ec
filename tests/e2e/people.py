"""People at a meeting, each with one page of a real browser: what they tap and what they see.

Words are those on the screen. Waiting is Playwright's own; nothing here sleeps.
"""

from __future__ import annotations

import asyncio
import re
from typing import Self

from playwright.async_api import CDPSession, ConsoleMessage, Locator, Page, Request, expect

TABLET = (820, 1180)
TABLET_LYING = (1180, 820)
PHONE = (390, 844)
LAPTOP = (1366, 768)
WALL = (1920, 1080)

BEACON_SECONDS = 20.0

OUTAGE = r"net::ERR_|WebSocket"
"""What a browser says by itself, whatever the page does, while the server is away."""

HERE = """() => [
    document.querySelector("[data-step]").innerText.trim(),
    document.querySelector("[role=region] img")?.alt ?? "",
]"""
MOVED = f"""document.querySelector("[data-painted=true]") && (now =>
    now[0] !== "Đang gửi…" && JSON.stringify(now) !== JSON.stringify(before)
)(({HERE})())"""

FETCHED = """pages => new Set(performance.getEntriesByType("resource").filter(
    ({ name, responseEnd, decodedBodySize }) =>
        /[?]w=(?!320)\\d+$/.test(name) && responseEnd > 0 && decodedBodySize > 0,
).map(({ name }) => name.split("?")[0])).size >= pages"""

VISIBILITY = """state => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""

SEATED = re.compile(r"/s/[0-9a-f]+/$")


class Person:
    """Anybody with a device. Everything the browser complained of is kept in `complaints`."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._origin = origin
        self._beacon = asyncio.Event()
        self._forgiven = ""
        self._sleep: CDPSession | None = None
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self.complaints.append(f"fault: {fault}"))
        page.on("request", self._asked)
        page.on("websocket", lambda wire: wire.on("framereceived", self._heard))

    # ------------------------------------------------------------------------------- coming in

    async def opens(self, link: str) -> Self:
        await self.page.goto(link)
        return self

    async def comes_in(self, link: str) -> Self:
        """Open the personal link and say "that is me"."""
        await self.opens(link)
        await self.taps("Đúng, là tôi")
        await self.page.wait_for_url(SEATED)
        return self

    async def types_card(self, digits: str) -> None:
        """Welcome: the six digits of a card."""
        await self.page.get_by_label("Sáu số trên thẻ của đồng chí").fill(digits)
        await self.taps("Vào họp")

    async def checks_in(self, digits: str) -> None:
        """Type the four digits of the room's screen; a dialog asks for them."""
        await self.taps("Điểm danh")
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("Gõ bốn số trên màn hình phòng họp").fill(digits)
        await dialog.get_by_role("button", name="Điểm danh").click()

    # ----------------------------------------------------------------------------------- acting

    def button(self, name: str, *, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=name, exact=True)

    async def taps(self, *names: str) -> None:
        for name in names:
            await self.button(name).click()

    async def presses(self, key: str) -> None:
        await self.page.keyboard.press(key)

    async def swipes(self, to: str) -> None:
        """One finger across the page, to the "left" or "right"."""
        box = await self.stage.bounding_box()
        assert box is not None
        y = box["y"] + box["height"] / 2
        left, right = box["x"] + box["width"] / 4, box["x"] + 3 * box["width"] / 4
        start, end = (right, left) if to == "left" else (left, right)
        finger = await self.page.context.new_cdp_session(self.page)
        for kind, x in [
            ("touchStart", start),
            ("touchMove", (start + end) / 2),
            ("touchMove", end),
            ("touchEnd", None),
        ]:
            points = [] if x is None else [{"x": x, "y": y}]
            await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        await finger.detach()

    async def goes_to_page(self, number: int) -> None:
        """By its number, in the sheet of pages that is open."""
        await self.page.get_by_label("Đến trang").fill(str(number))
        await self.taps("Đến")

    async def picks_thumbnail(self, number: int) -> None:
        await self.page.get_by_role("dialog").get_by_text(f"Trang {number}", exact=True).click()

    async def picks_paper(self, paper: str) -> None:
        """In the agenda that is open in a sheet."""
        sheet = self.page.get_by_role("dialog")
        await sheet.get_by_role("button").filter(has_text=paper).click()

    # ----------------------------------------------------------------------------------- seeing

    @property
    def stage(self) -> Locator:
        return self.page.get_by_role("region", name="Trang tài liệu")

    async def sees(self, *sentences: str) -> None:
        for sentence in sentences:
            said = self.page.get_by_text(sentence).filter(visible=True)
            await expect(said.first).to_be_visible()

    async def sees_no(self, sentence: str) -> None:
        await expect(self.page.get_by_text(sentence).filter(visible=True)).to_have_count(0)

    async def is_on(self, paper: str, page: int) -> None:
        """This page is painted now."""
        await self.sees_page(f"{paper}, trang {page}")

    async def sees_no_page(self) -> None:
        await expect(self.stage.get_by_role("img")).to_have_count(0)

    async def sees_page(self, called: str) -> None:
        """The page of this name, such as "Kế hoạch mẫu, trang 2", or none if it is empty."""
        if called:
            await expect(self.stage.get_by_role("img")).to_have_attribute("alt", called)
        else:
            await self.sees_no_page()

    async def width_of_page(self) -> float:
        """How wide the painted page lies, in CSS pixels, beyond the screen's edge too."""
        width = await self.stage.get_by_role("img").evaluate("page => page.offsetWidth")
        return float(width)

    async def sees_page_as_wide_as(self, least: float, most: float) -> None:
        """The painted page comes to lie so wide."""
        wide = """([least, most]) => {
            const page = document.querySelector("[role=region] img");
            return page && least <= page.offsetWidth && page.offsetWidth <= most;
        }"""
        await self.page.wait_for_function(wide, arg=[least, most])

    async def has_fetched(self, pages: int) -> None:
        """So many pages in full size came to this device, on screen and ahead."""
        await self.page.wait_for_function(FETCHED, arg=pages)

    # --------------------------------------------------------------------------------- sleeping

    async def falls_asleep(self) -> None:
        """The screen goes dark: the page is hidden, its script stands still, no network."""
        await self.page.evaluate(VISIBILITY, "hidden")
        sleep = self._sleep = await self.page.context.new_cdp_session(self.page)
        await sleep.send("Debugger.enable")
        await sleep.send("Debugger.pause")
        await self.page.context.set_offline(True)

    async def wakes_up(self) -> None:
        assert self._sleep is not None
        await self.page.context.set_offline(False)
        await self._sleep.send("Debugger.disable")
        await self._sleep.detach()
        await self.page.evaluate(VISIBILITY, "visible")

    # ------------------------------------------------------------------------------- complaints

    def forgive(self, pattern: str) -> None:
        """From now on the browser may say this; what it said before stays said."""
        self._forgiven = pattern

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if not self._forgiven or not re.search(self._forgiven, message.text):
            self.complaints.append(f"{message.type}: {message.text}")

    def _heard(self, frame: str | bytes) -> None:
        if "beacon" in str(frame):
            self._beacon.set()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "blob:", "data:")):
            self.complaints.append(f"foreign: {request.url}")


class Member(Person):
    """A member or a guest: the table."""

    @property
    def banner(self) -> Locator:
        return self.page.get_by_role("status").filter(has_text="Đang xem riêng.")

    async def follows(self) -> None:
        await expect(self.banner).to_have_count(0)

    async def is_told(self, place: str) -> float:
        """The banner names where the meeting is; returns how tall the banner is."""
        await expect(self.banner).to_contain_text(f"Hội nghị đang ở: {place}")
        box = await self.banner.bounding_box()
        assert box is not None
        return box["height"]

    async def sees_banner_grow_over(self, height: float) -> None:
        handle = await self.banner.element_handle()
        grown = "([banner, height]) => banner.offsetHeight > height + 8"
        await self.page.wait_for_function(grown, arg=[handle, height])

    async def comes_back(self) -> None:
        await self.taps("Về trang đang trình chiếu")

    async def opens_pages(self) -> None:
        await self.page.get_by_role("button", name=re.compile("bấm để chọn trang")).click()

    async def reads(self, paper: str) -> None:
        """Choose a paper in the agenda."""
        await self.taps("Tài liệu")
        await self.picks_paper(paper)

    async def sees_in_papers(self, *sentences: str) -> None:
        """Look into the sheet of papers, and close it."""
        await self.taps("Tài liệu")
        for sentence in sentences:
            await expect(self.page.get_by_role("dialog")).to_contain_text(sentence)
        await self.taps("Đóng")


class Chair(Person):
    """Who leads: one large button for the next step, the rest behind "Thêm…"."""

    async def comes_in(self, link: str) -> Self:
        """As anybody; what a chair taps carries the server's time, so await hearing of it."""
        await super().comes_in(link)
        async with asyncio.timeout(BEACON_SECONDS):
            await self._beacon.wait()
        return self

    @property
    def step(self) -> Locator:
        return self.page.locator("[data-step]")

    async def next_is(self, label: str) -> None:
        await expect(self.step).to_have_text(label)

    async def does(self, *labels: str) -> None:
        """The large button, which must bear each of these words in turn."""
        for label in labels:
            await self.next_is(label)
            await self.step.click()

    async def goes_on(self) -> None:
        """To the next item: by the large button where it says so, else by the one beside it."""
        before = list(await self.at())
        large = self.page.locator("[data-step='item']")
        await large.or_(self.button("Nội dung tiếp theo")).first.click()
        await self.page.wait_for_function(f"before => {MOVED}", arg=before)

    async def at(self) -> tuple[str, str]:
        """What the large button says, and the name of the page that is painted, if any."""
        here: list[str] = await self.page.evaluate(HERE)
        return here[0], here[1]

    async def takes_the_step(self, *, confirming: bool) -> None:
        """Tap the large button, confirm if asked, and wait until the meeting has moved on."""
        before = list(await self.at())
        await self.step.click()
        if confirming:
            asked = self.page.get_by_role("dialog").get_by_role("button").last
            moved = self.page.locator(f"[data-step]:not(:text-is('{before[0]}'))")
            await expect(asked.or_(moved).first).to_be_visible()
            if await asked.is_visible():
                await asked.click()
        await self.page.wait_for_function(f"before => {MOVED}", arg=before)

    async def opens_the_meeting(self) -> None:
        """ "Khai mạc"; before the planned time it asks once more."""
        await self.does("Khai mạc")
        asked = self.button("Khai mạc", within=self.page.get_by_role("dialog"))
        opened = self.page.locator("[data-step='item'], [data-step='present']")
        await expect(asked.or_(opened).first).to_be_visible()
        if await asked.is_visible():
            await asked.click()
        await expect(opened).to_be_visible()

    async def closes_the_meeting(self) -> None:
        await self.does("Bế mạc")
        await self.button("Bế mạc", within=self.page.get_by_role("dialog")).click()
        await self.next_is("Hội nghị đã bế mạc")

    async def checks_in(self, digits: str) -> None:
        await self.taps("Thêm…")
        await self.page.get_by_label("Gõ bốn số trên màn hình phòng họp").fill(digits)
        await self.taps("Điểm danh")
        await self.sees("đã điểm danh lúc")
        await self.taps("Đóng")

    async def opens_pages(self) -> None:
        await self.taps("Thêm…", "Trang")

    async def opens_agenda(self) -> None:
        await self.taps("Thêm…", "Chương trình")


class Desk(Chair):
    """The secretary: the roll first, and all the chair may do, in the chair's place."""

    async def turns_to(self, tab: str) -> None:
        await self.page.locator("nav").get_by_role("button", name=re.compile(f"^{tab}")).click()

    def row(self, name: str) -> Locator:
        """Somebody on the roll."""
        return self.page.locator("li:has([data-attendance])").filter(has_text=name)

    async def names_nobody_lost(self) -> None:
        """No row of the roll says that this person's device is away."""
        lost = self.page.get_by_text("Mất kết nối", exact=True)
        await expect(lost).to_have_count(0)

    def waiting(self, name: str) -> Locator:
        """The card of a device that waits under this name."""
        return self.page.get_by_label("Đang chờ vào chỗ").locator("li").filter(has_text=name)

    async def looks_at(self, name: str, post: str = "") -> Locator:
        """Open what the desk may do for a person."""
        row = self.row(name).filter(has_text=post) if post else self.row(name)
        await row.get_by_role("button").click()
        return self.page.get_by_role("dialog")

    async def marks(self, name: str, state: str, *, because: str = "", post: str = "") -> None:
        """A plain entry on the roll; "absent" wants its reason."""
        person = await self.looks_at(name, post)
        await self.button(state, within=person).click()
        if because:
            await person.get_by_label("Lý do").fill(because)
        await self.button(f"Ghi: {state}", within=person).click()
        await expect(person).to_have_count(0)

    async def corrects(self, name: str, state: str, *, because: str) -> None:
        person = await self.looks_at(name)
        await self.button(state, within=person).click()
        await expect(person).to_contain_text("Lý do được lưu trong hồ sơ")
        await person.get_by_label("Lý do sửa").fill(because)
        await self.button(f"Sửa thành: {state}", within=person).click()
        await expect(person).to_have_count(0)

    async def reads_card(self) -> str:
        """The six digits of the card on the screen, which is then closed."""
        card = self.page.get_by_role("dialog").filter(has_text="Thẻ của")
        shown = card.get_by_label("Mã số trên thẻ")
        await expect(shown).to_be_visible()
        digits = re.sub(r"\D", "", await shown.inner_text())
        await self.button("Đóng", within=card).click()
        return digits


class Screen(Person):
    """The room's screen, which nobody touches once it is set up."""

    async def comes_in(self, link: str) -> Self:
        await self.opens(link)
        await self.taps("Dùng máy này làm màn hình phòng họp")
        await self.page.wait_for_url(SEATED)
        return self

    async def digits(self) -> str:
        """The four digits on show now."""
        shown = self.page.get_by_text(re.compile(r"(^|mã )\d{4}$")).filter(visible=True)
        await expect(shown).to_be_visible()
        return (await shown.inner_text()).strip()[-4:]
