"""Who somebody is in a meeting, and what their screen may offer."""

from __future__ import annotations

from typing import get_args

import pytest

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol.facts import Fact
from meeting.rules import DECIDE, FOLD
from meeting.rules.roles import TABLE, TAGS, may, standing_of
from meeting.rules.state import Actor
from tests.helpers import make
from tests.helpers.minutes import prepared


def test_a_standing_is_what_the_state_says_now() -> None:
    state = prepared().state
    known = {seat: standing_of(state, make.device(seat)) for seat in state.seats}
    assert known == {
        "chair": "chair",
        "sec": "secretary",
        "taker": "minute_taker",
        "an": "member",
        "anh": "member",
        "tuyet": "member",
        "hoa": "guest",
        "xuan": "guest",
        "tech": "technician",
        "wall": "screen",
    }
    assert standing_of(state, make.OFFICE) == "office"
    assert standing_of(state, make.card("an")) == "card"


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (Actor("device", seat="x", device="an-1"), "seat_unknown"),
        (Actor("device", seat="an", device="an-9"), "not_signed_in"),
        (Actor("device", seat="an", device="anh-1"), "not_signed_in"),
        (Actor("device", seat="an", device=""), "not_signed_in"),
        (Actor("device", seat="tuyet", device="tuyet-1"), "device_revoked"),
        (Actor("card", seat="x", card=1), "seat_unknown"),
        (Actor("card", seat="an", card=0), "card_revoked"),
        (Actor("card", seat="an", card=2), "card_revoked"),
        (Actor("card", seat="anh", card=1), "card_revoked"),
    ],
)
def test_who_is_nothing_in_the_meeting_learns_why(actor: Actor, code: str) -> None:
    minutes = prepared()
    minutes.does("sec", c.RevokeDevice(device="tuyet-1"))
    minutes.does("sec", c.RevokeCard(seat="anh"))
    with pytest.raises(Refused) as refusal:
        standing_of(minutes.state, actor)
    assert refusal.value.code == code


def test_the_tables_name_every_command_and_every_fact() -> None:
    commands = set(get_args(c.Command))
    assert (set(DECIDE), set(TABLE), set(TAGS)) == (commands, commands, commands)
    assert set(FOLD) == set(get_args(Fact))


def test_a_screen_offers_what_its_role_may_do() -> None:
    assert may("screen") == ()
    assert may("technician") == ("attendance.check_in",)
    presenting = ("attendance.check_in", "followers.call", "page.show")
    assert (may("member"), may("guest")) == (presenting, presenting)
    assert may("chair") == (
        "attendance.check_in",
        "followers.call",
        "item.start",
        "meeting.close",
        "meeting.open",
        "meeting.reopen",
        "meeting.take_back_opening",
        "page.show",
        "page.turn_upright",
        "presenter.give",
        "presenter.take",
    )
    desk = {
        "attendance.check_in",
        "attendance.correct",
        "attendance.mark",
        "card.reissue",
        "card.revoke",
        "device.admit",
        "device.decline",
        "device.revoke",
        "document.withdraw",
        "seat.add",
    }
    assert may("minute_taker") == tuple(sorted(desk))
    assert may("secretary") == tuple(sorted({*desk, *may("chair")}))
