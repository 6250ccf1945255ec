"""What is refused at the border, before any rule is asked, and what goes there and back whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
import pytest

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import signals as s
from meeting.protocol.answers import Answer, Committed, Rejected, Retry
from meeting.protocol.asked import Asked
from meeting.protocol.log import CHAIN_START, Entry, broken_at, canonical, link, seal_of
from tests.helpers import make
from tests.helpers.facts import EVERY

SHOW = {"type": "page.show", "document": "d1", "version": 1, "page": 7}
SEAT = {"type": "seat.add", "seat": "an", "name": "An", "post": "", "role": "member"}
ITEM = {"type": "item.add", "item": "i1", "number": "1", "title": "Kinh tế"}
PAPER = {
    "type": "document.add",
    "document": "d1",
    "item": "i1",
    "number": "1",
    "title": "Báo cáo",
    "sha256": "ab" * 32,
    "pages": 34,
    "address": "x" * 22,
}
MARK = {"type": "attendance.mark", "seat": "an", "state": "late"}
MEND = {"type": "attendance.correct", "seat": "an", "state": "late", "reason": "nhầm"}
ADMIT = {"type": "device.admit", "devices": ["w1"]}
CREATE = json.loads(msgspec.json.encode(make.a_meeting()))


def sent(command: object, **around: object) -> c.Sent:
    message = {"id": "abcd-1234_EF", "command": command, **around}
    return msgspec.json.decode(json.dumps(message).encode(), type=c.Sent)


def refused(text: bytes, kind: Any) -> bool:
    try:
        msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError:
        return True
    return False


def test_a_command_on_its_way() -> None:
    assert sent(SHOW, at=12.5, if_rev=41) == c.Sent(
        id="abcd-1234_EF", command=c.ShowPage("d1", 1, 7), at=12.5, if_rev=41
    )
    assert sent(SHOW) == c.Sent(id="abcd-1234_EF", command=c.ShowPage("d1", 1, 7))


@pytest.mark.parametrize("whole", [SHOW, SEAT, ITEM, PAPER, MARK, MEND, ADMIT, CREATE])
def test_what_the_bounds_below_are_tried_on_is_itself_in_bounds(whole: dict[str, Any]) -> None:
    assert json.loads(msgspec.json.encode(sent(whole)))["command"].items() >= whole.items()


def test_an_item_may_have_no_speaker_and_no_times() -> None:
    nothing = {"rapporteur": "", "starts": "", "ends": ""}
    command = sent({**ITEM, **nothing}).command
    assert isinstance(command, c.AddItem)
    assert (command.rapporteur, command.starts, command.ends) == ("", "", "")


@pytest.mark.parametrize("kind", get_args(c.Command))
def test_an_unknown_field_of_a_command_is_refused(kind: type[Asked]) -> None:
    known = {"type": kind.__struct_config__.tag}
    forged = json.dumps({**known, "for_chair": True}).encode()
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(forged, type=c.Command)
    assert kind.__struct_config__.forbid_unknown_fields


def test_unknown_fields_are_refused_around_a_command_and_in_signals() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `seat`"):
        sent(SHOW, seat="chair")
    with pytest.raises(msgspec.ValidationError, match="unknown field `device`"):
        sent({**SHOW, "device": "x"})
    shows = {"type": "shows", "document": "d1", "page": 7, "follows": True}
    assert not refused(json.dumps(shows).encode(), s.UpSignal)
    assert refused(json.dumps({**shows, "seat": "an"}).encode(), s.UpSignal)
    idle = {"type": "idle", "follows": True}
    assert not refused(json.dumps(idle).encode(), s.UpSignal)
    assert refused(json.dumps({**idle, "page": 1}).encode(), s.UpSignal)


@pytest.mark.parametrize("tag", ["", "page.turn", "page.shown", "PAGE.SHOW", "meeting", None, 7])
def test_an_unknown_command_is_refused(tag: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        sent({**SHOW, "type": tag})


@pytest.mark.parametrize(
    "id_", ["", "short-1", "x" * 49, "abcd 1234", "abcd1234\n", "abcd12345é", 12345678]
)
def test_a_command_has_an_id_of_its_own(id_: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        sent(SHOW, id=id_)


@pytest.mark.parametrize(
    ("whole", "field", "wrong"),
    [
        (SHOW, "page", 0),
        (SHOW, "page", -1),
        (SHOW, "page", 5001),
        (SHOW, "page", 1.5),
        (SHOW, "page", "7"),
        (SHOW, "page", True),
        (SHOW, "page", None),
        (SHOW, "version", 0),
        (SHOW, "version", 1001),
        (SHOW, "document", ""),
        (SHOW, "document", "x" * 33),
        (SHOW, "document", "../d1"),
        (SHOW, "document", "d1\n"),
        (SHOW, "document", "d1\x00"),
        (SHOW, "document", "đ1"),
        (SHOW, "document", "__proto__"),
        (SHOW, "document", "_d1"),
        (SHOW, "document", "-d1"),
        (SEAT, "name", "x" * 121),
        (SEAT, "post", "x" * 401),
        (SEAT, "role", "presenter"),
        (SEAT, "votes", 1),
        (SEAT, "items", ["i1"] * 101),
        (SEAT, "items", "i1"),
        (SEAT, "seat", "a b"),
        (SEAT, "seat", "__proto__"),
        (SEAT, "items", ["i1", "__proto__"]),
        (ITEM, "number", "x" * 13),
        (ITEM, "title", "x" * 401),
        (ITEM, "starts", "24:00"),
        (ITEM, "starts", "7:45"),
        (ITEM, "ends", "07:60"),
        (ITEM, "ends", "07:45\n"),
        (ITEM, "rapporteur", "a/b"),
        (ITEM, "rapporteur", "_an"),
        (ITEM, "limited_to", ["an"] * 1001),
        (PAPER, "sha256", "ab" * 31),
        (PAPER, "sha256", "AB" * 32),
        (PAPER, "pages", 0),
        (PAPER, "pages", 5001),
        (PAPER, "number", "x" * 81),
        (MARK, "state", "here"),
        (MARK, "state", ""),
        (MARK, "at", "yesterday"),
        (MARK, "at", "2026-12-10T09:10:00"),
        (MARK, "at", 1765332600),
        (MARK, "at", None),
        (MARK, "reason", "x" * 401),
        (ADMIT, "devices", []),
        (ADMIT, "devices", ["w1"] * 101),
        (ADMIT, "devices", ["w 1"]),
        (ADMIT, "devices", ["-w1"]),
        (CREATE, "presenter", "member"),
        (CREATE, "address_form", "ngai"),
        (CREATE, "quorum_present", 0),
        (CREATE, "quorum_total", 101),
        (CREATE, "starts_at", "10/12/2026"),
        (CREATE, "starts_at", "2026-12-10T07:30:00"),
        (MEND, "at", "2026-12-10T09:10:00"),
        (MEND, "reason", "x" * 401),
        (CREATE, "trial", "yes"),
    ],
)
def test_out_of_bounds_is_refused(whole: dict[str, Any], field: str, wrong: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        sent({**whole, field: wrong})


@pytest.mark.parametrize("id_", ["1", "Z", "d1", "d-1_", "0__proto__", "x" * 32])
def test_an_id_begins_with_a_letter_or_a_digit(id_: str) -> None:
    assert sent({**SHOW, "document": id_}).command == c.ShowPage(id_, 1, 7)


@pytest.mark.parametrize("said", ["2026-12-10T09:10:00+07:00", "2026-12-10T02:10:00Z"])
def test_a_time_says_its_zone(said: str) -> None:
    at = make.clock("09:10")
    assert sent({**MARK, "at": said}).command == c.MarkAttendance("an", "late", at=at)
    assert sent({**MEND, "at": said}).command == c.CorrectAttendance("an", "late", "nhầm", at=at)


@pytest.mark.parametrize("page", [0, 5001, "1"])
def test_a_device_shows_a_page_that_can_be(page: object) -> None:
    said = {"type": "shows", "document": "d1", "page": page, "follows": True}
    assert refused(json.dumps(said).encode(), s.UpSignal)


def test_answers_are_told_apart_by_their_status() -> None:
    answers: dict[str, Answer] = {
        '{"status":"committed","rev":41}': Committed(41),
        '{"status":"rejected","code":"not_presenter","data":{"name":"An"}}': Rejected(
            "not_presenter", {"name": "An"}
        ),
        '{"status":"rejected","code":"too_late","data":{}}': Rejected("too_late"),
        '{"status":"retry","after_ms":200}': Retry(200),
    }
    assert {msgspec.json.encode(said).decode(): said for said in answers.values()} == answers
    assert {text: msgspec.json.decode(text, type=Answer) for text in answers} == answers


def an_entry(rev: int, fact: f.Fact) -> Entry:
    at = datetime(2026, 12, 10, 0, 30, 15, 123456, tzinfo=UTC)
    return Entry(rev, at, "command-1", "an", "an-1", for_chair=True, fact=fact)


@pytest.mark.parametrize("fact", EVERY, ids=lambda fact: type(fact).__name__)
def test_facts_and_entries_go_into_the_log_and_come_back_whole(fact: f.Fact) -> None:
    assert msgspec.json.decode(msgspec.json.encode(fact), type=f.Fact) == fact
    entry = an_entry(7, fact)
    back = msgspec.json.decode(msgspec.json.encode(entry), type=Entry)
    assert (back, canonical(back)) == (entry, canonical(entry))


def test_facts_are_named_in_the_past_and_commands_are_not() -> None:
    facts = {str(kind.__struct_config__.tag) for kind in get_args(f.Fact)}
    commands = {str(kind.__struct_config__.tag) for kind in get_args(c.Command)}
    assert (len(facts), len(commands)) == (len(get_args(f.Fact)), len(get_args(c.Command)))
    assert facts & commands == set()
    assert all(len(tag.split(".")) == 2 for tag in facts | commands)


def test_an_entry_is_hashed_as_these_bytes() -> None:
    """Written out, because logs of years ago are checked against them."""
    entry = an_entry(7, f.PageShown("d1", 1, 7))
    assert canonical(entry) == (
        b'{"at":"2026-12-10T00:30:15.123456Z","command":"command-1","device":"an-1",'
        b'"fact":{"document":"d1","page":7,"type":"page.shown","version":1},'
        b'"for_chair":true,"rev":7,"seat":"an"}'
    )
    assert link(CHAIN_START, entry).hex() == (
        "ea4f17c7b7e3ea01140c9949c503b0c8999a9319760747bbfd96af816df1d72e"
    )


def test_a_chain_tells_the_first_place_where_it_breaks() -> None:
    log: list[tuple[Entry, bytes]] = []
    previous = CHAIN_START
    for rev, fact in enumerate(EVERY, start=1):
        previous = link(previous, an_entry(rev, fact))
        log.append((an_entry(rev, fact), previous))
    assert (broken_at([]), broken_at(log), broken_at(log[:5])) == (None, None, None)
    assert broken_at(log[1:]) == 1
    for place, (entry, stored) in enumerate(log):
        changed = msgspec.structs.replace(entry, seat="anh")
        assert broken_at([*log[:place], (changed, stored), *log[place + 1 :]]) == place + 1
        rewritten = link(log[place - 1][1] if place else CHAIN_START, changed)
        mended = [*log[:place], (changed, rewritten), *log[place + 1 :]]
        assert broken_at(mended) == (place + 2 if place + 1 < len(log) else None)


def test_a_gap_in_the_count_is_found_even_where_the_chain_was_made_anew() -> None:
    log: list[tuple[Entry, bytes]] = []
    previous = CHAIN_START
    for rev in (1, 2, 4):
        previous = link(previous, an_entry(rev, f.FollowersCalled()))
        log.append((an_entry(rev, f.FollowersCalled()), previous))
    assert (broken_at(log[:2]), broken_at(log)) == (None, 3)


def test_the_first_kinds_of_facts_are_hashed_as_they_ever_were() -> None:
    """Written out, because logs of years ago are checked against it: a fact that learns to say
    more leaves that out where it is not said.
    """
    head = CHAIN_START
    for rev, fact in enumerate(EVERY[:20], start=1):
        head = link(head, an_entry(rev, fact))
    assert type(EVERY[19]) is f.CardRevoked
    assert head.hex() == "fe65074a1a28cdf10b37d49fca83f5b989889038a509d0e7fec7a98d652b1c34"


def test_a_seal_is_what_people_can_compare() -> None:
    assert seal_of(bytes(32)) == "aaaa-aaaa-aaaa-aaaa"
    assert seal_of(bytes(range(32))) == "aaaq-eaye-auda-ocaj"
    assert seal_of(bytes(range(32))) == seal_of(bytes(range(10)) + bytes(22))
