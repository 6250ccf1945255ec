"""python-socketio as it comes, under uvicorn: one room, one emit for each page turn.

python -m tests.bench.peers.stock PORT
"""

from __future__ import annotations

import sys
from typing import Any

import socketio
import uvicorn

from tests.bench.peers.words import Showing


def app() -> Any:
    server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"])
    showing = Showing()

    async def join(sid: str, _: Any) -> dict[str, Any]:
        await server.enter_room(sid, "room")
        await server.emit("view", showing.view(), to=sid)
        await server.emit("beacon", showing.beacon(), to=sid)
        return showing.answer()

    async def command(_: str, sent: Any) -> dict[str, Any]:
        await server.emit("patch", showing.turn(sent), room="room")
        return showing.answer()

    server.on("join", join)
    server.on("command", command)
    return socketio.ASGIApp(server)


class Saying(uvicorn.Server):
    """uvicorn, saying when it listens."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        sys.stdout.write("ready\n")
        sys.stdout.flush()


def main() -> None:
    config = uvicorn.Config(
        app(),
        port=int(sys.argv[1]),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_level="warning",
    )
    Saying(config).run()


if __name__ == "__main__":
    main()
