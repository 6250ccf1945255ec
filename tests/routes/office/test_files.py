"""The files of meetings over HTTP: taken home with a known length, checked when they come back."""

from __future__ import annotations

import json
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
from tests.archive.story import SUBMISSION, Papers
from tests.helpers import make
from tests.helpers.hall import hall
from tests.routes.conftest import URL, House
from tests.routes.office.conftest import ACCOUNT, OFFICE, Browser, elsewhere, refused

CHECK = "/office/api/check"
FILE = "/office/m/btv/file.zip"


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


async def test_only_who_is_signed_in_has_anything_checked(house: House, closed: Browser) -> None:
    assert await ask(elsewhere(house), b"x") == refused("not_signed_in", 401)
    elsewhere_from = await ask(closed, b"x", origin="http://other.example")
    assert elsewhere_from == refused("not_allowed", 403)
    assert archives(house) == []
