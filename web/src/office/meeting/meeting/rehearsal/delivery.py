"""Bring one command to the server until it is answered, as `web/src/live/delivery.ts` does.

Anything but a proper answer means unknown, and the same id is sent again. A perishable command
is asked about once more by post even when it is stale, for the server alone knows what became of
it; none is begun anew after `perish`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

PERISHABLE: Final = frozenset(
    {"item.start", "page.show", "presenter.take", "presenter.give", "followers.call"}
)
"""The tags of the commands that are worthless when late; all others are durable."""

POST_PATIENCE: Final = 8.0
RETRY_AFTER_MS: Final = 1000
PAUSES: Final = (0.3, 1.0, 2.0, 4.0)


class Ways(Protocol):
    """What delivery needs of the world. `socket` and `post` raise or time out as they like."""

    async def socket(self, sent: dict[str, Any]) -> Any: ...

    async def post(self, sent: dict[str, Any]) -> Any: ...

    def seconds(self) -> float: ...

    @property
    def refusal(self) -> str: ...


async def deliver(
    sent: dict[str, Any], ways: Ways, *, perish: float, scale: float
) -> dict[str, Any]:
    """The answer to go by: committed, or rejected with a code; `not_known` when none came.

    Args:
        perish: seconds after which a perishable command is not begun again.
        scale: all pauses are shorter or longer by this.
    """
    started = ways.seconds()
    perishable = sent["command"]["type"] in PERISHABLE
    ask: tuple[Callable[[dict[str, Any]], Awaitable[Any]], ...] = (ways.socket, ways.post)
    turn = 0
    while True:
        pause, end = PAUSES[min(turn, len(PAUSES) - 1)] * scale, refused("not_known")
        for way in ask:
            answer = await _ask(way, sent)
            if answer is not None and answer["status"] != "retry":
                return answer
            if ways.refusal:
                return refused(ways.refusal)
            if answer is not None:
                pause, end = answer["after_ms"] / 1000, refused("too_late")
                break
        if perishable and ways.seconds() + pause - started >= perish:
            return end
        await asyncio.sleep(pause)
        turn += 1


async def _ask(
    way: Callable[[dict[str, Any]], Awaitable[Any]], sent: dict[str, Any]
) -> dict[str, Any] | None:
    try:
        return as_answer(await way(sent))
    except Exception:  # whatever became of it, the server is asked again
        return None


def refused(code: str) -> dict[str, Any]:
    return {"status": "rejected", "code": code, "data": {}}


def as_answer(value: Any) -> dict[str, Any] | None:
    """A value from the wire as an answer; None when it has no status of ours."""
    match value:
        case {"status": "committed", "rev": int()} | {"status": "committed"}:
            return {"status": "committed", "rev": value.get("rev", 0)}
        case {"status": "rejected"}:
            code, data = value.get("code", "server_fault"), value.get("data", {})
            return {"status": "rejected", "code": code, "data": data}
        case {"status": "retry"}:
            return {"status": "retry", "after_ms": value.get("after_ms", RETRY_AFTER_MS)}
    return None
