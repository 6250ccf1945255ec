"""The Wi-Fi's password: with the office, on the room's screen and on cards; in no log, in no file
that is handed in.
"""

from __future__ import annotations

import secrets
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import msgspec

from meeting.office.networks import NETWORKS_MOST, Networks
from meeting.office.passwords import Passwords
from meeting.office.register import Register
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import CHAIN_START, Entry, broken_at, canonical, link
from meeting.store.engine import open_store
from meeting.store.networks import StoredNetworks
from meeting.store.offices import Offices
from meeting.store.sqlite import DATABASE
from tests.helpers import make
from tests.helpers import office as helpers
from tests.helpers.clock import HandClock
from tests.helpers.facts import EVERY
from tests.helpers.office import QUICK
from tests.routes.conftest import House
from tests.routes.office.conftest import OFFICE, Browser

PASSWORD = "mua-xuan-2027"
OTHER = "hoa-dao-2028"


async def heading(office: Browser) -> tuple[str, str]:
    status, seen = await office.asks("m/btv")
    assert status == 200
    return seen["heading"]["wifi_name"], seen["heading"]["wifi_password"]


async def names(house: House, office: Browser, name: str, password: str) -> None:
    """The secretary writes this Wi-Fi into the meeting's heading."""
    asked = {
        **msgspec.to_builtins(make.a_change(wifi_name=name)),
        "wifi_password": password,
        "type": "meeting.change",
    }
    sent = {"id": secrets.token_hex(8), "command": asked}
    status, answer = await office.does("m/btv/command", sent)
    assert (status, answer["status"]) == (200, "committed")


def facts_on_disk(house: House) -> str:
    folder = Path(str(house.shell.static)).parent
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        return str(connection.execute("SELECT group_concat(fact) FROM facts").fetchone()[0])


async def test_a_meeting_in_the_offices_own_wifi_has_its_password(
    house: House, office: Browser
) -> None:
    assert await heading(office) == ("HOP-A", PASSWORD)
    await names(house, office, "HOP-A", OTHER)  # of the same network: the office's is mended
    assert await heading(office) == ("HOP-A", OTHER)
    assert house.shell.office.office is not None
    assert house.shell.office.office.wifi_password == OTHER


async def test_a_meeting_held_elsewhere_has_the_password_of_that_network(
    house: House, office: Browser
) -> None:
    await names(house, office, "NHA-VAN-HOA", OTHER)
    assert await heading(office) == ("NHA-VAN-HOA", OTHER)
    assert house.shell.office.office is not None
    assert house.shell.office.office.wifi_password == PASSWORD
    await names(house, office, "", "")
    assert await heading(office) == ("", "")
    await names(house, office, "NHA-VAN-HOA", OTHER)
    await names(house, office, "HOP-A", PASSWORD)
    assert await heading(office) == ("HOP-A", PASSWORD)


async def test_a_meeting_that_is_on_keeps_the_network_the_office_left(
    house: House, office: Browser
) -> None:
    await house.does("chu", c.OpenMeeting())
    await office.does("office", {**OFFICE, "wifi_name": "HOP-B", "wifi_password": OTHER}, "PUT")
    assert await heading(office) == ("HOP-A", PASSWORD)


async def test_they_are_known_after_a_restart_and_not_without_end(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    register = Register(Offices(store), HandClock(), Passwords(QUICK))
    account = await register.begin(helpers.OFFICE, helpers.AN)
    known = Networks(StoredNetworks(store), register)
    for number in range(NETWORKS_MOST + 1):
        await known.know(account, f"phong-{number}", f"mat-khau-{number}")
    again = Networks(StoredNetworks(store), register)
    await again.start()
    named = [make.a_meeting(wifi_name=f"phong-{number}") for number in (0, 1, NETWORKS_MOST)]
    said = [again.password(f.MeetingCreated(**msgspec.structs.asdict(one))) for one in named]
    assert said == ["", "mat-khau-1", f"mat-khau-{NETWORKS_MOST}"]
    assert (await Offices(store).load()).office == helpers.OFFICE
    register.close()
    await store.close()


async def test_no_log_and_no_file_of_a_meeting_has_the_password(
    house: House, office: Browser, tmp_path: Path
) -> None:
    await names(house, office, "NHA-VAN-HOA", OTHER)
    await house.does("chu", c.OpenMeeting(), c.CloseMeeting())
    path = tmp_path / "file.zip"
    path.write_bytes((await office.http.get("/office/m/btv/file.zip")).content)
    with zipfile.ZipFile(path) as file:
        bodies = [file.read(name) for name in file.namelist()]
    found = [word for word in (PASSWORD, OTHER) if any(word.encode() in body for body in bodies)]
    assert found == []
    assert any(b"NHA-VAN-HOA" in body for body in bodies)
    on_disk = facts_on_disk(house)
    assert [word for word in (PASSWORD, OTHER) if word in on_disk] == []


def test_a_log_from_when_it_was_written_down_still_holds() -> None:
    """And one in which it was empty: neither is hashed another way now."""
    created, changed = EVERY[0], next(one for one in EVERY if isinstance(one, f.MeetingChanged))
    assert (getattr(created, "wifi_password", ""), changed.wifi_password) == ("mật khẩu", "")
    at = make.clock("07:00")
    lines = [
        canonical(Entry(rev, at, f"c{rev}", "", "", False, fact))
        for rev, fact in enumerate((created, changed), start=1)
    ]
    assert [line.count(b'"wifi_password"') for line in lines] == [1, 1]
    entries = [msgspec.json.decode(line, type=Entry) for line in lines]
    assert [canonical(entry) for entry in entries] == lines
    first = link(CHAIN_START, entries[0])
    assert broken_at([(entries[0], first), (entries[1], link(first, entries[1]))]) is None
