"""What an operator can read of a running server, and who may: `/metrics` and `/healthz`."""

from __future__ import annotations

import logging
import stat
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from meeting import __version__
from meeting.logs import Log
from meeting.metrics import Metrics
from meeting.pages import PageFailed
from meeting.protocol import commands as c
from meeting.routes.health import load_token
from tests.helpers import make
from tests.helpers.hall import Hall, hall, small_meeting
from tests.helpers.tablet import Tablet

Figures = dict[str, float]


def read(text: str | bytes) -> Figures:
    """Every figure, as Prometheus would read it, by its name and the values of its labels; these
    in the order of the labels' names.
    """
    said = text.decode() if isinstance(text, bytes) else text
    return {
        " ".join(
            [sample.name, *(value for _, value in sorted(sample.labels.items()))]
        ): sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
    }


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def test_what_happens_is_counted_once(metrics: Metrics) -> None:
    metrics.answered("page.show", "committed")
    metrics.answered("page.show", "committed")
    metrics.answered("page.show", "too_late")
    metrics.batch(2, 0.004, stored=True)
    metrics.batch(1, 0.0, stored=False)
    metrics.sent(0.02)
    metrics.closed("deaf")
    metrics.limited("sockets")
    metrics.drawn(0.3)
    metrics.drawn(20.0, "page_timeout")
    figures = read(metrics.text())
    wanted = {
        "phien_commands_total committed page.show": 2.0,
        "phien_commands_total too_late page.show": 1.0,
        "phien_batches_not_stored_total": 1.0,
        "phien_commit_seconds_count": 1.0,
        "phien_commit_seconds_sum": 0.004,
        "phien_commit_seconds_bucket 0.0025": 0.0,
        "phien_commit_seconds_bucket 0.005": 1.0,
        "phien_batch_commands_sum": 2.0,
        "phien_publication_seconds_sum": 0.02,
        "phien_devices_closed_total deaf": 1.0,
        "phien_limits_reached_total sockets": 1.0,
        "phien_page_seconds_count": 1.0,
        "phien_pages_failed_total page_timeout": 1.0,
    }
    assert {name: figures.get(name) for name in wanted} == wanted


def test_two_servers_in_one_process_count_apart(metrics: Metrics) -> None:
    metrics.closed("flood")
    assert "phien_devices_closed_total flood" in read(metrics.text())
    assert "phien_devices_closed_total flood" not in read(Metrics().text())


def test_what_is_so_now_is_read_when_it_is_asked_for(metrics: Metrics) -> None:
    present = {"member": 12.0}
    metrics.watch("devices_connected", "Open connections.", lambda: present, "standing")
    metrics.watch("storing", "Is it.", lambda: metrics.storing)
    present["chair"] = 1.0
    metrics.batch(1, 0.0, stored=False)
    figures = read(metrics.text())
    assert figures["phien_devices_connected member"] == 12.0
    assert figures["phien_devices_connected chair"] == 1.0
    assert figures["phien_storing"] == 0.0


async def test_warnings_and_errors_are_counted_by_event(metrics: Metrics) -> None:
    metrics.start()
    Log("live").error("tick_failed")
    Log("live").error("tick_failed")
    Log("limits").warning("limit_reached", code="cards")
    logging.getLogger("uvicorn.error").error("Nguyễn Văn Kín")
    metrics.close()
    Log("live").error("tick_failed")
    counted = {k: v for k, v in read(metrics.text()).items() if k.startswith("phien_log_events_t")}
    assert counted == {
        "phien_log_events_total tick_failed error": 2.0,
        "phien_log_events_total limit_reached warning": 1.0,
        "phien_log_events_total library error": 1.0,
    }


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
def test_the_token_is_made_once_for_its_owner(tmp_path: Path) -> None:
    token = load_token(tmp_path)
    assert (len(token) >= 32, load_token(tmp_path)) == (True, token)
    assert stat.S_IMODE((tmp_path / "metrics.token").stat().st_mode) == 0o600


# A server


async def figures_of(room: Hall) -> Figures:
    async with httpx2.AsyncClient(base_url=room.url) as here:
        answer = await here.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return read(answer.text)


