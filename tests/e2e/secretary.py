"""The secretary at the office's page, before and after meetings."""

from __future__ import annotations

import re
from typing import Self

from playwright.async_api import Locator, expect

from tests.e2e.people import Person

LOGIN = "duongttt"
PASSWORD = "hop khong giay"
REFUSAL = r"status of 4\d\d"
"""What a browser says by itself of an answer that is a refusal."""


class Secretary(Person):
    """Whoever prepares meetings: links on the left, forms beside them."""

    async def comes_to_the_office(self, at: str = "") -> Self:
        return await self.opens(f"{self._origin}/office/{at}")

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    async def fills(self, **fields: str) -> None:
        """Fields by their labels, with _ for a space."""
        for label, text in fields.items():
            await self.field(label.replace("Wi_Fi", "Wi-Fi").replace("_", " ")).fill(text)

    async def creates_the_office(self) -> None:
        """The two steps of the first start."""
        await self.comes_to_the_office()
        await self.fills(
            Tên_văn_phòng="Văn phòng Tỉnh ủy Thanh Giang",
            Tên_Wi_Fi="HOP-TINHUY",
            Mật_khẩu_Wi_Fi="thanhgiang26",
            Tên="chị Thùy Dương",
            Số_điện_thoại="0271 555 0148",
        )
        await self.taps("Tiếp tục")
        await self.field("Họ và tên").fill("Trần Thị Thùy Dương")
        await expect(self.field("Tên đăng nhập")).to_have_value(LOGIN)
        await self.fills(Mật_khẩu=PASSWORD, Gõ_lại_mật_khẩu=PASSWORD)
        await self.taps("Tạo văn phòng")
        await self.sees("Chưa có cuộc họp nào.")

    async def signs_in(self, login: str, password: str) -> None:
        await self.fills(Tên_đăng_nhập=login, Mật_khẩu=password)
        await self.taps("Đăng nhập")

    async def goes_to(self, name: str) -> None:
        """By the menu on the left."""
        await self.page.get_by_role("navigation").get_by_role("link", name=name).click()
        await expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    async def begins_a_meeting(self, body: str) -> None:
        """From anywhere: the form, filled in as it is proposed, and on to the meeting's page."""
        await self.comes_to_the_office("new")
        await self.field("Cơ quan họp").select_option(body)
        await self.taps("Tạo cuộc họp")
        await self.page.wait_for_url(re.compile(r"/office/m/[0-9a-z]+"))
