"""The child that makes personal copies: a page's image in, the same with somebody's name in it out.

Speaks as worker.py does. Asked: {"job": "font"} with the typeface's file as `body_bytes` raw bytes;
{"job": "base", "place": n} with an image, kept at that place instead of what was there; {"job":
"copy", "place": n, "lines": […]}. The images come from another child, so they are no more to be
trusted than a PDF.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO, Final

from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from meeting.sandbox.confine import held_bytes, hold_memory, limit, shut
from meeting.sandbox.marking import Base, Stamps

READERS: Final = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
"""Imported before the door is shut; Pillow finds them when it needs them."""
REQUEST_BYTES: Final = 65_536
BODY_BYTES: Final = 64_000_000

Answer = tuple[dict[str, Any], bytes]


class Marker:
    """The pages it holds, by place, and the typeface."""

    def __init__(self, max_pixels: int) -> None:
        self._stamps = Stamps(b"")
        self._max_pixels = max_pixels
        self._bases: dict[int, Base] = {}

    def answer(self, request: dict[str, Any], body: bytes) -> Answer:
        if request["job"] == "font":
            self._stamps = Stamps(body)
            return {}, b""
        place = int(request["place"])
        if request["job"] == "base":
            self._bases.pop(place, None)
            self._bases[place] = Base(body, self._max_pixels)
            return {}, b""
        base = self._bases[place]
        stamp = self._stamps.stamp(tuple(map(str, request["lines"])), base.plain.size)
        media_type, copy = base.copy(stamp)
        return {"type": media_type}, copy


def serve(into: BinaryIO, out: BinaryIO, marker: Marker) -> None:
    """Answer until the parent closes the pipe."""
    while len(head := into.read(4)) == 4:
        size = int.from_bytes(head, "big")
        if size > REQUEST_BYTES:
            return
        request = json.loads(into.read(size))
        length = int(request["body_bytes"])
        if not 0 <= length <= BODY_BYTES:
            return
        body = into.read(length)
        try:
            header, made = marker.answer(request, body)
        except MemoryError:
            return  # the parent starts a fresh one
        except Exception:
            header, made = {"code": "page_failed"}, b""
        header |= {"body_bytes": len(made), "held_bytes": held_bytes()}
        raw = json.dumps(header).encode()
        out.write(len(raw).to_bytes(4, "big") + raw)
        out.write(made)
        out.flush()


def main() -> None:
    settings = json.loads(sys.argv[1])
    limit(memory_bytes=settings["memory_bytes"], cpu_seconds=settings["cpu_seconds"])
    hold_memory()
    Image.init()
    shut()
    serve(sys.stdin.buffer, sys.stdout.buffer, Marker(int(settings["max_pixels"])))
