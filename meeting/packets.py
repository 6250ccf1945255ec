"""Socket.IO packets as our devices send them: text only, an event with its name first.

What is malformed becomes an event nobody handles, so that no packet of a stranger's can raise
inside the library; binary attachments and namespaces, which we never use, are malformed. An
event's body stays as it came until somebody knows of what type it has to be: whoever sends arrays
without end has none of them built.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct
from socketio.packet import CONNECT, DISCONNECT, EVENT, Packet

MALFORMED: Final = "malformed"
"""The name of the event that stands for what could not be read."""

_HEAD: Final = re.compile(r"([0-9])([0-9]{0,18})(?![0-9])")
"""A packet's type and the number under which it is to be acknowledged."""


class Hello(Struct, frozen=True):
    """What a device says of itself when it connects, as far as we want to know it."""

    seat: str


class _Event(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    name: str
    body: Raw = Raw(b"null")


_hello: msgspec.json.Decoder[Hello] = msgspec.json.Decoder(Hello)
_event: msgspec.json.Decoder[_Event] = msgspec.json.Decoder(_Event)


def _said_hello(text: str) -> Hello | None:
    """None is refused in so many words."""
    try:
        return _hello.decode(text)
    except (ValueError, RecursionError):
        return None


class Json:
    """msgspec as python-socketio wants its JSON."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        try:
            return msgspec.json.decode(text)
        except RecursionError as error:
            # Both libraries expect a ValueError where text is no JSON, and nothing else.
            raise ValueError("nested too deeply") from error


class TextPacket(Packet):  # type: ignore[misc]
    """A packet that never fails to decode and never carries binary data.

    `data` is a `Hello` or None where a device connects, the name and the undecoded body of an
    event.
    """

    uses_binary_events = False
    packet_type: int
    namespace: str | None
    id: int | None
    data: Any

    def __init__(self, *given: Any, encoded_packet: str | None = None, **named: Any) -> None:
        super().__init__(*given, encoded_packet=encoded_packet, **named)
        if encoded_packet is not None and not encoded_packet:  # which is not even decoded
            self._become(EVENT, [MALFORMED])

    def decode(self, encoded_packet: str) -> int:
        try:
            self._read(encoded_packet)
        except (ValueError, TypeError, RecursionError):
            self._become(EVENT, [MALFORMED])
        return 0

    def _read(self, text: str) -> None:
        head = _HEAD.match(text)
        if head is None:
            raise ValueError("no packet")
        kind, number, rest = int(head[1]), head[2], text[head.end() :]
        if kind == EVENT:
            event = _event.decode(rest)
            self._become(EVENT, [event.name, event.body], int(number) if number else None)
        elif kind == CONNECT:
            self._become(CONNECT, _said_hello(rest))
        elif kind == DISCONNECT:
            self._become(DISCONNECT, None)
        else:
            raise ValueError("no packet of ours")

    def _become(self, kind: int, data: Any, number: int | None = None) -> None:
        self.packet_type, self.namespace, self.id, self.data = kind, None, number, data
