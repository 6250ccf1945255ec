"""The logs of all meetings: append to one, load one whole."""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import (
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from meeting.protocol.answers import Answer
from meeting.protocol.facts import Fact, MeetingCreated
from meeting.protocol.log import CHAIN_START, Entry, broken_at
from meeting.store import tables
from meeting.store.engine import Store
from meeting.store.faults import HeadMoved, LogBroken
from meeting.store.offices import Act
from meeting.store.statements import Statement

_HELD = (
    update(tables.meetings)
    .where(
        tables.meetings.c.id == bindparam("of_meeting"),
        tables.meetings.c.head == bindparam("after"),
    )
    .values(head=bindparam("new_head"))
)
_HOLD_HEAD = Statement(_HELD)
_MOVE_HEAD = Statement(_HELD.values(head_hash=bindparam("new_hash")))
_ADD_FACTS = Statement(insert(tables.facts), tables.facts.c.keys())
_ADD_ANSWERS = Statement(insert(tables.answers), tables.answers.c.keys())

_encode = msgspec.json.Encoder().encode
_decode_fact: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Fact)
_decode_answer: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Answer)

_HEAD = select(
    tables.meetings.c.head, tables.meetings.c.head_hash, tables.meetings.c.rehearsal
).where(tables.meetings.c.id == bindparam("meeting"))
# As raw values: what somebody tampered with must reach the check of the chain, not fail before it.
_LOG = (
    select(
        tables.facts.c.rev,
        type_coerce(tables.facts.c.at, Text),
        tables.facts.c.command,
        tables.facts.c.seat,
        tables.facts.c.device,
        type_coerce(tables.facts.c.for_chair, Integer),
        tables.facts.c.kind,
        tables.facts.c.fact,
        tables.facts.c.hash,
    )
    .where(tables.facts.c.meeting == bindparam("meeting"), tables.facts.c.rev > bindparam("after"))
    .order_by(tables.facts.c.rev)
)
_ANSWERED = select(
    tables.answers.c.command, tables.answers.c.digest, tables.answers.c.answer
).where(tables.answers.c.meeting == bindparam("meeting"))


class LoadedLog(Struct, frozen=True):
    """A meeting or the end of it: entries with their hashes, commands' digests and answers."""

    entries: list[tuple[Entry, bytes]]
    answers: dict[str, tuple[bytes, Answer]]


