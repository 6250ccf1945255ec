"""What an untrusted document may cost; each is a setting (`[pages]` in settings.toml)."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

MEGABYTE: Final = 1_000_000

Many = Annotated[int, Meta(gt=0)]
Megabytes = Annotated[int, Meta(ge=MEGABYTE)]
Seconds = Annotated[float, Meta(gt=0)]


class PagesLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Of a file: bytes and pages. Of a page image: pixels, beyond which it is made smaller. Of a
    worker process: bytes of memory and seconds of processor time, beyond which it ends;
    `recycle_bytes`, with which after an answer it is replaced, as it is after so many jobs. Seconds
    to open a file, to draw a page, to read one (`text_seconds`), to make a file of an office
    program a PDF (`convert_seconds`); for `failure_seconds` a failed page is not tried again. What
    has taken `yield_seconds` is put off while somebody waits for something else. `convert_…` and
    `picture_…` are of the processes that make files of office programs, and pictures, a PDF.
    """

    max_file_bytes: Many = 50 * MEGABYTE
    max_pages: Many = 500
    max_pixels: Annotated[int, Meta(ge=100_000)] = 5_000_000
    memory_bytes: Megabytes = 2_000 * MEGABYTE
    recycle_bytes: Megabytes = 600 * MEGABYTE
    cpu_seconds_per_worker: Many = 300
    open_seconds: Seconds = 10.0
    page_seconds: Seconds = 20.0
    text_seconds: Seconds = 5.0
    yield_seconds: Seconds = 1.0
    jobs_per_worker: Many = 200
    failure_seconds: Seconds = 60.0
    convert_seconds: Seconds = 120.0
    convert_memory_bytes: Megabytes = 4_000 * MEGABYTE
    convert_cpu_seconds: Many = 240
    convert_output_bytes: Megabytes = 500 * MEGABYTE
    picture_pixels: Many = 120_000_000
    picture_seconds: Seconds = 120.0
    picture_memory_bytes: Megabytes = 2_500 * MEGABYTE
    picture_cpu_seconds: Many = 240
    picture_output_bytes: Megabytes = 200 * MEGABYTE

    def named(self, code: str) -> dict[str, int]:
        """The limit a file ran into, as its refusal names it: megabytes, pages or seconds."""
        most = {
            "file_too_large": self.max_file_bytes // MEGABYTE,
            "file_too_many_pages": self.max_pages,
            "file_too_slow": round(self.open_seconds),
            "file_too_heavy": self.memory_bytes // MEGABYTE,
        }
        return {"most": most[code]} if code in most else {}
