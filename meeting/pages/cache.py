"""Finished images: the newest in memory, all on disk, named by the SHA-256 of their document.

Also the originals. Blocking functions of `Folder` are called in threads. No PDF is opened here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from meeting.pages.arriving import Copy
from meeting.pages.jobs import Work

EXTENSIONS: Final = {"image/png": "png", "image/jpeg": "jpg"}
ENDS: Final = {"png": b"IEND\xaeB`\x82", "jpg": b"\xff\xd9"}
"""How a whole file ends; a file cut short by a power failure does not."""
CHUNK_BYTES: Final = 1 << 20
PARTIAL: Final = ".partial"
ORIGINAL: Final = ".pdf"


MARGINS: Final = "margins"
WHOLE: Final = "."
"""How a whole line of that file ends; one cut short by a power failure does not."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in thousandths of a page as it stands; all 0 where it is empty."""


@dataclass(frozen=True, slots=True)
class Image:
    """A finished page image and its media type, ready to be sent."""

    body: bytes
    media_type: str
    box: Box | None = field(default=None, compare=False)
    """Where there is anything on the page; only known when it was just drawn, as a thumbnail."""
    plan: bool = field(default=False, compare=False)
    """Whether the page is a large sheet that lies; known as the box is."""


class Memory:
    """Images used last, up to a total of bytes."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._images: OrderedDict[Work, Image] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._images)

    def get(self, work: Work) -> Image | None:
        image = self._images.get(work)
        if image is not None:
            self._images.move_to_end(work)
        return image

    def put(self, work: Work, image: Image) -> None:
        """Keep it, dropping those unused longest; one larger than all room is not kept."""
        if len(image.body) > self._limit_bytes:
            return
        before = self._images.pop(work, None)
        self.bytes += len(image.body) - (len(before.body) if before else 0)
        self._images[work] = image
        while self.bytes > self._limit_bytes:
            _, dropped = self._images.popitem(last=False)
            self.bytes -= len(dropped.body)

    def drop(self, sha256: str) -> None:
        """Forget every image of this document."""
        for work in [work for work in self._images if work.sha256 == sha256]:
            self.bytes -= len(self._images.pop(work).body)


class TooLarge(Exception):
    """A file has more bytes than allowed."""


class Folder:
    """`originals/<sha>.pdf` and `pages/<sha[:2]>/<sha>/<page>-<width>.<ext>` below one folder;
    of a page that is turned, `<page>-<width>-<turn>.<ext>`. Beside them `margins`: a line for each
    thumbnail, with its page, its turn and the four numbers of its `Box`.
    """

    def __init__(self, folder: Path) -> None:
        self.originals = folder / "originals"
        self._pages = folder / "pages"

    def start(self) -> None:
        """Make the folders and remove what an interrupted run left half written."""
        for folder in (self.originals, self._pages):
            folder.mkdir(parents=True, exist_ok=True)
            for partial in folder.glob(f"*{PARTIAL}"):
                partial.unlink(missing_ok=True)

    def original(self, sha256: str) -> Path:
        """Where the PDF lies that was taken in with this content. Opened in sandboxes only."""
        return self.originals / f"{sha256}{ORIGINAL}"

    def copy_in(self, path: Path, max_bytes: int) -> Copy:
        """A durable private copy of the file; the caller owns it.

        Raises TooLarge before or while copying, OSError when it cannot be read or written.
        """
        if path.stat().st_size > max_bytes:
            raise TooLarge
        digest = hashlib.sha256()
        size = 0
        number, name = tempfile.mkstemp(suffix=PARTIAL, dir=self.originals)
        try:
            with os.fdopen(number, "wb") as copy, path.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    size += len(chunk)
                    if size > max_bytes:
                        raise TooLarge
                    digest.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Copy(Path(name), digest.hexdigest(), size, synced=True)

    def admit(self, copy: Path, sha256: str) -> None:
        """The copy becomes the original, for good even if the power fails now. One that is there
        already counts as sent now.
        """
        if self.original(sha256).exists():
            os.utime(self.original(sha256))
            return
        os.replace(copy, self.original(sha256))  # noqa: PTH105 - the atomic one on every system
        if os.name == "posix":
            number = os.open(self.originals, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)

    def sent_before(self, time: float) -> set[str]:
        """The contents whose files were last sent before this time, in seconds since 1970."""
        found: set[str] = set()
        for file in self.originals.glob(f"*{ORIGINAL}"):
            with contextlib.suppress(FileNotFoundError):
                if file.stat().st_mtime < time:
                    found.add(file.stem)
        return found

    def read(self, work: Work) -> Image | None:
        """The finished image; None when there is none, or only a part of one."""
        for media_type, extension in EXTENSIONS.items():
            try:
                body = self._file(work, extension).read_bytes()
            except OSError:
                continue
            if body.endswith(ENDS[extension]):
                return Image(body, media_type)
        return None

    def write(self, work: Work, image: Image) -> None:
        """Replace atomically. Not synced: a lost image is drawn again."""
        file = self._file(work, EXTENSIONS[image.media_type])
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(PARTIAL)
        partial.write_bytes(image.body)
        os.replace(partial, file)  # noqa: PTH105 - the atomic one on every system
        if image.box is not None:
            numbers = (work.page, work.turn, *image.box)
            with (file.parent / MARGINS).open("a", encoding="ascii") as margins:
                margins.write(" ".join(map(str, numbers)) + f"{WHOLE}\n")

    def margins(self, sha256: str) -> dict[tuple[int, int], Box]:
        """Where there is anything on the pages of a document, by page and turn."""
        found: dict[tuple[int, int], Box] = {}
        with contextlib.suppress(OSError):
            said = (self._document(sha256) / MARGINS).read_text("ascii", "replace")
            for line in said.splitlines():
                numbers = line.removesuffix(WHOLE).split()
                known = len(numbers) == 6 and all(number.isdecimal() for number in numbers)
                if line.endswith(WHOLE) and known:
                    page, turn, left, top, right, bottom = map(int, numbers)
                    found[page, turn] = left, top, right, bottom
        return found

    def finished(self, sha256: str) -> set[Work]:
        """Images of a document that are there, by name; their bytes are not looked at."""
        found: set[Work] = set()
        for file in self._document(sha256).glob("*-*.*"):
            numbers = file.stem.split("-")
            named = len(numbers) in (2, 3) and all(number.isdecimal() for number in numbers)
            if named and file.suffix != PARTIAL:
                found.add(Work(sha256, *map(int, numbers)))
        return found

    def erase(self, sha256: str) -> None:
        """Remove the original and every image of it; nothing where they are not there."""
        self.original(sha256).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self._document(sha256))

    def _document(self, sha256: str) -> Path:
        return self._pages / sha256[:2] / sha256

    def _file(self, work: Work, extension: str) -> Path:
        turn = f"-{work.turn}" if work.turn else ""
        return self._document(work.sha256) / f"{work.page}-{work.width}{turn}.{extension}"
