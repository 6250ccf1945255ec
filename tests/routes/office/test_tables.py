"""Tables that are pasted or uploaded, looked over, and laid down whole or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from meeting.protocol import commands as c
from tests.helpers import make
from tests.office.sample_tables import AGENDA, AGENDA_HEAD, ROLL, ROLL_HEAD, tabbed, workbook
from tests.routes.conftest import House
from tests.routes.office.conftest import Browser, refused
from tests.routes.office.test_meetings import begun, prepared


async def reads(office: Browser, path: str, content: str | bytes) -> Any:
    answer = await office.http.post(
        f"/office/api/read/{path}", content=content, headers={"x-phien": "1"}
    )
    return answer.status_code, answer.json()


def wanted(read: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """What was read, as it is laid down."""
    return [{name: one[name] for name in names} for one in read]


PERSON = ("name", "post", "role", "votes")
ITEM = ("number", "title", "starts", "ends", "rapporteur", "recess")


async def test_a_pasted_roll_and_agenda_become_the_meetings(office: Browser) -> None:
    meeting = await begun(office)
    status, roll = await reads(office, "roll", tabbed([ROLL_HEAD, *ROLL]))
    assert (status, roll["columns"], roll["notes"]) == (200, ["tt", "name", "post", "votes"], [])
    assert roll["rows"] == [list(row) for row in ROLL]
    people = wanted(roll["people"], *PERSON)
    assert (await office.does(f"m/{meeting}/roll", {"people": people}))[0] == 200
    status, agenda = await reads(
        office, f"agenda?meeting={meeting}", tabbed([AGENDA_HEAD, *AGENDA])
    )
    assert (status, agenda["notes"]) == (200, [])
    items = wanted(agenda["items"], *ITEM)
    assert (await office.does(f"m/{meeting}/agenda", {"items": items}))[0] == 200
    seen = await prepared(office, meeting)
    assert wanted(seen["seats"][:-1], *PERSON) == people
    assert seen["seats"][-1]["role"] == "screen"
    assert wanted(seen["items"], *ITEM) == items
    speakers = {seat["id"]: seat["name"] for seat in seen["seats"]}
    assert [speakers.get(item["rapporteur"], "") for item in seen["items"]] == [
        "Trần Hữu An",
        "Mai Trọng Nghĩa",
        "Trần Hữu An",
        "Vũ Đình Ẩn",
        "",
        "Đỗ Khắc Hoàn",
        "Nguyễn Thị Hạnh",
        "",
        "Huỳnh Tấn Lộc",
        "Lương Minh Khải",
    ]


async def test_the_same_again_adds_nothing_to_the_log(office: Browser) -> None:
    meeting = await begun(office)
    people = [dict(zip(PERSON, (n, p, "member", bool(x)), strict=True)) for _, n, p, x in ROLL]
    _, first = await office.does(f"m/{meeting}/roll", {"people": people})
    _, again = await office.does(f"m/{meeting}/roll", {"people": people})
    assert again == first
    assert len((await prepared(office, meeting))["seats"]) == 26


async def test_a_spreadsheet_and_a_file_of_values_are_read_by_their_names(
    office: Browser,
) -> None:
    book = workbook([ROLL_HEAD, *ROLL])
    values = "\n".join(";".join(row) for row in [ROLL_HEAD, *ROLL]).encode("utf-16")
    for name, content in (("ds.xlsx", book), ("ds", book), ("ds.csv", values), ("ds.txt", values)):
        status, roll = await reads(office, f"roll?name={name}", content)
        assert (status, len(roll["people"])) == (200, 25)


async def test_the_columns_may_be_said(office: Browser) -> None:
    text = "Bí thư\tLương Minh Khải\tx"
    _, roll = await reads(office, "roll?columns=post,name,votes", text)
    assert wanted(roll["people"], "name", "post", "votes") == [
        {"name": "Lương Minh Khải", "post": "Bí thư", "votes": True}
    ]
    one = '"Lương Minh Khải"\n"Đoàn Thị\nThục Anh"'
    _, roll = await reads(office, "roll?columns=name", one)
    assert roll["rows"] == [['"Lương Minh Khải"'], ["Đoàn Thị\nThục Anh"]]
    for wrong in ("post,name", "post,name,salary"):
        assert await reads(office, f"roll?columns={wrong}", text) == refused("malformed", 400)


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("roll", "", "table_empty"),
        ("roll?name=a.xls", b"\xd0\xcf\x11\xe0", "table_unreadable"),
        ("roll?name=a.xlsx", b"PK\3\4", "table_unreadable"),
        ("agenda?name=a.pdf", b"%PDF-", "table_unreadable"),
        ("agenda?meeting=khac", "1\tKhai mạc", "meeting_unknown"),
    ],
)
async def test_what_is_no_table_is_refused(
    office: Browser, path: str, content: str | bytes, code: str
) -> None:
    _, answer = await reads(office, path, content)
    assert answer["code"] == code


async def test_a_table_without_end_is_refused(office: Browser) -> None:
    assert await reads(office, "roll", "a\tb\n" * 3000) == refused("table_too_large", rows=2000)
    assert await reads(office, "roll", bytes(5_000_001)) == refused("table_too_large", rows=2000)


async def test_where_one_part_would_be_refused_nothing_is_done(
    house: House, office: Browser
) -> None:
    before = house.state
    roll = await prepared(office)
    people = wanted([one for one in roll["seats"] if one["role"] != "screen"], *PERSON)
    await house.does("thu", c.MarkAttendance("ba", "present"))
    before = house.state
    left = [{**one, "post": "Khác"} for one in people if one["name"] != "Lê Thị Ba"]
    assert await office.does("m/btv/roll", {"people": left}) == refused(
        "seat_needed", of="Lê Thị Ba"
    )
    items = wanted(roll["items"], *ITEM)[1:]
    assert await office.does("m/btv/agenda", {"items": items}) == refused(
        "item_has_papers", of="Kinh tế năm 2026"
    )
    assert house.state == before


async def test_ids_cards_and_papers_stay_where_the_same_is_meant(
    house: House, office: Browser
) -> None:
    seen = await prepared(office)
    people = wanted([one for one in seen["seats"] if one["role"] != "screen"], *PERSON)
    people.reverse()
    people[0]["post"] = "Chức vụ mới"
    items = [*wanted(seen["items"], *ITEM), {"number": "4", "title": "Bế mạc"}]
    await office.does("m/btv/roll", {"people": people})
    await office.does("m/btv/agenda", {"items": items})
    assert [*house.state.seats][:-1] == ["tech", "ba", "an", "thu", "chu", "hoa"]
    assert house.state.seats["tech"].post == "Chức vụ mới"
    assert house.state.seats["hoa"].items == {"2"}
    assert [*house.state.items][:3] == ["1", "2", "3"]
    assert house.state.items["3"].limited_to == {"chu", "thu"}


async def test_during_the_meeting_nobody_is_taken_off(house: House, office: Browser) -> None:
    await house.running.submit(make.OFFICE, house.sent(c.OpenMeeting()))
    people = wanted((await prepared(office))["seats"][:2], *PERSON)
    answer = await office.does("m/btv/roll", {"people": people})
    assert answer[1]["code"] == "wrong_phase"


async def test_two_secretaries_at_once_lay_down_one_roll_or_the_other(office: Browser) -> None:
    meeting = await begun(office)
    rolls = [
        [{"name": f"{who} {n}", "post": "", "role": "member", "votes": True} for n in range(30)]
        for who in ("An", "Bình")
    ]
    for _ in range(2):
        answers = await asyncio.gather(
            *(office.does(f"m/{meeting}/roll", {"people": people}) for people in rolls)
        )
        assert [status for status, _ in answers] == [200, 200]
        seats = (await prepared(office, meeting))["seats"]
        laid = wanted([seat for seat in seats if seat["role"] != "screen"], *PERSON)
        assert laid in rolls
