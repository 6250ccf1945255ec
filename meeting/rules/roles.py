"""Who may give which command in which phase: one table.

What a command needs beyond role and phase (the presenter's lease, an item that is on) is
decided beside the command itself.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from msgspec import Struct

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import preparing as p
from meeting.protocol.words import Phase, Role
from meeting.rules.state import Actor, MeetingState, Moment

Standing = Role | Literal["office", "card"]

OFFICE: Final[frozenset[Standing]] = frozenset({"office"})
CHAIRING: Final[frozenset[Standing]] = frozenset({"chair", "secretary"})
DESK: Final[frozenset[Standing]] = frozenset({"secretary", "minute_taker"})
PERSONS: Final[frozenset[Standing]] = frozenset(
    {"chair", "secretary", "minute_taker", "member", "guest", "technician"}
)
PRESENTERS: Final[frozenset[Standing]] = frozenset({"chair", "secretary", "member", "guest"})

PREPARING: Final[frozenset[Phase]] = frozenset({"before"})
MEETING: Final[frozenset[Phase]] = frozenset({"running"})
UNTIL_CLOSED: Final[frozenset[Phase]] = frozenset({"before", "running"})
UNTIL_LOCKED: Final[frozenset[Phase]] = frozenset({"before", "running", "closed"})
ALWAYS: Final[frozenset[Phase]] = frozenset({"before", "running", "closed", "locked"})
CLOSED: Final[frozenset[Phase]] = frozenset({"closed"})


class Row(Struct, frozen=True):
    """Who, when; `perishable`: worthless when late; `chairs`: noted when not by the chair;
    `vital`: the meeting cannot go its course without, so it is done even on a full disk.
    """

    who: frozenset[Standing]
    phases: frozenset[Phase]
    perishable: bool = False
    chairs: bool = False
    vital: bool = False


TABLE: Final[dict[type, Row]] = {
    c.CreateMeeting: Row(OFFICE, PREPARING),
    c.AddSeat: Row(OFFICE | DESK, UNTIL_CLOSED),
    c.AddItem: Row(OFFICE, UNTIL_CLOSED),
    c.AddDocument: Row(OFFICE, UNTIL_LOCKED),
    c.NoteRefusedFile: Row(OFFICE, UNTIL_CLOSED),
    c.OpenMeeting: Row(CHAIRING | OFFICE, PREPARING, chairs=True, vital=True),
    c.CloseMeeting: Row(CHAIRING | OFFICE, MEETING, chairs=True, vital=True),
    c.StartItem: Row(CHAIRING, MEETING, perishable=True, chairs=True, vital=True),
    c.ShowPage: Row(PRESENTERS, MEETING, perishable=True, vital=True),
    c.TakePresenting: Row(CHAIRING, UNTIL_CLOSED, perishable=True, vital=True),
    c.GivePresenting: Row(CHAIRING, UNTIL_CLOSED, perishable=True, vital=True),
    c.CallFollowers: Row(PRESENTERS, MEETING, perishable=True, vital=True),
    c.CheckIn: Row(PERSONS, UNTIL_CLOSED, vital=True),
    c.MarkAttendance: Row(DESK | OFFICE, UNTIL_LOCKED, vital=True),
    c.CorrectAttendance: Row(DESK | OFFICE, UNTIL_LOCKED, vital=True),
    c.ClaimDevice: Row(frozenset({"card"}), ALWAYS, vital=True),
    c.AdmitDevices: Row(DESK, UNTIL_CLOSED, vital=True),
    c.DeclineDevice: Row(DESK, UNTIL_CLOSED),
    c.RevokeDevice: Row(DESK, ALWAYS),
    c.ReissueCard: Row(DESK | OFFICE, ALWAYS),
    c.RevokeCard: Row(DESK | OFFICE, ALWAYS),
    p.ChangeMeeting: Row(OFFICE, UNTIL_CLOSED),
    p.ChangeSeat: Row(OFFICE, UNTIL_CLOSED),
    p.RemoveSeat: Row(OFFICE, PREPARING),
    p.OrderSeats: Row(OFFICE, UNTIL_CLOSED),
    p.ChangeItem: Row(OFFICE, UNTIL_CLOSED),
    p.RemoveItem: Row(OFFICE, UNTIL_CLOSED),
    p.OrderItems: Row(OFFICE, UNTIL_CLOSED),
    p.ChangeDocument: Row(OFFICE, UNTIL_CLOSED),
    p.OrderDocuments: Row(OFFICE, UNTIL_CLOSED),
    p.TurnPage: Row(OFFICE | CHAIRING, UNTIL_CLOSED),
    p.MarkToCollect: Row(OFFICE, UNTIL_CLOSED),
    p.ReplaceDocument: Row(OFFICE, UNTIL_CLOSED),
    p.WithdrawDocument: Row(OFFICE | DESK, UNTIL_LOCKED, vital=True),
    p.EraseDocument: Row(OFFICE, ALWAYS, vital=True),
    p.TakeBackOpening: Row(CHAIRING | OFFICE, MEETING, chairs=True, vital=True),
    p.ReopenMeeting: Row(CHAIRING | OFFICE, CLOSED, chairs=True, vital=True),
    p.ContinueOnPaper: Row(OFFICE, UNTIL_LOCKED),
    p.TakeInSignedCopy: Row(OFFICE, CLOSED),
    p.LockFile: Row(OFFICE, CLOSED),
    p.DeleteMeeting: Row(OFFICE, PREPARING),
}

TAGS: Final[dict[type, str]] = {kind: kind.__struct_config__.tag for kind in get_args(c.Command)}


def standing_of(state: MeetingState, actor: Actor) -> Standing:
    """What this actor is in the meeting now.

    Raises:
        Refused: `device_revoked`, `card_revoked` or `seat_unknown` when it is nothing any more.
    """
    if actor.standing == "office":
        return "office"
    seat = state.seats.get(actor.seat)
    if seat is None:
        raise Refused("seat_unknown")
    if actor.standing == "card":
        if not seat.card_valid or seat.card != actor.card:
            raise Refused("card_revoked")
        return "card"
    device = state.devices.get(actor.device)
    if device is None or device.seat != actor.seat:
        raise Refused("not_signed_in")
    if device.revoked:
        raise Refused("device_revoked")
    return seat.role


def authorise(state: MeetingState, actor: Actor, command: c.Command, moment: Moment) -> Standing:
    """The actor's standing, once role, phase and freshness allow the command.

    Raises:
        Refused: `not_allowed`, `wrong_phase`, `malformed` or `too_late`, or as `standing_of`;
            `meeting_unknown`, it was deleted.
    """
    row = TABLE[type(command)]
    standing = standing_of(state, actor)
    if state.gone is not None:
        raise Refused("meeting_unknown")
    if standing not in row.who:
        raise Refused("not_allowed")
    if (state.heading is None) != isinstance(command, c.CreateMeeting):
        raise Refused("wrong_phase", phase="none" if state.heading is None else state.phase)
    if state.phase not in row.phases:
        raise Refused("wrong_phase", phase=state.phase)
    if row.perishable:
        if moment.age is None:
            raise Refused("malformed")
        if not -moment.early <= moment.age <= moment.perish:
            raise Refused("too_late")
    return standing


def may(role: Role) -> tuple[str, ...]:
    """The tags of the commands this role can give in some phase, sorted."""
    return tuple(sorted(TAGS[kind] for kind, row in TABLE.items() if role in row.who))
