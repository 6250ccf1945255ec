"""What the peers written in Python say: the same words as our server, and nothing stored."""

from __future__ import annotations

from typing import Any, Final

import msgspec

OPENED: Final = '0{"sid":"peer","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'
CONNECTED: Final = '40{"sid":"peer"}'


class Showing:
    """The page everybody is shown, and the messages that say so."""

    def __init__(self) -> None:
        self.rev, self.page = 1, 1

    def view(self) -> dict[str, Any]:
        return {"rev": self.rev, "view": {"presented": {"page": self.page}}}

    def beacon(self) -> dict[str, Any]:
        return {"rev": self.rev, "t": 0}

    def answer(self) -> dict[str, Any]:
        return {"status": "committed", "rev": self.rev}

    def turn(self, sent: Any) -> dict[str, Any]:
        """Turn to the page a command names; gives the patch for everybody."""
        before = self.rev
        self.rev, self.page = before + 1, sent["command"]["page"]
        patch = {"turn": self.rev, "presented": {"page": self.page}}
        return {"from": before, "to": self.rev, "patch": patch}


class Frames:
    """The same as texts, for peers without a library for Socket.IO."""

    def __init__(self) -> None:
        self._showing = Showing()

    def heard(self, text: str) -> tuple[list[str], str]:
        """What to send back for this text, and what to send to everybody (or nothing)."""
        if text.startswith("40"):
            return [CONNECTED], ""
        if not text.startswith("42"):
            return [], ""
        bracket = text.index("[")
        ack = f"43{text[2:bracket]}"
        event, body = msgspec.json.decode(text[bracket:])
        showing = self._showing
        if event == "join":
            back = [_event("view", showing.view()), _event("beacon", showing.beacon())]
            return [*back, ack + _json([showing.answer()])], ""
        everybody = _event("patch", showing.turn(body))
        return [ack + _json([showing.answer()])], everybody


def _event(name: str, body: dict[str, Any]) -> str:
    return "42" + _json([name, body])


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
