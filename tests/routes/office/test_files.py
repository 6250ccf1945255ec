"""The files of meetings over HTTP: taken home with a known length, checked when they come back."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from meeting.archive.checking import check
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.rules.state import Actor
from tests.archive import story
from tests.archive.forging import endless
from tests.archive.story import SUBMISSION, Papers
from tests.archive.test_apart import begun, children, ended
from tests.helpers import make
from tests.helpers.hall import hall
from tests.helpers.small_files import needs_a_limit, no_file_above
from tests.routes.conftest import URL, House
from tests.routes.office.conftest import ACCOUNT, OFFICE, Browser, elsewhere, here, refused

CHECK = "/office/api/check"
FILE = "/office/m/btv/file.zip"
SAVING_SECONDS = 60.0


@pytest.fixture
async def closed(house: House, office: Browser) -> Browser:
    """The secretary's browser, after a meeting with a real paper."""
    folder = house.shell.pages.original("0").parent
    folder.mkdir(parents=True, exist_ok=True)
    papers = Papers(folder)
    for document in ("d1", "d2", "d3"):  # as `make.a_document` hashes them
        papers.take(document.encode())
    submission = papers.take(SUBMISSION.read_bytes())
    await house.prepare(make.a_document("p1", "1", 5, sha256=submission))
    await house.does("chu", c.OpenMeeting(), c.CloseMeeting())
    return office


async def lock(house: House) -> None:
    [account] = house.shell.office.accounts
    actor = Actor("office", device=account)
    await house.running.submit(actor, house.sent(p.LockFile("12/HS")))


def archives(house: House) -> list[str]:
    folder = Path(str(house.shell.static)).parent / "archives"
    return sorted(path.suffix for path in folder.iterdir())


async def test_the_file_is_whole_and_its_length_known(
    house: House, closed: Browser, tmp_path: Path
) -> None:
    answer = await closed.http.get(FILE)
    path = tmp_path / "file.zip"
    path.write_bytes(answer.content)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert int(answer.headers["content-length"]) == len(answer.content)
    named = unquote(answer.headers["content-disposition"].partition("''")[2])
    assert named == "Hồ sơ tạm - Ban Thường vụ - 2026-12-10.zip"
    checked = check(path)
    assert (checked.whole, checked.seal) == (True, house.running.seal)
    assert archives(house) == []


async def test_its_length_is_told_without_it(house: House, closed: Browser) -> None:
    head, whole = await closed.http.head(FILE), await closed.http.get(FILE)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert archives(house) == []


async def test_the_official_file_stays_the_same(house: House, closed: Browser) -> None:
    await lock(house)
    first, again = await closed.http.get(FILE), await closed.http.get(FILE)
    assert first.content == again.content
    assert archives(house) == [".zip"]
    with_name = first.headers["content-disposition"]
    assert unquote(with_name).endswith("Hồ sơ 12-HS - Ban Thường vụ - 2026-12-10.zip")


async def test_who_acted_for_the_office_is_named_in_it(
    house: House, closed: Browser, tmp_path: Path
) -> None:
    await lock(house)
    path = tmp_path / "file.zip"
    path.write_bytes((await closed.http.get(FILE)).content)
    with zipfile.ZipFile(path) as file:
        [name] = [one for one in file.namelist() if one.endswith("nguoi_thuc_hien.json")]
        assert list(json.loads(file.read(name)).values()) == ["Trần Thư Ký"]


