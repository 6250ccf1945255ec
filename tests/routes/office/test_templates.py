"""Mẫu cuộc họp: kept from a meeting, listed, renamed, deleted, and started from."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers import make
from tests.routes.conftest import House
from tests.routes.office.conftest import Browser, refused
from tests.routes.office.test_meetings import WANTED, begun, prepared

BODY = "ban-thuong-vu"


@pytest.fixture
async def kept(house: House, office: Browser) -> str:
    """The id of a template, of the meeting `model`."""
    await house.prepare(
        make.a_meeting("model", body_id=BODY),
        make.a_seat("m1", "chair", name="Bà Chủ", votes=True),
        make.a_seat("m2", name="Ông Ân", votes=True),
        make.a_seat("m3", "guest", name="Ông Khách", items=("i2",)),
        make.an_item("i1", starts="07:45", ends="08:25", rapporteur="m2"),
        make.an_item("i2", starts="08:25", rapporteur="m3"),
        make.a_document("dx", "i1"),
    )
    status, made = await office.does("templates", {"meeting": "model", "name": " Thường  kỳ "})
    assert status == 201, made
    return str(made["id"])


async def starts(office: Browser) -> list[dict[str, Any]]:
    status, said = await office.asks("starts")
    assert status == 200, said
    found: list[dict[str, Any]] = said["templates"]
    return found


async def named(office: Browser) -> list[str]:
    return [one["name"] for one in await starts(office)]


async def recorded(office: Browser) -> list[tuple[str, str]]:
    rows = (await office.asks("record"))[1]
    return [(row["what"], row["about"]) for row in rows if row["what"].startswith("template.")]


async def test_a_template_is_kept_under_a_name_for_its_body(office: Browser, kept: str) -> None:
    assert await starts(office) == [
        {
            "id": kept,
            "body_id": BODY,
            "name": "Thường kỳ",
            "people": 3,
            "guests": 1,
            "items": 2,
        }
    ]
    assert await recorded(office) == [("template.added", "Thường kỳ")]


async def test_a_meeting_starts_from_a_template(office: Browser, kept: str) -> None:
    from_it = {"template": kept, "agenda": True, "starts_at": "2027-01-14T14:00:00+07:00"}
    seen = await prepared(office, await begun(office, **from_it))
    people = {seat["id"]: seat["name"] for seat in seen["seats"]}
    assert [*people.values()] == ["Bà Chủ", "Ông Ân", "Ông Khách", "Màn hình phòng họp"]
    assert [
        (item["title"], item["starts"], item["ends"], people[item["rapporteur"]])
        for item in seen["items"]
    ] == [
        ("Nội dung i1", "14:15", "14:55", "Ông Ân"),
        ("Nội dung i2", "14:55", "", "Ông Khách"),
    ]
    assert seen["documents"] == []
    roll = await prepared(office, await begun(office, template=kept))
    assert [seat["name"] for seat in roll["seats"]] == ["Bà Chủ", "Ông Ân", "Màn hình phòng họp"]


async def test_a_template_outlives_the_meeting_it_is_of(office: Browser, kept: str) -> None:
    delete = {"id": "0123456789ab", "command": {"type": "meeting.delete"}}
    assert (await office.does("m/model/command", delete))[1]["status"] == "committed"
    assert await named(office) == ["Thường kỳ"]
    assert len((await prepared(office, await begun(office, template=kept)))["seats"]) == 3


async def test_templates_are_renamed_and_deleted(office: Browser, kept: str) -> None:
    path = f"templates/{kept}"
    status, renamed = await office.does(path, {"name": "Hằng tháng"}, "PUT")
    assert (status, renamed["name"], await named(office)) == (200, "Hằng tháng", ["Hằng tháng"])
    assert await office.does(f"{path}/delete") == (200, {})
    assert await named(office) == []
    unknown = refused("template_unknown", 404)
    assert await office.does(f"{path}/delete") == unknown
    assert await office.does(path, {"name": "Hằng tháng"}, "PUT") == unknown
    assert await office.does("meetings", {**WANTED, "template": kept}) == unknown
    assert await recorded(office) == [
        ("template.deleted", "Hằng tháng"),
        ("template.renamed", "Hằng tháng"),
        ("template.added", "Thường kỳ"),
    ]


async def test_a_template_needs_a_name_of_its_own_a_meeting_and_a_body(
    office: Browser, kept: str
) -> None:
    async def asked(meeting: str, name: str) -> Any:
        return await office.does("templates", {"meeting": meeting, "name": name})

    assert await asked("model", "  ") == refused("name_needed")
    assert await asked("model", "thường kỳ") == refused("template_taken")
    assert await asked("nothing", "Khác") == refused("meeting_unknown", 404)
    assert await asked("btv", "Khác") == refused("body_unknown")
    other = str((await asked("model", "Khác"))[1]["id"])
    taken = await office.does(f"templates/{other}", {"name": "Thường kỳ"}, "PUT")
    assert taken == refused("template_taken")
    assert (await office.does(f"templates/{kept}", {"name": "THƯỜNG KỲ"}, "PUT"))[0] == 200
