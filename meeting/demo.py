"""The sample meeting: laid down through the same door as any other, then linked to.

With files given, these are the agenda. Nothing here serves; see `meeting.cli`.
"""

from __future__ import annotations

import json
import os
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from meeting.access import Access, new_address
from meeting.app import SAMPLES, Server
from meeting.errors import Code, Refused, Stopped
from meeting.office import secrecy
from meeting.office.secrecy import Certain
from meeting.pages import FileRefused
from meeting.pages.printed import Printed
from meeting.protocol import commands as c
from meeting.protocol.answers import Committed
from meeting.protocol.office import NewAccount, OfficeView
from meeting.rules.state import Actor, MeetingState, Seat
from meeting.running import RunningMeeting
from meeting.texts import text

OFFICE: Final = Actor("office")
LOGIN: Final = "thuky"
BODY: Final = "ban-thuong-vu"
"""The body that meets in the sample, among the usual ones of an office."""

NAME_MOST: Final = 200


class Refusal(Struct, frozen=True):
    """A file that is not on the agenda, and the code that says why."""

    name: str
    code: str
    data: Mapping[str, str | int] = {}


class Login(Struct, frozen=True):
    """How the sample office's secretary signs in; the password is known only when it was made."""

    login: str
    password: str = ""


class Links(Struct, frozen=True):
    """One personal link for each seat; tapping the button behind it claims the seat."""

    secretary: str
    chair: str
    members: tuple[str, ...]
    guests: tuple[str, ...]
    room: str


class SampleMissing(Exception):
    """The sample meeting is not where it should be: the installation is incomplete."""


def samples() -> Path:
    """The folder of the sample meeting.

    Raises:
        SampleMissing: it is not where it should be.
    """
    if (SAMPLES / "sample_meeting.json").is_file():
        return SAMPLES
    raise SampleMissing


async def office(server: Server) -> Login:
    """The sample office, created where there is none, and its secretary's account.

    Raises:
        SampleMissing: as `samples`.
    """
    register = server.office
    if register.office is not None:
        return Login(LOGIN)
    sample = json.loads((samples() / "sample_meeting.json").read_text("utf-8"))
    name = next(row["name"] for row in sample["seats"] if row["role"] == "secretary")
    password = "-".join(f"{secrets.randbelow(10_000):04d}" for _ in range(3))
    settings = msgspec.convert(sample["office"], OfficeView)
    await register.begin(settings, NewAccount(name, LOGIN, password))
    return Login(LOGIN, password)


async def prepare(
    server: Server, files: Sequence[Path], *, anew: bool
) -> tuple[RunningMeeting, list[Refusal]]:
    """The demo's meeting: the one that was there, or a new one if `anew` or with other files.

    Without files the newest goes on, whatever its papers are.

    Raises:
        SampleMissing: as `samples`.
        Stopped: not one of the files can be used.
    """
    folder = samples()
    sample = json.loads((folder / "sample_meeting.json").read_text("utf-8"))
    newest = _newest(server, anew=anew)
    if newest and not files and server.space.low:
        return newest, []  # a meeting goes on without room for a copy of its papers
    papers, refused = await _take_in(server, folder, sample, files)
    if not papers:
        reasons = [f"  {one.name}: {text(f'refused.{one.code}', **one.data)}" for one in refused]
        raise Stopped("no_files", files="\n".join(reasons))
    hashes = [paper.sha256 for paper in papers]
    noted = _noted(refused)
    if newest:
        same = _hashes(newest.state) == hashes and newest.state.refused_files == noted
        if same or not files:
            return newest, refused
    running = server.meetings.begin(secrets.token_hex(6))
    for asked in _commands(running.id, sample, papers, refused, own=not files):
        answer = await running.submit(OFFICE, c.Sent(secrets.token_hex(8), asked))
        if not isinstance(answer, Committed):
            raise RuntimeError(f"the sample meeting is refused: {asked} {answer}")
    server.prepare(running)
    return running, refused


class Paper(Struct, frozen=True):
    """A file that was taken in, and what the agenda says of it."""

    item: str
    number: str
    title: str
    sha256: str
    pages: int


def _newest(server: Server, *, anew: bool) -> RunningMeeting | None:
    trials = [r for r in server.meetings.of_people() if r.state.meeting.trial and _whole(r.state)]
    return trials[-1] if trials and not anew else None


def _whole(state: MeetingState) -> bool:
    """Whether a sample was laid down to its end: the room screen comes last."""
    return any(seat.role == "screen" for seat in state.seats.values())


def _hashes(state: MeetingState) -> list[str]:
    return [document.sha256 for document in state.documents.values()]


async def _take_in(
    server: Server, folder: Path, sample: dict[str, Any], files: Sequence[Path]
) -> tuple[list[Paper], list[Refusal]]:
    wanted = [(path, "", "", _written(path.stem)) for path in files] or [
        (folder / row["file"], row["item"], row["number"], row["title"])
        for row in sample["documents"]
    ]
    papers: list[Paper] = []
    refused: list[Refusal] = []
    for path, item, number, title in wanted:
        if server.space.low:
            refused.append(Refusal(_written(path.name), "disk_low"))
            continue
        try:
            original = await server.pages.take_in(path, partial(_refuse_secret, path.name))
        except Refused as secret:
            refused.append(Refusal(_written(path.name), secret.code, secret.data))
        except FileRefused as refusal:
            refused.append(Refusal(_written(path.name), refusal.code))
        except FileNotFoundError:
            refused.append(Refusal(_written(path.name), "file_missing"))
        except OSError:
            refused.append(Refusal(_written(path.name), "file_unreadable"))
        else:
            item = item or str(len(papers) + 1)
            papers.append(Paper(item, number, title, original.sha256, original.pages))
    return papers, refused


