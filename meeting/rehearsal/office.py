"""What the office's program asks by HTTP: begin, claim a seat, read the log back, end.

Everything that can go wrong is a `Stopped` with a sentence.
"""

from __future__ import annotations

import http.cookiejar
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from meeting.errors import Stopped
from meeting.protocol.rehearsals import BeginRehearsal, RehearsalBegun, RehearsalLog

PATIENCE_SECONDS: Final = 30.0
T = TypeVar("T")

AT_ONCE: Final = 50
"""Requests under way at the same time."""

_REFUSED: Final = {
    "card_unknown": "rehearse_token_wrong",
    "not_signed_in": "rehearse_token_wrong",
    "not_allowed": "rehearse_not_secretary",
    "code_paused": "rehearse_paused",
    "rehearsal_on": "rehearse_on",
    "rehearsal_not_now": "rehearse_not_now",
}


def server_of(url: str, token: str) -> tuple[str, str]:
    """The server's address and the secretary's code, from an address or a personal link.

    Raises:
        Stopped: neither is one.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(url)
    except ValueError:
        raise Stopped("rehearse_url_wrong", url=url) from None
    _, _, linked = parts.path.partition("/c/")
    code = token or linked.strip("/")
    if not code or not code.isascii() or not code.isprintable():
        raise Stopped("rehearse_no_token")
    return f"{parts.scheme}://{parts.netloc}", code


def http_client() -> httpx2.AsyncClient:
    """One for all: it keeps no cookies, for every tablet has its own."""
    nobody = http.cookiejar.DefaultCookiePolicy(allowed_domains=[])
    return httpx2.AsyncClient(
        cookies=http.cookiejar.CookieJar(nobody),
        # No connection is kept: a server may end one at the very moment it is used again, and
        # a request given up while the pool closes those a server ended leaves the rest open.
        limits=httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=0),
        timeout=PATIENCE_SECONDS,
        trust_env=False,
    )


class Office:
    """A server, as the holder of a secretary's code sees it."""

    def __init__(self, url: str, code: str, http: httpx2.AsyncClient) -> None:
        self.url = url
        self.http = http
        self._headers = {"authorization": f"Bearer {code}"}

    async def begin(self, members: int) -> RehearsalBegun:
        said = await self._ask("POST", "/rehearsal", BeginRehearsal(members))
        return self._read(said, 201, RehearsalBegun)

    async def log(self, meeting: str) -> RehearsalLog:
        """What is on the server's disk now."""
        said = await self._ask("GET", f"/rehearsal/{meeting}/log")
        return self._read(said, 200, RehearsalLog)

    async def end(self, meeting: str) -> None:
        """The meeting goes, with all its rows; one that is gone already is no fault."""
        said = await self._ask("DELETE", f"/rehearsal/{meeting}")
        if said.status_code != 204 and self._code(said) != "rehearsal_unknown":
            self._refuse(said)

    async def claim(self, code: str) -> tuple[str, str]:
        """Tap "Đúng, là tôi" behind a personal link: the seat, and its cookie's value."""
        said = await self._ask("POST", f"/c/{code}")
        seat = said.headers.get("location", "").strip("/").removeprefix("s/")
        cookie, _, _ = said.headers.get("set-cookie", "").partition(";")
        name, _, value = cookie.partition("=")
        if name != f"seat_{seat}" or not value:
            self._refuse(said)
        return seat, value

    async def _ask(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        content = b"" if body is None else msgspec.json.encode(body)
        try:
            return await self.http.request(
                method, self.url + path, content=content, headers=self._headers
            )
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
            raise Stopped("rehearse_no_server", url=self.url) from None

    def _read(self, said: httpx2.Response, status: int, kind: type[T]) -> T:
        if said.status_code != status:
            self._refuse(said)
        try:
            return msgspec.json.decode(said.content, type=kind)
        except msgspec.DecodeError:
            raise Stopped("rehearse_not_phien", url=self.url) from None

    def _code(self, said: httpx2.Response) -> str:
        try:
            return str(msgspec.json.decode(said.content)["code"])
        except (msgspec.DecodeError, LookupError, TypeError):
            raise Stopped("rehearse_not_phien", url=self.url) from None

    def _refuse(self, said: httpx2.Response) -> None:
        code = self._code(said)
        raise Stopped(_REFUSED.get(code, "rehearse_refused"), code=code)
