"""Socket.IO packets as our devices send them: text only, an event with its name first.

What is malformed becomes an event nobody handles, so that no packet of a stranger's can raise
inside the library; binary attachments, which we never use, are not waited for.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from socketio.packet import CONNECT, DISCONNECT, EVENT, Packet

MALFORMED: Final = "malformed"
"""The name of the event that stands for what could not be read."""


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
    """A packet that never fails to decode and never carries binary data."""

    uses_binary_events = False
    packet_type: int
    namespace: str | None
    id: int | None
    data: Any

    def __init__(self, *given: Any, encoded_packet: str | None = None, **named: Any) -> None:
        super().__init__(*given, encoded_packet=encoded_packet, **named)
        if encoded_packet is not None and not encoded_packet:  # which is not even decoded
            self._become_malformed()

    def decode(self, encoded_packet: str) -> int:
        try:
            attachments = super().decode(encoded_packet)
        except (ValueError, TypeError, IndexError, RecursionError):
            self._become_malformed()
            return 0
        named = isinstance(self.data, list) and self.data and isinstance(self.data[0], str)
        known = self.packet_type in (CONNECT, DISCONNECT) or (self.packet_type == EVENT and named)
        if attachments or not known:
            self._become_malformed()
        return 0

    def _become_malformed(self) -> None:
        self.packet_type, self.namespace, self.id, self.data = EVENT, "/", None, [MALFORMED]
