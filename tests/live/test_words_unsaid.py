"""What a person writes is in the meeting's record and on screens, nowhere else: a marker is
planted wherever somebody can write, and looked for in all that the server says of itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import sqlite3
from pathlib import Path

import aiohttp
import httpx2
import msgspec
import pytest

from meeting import logs
from meeting.protocol import commands as c
from meeting.protocol.answers import Retry
from meeting.rules import DECIDE
from meeting.store.sqlite import DATABASE
from tests.helpers import make
from tests.helpers.hall import Hall, hall, sent
from tests.live.test_strangers import SOCKET, Stranger


class Words:
    """Markers, each planted in one place and told apart by its number."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def __call__(self, place: str, most: int = 30) -> str:
        word = f"{'Kinx' if most > 12 else 'K'}{len(self.planted):03d}x"
        self.planted[word] = place
        return word

    def found_in(self, text: str) -> set[str]:
        return {place for word, place in self.planted.items() if word in text}


def a_meeting(word: Words) -> list[c.Command]:
    """One meeting, and in each field somebody writes a word of its own."""
    return [
        make.a_meeting(
            title=word("title"),
            body=word("body"),
            place=word("place"),
            starts_at=make.PASSED,
            office=word("office"),
            wifi_name=word("wifi_name"),
            help_name=word("help_name"),
            help_phone=word("help_phone"),
        ),
        make.a_seat("chu", "chair", name=word("name"), post=word("post"), votes=True),
        make.a_seat("thu", "secretary", name=word("secretary"), post=word("secretary's post")),
        make.a_seat("an", name=word("member"), votes=True),
        make.a_seat("man", "screen"),
        make.an_item("1", number=word("item number", 12), title=word("item")),
        make.a_document(
            "d1",
            "1",
            number=word("document number"),
            title=word("document"),
            address=word("address"),
            sha256="5" * 64,
        ),
        c.NoteRefusedFile(name=word("file name"), code="file_broken"),
    ]


async def by_http(room: Hall, word: Words) -> None:
    """Everything a stranger or a member may type into addresses, headers and forms."""
    cookie = f"seat_an={room.token('an', await room.device('an'))}"
    post = {"cookie": cookie, "x-phien": "1"}
    async with httpx2.AsyncClient(base_url=room.url) as browser:
        for path in (
            f"/{word('path')}?{word('query')}={word('value')}",
            f"/?lost={word('lost')}",
            f"/c/{word('card')}",
            f"/q/{word('scanned')}",
            f"/names?q={word('search')}&saw={word('saw')}",
            f"/wait/{word('waiting')}",
            f"/s/an/card/{word('other')}",
            f"/p/an/{word('page address')}/1?w=1600",
            f"/p/an/{word('close address')}/1?w=4800&t=8",
            f"/p/an/{word('margins address')}/margins?{word('margins query')}",
            f"/s/{word('seat')}/",
        ):
            await browser.get(path, headers={"cookie": cookie, "user-agent": word("agent")})
        strange = {"cookie": f"seat_an={word('cookie')}", "referer": f"http://{word('referer')}/"}
        await browser.get("/s/an/roll", headers=strange)
        await browser.get("/metrics", headers={"authorization": f"Bearer {word('bearer')}"})
        await browser.post("/code", data={"code": word("typed")})
        await browser.post("/names/an", data={"saw": word("saw, posted")})
        for body in (f'{{"id": "{word("malformed")}', f'{{"{word("unknown field")}": 1}}'):
            await browser.post("/s/an/command", content=body, headers=post)
        digits = sent(c.CheckIn(word("check-in")))
        answer = await browser.post(
            "/s/an/command", content=msgspec.json.encode(digits), headers=post
        )
        assert answer.json()["code"] == "code_wrong"


