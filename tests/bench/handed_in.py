"""A secretary who hands a file in and a member who reads it, at a real server: by HTTP and by the
member's socket, as their browsers do. What no server should ever answer is `Wrong`.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from urllib.parse import quote

import httpx2
import msgspec

from meeting.clock import Times
from meeting.pages.jobs import WIDTHS
from meeting.pages.pool import FILE_CODES, PAGE_CODES
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.rehearsal.tablet import Tablet
from tests.helpers.mutated import PASSWORD
from tests.helpers.process import claim

REFUSED: Final = {*FILE_CODES, "secret_stamp", "file_missing"}
"""With which a file may end. `file_missing`: the same content was handed in and destroyed again by
somebody else meanwhile."""

BUSY: Final = (429, 503)
BUSY_SECONDS: Final = 0.5
BUSY_MOST: Final = 600
"""So often whoever is told to wait asks again."""

ANSWER_SECONDS: Final = 600.0
SEEN_SECONDS: Final = 120.0
"""After which a member's tablet has what was laid down, even if it lost its connection."""
PIECE: Final = "w=3200&t=1"
ASKING: Final = {"x-phien": "1"}
OFFICE: Final = {
    "name": "Văn phòng",
    "zone": "Asia/Ho_Chi_Minh",
    "wifi_name": "HOP",
    "wifi_password": "mua-xuan",
    "help_name": "chị Dương",
    "help_phone": "0900 000 000",
    "address_form": "dong_chi",
}


class Wrong(Exception):
    """An answer, or an end, that no file may bring about."""


