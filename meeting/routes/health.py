"""How the server is: `/healthz` for everybody, `/metrics` for whoever runs it. No names in either.

Figures are for the server machine itself, or for a program that holds the token in the data
folder; behind a proxy on the same machine, only for the latter.
"""

from __future__ import annotations

import hmac
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting import __version__
from meeting.metrics import MEETINGS_MOST, Metrics
from meeting.routes.here import from_here
from meeting.routes.replies import HEADERS, refuse, reply
from meeting.routes.shell import Shell

TOKEN_FILE: Final = "metrics.token"
TOKEN_BYTES: Final = 24


def routes(shell: Shell) -> list[Route]:
    async def healthz(_: Request) -> Response:
        """200 while what is asked is stored, else 503: cheap, and the same for everybody."""
        if shell.metrics.storing:
            return reply({"status": "ok", "ready": True, "version": __version__})
        failing = {"status": "failing", "ready": False, "version": __version__}
        return reply({**failing, "code": "not_stored"}, 503)

    async def metrics(request: Request) -> Response:
        if not (from_here(request) or _holds(request, shell.metrics_token)):
            return refuse("not_allowed")
        headers = {**HEADERS, "content-type": CONTENT_TYPE_PLAIN_0_0_4}
        return Response(shell.metrics.text(), headers=headers)

    return [Route("/healthz", healthz), Route("/metrics", metrics)]


def load_token(folder: Path) -> str:
    """What a program on another machine must show; made on first use, for the owner to read.

    Raises:
        OSError: the folder cannot be written.
    """
    path = folder / TOKEN_FILE
    try:
        if known := path.read_text("ascii").strip():
            return known
    except FileNotFoundError:
        pass
    token = secrets.token_urlsafe(TOKEN_BYTES)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{token}\n")
    return token


def watch(metrics: Metrics, shell: Shell, folder: Path) -> None:
    """Have the figures of this server read whenever somebody asks for them."""
    meetings, pages = shell.meetings, shell.pages

    def connected() -> Mapping[str, float]:
        return Counter(
            running.state.seats[seat].role
            for running in meetings.all()
            for seat in running.room.seats
            if seat in running.state.seats
        )

    def revs() -> Mapping[str, float]:
        return {running.id: running.state.rev for running in meetings.all()[-MEETINGS_MOST:]}

    metrics.watch("info", "This server.", lambda: {__version__: 1}, "version")
    metrics.watch("storing", "1 if the last transaction was stored.", lambda: metrics.storing)
    metrics.watch("devices_connected", "Open connections.", connected, "standing")
    metrics.watch("meetings", "Meetings in memory.", lambda: len(meetings.all()))
    metrics.watch("meeting_rev", "The newest revision of a meeting.", revs, "meeting")
    metrics.watch(
        "admissions_waiting",
        "Devices that wait for the desk.",
        lambda: sum(len(running.room.waiting) for running in meetings.all()),
    )
    metrics.watch(
        "commands_waiting",
        "Commands not decided yet.",
        lambda: sum(running.queued for running in meetings.all()),
    )
    metrics.watch("pages", "Page images by where they are.", pages.figures, "state")
    metrics.watch(
        "pages_confined", "What processes that open papers gave up.", lambda: pages.confined, "part"
    )
    metrics.watch("pages_memory_bytes", "Page images in memory.", lambda: pages.memory_bytes)
    metrics.watch(
        "disk_free_bytes", "Left where the data is.", lambda: shutil.disk_usage(folder).free
    )


def _holds(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and same
