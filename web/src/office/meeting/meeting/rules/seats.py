"""Seats, their cards, and the devices that serve them."""

from __future__ import annotations

import unicodedata
from typing import Final

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol import preparing as p
from meeting.protocol.log import Entry
from meeting.protocol.words import Role
from meeting.rules.attendance import HERE, arriving
from meeting.rules.roles import standing_of
from meeting.rules.state import Actor, Device, MeetingState, Moment, Seat

DEVICES_PER_SEAT: Final = 3

_ADDED_IN_MEETING: Final = ("member", "guest")
"""The roles the desk may give while people are coming in; the others are prepared."""


def add_seat(state: MeetingState, actor: Actor, asked: c.AddSeat, _: Moment) -> list[f.Fact]:
    if asked.seat in state.seats:
        raise Refused("seat_exists")
    if standing_of(state, actor) != "office" and asked.role not in _ADDED_IN_MEETING:
        raise Refused("not_allowed")
    refuse_what_cannot_be(state, asked)
    last = max((seat.position for seat in state.seats.values()), default=0)
    added = f.SeatAdded(
        seat=asked.seat,
        position=last + 1,
        name=clean(asked.name),
        post=clean(asked.post),
        role=asked.role,
        votes=asked.votes,
        items=tuple(sorted(asked.items)) if asked.role == "guest" else (),
    )
    if _was_waited_for(state, asked.role):
        return [added, f.PresenterChanged(seat=asked.seat)]
    return [added]


def _was_waited_for(state: MeetingState, role: Role) -> bool:
    """Whether somebody else holds the lease on turning pages only until there is such a seat."""
    holder = state.seats.get(state.presenter)
    standing_in = holder is not None and holder.role in ("chair", "secretary")
    first = _prepared(state)
    there = any(seat.role == first for seat in state.seats.values())
    return state.phase == "before" and role == first and standing_in and not there


def _prepared(state: MeetingState) -> Role:
    """The role that turns pages before the first item."""
    return "chair" if state.meeting.presenter == "chair" else "secretary"


def refuse_what_cannot_be(state: MeetingState, asked: c.AddSeat | p.ChangeSeat) -> None:
    if not clean(asked.name):
        raise Refused("name_needed")
    if asked.votes and asked.role in ("guest", "technician", "screen"):
        raise Refused("not_allowed")
    if state.items and any(item not in state.items for item in asked.items):
        raise Refused("item_unknown")
    if asked.role == "guest" and state.phase != "before" and not asked.items:
        raise Refused("item_unknown")


def clean(written: str) -> str:
    """One line as it can be read and found again: composed letters, nothing invisible."""
    composed = unicodedata.normalize("NFC", written)
    return "".join(ch for ch in composed if ch.isprintable()).strip()


def seat_added(state: MeetingState, entry: Entry, fact: f.SeatAdded) -> MeetingState:
    """The first seat of the role that was prepared to turn pages holds the lease."""
    seat = Seat(
        id=fact.seat,
        position=fact.position,
        name=fact.name,
        post=fact.post,
        role=fact.role,
        votes=fact.votes,
        items=frozenset(fact.items),
    )
    added = state.with_seat(seat)
    if not state.presenter and fact.role == _prepared(state):
        return replace(added, presenter=seat.id, turn=entry.rev)
    return added


def claim_device(
    state: MeetingState, actor: Actor, asked: c.ClaimDevice, _: Moment
) -> list[f.Fact]:
    known = state.devices.get(asked.device)
    if known is not None:
        if known.seat == actor.seat and not known.revoked:
            return []
        raise Refused("device_revoked")
    _refuse_more_than_a_seat_may_use(state, actor.seat)
    return [f.DeviceClaimed(device=asked.device, seat=actor.seat, kind=asked.kind)]


def _refuse_more_than_a_seat_may_use(state: MeetingState, seat: str) -> None:
    if len(state.devices_of(seat)) >= DEVICES_PER_SEAT:
        raise Refused("devices_full", devices=DEVICES_PER_SEAT)


def device_claimed(state: MeetingState, _: Entry, fact: f.DeviceClaimed) -> MeetingState:
    return state.with_device(Device(fact.device, fact.seat, fact.kind))


