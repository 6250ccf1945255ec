"""Papers change while everybody looks at them; openings and closings are taken back; the seal."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pymupdf
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from tests.e2e.house import House
from tests.e2e.papers import LIST, PLAN
from tests.e2e.people import PHONE, TABLET, TABLET_LYING, WALL, Chair, Desk, Member, Person, Screen
from tests.helpers import make
from tests.helpers.hall import Hall, hall

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MINUTES_AHEAD = 25
SEATS = ("c1", "d1", "a1", "a2", "e1")


@dataclass
class Office:
    """Who prepares the meeting, in the server itself, and lays papers down in it."""

    hall: Hall
    folder: Path

    @property
    def url(self) -> str:
        return self.hall.url

    @property
    def ready(self) -> dict[str, Any]:
        """As a server says it at its start."""
        running = self.hall.running
        links = {
            seat.id: f"{self.url}/c/"
            + self.hall.server.access.card_code(running.id, seat.id, seat.card)
            for seat in running.state.seats.values()
        }
        return {"links": links}

    async def paper(self, text: str, pages: int) -> dict[str, Any]:
        """A PDF of so many pages, each with this text on it, taken in under a new address."""
        pdf = pymupdf.open()
        for number in range(1, pages + 1):
            page = pdf.new_page(width=595, height=842)
            page.insert_text((72, 400), f"{text} {number}/{pages}", fontsize=60)
        path = self.folder / f"{secrets.token_hex(4)}.pdf"
        pdf.save(path)
        pdf.close()
        kept = await self.hall.server.pages.take_in(path)
        return {"sha256": kept.sha256, "pages": kept.pages, "address": secrets.token_hex(8)}

    async def lays_down(self, document: str, item: str, title: str, text: str, pages: int) -> None:
        said = await self.paper(text, pages)
        await self.asks(c.AddDocument(document, item, "", title, **said))

    async def replaces(self, document: str, version: int, text: str, pages: int) -> None:
        await self.asks(p.ReplaceDocument(document, version, **await self.paper(text, pages)))

    async def asks(self, *commands: c.Command) -> None:
        await self.hall.lay_down(*commands)

    def address(self, document: str) -> str:
        return self.hall.running.state.documents[document].address


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A meeting that starts in a while: a plan of three pages, a list of two."""
    async with hall(tmp_path / "data") as running:
        office = Office(running, tmp_path)
        start = datetime.now(UTC) + timedelta(minutes=MINUTES_AHEAD)
        await office.asks(
            make.a_meeting(presenter="chair", starts_at=start),
            make.a_seat("c1", "chair", votes=True),
            make.a_seat("d1", "secretary"),
            make.a_seat("a1", votes=True),
            make.a_seat("a2", votes=True),
            make.a_seat("e1", "screen"),
            make.an_item("1", title="Kế hoạch năm"),
            make.an_item("2", title="Việc khác"),
        )
        await office.lays_down("plan", "1", PLAN, "Ban dau", 3)
        await office.lays_down("list", "2", LIST, "Danh sach", 2)
        yield office


@contextlib.asynccontextmanager
async def gathered(browser: Browser, office: Office) -> AsyncIterator[House]:
    house = House(browser, office)  # type: ignore[arg-type]  # an office is asked the same
    try:
        yield house
        assert house.complaints() == {}
    finally:
        await house.leave()


@dataclass
class Cast:
    chair: Chair
    desk: Desk
    follower: Member
    reader: Member
    screen: Screen

    @property
    def everybody(self) -> list[Person]:
        return [self.chair, self.desk, self.follower, self.reader, self.screen]


async def come_in(house: House) -> Cast:
    cast = Cast(
        chair=await house.person(Chair, TABLET_LYING),
        desk=await house.person(Desk, TABLET_LYING),
        follower=await house.person(Member, TABLET),
        reader=await house.person(Member, PHONE),
        screen=await house.person(Screen, WALL),
    )
    for person, seat in zip(cast.everybody, SEATS, strict=True):
        await person.comes_in(house.links[seat])
    return cast


async def open_early(chair: Chair) -> None:
    await chair.does("Khai mạc")
    asked = chair.page.get_by_role("dialog")
    await expect(asked).to_contain_text(f"Còn {MINUTES_AHEAD} phút mới đến giờ. Khai mạc bây giờ?")
    await chair.button("Khai mạc", within=asked).click()
    await chair.next_is("Nội dung 1")


async def is_on(person: Person, title: str, page: int, version: int) -> None:
    """This page is painted, of this very version."""
    await person.is_on(title, page)
    await expect(person.stage).to_have_attribute("data-version", str(version))


