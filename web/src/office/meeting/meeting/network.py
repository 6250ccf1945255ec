"""The addresses under which other machines on the network find this one.

Nothing is sent: the likely address is the one the system would use towards the outside.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import Final

import ifaddr

PORTS: Final = (80, 8080)
"""Tried in this order where no port is asked for: people type digits and dots only."""

LOOPBACK: Final = "127.0.0.1"

_OUTSIDE: Final = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737), to ask the system for its default way out."""

_VIRTUAL: Final = ("docker", "br-", "veth", "virbr", "vmnet", "vbox", "utun", "tailscale", "wg")


class NoPort(Exception):
    """No port to listen on: `port` is the one asked for, or 0 if all usual ones are taken."""

    def __init__(self, port: int, *, denied: bool) -> None:
        super().__init__(port)
        self.port = port
        self.denied = denied


def addresses() -> list[str]:
    """This machine's IPv4 addresses, the likely one first; 127.0.0.1 if there is no other."""
    likely = _towards_outside()
    found: list[tuple[bool, bool, str]] = []
    for adapter in ifaddr.get_adapters():
        virtual = str(adapter.nice_name).lower().startswith(_VIRTUAL)
        for ip in adapter.ips:
            if not isinstance(ip.ip, str):
                continue
            address = IPv4Address(ip.ip)
            if not address.is_loopback and not address.is_link_local:
                found.append((ip.ip != likely, virtual, ip.ip))
    ordered = [ip for _, _, ip in sorted(found)]
    return list(dict.fromkeys(ordered)) or [LOOPBACK]


def _towards_outside() -> str:
    """The address of the default route, by a UDP socket that sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_OUTSIDE)
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def url_of(address: str, port: int) -> str:
    """The address people open; port 80 is not written."""
    return f"http://{address}" if port == 80 else f"http://{address}:{port}"


def shown(now: Sequence[str], found: Sequence[str]) -> list[str]:
    """The addresses to show, the one for everybody first: the same for as long as this machine
    has it, as cards carry it. Without any network, what stood there.

    Args:
        now: what is shown, `found`: what the machine has, both the most important first.
    """
    if not found:
        return list(now)
    first = now[0] if now[0] in found else found[0]
    return [first, *(address for address in found if address != first)]


def listen(host: str, port: int | None) -> socket.socket:
    """A socket that listens on `host`, at `port` or the first usual port that is free.

    Raises:
        NoPort: the port is taken or not allowed to us.
    """
    wanted: Sequence[int] = PORTS if port is None else (port,)
    denied = False
    for candidate in wanted:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(2048)
        except OSError as error:
            listener.close()
            denied = denied or error.errno == errno.EACCES
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                continue
            raise
        listener.setblocking(False)
        return listener
    raise NoPort(port or 0, denied=denied)