async def test_a_meeting_in_figures(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as room:
        await room.lay_down(*small_meeting())
        tablet = Tablet(room.url, "an", room.token("an", await room.device("an")))
        await tablet.join()
        await room.act("chu", c.OpenMeeting())
        await room.act("chu", c.StartItem("1"))
        await room.act("an", make.page("d1", 2))
        await room.act("chu", make.page("d1", 2))
        rev = room.running.state.rev
        await tablet.caught_up(rev)
        with pytest.raises(PageFailed):
            await room.server.pages.image(room.running.state.documents["d1"].sha256, 1, 1600)
        figures = await figures_of(room)
        await tablet.leave()
    wanted = {
        "phien_commands_total committed page.show": 1.0,
        "phien_commands_total not_presenter page.show": 1.0,
        "phien_commands_total committed seat.add": 7.0,
        "phien_devices_connected member": 1.0,
        "phien_devices_stale": 0.0,
        "phien_admissions_waiting": 0.0,
        "phien_commands_waiting": 0.0,
        "phien_meetings": 1.0,
        "phien_meeting_rev btv": float(rev),
        "phien_storing": 1.0,
        f"phien_info {__version__}": 1.0,
        "phien_commit_seconds_count": float(rev),
    }
    assert {name: figures.get(name) for name in wanted} == wanted
    assert figures["phien_publication_seconds_count"] > 0.0
    assert figures["phien_disk_free_bytes"] > 0.0
    assert figures["phien_loop_lag_seconds_count"] >= 0.0


async def test_a_server_that_cannot_store_says_so_to_everybody(tmp_path: Path) -> None:
    async with hall(tmp_path / "data") as room:
        await room.lay_down(*small_meeting())
        async with httpx2.AsyncClient(base_url=room.url) as anybody:
            fine = await anybody.get("/healthz")
            room.server.metrics.batch(1, 0.0, stored=False)
            failing = await anybody.get("/healthz")
            await room.act("chu", c.OpenMeeting())
            again = await anybody.get("/healthz")
    well = (200, {"status": "ok", "ready": True, "version": __version__})
    assert (fine.status_code, fine.json()) == well
    ill = {"status": "failing", "ready": False, "version": __version__, "code": "not_stored"}
    assert (failing.status_code, failing.json()) == (503, ill)
    assert (again.status_code, again.json()) == well


# Who may


@pytest.fixture
async def app(tmp_path: Path) -> Any:
    """A server's application, to be asked from wherever a test says."""
    async with hall(tmp_path / "data") as room:
        yield room.server.app


async def asked(app: Starlette, peer: str, **headers: str) -> int:
    transport = httpx2.ASGITransport(app=app, client=(peer, 50_000))
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx2.AsyncClient(transport=transport, base_url="http://x") as browser:
        answer = await browser.get("/metrics", headers={"host": "127.0.0.1:8080", **said})
    return answer.status_code


async def test_figures_are_for_the_server_machine(app: Starlette) -> None:
    assert await asked(app, "127.0.0.1") == 200
    assert await asked(app, "127.0.0.1", host="localhost:8080") == 200
    assert await asked(app, "::1", host="[::1]:8080") == 200
    assert await asked(app, "192.168.1.20") == 403
    assert await asked(app, "192.168.1.20", x_forwarded_for="127.0.0.1") == 403


@pytest.mark.parametrize(
    "header", ["forwarded", "via", "x_forwarded_for", "x_forwarded_host", "x_real_ip"]
)
async def test_what_a_proxy_on_this_machine_passes_on_is_not_from_here(
    app: Starlette, header: str
) -> None:
    assert await asked(app, "127.0.0.1", **{header: "127.0.0.1"}) == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", ""])
async def test_a_strange_name_for_this_machine_is_a_strangers_page(
    app: Starlette, host: str
) -> None:
    assert await asked(app, "127.0.0.1", host=host) == 403


async def test_a_token_opens_them_from_anywhere(app: Starlette, tmp_path: Path) -> None:
    token = load_token(tmp_path / "data")
    assert await asked(app, "192.168.1.20", authorization=f"Bearer {token}") == 200
    assert await asked(app, "127.0.0.1", via="1.1 x", authorization=f"bearer {token}") == 200
    for wrong in ("", "Bearer", "Bearer ", f"Basic {token}", f"Bearer {token[:-1]}", token):
        assert await asked(app, "192.168.1.20", authorization=wrong) == 403
