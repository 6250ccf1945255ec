"""The table without script: the presented page, the papers, checking in by form."""

from __future__ import annotations

import pytest

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.rules.state import Stand
from meeting.texts import text
from tests.helpers import make
from tests.routes.conftest import House
from tests.routes.drawn import drawn

ELSEWHERE = {"origin": "http://192.168.1.66"}

PATHS = ["/s/an/plain", "/s/an/plain/d1/1", "/s/an/plain/checkin"]


@pytest.fixture
async def session(house: House) -> House:
    """Opened by the chair; page 7 of d1 is presented."""
    await house.does("chu", c.OpenMeeting())
    await house.does("thu", c.StartItem("1"), make.page("d1", 7))
    return house


@pytest.mark.parametrize("path", PATHS)
async def test_without_the_seats_cookie_there_is_only_welcome(session: House, path: str) -> None:
    token = session.shell.access.device_token("btv", "ba", await session.claim("ba"))
    for cookie in ("", f"seat_ba={token}", f"seat_an={token}", "seat_an=x.y"):
        answer = await session.browser(cookie=cookie).get(path)
        where = (answer.status_code, answer.headers["location"])
        assert where == (303, "/?lost=not_signed_in"), cookie


@pytest.mark.parametrize("path", PATHS)
async def test_a_revoked_device_sees_nothing(session: House, path: str) -> None:
    device = await session.claim("an")
    browser = session.browser(**session.cookie("an", device))
    await session.does("thu", c.RevokeDevice(device))
    answer = await browser.get(path)
    assert (answer.headers["location"], answer.text) == ("/?lost=device_revoked", "")
    page = drawn(await browser.get(answer.headers["location"]))
    assert text("refused.device_revoked") in page.says


async def test_the_presented_page_is_shown_and_looked_for_again(session: House) -> None:
    browser = await session.browser_of("an")
    page = drawn(await browser.get("/s/an/plain"))
    assert page.pictures == ["/p/an/address-of-d1/7?w=1600"]
    assert page.refresh == "5"
    assert "d1-BC/TU Báo cáo d1 · Trang 7 / 34" in page.says
    await session.does("thu", make.page("d1", 8))
    assert drawn(await browser.get("/s/an/plain")).pictures == ["/p/an/address-of-d1/8?w=1600"]


async def test_before_the_opening_and_after_the_closing_it_says_so(house: House) -> None:
    browser = await house.browser_of("an")
    before = drawn(await browser.get("/s/an/plain"))
    assert text("table.not_open") in before.says
    await house.does("chu", c.OpenMeeting(), c.CloseMeeting())
    after = drawn(await browser.get("/s/an/plain"))
    assert (after.pictures, text("table.closed") in after.says) == ([], True)


async def test_after_the_closing_it_says_how_many_papers_were_collected(session: House) -> None:
    await session.prepare(p.MarkToCollect("d1", collect=True, addresses=("personal",)))
    browser = await session.browser_of("an")
    await session.does("chu", c.CloseMeeting())
    page = drawn(await browser.get("/s/an/plain"))
    assert text("table.collected", count=1) in page.says
    assert [line for line in page.says if "Báo cáo d1" in line] == []


async def test_a_guest_before_the_opening_is_told_when_it_begins(house: House) -> None:
    page = drawn(await (await house.browser_of("hoa")).get("/s/hoa/plain"))
    said = " ".join(page.says)
    assert (page.status, page.pictures) == (200, [])
    assert f"{text('table.not_open')} · " in said
    assert "07:30" in said
    assert text("table.guest_before", title="Xây dựng trường học", when="09:00") in page.says
    await house.does("chu", c.OpenMeeting())
    page = drawn(await (await house.browser_of("hoa")).get("/s/hoa/plain"))
    assert text("table.not_open") not in " ".join(page.says)


@pytest.mark.parametrize("page", ["9" * 5000, "-1", "1.0", "1e1", "%D9%A1", "%C2%B2"])
async def test_what_is_no_page_number_is_no_page(session: House, page: str) -> None:
    answer = await (await session.browser_of("an")).get(f"/s/an/plain/d1/{page}")
    shown = drawn(answer)
    assert (shown.status, text("refused.document_unknown") in shown.says) == (404, True)


async def test_with_nothing_presented_there_is_the_item_or_nothing(house: House) -> None:
    browser = await house.browser_of("an")
    await house.does("chu", c.OpenMeeting())
    page = drawn(await browser.get("/s/an/plain"))
    assert (page.status, text("table.nothing") in page.says) == (200, True)
    await house.does("thu", c.StartItem("1"))
    page = drawn(await browser.get("/s/an/plain"))
    assert page.says.index("Kinh tế năm 2026") + 1 == page.says.index(text("table.nothing"))


