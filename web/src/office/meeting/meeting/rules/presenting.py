"""The presented page and the lease on turning it: one presenter at a time."""

from __future__ import annotations

from msgspec.structs import replace

from meeting.errors import Refused
from meeting.protocol import commands as c
from meeting.protocol import facts as f
from meeting.protocol.log import Entry
from meeting.rules.agenda import open_to
from meeting.rules.roles import PRESENTERS
from meeting.rules.state import Actor, MeetingState, Moment, Presented


def show_page(state: MeetingState, actor: Actor, asked: c.ShowPage, moment: Moment) -> list[f.Fact]:
    """Only the presenter's own device, and only papers of the item that is on."""
    if state.presenter != actor.seat:
        raise Refused("not_presenter", name=_presenter_name(state))
    document = state.documents.get(asked.document)
    if document is None:
        known = asked.document in state.withdrawn
        raise Refused("document_withdrawn" if known else "document_unknown")
    before = state.presented
    stays = before is not None and (before.document, before.version) == (
        asked.document,
        asked.version,
    )
    version = document.version_of(asked.version)
    # Who has an older version before them turns its pages until they present the new one.
    if version is None or (asked.version != document.version and not stays):
        raise Refused("document_unknown")
    if document.item != state.item:
        raise Refused("item_not_on")
    if not open_to(state.items[document.item], state.seats[actor.seat]):
        raise Refused("not_allowed")
    if not 1 <= asked.page <= version.pages:
        raise Refused("page_unknown", pages=version.pages)
    if state.presented == Presented(asked.document, asked.version, asked.page):
        return []
    if moment.if_rev is not None and moment.if_rev < state.turn:
        raise Refused("too_late")
    return [f.PageShown(document=asked.document, version=asked.version, page=asked.page)]


def page_shown(state: MeetingState, entry: Entry, fact: f.PageShown) -> MeetingState:
    presented = Presented(fact.document, fact.version, fact.page)
    return replace(state, presented=presented, turn=entry.rev)


def take_presenting(
    state: MeetingState, actor: Actor, _: c.TakePresenting, __: Moment
) -> list[f.Fact]:
    return _hand_to(state, actor.seat)


def give_presenting(
    state: MeetingState, _: Actor, asked: c.GivePresenting, __: Moment
) -> list[f.Fact]:
    seat = state.seats.get(asked.seat)
    if seat is None:
        raise Refused("seat_unknown")
    if seat.role not in PRESENTERS:
        raise Refused("not_allowed")
    if seat.role == "guest" and state.item not in seat.items:
        raise Refused("item_not_on")
    if state.item and not open_to(state.items[state.item], seat):
        raise Refused("not_allowed")
    return _hand_to(state, seat.id)


def _hand_to(state: MeetingState, seat: str) -> list[f.Fact]:
    return [] if state.presenter == seat else [f.PresenterChanged(seat=seat)]


def presenter_changed(state: MeetingState, entry: Entry, fact: f.PresenterChanged) -> MeetingState:
    return replace(state, presenter=fact.seat, turn=entry.rev)


def call_followers(
    state: MeetingState, actor: Actor, _: c.CallFollowers, moment: Moment
) -> list[f.Fact]:
    """The presenter calls; so may chair and secretary, whoever presents."""
    chairing = state.seats[actor.seat].role in ("chair", "secretary")
    if state.presenter != actor.seat and not chairing:
        raise Refused("not_presenter", name=_presenter_name(state))
    if state.presented is None:
        raise Refused("page_unknown", pages=0)
    if moment.if_rev is not None and moment.if_rev < state.turn:
        raise Refused("too_late")
    return [f.FollowersCalled()]


def followers_called(state: MeetingState, _: Entry, __: f.FollowersCalled) -> MeetingState:
    return replace(state, call=state.call + 1)


def _presenter_name(state: MeetingState) -> str:
    holder = state.seats.get(state.presenter)
    return holder.name if holder else ""