class Meetings:
    """What a `Store` holds of meetings. Entries come linked by `protocol.log.link`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.shared = store.shared

    async def ids(self) -> list[str]:
        """Every meeting, in order of creation."""
        row = tables.meetings.c

        async def read(connection: AsyncConnection) -> list[str]:
            found = await connection.scalars(select(row.id).order_by(row.place))
            return list(found)

        return await self._store.read("ids", read)

    async def load(self, meeting: str) -> LoadedLog:
        """The whole log, its chain verified; empty if there is no such meeting.

        Raises:
            LogBroken: the log is not as it was written.
            StoreFault: it cannot be read.
        """
        return await self._loaded(meeting, 0, CHAIN_START, _ANSWERED)

    async def tail(
        self, meeting: str, *, after: int, link: bytes, commands: Collection[str] = ()
    ) -> LoadedLog:
        """What follows revision `after`, whose hash is `link`, and the answers to these commands.

        Raises:
            LogBroken: what is stored does not continue from there.
            StoreFault: it cannot be read.
        """
        asked = _ANSWERED.where(tables.answers.c.command.in_(commands))
        return await self._loaded(meeting, after, link, asked)

    async def _loaded(
        self, meeting: str, after: int, previous: bytes, asked: Select[Any]
    ) -> LoadedLog:
        async def read(connection: AsyncConnection) -> tuple[Any, Sequence[Any], Sequence[Any]]:
            head = (await connection.execute(_HEAD, {"meeting": meeting})).one_or_none()
            log = (await connection.execute(_LOG, {"meeting": meeting, "after": after})).all()
            answered = (await connection.execute(asked, {"meeting": meeting})).all()
            return head or (0, CHAIN_START, False), log, answered

        (head, head_hash, rehearsal), log, answered = await self._store.read(
            f"load {meeting}", read
        )
        entries = _entries(meeting, log, after)
        reached, last = (entries[-1][0].rev, entries[-1][1]) if entries else (after, previous)
        broken = broken_at(entries, after, previous)
        if broken is None and reached != head:
            broken = min(reached, head) + 1
        if broken is None and last != head_hash:
            broken = head
        if broken is None and entries and not after:
            broken = None if _is_rehearsal(entries[0][0]) == rehearsal else 1
        if broken is not None:
            raise LogBroken(meeting, broken)
        try:
            answers = {
                row.command: (row.digest, _decode_answer.decode(row.answer)) for row in answered
            }
        except msgspec.DecodeError:
            raise LogBroken(meeting, head) from None
        return LoadedLog(entries, answers)

    def append(
        self,
        meeting: str,
        *,
        after: int,
        entries: Sequence[tuple[Entry, bytes]],
        answers: Sequence[tuple[str, bytes, Answer]],
    ) -> Awaitable[None]:
        """Begin at once to store entries with their hashes, and (command, digest, answer) of
        answered commands; to be awaited until they are on the disk.

        All or nothing, also if the caller is cancelled meanwhile. `after` is the head that the
        entries follow; a meeting begins with entries after 0.

        Raises:
            HeadMoved: the log ends elsewhere, or one of the commands has been answered.
            NotStored: the database would not take it.
            ValueError: the entries do not follow `after` without a gap, or are not in UTC.
        """
        if [entry.rev for entry, _ in entries] != list(range(after + 1, after + 1 + len(entries))):
            raise ValueError(f"entries do not follow {after}")
        if after == 0 and not entries:
            raise ValueError("a meeting begins with its first entry")
        fact_rows = [_fact_row(meeting, entry, link) for entry, link in entries]
        answer_rows = [
            {"meeting": meeting, "command": command, "digest": digest, "answer": _text(answer)}
            for command, digest, answer in answers
        ]

        def write(connection: Connection) -> None:
            _move_head(connection, meeting, after, entries)
            if fact_rows:
                _ADD_FACTS.run(connection, fact_rows)
            if answer_rows:
                try:
                    _ADD_ANSWERS.run(connection, answer_rows)
                except IntegrityError as error:
                    raise HeadMoved(meeting, after) from error

        return self._store.write(f"append {meeting}", write)

    async def delete(self, meeting: str) -> None:
        """Delete a rehearsal, whole; the database itself refuses it of any other meeting.

        Raises:
            ValueError: there is no such meeting, or it is no rehearsal.
            NotStored: the database would not.
        """
        row = tables.meetings.c

        def write(connection: Connection) -> None:
            # Locked where several write, so that nothing is appended meanwhile.
            kind = select(row.rehearsal).where(row.id == meeting).with_for_update()
            if not connection.scalar(kind):
                raise ValueError(f"meeting {meeting} is no rehearsal")
            _drop(connection, meeting)

        await self._store.write(f"delete {meeting}", write)

    async def note(self, act: Act) -> None:
        """Write down in the office's record that a meeting was deleted, if it does not say so yet.

        Raises NotStored: the database would not.
        """
        await self._store.write("note deleted", lambda connection: _note(connection, act))

    async def remove(self, meeting: str, act: Act) -> None:
        """Delete a meeting whose last fact says so, whole, and see that it is in the office's
        record; the database itself refuses it of a meeting that was ever opened.

        Raises:
            ValueError: there is no such meeting.
            NotStored: the database would not.
        """
        row = tables.meetings.c

        def write(connection: Connection) -> None:
            # Locks its row, where several write, so that nothing is appended meanwhile.
            gone = update(tables.meetings).where(row.id == meeting).values(deleted=True)
            if connection.execute(gone).rowcount != 1:
                raise ValueError(f"there is no meeting {meeting}")
            _note(connection, act)
            _drop(connection, meeting)

        await self._store.write(f"remove {meeting}", write)


def _note(connection: Connection, act: Act) -> None:
    record = tables.office_record.c
    noted = select(record.place).where(record.what == act.what, record.about == act.about)
    if connection.scalar(noted.limit(1)) is None:
        connection.execute(insert(tables.office_record), asdict(act))


def _drop(connection: Connection, meeting: str) -> None:
    for table in (tables.answers, tables.facts):
        connection.execute(delete(table).where(table.c.meeting == meeting))
    connection.execute(delete(tables.meetings).where(tables.meetings.c.id == meeting))


def _move_head(
    connection: Connection,
    meeting: str,
    after: int,
    entries: Sequence[tuple[Entry, bytes]],
) -> None:
    """Move the head before writing what it moves over: this takes the meeting's row at once.

    Several processes on one PostgreSQL then wait for each other here, and the later one sees
    that the head is no longer where it was.
    """
    row = tables.meetings.c
    if after == 0:
        if connection.dialect.name == "postgresql":
            # Two meetings that begin at once would take the same place.
            connection.exec_driver_sql("LOCK TABLE meetings IN SHARE ROW EXCLUSIVE MODE")
        newest = connection.scalar(select(func.max(row.place)))
        first = {
            "id": meeting,
            "head": len(entries),
            "head_hash": entries[-1][1],
            "place": (newest or 0) + 1,
            "rehearsal": _is_rehearsal(entries[0][0]),
        }
        try:
            connection.execute(insert(tables.meetings), first)
        except IntegrityError as error:
            raise HeadMoved(meeting, after) from error
    else:
        moved = {"of_meeting": meeting, "after": after, "new_head": after + len(entries)}
        if entries:
            found = _MOVE_HEAD.run(connection, [{**moved, "new_hash": entries[-1][1]}])
        else:
            found = _HOLD_HEAD.run(connection, [moved])
        if found != 1:
            raise HeadMoved(meeting, after)


def _is_rehearsal(first: Entry) -> bool:
    return isinstance(first.fact, MeetingCreated) and first.fact.rehearsal


def _fact_row(meeting: str, entry: Entry, link: bytes) -> dict[str, object]:
    return {
        "meeting": meeting,
        "rev": entry.rev,
        "at": tables.utc_text(entry.at),  # raises before anything is begun
        "command": entry.command,
        "seat": entry.seat,
        "device": entry.device,
        "for_chair": entry.for_chair,
        "kind": _kind(entry.fact),
        "fact": _text(entry.fact),
        "hash": link,
    }


def _text(value: Struct) -> str:
    return _encode(value).decode()


def _kind(fact: Struct) -> object:
    return fact.__struct_config__.tag


def _entries(meeting: str, rows: Sequence[Any], after: int) -> list[tuple[Entry, bytes]]:
    """Entries as written, or LogBroken at the first row that can never have been."""
    entries = []
    for place, row in enumerate(rows, start=after + 1):
        rev, at, command, seat, device, for_chair, kind, fact_text, link = row
        try:
            fact = _decode_fact.decode(fact_text)
            entry = Entry(rev, tables.utc_time(at), command, seat, device, bool(for_chair), fact)
        except (ValueError, TypeError) as error:
            raise LogBroken(meeting, place) from error
        if kind != _kind(fact) or for_chair not in (0, 1):
            raise LogBroken(meeting, place)
        entries.append((entry, link))
    return entries
