"""The whole server on a PostgreSQL database: killed, started again, and not alone on it."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pymupdf
import pytest

from meeting.clock import SystemClock, Times
from meeting.meetings import Meetings
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.store.meetings import Meetings as StoredMeetings
from tests.helpers import make
from tests.helpers.house import KEY
from tests.helpers.process import claim, demo
from tests.store.places import Postgres

HEADS = "SELECT id, head FROM meetings"


@pytest.mark.slow
async def test_a_meeting_goes_on_after_a_kill_and_with_what_another_process_stored(
    tmp_path: Path, sockets: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Postgres(sockets)
    await place.clear()
    monkeypatch.setenv("PHIEN_DATABASE", place.url)
    pdf = pymupdf.open()
    pdf.new_page(width=300, height=420)
    pdf.save(paper := tmp_path / "Tờ trình.pdf")

    async with demo(tmp_path / "data", [paper]) as server, httpx2.AsyncClient() as http:
        before = await place.rows(HEADS)
        links = server.ready["links"]
        seat, cookie = await claim(http, links["secretary"])
        [(meeting, head)] = await place.rows(HEADS)
        assert before == [(meeting, head - 1)]
        await server.kill()
        await server.start()
        assert await place.rows(HEADS) == [(meeting, head)]
        own = {"cookie": f"seat_{seat}={cookie}"}
        assert (await http.get(f"{server.url}/s/{seat}/plain", headers=own)).status_code == 200

        store = await place.open()
        here = Meetings(
            StoredMeetings(store), KEY, SystemClock(), lambda running, publication: None, Times()
        )
        await here.start()
        running = here.get(meeting)
        assert running
        added = c.Sent(id="another-process", command=make.a_seat("another"))
        assert await running.submit(make.OFFICE, added) == Committed(head + 1)
        chair, _ = await claim(http, links["chair"])
        assert await place.rows(HEADS) == [(meeting, head + 2)]
        await running.look()
        assert running.state.rev == head + 2
        assert [device.seat for device in running.state.devices.values()] == [seat, chair]
        await here.close()
        await store.close()
        assert await server.stop() == 0
    assert list((tmp_path / "data").glob("*.sqlite3*")) == []
