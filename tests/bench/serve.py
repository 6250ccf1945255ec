"""Page images: our requests per second beside nginx's, the same bytes from the same core.

Run: `python -m tests.bench.serve [--runs 5] [--seconds 5] [--connections 64]`

Wants `nginx` and `wrk` (Debian has both). A member's device asks for one page of the sample
meeting, that nearest to 150 KB, with its real cookie; nginx has the same bytes as a file, one
worker, no log. Server and load have a core each; the two take turns, which of them begins changes.
Then what it costs to find out whether a device may have a page: in this process, without HTTP.
Exits with 1 where a figure is missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx2
from msgspec import Struct

from meeting.access import cookie_name
from meeting.pages.jobs import STEPS
from meeting.protocol import commands as c
from meeting.routes.rights import Rights
from tests.bench.load import LOAD_CORE, SERVER_CORE, on_core
from tests.bench.many import Prepared, prepare, served
from tests.bench.terminal import options_of, say
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.helpers.process import free_port
from tests.routes.gallery import hung

ABOUT_BYTES: Final = 150_000
RATIO_LEAST: Final = 0.5
RIGHT_MOST_US: Final = 10.0
LOOKS: Final = 100_000
START_SECONDS: Final = 10.0

CONFIG: Final = """
{user}worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  default_type image/png;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


class Page(Struct, frozen=True):
    """A page of a paper as a member gets it."""

    path: str
    cookie: str
    body: bytes


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        raise SystemExit(f"{name} is needed: apt-get install {name}")
    return found


async def nearest_page(url: str, prepared: Prepared) -> Page:
    """The page and width whose image is nearest to the size asked for."""
    seat = prepared.members[0]
    cookie = f"{cookie_name(seat.id)}={seat.token}"
    best: Page | None = None
    async with httpx2.AsyncClient(base_url=url, headers={"cookie": cookie}, timeout=60) as http:
        for number in range(1, prepared.pages + 1):
            drawn = await http.get(f"/s/{seat.id}/plain/{prepared.document}/{number}")
            found = re.search(r'src="(/p/[^"?]+)', drawn.text)
            assert found is not None, drawn.text[:300]
            for width in STEPS:
                path = f"{found[1]}?w={width}"
                answer = await http.get(path)
                assert answer.status_code == 200, answer.text[:300]
                page = Page(path, cookie, answer.content)
                if best is None or _off(page) < _off(best):
                    best = page
    assert best is not None
    return best


def _off(page: Page) -> int:
    return abs(len(page.body) - ABOUT_BYTES)


@contextlib.contextmanager
def nginx(folder: Path, body: bytes) -> Iterator[str]:
    """nginx with these bytes; where they are."""
    (folder / "page").write_bytes(body)
    folder.chmod(0o755)
    port = free_port()
    config = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # else its worker may not look in here
    config.write_text(CONFIG.format(folder=folder, port=port, user=user), "ascii")
    command = [program("nginx"), "-c", str(config), "-p", str(folder), "-e", "stderr"]
    with on_core(SERVER_CORE):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/page"
    try:
        until = time.monotonic() + START_SECONDS
        while not _answers(url, body):
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit("nginx did not start")
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _answers(url: str, body: bytes) -> bool:
    try:
        return httpx2.get(url).content == body
    except httpx2.HTTPError:
        return False


def requests_a_second(url: str, cookie: str, seconds: int, connections: int) -> float:
    command = [
        program("wrk"),
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "-H",
        f"Cookie: {cookie}",
    ]
    with on_core(LOAD_CORE):
        said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    found = re.search(r"Requests/sec:\s*([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


async def compared(folder: Path, runs: int, seconds: int, connections: int) -> float:
    prepared = await prepare(folder / "data", 1)
    async with served(folder / "data") as running:
        page = await nearest_page(running.url, prepared)
        beside = folder / "nginx"
        beside.mkdir()
        with nginx(beside, page.body) as theirs:
            ours = running.url + page.path
            say(f"a page of {len(page.body):,} bytes, {connections} connections,")
            say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f};")
            say(f"requests a second, {runs} runs of {seconds} s each")

            async def measured(url: str) -> float:
                return await asyncio.to_thread(
                    requests_a_second, url, page.cookie, seconds, connections
                )

            for url in (ours, theirs):
                await asyncio.to_thread(requests_a_second, url, page.cookie, 1, connections)
            ratios = []
            for run in range(runs):
                urls = (ours, theirs) if run % 2 == 0 else (theirs, ours)
                got = {url: await measured(url) for url in urls}
                ratios.append(got[ours] / got[theirs])
                say(f"  ours {got[ours]:8,.0f}  nginx {got[theirs]:8,.0f}  {ratios[-1]:.2f} ×")
    ratio = statistics.median(ratios)
    say(f"median {ratio:.2f} × nginx ({min(ratios):.2f}–{max(ratios):.2f}), wanted {RATIO_LEAST}")
    return ratio


async def rights(folder: Path) -> float:
    """Microseconds to find out what a device may have, while nothing happens in the meeting."""
    async with hung(folder, HandClock()) as gallery:
        house = gallery.house
        known = Rights(house.shell.meetings, house.shell.access)
        cookie = gallery.cookie("an")["cookie"].encode()

        def look() -> None:
            known.of("an", cookie).of("address-of-d1")

        quiet = min(_each_us(look, LOOKS) for _ in range(5))
        anew = []
        for page in (1, 2, 3, 4):
            if page == 1:
                await house.does("chu", c.OpenMeeting(), c.StartItem("1"), c.TakePresenting())
            await house.does("chu", make.page("d1", page))
            anew.append(_each_us(look, 1))
    say(f"right of a device: {quiet:.2f} µs, wanted {RIGHT_MOST_US:.0f}")
    say(f"the first time after a page turn: {statistics.median(anew):.0f} µs")
    return quiet


def _each_us(work: Callable[[], None], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times * 1e6


def main() -> None:
    options = options_of(__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--connections", type=int, default=64)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        quiet = asyncio.run(rights(Path(folder) / "rights"))
        ratio = asyncio.run(compared(Path(folder), asked.runs, asked.seconds, asked.connections))
    sys.exit(int(ratio < RATIO_LEAST or quiet > RIGHT_MOST_US))


if __name__ == "__main__":
    main()
