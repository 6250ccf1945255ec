"""What is PostgreSQL's alone: several processes, guards, durability, lost connections, hints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.util import await_only

from meeting.store.engine import Store, open_store
from meeting.store.faults import HeadMoved, NotStored, StoreFault
from meeting.store.hints import LISTENER, Hint
from meeting.store.meetings import Meetings
from meeting.store.postgres import DURABLE, GUARDS, PostgresStore, open_postgres
from meeting.store.tables import HEAD, metadata
from tests.store.entries import answered, linked
from tests.store.places import Postgres

TRIGGERS = (
    "SELECT tgname, oid, tgenabled, pg_get_triggerdef(oid, true) FROM pg_trigger "
    "WHERE NOT tgisinternal ORDER BY tgname"
)


@pytest.fixture
def place(sockets: str) -> Postgres:
    return Postgres(sockets)


@pytest.fixture
async def other(place: Postgres, store: Store) -> AsyncIterator[Meetings]:
    """The same database as another process has it."""
    opened = await place.open()
    yield Meetings(opened)
    await opened.close()


def say(statement: str) -> Any:
    async def work(connection: Any) -> Any:
        result = await connection.exec_driver_sql(statement)
        return result.scalar() if result.returns_rows else None

    return work


def do(statement: str) -> Any:
    """The same, as what is written."""
    return lambda connection: connection.exec_driver_sql(statement)


def types(done: Sequence[object]) -> list[str]:
    return sorted(type(one).__name__ for one in done)


# Several processes ---------------------------------------------------------------------------


async def test_of_two_that_follow_one_head_one_is_stored(
    meetings: Meetings, other: Meetings
) -> None:
    log = linked(2)
    await meetings.append("m1", after=0, entries=log, answers=[])
    for after in range(2, 42, 2):
        more = linked(2, log)
        done = await asyncio.gather(
            *(
                one.append("m1", after=after, entries=more, answers=answered(more))
                for one in (meetings, other, meetings, other)
            ),
            return_exceptions=True,
        )
        assert types(done) == ["HeadMoved"] * 3 + ["NoneType"]
        log += more
    assert (await other.load("m1")).entries == log
    assert await meetings.load("m1") == await other.load("m1")


async def test_of_two_that_begin_one_meeting_one_is_stored(
    meetings: Meetings, other: Meetings
) -> None:
    for number in range(20):
        done = await asyncio.gather(
            *(
                one.append(f"m{number}", after=0, entries=linked(2), answers=[])
                for one in (meetings, other)
            ),
            return_exceptions=True,
        )
        assert types(done) == ["HeadMoved", "NoneType"]
    assert await meetings.ids() == [f"m{number}" for number in range(20)]


async def test_one_command_is_answered_once(meetings: Meetings, other: Meetings) -> None:
    """Also where neither answer moves the head."""
    log = linked(2)
    await meetings.append("m1", after=0, entries=log, answers=[])
    await meetings.append("m1", after=2, entries=[], answers=answered(log))
    with pytest.raises(HeadMoved):
        await other.append("m1", after=2, entries=[], answers=answered(log)[:1])
    tail = await other.tail("m1", after=2, link=log[-1][1], commands=["c1", "c9"])
    assert (tail.entries, list(tail.answers)) == ([], ["c1"])


async def test_deleting_waits_for_what_is_being_appended(
    place: Postgres, meetings: Meetings, other: Meetings
) -> None:
    """And nothing is appended to what was deleted meanwhile."""
    entries = linked(2)
    await meetings.append("m1", after=0, entries=entries, answers=[])
    await place.tamper("UPDATE meetings SET rehearsal = true")
    more = linked(3, entries)
    done = await asyncio.gather(
        other.delete("m1"),
        meetings.append("m1", after=2, entries=more, answers=answered(more)),
        return_exceptions=True,
    )
    assert (done[0], type(done[1])) in ((None, HeadMoved), (None, type(None)))
    assert [len(rows) for rows in await place.dump()] == [0, 0, 0]


async def test_processes_that_start_at_once_upgrade_once(sockets: str) -> None:
    place = Postgres(sockets)
    await place.clear()
    for store in await asyncio.gather(*(place.open() for _ in range(4))):
        await store.close()
    assert await place.rows("SELECT * FROM alembic_version") == [(HEAD,)]


# Guards and tables ---------------------------------------------------------------------------


async def test_revisions_make_the_tables(store: PostgresStore) -> None:
    def compare(connection: Connection) -> list[Any]:
        options = {"compare_server_default": True}
        found: list[Any] = compare_metadata(
            MigrationContext.configure(connection, opts=options), metadata
        )
        return found

    async def work(connection: Any) -> Any:
        return await connection.run_sync(compare)

    assert await store.read("compare", work) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facts SET seat = 's2'",
        "DELETE FROM facts",
        "DELETE FROM facts WHERE rev = 1",
        "TRUNCATE facts",
        "TRUNCATE meetings CASCADE",
        "INSERT INTO facts SELECT * FROM facts WHERE rev = 2 "
        "ON CONFLICT (meeting, rev) DO UPDATE SET seat = 's2'",
    ],
)
async def test_facts_are_permanent(store: Store, meetings: Meetings, statement: str) -> None:
    await meetings.append("m1", after=0, entries=linked(2), answers=[])
    with pytest.raises(NotStored) as refused:
        await store.write("tamper", do(statement))
    assert "facts are permanent" in str(refused.value.__cause__)
    assert (await meetings.load("m1")).entries == linked(2)


async def test_guards_that_were_changed_or_dropped_are_made_anew(
    place: Postgres, store: Store
) -> None:
    made = await place.rows(TRIGGERS)
    assert {name: definition for name, _, _, definition in made} == GUARDS
    await (await place.open()).close()
    assert await place.rows(TRIGGERS) == made

    await place.run(
        "DROP TRIGGER facts_no_update ON facts; "
        "ALTER TABLE facts DISABLE TRIGGER facts_no_truncate; "
        "CREATE OR REPLACE FUNCTION facts_permanent() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN OLD; END'"
    )
    again = await place.open()
    try:
        await test_facts_are_permanent(again, Meetings(again), "DELETE FROM facts")
    finally:
        await again.close()
    assert [(name, *rest) for name, _, *rest in await place.rows(TRIGGERS)] == [
        (name, *rest) for name, _, *rest in made
    ]


async def test_database_of_a_newer_version_is_refused(place: Postgres, store: Store) -> None:
    await place.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreFault, match="another version"):
        await place.open()


# Connections ---------------------------------------------------------------------------------


async def test_what_is_committed_is_on_the_disk(place: Postgres, store: Store) -> None:
    await place.run("ALTER ROLE CURRENT_USER SET synchronous_commit = off")
    try:
        again = await place.open()
        shown = {name: await again.read("show", say(f"SHOW {name}")) for name in DURABLE}
        assert shown == {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
        await again.close()
    finally:
        await place.run("ALTER ROLE CURRENT_USER RESET synchronous_commit")


async def test_a_server_that_does_not_write_to_the_disk_is_refused(
    place: Postgres, store: Store
) -> None:
    await place.configure("fsync", "off")
    try:
        with pytest.raises(StoreFault, match="fsync is 'off', not 'on'"):
            await place.open()
    finally:
        await place.configure("fsync", "on")
    await (await place.open()).close()


async def test_reader_cannot_write_and_sees_one_moment(store: Store, meetings: Meetings) -> None:
    await meetings.append("m1", after=0, entries=linked(2), answers=[])
    with pytest.raises(StoreFault):
        await store.read("write", say("DELETE FROM answers"))
    count = say("SELECT count(*) FROM facts")

    async def twice(connection: Any) -> tuple[int, int]:
        before = await count(connection)
        await meetings.append("m1", after=2, entries=linked(2, linked(2)), answers=[])
        return before, await count(connection)

    assert await store.read("twice", twice) == (2, 2)
    assert await store.read("once", count) == 4


async def test_after_a_lost_connection_the_store_goes_on(
    place: Postgres, meetings: Meetings
) -> None:
    log = linked(2)
    await meetings.append("m1", after=0, entries=log, answers=[])
    await meetings.load("m1")
    await place.cut()
    more = linked(2, log)
    with pytest.raises(NotStored):
        await meetings.append("m1", after=2, entries=more, answers=[])
    with pytest.raises(StoreFault):
        await meetings.load("m1")
    await meetings.append("m1", after=2, entries=more, answers=[])
    assert (await meetings.load("m1")).entries == log + more


async def test_a_process_that_hangs_does_not_hold_up_the_others_for_ever(
    place: Postgres, meetings: Meetings
) -> None:
    log = linked(2)
    await meetings.append("m1", after=0, entries=log, answers=[])
    impatient = await open_postgres(place.url, patience=1.0)
    more = linked(2, log)
    async with place.held(waiting=0):
        with pytest.raises(NotStored):
            await Meetings(impatient).append("m1", after=2, entries=more, answers=[])
    await Meetings(impatient).append("m1", after=2, entries=more, answers=[])
    assert (await meetings.load("m1")).entries == log + more

    def hang(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE meetings SET head = 5")
        while await_only(place.rows("SELECT FROM pg_locks WHERE mode = 'RowExclusiveLock'")):
            pass
        connection.exec_driver_sql("UPDATE meetings SET head = 6")

    with pytest.raises(NotStored):
        await impatient.write("hang", hang)
    assert (await meetings.load("m1")).entries == log + more
    await impatient.close()


async def test_a_database_that_is_silent_is_waited_for_so_long_and_then_left(
    place: Postgres, meetings: Meetings
) -> None:
    """As when somebody pulls a cable: nothing is refused, nothing ends, nothing comes."""
    log = linked(2)
    await meetings.append("m1", after=0, entries=log, answers=[])
    async with place.behind_a_cable() as (cable, url):
        far = await open_postgres(url, patience=1.0)
        assert (await Meetings(far).load("m1")).entries == log
        cable.clear()
        more = linked(2, log)
        with pytest.raises(NotStored):
            await Meetings(far).append("m1", after=2, entries=more, answers=[])
        with pytest.raises(StoreFault):
            await Meetings(far).load("m1")
        cable.set()
        await Meetings(far).append("m1", after=2, entries=more, answers=[])
        assert (await Meetings(far).load("m1")).entries == log + more
        await far.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://nobody:Bí-mật@127.0.0.1:1/none",
        "postgresql://postgres:Bí-mật@/none?host={sockets}",
        "postgresql://nobody:Bí-mật@/postgres?host={sockets}",
        "postgresql://nobody:Bí-mật@/postgres?host=/nowhere",
        "postgresql://postgres:Bí-mật@/postgres?host={sockets}&unknown=1",
        "sqlite:///Bí-mật.sqlite3",
        "Bí-mật",
        "",
    ],
)
async def test_an_address_where_nothing_is_is_a_fault_that_tells_no_password(
    sockets: str, address: str
) -> None:
    with pytest.raises(StoreFault) as fault:
        await open_store(Path(), address.format(sockets=sockets))
    assert "Bí-mật" not in str(fault.value)
    assert "B%C3" not in str(fault.value)


# Hints ---------------------------------------------------------------------------------------


async def test_hints_say_what_others_stored_and_what_was_there_before(
    place: Postgres, store: PostgresStore, meetings: Meetings, other: Meetings
) -> None:
    log = linked(2)
    await meetings.append("m 1", after=0, entries=log, answers=[])
    await meetings.append("m2", after=0, entries=log, answers=[])
    async with asyncio.timeout(20), aclosing(store.hints()) as hints:
        assert {await anext(hints), await anext(hints)} == {Hint("m 1", 2), Hint("m2", 2)}
        await other.append("m 1", after=2, entries=linked(3, log), answers=[])
        assert await anext(hints) == Hint("m 1", 5)
        # An answer alone moves no head: nobody has to look.
        await other.append("m2", after=2, entries=[], answers=answered(log))
        await other.append("m3", after=0, entries=log, answers=[])
        assert await anext(hints) == Hint("m3", 2)
        with pytest.raises(HeadMoved):
            await other.append("m3", after=4, entries=linked(1, linked(4)), answers=[])
        await place.cut()
        assert {(await anext(hints)).meeting for _ in range(3)} == {"m 1", "m2", "m3"}
    listening = f"SELECT FROM pg_stat_activity WHERE application_name = '{LISTENER}'"
    async with asyncio.timeout(20):
        while await place.rows(listening):
            pass
