"""Large pictures of a page that is looked at closely, made quick to draw any part of.

A picture is stored packed, and is unpacked from its top whatever part of it is drawn. Measured on
an aerial picture of 86 megapixels: 0.6 to 1.3 s for each piece of its page, 0.03 s once it lies
there unpacked, which took one second. What is drawn much smaller than it is, MuPDF unpacks smaller
and keeps by itself, if it is asked for as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pymupdf
from pymupdf import mupdf as c_level

from meeting.sandbox.sheet import Sheet

mupdf: Any = pymupdf
low: Any = c_level
"""What MuPDF has and PyMuPDF does not show."""

LARGE_PIXELS: Final = 4_000_000
"""Smaller pictures are unpacked in no time."""
UNPACKED_BYTES: Final = 280_000_000
"""So much is unpacked at most: with it a process stays below `recycle_bytes` of the settings."""
KEPT_BYTES: Final = 190_000_000
"""So large a picture MuPDF keeps by itself, beside what else it keeps."""
KEPT_HALVINGS: Final = 1
"""What is drawn at half of its size or less is left to MuPDF."""
OWN_COLOURS: Final = "JPX"
"""A picture packed so says itself what its colours are: it cannot lie there unpacked."""

TOO_MUCH: Final = (MemoryError, low.FzErrorSystem)
"""What is raised when there is no more memory, by Python and by MuPDF."""


class Unpacked:
    """The large pictures of one page of a PDF.

    Args:
        memory_bytes: what the process may take in all.
    """

    def __init__(self, memory_bytes: int) -> None:
        self.page = 0
        """The page of which some are unpacked; 0 before there are any."""
        self.slow = False
        """Whether some of the page that was brought last are not at hand all the same."""
        self._left = min(UNPACKED_BYTES, memory_bytes // 6)
        self._kept_most = min(KEPT_BYTES, memory_bytes // 10)
        self._sizes: set[tuple[int, int]] = set()
        self._brought: tuple[int, Any] | None = None

    def bring(self, pdf: Any, page: int, sheet: Sheet, matrix: Any) -> bool:
        """Have the pictures of a page at hand that is drawn by this matrix from now on. Whether
        some were unpacked in the file: then the page has to be read anew.
        """
        if self._brought == (page, matrix):
            return False
        self._brought, self.slow = (page, matrix), False
        before = len(self._sizes)
        large = [one for one in sheet.pictures() if one.width * one.height >= LARGE_PIXELS]
        for picture in large:
            size = picture.width, picture.height
            if size in self._sizes:
                continue
            halvings = picture.halvings(matrix)
            # Which of those in the file it is nobody says: each may be the one of most colours.
            most_bytes = max(one.unpacked_bytes for one in large if (one.width, one.height) == size)
            if halvings < KEPT_HALVINGS and self._unpacked(pdf, page, size, most_bytes):
                self._sizes.add(size)
            elif picture.unpacked_bytes >> 2 * halvings <= self._kept_most:
                picture.unpack(matrix)
            else:
                self.slow = True
        return len(self._sizes) > before

    def _unpacked(self, pdf: Any, page: int, size: tuple[int, int], most_bytes: int) -> bool:
        """Whether the page's pictures of this size lie in the file unpacked now."""
        entries = list(_packed(pdf, page, *size))
        taken = len(entries) * most_bytes
        if not entries or taken > self._left:
            return False
        self.page = page  # even where some can be unpacked and others not
        try:
            for entry in entries:
                _unpack(pdf, entry, most_bytes)
        except TOO_MUCH:
            raise
        except Exception:
            return False
        self._left -= taken
        return True


def _packed(pdf: Any, page: int, width: int, height: int) -> Iterator[int]:
    """The numbers in the file of this page's pictures of such a size that can lie there unpacked,
    and do not.
    """
    listed = pdf[page - 1].get_images(full=True)
    for entry in {number for picture in listed for number in picture[:2] if number}:
        packing = pdf.xref_get_key(entry, "Filter")[1]
        size = pdf.xref_get_key(entry, "Width")[1], pdf.xref_get_key(entry, "Height")[1]
        if size == (str(width), str(height)) and packing != "null" and OWN_COLOURS not in packing:
            yield entry


def _unpack(pdf: Any, entry: int, most_bytes: int) -> None:
    """For good, in this process, so many bytes at most. Raises what MuPDF does."""
    document = mupdf._as_pdf_document(pdf)
    stream = low.pdf_new_indirect(document, entry, 0)
    packed = low.pdf_open_stream(stream)
    unpacked = low.FzBuffer(low.ll_fz_read_best(packed.m_internal, most_bytes, most_bytes)[0])
    if unpacked.fz_buffer_storage()[0] > most_bytes:
        unpacked.fz_resize_buffer(most_bytes)
    low.pdf_update_stream(document, stream, unpacked, 0)
    low.pdf_purge_object_from_store(document, entry)
