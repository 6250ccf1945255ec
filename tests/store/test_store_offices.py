"""The office comes back as it went in; what was done to it stays written down."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from meeting.errors import Refused, Stopped
from meeting.office.forgotten import set_password
from meeting.office.passwords import Passwords
from meeting.office.register import Register
from meeting.protocol.office import BodyView, OfficeView
from meeting.protocol.templates import CarriedItem, CarriedRow, Skeleton, Template
from meeting.store.engine import Store
from meeting.store.faults import NotStored
from meeting.store.offices import Account, Act, Offices, StoredOffice
from tests.helpers import office
from tests.helpers.clock import HandClock
from tests.helpers.office import QUICK
from tests.store.entries import MORNING
from tests.store.places import Place, Postgres

OFFICE = OfficeView(
    "Văn phòng Đảng ủy", "Asia/Ho_Chi_Minh", "HOP", "mua-xuan", "chị Dương", "0900", "dong_chi"
)
FIRST = BodyView("b1", "ban_thuong_vu", "Ban Thường vụ", "Hội nghị", 3, 2, "dong_chi", "chair")
SECOND = BodyView("a2", "other", "Đảng ủy", "Phiên họp", 2, 1, "ong_ba", "secretary")
AN = Account("z1", "an", "Nguyễn Văn Ân", "$argon2id$1", 1, MORNING)
BA = Account("a2", "ba", "Lê Thị Ba", "$argon2id$2", 1, MORNING + timedelta(days=1))
CREATED = Act(MORNING, "z1", "office.created")
ADDED = Act(MORNING + timedelta(days=1), "z1", "account.added", "a2")
CLOSED = Act(MORNING + timedelta(days=2), "", "account.closed", "a2")
MONTHLY = Template(
    "t1",
    "b1",
    "Thường kỳ",
    Skeleton(
        (CarriedRow("Bà Chủ", "Bí thư", "chair", True),),
        (CarriedItem("1", "Kinh tế", "07:45", rapporteur=0, limited_to=(0,)),),
        "07:30",
    ),
)
PLAIN = Template("t2", "b1", "Trống", Skeleton())
KEPT = Act(MORNING, "z1", "template.renamed", "t1", "Hằng tháng")


@pytest.fixture
def offices(store: Store) -> Offices:
    return Offices(store)


async def test_nothing_is_there_at_first(offices: Offices) -> None:
    assert await offices.load() == StoredOffice(None, [], [], {})
    assert await offices.record(10) == []


async def test_the_office_comes_back_as_it_went_in(
    place: Place, store: Store, offices: Offices
) -> None:
    closed = Account("a2", "ba", "Lê Thị Ba", "$argon2id$3", 2, BA.created_at, CLOSED.at)
    await offices.keep(CREATED, office=OFFICE, bodies=[FIRST, SECOND], account=AN)
    await offices.keep(ADDED, account=BA)
    await offices.keep(CLOSED, account=closed)
    whole = StoredOffice(OFFICE, [FIRST, SECOND], [AN, closed], {})
    assert await offices.load() == whole
    await store.close()
    again = await place.open()
    try:
        assert await Offices(again).load() == whole
        assert await Offices(again).record(2) == [CLOSED, ADDED]
    finally:
        await again.close()


async def test_templates_come_back_as_they_went_in_and_go(
    place: Place, store: Store, offices: Offices
) -> None:
    await offices.keep(CREATED, templates={"t1": MONTHLY, "t2": PLAIN})
    renamed = Template("t1", "b1", "Hằng tháng", MONTHLY.skeleton)
    await offices.keep(KEPT, templates={"t1": renamed, "t2": None})
    await store.close()
    again = await place.open()
    try:
        assert await Offices(again).templates() == [renamed]
        assert await Offices(again).record(1) == [KEPT]
    finally:
        await again.close()


async def test_what_is_not_stored_is_not_recorded(offices: Offices) -> None:
    await offices.keep(CREATED, office=OFFICE, bodies=[FIRST], account=AN)
    with pytest.raises(NotStored):
        await offices.keep(ADDED, bodies=[SECOND, SECOND], account=BA)
    assert await offices.load() == StoredOffice(OFFICE, [FIRST], [AN], {})
    assert await offices.record(10) == [CREATED]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM office_record", "UPDATE office_record SET what = 'account.added'"],
)
async def test_the_database_itself_keeps_the_record(
    store: Store, offices: Offices, statement: str
) -> None:
    await offices.keep(CREATED, office=OFFICE)

    def tamper(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    with pytest.raises(NotStored):
        await store.write("tamper", tamper)
    assert await offices.record(10) == [CREATED]


async def test_a_password_is_set_from_the_terminal_beside_servers_that_share_a_postgresql(
    sockets: str, tmp_path: Path
) -> None:
    place = Postgres(sockets)
    store = await place.open()
    served = Register(Offices(store), HandClock(), Passwords(QUICK))
    try:
        await served.start()
        an = await served.begin(office.OFFICE, office.AN)
        await set_password(tmp_path / "none", place.url, "an", lambda: "trời nắng 2027")
        with pytest.raises(Refused, match="sign_in_wrong"):
            await served.sign_in("an", office.AN.password, "")
        assert (await served.sign_in("an", "trời nắng 2027", "")).id == an.id
        assert served.signed_in(an.id, an.epoch) is None
        newest = [(row.by, row.what) for row in await served.record()][:2]
        assert newest == [(office.AN.name, "account.signed_in"), ("", "password.forgotten")]
        with pytest.raises(Stopped, match="password_unknown"):
            await set_password(tmp_path, place.url, "nobody", lambda: "trời nắng 2027")
    finally:
        served.close()
        await store.close()


async def test_a_password_changed_by_another_process_counts_at_the_next_sign_in(
    sockets: str,
) -> None:
    place = Postgres(sockets)
    stores = [await place.open(), await place.open()]
    here, there = (Register(Offices(one), HandClock(), Passwords(QUICK)) for one in stores)
    try:
        await here.start()
        an = await here.begin(office.OFFICE, office.AN)
        await there.start()
        changed = await there.change_password(an, office.AN.password, "trời nắng 2027")
        with pytest.raises(Refused, match="sign_in_wrong"):
            await here.sign_in("an", office.AN.password, "")
        assert await here.sign_in("an", "trời nắng 2027", "") == changed
        assert here.signed_in(an.id, an.epoch) is None
    finally:
        here.close()
        there.close()
        for store in stores:
            await store.close()
