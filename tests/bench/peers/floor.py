"""The floor: a frame made once and given to each socket in a loop, in one thread, nothing else.

What takes longer than this is a server's own; what this takes is the machine's and the load's.

python -m tests.bench.peers.floor PORT
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tests.bench.peers.words import OPENED, Frames


class Floor:
    def __init__(self, port: int) -> None:
        self._frames = Frames()
        self._selector = selectors.DefaultSelector()
        self._protocols: dict[socket.socket, ServerProtocol] = {}
        self._listener = socket.create_server(("127.0.0.1", port), backlog=1024)

    def run(self) -> None:
        self._selector.register(self._listener, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    self._let_in()
                else:
                    with contextlib.suppress(OSError):
                        self._read(key.fileobj)  # type: ignore[arg-type]  # all are sockets

    def _let_in(self) -> None:
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._protocols[connection] = ServerProtocol()
        self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, connection: socket.socket) -> None:
        protocol = self._protocols[connection]
        data = connection.recv(65_536)
        if not data:
            self._selector.unregister(connection)
            del self._protocols[connection]
            connection.close()
            return
        protocol.receive_data(data)
        for event in protocol.events_received():
            if isinstance(event, Request):
                protocol.send_response(protocol.accept(event))
                protocol.send_text(OPENED.encode())
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._heard(connection, protocol, bytes(event.data).decode())
        for out in protocol.data_to_send():
            if out:
                connection.send(out)

    def _heard(self, connection: socket.socket, protocol: ServerProtocol, text: str) -> None:
        back, everywhere = self._frames.heard(text)
        if everywhere:
            frame = Frame(Opcode.TEXT, everywhere.encode()).serialize(mask=False)
            for one in self._protocols:
                one.send(frame)
        for one_text in back:
            protocol.send_text(one_text.encode())


def main() -> None:
    floor = Floor(int(sys.argv[1]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        floor.run()


if __name__ == "__main__":
    main()
