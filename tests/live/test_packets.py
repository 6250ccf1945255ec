"""What is taken from a packet, and how little is built of what nobody asked for."""

from __future__ import annotations

from typing import Any

import pytest
from socketio.packet import CONNECT, DISCONNECT, EVENT

from meeting.packets import MALFORMED, Hello, TextPacket
from meeting.strangers import KNOWN_PACKETS


def read(text: Any) -> tuple[int, int | None, Any]:
    """The packet's type, number and data; the body of an event as its bytes."""
    packet = TextPacket(encoded_packet=text)
    assert (packet.namespace, packet.attachment_count) == (None, 0)
    data = packet.data
    if packet.packet_type == EVENT:
        data = [data[0], *map(bytes, data[1:])]
    return packet.packet_type, packet.id, data


def test_an_event_has_a_name_and_a_body_that_nobody_has_read_yet() -> None:
    assert read('2["join",{}]') == (EVENT, None, ["join", b"{}"])
    assert read('20["join"]') == (EVENT, 0, ["join", b"null"])
    assert read('217["command",[[1, {"a":2}]]]') == (EVENT, 17, ["command", b'[[1, {"a":2}]]'])


def test_a_device_says_hello_and_goodbye() -> None:
    assert read('0{"seat":"an","protocol":1}') == (CONNECT, None, Hello("an"))
    assert read("1") == (DISCONNECT, None, None)
    for nonsense in ("0", "0{}", '0{"seat":7}', "0" + "[" * 30_000):
        assert read(nonsense) == (CONNECT, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2",
        "2[]",
        '2{"a":1}',
        "2[1]",
        '2["join",{}',
        '2["join",{},{}]',
        '2["join",' + "[" * 30_000 + "]" * 30_000 + "]",
        '2/elsewhere,1["join",{}]',
        "2" + "9" * 300 + '["join",{}]',
        '2²["join",{}]',
        "31[]",
        "4",
        '51-["join",{"_placeholder":true,"num":0}]',
        b'2["join",{}]',
        {"a": 1},
    ],
    ids=lambda text: str(text)[:24],
)
def test_everything_else_is_an_event_that_nobody_handles(text: Any) -> None:
    assert read(text) == (EVENT, None, [MALFORMED])


def test_what_is_no_message_is_short_or_left_out() -> None:
    known = ['42["join",{}]', "40", "3", "2probe", "5", "1"]
    others = ["", "4", "4[1]", '4{"a":1}', "0{}", "6", "5[1,2]", "3" + "a" * 20, "x", "²"]
    assert [text for text in known + others if KNOWN_PACKETS.match(text)] == known
