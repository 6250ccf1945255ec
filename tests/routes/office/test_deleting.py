"""Xóa cuộc họp: one made by mistake is nowhere any more, but on record; one that was held stays."""

from __future__ import annotations

from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from tests.helpers import make
from tests.routes.conftest import House
from tests.routes.office.conftest import Browser, refused
from tests.routes.office.test_meetings import prepared, sent

DELETE = {"type": "meeting.delete"}


async def test_a_meeting_made_by_mistake_is_nowhere_any_more_but_on_record(
    house: House, office: Browser
) -> None:
    tablet, link = house.browser(), house.card("an")
    copy = (await office.does("m/btv/trial"))[1]["id"]
    assert (await tablet.post(link)).headers["location"] == "/s/an/"
    answer = await office.does("m/btv/command", sent(DELETE))
    assert (answer[0], answer[1]["status"]) == (200, "committed")
    assert await office.asks("meetings") == (200, [])
    assert await office.asks("m/btv") == refused("meeting_unknown", 404)
    assert (await house.shell.meetings.stored("btv")).entries == []
    assert (await house.shell.meetings.stored(copy)).entries == []
    assert (await tablet.get("/s/an/")).headers["location"].startswith("/?lost=")
    assert (await house.browser().get(link)).status_code == 404
    record = (await office.asks("record"))[1]
    assert [
        (row["by"], row["what"], row["about"]) for row in record if "meeting" in row["what"]
    ] == [("Trần Thư Ký", "meeting.deleted", "Hội nghị Ban Thường vụ, tháng 12/2026")]
    assert await office.does("m/btv/command", sent(DELETE)) == refused("meeting_unknown", 404)


async def test_a_meeting_that_was_opened_is_not_deleted(house: House, office: Browser) -> None:
    await house.does("chu", c.OpenMeeting())
    on = await office.does("m/btv/command", sent(DELETE, "aaaaaaaaaaaa"))
    assert (on[1]["status"], on[1]["code"]) == ("rejected", "wrong_phase")
    await house.does("chu", p.TakeBackOpening("bấm nhầm"))
    assert (await prepared(office))["held"] is True
    back = await office.does("m/btv/command", sent(DELETE, "bbbbbbbbbbbb"))
    assert (back[1]["status"], back[1]["code"]) == ("rejected", "meeting_was_held")
    assert len((await office.asks("meetings"))[1]) == 1


async def test_a_trial_copy_may_be_deleted_and_its_meeting_stays(
    house: House, office: Browser
) -> None:
    copy = (await office.does("m/btv/trial"))[1]["id"]
    await office.does(f"m/{copy}/command", sent(DELETE))
    assert [one.id for one in house.shell.meetings.all()] == ["btv"]
    assert [
        row["what"] for row in (await office.asks("record"))[1] if "meeting" in row["what"]
    ] == []


async def test_what_a_crash_left_of_a_deleted_meeting_goes_at_the_next_start(
    house: House, office: Browser
) -> None:
    running = house.shell.meetings.all()[0]
    await running.submit(make.OFFICE, house.sent(p.DeleteMeeting()))
    assert (await office.asks("meetings"))[1] == []
    assert await office.asks("m/btv") == refused("meeting_unknown", 404)
    assert house.shell.meetings.of_seat("an") is None
    assert (await house.shell.meetings.stored("btv")).entries != []
    await house.shell.meetings.clear_deleted()
    assert (await house.shell.meetings.stored("btv")).entries == []
    rows = (await office.asks("record"))[1]
    assert [row["about"] for row in rows if row["what"] == "meeting.deleted"] == [
        "Hội nghị Ban Thường vụ, tháng 12/2026"
    ]