async def test_a_guest_whose_item_has_no_hour_is_told_without_one(session: House) -> None:
    await session.does("thu", c.AddSeat("moi", "Khách Mới", "", "guest", items=("3",)))
    page = drawn(await (await session.browser_of("moi")).get("/s/moi/plain"))
    assert text("table.guest_ahead", title="Việc riêng") in page.says


async def test_numbers_and_quorum_are_in_words(session: House) -> None:
    browser = await session.browser_of("an")
    said = " ".join(drawn(await browser.get("/s/an/plain")).says)
    assert "Có mặt 0/5 · Thành viên biểu quyết 0/3 Chưa đủ số thành viên" in said
    for seat in ("an", "ba"):
        await session.act(seat, c.CheckIn(), "fresh")
        session.clock.pass_by(1)
    await session.does("thu", make.page("d1", 9))
    said = " ".join(drawn(await browser.get("/s/an/plain")).says)
    assert "Có mặt 2/5 · Thành viên biểu quyết 2/3 Đủ số thành viên theo quy định" in said


# Papers


async def test_papers_are_read_page_by_page(session: House) -> None:
    browser = await session.browser_of("an")
    table = drawn(await browser.get("/s/an/plain"))
    assert [link for link in table.links if "/d" in link] == [
        "/s/an/plain/d1/1",
        "/s/an/plain/d2/1",
    ]
    first, second, last = [
        drawn(await browser.get(f"/s/an/plain/d2/{number}")) for number in (1, 2, 3)
    ]
    assert second.pictures == ["/p/an/address-of-d2/2?w=1600"]
    assert second.refresh == ""
    assert [_ways(page.links) for page in (first, second, last)] == [
        ["/s/an/plain", "/s/an/plain/d2/2"],
        ["/s/an/plain", "/s/an/plain/d2/1", "/s/an/plain/d2/3"],
        ["/s/an/plain", "/s/an/plain/d2/2"],
    ]


async def test_a_paper_laid_down_during_the_meeting_is_marked(session: House) -> None:
    browser = await session.browser_of("an")
    before = drawn(await browser.get("/s/an/plain"))
    await session.prepare(make.a_document("d9", "1", title="Bổ sung"))
    page = drawn(await browser.get("/s/an/plain"))
    assert (before.says.count("gửi muộn"), page.says.count("gửi muộn")) == (0, 1)
    assert page.says[page.says.index("gửi muộn") - 1].endswith("Bổ sung")


def _ways(links: list[str]) -> list[str]:
    return sorted(set(links))


@pytest.mark.parametrize("paper", ["d3/1", "none/1", "d2/0", "d2/4", "d2/99999999999999999999"])
async def test_a_paper_or_page_one_may_not_read_is_as_one_that_is_not(
    session: House, paper: str
) -> None:
    page = drawn(await (await session.browser_of("an")).get(f"/s/an/plain/{paper}"))
    assert (page.status, text("refused.document_unknown") in page.says) == (404, True)
    assert page.pictures == ["/p/an/address-of-d1/7?w=1600"]


async def test_chair_and_secretary_read_what_is_theirs(session: House) -> None:
    browser = await session.browser_of("chu")
    page = drawn(await browser.get("/s/chu/plain/d3/2"))
    assert page.pictures == ["/p/chu/address-of-d3/2?w=1600"]


async def test_a_guest_sees_papers_of_their_item_while_it_is_on(session: House) -> None:
    browser = await session.browser_of("hoa")
    page = drawn(await browser.get("/s/hoa/plain"))
    assert (page.status, page.pictures) == (200, [])
    assert "d1" not in str(page)
    assert "Kinh tế" not in str(page)
    expected = text("table.guest_before", title="Xây dựng trường học", when="09:00")
    assert expected in page.says
    assert (await browser.get("/s/hoa/plain/d2/1")).status_code == 404

    await session.does("thu", c.StartItem("2"), make.page("d2", 1))
    page = drawn(await browser.get("/s/hoa/plain"))
    assert page.pictures == ["/p/hoa/address-of-d2/1?w=1600"]
    assert (await browser.get("/s/hoa/plain/d2/3")).status_code == 200
    assert (await browser.get("/s/hoa/plain/d1/1")).status_code == 404

    await session.does("thu", c.StartItem("1"), make.page("d1", 1))
    page = drawn(await browser.get("/s/hoa/plain"))
    assert (page.pictures, text("table.guest_after") in page.says) == ([], True)
    assert (await browser.get("/s/hoa/plain/d2/1")).status_code == 404


