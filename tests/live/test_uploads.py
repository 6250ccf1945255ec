"""Whole files sent to a whole server: only by who is signed in, only where files belong."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from meeting.app import SAMPLES
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from tests.helpers import make
from tests.helpers.hall import Hall, hall, sent, small_meeting
from tests.routes.office.conftest import ACCOUNT, OFFICE

PDF = (SAMPLES / "1.1_bao-cao-kinh-te-xa-hoi.pdf").read_bytes()
FILES = "/office/api/m/btv/files?name=1.1_bao-cao.pdf"


async def signed_in(running: Hall, http: httpx2.AsyncClient) -> None:
    said = {"office": OFFICE, "account": ACCOUNT}
    assert (await http.post("/office/api/begin", json=said)).status_code == 200


def browser(running: Hall) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=running.url, headers={"x-phien": "1"})


async def test_a_file_comes_in_once_somebody_is_signed_in(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as running, browser(running) as http:
        await running.lay_down(*small_meeting())
        stranger = await http.put(FILES, content=PDF)
        await signed_in(running, http)
        inside = await http.put(FILES, content=PDF)
        elsewhere = await http.post("/office/api/m/btv/command", content=PDF)
        large = await http.put(FILES, content=bytes(running.server.pages.most_bytes + 1))
    assert (stranger.status_code, stranger.json()["code"]) == (413, "malformed")
    assert inside.json()["proposal"] == {
        "item": "1",
        "number": "186-BC/ĐU",
        "title": "Báo cáo tình hình kinh tế - xã hội, quốc phòng, an ninh năm 2026; "
        "nhiệm vụ năm 2027",
    }
    assert elsewhere.status_code == 413
    assert large.json() == {"code": "file_too_large", "data": {"most": 50}}


async def test_a_browser_that_goes_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as running, browser(running) as http:
        await running.lay_down(*small_meeting())
        await signed_in(running, http)
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        address = urlsplit(running.url)
        head = (
            f"PUT {FILES} HTTP/1.1\r\nhost: {address.netloc}\r\nx-phien: 1\r\n"
            f"cookie: {cookie}\r\ncontent-length: {len(PDF)}\r\n\r\n"
        )
        with socket.create_connection((address.hostname, address.port)) as gone:
            gone.sendall(head.encode() + PDF[: len(PDF) // 2])
        whole = await http.put(FILES, content=PDF)
        assert whole.status_code == 200
        await http.get("/office/api/m/btv")
    left = [path.suffix for path in running.server.pages.incoming.iterdir()]
    assert left == [".pdf"]


async def test_a_file_of_unannounced_size_is_cut_off_at_the_limit(tmp_path: Path) -> None:
    """400 MB in pieces: the server answers and lets go long before all of it came."""
    piece = b"%x\r\n%s\r\n" % (1_000_000, bytes(1_000_000))
    async with hall(tmp_path / "data") as running, browser(running) as http:
        await running.lay_down(*small_meeting())
        await signed_in(running, http)
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        address = urlsplit(running.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(
            f"PUT {FILES} HTTP/1.1\r\nhost: {address.netloc}\r\nx-phien: 1\r\n"
            f"cookie: {cookie}\r\ntransfer-encoding: chunked\r\n\r\n".encode()
        )
        taken = 0
        with contextlib.suppress(ConnectionError):
            while taken < 400 and not reader.at_eof():
                writer.write(piece)
                await writer.drain()
                taken += 1
        with contextlib.suppress(ConnectionError):
            assert b'"code":"file_too_large"' in await reader.read()
        writer.close()
        most = running.server.pages.most_bytes // 1_000_000
        assert most < taken < 2 * most
        await http.get("/office/api/m/btv")
        assert list(running.server.pages.incoming.iterdir()) == []


async def test_what_was_to_be_destroyed_is_destroyed_at_the_next_start(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as running, browser(running) as http:
        await running.lay_down(*small_meeting())
        await signed_in(running, http)
        file: dict[str, Any] = (await http.put(FILES, content=PDF)).json()
        paper = {"sha256": file["sha256"], "item": "1", "number": "", "title": "Báo cáo"}
        laid = await http.post("/office/api/m/btv/papers", json={"papers": [paper]})
        assert laid.status_code == 200
        document = list(running.running.state.documents)[-1]
        for command in (p.WithdrawDocument(document, "Nhầm"), p.EraseDocument(document)):
            # Not by the office's own route, as if it had been cut off in between.
            await running.running.submit(make.OFFICE, sent(command))
        kept = running.server.pages.original(file["sha256"])
        assert kept.exists()
    async with hall(tmp_path / "data"):
        assert not kept.exists()


async def test_a_trial_copy_outlives_a_restart_but_not_its_meeting(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as running, browser(running) as http:
        await running.lay_down(*small_meeting())
        await signed_in(running, http)
        copy = (await http.post("/office/api/m/btv/trial")).json()["id"]
    async with hall(tmp_path / "data") as running:
        meetings = running.server.meetings
        assert [one.id for one in meetings.trial_copies("btv")] == [copy]
        real = meetings.get("btv")
        assert real is not None
        for command in (c.OpenMeeting(early=True), c.CloseMeeting()):
            await real.submit(make.OFFICE, sent(command))
    async with hall(tmp_path / "data") as running:
        assert [one.id for one in running.server.meetings.all()] == ["btv"]
