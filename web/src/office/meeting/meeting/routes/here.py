"""Whether a request was made on the server machine itself, by whoever sits at it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

_PASSED_ON: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""A request with one of these came through a proxy: from whom, only the proxy knows."""


def from_here(request: Request) -> bool:
    """Whether it was asked on the server machine, by this machine's own name, through no proxy.

    Who is connected decides; a header can only take the right away. A page of a stranger's in a
    browser here could ask too, but by a name of its own.
    """
    if any(header in request.headers for header in _PASSED_ON):
        return False
    peer = request.client.host if request.client else ""
    try:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return _loopback(peer) and (host == "localhost" or _loopback(host))


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
