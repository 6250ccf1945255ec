"""The office's register over restarts, and when several ask at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from meeting.errors import Refused
from meeting.office.passwords import STRANGERS_MOST
from meeting.office.register import login_of
from tests.helpers.office import AN, BA, OFFICE, opened


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as register:
        an = await register.begin(OFFICE, AN)
        ba = await register.add_account(an, BA)
        await register.close_account(an, ba.id)
        an = await register.change_password(an, AN.password, "trời nắng 2027")
        before = (register.office, register.bodies, register.accounts, await register.record())
    async with opened(tmp_path) as register:
        after = (register.office, register.bodies, register.accounts, await register.record())
        assert after == before
        assert register.begin_code == ""
        assert await register.sign_in("an", "trời nắng 2027", "") == an
        assert (register.knows("an"), register.knows("ba")) == (True, False)
        assert register.signed_in(an.id, 2) == an
        assert register.signed_in(an.id, 1) is None


async def test_before_there_is_an_office_each_start_has_its_own_code(tmp_path: Path) -> None:
    codes = []
    for _ in range(3):
        async with opened(tmp_path) as register:
            codes.append(register.begin_code)
    assert len(set(codes)) == 3
    assert all(len(code) == 8 and code.isdecimal() for code in codes)


async def test_of_two_who_begin_at_once_one_is_the_first(tmp_path: Path) -> None:
    async with opened(tmp_path) as register:
        asked = [register.begin(OFFICE, AN), register.begin(OFFICE, BA)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        codes = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert codes == ["office_exists"]
        assert len(register.accounts) == 1
        assert [row.what for row in await register.record()] == ["office.created"]


async def test_of_two_who_close_each_other_at_once_one_stays(tmp_path: Path) -> None:
    async with opened(tmp_path) as register:
        an = await register.begin(OFFICE, AN)
        ba = await register.add_account(an, BA)
        asked = [register.close_account(an, ba.id), register.close_account(ba, an.id)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        codes = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert codes == ["account_last"]
        assert [one.closed_at is None for one in register.accounts.values()].count(True) == 1


async def test_of_two_with_one_login_added_at_once_one_is_in(tmp_path: Path) -> None:
    async with opened(tmp_path) as register:
        an = await register.begin(OFFICE, AN)
        asked = [register.add_account(an, BA), register.add_account(an, BA)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        codes = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert codes == ["login_taken"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Thư.Ký", "thu.ky"), (" DUONG ", "duong"), ("đặng_ẩn-1", "dang_an-1"), ("", "")],
)
def test_a_login_is_kept_without_marks(typed: str, kept: str) -> None:
    assert login_of(typed) == kept


async def test_a_flood_of_strangers_leaves_room_for_whoever_is_known(tmp_path: Path) -> None:
    async with opened(tmp_path) as register:
        an = await register.begin(OFFICE, AN)
        flood = [register.sign_in(f"login-{number}", "guessed", "") for number in range(60)]
        known = [register.sign_in("an", AN.password, "here") for _ in range(3)]
        answers = await asyncio.gather(*flood, *known, return_exceptions=True)
        codes = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert (codes.count("sign_in_wrong"), codes.count("server_busy")) == (STRANGERS_MOST, 48)
        assert answers[-3:] == [an, an, an]


async def test_who_was_asked_to_come_back_has_not_guessed(tmp_path: Path) -> None:
    async with opened(tmp_path) as register:
        an = await register.begin(OFFICE, AN)
        flood = [register.sign_in(f"login-{number}", "guessed", "") for number in range(20)]
        asked = [register.sign_in("an", AN.password, "") for _ in range(3)]
        answers = await asyncio.gather(*flood, *asked, return_exceptions=True)
        codes = [answer.code for answer in answers[-3:] if isinstance(answer, Refused)]
        assert codes == ["server_busy"] * 3
        assert await register.sign_in("an", AN.password, "") == an
