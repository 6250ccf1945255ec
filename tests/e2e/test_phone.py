"""A whole meeting led from a phone, with the one large button alone."""

from __future__ import annotations

import pytest

from tests.e2e.house import House
from tests.e2e.people import PHONE, TABLET, Chair, Member

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ASKS = {"Khai mạc", "Bế mạc"}
"""The steps after which a dialog asks once more, the first only before the planned time."""


async def test_the_large_button_leads_through_the_meeting(house: House) -> None:
    chair = await house.person(Chair, PHONE)
    await chair.comes_in(house.links["chair"])
    members = [
        await (await house.person(Member, size)).comes_in(house.links["members"][row])
        for row, size in enumerate((PHONE, TABLET))
    ]
    await chair.next_is("Khai mạc")
    seen = [await step_seen(chair, members)]
    while seen[-1][0] != "Hội nghị đã bế mạc":
        await chair.takes_the_step(confirming=seen[-1][0] in ASKS)
        seen.append(await step_seen(chair, members))
    assert seen == [
        ("Khai mạc", ""),
        ("Nội dung 1", ""),
        ("Trình chiếu kế hoạch mẫu", ""),
        ("Trang sau", "Kế hoạch mẫu, trang 1"),
        ("Trang sau", "Kế hoạch mẫu, trang 2"),
        ("Nội dung 2", "Kế hoạch mẫu, trang 3"),
        ("Trình chiếu danh sách mẫu", ""),
        ("Trang sau", "Danh sách mẫu, trang 1"),
        ("Bế mạc", "Danh sách mẫu, trang 2"),
        ("Hội nghị đã bế mạc", ""),
    ]


async def step_seen(chair: Chair, members: list[Member]) -> tuple[str, str]:
    """What the button says, and the page that chair and members all see then."""
    label, page = await chair.at()
    for member in members:
        await member.sees_page(page)
    return label, page
