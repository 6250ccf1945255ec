"""An office that sends a large scan, as its page in the browser does."""

from __future__ import annotations

import io
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pymupdf
from PIL import Image, ImageChops

from tests.bench import packet

mupdf: Any = pymupdf

SCAN: Final = (1000, 1414)
"""A4 at 120 dots an inch."""
CHUNK_BYTES: Final = 256 * 1024
ASKING: Final = {"x-phien": "1"}


def large_scan(path: Path, pages: int, size: int) -> None:
    """A PDF of so many scanned pages and about so many bytes, no page like another."""
    dice = random.Random("large scan")
    clean = mupdf.open()
    packet.grey_text(clean, 0, dice)
    drawn = clean[0].get_pixmap(matrix=mupdf.Matrix(SCAN[0] / 595, SCAN[1] / 842), alpha=False)
    sheet = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)
    sheet = sheet.convert("L").resize(SCAN)
    noise = Image.frombytes("L", SCAN, dice.randbytes(SCAN[0] * SCAN[1]))
    grain = noise.point([126 + tone // 64 for tone in range(256)])
    pdf = mupdf.open()
    for number in range(pages):
        shifted = ImageChops.offset(grain, 17 * number, 5 * number)
        out = io.BytesIO()
        ImageChops.add(sheet, shifted, 1, -128).save(out, "JPEG", quality=50)
        body = out.getvalue()
        body += dice.randbytes(max(0, size // pages - len(body) - 700))  # after its end: unread
        page = pdf.new_page(width=595, height=842)
        page.insert_image(page.rect, stream=body)
    pdf.save(path)


@dataclass(slots=True)
class Sent:
    """Moments by the monotonic clock."""

    began: float = 0.0
    last_byte: float = 0.0
    answered: float = 0.0


class Office:
    """A secretary signed in at the server's office."""

    def __init__(self, http: httpx2.AsyncClient, url: str) -> None:
        self.http = http
        self.api = f"{url}/office/api"

    async def sign_in(self, login: str, password: str) -> None:
        await self._does("POST", "sign-in", json={"login": login, "password": password})

    async def meeting(self) -> str:
        """The newest one."""
        answer = await self.http.get(f"{self.api}/meetings")
        return str(answer.raise_for_status().json()[0]["id"])

    async def prepared(self, meeting: str) -> Any:
        return (await self.http.get(f"{self.api}/m/{meeting}")).raise_for_status().json()

    async def send(self, meeting: str, content: bytes, name: str) -> tuple[Any, Sent]:
        sent = Sent(began=time.monotonic())

        async def pieces() -> AsyncIterator[bytes]:
            for at in range(0, len(content), CHUNK_BYTES):
                yield content[at : at + CHUNK_BYTES]
            sent.last_byte = time.monotonic()

        headers = {"content-length": str(len(content))}
        said = await self._does(
            "PUT", f"m/{meeting}/files", params={"name": name}, content=pieces(), headers=headers
        )
        sent.answered = time.monotonic()
        return said, sent

    async def lay(self, meeting: str, file: Any, item: str) -> None:
        said = {key: file[key] for key in ("sha256", "pages", "name")}
        paper = {**said, "item": item, "number": "", "title": file["name"], "ordinary": True}
        await self._does("POST", f"m/{meeting}/papers", json={"papers": [paper]})

    async def page(self, meeting: str, document: str, page: int) -> bytes:
        path = f"{self.api}/m/{meeting}/image/{document}/{page}"
        return (await self.http.get(path)).raise_for_status().content

    async def _does(self, method: str, path: str, **given: Any) -> Any:
        headers = {**ASKING, **given.pop("headers", {})}
        answer = await self.http.request(method, f"{self.api}/{path}", headers=headers, **given)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()
