"""A page read once: the steps of drawing it, and whether any of them has a colour.

A grey page is drawn in grey: a third of the pixels' bytes, and nothing to look for in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pymupdf
from PIL import Image
from pymupdf import mupdf as c_level

mupdf: Any = pymupdf
low: Any = c_level
"""What MuPDF has and PyMuPDF does not show."""

TOLERANCE: Final = 0.02
"""Colours of the page's own steps this close to grey are grey, as MuPDF advises."""
GREY: Final = 0
"""What its test says of a page that has no colour for certain. 1: its pictures may have some."""


HALVINGS_MOST: Final = 6
"""MuPDF unpacks no picture smaller than halved so many times."""


class Placed:
    """A picture on a page.

    Args:
        image: as MuPDF has it.
        place: from its unit square to the page, in points.
    """

    def __init__(self, image: Any, place: Any) -> None:
        self.width, self.height = int(image.w()), int(image.h())
        self.unpacked_bytes = (self.width * image.n() * image.bpc() + 7) // 8 * self.height
        self._image = image
        self._place = place

    def halvings(self, matrix: Any) -> int:
        """How many times MuPDF halves it when the page is drawn by this matrix."""
        drawn = self._drawn(matrix)
        across, down = (drawn.a**2 + drawn.b**2) ** 0.5, (drawn.c**2 + drawn.d**2) ** 0.5
        for number in range(HALVINGS_MOST):
            half = self.width >> number + 1, self.height >> number + 1
            if half[0] < int(across) + 2 or half[1] < int(down) + 2:
                return number
        return HALVINGS_MOST

    def unpack(self, matrix: Any) -> None:
        """For being drawn so; MuPDF keeps what comes out, if it has room."""
        drawn = self._drawn(matrix)  # held until MuPDF has read it
        image, within = self._image.m_internal, drawn.internal()
        unpacked, _, _ = low.ll_fz_get_pixmap_from_image(image, None, within)
        low.ll_fz_drop_pixmap(unpacked)

    def _drawn(self, matrix: Any) -> Any:
        return low.fz_concat(self._place, low.FzMatrix(*matrix))


class Sheet:
    """Drawn at any size, whole or in pieces, as it stands in the file.

    Args:
        page: of PyMuPDF. Its comments and form fields are drawn too.
    """

    def __init__(self, page: Any) -> None:
        self.rect = page.rect
        self._listed = page.get_displaylist()
        self.grey = _coloured(self._listed) == GREY

    def get_pixmap(self, matrix: Any, clip: Any = None) -> Any:
        """Its pixels; `picture_of` makes a picture of them."""
        space = mupdf.csGRAY if self.grey else mupdf.csRGB
        return self._listed.get_pixmap(matrix=matrix, colorspace=space, alpha=False, clip=clip)

    def pictures(self) -> Iterator[Placed]:
        """Those on it, and their masks."""
        read = self._listed.get_textpage(mupdf.TEXT_PRESERVE_IMAGES)
        for block in read:
            if block.m_internal.type == low.FZ_STEXT_BLOCK_IMAGE:
                image, place = block.i_image(), block.i_transform()
                yield Placed(image, place)
                if image.m_internal.mask is not None:
                    yield Placed(image.mask(), place)


def picture_of(drawn: Any) -> Image.Image:
    """A copy of the pixels as a picture of mode L or RGB."""
    mode = "L" if drawn.n == 1 else "RGB"
    return Image.frombytes(mode, (drawn.width, drawn.height), drawn.samples_mv)


def _coloured(listed: Any) -> int:
    """0: no colour. 1: pictures or shadings that may have some. 2: some; then the test stops."""
    found = low.ll_fz_new_test_device_outparams()  # MuPDF writes into it while the steps go by
    made = low.ll_fz_new_test_device_outparams_fn(TOLERANCE, 0, None, found)
    device = low.FzDevice(made)
    everywhere = low.FzRect(low.FzRect.Fixed_INFINITE)
    try:
        low.fz_run_display_list(listed.this, device, low.FzMatrix(), everywhere, low.FzCookie())
        low.fz_close_device(device)
    except MemoryError:
        raise
    except Exception:
        return max(1, int(found.is_color))
    return int(found.is_color)
