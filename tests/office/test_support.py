"""An address that is a name says whose server this is, so it is not in the support file."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from meeting.office.support import pack
from meeting.protocol.machine import MachineView, OpenMeetingRow

VIEW = MachineView(
    version="1",
    system="Linux",
    url="https://hop.canary.vn",
    other_urls=("http://10.0.0.5:8080", "http://canary:81"),
    addresses=("10.0.0.5",),
    database="sqlite",
    disk_free_bytes=1,
    disk_low=False,
    disk_full=False,
    flush_ms=1.0,
    storing=True,
    now=datetime(2026, 12, 10, tzinfo=UTC),
    zone="",
    astray_seconds=0.0,
    sleep="may",
    running_seconds=1.0,
    meetings=1,
    meetings_on=(OpenMeetingRow("btv", "canary", 1),),
    devices=1,
    workers=0,
    pages_waiting=0,
    office_files="well",
    confined=("memory", "time"),
    errors=(),
)


def test_an_address_that_is_a_name_is_left_out(tmp_path: Path) -> None:
    packed = pack(VIEW, [], {"port": 80}, b"", tmp_path)
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        machine = json.loads(file.read("machine.json"))
        told = b"".join(file.read(name) for name in file.namelist())
    assert (machine["url"], machine["other_urls"], machine["meetings_on"]) == (
        "https://?:",
        ["http://10.0.0.5:8080", "http://?:81"],
        [],
    )
    assert b"canary" not in told