async def test_only_who_is_signed_in_takes_it_home(house: House, closed: Browser) -> None:
    stranger = elsewhere(house)
    answer = await stranger.http.get(FILE)
    assert (answer.status_code, answer.json()) == refused("not_signed_in", 401)
    member = await house.browser_of("an")
    assert (await member.get(FILE)).status_code == 401
    page = await stranger.http.get(FILE, headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
    unknown = await closed.http.get("/office/m/none/file.zip")
    assert unknown.json()["code"] == "meeting_unknown"


async def ask(browser: Browser, body: bytes, head: str = "", **headers: str) -> Any:
    answer = await browser.http.post(
        CHECK,
        params={"head": head},
        content=body,
        headers={"x-phien": "1", "origin": URL, **headers},
    )
    return answer.status_code, answer.json()


async def test_what_comes_back_is_checked_and_not_kept(house: House, closed: Browser) -> None:
    await lock(house)
    body, seal = (await closed.http.get(FILE)).content, house.running.seal
    whole = {"whole": True, "seal": seal}
    status, said = await ask(closed, body, seal.upper())
    assert status == 200
    assert said["sentences"][0] == "Không thay đổi. Khớp với mã ghi trong phòng họp."
    assert {**said, "sentences": []} == {**whole, "compared": True, "sentences": []}
    status, said = await ask(closed, body)
    assert (said["whole"], said["compared"]) == (True, False)
    at = len(body) // 2
    status, said = await ask(closed, body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
    assert (status, said["whole"]) == (200, False)
    status, said = await ask(closed, b"")
    assert (status, said["whole"], said["seal"]) == (200, False, "")
    assert archives(house) == [".zip"]


async def test_a_large_file_comes_in_to_be_checked_and_nowhere_else(tmp_path: Path) -> None:
    large = b"x" * 200_000
    async with (
        hall(tmp_path / "data") as running,
        httpx2.AsyncClient(base_url=running.url, headers={"x-phien": "1"}) as http,
    ):
        before = await http.post(CHECK, content=large)
        said = {"office": OFFICE, "account": ACCOUNT}
        assert (await http.post("/office/api/begin", json=said)).status_code == 200
        inside = await http.post(CHECK, content=large)
        elsewhere_to = await http.post("/office/api/sign-in", content=large)
    assert (before.status_code, before.json()["code"]) == (401, "not_signed_in")
    assert (inside.status_code, inside.json()["whole"]) == (200, False)
    assert elsewhere_to.status_code == 413


@needs_a_limit
async def test_a_disk_that_is_full_refuses_the_file_and_keeps_the_meeting(
    house: House, closed: Browser
) -> None:
    with no_file_above(50_000):
        answer = await closed.http.get(FILE)
    assert (answer.status_code, answer.json()) == refused("disk_full", 507)
    assert archives(house) == []
    await lock(house)
    assert house.state.phase == "locked"
    assert (await closed.http.get(FILE)).status_code == 200


# Lưu hồ sơ ra USB


def plugged_in(house: House, *names: str) -> Path:
    """The folder of sticks, after these were plugged in."""
    folder = Path(str(house.shell.static)).parent / "sticks"
    for name in names:
        (folder / name).mkdir(parents=True)
    return folder


async def saved(browser: Browser) -> dict[str, Any]:
    """How the newest saving ended."""
    async with asyncio.timeout(SAVING_SECONDS):
        while True:
            _, seen = await browser.asks("sticks")
            if seen["saving"]["state"] in ("done", "failed"):
                said: dict[str, Any] = seen["saving"]
                return said
            await asyncio.sleep(0.01)


@pytest.fixture
async def sitting(house: House, closed: Browser) -> Browser:
    """The secretary's browser on the server machine itself."""
    browser = here(house)
    assert await browser.signs_in() == ""
    return browser


async def test_the_file_is_saved_onto_a_stick_by_a_tap(
    house: House, sitting: Browser, tmp_path: Path
) -> None:
    await lock(house)
    folder = plugged_in(house, "USB CỦA LAN", "KINGSTON")
    status, seen = await sitting.asks("sticks")
    assert (status, [one["name"] for one in seen["sticks"]]) == (200, ["KINGSTON", "USB CỦA LAN"])
    assert (seen["saving"], {one["writable"] for one in seen["sticks"]}) == (None, {True})
    status, seen = await sitting.does("m/btv/save", {"stick": seen["sticks"][1]["id"]})
    assert (status, seen["saving"]["stick"], seen["saving"]["meeting"]) == (
        200,
        "USB CỦA LAN",
        "btv",
    )
    name = "Hồ sơ 12-HS - Ban Thường vụ - 2026-12-10.zip"
    done = {"meeting": "btv", "stick": "USB CỦA LAN", "name": name, "part": 1.0}
    assert await saved(sitting) == {**done, "state": "done", "code": "", "mb": 0}
    assert [path.name for path in folder.rglob("*.*")] == [name]
    assert check(folder / "USB CỦA LAN" / name).whole
    assert archives(house) == [".zip"]


async def test_what_stands_on_the_way_to_a_stick_is_said(
    house: House, sitting: Browser, closed: Browser
) -> None:
    folder = plugged_in(house, "USB")
    _, seen = await sitting.asks("sticks")
    [stick] = [one["id"] for one in seen["sticks"]]
    for path in ("/media/USB", "../../tmp", "", stick[:-1]):
        assert await sitting.does("m/btv/save", {"stick": path}) == refused("stick_gone")
    assert await sitting.does("m/none/save", {"stick": stick}) == refused("meeting_unknown", 404)
    (folder / "USB").rename(folder / "gone")
    assert await sitting.does("m/btv/save", {"stick": stick}) == refused("stick_gone")
    elsewhere_signed_in = closed
    assert await elsewhere_signed_in.asks("sticks") == refused("only_here", 403)
    asked = {"stick": stick}
    assert await elsewhere_signed_in.does("m/btv/save", asked) == refused("only_here", 403)


async def test_a_saving_that_fails_says_why_and_leaves_nothing(
    house: House, sitting: Browser
) -> None:
    folder = plugged_in(house, "USB")
    _, seen = await sitting.asks("sticks")
    house.shell.pages.original("0").parent.rename(folder / "papers are gone")
    (folder / "USB").chmod(0o500)
    await sitting.does("m/btv/save", {"stick": seen["sticks"][0]["id"]})
    said = await saved(sitting)
    (folder / "USB").chmod(0o700)
    if os.geteuid():  # whoever administers the machine may write anywhere
        assert (said["state"], said["code"]) == ("failed", "stick_read_only")
        assert list((folder / "USB").iterdir()) == []
    assert archives(house) == []


# Checked


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_check_ends_when_the_browser_goes_and_when_the_server_stops(
    tmp_path: Path,
) -> None:
    papers = Papers(tmp_path / "papers")
    path = story.filed(tmp_path / "shelf", story.filed_away(papers), papers).path
    endless(path, 40_000)
    async with (
        hall(tmp_path / "data") as running,
        httpx2.AsyncClient(base_url=running.url, headers={"x-phien": "1"}) as http,
    ):
        said = {"office": OFFICE, "account": ACCOUNT}
        assert (await http.post("/office/api/begin", json=said)).status_code == 200
        asked = asyncio.create_task(http.post(CHECK, content=path.read_bytes()))
        await begun()
        asked.cancel()
        await ended()
        assert (await http.get(CHECK)).json() == {"checks": 0}
        asked = asyncio.create_task(http.post(CHECK, content=path.read_bytes()))
        await begun()
        await running.server.dismiss()
        answer = await asked
    assert (answer.status_code, answer.json()["code"]) == (503, "server_busy")
    assert children() == []
    assert list((tmp_path / "data" / "archives").iterdir()) == []


async def test_how_many_wait_is_told(house: House, closed: Browser) -> None:
    assert await closed.asks("check") == (200, {"checks": 0})
    async with house.shell.archives.room():
        assert await closed.asks("check") == (200, {"checks": 1})
    assert archives(house) == []


async def test_only_who_is_signed_in_has_anything_checked(house: House, closed: Browser) -> None:
    assert await ask(elsewhere(house), b"x") == refused("not_signed_in", 401)
    elsewhere_from = await ask(closed, b"x", origin="http://other.example")
    assert elsewhere_from == refused("not_allowed", 403)
    assert archives(house) == []
