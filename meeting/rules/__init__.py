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
from meeting.protocol import preparing as p
from meeting.protocol.log import Entry
from meeting.rules import agenda, attendance, lifecycle, papers, presenting, roles, roll, seats
from meeting.rules.state import Actor, MeetingState, Moment

DECIDE: Final[dict[type, Callable[[MeetingState, Actor, Any, Moment], list[f.Fact]]]] = {
    c.CreateMeeting: lifecycle.create_meeting,
    c.AddSeat: seats.add_seat,
    c.AddItem: agenda.add_item,
    c.AddDocument: papers.add_document,
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
    p.ChangeMeeting: lifecycle.change_meeting,
    p.ChangeSeat: roll.change_seat,
    p.RemoveSeat: roll.remove_seat,
    p.OrderSeats: roll.order_seats,
    p.ChangeItem: agenda.change_item,
    p.RemoveItem: agenda.remove_item,
    p.OrderItems: agenda.order_items,
    p.ChangeDocument: papers.change_document,
    p.OrderDocuments: papers.order_documents,
    p.TurnPage: papers.turn_page,
    p.MarkToCollect: papers.mark_to_collect,
    p.ReplaceDocument: papers.replace_document,
    p.WithdrawDocument: papers.withdraw_document,
    p.EraseDocument: papers.erase_document,
    p.TakeBackOpening: lifecycle.take_back_opening,
    p.ReopenMeeting: lifecycle.reopen_meeting,
    p.ContinueOnPaper: lifecycle.continue_on_paper,
    p.TakeInSignedCopy: lifecycle.take_in_signed_copy,
    p.LockFile: lifecycle.lock_file,
    p.DeleteMeeting: lifecycle.delete_meeting,
}

FOLD: Final[dict[type, Callable[[MeetingState, Entry, Any], MeetingState]]] = {
    f.MeetingCreated: lifecycle.meeting_created,
    f.SeatAdded: seats.seat_added,
    f.ItemAdded: agenda.item_added,
    f.DocumentAdded: papers.document_added,
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
    f.MeetingChanged: lifecycle.meeting_changed,
    f.SeatChanged: roll.seat_changed,
    f.SeatRemoved: roll.seat_removed,
    f.SeatsOrdered: roll.seats_ordered,
    f.ItemChanged: agenda.item_changed,
    f.ItemRemoved: agenda.item_removed,
    f.ItemsOrdered: agenda.items_ordered,
    f.DocumentChanged: papers.document_changed,
    f.DocumentsOrdered: papers.documents_ordered,
    f.PageTurned: papers.page_turned,
    f.DocumentMarkedToCollect: papers.document_marked_to_collect,
    f.DocumentReplaced: papers.document_replaced,
    f.DocumentWithdrawn: papers.document_withdrawn,
    f.DocumentErased: papers.document_erased,
    f.OpeningTakenBack: lifecycle.opening_taken_back,
    f.MeetingReopened: lifecycle.meeting_reopened,
    f.PaperContinued: lifecycle.paper_continued,
    f.SignedCopyTakenIn: lifecycle.signed_copy_taken_in,
    f.FileLocked: lifecycle.file_locked,
    f.MeetingDeleted: lifecycle.meeting_deleted,
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
    for_chair = roles.TABLE[type(command)].chairs and standing != "chair"
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
