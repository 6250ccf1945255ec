"""The demo's meeting: the sample as it is written down, or one on somebody's own files."""

from __future__ import annotations

import contextlib
import html
import json
import os
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pymupdf
import pytest

from meeting import demo, terminal
from meeting.app import Server
from meeting.demo import Refusal
from meeting.errors import Stopped
from meeting.pages import Pages, PagesLimits
from meeting.protocol.answers import Committed
from meeting.rules.visibility import audience_of, view
from meeting.settings import Settings
from meeting.texts import text
from tests.helpers import make
from tests.helpers.clock import HandClock
from tests.helpers.hall import sent

mupdf: Any = pymupdf

URL: Final = "http://192.168.1.105:8080"
MOST_BYTES: Final = 200_000
WITH_A_NAME: Final = ("secretary", "chair", "member", "guest")
SAMPLE: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "samples" / "sample_meeting.json").read_text("utf-8")
)


@contextlib.asynccontextmanager
async def server(
    folder: Path, most_bytes: int | None = None, clock: HandClock | None = None
) -> AsyncIterator[Server]:
    """A server over this folder that listens nowhere; with a smaller limit for files if given."""
    made = Server(Settings(data=folder), URL, clock or HandClock())
    if most_bytes is not None:
        limits = PagesLimits(max_file_bytes=most_bytes)
        made.pages = Pages(folder / "pages", limits=limits)
    try:
        await made.start()
        yield made
    finally:
        await made.close()


def a_file(folder: Path, name: str, pages: int = 1, **options: Any) -> Path:
    pdf = mupdf.open()
    for number in range(1, pages + 1):
        pdf.new_page(width=300, height=420).insert_text((30, 60), f"{name} {number}")
    path = folder / name
    pdf.save(path, **options)
    return path


def locked(folder: Path) -> Path:
    aes = mupdf.PDF_ENCRYPT_AES_256
    return a_file(folder, "mat.pdf", encryption=aes, user_pw="u", owner_pw="o")


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


# The sample meeting


async def test_the_sample_meeting_is_the_one_that_is_written_down(tmp_path: Path) -> None:
    async with server(tmp_path) as running_server:
        running, refused = await demo.prepare(running_server, (), anew=False)
    state = running.state
    heading, office = SAMPLE["meeting"], SAMPLE["office"]
    assert refused == []
    assert state.meeting.trial
    assert state.phase == "before"
    assert (state.meeting.title, state.meeting.body, state.meeting.place) == (
        heading["title"],
        heading["body"],
        heading["place"],
    )
    assert (state.meeting.office, state.meeting.help_phone, state.meeting.wifi_name) == (
        office["name"],
        office["help_phone"],
        office["wifi_name"],
    )
    assert state.meeting.starts_at.isoformat() == "2026-12-10T00:30:00+00:00"
    assert [item.title for item in state.items.values()] == [
        row["title"] for row in SAMPLE["items"]
    ]
    assert [item.number for item in state.items.values() if item.recess] == [""]
    papers = [(state.items[d.item].number, d.number, d.title) for d in state.documents.values()]
    assert papers == [(row["item"], row["number"], row["title"]) for row in SAMPLE["documents"]]
    assert [document.pages for document in state.documents.values()] == [34, 5, 11, 1]


async def test_the_sample_roll_is_in_its_order_and_fifteen_vote(tmp_path: Path) -> None:
    async with server(tmp_path) as running_server:
        state = (await demo.prepare(running_server, (), anew=False))[0].state
    roll = sorted((s for s in state.seats.values() if s.on_roll), key=lambda seat: seat.position)
    people = [row for row in SAMPLE["seats"] if row["role"] != "guest"]
    guests = [row for row in SAMPLE["seats"] if row["role"] == "guest"]
    assert [(seat.name, seat.post, seat.role, seat.votes) for seat in roll] == [
        (row["name"], row["post"], row["role"], row["votes"]) for row in [*people, *guests]
    ]
    assert sum(seat.votes for seat in roll) == 15
    assert [seat.role for seat in state.seats.values() if not seat.on_roll] == ["screen"]
    invited = {
        (seat.name, seat.post): sorted(state.items[item].number for item in seat.items)
        for seat in roll
        if seat.role == "guest"
    }
    assert invited == {(row["name"], row["post"]): row["guest_of"] for row in guests}
    limited = next(item for item in state.items.values() if item.limited_to)
    rows = next(row for row in SAMPLE["items"] if row.get("limited"))
    names = {
        (people[place - 1]["name"], people[place - 1]["post"]) for place in rows["limited_rows"]
    }
    assert limited.title == rows["title"]
    assert {(state.seats[s].name, state.seats[s].post) for s in limited.limited_to} == names


