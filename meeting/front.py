"""What every request meets first: how large its body may be, and which part answers it, by its
path; and uvicorn as we want it.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Final, cast

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meeting.heads import BEGUN_MOST, BoundedHeads, BoundedPieces
from meeting.live import MESSAGE_MOST_BYTES
from meeting.rounds import Rounds
from meeting.routes.office import files, machine, uploads
from meeting.routes.pages import PREFIX
from meeting.routes.replies import refuse, reply

GRACEFUL_SECONDS: Final = 5

LARGER: Final = {
    files.CHECK: files.CHECK_MOST_BYTES,
    machine.IMPORT: machine.CARRIED_MOST_BYTES,
}
"""Bytes of the bodies that may be larger than other messages, by the path of the request."""


def by_path(*, images: ASGIApp, rest: ASGIApp, large: Callable[[Scope], bool]) -> ASGIApp:
    """`large`: whether a request may send a whole file; its size is judged where it is taken in."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await rest(scope, receive, send)
            return
        begun = False

        async def sends(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await request(scope, receive, sends)
        except asyncio.CancelledError:
            # The server stops, and has waited for this as long as it does.
            if not begun:
                await refuse("server_busy")(scope, receive, send)

    async def request(scope: Scope, receive: Receive, send: Send) -> None:
        small = _small(scope)
        if not small and not large(scope):
            await reply({"code": "malformed", "data": {}}, 413)(scope, receive, send)
        elif scope["path"].startswith(PREFIX):
            await images(scope, receive, send)
        elif small:
            await rest(scope, receive, send)
        else:
            await rest(scope, receive, uploads.cutting_off(scope, send))

    return app


def _small(scope: Scope) -> bool:
    """Whether a request's body is announced and no larger than any of ours. Who sends a whole file
    is found out before it is read.
    """
    if scope["method"] in ("GET", "HEAD", "DELETE"):  # no body of theirs is ever read
        return True
    length = dict(scope["headers"]).get(b"content-length", b"")
    most = LARGER.get(scope["path"], MESSAGE_MOST_BYTES)
    return length.isdigit() and len(length) < 11 and int(length) <= most


def uvicorn_config(app: ASGIApp) -> uvicorn.Config:
    """How we want uvicorn: no second ping, no compression per message, small messages."""
    http = functools.partial(BoundedHeads, Rounds(BEGUN_MOST))
    config = uvicorn.Config(
        app,
        http=cast(type[asyncio.Protocol], http),
        ws=BoundedPieces,
        ws_max_size=MESSAGE_MOST_BYTES,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # who asks is who is connected, whatever a header says
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    if config.ws_per_message_deflate or config.ws_ping_interval is not None:
        raise RuntimeError("uvicorn does not take our socket settings")
    return config
