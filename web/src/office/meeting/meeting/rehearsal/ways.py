"""A tablet's two ways to the server for one command: its socket, and a POST."""

from __future__ import annotations

import time
from typing import Any, Protocol

import msgspec

from meeting.rehearsal.connection import Connection
from meeting.rehearsal.delivery import POST_PATIENCE, as_answer
from meeting.rehearsal.history import Act
from meeting.rehearsal.wire import Lost


class Reply(Protocol):
    @property
    def content(self) -> bytes: ...


class Http(Protocol):
    """What a tablet needs of an HTTP client, such as httpx2's."""

    async def post(
        self,
        url: str,
        *,
        content: bytes,
        headers: dict[str, str],
        timeout: float,  # noqa: ASYNC109 - as HTTP clients call it
    ) -> Reply: ...


class OwnWays:
    """For `delivery`; what comes back is noted in the act."""

    def __init__(
        self, connection: Connection, http: Http, url: str, seat: str, cookie: str, act: Act
    ) -> None:
        self._connection = connection
        self._http = http
        self._address = f"{url}/s/{seat}/command"
        self._headers = {
            "cookie": cookie,
            "content-type": "application/json",
            "x-phien": "1",
        }
        self._act = act

    @property
    def refusal(self) -> str:
        return self._connection.refusal

    def seconds(self) -> float:
        return time.perf_counter()

    async def socket(self, sent: dict[str, Any]) -> Any:
        self._act.tries += 1
        wire = self._connection.wire
        if wire is None:
            raise Lost
        return await wire.ask("command", sent, self._connection.times.perish, self._note)

    async def post(self, sent: dict[str, Any]) -> Any:
        self._act.tries += 1
        connection = self._connection
        if connection.cut:
            raise Lost
        patience = connection.times.perish
        if self._act.durable:
            patience = POST_PATIENCE * connection.scale
        reply = await self._http.post(
            self._address,
            content=msgspec.json.encode(sent),
            headers=self._headers,
            timeout=patience,
        )
        answer = msgspec.json.decode(reply.content)
        self._note(answer)
        return answer

    def _note(self, answer: Any) -> None:
        proper = as_answer(answer)
        if proper is not None and proper["status"] != "retry":
            self._act.answers.append(proper)
