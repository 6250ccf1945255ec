"""The office marks a paper to be collected, and looks at it with its own name on each page."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from typing import Any

from PIL import Image, ImageChops

from tests.routes.conftest import House
from tests.routes.office.conftest import Browser
from tests.routes.office.test_papers import a_pdf, laid, papers, seen, sends


async def marks(office: Browser, paper: str, address: str, *, collect: bool) -> None:
    command: dict[str, Any] = {
        "type": "document.mark_to_collect",
        "document": paper,
        "collect": collect,
        "addresses": [address],
    }
    status, answer = await office.does(
        "m/btv/command", {"id": f"mark-{address}", "command": command}
    )
    assert (status, answer["status"]) == (200, "committed")


async def look(office: Browser, paper: str) -> Image.Image:
    answer = await office.http.get(f"/office/api/m/btv/image/{paper}/1")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


async def test_the_office_looks_at_a_copy_of_its_own(office: Browser) -> None:
    paper = await laid(office, a_pdf(1))
    plain = await look(office, paper)
    assert papers(await seen(office))[paper]["collect"] is False

    await marks(office, paper, "personal", collect=True)
    assert papers(await seen(office))[paper]["collect"] is True
    marked = ImageChops.difference(plain, await look(office, paper)).convert("L")
    assert 0.01 < sum(marked.histogram()[20:]) / (marked.width * marked.height) < 0.1

    await marks(office, paper, "plain", collect=False)
    assert ImageChops.difference(plain, await look(office, paper)).getbbox() is None


async def test_a_page_of_a_paper_marked_while_it_is_made_is_not_shown_without_a_name(
    house: House, office: Browser
) -> None:
    await sends(office, "m/btv/files?name=a.pdf", a_pdf(1))
    held = house.shell.pages.process_ids
    assert held
    for pid in held:
        os.kill(pid, signal.SIGSTOP)
    try:
        paper = await laid(office, a_pdf(1))
        looking = asyncio.create_task(office.http.get(f"/office/api/m/btv/image/{paper}/1"))
        await marks(office, paper, "personal", collect=True)
        assert not looking.done()
    finally:
        for pid in held:
            os.kill(pid, signal.SIGCONT)
    answer = await looking
    assert answer.status_code == 404
    assert answer.json()["code"] == "document_unknown"