async def test_every_link_is_somebodys_and_looking_changes_nothing(tmp_path: Path) -> None:
    async with server(tmp_path) as running_server:
        running, _ = await demo.prepare(running_server, (), anew=False)
        links = demo.links(running.state, running_server.access, URL)
        everyone = [links.secretary, links.chair, links.room, *links.members, *links.guests]
        head, before = running.head_hash, running.state
        transport = httpx2.ASGITransport(app=running_server.app)
        async with httpx2.AsyncClient(transport=transport, base_url=URL) as http:
            answers = [
                await http.request(method, link) for method in ("HEAD", "GET") for link in everyone
            ]
            assert {answer.status_code for answer in answers} == {200}
            assert [answer for answer in answers if "set-cookie" in answer.headers] == []
            pages = [html.unescape(answer.text) for answer in answers[len(everyone) :]]
        assert (running.head_hash, running.state) == (head, before)
    members = [row["name"] for row in SAMPLE["seats"] if row["role"] == "member"]
    guests = [row["name"] for row in SAMPLE["seats"] if row["role"] == "guest"]
    assert (len(links.members), len(links.guests)) == (len(members), len(guests))
    named = zip([*members, *guests], pages[3:], strict=True)
    assert [name for name, page in named if name not in page] == []
    assert len(set(everyone)) == len(everyone)
    assert all(link.startswith(f"{URL}/c/") for link in everyone)


