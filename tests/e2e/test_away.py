"""When server, network or device are away for a while, everybody comes back by themselves."""

from __future__ import annotations

import re

import pytest

from tests.e2e.house import House
from tests.e2e.papers import LIST, PLAN
from tests.e2e.people import OUTAGE, PHONE, TABLET, TABLET_LYING, WALL, Chair, Desk, Member, Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOST = "Mất kết nối."
STOPPED = "Máy chủ đang khởi động lại, xin chờ."
PLAN_AND_NEXT = 4
"""Pages a device holds after a while: the plan's three, and where the list begins."""


async def test_after_a_kill_everybody_is_back_on_the_right_page(house: House) -> None:
    screen = await (await house.person(Screen, WALL)).comes_in(house.links["room"])
    desk = await (await house.person(Desk, TABLET_LYING)).comes_in(house.links["secretary"])
    chair = await (await house.person(Chair, TABLET_LYING)).comes_in(house.links["chair"])
    follower = await (await house.person(Member, PHONE)).comes_in(house.links["members"][0])
    alone = await (await house.person(Member, TABLET)).comes_in(house.links["members"][1])
    everybody = [screen, desk, chair, follower, alone]
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu", "Trang sau")
    await follower.is_on(PLAN, 2)
    await alone.is_on(PLAN, 2)
    await alone.reads(LIST)
    await alone.is_on(LIST, 1)
    for person in everybody:
        await person.page.evaluate("window.never_reloaded = true")
        person.forgive(OUTAGE)

    await house.demo.kill()
    for person in everybody:
        await person.sees(LOST)
    await follower.is_on(PLAN, 2)
    await house.demo.start()

    for person in everybody:
        await person.sees_no(LOST)
    for person in (screen, chair, follower):
        await person.is_on(PLAN, 2)
    await alone.is_on(LIST, 1)
    await alone.is_told(f"{PLAN}, trang 2")
    await chair.does("Trang sau")
    for person in (screen, chair, follower):
        await person.is_on(PLAN, 3)
    await alone.is_told(f"{PLAN}, trang 3")
    await alone.is_on(LIST, 1)
    assert [await person.page.evaluate("window.never_reloaded") for person in everybody] == (
        [True] * len(everybody)
    )


async def test_a_device_without_network_says_what_can_be_read_and_catches_up(brisk: House) -> None:
    chair = await (await brisk.person(Chair, TABLET_LYING)).comes_in(brisk.links["chair"])
    member = await (await brisk.person(Member, PHONE)).comes_in(brisk.links["members"][0])
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
    await member.is_on(PLAN, 1)
    await member.has_fetched(PLAN_AND_NEXT)
    member.forgive(OUTAGE)
    await member.page.context.set_offline(True)
    await member.sees(LOST, "Vẫn đọc được: Kế hoạch mẫu cả 3 trang; Danh sách mẫu trang 1.")
    await chair.does("Trang sau")
    await chair.is_on(PLAN, 2)
    await chair.sees("1 mất kết nối: Đoàn Thị Thục Anh")
    await member.is_on(PLAN, 1)
    await member.presses("ArrowRight")
    await member.presses("ArrowRight")
    await member.is_on(PLAN, 3)
    await member.sees("Nếu chưa được: xem máy còn ở Wi-Fi")
    await member.page.context.set_offline(False)
    await member.sees("Đã kết nối lại.")
    await member.sees_no(LOST)
    await member.is_told(f"{PLAN}, trang 2")
    await member.comes_back()
    await member.is_on(PLAN, 2)
    await chair.sees_no("mất kết nối")


async def test_a_tablet_that_slept_is_right_when_it_wakes(brisk: House) -> None:
    chair = await (await brisk.person(Chair, TABLET_LYING)).comes_in(brisk.links["chair"])
    member = await (await brisk.person(Member, TABLET)).comes_in(brisk.links["members"][0])
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
    await member.is_on(PLAN, 1)
    member.forgive(OUTAGE)
    await member.falls_asleep()
    await chair.does("Trang sau", "Trang sau")
    await chair.is_on(PLAN, 3)
    await chair.sees("1 mất kết nối: Đoàn Thị Thục Anh")
    await member.wakes_up()
    await member.is_on(PLAN, 3)
    await chair.sees_no("mất kết nối")


async def test_a_server_that_stops_says_so_and_everybody_comes_back(brisk: House) -> None:
    chair = await (await brisk.person(Chair, TABLET_LYING)).comes_in(brisk.links["chair"])
    member = await (await brisk.person(Member, TABLET)).comes_in(brisk.links["members"][0])
    await chair.opens_the_meeting()
    await chair.does("Nội dung 1", "Trình chiếu kế hoạch mẫu")
    await member.is_on(PLAN, 1)
    for person in (chair, member):
        person.forgive(OUTAGE)
    await brisk.demo.stop()
    await member.sees(STOPPED)
    await chair.sees(STOPPED)
    await brisk.demo.start()
    await member.sees_no(STOPPED)
    await chair.sees_no(STOPPED)
    await chair.does("Trang sau")
    await member.is_on(PLAN, 2)


async def test_the_desk_is_told_of_the_wifi_and_not_of_everybody(brisk: House) -> None:
    desk = await (await brisk.person(Desk, TABLET_LYING)).comes_in(brisk.links["secretary"])
    members = [
        await (await brisk.person(Member, PHONE)).comes_in(link)
        for link in brisk.links["members"][:4]
    ]
    for member in members:
        await member.sees("Hội nghị chưa khai mạc")
        member.forgive(OUTAGE)
    for member in members:
        await member.page.context.set_offline(True)
    await desk.sees("Mất Wi-Fi phòng họp.")
    await desk.names_nobody_lost()
    for member in members:
        await member.page.context.set_offline(False)
    await desk.sees_no("Mất Wi-Fi phòng họp.")
    await desk.names_nobody_lost()


async def test_times_are_the_offices_wherever_the_device_comes_from(house: House) -> None:
    screen = await (await house.person(Screen, WALL)).comes_in(house.links["room"])
    desk = await house.person(Desk, TABLET_LYING, timezone_id="Asia/Ho_Chi_Minh")
    await desk.comes_in(house.links["secretary"])
    traveller = await house.person(Member, TABLET, timezone_id="America/New_York")
    await traveller.comes_in(house.links["members"][0])
    await traveller.sees("07:30 · Phòng họp A")
    await traveller.checks_in(await screen.digits())
    said = traveller.page.get_by_text("Đã điểm danh lúc").first
    time = re.sub(r".*(\d\d:\d\d).*", r"\1", await said.inner_text(), flags=re.DOTALL)
    await desk.sees(f"Có mặt {time}")


async def test_an_unknown_path_leads_to_welcome(house: House) -> None:
    lost = await house.person(Member, PHONE)
    await lost.opens(f"{house.url}/khong/co/trang-nay")
    await lost.sees("Trang vừa mở không có. Đồng chí bắt đầu lại từ đây.")
    await lost.sees("Sáu số trên thẻ của đồng chí", "Chọn tên trong danh sách")
    assert lost.page.url.startswith(f"{house.url}/?")


async def test_a_wrong_card_is_refused_in_words(house: House) -> None:
    guessing = await house.person(Member, PHONE)
    await guessing.opens(house.url)
    guessing.forgive(r"status of 404")
    await guessing.types_card("000000")
    await guessing.sees("Không có thẻ nào mang mã này. Xem lại sáu số trên thẻ.")
