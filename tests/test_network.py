"""The addresses of this machine and the ports a server listens on."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from meeting import network


def test_there_is_always_an_address_and_none_twice() -> None:
    found = network.addresses()
    assert len(found) == len(set(found)) > 0
    assert all(not IPv4Address(ip).is_link_local for ip in found)
    assert "127.0.0.1" not in found or found == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("port", "url"), [(80, "http://192.168.1.105"), (8080, "http://192.168.1.105:8080")]
)
def test_port_80_is_not_written(port: int, url: str) -> None:
    assert network.url_of("192.168.1.105", port) == url


def test_a_port_that_is_taken_is_named() -> None:
    with network.listen("127.0.0.1", 0) as listener:
        taken = listener.getsockname()[1]
        with pytest.raises(network.NoPort) as refused:
            network.listen("127.0.0.1", taken)
    assert (refused.value.port, refused.value.denied) == (taken, False)


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (["a", "b"], ["a", "b"]),
        (["b", "a"], ["a", "b"]),
        (["c", "b"], ["c", "b"]),
        (["b"], ["b"]),
        ([], ["a", "b"]),
    ],
)
def test_an_address_is_shown_for_as_long_as_the_machine_has_it(
    found: list[str], shown: list[str]
) -> None:
    assert network.shown(["a", "b"], found) == shown
