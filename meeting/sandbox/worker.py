"""The child that answers the pool (pool.py) for one PDF: opens it, tells of it, draws its pages.

Speaks over stdin and stdout: a message is a 4-byte big-endian length, that many bytes of JSON, then
`body_bytes` raw bytes. Asked: {"job": "open"}, "text" of the first pages, "read" with "page": from
1, "render" with "page", "width": pixels, "turn": quarters clockwise, and for one piece of a page so
wide "left", "top", "side": pixels; "closer", as "render", before such pieces. Refused: {"code": …}.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from meeting.sandbox.confine import answers_only, held_bytes, hold_memory, limit, shut
from meeting.sandbox.paper import TOO_MUCH, Answer, Paper

REQUEST_BYTES: Final = 65_536


def answer(paper: Paper, request: dict[str, Any]) -> Answer:
    if request["job"] == "open":
        return paper.describe()
    if request["job"] == "text":
        return paper.text()
    if request["job"] == "read":
        return paper.read(int(request["page"]))
    page, width, turn = int(request["page"]), int(request["width"]), int(request["turn"])
    if request["job"] == "closer":
        return paper.come_closer(page, width, turn)
    if "side" in request:
        where = int(request["left"]), int(request["top"]), int(request["side"])
        return paper.render_piece(page, width, turn, where)
    return paper.render(page, width, turn)


def serve(read: Callable[[int], bytes], out: BinaryIO, paper: Paper, confined: list[str]) -> None:
    """Answer until the parent closes the pipe; with each answer, what the child has given up."""
    while len(head := read(4)) == 4:
        size = int.from_bytes(head, "big")
        if size > REQUEST_BYTES:
            return
        request = json.loads(read(size))
        try:
            header, body = answer(paper, request)
            last = False
        except TOO_MUCH:
            # Nothing can be relied on any more: answer, then leave the place to a fresh process.
            opening = request["job"] == "open"
            header, body = {"code": "file_too_heavy" if opening else "page_too_heavy"}, b""
            last = True
        header |= {"body_bytes": len(body), "held_bytes": held_bytes(), "confined": confined}
        raw = json.dumps(header).encode()
        out.write(len(raw).to_bytes(4, "big") + raw)
        out.write(body)
        out.flush()
        if last:
            return


def handed_in(door: int) -> dict[str, int]:
    """The document's descriptor, once it comes; nothing when the parent has gone."""
    with socket.socket(fileno=door) as waiting:
        _, descriptors, _, _ = socket.recv_fds(waiting, 1, 1)
    return {"source": descriptors[0]} if descriptors else {}


def main() -> None:
    settings = json.loads(sys.argv[1])
    confined = limit(memory_bytes=settings["memory_bytes"], cpu_seconds=settings["cpu_seconds"])
    out = answers_only()
    hold_memory()
    if "door" in settings:
        settings |= handed_in(settings["door"])
    if "source" in settings:
        serve(sys.stdin.buffer.read, out, Paper(settings), confined + shut())