class Desk:
    """A secretary with an account of their own, and one meeting at a time with one member in it.

    `came` counts what became of the files, `seconds` has how long each request took.
    """

    def __init__(self, url: str, number: int) -> None:
        self.came: Counter[str] = Counter()
        self.seconds: list[tuple[float, str]] = []
        self.locked = 0
        """So many of the files needed a password."""
        self.reconnects = 0
        """Of the members: a machine with too much to do breaks connections, which come back."""
        self._url = url
        self._account = {"name": f"Thư ký {number}", "login": f"thu.ky.{number}"}
        self._account["password"] = secrets.token_hex(8)
        self._office = httpx2.AsyncClient(base_url=f"{url}/office/api/", timeout=ANSWER_SECONDS)
        self._reader = httpx2.AsyncClient(base_url=url, timeout=ANSWER_SECONDS)
        self._meeting = self._item = self._sheet = ""
        self._member: Tablet | None = None

    async def begins_the_office(self) -> None:
        await self._does("POST", "begin", json={"office": OFFICE, "account": self._account})

    async def adds(self, other: Desk) -> None:
        """An account for another secretary, who signs in."""
        await self._does("POST", "accounts", json=other._account)
        said = {"login": other._account["login"], "password": other._account["password"]}
        await other._does("POST", "sign-in", json=said)

    async def leave(self) -> None:
        await self._office.aclose()
        await self._reader.aclose()

    async def meets(self) -> None:
        """A new meeting, before its start, which a member has open."""
        starts = datetime.now(UTC) + timedelta(days=7)
        bodies = await self._does("GET", "bodies")
        heading = {"body_id": bodies[0]["id"], "title": "Hội nghị", "place": "Phòng họp A"}
        asked = {**heading, "starts_at": starts.isoformat(), "presenter": "secretary"}
        self._meeting = (await self._does("POST", "meetings", json=asked))["id"]
        person = {"post": "", "votes": False}
        people = [
            {**person, "name": "Trần Thư Ký", "role": "secretary"},
            {**person, "name": "Nguyễn Văn Ân", "role": "member"},
        ]
        await self._does("POST", f"m/{self._meeting}/roll", json={"people": people})
        items = [{"number": "1", "title": "Tài liệu"}]
        await self._does("POST", f"m/{self._meeting}/agenda", json={"items": items})
        prepared = await self._does("GET", f"m/{self._meeting}")
        self._item = prepared["items"][0]["id"]
        seat = next(one["id"] for one in prepared["seats"] if one["role"] == "member")
        message = await self._does("GET", f"m/{self._meeting}/message")
        text = next(one["text"] for one in message["people"] if one["seat"] == seat)
        link = next(word for word in text.split() if "/c/" in word)
        claimed = await claim(self._reader, f"/c/{link.rpartition('/')[2]}")
        self._member = Tablet(
            self._url, *claimed, http=self._reader, times=Times(), chance=Random(seat)
        )
        self._member.start()
        await self._until(lambda view: bool(view))

    async def parts(self) -> None:
        """The meeting is deleted, as one made by mistake."""
        if (member := self._member) is not None:
            self._member = None
            self.reconnects += len(member.history.joins) - 1
            await member.stop()
        await self._command(p.DeleteMeeting())

    async def hands_in(self, name: str, content: bytes) -> str:
        """What became of the file, which is destroyed again: the code it was refused with, or
        `shown` with the codes of what could not be.

        Raises:
            Wrong: anything else.
        """
        taken, code = await self._sent(name, content)
        if code == "file_locked":
            self.locked += 1
            taken, code = await self._sent(name, content, PASSWORD)
        document = secrets.token_hex(4)
        if not code:
            paper = {
                "sha256": taken["sha256"],
                "item": self._item,
                "number": "",
                "title": name,
                "document": document,
                "ordinary": True,
            }
            path = f"m/{self._meeting}/papers"
            code = (await self._asked("POST", path, REFUSED, json={"papers": [paper]}))[1]
        came = code
        if not code:
            try:
                came = await self._read(name, document)
            finally:
                await self._command(p.WithdrawDocument(document, "gửi nhầm"))
                await self._command(p.EraseDocument(document))
            await self._is_gone()
        self.came[came] += 1
        return came

    async def _sent(self, name: str, content: bytes, password: str = "") -> tuple[Any, str]:
        headers = ASKING | ({"x-file-password": quote(password)} if password else {})
        began = time.perf_counter()
        path, named = f"m/{self._meeting}/files", {"name": f"Tài liệu {name.replace('/', ' ')}.pdf"}
        said = await self._asked(
            "PUT", path, REFUSED, params=named, content=content, headers=headers
        )
        self.seconds.append((time.perf_counter() - began, f"{name} sent"))
        return said

    async def _read(self, name: str, document: str) -> str:
        """The member reads it."""
        member = await self._until(lambda view: document in _papers(view))
        paper = _papers(member.view)[document]
        images, texts = f"/p/{member.seat}/{paper['address']}", f"/s/{member.seat}"
        sheet = f"w={WIDTHS[0]}"
        failed = {
            await self._fetched(f"{images}/1?{sheet}", name),
            await self._fetched(f"{images}/{paper['pages']}?{sheet}", name),
            await self._fetched(f"{images}/1?{PIECE}", name),
            await self._fetched(f"{texts}/text/{paper['address']}/1", name),
            await self._fetched(f"{texts}/contents/{paper['address']}", name),
        }
        self._sheet = f"{images}/1?{sheet}"
        return "+".join(["shown", *sorted(failed - {""})])

    async def _is_gone(self) -> None:
        after = await self._look(self._sheet)
        if after.status_code != 404:
            raise Wrong(f"a page that was destroyed answers {after.status_code}")

    async def _until(self, so: Callable[[dict[str, Any]], bool]) -> Tablet:
        """The member's tablet, once it is so in its view."""
        member = self._member
        if member is None:
            raise Wrong("no member has the meeting open")
        try:
            await member.until(lambda: bool(member.view) and so(member.view), SEEN_SECONDS)
        except TimeoutError:
            raise Wrong(f"the member's tablet is {member.state} {member.refusal}") from None
        return member

    async def _fetched(self, path: str, name: str) -> str:
        """The code with which it cannot be shown, "" if it can."""
        began = time.perf_counter()
        answer = await self._look(path)
        what = path.split("/", 3)[3].partition("/")[2] if "/p/" in path else path.split("/")[3]
        self.seconds.append((time.perf_counter() - began, f"{name} {what}"))
        return _code(answer, {*PAGE_CODES})

    async def _look(self, path: str) -> httpx2.Response:
        """As the member; again, as long as the server is busy."""
        return await _patiently(self._reader, "GET", path)

    async def _command(self, command: c.Command) -> None:
        said = {"id": secrets.token_hex(8), "command": msgspec.to_builtins(command)}
        answer = await self._does("POST", f"m/{self._meeting}/command", json=said)
        if answer["status"] != "committed":
            raise Wrong(f"{type(command).__name__}: {answer}")

    async def _does(self, method: str, path: str, **given: Any) -> Any:
        """What has nothing to do with a file: it is done."""
        return (await self._asked(method, path, set(), **given))[0]

    async def _asked(
        self, method: str, path: str, codes: set[str], **given: Any
    ) -> tuple[Any, str]:
        headers = {**ASKING, **given.pop("headers", {})}
        answer = await _patiently(self._office, method, path, headers=headers, **given)
        code = _code(answer, codes)
        return answer.json(), code


def _papers(view: dict[str, Any]) -> dict[str, Any]:
    return {
        id_: paper
        for item in view["agenda"].values()
        for id_, paper in item.get("documents", {}).items()
    }


async def _patiently(
    http: httpx2.AsyncClient, method: str, path: str, **given: Any
) -> httpx2.Response:
    for _ in range(BUSY_MOST):
        answer = await http.request(method, path, **given)
        if answer.status_code not in BUSY:
            return answer
        await asyncio.sleep(BUSY_SECONDS)
    raise Wrong(f"{path}: busy for ever")


def _code(answer: httpx2.Response, known: set[str]) -> str:
    """The code of a refusal, "" where it is none. Raises Wrong."""
    if answer.status_code < 300:
        return ""
    with suppress(ValueError, LookupError, TypeError):
        if (code := str(answer.json()["code"])) in known and answer.status_code != 500:
            return code
    raise Wrong(f"{answer.request.url.path}: {answer.status_code} {answer.text[:200]}")
