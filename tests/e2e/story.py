"""One meeting from coming in to closing, as its minutes would have it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import BrowserContext, expect

from tests.e2e.house import House
from tests.e2e.papers import REPORT, RESOLUTION, SUBMISSION
from tests.e2e.people import PHONE, TABLET, TABLET_LYING, WALL, Chair, Desk, Member, Person, Screen

MARKED_BY_HAND = [
    "Huỳnh Tấn Lộc",
    "Vũ Đình Ẩn",
    "Cao Xuân Ân",
    "Điểu K'Rênh",
    "Tạ Thị Hồng Vân",
    "Mai Trọng Nghĩa",
    "Đặng Công Tráng",
]
AHEAD = ["Nội dung 3", "Giải lao", *(f"Nội dung {number}" for number in range(4, 9))]


@dataclass
class Cast:
    """Who is in the room. `late` has not come yet."""

    chair: Chair
    desk: Desk
    tablet: Member
    phone: Member
    guest: Member
    screen: Screen
    late: Member

    @property
    def everybody(self) -> list[Person]:
        return [self.chair, self.desk, self.tablet, self.phone, self.guest, self.screen, self.late]

    @property
    def followers(self) -> list[Person]:
        return [self.chair, self.tablet, self.phone, self.screen]


async def gather(house: House, shared: BrowserContext | None = None) -> Cast:
    """Everybody on a device of their own, or as pages of one browser if one is given."""
    return Cast(
        chair=await house.person(Chair, TABLET_LYING, shared),
        desk=await house.person(Desk, TABLET_LYING, shared),
        tablet=await house.person(Member, TABLET, shared),
        phone=await house.person(Member, PHONE, shared),
        guest=await house.person(Member, TABLET, shared),
        screen=await house.person(Screen, WALL, shared),
        late=await house.person(Member, TABLET_LYING, shared),
    )


async def hold(house: House, cast: Cast) -> None:
    """The whole meeting."""
    await come_in(house, cast)
    await check_in(cast)
    await open_and_present(cast)
    await read_alone_and_return(cast)
    await zoom_and_be_called(cast)
    await come_late(house, cast)
    await go_on_to_the_next_item(cast)
    await take_over(cast)
    await close(cast)


async def come_in(house: House, cast: Cast) -> None:
    links = house.links
    await cast.screen.comes_in(links["room"])
    await cast.desk.comes_in(links["secretary"])
    await cast.chair.comes_in(links["chair"])
    await cast.tablet.comes_in(links["members"][0])
    await cast.phone.comes_in(links["members"][1])
    await cast.guest.comes_in(links["guests"][0])
    await cast.screen.sees("Vào Wi-Fi", "HOP-TINHUY", "Có mặt 0/25", "Chưa đủ số, cần 10")
    await cast.tablet.sees("Hội nghị chưa khai mạc", "07:30 · Phòng họp A, Văn phòng Tỉnh ủy")
    await cast.tablet.sees_in_papers("Đoàn Thị Thục Anh")
    await cast.phone.sees_in_papers("Phùng Quốc Bảo")
    await cast.guest.sees_in_papers("Nguyễn Văn Hoà")
    await cast.guest.sees("Nội dung của đồng chí: Nội dung 1, dự kiến 07:45.")


async def check_in(cast: Cast) -> None:
    digits = await cast.screen.digits()
    for person in (cast.tablet, cast.phone, cast.chair):
        await person.checks_in(digits)
    await cast.tablet.sees("Đã điểm danh lúc")
    await cast.screen.sees("Có mặt 3/25", "Thành viên biểu quyết 3/15", "Chưa đủ số, cần 10")
    for name in MARKED_BY_HAND:
        await cast.desk.marks(name, "Có mặt")
    await cast.screen.sees("Có mặt 10/25", "Thành viên biểu quyết 10/15", "Đủ số thành viên")
    await expect(cast.desk.page.locator("header")).to_contain_text("10/25 có mặt")
    await expect(cast.chair.page.locator("header")).to_contain_text("10/15 biểu quyết có mặt")
    for person in (cast.tablet, cast.phone, cast.guest):
        await person.sees_in_papers("10/25 có mặt", "10/15", "Đủ số")


async def open_and_present(cast: Cast) -> None:
    chair = cast.chair
    await chair.opens_the_meeting()
    await cast.screen.sees("Hội nghị đã khai mạc")
    await chair.does("Nội dung 0", "Nội dung 1", "Trình chiếu báo cáo 186")
    for person in [*cast.followers, cast.guest]:
        await person.is_on(REPORT, 1)

    await chair.does("Trang sau")
    await cast.tablet.is_on(REPORT, 2)
    await chair.presses("ArrowRight")
    await cast.tablet.is_on(REPORT, 3)
    await chair.swipes("left")
    await cast.tablet.is_on(REPORT, 4)
    await chair.swipes("right")
    await cast.tablet.is_on(REPORT, 3)
    await chair.taps("Trang trước")
    await cast.tablet.is_on(REPORT, 2)
    await chair.opens_pages()
    await chair.picks_thumbnail(5)
    await cast.tablet.is_on(REPORT, 5)
    await chair.opens_pages()
    await chair.goes_to_page(7)
    for person in [*cast.followers, cast.guest]:
        await person.is_on(REPORT, 7)
    await cast.screen.sees("Báo cáo 186 · Trang 7/34")


async def read_alone_and_return(cast: Cast) -> None:
    chair, reader = cast.chair, cast.tablet
    await reader.swipes("left")
    await reader.is_on(REPORT, 8)
    await reader.opens_pages()
    await reader.goes_to_page(20)
    await reader.is_on(REPORT, 20)
    small = await reader.is_told("Báo cáo 186, trang 7")
    await chair.does("Trang sau")
    await cast.phone.is_on(REPORT, 8)
    await reader.is_told("Báo cáo 186, trang 8")
    await chair.does("Trang sau")
    await cast.phone.is_on(REPORT, 9)
    await reader.is_told("Báo cáo 186, trang 9")
    await reader.sees_banner_grow_over(small)
    await reader.is_on(REPORT, 20)
    await chair.sees("1 xem riêng")
    await reader.comes_back()
    await reader.is_on(REPORT, 9)
    await reader.follows()
    await chair.sees("0 xem riêng")


async def zoom_and_be_called(cast: Cast) -> None:
    chair, reader = cast.chair, cast.phone
    whole = await reader.width_of_page()
    await reader.taps("Phóng to")
    await reader.sees_page_as_wide_as(1.2 * whole, 2 * whole)
    zoomed = await reader.width_of_page()
    await reader.follows()
    await chair.does("Trang sau")
    await reader.is_on(REPORT, 10)
    await reader.sees_page_as_wide_as(zoomed - 1, zoomed + 1)
    await reader.taps("Thu nhỏ")
    await reader.sees_page_as_wide_as(whole - 1, whole + 1)

    await cast.tablet.reads(RESOLUTION)
    await cast.tablet.is_on(RESOLUTION, 1)
    await cast.guest.taps("Trang trước")
    await cast.guest.is_on(REPORT, 9)
    await cast.tablet.is_told("Báo cáo 186, trang 10")
    await cast.guest.is_told("Báo cáo 186, trang 10")
    await chair.taps("Mời tất cả về trang này")
    await chair.sees("Đã mời tất cả về trang này.")
    for person in (cast.tablet, cast.guest):
        await person.is_on(REPORT, 10)
        await person.follows()


async def come_late(house: House, cast: Cast) -> None:
    await cast.late.comes_in(house.links["members"][2])
    await cast.late.is_on(REPORT, 10)
    await cast.late.follows()
    await cast.screen.sees("Đến sau:")
    await cast.late.sees_in_papers("Huỳnh Tấn Lộc")


async def go_on_to_the_next_item(cast: Cast) -> None:
    chair = cast.chair
    await cast.tablet.opens_pages()
    await cast.tablet.goes_to_page(30)
    await cast.tablet.is_on(REPORT, 30)
    await chair.taps("Nội dung tiếp theo")
    await cast.guest.sees("Nội dung của đồng chí đã xong. Trân trọng cảm ơn đồng chí")
    await cast.guest.sees_no_page()
    await cast.screen.sees("Nội dung 2")
    await chair.does("Trình chiếu tờ trình 214")
    for person in [chair, *cast.followers[2:], cast.late]:
        await person.is_on(SUBMISSION, 1)
    await cast.tablet.is_on(REPORT, 30)
    await cast.tablet.is_told("Tờ trình 214, trang 1")
    await cast.tablet.comes_back()
    await cast.tablet.is_on(SUBMISSION, 1)
    await chair.opens_agenda()
    await chair.picks_paper(RESOLUTION)
    for person in [*cast.followers, cast.late]:
        await person.is_on(RESOLUTION, 1)


async def take_over(cast: Cast) -> None:
    chair, desk = cast.chair, cast.desk
    await desk.turns_to("Trình chiếu")
    await desk.is_on(RESOLUTION, 1)
    await desk.does("Nhận trình chiếu", "Trang sau")
    for person in [*cast.followers, cast.late, desk]:
        await person.is_on(RESOLUTION, 2)
    await chair.sees("Người trình chiếu: Phạm Thị Thùy Dương")
    await chair.does("Nhận trình chiếu", "Trang sau")
    for person in [*cast.followers, cast.late, desk]:
        await person.is_on(RESOLUTION, 3)
    await desk.next_is("Nhận trình chiếu")


async def close(cast: Cast) -> None:
    chair = cast.chair
    for ahead in AHEAD:
        await chair.goes_on()
        await cast.screen.sees(ahead)
    await chair.closes_the_meeting()
    for member in (cast.tablet, cast.phone, cast.late):
        await member.sees("Hội nghị đã bế mạc", "Tài liệu vẫn mở để đọc.")
        await member.sees_no_page()
    await cast.guest.sees("Trân trọng cảm ơn đồng chí")
    await cast.screen.sees("Hội nghị đã bế mạc", "Trân trọng cảm ơn các đồng chí đã dự họp")