def _refuse_secret(name: str, printed: Sequence[Printed]) -> None:
    """Raises Refused for a secret paper. Where only a question would be asked there is nobody to
    ask, and nothing but a trial.
    """
    found = secrecy.judge([name], printed)
    if isinstance(found, Certain):
        code: Code = "secret_name" if found.reason == "name" else "secret_stamp"
        raise Refused(code, said=found.said, page=found.page)


def _noted(refused: Sequence[Refusal]) -> dict[str, str]:
    """What goes on record of them: of a secret paper not even its name."""
    return {one.name: one.code for one in refused if not one.code.startswith("secret_")}


def _written(name: str) -> str:
    """A file's name as it can be shown, whatever bytes it is made of."""
    shown = os.fsencode(name).decode("utf-8", "replace")
    return unicodedata.normalize("NFC", shown).strip()[:NAME_MOST] or "?"


def _commands(
    meeting: str,
    sample: dict[str, Any],
    papers: Sequence[Paper],
    refused: Sequence[Refusal],
    *,
    own: bool,
) -> list[c.Command]:
    """Everything the office lays down. `own`: the sample's own agenda, else one of the files."""
    office, heading = sample["office"], sample["meeting"]
    agenda = sample["items"] if own else _agenda_of(papers)
    items = {row["number"] or f"recess-{place}": secrets.token_hex(4)
             for place, row in enumerate(agenda)}  # fmt: skip
    seats = [(secrets.token_hex(6), row) for row in sample["seats"]]
    asked: list[c.Command] = [
        c.CreateMeeting(
            meeting=meeting,
            title=heading["title"],
            body=heading["body"],
            place=heading["place"],
            starts_at=_starts(heading, office["zone"], own=own),
            zone=office["zone"],
            presenter=heading["presenter"],
            office=office["name"],
            address_form=office["address_form"],
            wifi_name=office["wifi_name"],
            help_name=office["help_name"],
            help_phone=office["help_phone"],
            trial=True,
            body_id=BODY,
        )
    ]
    roll = [(seat, row) for seat, row in seats if row["role"] != "guest"]
    asked += [
        c.AddSeat(seat, row["name"], row["post"], row["role"], row["votes"]) for seat, row in roll
    ]
    for row, item in zip(agenda, items.values(), strict=True):
        speaker = row.get("rapporteur_row")
        asked.append(
            c.AddItem(
                item=item,
                number=row["number"],
                title=row["title"],
                starts=row.get("starts", ""),
                ends=row.get("ends", ""),
                rapporteur=roll[speaker - 1][0] if speaker else "",
                recess=row.get("recess", False),
                limited_to=tuple(roll[place - 1][0] for place in row.get("limited_rows", [])),
            )
        )
    for seat, row in seats:
        invited = tuple(items[number] for number in row.get("guest_of", []) if number in items)
        if row["role"] == "guest" and invited:
            asked.append(c.AddSeat(seat, row["name"], row["post"], "guest", items=invited))
    asked += [
        c.AddDocument(
            document=secrets.token_hex(4),
            item=items[paper.item],
            number=paper.number,
            title=paper.title,
            sha256=paper.sha256,
            pages=paper.pages,
            address=new_address(),
        )
        for paper in papers
    ]
    asked += [c.NoteRefusedFile(name, code) for name, code in _noted(refused).items()]
    screen = text("room.screen")
    asked.append(c.AddSeat(secrets.token_hex(6), screen, "", "screen"))
    return asked


def _agenda_of(papers: Sequence[Paper]) -> list[dict[str, Any]]:
    """One item for each file, under the file's own name."""
    return [{"number": paper.item, "title": paper.title} for paper in papers]


def _starts(heading: dict[str, Any], zone: str, *, own: bool) -> datetime:
    """The sample's own day; a meeting on somebody's own files begins today."""
    local = ZoneInfo(zone)
    day = heading["date"] if own else datetime.now(local).date().isoformat()
    return (
        datetime.fromisoformat(f"{day}T{heading['starts']}").replace(tzinfo=local).astimezone(UTC)
    )


def links(state: MeetingState, access: Access, base_url: str) -> Links:
    """The personal links of everybody in the meeting."""

    def link(seat: Seat) -> str:
        return f"{base_url}/c/{access.card_code(state.meeting.meeting, seat.id, seat.card)}"

    by_role = {
        role: tuple(link(seat) for seat in state.seats.values() if seat.role == role)
        for role in ("secretary", "chair", "member", "guest", "screen")
    }
    return Links(
        secretary=by_role["secretary"][0],
        chair=by_role["chair"][0],
        members=by_role["member"],
        guests=by_role["guest"],
        room=by_role["screen"][0],
    )
