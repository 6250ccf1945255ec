"""A bound on the head of a request, which httptools itself does not set."""

from __future__ import annotations

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_MOST_BYTES: Final = 64 * 1024


class BoundedHeads(HttpToolsProtocol):
    """uvicorn's protocol; a connection whose request line and headers grow larger is closed."""

    head_bytes: int | None = 0
    """Bytes of the head that is being read, or None between its end and the next request."""

    def data_received(self, data: bytes) -> None:
        if self.head_bytes is not None:
            self.head_bytes += len(data)
            if self.head_bytes > HEAD_MOST_BYTES and len(data) < self.head_bytes:
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        self.head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.head_bytes = None
        super().on_headers_complete()