async def by_socket(room: Hall, word: Words) -> None:
    cookie = f"seat_an={room.token('an', await room.device('an'))}"
    async with aiohttp.ClientSession(headers={"cookie": cookie}) as http:
        async with http.ws_connect(room.url + SOCKET) as wire:
            stranger = Stranger(wire)
            await stranger.says("40" + json.dumps({"seat": word("auth")}))
            await stranger.hears("44")
        async with http.ws_connect(room.url + SOCKET) as wire:
            stranger = Stranger(wire)
            await stranger.says(f'42["{word("packet")}')
            await stranger.signs_in("an")
            await stranger.says(f'42["{word("event")}",{{}}]')
            await stranger.says(f'42["command",{{"{word("body")}":1}}]')
            await stranger.says(f'42["signal",{{"type":"{word("signal")}"}}]')
            await stranger.joins()


async def with_faults(
    room: Hall, folder: Path, word: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command, a callback and a page that fail; a database that quotes what it refuses."""

    def fails(*_: object) -> list[object]:
        raise RuntimeError(word("exception"))

    with monkeypatch.context() as planted:
        planted.setitem(DECIDE, c.CallFollowers, fails)
        await room.act("thu", c.CallFollowers())
    # asyncio's own message quotes what the callback was given.
    asyncio.get_running_loop().call_soon(fails, word("argument"))
    await asyncio.sleep(0)
    original = folder / "pages" / "originals" / f"{'5' * 64}.pdf"
    original.write_text(f"%PDF-1.4 {word('inside a file')}")
    async with httpx2.AsyncClient(base_url=room.url) as browser:
        address = room.running.state.documents["d1"].address
        cookie = f"seat_thu={room.token('thu', await room.device('thu'))}"
        picture = await browser.get(f"/p/thu/{address}/1?w=1600", headers={"cookie": cookie})
        assert picture.status_code == 422
    refusal = f"BEGIN SELECT RAISE(ABORT, '{word('database')}'); END"
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute(f"CREATE TRIGGER refuse BEFORE INSERT ON facts {refusal}")
        told = c.CorrectAttendance(seat="an", state="absent", reason=word("reason, not stored"))
        assert isinstance(await room.act("thu", told), Retry)
        connection.execute("DROP TRIGGER refuse")


async def test_no_word_of_a_person_is_ever_written_down(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    word, everything = Words(), io.StringIO()
    careless = logging.StreamHandler(everything)
    with logs.kept(tmp_path / "data", lambda part, path: f"{part} {path.name}"):
        logging.getLogger().addHandler(careless)
        async with hall(tmp_path / "data") as room:
            await room.lay_down(*a_meeting(word))
            await by_http(room, word)
            await by_socket(room, word)
            for seat, command in (
                ("thu", c.OpenMeeting()),
                ("thu", c.StartItem("1")),
                ("thu", c.MarkAttendance(seat="an", state="absent", reason=word("reason"))),
                ("thu", c.CorrectAttendance(seat="an", state="present", reason=word("mended"))),
                ("an", make.page("d1", 2)),
            ):
                await room.act(seat, command)
            await with_faults(room, tmp_path / "data", word, monkeypatch)
            access, running = room.server.access, room.running
            for whose in running.state.seats.values():
                word.planted[access.card_code(running.id, whose.id, whose.card)] = "a real card"
            for device in running.state.devices.values():
                token = access.device_token(running.id, device.seat, device.id)
                word.planted[token.partition(".")[2]] = "a real cookie"
            figures = room.server.metrics.text().decode()
        logging.getLogger().removeHandler(careless)
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "data").glob(f"{logs.FILE}*"))
    out, err = capfd.readouterr()
    assert len(word.planted) > 50
    assert word.found_in(written) == set()
    assert word.found_in(out + err) == set()
    assert word.found_in(figures) == set()
    assert {json.loads(line)["event"] for line in written.splitlines()} >= {
        "batch_not_stored",
        "command_failed",
        "command_refused",
        "meeting_opened",
        "page_failed",
    }
    # An ordinary handler, on the same run, tells what the database and the exception said.
    assert word.found_in(everything.getvalue()) >= {
        "argument",
        "database",
        "exception",
    }
