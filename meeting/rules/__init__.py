"""What a meeting is: pure functions over frozen state.

`decide` turns (state, actor, command, moment) into facts or a refusal; `fold` puts an entry of
the log into the state. Two tables index everything below. No I/O, no clock, no chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec.structs import replace

from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import Entry
from meeting.rules import agenda, attendance, lifecycle, presenting, roles, seats
from meeting.rules.state import Actor, MeetingState, Moment

DECIDE: Final[dict[type, Callable[[MeetingState, Actor, Any, Moment], list[f.Fact]]]] = {
    c.CreateMeeting: lifecycle.create_meeting,
    c.AddSeat: seats.add_seat,
    c.AddItem: agenda.add_item,
    c.AddDocument: agenda.add_document,
    c.NoteRefusedFile: agenda.note_refused_file,
    c.OpenMeeting: lifecycle.open_meeting,
    c.CloseMeeting: lifecycle.close_meeting,
    c.StartItem: agenda.start_item,
    c.ShowPage: presenting.show_page,
    c.TakePresenting: presenting.take_presenting,
    c.GivePresenting: presenting.give_presenting,
    c.CallFollowers: presenting.call_followers,
    c.CheckIn: attendance.check_in,
    c.MarkAttendance: attendance.mark,
    c.CorrectAttendance: attendance.correct,
    c.ClaimDevice: seats.claim_device,
    c.AdmitDevices: seats.admit_devices,
    c.DeclineDevice: seats.decline_device,
    c.RevokeDevice: seats.revoke_device,
    c.ReissueCard: seats.reissue_card,
    c.RevokeCard: seats.revoke_card,
}

FOLD: Final[dict[type, Callable[[MeetingState, Entry, Any], MeetingState]]] = {
    f.MeetingCreated: lifecycle.meeting_created,
    f.SeatAdded: seats.seat_added,
    f.ItemAdded: agenda.item_added,
    f.DocumentAdded: agenda.document_added,
    f.FileRefusedNoted: agenda.file_refused_noted,
    f.MeetingOpened: lifecycle.meeting_opened,
    f.MeetingClosed: lifecycle.meeting_closed,
    f.ItemStarted: agenda.item_started,
    f.PageShown: presenting.page_shown,
    f.PresenterChanged: presenting.presenter_changed,
    f.FollowersCalled: presenting.followers_called,
    f.CheckedIn: attendance.checked_in,
    f.AttendanceMarked: attendance.marked,
    f.AttendanceCorrected: attendance.corrected,
    f.DeviceClaimed: seats.device_claimed,
    f.DeviceAdmitted: seats.device_admitted,
    f.DeviceDeclined: seats.device_declined,
    f.DeviceRevoked: seats.device_revoked,
    f.CardReissued: seats.card_reissued,
    f.CardRevoked: seats.card_revoked,
}


def decide(
    state: MeetingState, actor: Actor, command: c.Command, command_id: str, moment: Moment
) -> list[Entry]:
    """The entries this command adds to the log; none when everything is so already.

    Args:
        command_id: the client-made id, recorded with each entry.

    Raises:
        Refused: with the code that says why; the state is as it was.
    """
    standing = roles.authorise(state, actor, command, moment)
    facts = DECIDE[type(command)](state, actor, command, moment)
    for_chair = roles.TABLE[type(command)].chairs and standing == "secretary"
    return [
        Entry(
            rev=state.rev + place,
            at=moment.now,
            command=command_id,
            seat=actor.seat,
            device=actor.device,
            for_chair=for_chair,
            fact=fact,
        )
        for place, fact in enumerate(facts, start=1)
    ]


def fold(state: MeetingState, entry: Entry) -> MeetingState:
    """The state after this entry, which must be the next one.

    Raises:
        ValueError: the entry is not the next one, or cannot follow this state.
    """
    if entry.rev != state.rev + 1:
        raise ValueError(f"entry {entry.rev} after revision {state.rev}")
    return replace(FOLD[type(entry.fact)](state, entry, entry.fact), rev=entry.rev)


def replay(entries: Iterable[Entry]) -> MeetingState:
    """The state a whole log folds to."""
    state = MeetingState()
    for entry in entries:
        state = fold(state, entry)
    return state
