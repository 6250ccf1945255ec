"""Where one WebSocket frame ends and the next begins (RFC 6455, 5.2). Contents are left alone."""

from __future__ import annotations

from typing import Final

TEXT: Final = 0x81
"""The first byte of a whole text message in one frame: these may be dropped or said twice."""


def take(buffer: bytearray) -> bytes | None:
    """Cut the first whole frame off the buffer, or None while it is not complete."""
    if len(buffer) < 2:
        return None
    length, head = buffer[1] & 0x7F, 2
    if length == 126:
        head = 4
    elif length == 127:
        head = 10
    if len(buffer) < head:
        return None
    if head > 2:
        length = int.from_bytes(buffer[2:head], "big")
    whole = head + (4 if buffer[1] & 0x80 else 0) + length
    if len(buffer) < whole:
        return None
    frame = bytes(buffer[:whole])
    del buffer[:whole]
    return frame


def is_event(frame: bytes) -> bool:
    """Whether a server's (unmasked) frame carries a Socket.IO event: no heartbeat, no answer."""
    start = {126: 4, 127: 10}.get(frame[1], 2)
    return frame[start : start + 2] == b"42"
