"""The head of an answer leaves together with what follows it: one call to the system, one packet.

Measured for a page image: uvicorn's two writes cost a fifth of the whole answer.
"""

from __future__ import annotations

from asyncio import Transport
from typing import Any, Final

HEAD: Final = b"HTTP/1.1 "
INTERIM: Final = b"1"
"""How the status of an answer begins that another one follows, as 100 Continue."""


class Joined:
    """The transport of one connection, for uvicorn to write its answers to.

    A head is held until its body comes: uvicorn writes one for every answer, even an empty one.
    """

    __slots__ = ("_head", "bare")

    def __init__(self, bare: Transport) -> None:
        self.bare = bare
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        head = self._head
        if head is not None:
            self._head = None
            self.bare.writelines((head, data))
        elif data.startswith(HEAD) and not data.startswith(INTERIM, len(HEAD)):
            self._head = data
        else:
            self.bare.write(data)

    def close(self) -> None:
        if self._head is not None:
            self.bare.write(self._head)
            self._head = None
        self.bare.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bare, name)
