"""An answer's head leaves with what follows it, whatever that is."""

from __future__ import annotations

import asyncio

import pytest

from meeting.joined import Joined


class Wire(asyncio.Transport):
    """Remembers each call to the system."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.calls: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.calls.append(bytes(data))

    def writelines(self, list_of_data: object) -> None:
        assert isinstance(list_of_data, tuple)
        self.calls.append(b"".join(list_of_data))

    def close(self) -> None:
        self.calls.append(b"[closed]")


HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize(
    ("written", "calls"),
    [
        ([HEAD, b"body"], [HEAD + b"body"]),
        ([HEAD, b""], [HEAD]),
        ([HEAD, b"one", b"two"], [HEAD + b"one", b"two"]),
        ([HEAD, HEAD], [HEAD + HEAD]),
        ([HEAD, b"body", HEAD, b""], [HEAD + b"body", HEAD]),
        ([b"HTTP/1.1 100 Continue\r\n\r\n"], [b"HTTP/1.1 100 Continue\r\n\r\n"]),
        ([b"HTTP/1.1 101 Switching\r\n\r\n"], [b"HTTP/1.1 101 Switching\r\n\r\n"]),
    ],
)
def test_a_head_waits_for_its_body_and_nothing_else_waits(
    written: list[bytes], calls: list[bytes]
) -> None:
    wire = Wire()
    joined = Joined(wire)
    for data in written:
        joined.write(data)
    assert wire.calls == calls


def test_a_head_without_a_body_leaves_before_the_end() -> None:
    wire = Wire()
    joined = Joined(wire)
    joined.write(HEAD)
    assert (wire.calls, joined.get_extra_info("peername")) == ([], ("127.0.0.1", 1))
    joined.close()
    assert wire.calls == [HEAD, b"[closed]"]