async def test_technicians_and_the_screen_see_no_papers(session: House) -> None:
    tech = drawn(await (await session.browser_of("tech")).get("/s/tech/plain"))
    assert (tech.status, tech.pictures) == (200, [])
    wall = drawn(await (await session.browser_of("wall")).get("/s/wall/plain"))
    assert wall.pictures == ["/p/wall/address-of-d1/7?w=1600"]
    assert (await (await session.browser_of("wall")).get("/s/wall/plain/d2/1")).status_code == 404


# Checking in


async def test_four_digits_check_in(session: House) -> None:
    browser = await session.browser_of("an")
    typed = f" {session.running.codes.digits(session.clock.seconds())} "
    answer = await browser.post("/s/an/plain/checkin", data={"code": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, "/s/an/plain")
    stand = session.state.seats["an"].stand
    assert (stand.state, stand.method, stand.sighting) == ("present", "digits", "fresh")
    page = drawn(await browser.get("/s/an/plain"))
    assert text("table.checked_in", time="07:30") in page.says


async def test_old_digits_are_marked_old(session: House) -> None:
    browser = await session.browser_of("an")
    digits = session.running.codes.digits(session.clock.seconds())
    session.clock.pass_by(180)
    await browser.post("/s/an/plain/checkin", data={"code": digits})
    stand = session.state.seats["an"].stand
    assert (stand.state, stand.sighting) == ("present", "stale")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "code_needed"), ("wrong", "code_needed"), ("12", "code_wrong"), ("٣٤٥٦", "code_needed")],
)
async def test_other_digits_are_refused_in_words(session: House, typed: str, code: str) -> None:
    browser = await session.browser_of("an")
    page = drawn(await browser.post("/s/an/plain/checkin", data={"code": typed}))
    assert (page.status, page.refresh, session.state.seats["an"].stand) == (409, "", Stand())
    assert text(f"refused.{code}") in page.says


async def test_typing_digits_is_not_cut_short_by_the_table_looking_again(session: House) -> None:
    browser = await session.browser_of("an")
    table = drawn(await browser.get("/s/an/plain"))
    assert (table.forms, table.links[0]) == ([], "/s/an/plain/checkin")
    page = drawn(await browser.get("/s/an/plain/checkin"))
    assert (page.forms, page.refresh, page.links) == (["post"], "", ["/s/an/plain"])


async def test_once_here_nobody_is_asked_again(session: House) -> None:
    await session.act("an", c.CheckIn(), "fresh")
    page = drawn(await session.browser(**session.cookie("an", _device(session))).get("/s/an/plain"))
    assert "/s/an/plain/checkin" not in page.links


def _device(session: House) -> str:
    return session.state.devices_of("an")[0].id


async def test_guessing_digits_is_slowed_down(session: House) -> None:
    browser = await session.browser_of("an")
    codes, now = session.running.codes, session.clock.seconds()
    wrong = next(d for d in ("0000", "0001", "0002") if codes.judge_digits(d, now) == "none")
    for _ in range(5):
        await browser.post("/s/an/plain/checkin", data={"code": wrong})
    right = {"code": codes.digits(now)}
    page = drawn(await browser.post("/s/an/plain/checkin", data=right))
    assert (page.status, text("refused.code_paused") in page.says) == (429, True)
    session.clock.pass_by(61)
    right = {"code": codes.digits(session.clock.seconds())}
    assert (await browser.post("/s/an/plain/checkin", data=right)).status_code == 303


@pytest.mark.parametrize("who", ["stranger", "other seat", "revoked", "from elsewhere"])
async def test_nobody_else_can_check_a_person_in(session: House, who: str) -> None:
    device = await session.claim("an")
    browser = session.browser(**session.cookie("an", device))
    if who == "stranger":
        browser = session.browser()
    elif who == "other seat":
        browser = await session.browser_of("ba")
    elif who == "revoked":
        await session.does("thu", c.RevokeDevice(device))
    else:
        browser.headers.update(ELSEWHERE)
    digits = session.running.codes.digits(session.clock.seconds())
    answer = await browser.post("/s/an/plain/checkin", data={"code": digits})
    assert answer.status_code == (403 if who == "from elsewhere" else 303)
    assert session.state.seats["an"].stand == Stand()