async def test_the_sample_office_has_a_secretary_whose_password_is_said_once(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as running_server:
        login = await demo.office(running_server)
        running, _ = await demo.prepare(running_server, (), anew=False)
        signed_in = await running_server.office.sign_in(login.login, login.password, "")
        office, bodies = running_server.office.office, running_server.office.bodies
    assert office is not None
    assert (office.name, office.wifi_name) == (
        SAMPLE["office"]["name"],
        SAMPLE["office"]["wifi_name"],
    )
    assert bodies[running.state.meeting.body_id].kind == "ban_thuong_vu"
    secretaries = [row["name"] for row in SAMPLE["seats"] if row["role"] == "secretary"]
    assert (login.login, [signed_in.name]) == ("thuky", secretaries[:1])
    async with server(tmp_path) as running_server:
        assert await demo.office(running_server) == demo.Login("thuky")


# Own files


async def test_a_secret_paper_stays_out_and_its_name_is_on_no_record(tmp_path: Path) -> None:
    files = (a_file(tmp_path, "12-BC-MAT.pdf", 2), a_file(tmp_path, "Báo cáo.pdf"))
    async with server(tmp_path / "data") as running_server:
        running, refused = await demo.prepare(running_server, files, anew=False)
        kept = len(list(running_server.pages.incoming.iterdir()))
    assert refused == [Refusal("12-BC-MAT.pdf", "secret_name", {"said": "MAT", "page": 0})]
    assert (running.state.refused_files, len(running.state.documents), kept) == ({}, 1, 1)


async def test_what_can_be_read_is_the_agenda_and_what_cannot_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = (
        a_file(tmp_path, "Tờ trình 1.pdf", 3),
        locked(tmp_path),
        written(tmp_path, "hong.pdf", b"%PDF-1.7\nnothing that follows is a PDF"),
        written(tmp_path, "thu.docx", b"PK\x03\x04 a text, not a PDF"),
        tmp_path / "khong-co.pdf",
        written(tmp_path, "to.pdf", b"%PDF-1.7\n" + bytes(MOST_BYTES)),
        a_file(tmp_path, "Báo cáo 2.pdf"),
    )
    expected = [
        Refusal("mat.pdf", "file_locked"),
        Refusal("hong.pdf", "file_broken"),
        Refusal("thu.docx", "file_not_pdf"),
        Refusal("khong-co.pdf", "file_missing"),
        Refusal("to.pdf", "file_too_large"),
    ]
    async with server(tmp_path / "data", MOST_BYTES) as running_server:
        running, refused = await demo.prepare(running_server, files, anew=False)
        links = demo.links(running.state, running_server.access, URL)
    state = running.state
    assert refused == expected
    assert state.refused_files == {one.name: one.code for one in expected}
    assert [item.title for item in state.items.values()] == ["Tờ trình 1", "Báo cáo 2"]
    papers = [(state.items[d.item].title, d.title, d.pages) for d in state.documents.values()]
    assert papers == [("Tờ trình 1", "Tờ trình 1", 3), ("Báo cáo 2", "Báo cáo 2", 1)]

    seeing = {
        seat.role
        for seat in state.seats.values()
        if view(state, audience_of(state, seat)).refused_files == state.refused_files
    }
    assert seeing == {"chair", "secretary", "minute_taker"}

    terminal.say_ready(state, URL, (), links, refused)
    printed = capsys.readouterr().out
    for one in expected:
        assert f"! {one.name}: {text(f'refused.{one.code}')}" in printed


async def test_no_meeting_begins_where_no_file_can_be_used(tmp_path: Path) -> None:
    async with server(tmp_path / "data") as running_server:
        with pytest.raises(Stopped) as stopped:
            await demo.prepare(running_server, (tmp_path / "x.pdf",), anew=False)
        assert running_server.meetings.all() == []
    sentence = text("refused.file_missing")
    assert (stopped.value.key, stopped.value.data) == (
        "no_files",
        {"files": f"  x.pdf: {sentence}"},
    )


async def test_files_are_named_as_they_can_be_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = a_file(tmp_path, "goc.pdf").rename(tmp_path / os.fsdecode(b"To trinh \xff.pdf"))
    files = (
        first,
        a_file(tmp_path, " .pdf"),
        a_file(tmp_path, unicodedata.normalize("NFD", "Báo cáo.pdf")),
        written(tmp_path, os.fsdecode(b"\xe1\xba.txt"), b"no PDF"),
    )
    async with server(tmp_path / "data") as running_server:
        running, refused = await demo.prepare(running_server, files, anew=False)
        links = demo.links(running.state, running_server.access, URL)
    titles = [item.title for item in running.state.items.values()]
    assert titles == ["To trinh \N{REPLACEMENT CHARACTER}", "?", "Báo cáo"]
    assert refused == [Refusal("\N{REPLACEMENT CHARACTER}.txt", "file_not_pdf")]
    terminal.say_ready(running.state, URL, (), links, refused)
    assert refused[0].name in capsys.readouterr().out


async def test_a_file_that_cannot_be_opened_is_said_so(tmp_path: Path) -> None:
    folder = tmp_path / "thu-muc.pdf"
    folder.mkdir()
    async with server(tmp_path / "data") as running_server:
        files = (folder, a_file(tmp_path, "goc.pdf"))
        _, refused = await demo.prepare(running_server, files, anew=False)
    assert refused == [Refusal("thu-muc.pdf", "file_unreadable")]


async def test_everybody_is_printed_with_their_name_and_the_address_large_at_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "http://192.168.1.105:8080"
    async with server(tmp_path) as running_server:
        running, _ = await demo.prepare(running_server, (), anew=False)
        links = demo.links(running.state, running_server.access, url)
    terminal.say_ready(running.state, url, (), links, ())
    lines = capsys.readouterr().out.splitlines()
    printed = [line.partition(f"{url}/c/")[2].split(maxsplit=1) for line in lines if "/c/" in line]
    people = [seat.name for seat in running.state.seats.values() if seat.role in WITH_A_NAME]
    assert sorted(row[1] for row in printed if len(row) > 1) == sorted(people)
    assert len({row[0] for row in printed}) == len(printed) == len(people) + 1
    end = [line for line in lines if line.strip()][-4:]
    assert [set(line) <= set("█▀▄ ") for line in end] == [True, True, True, False]
    assert text("terminal.stop") in end[-1]


# Started again


class Office:
    """Somebody who starts the demo over one folder now and then, a day after the last time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clock = HandClock()

    async def begins(self, *files: Path, anew: bool = False) -> tuple[str, bytes, int]:
        """The meeting a start leads to: its id, its log's head, and how many meetings there are."""
        self._clock.pass_by(24 * 3600)
        async with server(self._folder, clock=self._clock) as running_server:
            running, _ = await demo.prepare(running_server, files, anew=anew)
            return running.id, running.head_hash, len(running_server.meetings.all())


async def test_started_again_it_is_the_same_meeting_unless_files_or_wishes_differ(
    tmp_path: Path,
) -> None:
    office, one, two = (
        Office(tmp_path / "data"),
        a_file(tmp_path, "a.pdf"),
        a_file(tmp_path, "b.pdf"),
    )
    first = await office.begins(one, two)
    assert await office.begins(one, two) == first
    other = await office.begins(one)
    assert (other[0] != first[0], other[2]) == (True, 2)
    assert await office.begins(one) == other
    turned = await office.begins(two, one)
    assert (turned[0] not in (first[0], other[0]), turned[2]) == (True, 3)
    anew = await office.begins(two, one, anew=True)
    assert (anew[0] != turned[0], anew[2]) == (True, 4)
    assert await office.begins(two, one) == anew


async def test_the_sample_meeting_goes_on_until_a_new_one_is_wished(tmp_path: Path) -> None:
    office = Office(tmp_path)
    first = await office.begins()
    assert await office.begins() == first
    anew = await office.begins(anew=True)
    assert (anew[0] != first[0], anew[2]) == (True, 2)


async def test_a_meeting_that_was_laid_down_only_in_part_is_not_gone_on_with(
    tmp_path: Path,
) -> None:
    """The plug was pulled before the room screen had its seat."""
    office = Office(tmp_path / "data")
    async with server(tmp_path / "data") as running_server:
        half = running_server.meetings.begin("half")
        laid_down = (
            make.a_meeting("half", trial=True),
            make.a_seat("thu", "secretary"),
        )
        for command in laid_down:
            assert isinstance(await half.submit(demo.OFFICE, sent(command)), Committed)
    whole = await office.begins()
    assert (whole[0] != "half", whole[2]) == (True, 2)
    assert await office.begins() == whole