async def test_a_paper_is_replaced_and_withdrawn_before_everybodys_eyes(
    browser: Browser, office: Office
) -> None:
    async with gathered(browser, office) as house:
        cast = await come_in(house)
        chair, desk, follower, reader = cast.chair, cast.desk, cast.follower, cast.reader
        followers = [chair, follower, cast.screen]
        await open_early(chair)
        await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu", "Trang sau")
        for person in followers:
            await is_on(person, PLAN, 2, 1)
        await reader.taps("Trang sau")
        await is_on(reader, PLAN, 3, 1)

        # Replaced: nothing moves, who leads is told, and so is who reads alone.
        await office.replaces("plan", 2, "Sua lai", 4)
        told = f"{PLAN} đã có bản mới (bản 2)."
        await chair.sees(told)
        await reader.sees(told)
        await desk.turns_to("Trình chiếu")
        await desk.sees(told)
        await follower.sees_no(told)
        for person in [*followers, desk]:
            await is_on(person, PLAN, 2, 1)
        await is_on(reader, PLAN, 3, 1)

        # The old version is turned to its end, then the new one is presented at the same page.
        await chair.does("Trang sau")
        await is_on(follower, PLAN, 3, 1)
        await chair.taps("Trình chiếu bản mới")
        for person in [*followers, desk]:
            await is_on(person, PLAN, 3, 2)
        await chair.sees_no(told)
        await is_on(reader, PLAN, 3, 1)
        await reader.taps("Xem bản mới")
        await is_on(reader, PLAN, 3, 2)
        await reader.sees_no(told)

        # Replaced again: the desk takes the turning over and presents it.
        await office.replaces("plan", 3, "Lan ba", 2)
        await desk.taps("Trình chiếu bản mới")
        for person in [*followers, desk]:
            await is_on(person, PLAN, 2, 3)

        # Late, and marked so.
        await office.lays_down("more", "1", "Phụ lục mẫu", "Phu luc", 1)
        await follower.sees_in_papers("lần 3", "Phụ lục mẫu", "gửi muộn")

        # Withdrawn: gone from every device in the same breath.
        address = office.address("plan")
        path = f"/p/a1/{address}/1?w=1600"
        fetched = "async path => (await fetch(path)).status"
        assert await follower.page.evaluate(fetched, path) == 200
        await desk.turns_to("Tài liệu")
        await desk.page.locator(".paper", has_text=PLAN).get_by_role("button").click()
        asked = desk.page.get_by_role("dialog")
        await desk.button("Thu hồi", within=asked).click()
        await expect(asked).to_contain_text("Cần ghi lý do.")
        await asked.get_by_label("Lý do").fill("phát nhầm bản nháp")
        await desk.button("Thu hồi", within=asked).click()
        await desk.sees("Đã thu hồi kế hoạch mẫu.", "phát nhầm bản nháp")
        for person in followers:
            await person.sees("Tài liệu đã thu hồi")
            await person.sees_no_page()
        await reader.sees("Tài liệu đã thu hồi")
        await reader.sees_no_page()
        await desk.turns_to("Trình chiếu")  # it led the pages
        await desk.sees("Tài liệu đã thu hồi")
        await desk.sees_no_page()
        follower.forgive(r"404 \(Not Found\)")
        assert await follower.page.evaluate(fetched, path) == 404
        await follower.page.reload()
        await follower.taps("Tài liệu")
        sheet = follower.page.get_by_role("dialog")
        await expect(sheet).to_contain_text("Phụ lục mẫu")
        await expect(sheet).not_to_contain_text(PLAN)


async def test_opening_and_closing_by_mistake_and_the_code_of_the_file(
    browser: Browser, office: Office
) -> None:
    async with gathered(browser, office) as house:
        cast = await come_in(house)
        chair, desk = cast.chair, cast.desk
        await open_early(chair)
        await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
        await is_on(cast.follower, PLAN, 1, 1)

        await takes_back(chair, "Khai mạc nhầm", "Lùi lại")
        await chair.next_is("Khai mạc")
        await cast.follower.sees("Hội nghị chưa khai mạc")
        await cast.follower.sees_no_page()
        await open_early(chair)
        for item in ("Nội dung 1", "Nội dung 2"):
            await chair.goes_on()
            await cast.screen.sees(item)
        await chair.does("Trình chiếu danh sách mẫu", "Trang sau")
        await chair.closes_the_meeting()
        first = office.hall.running.seal
        assert len(first) == len("abcd-efgh-ijkl-mnop")
        await chair.sees("Mã khi bế mạc", first)
        await desk.sees("Mã khi bế mạc", first)
        for person in (cast.follower, cast.screen):
            await person.sees("Hội nghị đã bế mạc")
            await person.sees_no(first)

        await takes_back(desk, "Mở lại hội nghị", "Mở lại")
        await cast.screen.sees("Hội nghị đã khai mạc")
        await desk.sees_no(first)
        await chair.closes_the_meeting()
        second = office.hall.running.seal
        assert second != first
        for leading in (chair, desk):
            await leading.sees(second)
            await leading.page.reload()
            await leading.sees(second)
        chair.forgive(r"net::ERR_|WebSocket")
        await chair.page.context.set_offline(True)
        await chair.sees("Mất kết nối", second)
        await chair.page.context.set_offline(False)


async def takes_back(person: Chair, button: str, act: str) -> None:
    """Behind "Thêm…", with a reason."""
    if isinstance(person, Desk):
        await person.turns_to("Trình chiếu")
    await person.taps("Thêm…", button)
    asked = person.page.get_by_role("dialog").filter(has_text="Lý do")
    await asked.get_by_label("Lý do").last.fill("bấm nhầm")
    await person.button(act, within=asked).click()
    await expect(asked).to_have_count(0)
