"""The machine's page, the file for whoever helps, a screen's digits, and what is carried away."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from pathlib import Path
from typing import Any

import pytest

from meeting import __version__, logs
from meeting.access import cookie_name
from meeting.protocol import commands as c
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.routes.conftest import URL, House, a_meeting, opened
from tests.routes.drawn import drawn
from tests.routes.office.conftest import OFFICE, Browser, elsewhere, here, refused

CANARIES = (
    "Văn phòng Tỉnh ủy",
    "Trần Thư Ký",
    "Nguyễn Văn Ân",
    "Trưởng ban Đảng ủy",
    "Kinh tế năm 2026",
    "Hội nghị Ban Thường vụ",
    "Phòng họp A",
    "Tờ trình mật",
    "mua-xuan-2027",
    "HOP-A",
    "0900 000 000",
    "mùa xuân 2027",
    "thu.ky",
    "canary",
)


LATER = {
    "title": "Hội nghị tháng 1",
    "place": "Phòng họp A",
    "starts_at": "2027-01-10T00:30:00Z",
    "presenter": "secretary",
    "like": "",
}


async def view(office: Browser) -> dict[str, Any]:
    status, said = await office.asks("machine")
    assert status == 200, said
    return dict(said)


async def test_the_machine_is_shown_in_codes_and_numbers(house: House, office: Browser) -> None:
    await house.does("thu", c.OpenMeeting())
    said = await view(office)
    measured = ("flush_ms", "disk_free_bytes", "addresses", "system", "devices")
    assert all(said.pop(name) is not None for name in measured)
    assert said.pop("confined") == [*await house.shell.pages.confinement()]
    assert said == {
        "version": __version__,
        "url": URL,
        "other_urls": [],
        "database": "sqlite",
        "disk_low": False,
        "disk_full": False,
        "storing": True,
        "now": "2026-12-10T00:30:00Z",
        "zone": OFFICE["zone"],
        "astray_seconds": 0.0,
        "sleep": "may",
        "running_seconds": 0.0,
        "meetings": 1,
        "meetings_on": [{"id": "btv", "title": house.state.meeting.title, "devices": 0}],
        "workers": 0,
        "pages_waiting": 0,
        "office_files": "none",
        "errors": [],
    }


async def test_a_disk_that_cannot_be_written_is_said(house: House, office: Browser) -> None:
    (house.shell.machine.folder / "flush.partial").mkdir()
    assert (await view(office))["flush_ms"] is None


async def test_what_went_wrong_is_shown_as_codes_the_newest_first(
    house: House, office: Browser, late: logs.Lately
) -> None:
    log = logs.Log("store")
    log.info("started")
    log.warning("disk", code="low", count=3)
    log.error("batch_not_stored", meeting="btv", fault=OSError(28, "canary: no space"))
    errors = (await view(office))["errors"]
    assert [{key: row[key] for key in ("event", "code", "level", "part")} for row in errors] == [
        {"event": "batch_not_stored", "code": "ENOSPC", "level": "error", "part": "store"},
        {"event": "disk", "code": "low", "level": "warning", "part": "store"},
    ]


@pytest.fixture
def late(house: House) -> Any:
    """What the machine hears of the log."""
    lately = house.shell.machine.lately
    lately.start()
    logging.getLogger(logs.OURS).setLevel(logging.INFO)
    yield lately
    lately.close()


# The file for whoever helps


async def packed(office: Browser) -> dict[str, str]:
    answer = await office.http.get("/office/support.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


async def test_the_support_file_names_nobody(
    house: House, office: Browser, late: logs.Lately
) -> None:
    """Names, titles, tokens and links, planted in every place they could come from."""
    await house.prepare(*a_meeting("canary2", title="Tờ trình mật")[:1])
    secrets = [
        house.shell.access.card_code("btv", "an", 1),
        house.shell.access.device_token("btv", "an", "d1"),
        office.http.cookies["office"],
        house.shell.metrics_token or "canary",
    ]
    logs.Log("store").error("batch_not_stored", fault=ValueError("canary Nguyễn Văn Ân"))
    folder = house.shell.machine.folder
    sound = {"at": "2026-12-10T00:30:00.000Z", "event": "started", "part": "app", "ms": 900}
    strange = {**sound, "name": "canary", "code": "Nguyễn Văn Ân", "where": ["canary ở đây"]}
    foreign = {**sound, "event": "canary"}
    lines = [json.dumps(sound), json.dumps(strange), json.dumps(foreign), "canary", '["canary"]']
    (folder / "phien.log").write_text("\n".join(lines), "utf-8")
    (folder / "phien.log.2").write_text(json.dumps({**sound, "ms": 1}), "utf-8")
    files = await packed(office)
    assert list(files) == [
        "machine.json",
        "meetings.json",
        "settings.json",
        "versions.json",
        "metrics.txt",
        "log.jsonl",
    ]
    told = "\n".join(files.values()).replace('"canary2"', "")
    assert [canary for canary in (*CANARIES, *secrets) if canary in told] == []
    assert [json.loads(line) for line in files["log.jsonl"].splitlines()] == [
        {**sound, "ms": 1},
        sound,
        sound,
    ]


async def test_the_support_file_has_what_helps(house: House, office: Browser) -> None:
    files = await packed(office)
    machine, versions = json.loads(files["machine.json"]), json.loads(files["versions.json"])
    assert (machine["version"], machine["url"]) == (__version__, URL)
    assert {"sqlite", "phien", "starlette", "pymupdf"} <= set(versions)
    assert [row["id"] for row in json.loads(files["meetings.json"])] == ["btv"]


# A screen's four digits


async def waiting_screen(house: House) -> tuple[Any, str, str]:
    """A television with its own browser, its address, and the digits it shows."""
    browser = house.browser_at("192.168.1.77", URL)
    where = (await browser.get("/tv")).headers["location"]
    page = drawn(await browser.get(where))
    digits = next(said for said in page.says if said.isdecimal())
    assert (page.status, page.refresh, len(digits)) == (200, "3", 4)
    return browser, where, digits


async def test_four_digits_make_a_screen_the_rooms(house: House, office: Browser) -> None:
    browser, where, digits = await waiting_screen(house)
    assert await office.does("m/btv/screen", {"digits": f" {digits[:2]} {digits[2:]}"}) == (200, {})
    answer = await browser.get(where)
    assert (answer.status_code, answer.headers["location"]) == (303, "/s/wall/")
    device = house.state.devices_of("wall")[0]
    assert (device.kind, cookie_name("wall") in answer.cookies) == ("screen", True)
    assert (await browser.get("/s/wall/plain")).status_code == 200
    assert await office.does("m/btv/screen", {"digits": digits}) == refused("screen_unknown", 404)


async def test_a_screen_that_was_revoked_waits_again(house: House, office: Browser) -> None:
    browser, where, digits = await waiting_screen(house)
    await office.does("m/btv/screen", {"digits": digits})
    await house.does("thu", c.RevokeDevice(house.state.devices_of("wall")[0].id))
    assert (await browser.get(where)).headers["location"] == "/tv"


async def test_guessing_digits_is_slowed_down_for_whoever_guesses(
    house: House, office: Browser
) -> None:
    _, _, digits = await waiting_screen(house)
    wrong = f"{(int(digits) + 1) % 10_000:04d}"
    for _ in range(5):
        assert await office.does("m/btv/screen", {"digits": wrong}) == (
            refused("screen_unknown", 404)
        )
    status, said = await office.does("m/btv/screen", {"digits": digits})
    assert (status, said["code"]) == (429, "code_paused")


async def test_a_screen_joins_no_meeting_that_is_not_there(house: House, office: Browser) -> None:
    _, _, digits = await waiting_screen(house)
    assert await office.does("m/none/screen", {"digits": digits}) == refused("meeting_unknown", 404)


async def test_a_screen_of_before_a_restart_shows_other_digits(house: House) -> None:
    answer = await house.browser().get("/tv/0123456789abcdef")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tv")


async def test_too_many_screens_are_refused_in_words(house: House) -> None:
    answers = [await house.browser().get("/tv") for _ in range(30)]
    assert {answer.status_code for answer in answers} == {303, 429}
    assert drawn(answers[-1]).links == ["/"]


# What is carried to another office


async def test_settings_bodies_and_rolls_go_to_another_office(
    house: House, office: Browser, tmp_path: Path
) -> None:
    await house.prepare(*a_meeting("later", body_id="ban-thuong-vu")[:1])
    await house.prepare(
        make.an_item("1"),
        make.a_seat("x1", "chair", name="Bà x1"),
        make.a_seat("x2", name="Bà x2", votes=True),
        make.a_seat("x3", "guest", items=("1",)),
        make.a_seat("x4", "screen"),
    )
    kept = {"meeting": "later", "name": "Thường kỳ"}
    assert (await office.does("templates", kept))[0] == 201
    status, carried = await office.asks("export")
    assert (status, carried["office"]) == (
        200,
        {**OFFICE, "wifi_name": "", "wifi_password": ""},
    )
    by_id = {one["body"]["id"]: one for one in carried["bodies"]}
    assert by_id["ban-thuong-vu"]["roll"] == [
        {"name": "Bà x1", "post": "Chức vụ x1", "role": "chair", "votes": False},
        {"name": "Bà x2", "post": "Chức vụ x2", "role": "member", "votes": True},
    ]
    assert (by_id["ban-chap-hanh"]["roll"], by_id["ban-chap-hanh"]["templates"]) == ([], [])
    [template] = by_id["ban-thuong-vu"]["templates"]
    assert (template["name"], template["skeleton"]["roll"]) == (
        "Thường kỳ",
        by_id["ban-thuong-vu"]["roll"],
    )
    assert [item["title"] for item in template["skeleton"]["items"]] == ["Nội dung 1"]
    assert "Hội nghị" not in json.dumps(carried["office"], ensure_ascii=False)

    async with opened(tmp_path / "other", HandClock()) as other:
        own = {**OFFICE, "name": "Văn phòng khác", "help_phone": ""}
        account = {"name": "Lê Thị Ba", "login": "ba", "password": "mùa thu 2027"}
        there = here(other)
        await there.does("begin", {"office": own, "account": account})
        assert await there.does("import", carried) == (
            200,
            {"bodies": 3, "people": 2, "templates": 1},
        )
        assert (await there.asks("office"))[1] == {**own, "help_phone": OFFICE["help_phone"]}
        again = (await there.asks("export"))[1]
        assert again["bodies"] == carried["bodies"]
        assert other.shell.meetings.all() == []
        _, rows = await there.asks("record")
        assert rows[0]["what"] == "office.imported"
        starts = (await there.asks("starts"))[1]
        assert [one["name"] for one in starts["templates"]] == ["Thường kỳ"]
        assert starts["rolls"] == {"ban-thuong-vu": 2}
        later = {**LATER, "body_id": "ban-thuong-vu", "carried": True}
        _, made = await there.does("meetings", later)
        assert list(made) == ["id"], made
        seats = other.shell.meetings.all()[-1].state.seats.values()
        assert [seat.name for seat in seats if seat.on_roll] == ["Bà x1", "Bà x2"], made
        assert (await there.asks("starts"))[1]["rolls"] == {}
        # Taken in again, a template takes the place of the one of its name.
        assert (await there.does("import", carried))[0] == 200
        assert [one.name for one in await other.shell.templates.all()] == ["Thường kỳ"]
        before = dict(other.shell.office.rolls)
    async with opened(tmp_path / "other", HandClock()) as other:
        assert dict(other.shell.office.rolls) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"format":"phien-export-2"}', b"PK\x03\x04", b"[" * 5000, b" " * 1_100_000],
)
async def test_what_is_no_such_file_changes_nothing(
    house: House, office: Browser, content: bytes
) -> None:
    before = dict(house.shell.office.bodies)
    answer = await office.http.post("/office/api/import", content=content, headers={"x-phien": "1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "carried_wrong")
    assert dict(house.shell.office.bodies) == before


async def test_a_body_named_twice_is_refused(house: House, office: Browser) -> None:
    _, carried = await office.asks("export")
    carried["bodies"].append(carried["bodies"][0])
    assert await office.does("import", carried) == refused("carried_wrong")


@pytest.mark.parametrize(
    "wrong",
    [
        {"roll": [{"name": " ", "post": "", "role": "member", "votes": True}]},
        {"templates": [{"name": " ", "skeleton": {}}]},
        {"templates": [{"name": "a", "skeleton": {}}, {"name": "a", "skeleton": {}}]},
        {"templates": [{"name": "a", "skeleton": {"items": [{"number": "1", "title": ""}]}}]},
        {
            "templates": [
                {
                    "name": "a",
                    "skeleton": {"items": [{"number": "1", "title": "b", "rapporteur": 0}]},
                }
            ]
        },
        {"meetings": []},
    ],
)
async def test_a_roll_or_template_that_cannot_be_is_refused_whole(
    house: House, office: Browser, wrong: dict[str, Any]
) -> None:
    _, carried = await office.asks("export")
    carried["bodies"][0] |= wrong
    assert await office.does("import", carried) == refused("carried_wrong")
    assert await house.shell.templates.all() == []


async def test_the_file_is_a_download(house: House, office: Browser) -> None:
    answer = await office.http.get("/office/api/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="phien-cai-dat.json"'
    assert (await elsewhere(house).asks("export"))[0] == 401
