"""Looking for words: found with and without marks, gone to, marked on the page, read alone."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.house import House
from tests.e2e.looking import Looking
from tests.e2e.papers import REPORT, RESOLUTION, SUBMISSION
from tests.e2e.people import TABLET_LYING, Chair, Member

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LIES_ON = """(mark, words) => {
    const [box, word] = [mark.getBoundingClientRect(), words[0].getBoundingClientRect()];
    return box.left <= word.left + 2 && word.left < box.right
        && box.top <= word.top + word.height / 2 && word.top + word.height / 2 <= box.bottom;
}"""


async def test_words_are_found_gone_to_and_marked(sample: House) -> None:
    member = await (await sample.person(Member, TABLET_LYING)).comes_in(sample.links["members"][0])
    page, looking = member.page, Looking()
    await member.taps("Tìm trong tài liệu")
    sheet = page.get_by_role("dialog")
    await sheet.get_by_label("Từ cần tìm").fill("chuyen doi so")
    await expect(sheet.locator("section")).to_have_count(3)
    names = await sheet.locator("h3").all_inner_texts()
    assert [name.partition(" ·")[0] for name in names] == [
        *("Báo cáo 186", "Tờ trình 214", RESOLUTION)
    ]
    await looking.at(member, "what was found")

    await sheet.get_by_role("button").filter(has_text="Trang 6").first.click()
    await member.is_on(REPORT, 6)
    mark = member.stage.locator(".marks .current")
    await expect(mark).to_be_visible()
    words = member.stage.locator(".words span")
    await expect(words.filter(has_text="chuyển").first).to_be_attached()
    assert await lies_on(mark, words.filter(has_text="chuyển")), "the mark lies beside its words"
    await looking.at(member, "a hit")
    await member.taps("Chỗ sau")
    await member.is_on(REPORT, 7)
    await member.taps("Thôi tìm")
    await expect(member.stage.locator(".marks > *")).to_have_count(0)

    assert looking.faults == {}


async def lies_on(mark: Locator, words: Locator) -> bool:
    handles = await words.element_handles()
    return any([await mark.evaluate(LIES_ON, [handle]) for handle in handles])


async def test_going_to_a_hit_is_reading_alone_and_the_meeting_goes_on(sample: House) -> None:
    chair = await (await sample.person(Chair, TABLET_LYING)).comes_in(sample.links["chair"])
    member = await (await sample.person(Member, TABLET_LYING)).comes_in(sample.links["members"][0])
    await chair.opens_the_meeting()
    await chair.goes_on()
    await chair.does("Nội dung 1", "Trình chiếu báo cáo 186")
    await member.is_on(REPORT, 1)

    await member.taps("Tìm trong tài liệu")
    sheet = member.page.get_by_role("dialog")
    await sheet.get_by_label("Từ cần tìm").fill("tờ trình")
    await sheet.get_by_label("Từ cần tìm").press("Enter")
    hits = sheet.locator("section").filter(has_text="Tờ trình 214").get_by_role("button")
    await hits.first.click()
    await member.is_on(SUBMISSION, 1)
    await member.is_told("Báo cáo 186, trang 1")
    await member.comes_back()
    await member.is_on(REPORT, 1)
    await expect(member.stage.locator(".marks > *")).to_have_count(0)