def admit_devices(
    state: MeetingState, _: Actor, asked: c.AdmitDevices, moment: Moment
) -> list[f.Fact]:
    """The person checks in with the device, at the time they asked to come in."""
    facts: list[f.Fact] = []
    refusal: Refused | None = None
    for device in dict.fromkeys(asked.devices):
        known = state.devices.get(device)
        if known is not None and not known.revoked:
            continue
        try:
            waiting, seat = _admissible(state, device, moment)
        except Refused as refused:
            # Of many, one that went away meanwhile does not keep the others out.
            refusal = refused
            continue
        admitted = f.DeviceAdmitted(
            device=device,
            seat=seat.id,
            kind=waiting.kind,
            number=waiting.number,
            sighting=waiting.sighting,
        )
        facts.append(admitted)
        state = state.with_device(Device(device, seat.id, waiting.kind))
        entered = any(isinstance(fact, f.CheckedIn) and fact.seat == seat.id for fact in facts)
        if seat.on_roll and seat.stand.state not in HERE and not entered:
            arrival = arriving(state, seat, waiting.since)
            facts.append(f.CheckedIn(seat.id, arrival, waiting.since, "desk", waiting.sighting))
    if refusal is not None and not facts:
        raise refusal
    return facts


def _admissible(state: MeetingState, device: str, moment: Moment) -> tuple[c.Waiting, Seat]:
    waiting = moment.waiting.get(device)
    if waiting is None or device in state.devices:
        raise Refused("not_waiting")
    seat = known_seat(state, waiting.seat)
    _refuse_more_than_a_seat_may_use(state, seat.id)
    return waiting, seat


def device_admitted(state: MeetingState, _: Entry, fact: f.DeviceAdmitted) -> MeetingState:
    return state.with_device(Device(fact.device, fact.seat, fact.kind))


def decline_device(
    _: MeetingState, __: Actor, asked: c.DeclineDevice, moment: Moment
) -> list[f.Fact]:
    waiting = moment.waiting.get(asked.device)
    if waiting is None:
        raise Refused("not_waiting")
    return [f.DeviceDeclined(device=asked.device, seat=waiting.seat)]


def device_declined(state: MeetingState, _: Entry, fact: f.DeviceDeclined) -> MeetingState:
    """The device is sent away for good; the person may ask again with a new one."""
    return replace(state, declined=state.declined | {fact.device})


def revoke_device(
    state: MeetingState, actor: Actor, asked: c.RevokeDevice, _: Moment
) -> list[f.Fact]:
    """Nobody takes their own device away: the desk would stand empty."""
    device = state.devices.get(asked.device)
    if device is None:
        raise Refused("device_unknown")
    if device.id == actor.device:
        raise Refused("own_seat")
    return [] if device.revoked else [f.DeviceRevoked(device=device.id, seat=device.seat)]


def device_revoked(state: MeetingState, _: Entry, fact: f.DeviceRevoked) -> MeetingState:
    return state.with_device(replace(state.devices[fact.device], revoked=True))


def reissue_card(
    state: MeetingState, actor: Actor, asked: c.ReissueCard, _: Moment
) -> list[f.Fact]:
    seat = _anothers(state, actor, asked.seat)
    ended = [f.DeviceRevoked(device=d.id, seat=seat.id) for d in state.devices_of(seat.id)]
    return [*ended, f.CardReissued(seat=seat.id, serial=seat.card + 1)]


def card_reissued(state: MeetingState, _: Entry, fact: f.CardReissued) -> MeetingState:
    seat = state.seats[fact.seat]
    return state.with_seat(replace(seat, card=fact.serial, card_valid=True))


def revoke_card(state: MeetingState, actor: Actor, asked: c.RevokeCard, _: Moment) -> list[f.Fact]:
    seat = _anothers(state, actor, asked.seat)
    ended = [f.DeviceRevoked(device=d.id, seat=seat.id) for d in state.devices_of(seat.id)]
    return [*ended, *([f.CardRevoked(seat=seat.id)] if seat.card_valid else [])]


def card_revoked(state: MeetingState, _: Entry, fact: f.CardRevoked) -> MeetingState:
    return state.with_seat(replace(state.seats[fact.seat], card_valid=False))


def _anothers(state: MeetingState, actor: Actor, seat: str) -> Seat:
    if seat == actor.seat:
        raise Refused("own_seat")
    return known_seat(state, seat)


def known_seat(state: MeetingState, seat: str) -> Seat:
    found = state.seats.get(seat)
    if found is None:
        raise Refused("seat_unknown")
    return found
